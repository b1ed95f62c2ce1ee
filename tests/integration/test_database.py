"""The engine, its transactions and its faults, on both databases."""

import asyncio
import os
import socket
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from src import database
from src.errors import DatabaseUnavailable, SettingsError
from src.models import Streak, Student
from src.settings import DatabaseSettings
from tests.fixtures.factories import make_streak, make_student
from tests.fixtures.postgres import Databases, PostgresServer, find_binaries, run_server


async def count_students() -> int:
    async with database.read_scope() as db:
        return await db.scalar(select(func.count()).select_from(Student)) or 0


async def test_a_scope_commits_at_its_end(database_url: str) -> None:
    async with database.session_scope() as db:
        db.add(Student(telegram_id=1, name="A", grade=7))
    assert await count_students() == 1


async def test_a_scope_that_fails_changes_nothing(database_url: str) -> None:
    async def fail() -> None:
        async with database.session_scope() as db:
            db.add(make_student())
            await db.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await count_students() == 0


async def test_rows_can_be_read_after_the_commit(database_url: str) -> None:
    async with database.session_scope() as db:
        student = make_student(name="Rima")
        db.add(student)
    assert (student.name, student.id) == ("Rima", 1)


async def test_a_read_scope_commits_nothing(sqlite_url: str) -> None:
    async with database.read_scope() as db:
        db.add(make_student())
        await db.flush()
    assert await count_students() == 0


async def test_postgresql_refuses_to_write_in_a_read_scope(postgres_url: str) -> None:
    async with database.read_scope() as db:
        db.add(make_student())
        with pytest.raises(DBAPIError, match="read-only transaction"):
            await db.flush()


async def test_a_reader_does_not_wait_for_a_writer_of_another_process(sqlite_url: str) -> None:
    other = database.create_engine(sqlite_url)
    async with other.begin() as writer:
        await writer.execute(text("UPDATE students SET grade = 6"))
        assert await count_students() == 0
    await other.dispose()


async def test_eight_writers_that_read_first_lose_nothing(database_url: str) -> None:
    """PostgreSQL needs the row lock; SQLite, which knows none, lets one writer in at a time."""
    async with database.session_scope() as db:
        db.add(make_student())
        await db.flush()
        db.add(make_streak(student_id=1))
    engines = [database.create_engine(database_url) for _ in range(8)]

    async def add_one_repeatedly(engine: AsyncEngine) -> None:
        for _ in range(25):
            async with AsyncSession(engine) as db, db.begin():
                streak = await db.get(Streak, 1, with_for_update=True)
                assert streak is not None
                streak.current_streak += 1

    await asyncio.gather(*map(add_one_repeatedly, engines))
    async with database.read_scope() as db:
        assert await db.scalar(select(Streak.current_streak)) == 200
    for engine in engines:
        await engine.dispose()


async def test_sqlite_is_durable_patient_and_strict(sqlite_url: str) -> None:
    async with database.session_scope() as db:
        found = {
            name: await db.scalar(text(f"PRAGMA {name}"))
            for name in (
                "journal_mode",
                "synchronous",
                "foreign_keys",
                "busy_timeout",
                "secure_delete",
            )
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "busy_timeout": 4000,
        "secure_delete": 1,
    }


async def test_postgresql_has_the_pool_of_the_settings(postgres_url: str) -> None:
    engine = database.create_engine(
        postgres_url, DatabaseSettings(pool_size=1, max_overflow=0, pool_timeout_seconds=0.05)
    )
    async with engine.connect():
        with pytest.raises(Exception, match="QueuePool limit of size 1 overflow 0"):
            await engine.connect()
    await engine.dispose()


async def backend_of(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        found: int = await connection.scalar(text("SELECT pg_backend_pid()"))
        return found


async def test_a_connection_is_replaced_when_it_is_old(postgres_url: str) -> None:
    settings = DatabaseSettings(pool_size=1, max_overflow=0, pool_recycle_seconds=1)
    engine = database.create_engine(postgres_url, settings)
    first = await backend_of(engine)
    while await backend_of(engine) == first:
        await asyncio.sleep(0.1)
    await engine.dispose()


async def test_a_connection_can_be_asked_whether_it_lives_before_each_use(
    postgres_url: str,
) -> None:
    other = database.create_engine(postgres_url)
    engine = database.create_engine(postgres_url, DatabaseSettings(pre_ping=True))
    first = await backend_of(engine)
    async with other.connect() as connection:
        await connection.execute(text(_CLOSE_ALL_OTHERS))
    assert await backend_of(engine) != first
    await engine.dispose()
    await other.dispose()


_CLOSE_ALL_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def test_connections_that_the_server_closed_fail_once_and_are_all_replaced(
    postgres_url: str,
) -> None:
    assert await database.check_connection()
    other = database.create_engine(postgres_url)
    async with other.connect() as connection:
        await connection.execute(text(_CLOSE_ALL_OTHERS))
    await other.dispose()
    with pytest.raises(DBAPIError) as failure:
        await count_students()
    assert failure.value.connection_invalidated
    assert await count_students() == 0


async def test_a_connection_that_the_server_closed_is_no_missing_database(
    postgres_url: str,
) -> None:
    assert await database.check_connection()
    other = database.create_engine(postgres_url)
    async with other.connect() as connection:
        await connection.execute(text(_CLOSE_ALL_OTHERS))
    await other.dispose()
    assert await database.check_connection()


@pytest.mark.parametrize(("pgbouncer", "kept"), [(True, False), (False, True)])
async def test_behind_pgbouncer_no_statement_stays_prepared(
    postgres_url: str, pgbouncer: bool, kept: bool
) -> None:
    engine = database.create_engine(postgres_url, DatabaseSettings(pgbouncer=pgbouncer))
    async with engine.connect() as connection:
        for grade in (6, 7, 8):
            await connection.execute(select(Student.id).where(Student.grade == grade))
        count = await connection.scalar(text("SELECT count(*) FROM pg_prepared_statements"))
    await engine.dispose()
    assert bool(count) is kept


async def test_a_database_that_answers_is_reported(database_url: str) -> None:
    assert await database.check_connection() is True
    await database.wait_for_database()


async def test_a_database_that_does_not_answer_is_explained_in_one_line(
    unused_url: str,
) -> None:
    database.configure(unused_url)
    assert await database.check_connection() is False
    with pytest.raises(DatabaseUnavailable) as caught:
        await database.wait_for_database(patience=0.2)
    message = str(caught.value)
    assert "127.0.0.1" in message
    assert "does not answer" in message
    assert "secret" not in message
    assert "\n" not in message


@pytest.fixture
def unused_url() -> str:
    """The address of a PostgreSQL that is not there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"postgresql://dars:secret@127.0.0.1:{probe.getsockname()[1]}/dars"


@pytest.fixture(autouse=True)
def restore_configuration() -> object:
    """Leave the process as it was."""
    yield
    database.configure()


async def test_waiting_for_what_cannot_come_ends_at_once(
    postgres_databases: Databases, tmp_path: Path
) -> None:
    url = await postgres_databases.create(migrated=False)
    await postgres_databases.drop(url)
    broken = tmp_path / "broken.db"
    broken.write_text("this is no database, and it is longer than the header of one" * 10)
    for hopeless, reason in [(url, "does not exist"), (f"sqlite:///{broken}", "not a database")]:
        database.configure(hopeless)
        async with asyncio.timeout(50):
            with pytest.raises(DatabaseUnavailable, match=reason):
                await database.wait_for_database(patience=60)
        await database.dispose()


async def test_a_server_that_starts_late_is_waited_for() -> None:
    server = PostgresServer(find_binaries()[0])
    database.configure(server.url)
    waiting = asyncio.create_task(database.wait_for_database(patience=120))
    await asyncio.sleep(0.15)
    assert not waiting.done()
    await asyncio.to_thread(server.start)
    await waiting
    await database.dispose()
    await asyncio.to_thread(server.remove)


async def test_a_folder_that_cannot_be_made_is_a_wrong_setting() -> None:
    database.configure("sqlite:////dev/null/dars.db")
    with pytest.raises(SettingsError, match="DATABASE_URL: no folder /dev/null"):
        database.get_engine()


async def test_the_folder_of_a_new_file_is_made(tmp_path: Path) -> None:
    database.configure(f"sqlite:///{tmp_path}/a/b/dars.db")
    assert await database.check_connection()
    await database.dispose()
    assert (tmp_path / "a" / "b" / "dars.db").exists()


@pytest.mark.parametrize("binaries", find_binaries(), ids=lambda folder: folder.parent.name)
async def test_each_postgresql_of_this_machine_can_be_started(binaries: Path) -> None:
    with run_server(binaries) as server:
        database.configure(server.url)
        assert await database.check_connection()
        await database.dispose()
        folder = Path(server.url.partition("host=")[2])
        if os.geteuid() == 0:
            assert folder.stat().st_uid != 0
    assert not folder.exists()


async def test_a_statement_has_a_time_limit_but_a_migration_has_none(postgres_url: str) -> None:
    quick = database.create_engine(postgres_url, statement_timeout=1.0)
    patient = database.create_migration_engine()
    async with quick.connect() as connection:
        with pytest.raises(TimeoutError):
            await connection.execute(text("SELECT pg_sleep(100)"))
    async with patient.connect() as connection:
        await connection.execute(text("SELECT pg_sleep(1.1)"))
    await quick.dispose()
    await patient.dispose()
