"""Point-in-time recovery as docs/operations.md tells it: to the instant before a planted DELETE."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from src import database
from src.models import Student
from src.operations import rehearsal
from src.storage import schema
from tests.fixtures.factories import make_student
from tests.fixtures.postgres import PostgresServer, find_binaries

GUIDE = Path(__file__).resolve().parents[2] / "docs/operations.md"


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server that archives its log."""
    made = PostgresServer(find_binaries()[-1])
    try:
        archive = made.folder / "archive"
        archive.mkdir()
        shutil.chown(archive, made.data.stat().st_uid)
        made.options |= {
            "archive_mode": "on",
            "archive_command": f"cp %p {made.folder}/archive/%f",
            "full_page_writes": "on",
            "synchronous_commit": "on",
        }
        yield made
    finally:
        made.remove()


@asynccontextmanager
async def engine_of(server: PostgresServer) -> AsyncGenerator[AsyncEngine]:
    engine = database.create_engine(server.url)
    try:
        yield engine
    finally:
        await engine.dispose()


async def count(connection: AsyncConnection) -> int:
    return await connection.scalar(select(func.count()).select_from(Student)) or 0


async def add_pupil() -> None:
    async with database.session_scope() as db:
        db.add(make_student())


async def test_it_goes_back_to_the_instant_before_a_planted_delete(
    server: PostgresServer,
) -> None:
    server.start()
    database.configure(server.url)
    async with engine_of(server) as engine:
        await schema.upgrade(engine)
        await add_pupil()
        place = ("-h", str(server.folder), "-U", "postgres")
        server.run("pg_basebackup", *place, "-D", str(server.folder / "base"), "-c", "fast")
        # After the base backup: only the archived log knows of this pupil.
        await add_pupil()
        async with engine.connect() as connection:
            before = await connection.scalar(text("SELECT clock_timestamp()::text"))
        async with engine.begin() as connection:
            await connection.execute(text("DELETE FROM students"))
            assert await count(connection) == 0
        async with engine.connect() as connection:
            file = await connection.scalar(text("SELECT pg_walfile_name(pg_current_wal_lsn())"))
            await connection.execute(text("SELECT pg_switch_wal()"))
    while not (server.folder / "archive" / str(file)).exists():
        await asyncio.sleep(0.05)
    await database.dispose()
    server.stop(keep=True)

    shutil.rmtree(server.data)
    (server.folder / "base").rename(server.data)
    (server.data / "recovery.signal").touch()
    server.options |= {
        "restore_command": f"cp {server.folder}/archive/%f %p",
        "recovery_target_time": str(before),
        "recovery_target_action": "promote",
    }
    server.start()
    async with engine_of(server) as engine:
        async with engine.connect() as connection:
            while await connection.scalar(text("SELECT pg_is_in_recovery()")):
                await asyncio.sleep(0.05)
            assert await count(connection) == 2
        found = await rehearsal.look_over(engine)
        assert (found.faults, found.rows["students"]) == ([], 2)
    database.configure()


def test_the_guide_says_what_was_rehearsed() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for word in ("archive_command", "pg_basebackup", "recovery.signal", "recovery_target_time"):
        assert word in guide
