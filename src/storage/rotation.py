"""Every secret encrypted anew with the newest key, a few at a time, while others work.

Each row is replaced only where it still holds what was read: a token that somebody connects
meanwhile stays theirs. Begun again after a kill it passes over what is done.
"""

from dataclasses import dataclass

from sqlalchemy import Column, Table, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import Base
from src.models.sealed import SealedText
from src.storage.keyring import Keyring, SecretUnreadable

MOST_AT_ONCE = 100


@dataclass(slots=True)
class Rotated:
    """What was done.

    Attributes:
        renewed: Secrets that the newest key encrypts from now on.
        current: Those that it encrypted already.
        unreadable: Those that no key of the ring opens: they stay as they are.
        last_id: The row at which to go on; None at the end.
    """

    renewed: int = 0
    current: int = 0
    unreadable: int = 0
    last_id: int | None = 0


def sealed_columns() -> list[Column[object]]:
    """Return every column that holds secrets."""
    tables = Base.metadata.sorted_tables
    return [one for table in tables for one in table.columns if isinstance(one.type, SealedText)]


async def rotate_some(
    db: AsyncSession, keyring: Keyring, column: Column[object], after: int
) -> Rotated:
    """Encrypt the next secrets of a column anew.

    Args:
        db: The open transaction.
        keyring: The newest key first, and those that were used before.
        column: One of `sealed_columns`.
        after: The row after which to begin; 0 at first.

    Raises:
        NoSecretKey: The ring is empty.
    """
    table: Table = column.table
    rows = await db.execute(
        select(table.c.id, column)
        .where(table.c.id > after, column.is_not(None))
        .order_by(table.c.id)
        .limit(MOST_AT_ONCE)
    )
    found = Rotated(last_id=None)
    for row_id, sealed in rows.all():
        found.last_id = row_id
        try:
            renewed = keyring.renew(sealed)
        except SecretUnreadable:
            found.unreadable += 1
            continue
        if renewed is sealed:
            found.current += 1
            continue
        change = update(table).where(table.c.id == row_id, column == sealed)
        done = await db.execute(change.values({column.name: renewed}).returning(table.c.id))
        found.renewed += len(done.all())
    return found
