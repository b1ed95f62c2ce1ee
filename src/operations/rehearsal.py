"""Rehearses a restore: a backup that was never put back is a hope."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from src.models import Base
from src.operations.backup import connection_words
from src.operations.programs import run_program
from src.operations.relationships import verify_relationships
from src.storage import schema
from src.streaks import replay


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a backup came back as.

    Attributes:
        revision: Of the backup.
        rows: How many each table holds, those without any left out.
        pupils: Whose streaks were replayed.
        faults: What is not as it should be, a line each.
    """

    revision: str | None
    rows: dict[str, int]
    pupils: int
    faults: list[str]


@contextmanager
def scratch(url: URL) -> Iterator[URL]:
    """Yield the address of an empty database beside another; it is dropped at the end.

    One that a killed rehearsal has left is dropped at the begin.

    Raises:
        BackupError: The role may not make a database, or PostgreSQL's programs are not installed.
    """
    if url.get_backend_name() == "sqlite":
        with TemporaryDirectory(prefix="dars-rehearsal-") as folder:
            yield url.set(database=str(Path(folder, "dars.db")), query={})
        return
    name = f"{url.database}_rehearsal"
    make = f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0"
    _tell(url, _drop(name), make)
    try:
        yield url.set(database=name)
    finally:
        _tell(url, _drop(name))


def _drop(name: str) -> str:
    return f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'


def _tell(url: URL, *statements: str) -> None:
    """Run statements that must not be in a transaction."""
    with connection_words(url) as place:
        options = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={place}")
        run_program("psql", *options, *(f"--command={one}" for one in statements))


async def look_over(engine: AsyncEngine) -> Rehearsal:
    """Bring a restored database up to date and check it: relationships, schema, streaks, rows."""
    revision = await schema.get_revision(engine)
    await schema.upgrade(engine)
    found = await verify_relationships(engine)
    async with AsyncSession(engine) as db:
        rows = await _count_rows(db)
        pupils, differing = await _replay_streaks(db)
    streaks = [f"the streak of pupil {one} is not what the sessions give" for one in differing]
    return Rehearsal(revision, rows, pupils, [*found.faults, *streaks])


async def _count_rows(db: AsyncSession) -> dict[str, int]:
    rows = {
        table.name: await db.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }
    return {name: count for name, count in rows.items() if count}


async def _replay_streaks(db: AsyncSession) -> tuple[int, list[int]]:
    pupils, last, differing = 0, 0, list[int]()
    while ids := await replay.next_pupils(db, last):
        differing += await replay.find_suspects(db, ids)
        pupils, last = pupils + len(ids), ids[-1]
    return pupils, differing
