"""When something is due, and when a pupil is reminded of it. Pure: no I/O, no clock.

Days are read in the pupil's own time zone. The reasons:
``docs/decisions/0033-reminders-of-deadlines.md``.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum, unique
from functools import lru_cache
from zoneinfo import ZoneInfo

from src.clock import local_day
from src.outbox.rules import EARLIEST, LATEST, next_waking

FREE_TASKS_A_MONTH = 5
LONGEST_TITLE = 200
LONGEST_COURSE = 100
# What is due on a day, without a time, is due at its last minute, as Canvas has it.
END_OF_DAY = time(23, 59)
# Early enough before the quiet hours that a worker which was away for a while still comes.
EVENING = time(20, 30)
# A reminder that would come later than this before the deadline comes the evening before.
NEAREST = timedelta(minutes=30)
_DAY = timedelta(days=1)
MONDAY_MORNING = time(8, 0)


@unique
class Tier(StrEnum):
    """How long before a deadline a reminder comes; the longest first."""

    WEEK = "1w"
    THREE_DAYS = "3d"
    DAY = "1d"
    TWELVE_HOURS = "12h"
    THREE_HOURS = "3h"
    HOUR = "1h"

    @property
    def before(self) -> timedelta:
        """Return how long before the deadline it is."""
        return _BEFORE[self]

    @property
    def flag(self) -> str:
        """Return the column that says that it was sent."""
        return f"reminder_{self}_sent"

    @property
    def bit(self) -> int:
        """Return its place among the tiers that a pupil does not want."""
        return 1 << TIERS.index(self)


_BEFORE = {
    Tier.WEEK: timedelta(days=7),
    Tier.THREE_DAYS: timedelta(days=3),
    Tier.DAY: timedelta(days=1),
    Tier.TWELVE_HOURS: timedelta(hours=12),
    Tier.THREE_HOURS: timedelta(hours=3),
    Tier.HOUR: timedelta(hours=1),
}
TIERS = tuple(Tier)
FREE_TIERS = frozenset({Tier.DAY})


class When(StrEnum):
    """Where in the list a task stands."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"


def end_of_day(day: date, timezone: str) -> datetime:
    """Return 23:59 of a local day, in UTC."""
    return datetime.combine(day, END_OF_DAY, ZoneInfo(timezone)).astimezone(UTC)


def day_bounds(now: datetime, timezone: str, days: int = 1) -> tuple[datetime, datetime]:
    """Return when the local day of an instant began, and when so many days are over, in UTC."""
    first = local_day(now, timezone)
    return _midnight(first, timezone), _midnight(first + days * _DAY, timezone)


def _midnight(day: date, timezone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC)


def part_of(due_at: datetime | None, now: datetime, timezone: str) -> When:
    """Return where in the list something stands: a week is seven local days, with today.

    What was due earlier today is overdue.
    """
    if due_at is None:
        return When.LATER
    if due_at < now:
        return When.OVERDUE
    if due_at < day_bounds(now, timezone)[1]:
        return When.TODAY
    return When.WEEK if due_at < day_bounds(now, timezone, 7)[1] else When.LATER


def month_of(now: datetime, timezone: str) -> date:
    """Return the first day of a local month."""
    return local_day(now, timezone).replace(day=1)


def counted(used: int, month: date | None, now: datetime, timezone: str) -> int:
    """Return how many own tasks count in the local month of an instant."""
    return used if month == month_of(now, timezone) else 0


def can_add_manual_task(used: int, *, is_premium: bool) -> bool:
    """Return whether one more own task may be added in this month.

    Args:
        used: How many were added in it, as `counted` says.
        is_premium: Whether the pupil has premium.
    """
    return is_premium or used < FREE_TASKS_A_MONTH


@lru_cache(maxsize=4096)
def reminder(due_at: datetime, tier: Tier, timezone: str) -> datetime:
    """Return when the reminder of a tier comes, as nobody is woken for one.

    In the quiet hours it waits for their end if that is well before the deadline; otherwise it
    comes the evening before, with those that would come between half past eight and nine: two
    messages in some minutes help nobody.
    """
    wanted = due_at - tier.before
    at = wanted.astimezone(ZoneInfo(timezone)).time()
    if EARLIEST <= at <= EVENING:
        return wanted
    if EVENING < at < LATEST:
        return min(wanted, _evening_before(wanted, timezone))
    waking = next_waking(wanted, timezone)
    if waking + NEAREST <= due_at:
        return waking
    return _evening_before(wanted, timezone)


def _evening_before(at: datetime, timezone: str) -> datetime:
    """Return half past eight in the evening before some quiet hours, or of a day."""
    local = at.astimezone(ZoneInfo(timezone))
    day = local.date() - _DAY * (local.time() < EARLIEST)
    return datetime.combine(day, EVENING, ZoneInfo(timezone)).astimezone(UTC)


def passed(
    due_at: datetime | None, sent: Collection[Tier], now: datetime, timezone: str
) -> list[Tier]:
    """Return the tiers whose reminder is to come now, or should have come."""
    if due_at is None:
        return []
    unsent = (tier for tier in TIERS if tier not in sent)
    return [tier for tier in unsent if reminder(due_at, tier, timezone) <= now]


def next_reminder(
    due_at: datetime | None,
    sent: Collection[Tier],
    timezone: str,
    snoozed_until: datetime | None = None,
) -> datetime | None:
    """Return when to look at a task next; None when nothing more is to be told of it."""
    instants = [] if snoozed_until is None else [snoozed_until]
    if due_at is not None:
        instants += [reminder(due_at, tier, timezone) for tier in TIERS if tier not in sent]
    return min(instants, default=None)


def goes_out(due_at: datetime | None, now: datetime, timezone: str) -> datetime | None:
    """Return when what is to be told now may be told; None where that is after the deadline."""
    at = next_waking(now, timezone)
    return at if due_at is None or at < due_at else None


def wanted_tiers(muted: int, *, is_premium: bool) -> frozenset[Tier]:
    """Return the tiers of which a pupil is told.

    Args:
        muted: A bit for each that they switched off.
        is_premium: Whether they have premium; without it there is one.
    """
    offered: Iterable[Tier] = TIERS if is_premium else FREE_TIERS
    return frozenset(tier for tier in offered if not muted & tier.bit)


def tomorrow(now: datetime, timezone: str) -> datetime:
    """Return the same time tomorrow, or the nearest one outside the quiet hours."""
    local = now.astimezone(ZoneInfo(timezone))
    at = min(max(local.time().replace(second=0, microsecond=0, fold=0), EARLIEST), EVENING)
    return datetime.combine(local.date() + _DAY, at, ZoneInfo(timezone)).astimezone(UTC)


def next_monday(now: datetime, timezone: str) -> datetime:
    """Return the next Monday at eight in the morning, in UTC."""
    day = local_day(now, timezone)
    first = day + _DAY * (-day.weekday() % 7)
    at = datetime.combine(first, MONDAY_MORNING, ZoneInfo(timezone)).astimezone(UTC)
    if at > now:
        return at
    return datetime.combine(first + 7 * _DAY, MONDAY_MORNING, ZoneInfo(timezone)).astimezone(UTC)
