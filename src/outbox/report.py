"""What became of messages, for operators."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from src.models import OutboxKind, OutboxOutcome
from src.outbox import queries

MAYBE_TWICE = "sent, maybe twice"


@dataclass(frozen=True, slots=True)
class Count:
    """How many messages of a kind and a local day had an outcome.

    Attributes:
        kind: What they are.
        local_day: The readers' day.
        outcome: What became of them; ``waiting`` and ``in hand`` are not decided yet, and what was
            sent again after a kill or a cut line is `MAYBE_TWICE`.
        variant: Which wording; None for those that were never written.
        messages: How many.
    """

    kind: str
    local_day: date
    outcome: str
    variant: str | None
    messages: int


async def count(
    db: AsyncSession, now: datetime, days: int, kind: OutboxKind | None = None
) -> tuple[Count, ...]:
    """Count the messages of some days back, the newest day first."""
    rows = await queries.count_outcomes(db, (now - timedelta(days=days)).date(), kind)
    counts = (
        Count(kind.value, day, _named(outcome, claimed=claimed, twice=twice), variant, number)
        for kind, day, outcome, variant, claimed, twice, number in rows
    )
    return tuple(sorted(counts, key=_newest_first))


def _named(outcome: OutboxOutcome | None, *, claimed: bool, twice: bool) -> str:
    if outcome is None:
        return "in hand" if claimed else "waiting"
    return MAYBE_TWICE if twice else outcome


def _newest_first(found: Count) -> tuple[str | int, ...]:
    return (-found.local_day.toordinal(), found.kind, found.outcome, found.variant or "")


def as_json(found: Count) -> dict[str, Any]:
    """Return a count as plain JSON."""
    return asdict(found) | {"local_day": found.local_day.isoformat()}
