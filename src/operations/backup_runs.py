"""What became of backups and rehearsals: a row each, from its begin."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import BackupKind, BackupRun


async def begin(db: AsyncSession, kind: BackupKind, file: str, now: datetime) -> int:
    """Note that a run begins; return its number."""
    run = BackupRun(kind=kind, file=file, begun_at=now)
    db.add(run)
    await db.flush()
    return run.id


async def end(
    db: AsyncSession, run_id: int, faults: Sequence[str], now: datetime, size: int | None = None
) -> None:
    """Note what became of a run.

    Args:
        db: The open transaction.
        run_id: What `begin` returned.
        faults: What went wrong, a line each; none is well.
        now: The present instant.
        size: Of the file, in bytes.
    """
    result = {"ended_at": now, "ok": not faults, "detail": "\n".join(faults) or None}
    await db.execute(
        update(BackupRun).where(BackupRun.id == run_id).values(result | {"bytes": size})
    )


async def last_good(db: AsyncSession, kind: BackupKind) -> BackupRun | None:
    """Return the latest run of a kind that went well."""
    latest = BackupRun.begun_at.desc()
    well = (BackupRun.kind == kind) & BackupRun.ok.is_(True)
    return await db.scalar(select(BackupRun).where(well).order_by(latest).limit(1))


async def has_failed(db: AsyncSession, kind: BackupKind) -> bool:
    """Return whether the latest run of a kind that has ended went wrong."""
    ended = (BackupRun.kind == kind) & BackupRun.ok.is_not(None)
    latest = select(BackupRun.ok).where(ended).order_by(BackupRun.begun_at.desc()).limit(1)
    return await db.scalar(latest) is False
