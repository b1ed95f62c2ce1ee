"""Reminders: what is to be told goes into the outbox, and is looked at once more when it is sent.

A reminder is taken in one transaction: the flags of its tiers are set, the task is due for the next
one, and the outbox has the row. So it is neither lost nor taken twice, whatever is killed; what
became of a task meanwhile is seen by whoever sends it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from src.clock import local_day
from src.deadlines import queries, rules
from src.deadlines.results import DueNotice
from src.deadlines.rules import Tier
from src.deadlines.service import rearm, sent_of, to_due
from src.models import OutboxKind, OutboxOutcome, Task
from src.outbox import service as outbox
from src.outbox.rules import is_quiet, next_waking
from src.outbox.service import Entry, Waiting
from src.premium import service as premium
from src.storage.statements import AnyRow

SUBJECT = "task"
MOST_AT_ONCE = 500
SNOOZED = "later"
# What has no date can be told for so long.
_UNDATED_LASTS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Taken:
    """A task of which something is to be told.

    Attributes:
        task_id: Of its row.
        due_at: When it is due.
        revision: What tells this reminder of the task from every other one.
    """

    task_id: int
    due_at: datetime | None
    revision: str

    @property
    def packed(self) -> tuple[int, str | None]:
        """What its writer needs to know."""
        return self.task_id, self.due_at.isoformat() if self.due_at else None


async def plan(db: AsyncSession, now: datetime) -> int:
    """Put what is to be told by now into the outbox, a message a pupil.

    Returns:
        Of how many tasks something was due; 0 when nothing is left to do.
    """
    students = await queries.due_students(db, now, MOST_AT_ONCE)
    pupils = {row.id: row for row in await queries.lock_students(db, students)}
    if not pupils:
        return 0
    muted = await queries.muted(db, pupils)
    due: defaultdict[int, list[AnyRow]] = defaultdict(list)
    # Read after the lock: what somebody else changed before is seen.
    for row in await queries.due_tasks(db, pupils, now):
        due[row.Task.student_id].append(row)
    for student_id, rows in due.items():
        pupil = pupils[student_id]
        has_premium = await premium.is_premium(db, pupil.person_id, now)
        tiers = rules.wanted_tiers(muted.get(student_id, 0), is_premium=has_premium)
        taken = [one for row in rows if (one := _take(row, pupil.timezone, tiers, now))]
        if pupil.blocked_at is None:
            await _put(db, student_id, pupil.timezone, taken, now)
    await db.flush()
    if due:
        await outbox.send_soon(db)
    return sum(map(len, due.values()))


def _take(row: AnyRow, timezone: str, wanted: frozenset[Tier], now: datetime) -> Taken | None:
    """Mark what came of a task as told; return it if the pupil wants to know."""
    task: Task = row.Task
    came = rules.passed(task.due_at, sent_of(task), now, timezone)
    is_snoozed = task.snoozed_until is not None and task.snoozed_until <= now
    found = None
    if row.is_wanted and (is_snoozed or wanted.intersection(came)):
        found = Taken(task.id, task.due_at, _revision(task, came))
    if is_snoozed:
        task.snoozed_until = None
    rearm(task, timezone, now, is_news=False)
    return found


def _revision(task: Task, came: Sequence[Tier]) -> str:
    """Name a reminder of a task: the nearest tier that came, and for which date; moved is new."""
    instants = (task.due_at, task.moved_at, task.snoozed_until)
    stamps = (str(int(at.timestamp())) if at else "" for at in instants)
    return ":".join((came[-1] if came else SNOOZED, *stamps))


async def _put(
    db: AsyncSession, student_id: int, timezone: str, taken: Sequence[Taken], now: datetime
) -> None:
    """Add one message for all that can be told in time, and note what cannot."""
    in_time = [one for one in taken if rules.goes_out(one.due_at, now, timezone)]
    for one in taken:
        if one not in in_time:
            entry = _entry([one], now, now, timezone, OutboxOutcome.SKIPPED_LATE)
            await outbox.add(db, [student_id], entry)
    if in_time:
        at = next_waking(now, timezone)
        await outbox.add(db, [student_id], _entry(in_time, at, now, timezone))


def _entry(
    taken: Sequence[Taken],
    at: datetime,
    now: datetime,
    timezone: str,
    outcome: OutboxOutcome | None = None,
) -> Entry:
    last = max(one.due_at or now + _UNDATED_LASTS for one in taken)
    return Entry(
        OutboxKind.REMINDER,
        f"{SUBJECT}:{taken[0].task_id}",
        local_day(at, timezone),
        at,
        max(last, at),
        outcome,
        taken[0].revision,
        [one.packed for one in taken],
    )


async def prepare(
    db: AsyncSession, message: Waiting, now: datetime
) -> DueNotice | OutboxOutcome | datetime:
    """Return what of a reminder still fits, why nothing does, or until when it has to wait."""
    student_id = message.student_id or 0
    dates = dict(message.payload)
    timezone = await queries.timezone(db, student_id)
    tasks = [to_due(row) for row in await queries.some(db, student_id, list(dates))]
    same = [one for one in tasks if _written(one.due_at) == dates[one.id]]
    if not same or timezone is None:
        return OutboxOutcome.SKIPPED_UNWANTED
    ahead = [one for one in same if rules.goes_out(one.due_at, now, timezone)]
    if not ahead:
        return OutboxOutcome.SKIPPED_LATE
    if is_quiet(now, timezone):
        return next_waking(now, timezone)
    return DueNotice(message.chat_id, message.language, timezone, now, ahead)


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
