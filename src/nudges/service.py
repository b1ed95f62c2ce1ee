"""Use cases of nudges. Each runs in the caller's transaction.

The rows of ``notifications`` decide: a pupil has at most one nudge for a local day by a unique
constraint, whoever claims it may send it, and a claimed one is never sent again.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from src import queue
from src.clock import local_day
from src.models import NotificationOutcome
from src.nudges import queries, rules
from src.nudges.queries import DuePupil
from src.nudges.rules import History, Routine, Variant
from src.streaks import service as streaks

SEND = "send_nudges"
MOST_AT_ONCE = 500
ABANDONED_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Nudge:
    """A claimed nudge, ready to be written.

    Attributes:
        id: Of its row.
        chat_id: The pupil's private chat.
        language: ``bn`` or ``en``.
        variant: Which wording.
        streak: Days in a row that practice today would continue.
    """

    id: int
    chat_id: int
    language: str
    variant: Variant
    streak: int


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a claimed nudge.

    Attributes:
        nudge_id: Of its row.
        outcome: None when it certainly did not arrive and may be claimed again.
        sent_at: When Telegram accepted it.
        error: The class of the error.
    """

    nudge_id: int
    outcome: NotificationOutcome | None
    sent_at: datetime | None = None
    error: str | None = None


class Day(NamedTuple):
    """What the rows of pupils who are due together have in common.

    Attributes:
        local_date: The pupils' day.
        expires_at: When its window closes.
        outcome: Why nothing will be sent; None when it will be.
    """

    local_date: date
    expires_at: datetime
    outcome: NotificationOutcome | None


async def reschedule(db: AsyncSession, student_id: int, now: datetime) -> None:
    """Store anew when a pupil is due; call it when they practise or change what it depends on."""
    pupil = await queries.candidate(db, student_id)
    if pupil is not None:
        due_at = _next(pupil, now)
        if due_at != pupil.due_at:
            await queries.set_next_of_one(db, student_id, due_at)


async def stop_for(db: AsyncSession, telegram_id: int) -> None:
    """Nudge a pupil no more until ``reschedule`` is called for them."""
    await queries.clear_next(db, telegram_id)


async def plan(db: AsyncSession, now: datetime) -> int:
    """Make rows for pupils who are due, and put a job into the queue that sends them.

    A pupil whose window has closed meanwhile gets a row that says so.

    Returns:
        How many pupils were due; with ``MOST_AT_ONCE`` there may be more.
    """
    due = await queries.lock_due(db, now, MOST_AT_ONCE)
    days: defaultdict[Day, list[int]] = defaultdict(list)
    following: defaultdict[datetime | None, list[int]] = defaultdict(list)
    for pupil in await queries.candidates(db, due):
        day, next_at = _plan_one(pupil, now)
        if day is not None:
            days[day].append(pupil.student_id)
        following[next_at].append(pupil.student_id)
    for day, students in days.items():
        await queries.add_notifications(db, students, *day)
    await queries.set_next(db, following)
    if days:
        await queue.enqueue(db, SEND, key=SEND)
    return len(due)


def _plan_one(pupil: DuePupil, now: datetime) -> tuple[Day | None, datetime | None]:
    """Return the day for which a pupil is to have a nudge, if any, and when they are due next."""
    routine, history, due_at = pupil.routine, pupil.history, pupil.due_at
    if history is None or due_at is None:
        return None, None
    day = local_day(due_at, routine.timezone)
    if not rules.is_day_for_nudge(day, routine, history):
        return None, rules.next_nudge(routine, history, due_at)
    in_time = rules.may_send(now, day, routine.timezone)
    outcome = None if in_time else NotificationOutcome.SKIPPED_LATE
    next_at = rules.next_nudge(routine, rules.after_nudge(history, day), due_at)
    return Day(day, rules.window_end(day, routine.timezone), outcome), next_at


def _next(pupil: DuePupil, now: datetime) -> datetime | None:
    if pupil.history is None:
        return None
    return rules.next_nudge(pupil.routine, pupil.history, now)


async def tidy(db: AsyncSession, now: datetime) -> None:
    """Close what is over, and see to it that a job sends what waits, should the queue be lost."""
    await queries.close_expired(db, now)
    await queries.close_abandoned(db, now - ABANDONED_AFTER)
    if await queries.find_waiting(db, now, most=1):
        await queue.enqueue(db, SEND, key=SEND)


async def waiting(db: AsyncSession, now: datetime, most: int) -> list[int]:
    """Give up what is too late by now, and return what is to be sent, the most urgent first."""
    await queries.close_expired(db, now)
    return await queries.find_waiting(db, now, most)


async def last_claim(db: AsyncSession, now: datetime) -> datetime | None:
    """Return when a nudge of these days was last claimed, by whatever process."""
    return await queries.last_claim(db, (now - timedelta(days=2)).date())


async def claim(db: AsyncSession, nudge_id: int, now: datetime) -> Nudge | None:
    """Claim a nudge, so that nobody else sends it, if it still fits the pupil.

    Returns:
        What to send once the transaction is committed; None when there is nothing to send.
    """
    found = await queries.lock_waiting(db, nudge_id)
    if found is None or found.pupil.history is None:
        return None
    pupil, history, day = found.pupil, found.pupil.history, found.local_date
    skipped = _reason_to_skip(pupil.routine, history, day, now)
    if skipped is not None:
        await queries.change(db, nudge_id, outcome=skipped)
        return None
    state, alive = await streaks.standing(db, pupil.student_id, now, pupil.routine.timezone)
    streak = state.current if alive else 0
    variant = rules.choose_variant(
        day, pupil.routine, history, streak=streak, longest=state.longest
    )
    await queries.change(db, nudge_id, claimed_at=now, variant=variant)
    return Nudge(nudge_id, found.chat_id, found.language, variant, streak)


def _reason_to_skip(
    routine: Routine, history: History, day: date, now: datetime
) -> NotificationOutcome | None:
    """Return why a nudge that waits no longer fits; None when it does."""
    if not routine.wanted:
        return NotificationOutcome.SKIPPED_UNWANTED
    if rules.has_practised(now, history, routine.timezone):
        return NotificationOutcome.SKIPPED_PRACTISED
    if not rules.may_send(now, day, routine.timezone):
        return NotificationOutcome.SKIPPED_LATE
    return None


async def record(db: AsyncSession, result: Result, now: datetime) -> None:
    """Keep what became of a claimed nudge; one that did not arrive can be claimed again."""
    if result.outcome is None:
        await queries.change(db, result.nudge_id, claimed_at=None, error=result.error)
        return
    await queries.change(
        db, result.nudge_id, outcome=result.outcome, sent_at=result.sent_at, error=result.error
    )
    if result.outcome is NotificationOutcome.BLOCKED:
        await queries.mark_unreachable(db, result.nudge_id, now)
