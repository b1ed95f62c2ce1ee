"""When a streak grows, rests, is saved by a freeze or starts again. Pure: no I/O, no clock.

The definition, its reasons and the cases it must survive: ``docs/decisions/0010-streak-days.md``.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

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
        last_counted_at: When the work was done that made the last day count.
        last_completed_at: When the last session with any work in it was finished.
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
        worked_at: When each problem was closed that was not skipped, aware.
    """

    started_at: datetime
    completed_at: datetime
    timezone: str
    worked_at: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class StreakStep:
    """The state after a finished session, and what to tell the pupil.

    Attributes:
        state: The new state.
        change: What happened.
        freezes_used: How many missed days were forgiven just now.
        freeze_earned: Whether this day earned a freeze.
        milestone: The milestone reached just now, if any.
        running: Whether the streak would go on with work at the end of the session.
    """

    state: StreakState
    change: Change
    freezes_used: int = 0
    freeze_earned: bool = False
    milestone: int | None = None
    running: bool = True


def finish(state: StreakState, practice: Practice) -> StreakStep:
    """Apply one finished session to a streak.

    Args:
        state: The streak before it.
        practice: The finished session.

    Returns:
        The streak after it and what changed. Work on counted days keeps the streak; a session
        without work leaves it as it is.
    """
    if not practice.worked_at:
        running = alive(state, practice.completed_at, practice.timezone)
        return StreakStep(state, Change.KEPT, running=running)
    step = StreakStep(state, Change.KEPT)
    for instant in sorted(practice.worked_at):
        # Read as before the session throughout: a change of zone must not part one day in two.
        day = _day_of(state, instant, practice.timezone)
        if step.state.last_day is None or day > step.state.last_day:
            step = _add_day(step, practice, instant, day)
    return replace(step, state=_touch(step.state, practice))


def practised(state: StreakState, at: datetime, timezone: str) -> bool:
    """Return whether work at an instant would count no new day."""
    return state.last_day is not None and _day_of(state, at, timezone) <= state.last_day


def alive(state: StreakState, now: datetime, timezone: str) -> bool:
    """Return whether a session worked on now would continue the streak, not start it again."""
    if state.last_day is None or state.current == 0:
        return False
    step = finish(state, Practice(now, now, timezone, (now,)))
    return step.change is not Change.RESTARTED


def alive_until(state: StreakState, timezone: str) -> datetime | None:
    """Return the instant from which on a streak is dead; None where there is none.

    Args:
        state: The streak.
        timezone: The pupil's IANA zone.
    """
    if state.last_day is None or state.current == 0:
        return None
    after = state.last_day + timedelta(days=state.freezes + 2)
    ends = [
        datetime.combine(after, time(), ZoneInfo(zone)).astimezone(UTC)
        for zone in {timezone, state.last_timezone or timezone}
    ]
    last = state.last_completed_at
    return max(ends if last is None else [*ends, last.astimezone(UTC) + A_DAY])


def _day_of(state: StreakState, at: datetime, timezone: str) -> date:
    """Return the local day of an instant, in the earlier reading after a change of zone.

    It holds until a day has passed, so that no journey earns two days from one.
    """
    return min(local_day(at, zone) for zone in {timezone, state.last_timezone or timezone})


def _add_day(step: StreakStep, practice: Practice, at: datetime, day: date) -> StreakStep:
    """Count a day of a session; the first one decides what becomes of the streak."""
    if step.change is Change.KEPT:
        return _add_first_day(step.state, practice, at, day)
    more = _count(step.state, practice, at, day, step.change, current=step.state.current + 1)
    return replace(
        more,
        freezes_used=step.freezes_used,
        freeze_earned=step.freeze_earned or more.freeze_earned,
        milestone=more.milestone or step.milestone,
    )


def _add_first_day(state: StreakState, practice: Practice, at: datetime, day: date) -> StreakStep:
    if state.last_day is None:
        return _count(state, practice, at, day, Change.STARTED, current=1)
    missed = (day - state.last_day).days - 1
    if missed == 0 or _within_a_day(state, practice):
        return _count(state, practice, at, day, Change.EXTENDED, current=state.current + 1)
    if missed <= state.freezes:
        rested = replace(state, freezes=state.freezes - missed)
        step = _count(rested, practice, at, day, Change.FROZEN, current=state.current + 1)
        return replace(step, freezes_used=missed)
    return _count(state, practice, at, day, Change.RESTARTED, current=1)


def _within_a_day(state: StreakState, practice: Practice) -> bool:
    """Return whether at most 24 hours passed: a day of 23 hours must not break a streak."""
    last = state.last_completed_at
    return last is not None and practice.started_at.astimezone(UTC) - last <= A_DAY


def _reference_zone(state: StreakState, practice: Practice, at: datetime) -> str:
    """Return the zone to read days in from now on: a new one only after a day between counts."""
    settled = (
        state.last_timezone is None
        or state.last_counted_at is None
        or at - state.last_counted_at >= A_DAY
    )
    return practice.timezone if settled else (state.last_timezone or practice.timezone)


def _touch(state: StreakState, practice: Practice) -> StreakState:
    latest = max(state.last_completed_at or practice.completed_at, practice.completed_at)
    return replace(state, last_completed_at=latest)


def _count(
    state: StreakState,
    practice: Practice,
    at: datetime,
    day: date,
    change: Change,
    *,
    current: int,
) -> StreakStep:
    earned = current % DAYS_FOR_A_FREEZE == 0 and state.freezes < MOST_FREEZES
    reached = next_milestone(current - 1, state.milestones) == current
    after = replace(
        state,
        current=current,
        longest=max(state.longest, current),
        freezes=state.freezes + earned,
        last_day=day,
        last_timezone=_reference_zone(state, practice, at),
        last_counted_at=at,
        milestones=(*state.milestones, *([current] * reached)),
    )
    return StreakStep(after, change, freeze_earned=earned, milestone=current if reached else None)
