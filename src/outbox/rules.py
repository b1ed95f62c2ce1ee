"""What holds for each kind of message, and the hours in which nobody is disturbed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from src.models import OutboxKind

EARLIEST = time(8, 0)
LATEST = time(21, 0)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a kind.

    Attributes:
        priority: The least goes first.
        at_least_once: Whether it is sent again where it may not have arrived; the others go out
            at most once.
        keeps_quiet: Whether it waits for the end of the quiet hours, 21:00 to 08:00 local.
    """

    priority: int
    at_least_once: bool
    keeps_quiet: bool


TERMS: Mapping[OutboxKind, Terms] = {
    OutboxKind.REPLY: Terms(priority=0, at_least_once=True, keeps_quiet=False),
    OutboxKind.REMINDER: Terms(priority=1, at_least_once=True, keeps_quiet=True),
    OutboxKind.NUDGE: Terms(priority=2, at_least_once=False, keeps_quiet=True),
    OutboxKind.SETTLED: Terms(priority=2, at_least_once=True, keeps_quiet=True),
    OutboxKind.PREMIUM: Terms(priority=2, at_least_once=True, keeps_quiet=True),
    OutboxKind.GUARDIAN: Terms(priority=3, at_least_once=False, keeps_quiet=True),
    OutboxKind.ANNOUNCEMENT: Terms(priority=3, at_least_once=False, keeps_quiet=True),
}
AT_LEAST_ONCE = tuple(kind for kind, terms in TERMS.items() if terms.at_least_once)


def window_end(day: date, timezone: str) -> datetime:
    """Return 21:00 of a local day, in UTC."""
    return datetime.combine(day, LATEST, ZoneInfo(timezone)).astimezone(UTC)


def is_quiet(now: datetime, timezone: str) -> bool:
    """Return whether it is between 21:00 and 08:00 where somebody lives."""
    return not EARLIEST <= now.astimezone(ZoneInfo(timezone)).time() < LATEST


def next_waking(now: datetime, timezone: str) -> datetime:
    """Return the next instant outside the quiet hours where somebody lives: now, or 08:00."""
    if not is_quiet(now, timezone):
        return now
    local = now.astimezone(ZoneInfo(timezone))
    day = local.date() + timedelta(days=local.time() >= LATEST)
    return datetime.combine(day, EARLIEST, ZoneInfo(timezone)).astimezone(UTC)


def may_send(now: datetime, day: date, timezone: str) -> bool:
    """Return whether it is that local day and between 08:00 and 21:00."""
    same_day = now.astimezone(ZoneInfo(timezone)).date() == day
    return same_day and not is_quiet(now, timezone)
