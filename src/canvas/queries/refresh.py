"""SQL of who is due to be read, and of what a reading did."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from src.models import CanvasConnection, CanvasHost, ConnectionKind, Sealed, SyncPriority, SyncRun

C, H, R = CanvasConnection, CanvasHost, SyncRun
_CORE = {"synchronize_session": False}


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(
        C.secret.is_not(None),
        C.token_invalid_at.is_(None),
        C.kind != ConnectionKind.FEED,
        C.next_sync_at <= now,
        or_(H.paused_until.is_(None), H.paused_until <= now),
    )


async def due(db: AsyncSession, now: datetime, limit: int) -> Sequence[int]:
    """Return the connections that waited longest; those that somebody else has are left out."""
    found = (
        select(C.id)
        .join(H, H.id == C.host_id)
        .where(_is_due(now))
        .order_by(C.next_sync_at, C.id)
        .limit(limit)
        .with_for_update(of=C, skip_locked=True, key_share=True)
    )
    return (await db.scalars(found)).all()


async def set_next(db: AsyncSession, ids: Sequence[int], at: datetime | None) -> None:
    """Set when connections are due next."""
    await db.execute(
        update(C).where(C.id.in_(ids)).values(next_sync_at=at), execution_options=_CORE
    )


async def set_read(
    db: AsyncSession,
    connection_id: int,
    next_at: datetime,
    *,
    planner: Mapping[str, Any] | None,
    at: datetime | None,
) -> None:
    """Note that a connection was read, and when it is due next.

    Args:
        db: The open transaction.
        connection_id: Which.
        next_at: When it is due.
        planner: What its planner said, for the next time.
        at: When it was read, if nothing is missing: the mirror is as it was then.
    """
    read = {} if at is None else {"last_sync_at": at}
    values = {"next_sync_at": next_at, "planner_seen": planner, **read}
    await db.execute(
        update(C).where(C.id == connection_id).values(**values), execution_options=_CORE
    )


async def connection(db: AsyncSession, connection_id: int) -> CanvasConnection | None:
    """Return a connection with its school."""
    found = select(C).where(C.id == connection_id).options(selectinload(C.host))
    return (await db.scalars(found)).one_or_none()


async def is_there(db: AsyncSession, connection_id: int) -> bool:
    """Return whether a connection was not deleted meanwhile."""
    return await db.scalar(select(C.id).where(C.id == connection_id)) is not None


async def set_token(
    db: AsyncSession, connection_id: int, used: Sealed, secret: Sealed, ends: datetime
) -> None:
    """Keep a renewed token, unless another one came meanwhile or it was disconnected."""
    await db.execute(
        update(C)
        .where(C.id == connection_id, C.secret == used)
        .values(secret=secret, token_expires_at=ends),
        execution_options=_CORE,
    )


async def requests_since(db: AsyncSession, connection_id: int, since: datetime) -> int:
    """Return how many requests the background made over a connection since an instant."""
    found = select(func.coalesce(func.sum(R.requests), 0)).where(
        R.connection_id == connection_id,
        R.begun_at > since,
        R.priority == SyncPriority.REFRESH,
    )
    return await db.scalar(found) or 0


async def failures_since(db: AsyncSession, host_id: int, since: datetime) -> int:
    """Return how many readings of a school failed since an instant and its last good one."""
    of_host = select(C.id).where(C.host_id == host_id)
    last = select(func.max(R.begun_at)).where(
        R.connection_id.in_(of_host), R.begun_at > since, R.succeeded
    )
    good = await db.scalar(last)
    found = select(func.count()).where(
        R.connection_id.in_(of_host), R.begun_at > (good or since), ~R.succeeded
    )
    return await db.scalar(found) or 0


async def pause_host(db: AsyncSession, host_id: int, until: datetime) -> None:
    """Ask a school nothing before an instant."""
    later = or_(H.paused_until.is_(None), H.paused_until < until)
    await db.execute(
        update(H).where(H.id == host_id, later).values(paused_until=until),
        execution_options=_CORE,
    )


async def prune_runs(db: AsyncSession, before: datetime, most: int) -> int:
    """Delete old runs; return how many."""
    old = select(R.id).where(R.begun_at < before).limit(most)
    ids = list(await db.scalars(old))
    await db.execute(delete(R).where(R.id.in_(ids)), execution_options=_CORE)
    return len(ids)
