"""``dars streaks verify``: what the sessions give, and what is stored."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from typer.testing import CliRunner

from cli.main import app
from src import database
from src.models import SessionStatus, Streak
from src.streaks import service
from tests.fixtures.factories import make_problem, make_response, make_session, make_student

BEGUN = datetime(2026, 3, 1, 12, tzinfo=UTC)
ZONES = ("Asia/Dhaka", "America/New_York", "Asia/Dhaka")


def run_verify(*options: str) -> tuple[int, Any]:
    result = CliRunner().invoke(app, ["streaks", "verify", "--format", "json", *options])
    return result.exit_code, json.loads(result.stdout)


async def practise(pupils: int) -> None:
    """Let pupils practise on some days, in changing zones, and once without finishing."""
    async with database.session_scope() as db:
        students = [make_student() for _ in range(pupils)]
        problem, other = make_problem(), make_problem()
        db.add_all([*students, problem, other])
        await db.flush()
        for number, student in enumerate(students):
            for day in (0, 1, 2, 4 + number, 5 + number):
                started = BEGUN + timedelta(days=day)
                ended = started + timedelta(minutes=9, microseconds=day)
                zone = ZONES[day % 3]
                finished = make_session(
                    student_id=student.id,
                    status=SessionStatus.COMPLETED,
                    started_at=started,
                    completed_at=ended,
                    timezone=zone,
                )
                db.add(finished)
                await db.flush()
                db.add(
                    make_response(session_id=finished.id, problem_id=problem.id, closed_at=started)
                )
                skip = make_response(session_id=finished.id, problem_id=other.id, closed_at=ended)
                skip.skipped = True
                db.add(skip)
                await service.record_session(
                    db,
                    student.id,
                    started_at=started,
                    completed_at=ended,
                    timezone=zone,
                    worked_at=[started],
                )
            db.add(make_session(student_id=student.id, status=SessionStatus.EXPIRED))
    await database.dispose()


async def damage() -> None:
    async with database.session_scope() as db:
        await db.execute(update(Streak).where(Streak.student_id == 2).values(current_streak=99))
    await database.dispose()


async def stored(student_id: int) -> int:
    async with database.session_scope() as db:
        found = await db.scalar(
            select(Streak.current_streak).where(Streak.student_id == student_id)
        )
    await database.dispose()
    return found or 0


def test_what_was_counted_session_by_session_is_what_a_replay_gives(database_url: str) -> None:
    asyncio.run(practise(3))
    assert run_verify() == (0, {"pupils": 3, "differences": []})


def test_a_damaged_streak_is_found_and_repaired(database_url: str) -> None:
    asyncio.run(practise(3))
    before = asyncio.run(stored(2))
    asyncio.run(damage())
    difference = {"student_id": 2, "field": "current", "stored": 99, "replayed": before}
    assert run_verify() == (1, {"pupils": 3, "differences": [difference]})
    assert asyncio.run(stored(2)) == 99
    assert run_verify("--repair") == (0, {"pupils": 3, "differences": [difference]})
    assert asyncio.run(stored(2)) == before
    assert run_verify() == (0, {"pupils": 3, "differences": []})


def test_a_lost_streak_is_made_again(database_url: str) -> None:
    asyncio.run(practise(2))
    before = asyncio.run(stored(1))

    async def lose() -> None:
        async with database.session_scope() as db:
            await db.execute(delete(Streak))
        await database.dispose()

    asyncio.run(lose())
    code, found = run_verify("--repair")
    assert (code, {d["student_id"] for d in found["differences"]}) == (0, {1, 2})
    assert asyncio.run(stored(1)) == before


@pytest.mark.usefixtures("database_url")
def test_people_read_a_table() -> None:
    asyncio.run(practise(2))
    asyncio.run(damage())
    result = CliRunner().invoke(app, ["streaks", "verify"])
    assert "99" in result.stdout
    assert "2 pupils, 1 differences" in result.stdout
    assert result.exit_code == 1


@pytest.mark.usefixtures("database_url")
def test_without_pupils_there_is_nothing_to_say() -> None:
    assert run_verify() == (0, {"pupils": 0, "differences": []})
