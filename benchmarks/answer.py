"""One typed answer in process, against the same statements by raw asyncpg or aiosqlite.

The floor is python-telegram-bot and the work of a right answer written as plain statements: one
message, one reaction, and at a session's end streak, reminder and memory. CPU time of this process,
decoding of the update included; a session is five answers.
The machine's speed drifts: a ratio is taken within each of the interleaved rounds, and the median
of these ratios counts.
"""

import argparse
import asyncio
import contextlib
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiosqlite
import asyncpg
from sqlalchemy import event
from sqlalchemy.engine import make_url
from telegram import Update
from telegram.ext import Application, MessageHandler, filters

from benchmarks.in_process import Pupils, make_bot, typed
from bot.app import build_application
from src import clock, database, logs
from src.settings import get_settings
from tests.fixtures.postgres import find_binaries, run_server

Handle = Callable[[Update], Awaitable[Any]]
LIMIT = 1.5

READ = (
    "SELECT s.id, s.grade, w.language, s.timezone, w.dialog, s.registered_at, u.update_id, p.id, "
    "p.current_index, p.problem_ids, p.problems_correct, p.shown_at, p.expires_at, "
    "s.consented_at FROM people w "
    "JOIN students s ON s.id = w.current_student_id "
    "LEFT JOIN sessions p ON p.student_id = s.id AND p.status = 'active' "
    "LEFT JOIN received_updates u ON u.bot_id = 1 AND u.update_id = $1 AND u.status <> 'failing' "
    "WHERE w.telegram_id = $2"
)
PROBLEMS = (
    "SELECT p.id, p.topic, p.question_en, p.question_bn, p.answer, p.answer_type, "
    "p.answer_options, p.choices, p.hints, p.misconceptions, p.solution_en, p.solution_bn, "
    "p.estimated_time_minutes, r.id, r.attempts, r.hints_used, r.hints_viewed, r.closed_at "
    "FROM problems p LEFT JOIN responses r ON r.problem_id = p.id AND r.session_id = $1 "
    "WHERE p.id IN ($2, $3)"
)
ANSWER = (
    "INSERT INTO responses (session_id, problem_id, student_answer, is_correct, attempts, "
    "time_spent_seconds, hints_used, hints_viewed, asked_confidence, skipped, disputed, shown_at, "
    "closed_at, created_at, updated_at) "
    "VALUES ($1, $2, $3, true, 1, 3, 0, '[]', false, false, false, $4, $4, $4, $4) "
    "ON CONFLICT (session_id, problem_id) DO UPDATE SET attempts = responses.attempts + 1, "
    "is_correct = true, closed_at = $4 RETURNING id"
)
TRY = (
    "INSERT INTO attempts (response_id, number, typed, verdict, hints_used, seconds, at) "
    "VALUES ($1, 1, $2, 'correct', 0, 3, $3)"
)
MOVE = "UPDATE sessions SET current_index = $2, problems_correct = $2, shown_at = $3 WHERE id = $1"
DONE = (
    "INSERT INTO received_updates (bot_id, update_id, status, attempts, replies, handled_at, "
    "created_at, updated_at) VALUES (1, $1, 'done', 1, $2, $3, $3, $3) "
    "ON CONFLICT DO NOTHING RETURNING update_id"
)
SPENT = "SELECT sum(time_spent_seconds) FROM responses WHERE session_id = $1"
FINISH = (
    "UPDATE sessions SET status = 'completed', current_index = 5, problems_correct = 5, "
    "completed_at = $2, total_time_seconds = $3 WHERE id = $1"
)
DUE = (
    "SELECT s.next_nudge_at, s.timezone, s.nudge_time, s.nudges_enabled, s.registered_at, "
    "k.last_completed_at, (SELECT max(created_at) FROM sessions WHERE student_id = s.id), "
    "(SELECT max(subject) FROM outbox WHERE student_id = s.id AND kind = 'nudge') "
    "FROM students s LEFT JOIN streaks k ON k.student_id = s.id WHERE s.id = $1"
)
REMIND = "UPDATE students SET next_nudge_at = $2 WHERE id = $1"
STREAK = "SELECT current_streak, longest_streak FROM streaks WHERE student_id = $1"
KEEP = (
    "INSERT INTO streaks (student_id, current_streak, longest_streak, last_practice_date, "
    "milestones_achieved, freezes, created_at, updated_at) "
    "VALUES ($1, 1, 1, $2, '[]', 0, $3, $3) "
    "ON CONFLICT (student_id) DO UPDATE SET current_streak = 1"
)
REVIEW = (
    "SELECT p.id, p.topic FROM problems p JOIN responses r ON r.problem_id = p.id "
    "WHERE r.session_id = $1 AND NOT r.is_correct"
)
REMEMBERED = (
    "SELECT p.id, p.topic, p.subtopic, p.difficulty, r.is_correct, r.attempts, r.hints_viewed, "
    "g.value, g.variance, g.answers, g.sessions, k.value, k.variance, k.average, k.answers, "
    "k.due_on, m.problem_id, m.misses, m.next_session FROM responses r "
    "JOIN problems p ON p.id = r.problem_id LEFT JOIN pupil_ratings g ON g.student_id = $2 "
    "LEFT JOIN skill_states k ON k.student_id = $2 AND k.topic = p.topic "
    "AND k.subtopic = p.subtopic LEFT JOIN missed_families m ON m.student_id = $2 "
    "AND m.family = coalesce(p.variant_of, p.external_id) WHERE r.session_id = $1"
)
RATE_PROBLEMS = (
    'INSERT INTO problem_ratings (problem_id, answers, "right", expected, information, '
    "created_at, updated_at) SELECT problem_id, 1, 1, 500, 250, closed_at, closed_at "
    "FROM responses WHERE session_id = $1 ORDER BY problem_id "
    "ON CONFLICT (problem_id) DO UPDATE SET answers = problem_ratings.answers + 1"
)
RATE_SKILLS = (
    "INSERT INTO skill_states (student_id, topic, subtopic, value, variance, average, answers, "
    "created_at, updated_at) SELECT s.student_id, p.topic, p.subtopic, 0.1, 0.9, 0.5, count(*), "
    "max(r.closed_at), max(r.closed_at) FROM responses r JOIN sessions s ON s.id = r.session_id "
    "JOIN problems p ON p.id = r.problem_id WHERE r.session_id = $1 GROUP BY 1, 2, 3 "
    "ON CONFLICT (student_id, topic, subtopic) DO UPDATE SET answers = skill_states.answers + 1"
)
RATE_PUPIL = (
    "INSERT INTO pupil_ratings (student_id, value, variance, answers, sessions, last_session_id, "
    "created_at, updated_at) VALUES ($1, 0.1, 0.9, 5, 1, $2, $3, $3) "
    "ON CONFLICT (student_id) DO UPDATE SET answers = pupil_ratings.answers + 5"
)
MISTAKES = (
    "SELECT id, told_at, checked_at, rights FROM misconception_states "
    "WHERE student_id = $1 AND gone_at IS NULL"
)
ONE_TEXT = "✅ That is right!\n\n<b>Question 2 of 5</b> · about 2 min\n\nWhat is 1000 + 700?"


class Floor:
    """The work of an answer as plain statements, on one connection."""

    def __init__(self, fetch: Callable[..., Awaitable[Any]], *, text_instants: bool) -> None:
        self._fetch, self._text = fetch, text_instants

    async def answer(self, update: Update, lock: str) -> None:
        """Do what one right answer does."""
        assert update.effective_user is not None
        now: Any = clock.now()
        day: Any = now.date()
        if self._text:
            now, day = now.isoformat(" "), day.isoformat()
        [row] = await self._fetch(READ + lock, update.update_id, update.effective_user.id)
        student, session, index, ids = row[0], row[7], row[8], json.loads(row[9])
        following = ids[min(index + 1, 4)]
        problems = await self._fetch(PROBLEMS, session, ids[index], following)
        stored = next(p[4] for p in problems if p[0] == ids[index])
        assert update.effective_message is not None
        assert update.effective_message.text == stored
        [[response]] = await self._fetch(ANSWER, session, ids[index], stored, now)
        await self._fetch(TRY, response, stored, now)
        if index < 4:
            await self._fetch(MOVE, session, index + 1, now)
        else:
            [[seconds]] = await self._fetch(SPENT, session)
            await self._fetch(FINISH, session, now, seconds)
            await self._fetch(STREAK, student)
            await self._fetch(KEEP, student, day, now)
            await self._fetch(DUE, student)
            await self._fetch(REMIND, student, now)
            await self._fetch(REVIEW, session)
            await self._remember(student, session, now)
        replies = json.dumps([{"kind": "Say", "text": ONE_TEXT}])
        await self._fetch(DONE, update.update_id, replies, now)

    async def _remember(self, student: int, session: int, now: Any) -> None:
        """Count five answers into what is known of the pupil and of the problems."""
        await self._fetch(REMEMBERED, session, student)
        await self._fetch(RATE_PROBLEMS, session)
        await self._fetch(RATE_SKILLS, session)
        await self._fetch(RATE_PUPIL, student, session, now)
        await self._fetch(MISTAKES, student)


@contextlib.asynccontextmanager
async def floor_on_postgres(url: str) -> AsyncIterator[Handle]:
    """The floor with a pool of asyncpg connections."""
    place = make_url(url)
    pool = await asyncpg.create_pool(
        host=place.query["host"], user="postgres", database=place.database, min_size=4, max_size=15
    )

    async def work(update: Update) -> None:
        async with pool.acquire() as connection, connection.transaction():
            floor = Floor(connection.fetch, text_instants=False)
            await floor.answer(update, " FOR UPDATE OF w, s")

    async with plain_application(work) as handle:
        yield handle
    await pool.close()


@contextlib.asynccontextmanager
async def floor_on_sqlite(url: str) -> AsyncIterator[Handle]:
    """The floor with one aiosqlite connection, as one writer is all that SQLite has."""
    database_file = make_url(url).database
    assert database_file is not None
    connection = await aiosqlite.connect(database_file, isolation_level=None)
    await connection.execute("PRAGMA journal_mode=WAL")
    await connection.execute("PRAGMA synchronous=NORMAL")
    room = asyncio.Lock()

    async def fetch(statement: str, *values: Any) -> Any:
        numbered = statement.replace("$", "?")
        return await connection.execute_fetchall(numbered, values)

    async def work(update: Update) -> None:
        async with room:
            await connection.execute("BEGIN IMMEDIATE")
            await Floor(fetch, text_instants=True).answer(update, "")
            await connection.execute("COMMIT")

    async with plain_application(work) as handle:
        yield handle
    await connection.close()


@contextlib.asynccontextmanager
async def plain_application(
    work: Callable[[Update], Awaitable[None]] | None,
) -> AsyncIterator[Handle]:
    """python-telegram-bot with one handler: some work, then a message and a reaction."""
    app = Application.builder().bot(make_bot()).updater(None).job_queue(None).build()

    async def on_text(update: Update, _: Any) -> None:
        if work is not None:
            await work(update)
        assert update.effective_user is not None
        await app.bot.send_message(update.effective_user.id, ONE_TEXT, parse_mode="HTML")
        assert update.effective_message is not None
        await update.effective_message.set_reaction("👍")

    app.add_handler(MessageHandler(filters.TEXT, on_text))
    async with app:
        yield app.process_update


@contextlib.asynccontextmanager
async def dars() -> AsyncIterator[Handle]:
    """The real application and its lanes."""
    app, lanes, _ = build_application(make_bot())
    async with app:
        yield lambda update: lanes.begin(update).task


async def one_round(pupils: Pupils, handle: Handle, at_once: int, number: int) -> float:
    """Let pupils finish a session each; return the CPU microseconds of one answer."""
    people = await pupils.make(number)
    bot = make_bot()
    waiting = [
        [typed(telegram_id, answer) for answer in answers] for telegram_id, answers in people
    ]
    room = asyncio.Semaphore(at_once)

    async def practise(updates: list[dict[str, Any]]) -> None:
        async with room:
            for update in updates:
                await handle(Update.de_json(update, bot))

    started = time.process_time()
    await asyncio.gather(*(practise(updates) for updates in waiting))
    return (time.process_time() - started) * 1e6 / (5 * number)


async def measure(kind: str, url: str, rounds: int, number: int) -> float:
    """Print the table for a database; return the larger ratio against the floor."""
    pupils = Pupils()
    await pupils.prepare()
    floor = floor_on_postgres(url) if kind == "PostgreSQL" else floor_on_sqlite(url)
    ratios = []
    async with plain_application(None) as echo, floor as plain, dars() as ours:
        candidates: dict[str, Handle] = {
            "python-telegram-bot, two calls": echo,
            "+ plain statements (the floor)": plain,
            "Dars": ours,
        }
        for handle in candidates.values():
            await one_round(pupils, handle, 1, 5)
        per_answer = await count_statements(pupils, ours)
        for at_once in (1, 16):
            times: dict[str, list[float]] = {name: [] for name in candidates}
            for _ in range(rounds):
                for name, handle in candidates.items():
                    times[name].append(await one_round(pupils, handle, at_once, number))
            ratios.append(print_table(f"{kind}, {at_once} at once", times))
    print(f"  statements an answer, BEGIN and COMMIT not counted: {per_answer:.1f}")
    return max(ratios)


async def count_statements(pupils: Pupils, handle: Handle) -> float:
    """Return how many statements an answer is, BEGIN and COMMIT not counted."""
    seen: list[str] = []
    engine = database.get_engine().sync_engine
    is_sqlite = engine.dialect.name == "sqlite"

    def by_sqlalchemy(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    def by_driver(record: asyncpg.connection.LoggedQuery) -> None:
        seen.append(record.query)

    def listen_to_driver(adapter: Any, *_: Any) -> None:
        adapter.driver_connection.add_query_logger(by_driver)

    def stop_listening(adapter: Any, *_: Any) -> None:
        adapter.driver_connection.remove_query_logger(by_driver)

    listeners: list[tuple[Any, str, Callable[..., None]]] = [
        (engine.pool, "checkout", listen_to_driver),
        (engine.pool, "checkin", stop_listening),
    ]
    if is_sqlite:
        listeners = [(engine, "before_cursor_execute", by_sqlalchemy)]
    for listener in listeners:
        event.listen(*listener)
    await one_round(pupils, handle, 1, 20)
    for listener in listeners:
        event.remove(*listener)
    updates = [s for s in seen if not s.startswith(("BEGIN", "COMMIT"))]
    # Two of them made the pupils.
    return (len(updates) - 2) / 100


def print_table(title: str, times: dict[str, list[float]]) -> float:
    """Print the rounds of each; return the median of the ratios within a round."""
    floor = times["+ plain statements (the floor)"]
    print(f"{title:36} CPU us an answer; of the floor: quarter, median, three quarters of rounds")
    for name, found in times.items():
        ratios = [mine / other for mine, other in zip(found, floor, strict=True)]
        quarter, middle, rest = statistics.quantiles(ratios, n=4)
        print(
            f"  {name:34} {statistics.median(found):6.0f} {quarter:8.2f} {middle:5.2f} {rest:5.2f}"
        )
    return middle


async def run(kind: str, url: str, rounds: int, number: int) -> float:
    """Measure on a fresh database."""
    database.configure(url)
    await database.init_db()
    try:
        return await measure(kind, url, rounds, number)
    finally:
        await database.dispose()


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--pupils", type=int, default=10, help="in each round")
    options = parser.parse_args()
    settings = get_settings()
    logs.configure(settings.process, settings.secrets)
    with run_server(find_binaries()[0]) as server:
        worst = asyncio.run(run("PostgreSQL", server.url, options.rounds, options.pupils))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        asyncio.run(run("SQLite", url, options.rounds, options.pupils))
    print(f"PostgreSQL, against the floor: {worst:.2f} (at most {LIMIT} is wanted)")


if __name__ == "__main__":
    main()
