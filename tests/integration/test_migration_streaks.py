"""Migration 0005: streaks are recounted by days with work, and nobody loses anything."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from src import database
from src.storage import schema
from src.streaks import queries, replay
from src.streaks.rules import Practice, finish

SUNDAY = datetime(2026, 3, 1, 14, tzinfo=UTC)  # 20:00 in Dhaka
DAY = timedelta(days=1)
STUDENT = {
    "language": "en",
    "timezone": "Asia/Dhaka",
    "nudge_time": "18:00:00.000000",
    "nudges_enabled": True,
}
PROBLEM = {
    "content_version": 1,
    "status": "active",
    "grade": 7,
    "topic": "t",
    "subtopic": "s",
    "textbook_ref": "NCTB 7",
    "question_en": "?",
    "question_bn": "?",
    "answer": "1",
    "answer_type": "number",
    "answer_options": {},
    "hints": [{}, {}, {}],
    "solution_en": "1",
    "solution_bn": "1",
    "misconceptions": [],
    "difficulty": 1,
    "estimated_time_minutes": 1,
    "source": "s",
    "license": "l",
    "author": "a",
    "reviewer": "r",
}
SESSION = {
    "date": "2026-03-01",
    "status": "completed",
    "problem_ids": [1, 2, 3, 4, 5],
    "seed": 0,
    "current_index": 5,
    "problems_correct": 0,
    "total_time_seconds": 0,
    "timezone": "Asia/Dhaka",
}
RESPONSE = {
    "is_correct": False,
    "attempts": 3,
    "time_spent_seconds": 0,
    "hints_used": 0,
    "hints_viewed": [],
    "asked_confidence": False,
    "disputed": False,
}


def literal(value: object) -> str:
    """Write a value as SQL, the way in which each database stores it."""
    if isinstance(value, bool | int):
        return str(value).upper()
    if isinstance(value, datetime):
        on_sqlite = database.get_engine().dialect.name == "sqlite"
        return f"'{value:%Y-%m-%d %H:%M:%S.%f}{'' if on_sqlite else '+00'}'"
    return f"'{value if isinstance(value, str) else json.dumps(value)}'"


async def insert(table: str, **values: object) -> None:
    names, literals = ", ".join(values), ", ".join(map(literal, values.values()))
    statement = f"INSERT INTO {table} ({names}) VALUES ({literals})"
    async with database.session_scope() as db:
        await (await db.connection()).exec_driver_sql(statement)


async def add_session(key: int, student: int, times: tuple[datetime, datetime], skip: bool) -> None:
    begun, ended = times
    await insert(
        "sessions",
        **SESSION,
        id=key,
        student_id=student,
        started_at=begun,
        shown_at=begun,
        completed_at=ended,
        expires_at=begun + DAY,
    )
    for problem, closed in ((1, begun), (2, ended)):
        own: dict[str, Any] = {"session_id": key, "problem_id": problem, "closed_at": closed}
        await insert("responses", **RESPONSE, id=key * 10 + problem, skipped=skip, **own)


async def fill() -> None:
    """Add a pupil who worked from Sunday to Wednesday, and one who only skipped on three days."""
    for problem in (1, 2):
        await insert("problems", **PROBLEM, id=problem, external_id=f"P{problem}")
    whole = [(SUNDAY + n * DAY, SUNDAY + n * DAY) for n in range(4)]
    over = (SUNDAY + DAY, SUNDAY + 2 * DAY - timedelta(hours=1))
    wednesday = SUNDAY + 3 * DAY
    for student in (1, 2):
        await insert("students", **STUDENT, id=student, telegram_id=student)
    for key, times in enumerate((whole[0], over, whole[3]), 1):
        await add_session(key, 1, times, skip=False)
    for key, times in enumerate(whole[1:], 4):
        await add_session(key, 2, times, skip=True)
    last: dict[str, Any] = {
        "last_practice_date": "2026-03-04",
        "last_timezone": "Asia/Dhaka",
        "last_counted_at": wednesday,
        "last_completed_at": wednesday,
        "freezes": 0,
    }
    one = {"current_streak": 1, "longest_streak": 2, "milestones_achieved": []}
    two = {"current_streak": 3, "longest_streak": 5, "milestones_achieved": [3]}
    await insert("streaks", student_id=1, **one, **last)
    await insert("streaks", student_id=2, **two, **last)


async def streaks() -> list[tuple[int, int, bool]]:
    """Return (current, longest, whether there is a baseline) of each pupil."""
    columns = "current_streak, longest_streak, baseline IS NOT NULL"
    async with database.session_scope() as db:
        rows = await db.execute(text(f"SELECT {columns} FROM streaks ORDER BY student_id"))
        return [(row[0], row[1], bool(row[2])) for row in rows]


async def suspects() -> list[int]:
    async with database.session_scope() as db:
        return await replay.find_suspects(db, [1, 2])


async def test_a_recount_gives_days_and_takes_none(database_url: str) -> None:
    engine = database.get_engine()
    await schema.downgrade(engine, "0004")
    await fill()
    for _ in range(2):
        await schema.upgrade(engine, "0005")
        assert await streaks() == [(4, 4, False), (3, 5, True)]
        assert await suspects() == []
        await schema.downgrade(engine, "0004")
    await schema.upgrade(engine)
    await go_on(2, SUNDAY + 4 * DAY)
    assert await streaks() == [(4, 4, False), (4, 5, True)]
    assert await suspects() == []


async def go_on(student: int, at: datetime) -> None:
    """Let a pupil work in one more session."""
    await add_session(9, student, (at, at), skip=False)
    async with database.session_scope() as db:
        state = await queries.read(db, student)
        step = finish(state, Practice(at, at, "Asia/Dhaka", (at,)))
        await queries.save(db, student, step.state)
