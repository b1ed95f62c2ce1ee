"""All SQL of nudges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from src.clock import local_day
from src.models import OutboxKind, OutboxMessage, Person, Session, Streak, Student
from src.models.types import Ids, is_among
from src.nudges import rules
from src.nudges.rules import History, Routine
from src.storage.prepared import Prepared, run
from src.storage.statements import change as change_row
from src.storage.statements import table_of
from src.streaks.rules import StreakState

_CORE = {"synchronize_session": False}
_LATEST = bindparam("latest", type_=Session.created_at.type)
_LAST_START = (
    select(func.max(Session.created_at))
    .where(Session.student_id == Student.id, Session.created_at <= _LATEST)
    .correlate(Student)
    .scalar_subquery()
)
# The subject of a nudge is its day: the last one is the end of a unique index.
_LAST_NUDGE = (
    select(func.max(OutboxMessage.subject))
    .where(
        OutboxMessage.student_id == Student.id,
        OutboxMessage.kind == OutboxKind.NUDGE,
        OutboxMessage.due_at <= _LATEST,
    )
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
    Student.holidays_from,
    Student.holidays_until,
    Streak.last_completed_at,
    Streak.last_practice_date,
    Streak.last_timezone,
    Streak.last_counted_at,
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


async def lock_misled(db: AsyncSession, after: int, now: datetime, most: int) -> list[int]:
    """Lock pupils of whom something is stored that a clock which was ahead has written.

    Args:
        db: The open transaction.
        after: Only pupils with a higher id.
        now: The present instant.
        most: How many to return.
    """
    latest = now + rules.CLOCK_ERROR
    nudged = select(OutboxMessage.id).where(
        OutboxMessage.student_id == Student.id,
        OutboxMessage.kind == OutboxKind.NUDGE,
        OutboxMessage.due_at > latest,
    )
    misled = (
        select(Student.id)
        .where(
            Student.id > after,
            Student.registered_at.is_not(None),
            Student.next_nudge_at.is_(None) | (Student.next_nudge_at > now),
            (Student.last_active_at > latest) | nudged.exists(),
        )
        .order_by(Student.id)
        .limit(most)
        .with_for_update(skip_locked=True, of=Student)
    )
    return list(await db.scalars(misled))


async def forget_misled(db: AsyncSession, students: Sequence[int], now: datetime) -> None:
    """Delete nudges of days to come that nobody has sent: those days shall have their own."""
    await db.execute(
        delete(OutboxMessage).where(
            OutboxMessage.student_id.in_(students),
            OutboxMessage.kind == OutboxKind.NUDGE,
            OutboxMessage.due_at > now + rules.CLOCK_ERROR,
            OutboxMessage.claimed_at.is_(None),
        ),
        execution_options=_CORE,
    )


async def candidates(db: AsyncSession, students: Sequence[int], now: datetime) -> list[DuePupil]:
    """Return some pupils, by what was before an instant."""
    latest = now + rules.CLOCK_ERROR
    rows = await run(db, _SOME, {"students": students, "latest": latest})
    return [_candidate(latest, *row) for row in rows]


async def candidate(db: AsyncSession, student_id: int, now: datetime) -> DuePupil | None:
    """Return one pupil, by what was before an instant; None when there is none."""
    latest = now + rules.CLOCK_ERROR
    rows = await run(db, _ONE, {"student": student_id, "latest": latest})
    return _candidate(latest, *rows[0]) if rows else None


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
    latest: datetime,
    student_id: int,
    due_at: datetime | None,
    timezone: str,
    nudge_time: time,
    enabled: bool,
    registered: datetime | None,
    blocked: datetime | None,
    deleted: datetime | None,
    holidays_from: date | None,
    holidays_until: date | None,
    completed: datetime | None,
    counted: date | None,
    zone: str | None,
    counted_at: datetime | None,
    started: datetime | None,
    nudged: str | None,
) -> DuePupil:
    wanted = bool(enabled and registered and blocked is None and deleted is None)
    free = (holidays_from, holidays_until) if holidays_from and holidays_until else None
    routine = Routine(timezone, nudge_time, wanted, free)
    if registered is None:
        return DuePupil(student_id, due_at, routine, None)
    if counted_at is not None and counted_at > latest:
        # Who began a session on a day is taken to have practised on it.
        counted = local_day(started, timezone) if started else None
        completed = started
    streak = StreakState(last_day=counted, last_timezone=zone)
    history = History(registered, started, completed, _day(nudged), streak)
    return DuePupil(student_id, due_at, routine, history)


def _day(subject: str | None) -> date | None:
    return date.fromisoformat(subject) if subject else None


async def set_next(db: AsyncSession, students: Mapping[datetime | None, Sequence[int]]) -> None:
    """Store when pupils are due next; many share an instant."""
    for due_at, ids in students.items():
        await run(db, _SET_NEXT, {"due_at": due_at, "students": ids})


async def set_next_of_one(db: AsyncSession, student_id: int, due_at: datetime | None) -> None:
    """Store when one pupil is due next."""
    await change_row(db, Student, student_id, {"next_nudge_at": due_at})


async def clear_next(db: AsyncSession, telegram_id: int) -> None:
    """Take the pupils of a person off the list of those who will be due."""
    whose = select(Person.id).where(Person.telegram_id == telegram_id).scalar_subquery()
    await db.execute(
        update(Student).where(Student.person_id == whose).values(next_nudge_at=None),
        execution_options=_CORE,
    )


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


async def name_among_others(db: AsyncSession, student_id: int) -> tuple[str | None] | None:
    """Return the name of a pupil who shares a phone; None of one who has it alone."""
    other = aliased(Student)
    shares = select(other.id).where(
        other.person_id == Student.person_id, other.id != Student.id, other.deleted_at.is_(None)
    )
    row = (
        await db.execute(select(Student.name).where(Student.id == student_id, shares.exists()))
    ).one_or_none()
    return (row[0],) if row else None
