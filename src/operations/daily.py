"""How yesterday went, for operators who want to hear of it each morning."""

import math
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import BackupKind, Dispute
from src.operations import backup_runs, statistics
from src.operations.statistics import Rows, Span, Topic


@dataclass(frozen=True, slots=True)
class DailyFigures:
    """What a day came to.

    Attributes:
        day: The pupils' own.
        pupils: Who began a session.
        new_pupils: Who finished their registration.
        sessions: Begun.
        finished: Of these.
        solved: Problems.
        nudges: Sent.
        came: Who began a session within a day of one.
        dollars: What the language model cost (UTC).
        disputes: Answers that pupils defend and nobody has decided, of all days.
        backup_hours: Since the last good backup; None for never.
    """

    day: date
    pupils: int
    new_pupils: int
    sessions: int
    finished: int
    solved: int
    nudges: int
    came: int
    dollars: Decimal
    disputes: int
    backup_hours: int | None


async def read(db: AsyncSession, day: date, now: datetime) -> DailyFigures:
    """Return what a day came to; nobody is named."""
    span = Span(day, day)
    activity = await statistics.read(db, Topic.ACTIVITY, span)
    nudges = await statistics.read(db, Topic.NUDGES, span)
    costs = await statistics.read(db, Topic.COSTS, span)
    open_disputes = select(func.count()).select_from(Dispute).where(Dispute.decision.is_(None))
    backup = await backup_runs.last_good(db, BackupKind.BACKUP)
    age = None if backup is None else math.floor((now - backup.begun_at).total_seconds() / 3600)
    return DailyFigures(
        day=day,
        pupils=_sum(activity, "pupils"),
        new_pupils=_sum(activity, "new_pupils"),
        sessions=_sum(activity, "sessions"),
        finished=_sum(activity, "finished"),
        solved=_sum(activity, "solved"),
        nudges=_sum(nudges, "sent"),
        came=_sum(nudges, "came"),
        dollars=sum((Decimal(row["dollars"]) for row in costs), Decimal(0)),
        disputes=await db.scalar(open_disputes) or 0,
        backup_hours=age,
    )


def _sum(rows: Rows, name: str) -> int:
    return sum(int(row[name]) for row in rows)
