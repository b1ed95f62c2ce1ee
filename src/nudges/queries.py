"""All SQL of nudges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import (
    Notification,
    NotificationKind,
    NotificationOutcome,
    Person,
    Session,
    Streak,
    Student,
)
from src.models.types import Ids, is_among
from src.nudges.rules import History, Routine
from src.storage.prepared import Prepared, run
from src.storage.statements import change as change_row
from src.storage.statements import dialect_insert, dialect_of, fetch, table_of
from src.streaks.rules import StreakState

N = table_of(Notification).c

_CORE = {"synchronize_session": False}
_LAST_START = (
    select(func.max(Session.created_at))
    .where(Session.student_id == Student.id)
    .correlate(Student)
    .scalar_subquery()
)
_LAST_NUDGE = (
    select(func.max(Notification.local_date))
    .where(Notification.student_id == Student.id, Notification.kind == NotificationKind.NUDGE)
    .correlate(Student)
    .scalar_subquery()
)
# Every value comes from the end of an index, however long the pupil has been here.
_FACTS = (
    Student.id,
    Student.next_nudge_at,
    Student.timezone,
    Student.nudge_time,
    Student.nudges_enabled,
    Student.registered_at,
    Person.blocked_at,
    Student.deleted_at,
    Streak.last_completed_at,
    Streak.last_practice_date,
    Streak.last_timezone,
    _LAST_START,
    _LAST_NUDGE,
)


@dataclass(frozen=True, slots=True)
class DuePupil:
    """A pupil as the rules of nudges see one.

    Attributes:
        student_id: Who.
        due_at: The instant that was stored; None where none was.
        routine: What they chose.
        history: What they did; None before the registration was finished.
    """

    student_id: int
    due_at: datetime | None
    routine: Routine
    history: History | None


async def lock_due(db: AsyncSession, now: datetime, most: int) -> list[int]:
    """Lock pupils whose nudge is due and return their ids, the longest due first.

    Pupils whom another transaction holds are left out: they are found the next time. What else is
    read of them has to be read after this, by another statement: this one sees the other tables
    as they were before it had the locks.
    """
    return [row[0] for row in await run(db, _DUE, {"now": now, "most": most})]


async def candidates(db: AsyncSession, students: Sequence[int]) -> list[DuePupil]:
    """Return some pupils."""
    rows = await run(db, _SOME, {"students": students})
    return [_candidate(*row) for row in rows]


async def candidate(db: AsyncSession, student_id: int) -> DuePupil | None:
    """Return one pupil; None when there is none."""
    rows = await run(db, _ONE, {"student": student_id})
    return _candidate(*rows[0]) if rows else None


def _facts(*more: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*more, *_FACTS)
        .select_from(Student)
        .join(Person, Person.id == Student.person_id)
        .outerjoin(Streak, Streak.student_id == Student.id)
    )


_DUE = Prepared(
    select(Student.id)
    .where(Student.next_nudge_at <= bindparam("now"))
    .order_by(Student.next_nudge_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_AMONG = is_among(Student.id, bindparam("students", type_=Ids))
_SOME = Prepared(_facts().where(_AMONG))
_SET_NEXT = Prepared(
    update(table_of(Student)).where(_AMONG).values(next_nudge_at=bindparam("due_at"))
)
# Built once: every session that ends asks for it.
_ONE = Prepared(_facts().where(Student.id == bindparam("student")))


def _candidate(  # noqa: PLR0917 - the columns of `_FACTS`
    student_id: int,
    due_at: datetime | None,
    timezone: str,
    nudge_time: time,
    enabled: bool,
    registered: datetime | None,
    blocked: datetime | None,
    deleted: datetime | None,
    completed: datetime | None,
    counted: date | None,
    zone: str | None,
    started: datetime | None,
    nudged: date | None,
) -> DuePupil:
    wanted = bool(enabled and registered and blocked is None and deleted is None)
    routine = Routine(timezone, nudge_time, wanted)
    if registered is None:
        return DuePupil(student_id, due_at, routine, None)
    streak = StreakState(last_day=counted, last_timezone=zone)
    history = History(registered, started, completed, nudged, streak)
    return DuePupil(student_id, due_at, routine, history)


async def set_next(db: AsyncSession, students: Mapping[datetime | None, Sequence[int]]) -> None:
    """Store when pupils are due next; many share an instant."""
    for due_at, ids in students.items():
        await run(db, _SET_NEXT, {"due_at": due_at, "students": ids})


async def set_next_of_one(db: AsyncSession, student_id: int, due_at: datetime | None) -> None:
    """Store when one pupil is due next."""
    await change_row(db, Student, student_id, {"next_nudge_at": due_at})


async def add_notifications(
    db: AsyncSession,
    students: Sequence[int],
    day: date,
    expires_at: datetime,
    outcome: NotificationOutcome | None,
) -> None:
    """Insert a nudge for each of some pupils, due when they are; one who has one keeps it."""
    values = {"students": students, "day": day, "expires": expires_at, "result": outcome}
    await run(db, _add_notifications(dialect_of(db)), values)


@cache
def _add_notifications(dialect: str) -> Prepared:
    values = {
        "kind": literal(NotificationKind.NUDGE, N.kind.type),
        "local_date": bindparam("day", type_=N.local_date.type),
        "expires_at": bindparam("expires", type_=N.expires_at.type),
        "outcome": bindparam("result", type_=N.outcome.type),
    }
    pupils = select(Student.id, Student.next_nudge_at, *values.values())
    statement = dialect_insert(dialect)(table_of(Notification)).from_select(
        ["student_id", "due_at", *values], pupils.where(_AMONG, Student.next_nudge_at.is_not(None))
    )
    return Prepared(statement.on_conflict_do_nothing())


async def clear_next(db: AsyncSession, telegram_id: int) -> None:
    """Take the pupils of a person off the list of those who will be due."""
    whose = select(Person.id).where(Person.telegram_id == telegram_id).scalar_subquery()
    await db.execute(
        update(Student).where(Student.person_id == whose).values(next_nudge_at=None),
        execution_options=_CORE,
    )


async def find_waiting(db: AsyncSession, now: datetime, most: int) -> list[int]:
    """Return nudges that nobody has claimed and whose window is open; the shortest first."""
    statement = (
        select(Notification.id)
        .where(
            Notification.outcome.is_(None),
            Notification.claimed_at.is_(None),
            Notification.due_at <= now,
            Notification.expires_at > now,
        )
        .order_by(Notification.expires_at, Notification.due_at, Notification.id)
        .limit(most)
    )
    return list(await db.scalars(statement))


async def last_claim(db: AsyncSession, since: date) -> datetime | None:
    """Return when a nudge for a day since then was last claimed."""
    return await db.scalar(
        select(func.max(Notification.claimed_at)).where(Notification.local_date >= since)
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A nudge that nobody has claimed, locked, with its pupil as they are now.

    Attributes:
        local_date: The day for which it is.
        chat_id: The pupil's private chat.
        language: ``bn`` or ``en``.
        pupil: What the rules need to know.
    """

    local_date: date
    chat_id: int
    language: str
    pupil: DuePupil


async def lock_waiting(db: AsyncSession, notification_id: int) -> Waiting | None:
    """Lock a nudge that nobody has claimed; None if it is gone or taken."""
    statement = (
        _facts(Notification.local_date, Person.telegram_id, Person.language)
        .join(Notification, Notification.student_id == Student.id)
        .where(
            Notification.id == notification_id,
            Notification.outcome.is_(None),
            Notification.claimed_at.is_(None),
        )
        .with_for_update(of=Notification, skip_locked=True)
    )
    rows = await fetch(db, statement, {})
    if not rows:
        return None
    day, chat_id, language, *facts = rows[0]
    return Waiting(day, chat_id, language, _candidate(*facts))


async def change(db: AsyncSession, notification_id: int, **values: Any) -> None:
    """Set columns of a nudge."""
    statement = update(Notification).where(Notification.id == notification_id).values(**values)
    await fetch(db, statement, {})


async def close_expired(db: AsyncSession, now: datetime) -> int:
    """Give up the nudges whose window closed before their turn came; return how many."""
    return await _close(
        db,
        NotificationOutcome.SKIPPED_CAPACITY,
        Notification.claimed_at.is_(None) & (Notification.expires_at <= now),
    )


async def close_abandoned(db: AsyncSession, claimed_before: datetime) -> int:
    """Note which nudges were claimed by a process that never told the outcome; return how many."""
    return await _close(db, NotificationOutcome.AMBIGUOUS, Notification.claimed_at < claimed_before)


async def _close(db: AsyncSession, outcome: NotificationOutcome, which: ColumnElement[bool]) -> int:
    rows = await db.execute(
        update(Notification)
        .where(Notification.outcome.is_(None), which)
        .values(outcome=outcome)
        .returning(Notification.id),
        execution_options=_CORE,
    )
    return len(rows.all())


async def mark_unreachable(db: AsyncSession, notification_id: int, at: datetime) -> None:
    """Note that the pupil of a nudge has blocked the bot: no more until they write again."""
    blocked = (
        update(Person)
        .where(
            Person.id == Student.person_id,
            Student.id == Notification.student_id,
            Notification.id == notification_id,
        )
        .values(blocked_at=func.coalesce(Person.blocked_at, at))
        .returning(Person.telegram_id)
    )
    [telegram_id] = await db.scalars(blocked, execution_options=_CORE)
    await clear_next(db, telegram_id)


async def count_outcomes(
    db: AsyncSession, since: date
) -> Sequence[Row[date, NotificationOutcome | None, str | None, bool, int]]:
    """Count nudges by local day, outcome, wording, and whether they are claimed."""
    claimed = Notification.claimed_at.is_not(None)
    key = (Notification.local_date, Notification.outcome, Notification.variant, claimed)
    rows = await db.execute(
        select(*key, func.count())
        .where(Notification.local_date >= since, Notification.kind == NotificationKind.NUDGE)
        .group_by(*key)
    )
    return rows.all()


async def count_due(db: AsyncSession, now: datetime) -> tuple[int, int, datetime | None]:
    """Return how many pupils are due, how many will be, and when the next is."""
    row = (
        await db.execute(
            select(
                func.count().filter(Student.next_nudge_at <= now),
                func.count(),
                func.min(Student.next_nudge_at),
            ).where(Student.next_nudge_at.is_not(None))
        )
    ).one()
    return row[0], row[1], row[2]
