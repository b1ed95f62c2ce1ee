"""All that is mirrored over a connection, row by row, for whoever it belongs to."""

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from src.canvas.queries import export as queries

EXPORTED = tuple(queries.TABLES)


def columns_of(name: str) -> list[str]:
    """Return the names of what a row of a table holds, one of `EXPORTED`."""
    columns = queries.TABLES[name].columns
    return [column.name for column in columns if column.name not in queries.OURS]


async def export_rows(
    db: AsyncSession, connection_id: int, name: str
) -> AsyncIterator[dict[str, Any]]:
    """Give the rows of a table, a thousand at a time, in the order in which they were made.

    Args:
        db: A session that only reads.
        connection_id: Whose.
        name: One of `EXPORTED`.
    """
    last: int | None = 0
    while last is not None:
        rows = await queries.some_rows(db, name, connection_id, last)
        last = rows[-1]["id"] if rows else None
        for row in rows:
            yield {key: value for key, value in row.items() if key not in queries.OURS}
