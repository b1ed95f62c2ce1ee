"""What became of nudges, for operators."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from src import queue
from src.nudges import queries


@dataclass(frozen=True, slots=True)
class Count:
    """How many nudges of a local day had an outcome.

    Attributes:
        local_date: The pupils' day.
        outcome: What became of them; ``waiting`` and ``in hand`` are not decided yet.
        variant: Which wording; None for those that were never written.
        nudges: How many.
    """

    local_date: date
    outcome: str
    variant: str | None
    nudges: int


@dataclass(frozen=True, slots=True)
class NudgeReport:
    """What became of nudges, and what waits.

    Attributes:
        counts: By local day, outcome and wording.
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
    rows = await queries.count_outcomes(db, (now - timedelta(days=days)).date())
    counts = sorted(
        (
            Count(day, outcome or ("in hand" if claimed else "waiting"), variant, nudges)
            for day, outcome, variant, claimed, nudges in rows
        ),
        key=lambda count: (-count.local_date.toordinal(), count.outcome, count.variant or ""),
    )
    due, scheduled, next_at = await queries.count_due(db, now)
    waiting = await queue.backlog(db)
    return NudgeReport(tuple(counts), due, scheduled, next_at, waiting.jobs)


def as_json(report: NudgeReport) -> dict[str, Any]:
    """Return a report as plain JSON."""
    plain = asdict(report)
    plain["counts"] = [
        {**asdict(count), "local_date": count.local_date.isoformat()} for count in report.counts
    ]
    return plain | {"next_at": instant(report.next_at)}


def instant(at: datetime | None) -> str | None:
    """Write an instant for people and scripts, in UTC."""
    return at.isoformat(timespec="seconds") if at is not None else None
