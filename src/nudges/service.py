"""Use cases of nudges. Each runs in the caller's transaction.

A nudge is a message of the outbox whose subject is the pupil's day: there is at most one for each.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from src.clock import local_day
from src.language import Language
from src.models import OutboxKind, OutboxOutcome
from src.nudges import queries, rules
from src.nudges.queries import DuePupil
from src.nudges.rules import History, Routine, Variant
from src.outbox import service as outbox
from src.outbox.rules import may_send, window_end
from src.outbox.service import Entry, Waiting
from src.streaks import service as streaks

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Nudge:
    """A nudge that fits, ready to be written.

    Attributes:
        chat_id: The pupil's private chat.
        language: ``bn`` or ``en``.
        variant: Which wording.
        streak: Days in a row that practice today would continue.
        student_id: Who is meant, where several pupils share the phone; None where there is one.
        name: What they are called.
    """

    chat_id: int
    language: Language
    variant: Variant
    streak: int
    student_id: int | None = None
    name: str | None = None


async def reschedule(db: AsyncSession, student_id: int, now: datetime) -> None:
    """Store anew when a pupil is due; call it when they practise or change what it depends on."""
    pupil = await queries.candidate(db, student_id, now)
    if pupil is not None:
        due_at = _next(pupil, now)
        if due_at != pupil.due_at:
            await queries.set_next_of_one(db, student_id, due_at)


def is_ahead(instant: datetime, now: datetime) -> bool:
    """Return whether only a clock that was ahead can have written an instant."""
    return instant > now + rules.CLOCK_ERROR


async def mend(db: AsyncSession, after: int, now: datetime) -> int | None:
    """Store anew when some pupils are due, of whom a clock that was ahead has written.

    Args:
        db: The open transaction.
        after: Only pupils with a higher id.
        now: The present instant.

    Returns:
        The id to go on after; None when these were all.
    """
    misled = await queries.lock_misled(db, after, now, MOST_AT_ONCE)
    await reckon_anew(db, misled, now)
    return misled[-1] if len(misled) == MOST_AT_ONCE else None


async def reckon_anew(db: AsyncSession, students: Sequence[int], now: datetime) -> None:
    """Store anew when locked pupils are due, without what a clock that was ahead has planned."""
    await queries.forget_misled(db, students, now)
    following: defaultdict[datetime | None, list[int]] = defaultdict(list)
    for pupil in await queries.candidates(db, students, now):
        following[_next(pupil, now)].append(pupil.student_id)
    await queries.set_next(db, following)


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
    entries: defaultdict[Entry, list[int]] = defaultdict(list)
    following: defaultdict[datetime | None, list[int]] = defaultdict(list)
    for pupil in await queries.candidates(db, due, now):
        entry, next_at = _plan_one(pupil, now)
        if entry is not None:
            entries[entry].append(pupil.student_id)
        following[next_at].append(pupil.student_id)
    for entry, students in entries.items():
        await outbox.add(db, students, entry)
    await queries.set_next(db, following)
    if entries:
        await outbox.send_soon(db)
    return len(due)


def _plan_one(pupil: DuePupil, now: datetime) -> tuple[Entry | None, datetime | None]:
    """Return the nudge that a pupil is to have, if any, and when they are due next."""
    routine, history, due_at = pupil.routine, pupil.history, pupil.due_at
    if history is None or due_at is None:
        return None, None
    day = local_day(due_at, routine.timezone)
    if not rules.is_day_for_nudge(day, routine, history):
        return None, rules.next_nudge(routine, history, due_at)
    next_at = rules.next_nudge(routine, rules.after_nudge(history, day), due_at)
    in_time = may_send(now, day, routine.timezone)
    outcome = None if in_time else OutboxOutcome.SKIPPED_LATE
    end = window_end(day, routine.timezone)
    return Entry(OutboxKind.NUDGE, day.isoformat(), day, due_at, end, outcome), next_at


def _next(pupil: DuePupil, now: datetime) -> datetime | None:
    if pupil.history is None:
        return None
    return rules.next_nudge(pupil.routine, pupil.history, now)


async def prepare(db: AsyncSession, message: Waiting, now: datetime) -> Nudge | OutboxOutcome:
    """Return a locked nudge if it still fits the pupil, or why it does not."""
    pupil = await queries.candidate(db, message.student_id or 0, now)
    if pupil is None or pupil.history is None:
        return OutboxOutcome.SKIPPED_UNWANTED
    routine, history, day = pupil.routine, pupil.history, message.local_day
    skipped = _reason_to_skip(routine, history, day, now)
    if skipped is not None:
        return skipped
    state, alive = await streaks.standing(db, pupil.student_id, now, routine.timezone)
    streak = state.current if alive else 0
    variant = rules.choose_variant(day, routine, history, streak=streak, longest=state.longest)
    nudge = Nudge(message.chat_id, message.language, variant, streak)
    shared = await queries.name_among_others(db, pupil.student_id)
    return replace(nudge, student_id=pupil.student_id, name=shared[0]) if shared else nudge


def _reason_to_skip(
    routine: Routine, history: History, day: date, now: datetime
) -> OutboxOutcome | None:
    """Return why a nudge that waits no longer fits; None when it does."""
    if not routine.wanted or rules.is_holiday(day, routine):
        return OutboxOutcome.SKIPPED_UNWANTED
    if rules.has_practised(now, history, routine.timezone):
        return OutboxOutcome.SKIPPED_PRACTISED
    if not may_send(now, day, routine.timezone):
        return OutboxOutcome.SKIPPED_LATE
    return None


async def name_among_others(db: AsyncSession, student_id: int) -> tuple[str | None] | None:
    """Return the name of a pupil who shares a phone; None of one who has it alone."""
    return await queries.name_among_others(db, student_id)
