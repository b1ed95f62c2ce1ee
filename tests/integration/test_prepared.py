"""Prepared statements: the same on both databases, in the transaction of their session."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import TextClause, bindparam, func, make_url, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from src import database
from src.errors import TransactionCut
from src.models import Streak, Student
from src.storage.prepared import Prepared, run, run_chain
from src.storage.statements import change, changing, save, saving, table_of
from tests.fixtures.factories import make_student

S = table_of(Student).c
FIND = Prepared(
    select(S.name, S.registered_at, S.nudge_time, S.created_at).where(
        S.telegram_id == bindparam("sender")
    )
)
COUNT = Prepared(select(func.count()).select_from(table_of(Student)))
ASYNCPG = make_url("postgresql+asyncpg://").get_dialect()()
AIOSQLITE = make_url("sqlite+aiosqlite://").get_dialect()()
TERMINATE = text("SELECT pg_terminate_backend(:pid, 5000)")
AT = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)


async def add(db: AsyncSession, telegram_id: int, **values: object) -> int:
    keys = {"telegram_id": telegram_id}
    row_id: int = await save(db, Student, ("telegram_id",), keys | {"name": "A"} | values)
    return row_id


async def count() -> int:
    async with database.session_scope() as db:
        found: int = (await run(db, COUNT, {}))[0][0]
        return found


async def test_values_come_back_as_their_types(database_url: str) -> None:
    async with database.session_scope() as db:
        await add(db, 1, registered_at=AT)
    async with database.session_scope() as db:
        [[name, registered, nudge_time, created]] = await run(db, FIND, {"sender": 1})
        reference = (await db.execute(FIND.statement, {"sender": 1})).one()
    assert (name, registered, nudge_time, created) == tuple(reference)
    assert (registered, created.tzinfo) == (AT, UTC)


async def test_what_the_session_has_changed_is_seen(database_url: str) -> None:
    async with database.session_scope() as db:
        student = make_student(telegram_id=7, name="A")
        db.add(student)
        assert (await run(db, COUNT, {}))[0][0] == 1
        student.name = "B"
        assert (await run(db, FIND, {"sender": 7}))[0][0] == "B"
        await db.delete(student)
        assert (await run(db, COUNT, {}))[0][0] == 0


def test_a_statement_is_compiled_for_each_dialect() -> None:
    statement = Prepared(select(S.name).where(S.telegram_id == bindparam("sender")))
    texts = [statement.compiled(dialect, ("sender",)).text for dialect in (ASYNCPG, AIOSQLITE)]
    assert "$1" in texts[0]
    assert "?" in texts[1]


async def test_a_row_with_the_same_key_is_updated(database_url: str) -> None:
    async with database.session_scope() as db:
        first = await add(db, 1)
        second = await add(db, 1, name="B")
        await change(db, Student, first, {"registered_at": AT})
        [[name, registered, *_]] = await run(db, FIND, {"sender": 1})
    assert (first, name, registered) == (second, "B", AT)


async def test_two_writes_at_once_are_both_done(database_url: str) -> None:
    async with database.session_scope() as db:
        pupil = await add(db, 1)
        both = (
            changing(Student, pupil, {"name": "B", "registered_at": AT}),
            saving(db, Streak, ("student_id",), {"student_id": pupil, "current_streak": 3}),
        )
        streak_of = await run_chain(db, *both)
        [[name, registered, *_]] = await run(db, FIND, {"sender": 1})
        streak = await db.get_one(Streak, pupil)
    assert (streak_of, streak.current_streak, streak.longest_streak) == (pupil, 3, 0)
    assert (name, registered) == ("B", AT)


async def test_of_two_writes_at_once_neither_is_done_where_one_fails(database_url: str) -> None:
    async def fail() -> None:
        async with database.session_scope() as db:
            pupil = await add(db, 1)
            await db.commit()
            await run_chain(
                db,
                changing(Student, pupil, {"name": "B"}),
                saving(db, Streak, ("student_id",), {"student_id": pupil, "current_streak": -1}),
            )

    with pytest.raises(IntegrityError):
        await fail()
    async with database.session_scope() as db:
        [[name, *_]] = await run(db, FIND, {"sender": 1})
    assert name == "A"


async def test_one_transaction_with_what_the_session_does(database_url: str) -> None:
    async def fail() -> int:
        async with database.session_scope() as db:
            db.add(make_student())
            await db.flush()
            await add(db, 77)
            seen: int = (await run(db, COUNT, {}))[0][0]
            assert seen == await db.scalar(select(func.count()).select_from(Student)) == 2
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await count() == 0


async def test_a_session_that_was_rolled_back_begins_anew(database_url: str) -> None:
    async with database.session_scope() as db:
        await add(db, 1)
        await db.rollback()
        await add(db, 2)
        await db.rollback()
    assert await count() == 0


async def test_a_refused_row_costs_no_connection(database_url: str) -> None:
    async def add_a_wrong_one() -> None:
        async with database.session_scope() as db:
            await run(db, COUNT, {})
            await add(db, 1, grade=99)

    with pytest.raises(IntegrityError):
        await add_a_wrong_one()
    assert await count() == 0


async def test_a_connection_that_is_lost_leaves_the_pool(postgres_url: str) -> None:
    async def lose() -> None:
        async with database.session_scope() as db:
            await run(db, COUNT, {})
            await terminate(await own_pid(db))
            await run(db, COUNT, {})

    with pytest.raises(DBAPIError) as caught:
        await lose()
    assert caught.value.connection_invalidated
    assert await count() == 0


async def test_a_connection_that_was_lost_while_idle_leaves_the_pool(postgres_url: str) -> None:
    async with database.session_scope() as db:
        pid = await own_pid(db)
    engine = database.create_engine(postgres_url)
    async with engine.connect() as connection:
        await connection.execute(TERMINATE, {"pid": pid})
    await engine.dispose()
    with pytest.raises(DBAPIError) as caught:
        await count()
    assert caught.value.connection_invalidated
    assert await count() == 0


async def test_a_statement_that_is_cancelled_changes_nothing(postgres_url: str) -> None:
    begun = asyncio.Event()

    async def wait_long() -> None:
        async with database.session_scope() as db:
            await add(db, 1)
            begun.set()
            await run(db, Prepared(select(func.pg_sleep(30))), {})

    task = asyncio.create_task(wait_long())
    await begun.wait()
    await until_somebody_sleeps()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert await count() == 0


async def test_a_transaction_that_is_cut_as_a_whole_has_one_timer(postgres_url: str) -> None:
    assert await times() == (60.0, 60.0)
    async with database.short_scope(5.0) as db:
        await run(db, COUNT, {})
        driver = await driver_of(db)
        inside = driver._config.command_timeout
    assert (inside, driver._config.command_timeout) == (None, 60.0)
    assert await times() == (60.0, 60.0)


@pytest.mark.parametrize("error", [ZeroDivisionError, asyncio.CancelledError])
async def test_a_transaction_that_fails_has_the_timers_of_its_statements_again(
    postgres_url: str, error: type[BaseException]
) -> None:
    async def fail() -> None:
        async with database.short_scope(5.0) as db:
            await run(db, COUNT, {})
            drivers.append(await driver_of(db))
            raise error

    drivers: list[Any] = []
    with pytest.raises(error):
        await fail()
    assert drivers[0]._config.command_timeout == 60.0


async def test_what_takes_too_long_is_cut_and_leaves_nothing(postgres_url: str) -> None:
    async def hang() -> None:
        async with database.short_scope(0.2) as db:
            await add(db, 1)
            await run(db, Prepared(select(func.pg_sleep(30))), {})

    with pytest.raises(TransactionCut):
        await hang()
    assert await count() == 0
    assert await times() == (60.0, 60.0)


async def times() -> tuple[float, float]:
    """Return the driver's time-out of a statement before and after one."""
    async with database.session_scope() as db:
        driver = await driver_of(db)
        before = driver._config.command_timeout
        await run(db, COUNT, {})
        return before, driver._config.command_timeout


async def driver_of(db: AsyncSession) -> Any:
    return (await (await db.connection()).get_raw_connection()).driver_connection


async def until_somebody_sleeps() -> None:
    """Wait until the server is at it."""
    sleeping = text("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query ~ :it")
    while not await ask(sleeping, it="^SELECT pg_sleep"):
        await asyncio.sleep(0.01)


async def ask(question: TextClause, **values: str) -> int:
    async with database.session_scope() as db:
        return int((await db.execute(question, values)).scalar_one())


async def own_pid(db: AsyncSession) -> int:
    pid: int = (await db.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    return pid


async def terminate(pid: int) -> None:
    async with database.session_scope() as db:
        await db.execute(TERMINATE, {"pid": pid})
