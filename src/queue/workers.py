"""Which processes run jobs: each says again and again that it is there."""

import os
import socket
from datetime import datetime, timedelta
from importlib.metadata import version

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import Worker
from src.storage.statements import save

_NAME_LENGTH = 128


def name_of_process() -> str:
    """Return how this process is named among the workers."""
    return f"{socket.gethostname()}:{os.getpid()}"[-_NAME_LENGTH:]


async def beat(db: AsyncSession, now: datetime) -> None:
    """Note that this process is there."""
    seen = {"name": name_of_process(), "seen_at": now, "version": version("dars")}
    await save(db, Worker, ("name",), seen)


async def last_seen(db: AsyncSession) -> datetime | None:
    """Return when a worker was last seen, whichever; None for never."""
    return await db.scalar(select(func.max(Worker.seen_at)))


async def count_seen(db: AsyncSession, since: datetime) -> int:
    """Return how many workers were seen since an instant."""
    seen = select(func.count()).select_from(Worker).where(Worker.seen_at >= since)
    return await db.scalar(seen) or 0


async def forget_gone(db: AsyncSession, now: datetime, keep: timedelta) -> None:
    """Delete the workers that were not seen for some time, but for the last one that was."""
    last = select(func.max(Worker.seen_at)).scalar_subquery()
    gone = (Worker.seen_at < now - keep) & (Worker.seen_at < last)
    await db.execute(delete(Worker).where(gone), execution_options={"synchronize_session": False})
