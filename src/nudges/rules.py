"""When a pupil is nudged, and with which words. Pure: no I/O, no clock.

Days are read in the pupil's own time zone. The reasons: ``docs/decisions/0013-nudges.md``.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from src.clock import local_day
from src.outbox.rules import EARLIEST, may_send, window_end
from src.streaks.rules import StreakState, practised

LAST_SLOT = time(20, 59)
DAILY_FOR_DAYS = 7
WEEKLY_FOR_DAYS = 30
FIRST_DAYS = 7
_DAY = timedelta(days=1)
# What lies further ahead was written by a clock that was, and says nothing about the present.
CLOCK_ERROR = timedelta(minutes=5)
NO_STREAK = StreakState()


class Variant(StrEnum):
    """Which wording fits the pupil."""

    STREAK = "streak"
    FIRST_DAYS = "first_days"
    BACK = "back"
    MISSED = "missed"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Routine:
    """What a pupil chose.

    Attributes:
        timezone: IANA name.
        nudge_time: Local time of the nudge.
        wanted: Whether the pupil may be nudged at all: registered, reachable, reminders on.
        holidays: The first and the last local day without nudges.
    """

    timezone: str
    nudge_time: time
    wanted: bool = True
    holidays: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What a pupil did, as far as nudges care.

    Attributes:
        registered_at: Aware instant of the end of the registration.
        last_started_at: When the last session was begun.
        last_completed_at: When the last session was finished.
        last_nudged_on: The last local day that has a nudge, sent or not.
        streak: The streak, which knows the last day that counts.
    """

    registered_at: datetime
    last_started_at: datetime | None = None
    last_completed_at: datetime | None = None
    last_nudged_on: date | None = None
    streak: StreakState = NO_STREAK

    @property
    def last_seen_at(self) -> datetime:
        """When the pupil last practised, or registered."""
        seen = (self.registered_at, self.last_started_at, self.last_completed_at)
        return max(instant for instant in seen if instant is not None)


def slot(day: date, routine: Routine) -> datetime | None:
    """Return the instant of a local day at which its nudge is due, in UTC.

    None where the calendar of the zone has no such moment between 08:00 and 21:00.
    """
    wanted = min(max(routine.nudge_time.replace(tzinfo=None, fold=0), EARLIEST), LAST_SLOT)
    instant = _instant(day, wanted, routine.timezone)
    return instant if may_send(instant, day, routine.timezone) else None


def has_practised(at: datetime, history: History, timezone: str) -> bool:
    """Return whether the local day of an instant counts for the streak already."""
    return practised(history.streak, at, timezone)


def is_day_for_nudge(day: date, routine: Routine, history: History) -> bool:
    """Return whether a pupil who does not practise on a local day is nudged on it.

    Each day for a week, then each seventh day for a month, then no more. A day never has a second
    nudge, nor has one that lies before a day with a nudge: travelling back earns no second one.
    """
    if not routine.wanted or is_holiday(day, routine):
        return False
    if history.last_nudged_on is not None and day <= history.last_nudged_on:
        return False
    silent = silent_days(day, routine, history)
    if silent > DAILY_FOR_DAYS and (silent > WEEKLY_FOR_DAYS or silent % DAILY_FOR_DAYS):
        return False
    due = slot(day, routine) or window_end(day, routine.timezone)
    return not has_practised(due, history, routine.timezone)


def is_holiday(day: date, routine: Routine) -> bool:
    """Return whether a local day is in the holidays that a pupil set."""
    return routine.holidays is not None and routine.holidays[0] <= day <= routine.holidays[1]


def silent_days(day: date, routine: Routine, history: History) -> int:
    """Return for how many local days nothing was heard of the pupil; 0 on the same day."""
    seen = local_day(history.last_seen_at, routine.timezone)
    if routine.holidays is not None and routine.holidays[1] < day:
        # Nobody is missed in their holidays.
        seen = max(seen, routine.holidays[1])
    return max(0, (day - seen).days)


def next_nudge(routine: Routine, history: History, after: datetime) -> datetime | None:
    """Return the next instant at which a nudge may be due if the pupil does not practise.

    Args:
        routine: What the pupil chose.
        history: What the pupil did so far.
        after: An aware instant; the result lies behind it.

    Returns:
        An instant in UTC; None when the pupil is not to be nudged until something changes.
    """
    first = local_day(after, routine.timezone)
    free = 0 if routine.holidays is None else (routine.holidays[1] - routine.holidays[0]).days + 1
    for ahead in range(WEEKLY_FOR_DAYS + 3 + free):
        day = first + ahead * _DAY
        if is_day_for_nudge(day, routine, history):
            due = slot(day, routine)
            if due is not None and due > after:
                return due
    return None


def after_nudge(history: History, day: date) -> History:
    """Return the history with a nudge on a local day."""
    return replace(history, last_nudged_on=day)


def choose_variant(
    day: date, routine: Routine, history: History, *, streak: int, longest: int
) -> Variant:
    """Choose the words.

    Args:
        day: The local day of the nudge.
        routine: What the pupil chose.
        history: What the pupil did so far.
        streak: Days in a row that practice today would continue; 0 when none is alive.
        longest: The most days in a row so far.
    """
    silent = silent_days(day, routine, history)
    if silent > DAILY_FOR_DAYS:
        return Variant.WEEKLY
    if streak >= 2:
        return Variant.STREAK
    registered = local_day(history.registered_at, routine.timezone)
    if (day - registered).days < FIRST_DAYS:
        return Variant.FIRST_DAYS
    if streak == 1 and longest > 1:
        return Variant.BACK
    return Variant.MISSED


def _instant(day: date, at: time, timezone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(timezone)).astimezone(UTC)
