"""Closes what is over and deletes what nobody needs any more. Each call is one short step."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import (
    Base,
    Export,
    Notification,
    OutboxMessage,
    ProcessedUpdate,
    ReceivedUpdate,
    Session,
    SessionStatus,
)
from src.storage.statements import table_of

MOST_AT_ONCE = 1000


async def expire_sessions(db: AsyncSession, now: datetime) -> int:
    """Mark sessions whose time has passed as expired; return how many, a thousand at most.

    Those that a pupil is using at this moment are left to the pupil's own update.
    """
    over = (
        select(Session.id)
        .where(Session.status == SessionStatus.ACTIVE, Session.expires_at <= now)
        .order_by(Session.expires_at)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    ids = list(await db.scalars(over))
    if ids:
        await db.execute(
            update(Session)
            .where(Session.id.in_(ids), Session.status == SessionStatus.ACTIVE)
            .values(status=SessionStatus.EXPIRED),
            execution_options={"synchronize_session": False},
        )
    return len(ids)


async def prune_updates(db: AsyncSession, before: datetime) -> int:
    """Delete records of updates that Telegram can no longer send again; return how many.

    Args:
        db: The open transaction.
        before: Keep what was received since; well over the day for which Telegram tries again.
    """
    gone = await _prune(db, ReceivedUpdate, ReceivedUpdate.created_at < before)
    return gone + await _prune(db, ProcessedUpdate, ProcessedUpdate.created_at < before)


async def prune_messages(db: AsyncSession, before: datetime) -> int:
    """Delete records of what Dars wrote first before an instant; return how many."""
    old = (OutboxMessage.due_at < before) & OutboxMessage.outcome.is_not(None)
    # Implied, wherever the reader lives; by their day the old ones are found without a scan.
    old &= OutboxMessage.local_day <= before.date() + timedelta(days=1)
    gone = await _prune(db, OutboxMessage, old)
    return gone + await _prune(db, Notification, Notification.due_at < before)


async def prune_exports(db: AsyncSession, before: datetime) -> int:
    """Delete requests for data that were answered before an instant; return how many."""
    return await _prune(db, Export, Export.sent_at < before)


async def _prune(db: AsyncSession, model: type[Base], old: ColumnElement[bool]) -> int:
    key = tuple_(*table_of(model).primary_key)
    some = select(*table_of(model).primary_key).where(old).limit(MOST_AT_ONCE)
    gone = await db.execute(
        delete(model).where(key.in_(some)).returning(literal(1)),
        execution_options={"synchronize_session": False},
    )
    return len(gone.all())
