"""Data migrations: a lost row, a changed sum, a changed row and a kill leave all as it was."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from src import database
from src.errors import DataChanged
from src.operations.data_migration import Check, batches, guarded
from src.storage.schema import migration_connection

ROWS = 2500
CHECK = Check("old", after="new", sums=("points",), sampled=("words",))


@pytest.fixture
async def filled(database_url: str) -> str:
    async with migration_connection(database.get_engine()) as db:
        for name in ("old", "new"):
            await db.execute(
                text(f"CREATE TABLE {name} (id BIGINT PRIMARY KEY, points INTEGER, words TEXT)")
            )
        rows = [{"id": 7 * n, "points": n % 11, "words": f"কথা {n}"} for n in range(ROWS)]
        await db.execute(text("INSERT INTO old VALUES (:id, :points, :words)"), rows)
    return database_url


def move(connection: Connection, spoil: str = "") -> list[int]:
    """Move all rows in batches under guard; spoil what was moved by a statement."""
    sizes = []
    with guarded(connection, CHECK):
        for low, high in batches(connection, "old", size=1000):
            moved = connection.execute(
                text("INSERT INTO new SELECT * FROM old WHERE id BETWEEN :low AND :high"),
                {"low": low, "high": high},
            )
            sizes.append(moved.rowcount)
        if spoil:
            connection.execute(text(spoil))
    return sizes


async def count(db: AsyncConnection, name: str) -> int:
    found: int | None = await db.scalar(text(f"SELECT count(*) FROM {name}"))
    return found or 0


@pytest.mark.usefixtures("filled")
async def test_all_rows_move_in_batches() -> None:
    async with migration_connection(database.get_engine()) as db:
        assert await db.run_sync(move) == [1000, 1000, 500]
    async with database.get_engine().connect() as db:
        assert await count(db, "new") == ROWS


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("DELETE FROM new WHERE id = 7", "new: 2500 rows before, 2499 after"),
        ("UPDATE new SET points = points + 1 WHERE id = 14", r"new.points: the sum was"),
        ("UPDATE new SET words = 'x'", "new: the row 0 is another one"),
        ("UPDATE new SET id = id + 1", "new: the row 0 is gone"),
    ],
)
async def test_what_was_lost_or_changed_is_named_and_rolled_back(spoil: str, words: str) -> None:
    with pytest.raises(DataChanged, match=words):
        async with migration_connection(database.get_engine()) as db:
            await db.run_sync(move, spoil)
    async with database.get_engine().connect() as db:
        assert (await count(db, "old"), await count(db, "new")) == (ROWS, 0)


class Killed(BaseException):
    """As from a process that ends in the middle."""


@pytest.mark.usefixtures("filled")
async def test_an_end_in_the_middle_leaves_all_as_it_was() -> None:
    def half(connection: Connection) -> None:
        with guarded(connection, CHECK):
            for _, high in batches(connection, "old", size=1000):
                connection.execute(text("DELETE FROM old WHERE id <= :high").bindparams(high=high))
                raise Killed

    with pytest.raises(Killed):
        async with migration_connection(database.get_engine()) as db:
            await db.run_sync(half)
    async with database.get_engine().connect() as db:
        assert await count(db, "old") == ROWS
