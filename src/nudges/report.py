"""What became of nudges, for operators."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from src import queue
from src.models import OutboxKind
from src.nudges import queries
from src.outbox import report as outbox
from src.outbox.report import Count


@dataclass(frozen=True, slots=True)
class NudgeReport:
    """What became of nudges, and what waits.

    Attributes:
        counts: Of the outbox, by local day, outcome and wording.
        due_now: Pupils who are due and have no row yet.
        scheduled: Pupils who have a time at which they may be due.
        next_at: The earliest of these times.
        queued_jobs: Jobs of any kind that wait in the queue of a server.
    """

    counts: tuple[Count, ...]
    due_now: int
    scheduled: int
    next_at: datetime | None
    queued_jobs: int


async def read(db: AsyncSession, now: datetime, days: int) -> NudgeReport:
    """Count the nudges of some days back."""
    counts = await outbox.count(db, now, days, OutboxKind.NUDGE)
    due, scheduled, next_at = await queries.count_due(db, now)
    waiting = await queue.backlog(db)
    return NudgeReport(counts, due, scheduled, next_at, waiting.jobs)


def as_json(report: NudgeReport) -> dict[str, Any]:
    """Return a report as plain JSON."""
    plain = asdict(report)
    plain["counts"] = [outbox.as_json(count) for count in report.counts]
    return plain | {"next_at": instant(report.next_at)}


def instant(at: datetime | None) -> str | None:
    """Write an instant for people and scripts, in UTC."""
    return at.isoformat(timespec="seconds") if at is not None else None
