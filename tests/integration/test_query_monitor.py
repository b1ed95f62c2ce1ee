"""What statements cost, by the functions that run them: noted, kept, reported, forgotten."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner

from cli.main import app
from src import clock, database
from src.models import Person, StatementTiming, TimedStatement
from src.operations import query_monitor
from src.outbox import service as outbox
from src.practice import queries as practice
from src.storage import timings
from src.storage.timings import Calls, Observed
from tests.fixtures.factories import make_statement_timing, make_student, make_timed_statement

TODAY = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def noted() -> Iterator[None]:
    timings.begin()
    yield
    timings.end()


async def dars(*words: str) -> Any:
    await database.dispose()
    return await asyncio.to_thread(CliRunner().invoke, app, ["db", "slow", *words])


async def test_a_statement_is_noted_under_the_function_that_runs_it(db: AsyncSession) -> None:
    timings.take()
    await practice.active_place(db, 7)
    await outbox.has_parked(db, 7, clock.now())
    names = {one.name for one in timings.take()}
    assert names == {
        "src/practice/queries.py:active_place",
        "src/outbox/queries.py:has_parked",
    }


async def test_what_is_kept_of_parameters_tells_of_nobody(db: AsyncSession) -> None:
    timings.take()
    now = datetime(2026, 11, 29, 12, tzinfo=UTC)
    await outbox.has_parked(db, 987_654_321, now)
    await db.execute(select(Person).where(Person.id.in_([987, 654, 321])))
    kept = json.dumps([one.sample for one in timings.take()])
    assert "987" not in kept
    assert "reply" in kept
    # On SQLite the driver is given an instant as text.
    assert ("2026-11-29" in kept) == (db.get_bind().dialect.name == "postgresql")


async def test_lists_of_any_length_are_one_statement(db: AsyncSession) -> None:
    timings.take()
    for ids in ([1], [1, 2], [1, 2, 3]):
        await db.execute(select(Person.id).where(Person.id.in_(ids)))
    # On SQLite the begin is noted too: it is there that one waits for another writer.
    observed = [one for one in timings.take() if one.text.startswith("SELECT")]
    assert len({one.digest for one in observed}) == 1
    await query_monitor.save(db, observed, TODAY)
    assert await db.scalar(select(func.sum(StatementTiming.calls))) == 3


async def test_two_processes_add_up(db: AsyncSession) -> None:
    for seconds, number in ((0.001, 90), (0.1, 10)):
        one = Observed("src/a.py:f", "SELECT $1", [None])
        one.buckets[timings.bucket_of(seconds)] = Calls(number, seconds * number, number * 2)
        for _ in range(2):
            await query_monitor.save(db, [one], TODAY)
    [found] = await query_monitor.slow(db, TODAY)
    assert (found.calls, found.rows, found.share) == (200, 400, 1.0)
    assert found.mean_ms == pytest.approx(10.9)
    assert found.p95_ms == pytest.approx(100, rel=0.1)
    assert await query_monitor.slow(db, TODAY + timedelta(days=1)) == []


async def test_the_dearest_comes_first_and_old_days_are_forgotten(db: AsyncSession) -> None:
    statements = [make_timed_statement(name=f"src/{name}.py:f", text=name) for name in "abc"]
    db.add_all(statements)
    await db.flush()
    days = (TODAY, TODAY, TODAY - timedelta(days=20))
    for one, day, seconds in zip(statements, days, (1.0, 3.0, 9.0), strict=True):
        db.add(make_statement_timing(statement_id=one.id, day=day, seconds=seconds))
    await db.flush()
    found = await query_monitor.slow(db, TODAY)
    assert [(one.name, one.share) for one in found] == [("src/b.py:f", 0.75), ("src/a.py:f", 0.25)]
    assert await query_monitor.prune(db, TODAY - timedelta(days=14)) == 1
    assert set(await db.scalars(select(TimedStatement.text))) == {"a", "b"}


@pytest.mark.parametrize(("bucket", "share"), [(0, 0.1), (40, 0.1), (110, 0.1)])
def test_a_time_read_from_a_bucket_is_within_nine_percent(bucket: int, share: float) -> None:
    assert timings.bucket_of(timings.middle_of(bucket)) == bucket
    assert timings.middle_of(bucket + 1) / timings.middle_of(bucket) < 1.19 + share


async def test_a_process_keeps_what_it_noted_at_its_end(database_url: str) -> None:
    async with query_monitor.noting(database.session_scope), database.session_scope() as db:
        db.add(make_student())
        await db.flush()
        await practice.active_place(db, 1)
    assert not timings.is_on()
    found = json.loads((await dars("--format", "json")).output)
    assert "src/practice/queries.py:active_place" in {one["name"] for one in found}


async def test_a_database_that_is_away_stops_nobody(tmp_path: Any) -> None:
    database.configure("postgresql://nobody@127.0.0.1:1/nowhere")
    async with query_monitor.noting(database.session_scope):
        timings.note(None, "SELECT 1", 0.1, 1, [])
    database.configure()


async def test_the_table_has_a_line_a_statement(database_url: str) -> None:
    assert "Nothing is noted yet" in (await dars()).output
    async with database.session_scope() as db:
        statement = make_timed_statement(text="SELECT  sessions.id\nFROM sessions")
        db.add(statement)
        await db.flush()
        db.add(make_statement_timing(statement_id=statement.id, day=clock.now().date()))
    output = (await dars()).output
    assert "src/practice/queries.py:active_place" in output
    assert "SELECT sessions.id FROM sessions" in output
    assert "100.0%" in output


async def test_literals_do_not_hide_the_blocks_of_the_server() -> None:
    ours = "SELECT a FROM b\nWHERE c = 'x''y' AND d = $1::INTEGER AND e1 > 2.5"
    theirs = "SELECT a FROM b WHERE c = $2 AND d = $1::INTEGER AND e1 > $3"
    assert query_monitor._bare(ours) == query_monitor._bare(theirs)


async def test_without_the_extension_there_are_no_blocks(postgres_url: str) -> None:
    async with database.session_scope() as db:
        assert await query_monitor._blocks(db) == {}
        await db.execute(text("CREATE EXTENSION IF NOT EXISTS pg_stat_statements"))
        # The server of the tests does not load it.
        assert await query_monitor._blocks(db) == {}
