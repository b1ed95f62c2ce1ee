"""When a streak grows, rests, is saved by a freeze or starts again. Pure: no I/O, no clock.

The definition, its reasons and the cases it must survive: ``docs/decisions/0010-streak-days.md``.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from src.clock import local_day
from src.milestones import next_milestone

DAYS_FOR_A_FREEZE = 7
MOST_FREEZES = 2
A_DAY = timedelta(hours=24)


class Change(StrEnum):
    """What a finished session did to a streak."""

    STARTED = "started"
    KEPT = "kept"
    EXTENDED = "extended"
    FROZEN = "frozen"
    RESTARTED = "restarted"


@dataclass(frozen=True, slots=True)
class StreakState:
    """A streak as it stands: all that the next finished session needs to know.

    Attributes:
        current: Days in a row.
        longest: The most days in a row so far.
        freezes: Missed days that can still be forgiven, 0..2.
        last_day: The last local day that counted.
        last_timezone: The zone in which days are read until a day has passed in another one.
        last_counted_at: When the last session that counted a day was finished.
        last_completed_at: When the last session was finished.
        milestones: Milestones reached so far, each once.
    """

    current: int = 0
    longest: int = 0
    freezes: int = 0
    last_day: date | None = None
    last_timezone: str | None = None
    last_counted_at: datetime | None = None
    last_completed_at: datetime | None = None
    milestones: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Practice:
    """A finished session, as far as streaks care.

    Attributes:
        started_at: Aware instant of its first question.
        completed_at: Aware instant of its last answer.
        timezone: The pupil's IANA zone when it was finished.
    """

    started_at: datetime
    completed_at: datetime
    timezone: str


@dataclass(frozen=True, slots=True)
class StreakStep:
    """The state after a finished session, and what to tell the pupil.

    Attributes:
        state: The new state.
        change: What happened.
        freezes_used: How many missed days were forgiven just now.
        freeze_earned: Whether this day earned a freeze.
        milestone: The milestone reached just now, if any.
    """

    state: StreakState
    change: Change
    freezes_used: int = 0
    freeze_earned: bool = False
    milestone: int | None = None


def counted_day(state: StreakState, practice: Practice) -> date:
    """Return the local day for which a finished session counts.

    A session that spans midnight may count for either of its days: the earlier one that is not
    counted yet. After a change of zone the earlier reading of the two zones holds until a day has
    passed, so that no journey earns two days from one.
    """
    zones = {practice.timezone, state.last_timezone or practice.timezone}
    started = min(local_day(practice.started_at, zone) for zone in zones)
    completed = min(local_day(practice.completed_at, zone) for zone in zones)
    if state.last_day is None or started > state.last_day:
        return started
    return max(completed, state.last_day)


def finish(state: StreakState, practice: Practice) -> StreakStep:
    """Apply one finished session to a streak.

    Args:
        state: The streak before it.
        practice: The finished session.

    Returns:
        The streak after it and what changed. A second session on a counted day keeps the streak.
    """
    day = counted_day(state, practice)
    if state.last_day is None:
        return _count(state, practice, day, Change.STARTED, current=1)
    if day <= state.last_day:
        return StreakStep(_touch(state, practice), Change.KEPT)
    missed = (day - state.last_day).days - 1
    if missed == 0 or _within_a_day(state, practice):
        return _count(state, practice, day, Change.EXTENDED, current=state.current + 1)
    if missed <= state.freezes:
        rested = replace(state, freezes=state.freezes - missed)
        step = _count(rested, practice, day, Change.FROZEN, current=state.current + 1)
        return replace(step, freezes_used=missed)
    return _count(state, practice, day, Change.RESTARTED, current=1)


def alive(state: StreakState, now: datetime, timezone: str) -> bool:
    """Tell whether a session finished now would continue the streak rather than start it again."""
    if state.last_day is None or state.current == 0:
        return False
    step = finish(state, Practice(started_at=now, completed_at=now, timezone=timezone))
    return step.change is not Change.RESTARTED


def _within_a_day(state: StreakState, practice: Practice) -> bool:
    """Tell whether at most 24 hours passed: a day of 23 hours must not break a streak."""
    last = state.last_completed_at
    return last is not None and practice.started_at.astimezone(UTC) - last <= A_DAY


def _reference_zone(state: StreakState, practice: Practice) -> str:
    """Return the zone to read days in from now on: a new one only after a day between counts."""
    settled = (
        state.last_timezone is None
        or state.last_counted_at is None
        or practice.completed_at - state.last_counted_at >= A_DAY
    )
    return practice.timezone if settled else (state.last_timezone or practice.timezone)


def _touch(state: StreakState, practice: Practice) -> StreakState:
    latest = max(state.last_completed_at or practice.completed_at, practice.completed_at)
    return replace(state, last_completed_at=latest)


def _count(
    state: StreakState, practice: Practice, day: date, change: Change, *, current: int
) -> StreakStep:
    earned = current % DAYS_FOR_A_FREEZE == 0 and state.freezes < MOST_FREEZES
    reached = next_milestone(current - 1, state.milestones) == current
    after = replace(
        _touch(state, practice),
        current=current,
        longest=max(state.longest, current),
        freezes=state.freezes + earned,
        last_day=day,
        last_timezone=_reference_zone(state, practice),
        last_counted_at=practice.completed_at,
        milestones=(*state.milestones, *([current] * reached)),
    )
    return StreakStep(after, change, freeze_earned=earned, milestone=current if reached else None)
