"""The record of handled updates: what makes an update count once."""

from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from src.errors import DuplicateUpdate
from src.models import ProcessedUpdate, UpdateStatus
from src.storage.prepared import Prepared, run
from src.storage.statements import dialect_insert, dialect_of, insert_for, table_of

MOST_ATTEMPTS = 3
TABLE = table_of(ProcessedUpdate)


@cache
def _record(dialect: str) -> Prepared:
    """Return the INSERT of a handled update; it takes over the row of one that was failing."""
    statement = dialect_insert(dialect)(TABLE)
    taken_over = statement.on_conflict_do_update(
        index_elements=[TABLE.c.update_id],
        set_={name: statement.excluded[name] for name in ("status", "replies", "updated_at")},
        where=TABLE.c.status == UpdateStatus.FAILING,
    )
    return Prepared(taken_over.returning(TABLE.c.update_id))


async def record_done(db: AsyncSession, update_id: int, replies: list[dict[str, Any]]) -> None:
    """Record an update as handled, in the transaction of its effects.

    Args:
        db: The transaction that holds the effects.
        update_id: Telegram's number of the update.
        replies: What the pupil is told, to be said again if the update comes again.

    Raises:
        DuplicateUpdate: It was handled before; the transaction must be rolled back.
    """
    values = {"update_id": update_id, "status": UpdateStatus.DONE, "replies": replies}
    done = await run(db, _record(dialect_of(db)), values)
    if not done:
        raise DuplicateUpdate


async def stored_replies(db: AsyncSession, update_id: int) -> list[dict[str, Any]] | None:
    """Return what was said to an update that is over; None for one that is not."""
    statement = select(ProcessedUpdate.replies).where(
        ProcessedUpdate.update_id == update_id,
        ProcessedUpdate.status != UpdateStatus.FAILING,
    )
    return (await db.execute(statement)).scalar_one_or_none()


async def record_failure(
    db: AsyncSession, update_id: int, error: str, replies: list[dict[str, Any]]
) -> bool:
    """Count a failed attempt at an update, in a transaction of its own.

    Args:
        db: A transaction with nothing else in it.
        update_id: Telegram's number of the update.
        error: The class of the error; never its text, which may quote the pupil.
        replies: The apology that is said when the update is given up.

    Returns:
        Whether the update is given up: this was the last attempt.
    """
    attempts = ProcessedUpdate.attempts + 1
    statement = insert_for(db)(ProcessedUpdate).values(
        update_id=update_id, status=UpdateStatus.FAILING, attempts=1, error=error
    )
    row = await db.execute(
        statement.on_conflict_do_update(
            index_elements=[ProcessedUpdate.update_id], set_={"attempts": attempts, "error": error}
        ).returning(ProcessedUpdate.attempts)
    )
    if row.scalar_one() < MOST_ATTEMPTS:
        return False
    record = await db.get_one(ProcessedUpdate, update_id)
    record.status, record.replies = UpdateStatus.FAILED, replies
    return True
