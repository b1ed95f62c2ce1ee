"""Advice on indexes: it names the function and the index that is missing, and else keeps silent."""

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from typer.testing import CliRunner

from cli.main import app
from src import database
from src.content import stored
from src.errors import NoSuchProblem
from src.models import OutboxKind
from src.nudges import queries as nudges
from src.operations import housekeeping, index_advice, query_monitor, statistics
from src.operations.index_advice import Advised
from src.operations.query_monitor import KeptStatement
from src.outbox import queries as outbox
from src.practice import queries as practice
from src.storage import timings
from tests.fixtures import school_year
from tests.fixtures.factories import make_attempt
from tests.fixtures.postgres import Databases

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
# Enough for a scan to take some milliseconds longer than an index does; `make soak` has a million.
SMALL, SMALL_MS = 60_000, 0.5
# By the index that is dropped: who misses it, on which table, and what it begins with.
MISSED = {
    "idx_sessions_student_created": (
        "practice/queries.py:count_sessions",
        "sessions",
        "student_id",
    ),
    "idx_attempts_response": ("practice/queries.py:wrong_answers", "attempts", "response_id"),
    "idx_students_next_nudge_at": ("nudges/queries.py:lock_due", "students", "next_nudge_at"),
    "idx_pupil_days_local_day": ("operations/statistics.py:_topics", "pupil_days", "local_day"),
    "idx_responses_problem": ("content/stored.py:find", "responses", "problem_id"),
}


async def work(engine: AsyncEngine) -> list[KeptStatement]:
    """Do a little of everything, and return what was noted of it."""
    timings.begin()
    async with AsyncSession(engine) as db:
        for pupil in (7, 4001):
            await practice.active_place(db, pupil)
            await practice.count_sessions(db, pupil)
            await practice.totals(db, pupil)
            await practice.past_answers(db, pupil)
            await practice.wrong_answers(db, pupil)
            await practice.closed_problems(db, pupil)
            await nudges.candidates(db, [pupil], NOW)
            await outbox.has_parked(db, 1_000_000 + pupil, NOW)
        await practice.candidates(db, 6)
        await nudges.lock_due(db, NOW, 500)
        await outbox.find_waiting(db, list(OutboxKind), NOW, 100)
        await housekeeping.expire_sessions(db, NOW)
        await housekeeping.prune_messages(db, NOW.replace(month=9))
        # The seeded problems are no whole ones; what is asked of them is noted by then.
        with contextlib.suppress(ValidationError, NoSuchProblem):
            await stored.find(db, "G6-SEED-7")
        # A day on which nobody has practised yet.
        day = NOW.date() + timedelta(days=1)
        await statistics.read(db, statistics.Topic.TOPICS, statistics.Span(day, day))
        # What writes take.
        await nudges.set_next(db, {NOW: [7, 8]})
        await practice.update_session(db, 7, current_index=5)
        await practice.update_response(db, 7, attempts=2)
        if engine.dialect.name == "postgresql":
            db.add(make_attempt(response_id=7, number=99))
            await db.flush()
        await db.rollback()
        await query_monitor.save(db, timings.take(), NOW.date())
        timings.end()
        await db.commit()
        return await query_monitor.kept(db)


async def drop_each(
    engine: AsyncEngine, pupils: int, least_ms: float, *, whole: bool = True
) -> dict[str, Advised]:
    """Return the advice with all indexes under "", and without each of five.

    Without an index all statements are looked at again, or only those that miss it.
    """
    await school_year.fill(engine, pupils)
    statements = await work(engine)
    # Of a small set, a millisecond is no reason for one index more.
    found = {"": await index_advice.advise(engine, statements, least_ms=max(least_ms, 2.5))}
    for name in MISSED:
        made = await change(engine, f"SELECT pg_get_indexdef('{name}'::regclass)")
        await change(engine, f"DROP INDEX {name}")
        some = [one for one in statements if whole or one.name == f"src/{MISSED[name][0]}"]
        found[name] = await index_advice.advise(engine, some, least_ms=least_ms)
        await change(engine, str(made))
    return found


async def change(engine: AsyncEngine, statement: str) -> Any:
    async with engine.begin() as connection:
        result = await connection.execute(text(statement))
        return result.scalar() if result.returns_rows else None


def judge(found: dict[str, Advised]) -> None:
    """Make sure that each is missed by whom it should, and that nothing is wanted of the whole."""
    assert found[""].add == [], "all indexes are there, and one more is wanted"
    assert found[""].looked_at >= 13
    for name, (function, table, column) in MISSED.items():
        advice = [one for one in found[name].add if one.function == f"src/{function}"]
        assert advice, (name, found[name])
        assert any(f" ON {table} ({column}" in one.sql for one in advice), (name, advice)
        for one in advice:
            assert one.sql.startswith("CREATE INDEX CONCURRENTLY idx_")
            assert one.before_ms is not None
            assert one.after_ms is not None
            assert one.before_ms >= 2 * one.after_ms


@pytest.fixture
async def engine(postgres_databases: Databases) -> AsyncGenerator[AsyncEngine]:
    url = await postgres_databases.create()
    made = database.create_engine(url, statement_timeout=None)
    yield made
    await made.dispose()
    await postgres_databases.drop(url)


async def test_it_names_who_misses_an_index(engine: AsyncEngine) -> None:
    judge(await drop_each(engine, SMALL, SMALL_MS, whole=False))


@pytest.mark.soak
@pytest.mark.timeout(2400)
async def test_it_names_who_misses_an_index_among_a_million(engine: AsyncEngine) -> None:
    judge(await drop_each(engine, 1_000_000, index_advice.LEAST_MS_SAVED))


async def dars(*words: str) -> Any:
    await database.dispose()
    return await asyncio.to_thread(CliRunner().invoke, app, ["db", *words])


async def test_the_whole_schema_has_no_index_too_many_and_none_too_few(database_url: str) -> None:
    found = await index_advice.find_faults(database.get_engine())
    assert (found.duplicate, found.without_index, found.unused) == ([], [], [])


async def test_indexes_that_are_unused_duplicate_or_missing_are_named(postgres_url: str) -> None:
    engine = database.get_engine()
    await change(engine, "CREATE INDEX twice ON attempts (response_id)")
    await change(engine, "CREATE INDEX shorter ON sessions (student_id)")
    await change(engine, "DROP INDEX idx_people_current_student")
    found = await index_advice.find_faults(engine)
    assert found.duplicate == [
        "shorter on sessions: idx_sessions_student_created covers it",
        "twice on attempts: idx_attempts_response covers it",
    ]
    [lacking] = found.without_index
    assert lacking.startswith("people.current_student_id: CREATE INDEX CONCURRENTLY idx_people_")


async def test_the_command_tries_on_a_copy_of_the_last_backup_and_drops_it(
    postgres_url: str, tmp_path: Path
) -> None:
    assert "no good backup is known" in str((await dars("advise")).exception)
    await school_year.fill(database.get_engine(), 2_000)
    await change(
        database.get_engine(),
        """INSERT INTO attempts (response_id, number, typed, verdict, hints_used, seconds, at)
        SELECT 1 + n % 2000, 1 + n % 30000, '12', 'wrong', 0, 9, now()
        FROM generate_series(2, 200000) AS n""",
    )
    await change(database.get_engine(), "DROP INDEX idx_attempts_response")
    await work(database.get_engine())
    file = tmp_path / "dars.backup"
    assert (await dars("backup", str(file))).exit_code == 0
    result = await dars("advise", "--format", "json")
    assert result.exit_code == 0, (result.output, result.exception)
    found = json.loads(result.output)
    assert "src/practice/queries.py:wrong_answers" in {one["function"] for one in found["add"]}
    assert await copies() == []
    # Nothing was made.
    assert (
        await change(database.get_engine(), "SELECT to_regclass('idx_attempts_response')") is None
    )


async def copies() -> list[str]:
    name = make_url(str(database.get_url())).database
    async with database.session_scope() as db:
        found = await db.scalars(
            text(f"SELECT datname FROM pg_database WHERE datname LIKE '{name}_%'")
        )
        return list(found)


async def test_a_copy_is_dropped_also_where_the_command_is_killed(postgres_url: str) -> None:
    code = f"""
import os, signal
from pydantic import ValidationError
from sqlalchemy import make_url
from src.operations.scratch import scratch
from src.storage.url import normalise
with scratch(normalise({postgres_url!r}), "advice") as url:
    print(url.database, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == -9, done.stderr
    assert done.stdout.strip().endswith("_advice")
    while await copies():
        await asyncio.sleep(0.05)


async def test_on_sqlite_plans_are_read_and_nothing_is_timed(sqlite_url: str) -> None:
    engine = database.get_engine()
    for statement in ("DROP INDEX idx_attempts_response", "DROP INDEX idx_students_next_nudge_at"):
        await change(engine, statement)
    await change(engine, "PRAGMA foreign_keys=OFF")
    await change(
        engine,
        """WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT 1500)
        INSERT INTO people (id, telegram_id, language) SELECT n, n, 'bn' FROM numbers""",
    )
    await change(
        engine,
        """INSERT INTO students (id, person_id, telegram_id, language, timezone, nudge_time,
        nudges_enabled) SELECT id, id, id, 'bn', 'Asia/Dhaka', '18:00', 1 FROM people
        WHERE true ON CONFLICT DO NOTHING""",
    )
    await work(engine)
    found = json.loads((await dars("advise", "--format", "json")).output)
    [one, *_] = found["add"]
    assert {advice["sql"] for advice in found["add"]} == {one["sql"]}
    assert one["function"] == "src/nudges/queries.py:lock_due"
    assert one["sql"] == "CREATE INDEX idx_students_next_nudge_at ON students (next_nudge_at);"
    assert one["before_ms"] is None


async def test_what_is_found_is_printed_to_read(sqlite_url: str) -> None:
    assert "No statements are noted yet" in (await dars("advise")).output
    await work(database.get_engine())
    assert "Nothing to add" in (await dars("advise")).output
