"""All SQL of deadlines."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import (
    CalendarFeed,
    CanvasConnection,
    ConnectionKind,
    DeadlineChoices,
    FollowedSchool,
    Person,
    Student,
    Task,
    TaskCourse,
    TaskSource,
    TaskWrite,
)
from src.storage.statements import AnyRow, fetch, insert_for, save, table_of

T, K = Task, TaskCourse
_CORE = {"synchronize_session": False}
# Word for word what the partial index says: SQLite does not see that IS 0 is the same.
_IS_OPEN = and_(T.done_at.is_(None), T.gone_at.is_(None), text("tasks.is_deleted = false"))
_OF_COURSE = and_(
    K.student_id == T.student_id,
    K.connection_id == T.connection_id,
    K.canvas_course_id == T.canvas_course_id,
)
_IS_SHOWN = ~exists().where(_OF_COURSE, K.is_hidden)
_COLUMNS = (
    *(T.id, T.source, T.title, T.course, T.due_at, T.due_on, T.done_at, T.is_deleted, T.url),
    *(K.id.label("course_id"), T.moved_from, T.updated_at.label("changed_at")),
)


async def page(
    db: AsyncSession, student_id: int, now: datetime, since: datetime, *, offset: int, limit: int
) -> Sequence[AnyRow]:
    """Return a part of what is open: what is to come, without a date, and then what is overdue."""
    order = case((T.due_at >= now, 0), (T.due_at.is_(None), 1), else_=2)
    query = (
        select(*_COLUMNS)
        .outerjoin(K, _OF_COURSE)
        .where(T.student_id == student_id, _IS_OPEN, _not_hidden())
        .where(or_(T.due_at.is_(None), T.due_at >= since))
        .order_by(order, T.due_at, T.id)
        .offset(offset)
        .limit(limit)
    )
    return await fetch(db, query, {})


def _not_hidden() -> ColumnElement[bool]:
    return or_(K.id.is_(None), K.is_hidden.is_(False))


async def due_between(
    db: AsyncSession, student_id: int, begin: datetime, end: datetime, limit: int
) -> Sequence[AnyRow]:
    """Return what is open and due between two instants, the next first."""
    query = (
        select(*_COLUMNS)
        .outerjoin(K, _OF_COURSE)
        .where(T.student_id == student_id, _IS_OPEN, _not_hidden())
        .where(T.due_at >= begin, T.due_at < end)
        .order_by(T.due_at, T.id)
        .limit(limit)
    )
    return await fetch(db, query, {})


async def moved_since(
    db: AsyncSession, student_id: int, since: datetime, now: datetime, limit: int
) -> Sequence[AnyRow]:
    """Return what is open, still to come, and moved since an instant."""
    query = (
        select(*_COLUMNS)
        .outerjoin(K, _OF_COURSE)
        .where(T.student_id == student_id, _IS_OPEN, _not_hidden())
        .where(T.due_at >= now, T.moved_at >= since)
        .order_by(T.due_at, T.id)
        .limit(limit)
    )
    return await fetch(db, query, {})


async def count_done(db: AsyncSession, student_id: int, since: datetime) -> int:
    """Return how many tasks were done since an instant."""
    query = select(func.count()).where(T.student_id == student_id, T.done_at >= since)
    return await db.scalar(query) or 0


async def one(db: AsyncSession, student_id: int, task_id: int) -> AnyRow | None:
    """Return a task of a pupil, whatever became of it."""
    query = (
        select(*_COLUMNS)
        .outerjoin(K, _OF_COURSE)
        .where(T.student_id == student_id, T.id == task_id)
    )
    return next(iter(await fetch(db, query, {})), None)


async def some(db: AsyncSession, student_id: int, ids: Collection[int]) -> Sequence[AnyRow]:
    """Return those of some tasks that are open and not hidden, the next due first."""
    query = (
        select(*_COLUMNS)
        .outerjoin(K, _OF_COURSE)
        .where(T.student_id == student_id, T.id.in_(ids), _IS_OPEN, _not_hidden())
        .order_by(T.due_at.is_(None), T.due_at, T.id)
    )
    return await fetch(db, query, {})


async def lock(db: AsyncSession, student_id: int, task_id: int) -> Task | None:
    """Lock a task of a pupil."""
    query = select(T).where(T.student_id == student_id, T.id == task_id).with_for_update()
    return (await db.scalars(query)).one_or_none()


async def has_tasks(db: AsyncSession, student_id: int) -> bool:
    """Return whether a pupil ever had a task."""
    return await db.scalar(select(T.id).where(T.student_id == student_id).limit(1)) is not None


async def calendar(
    db: AsyncSession, student_id: int, begin: datetime, end: datetime, limit: int
) -> Sequence[AnyRow]:
    """Return all that is due between two instants and not hidden, whatever became of it."""
    gone = or_(T.is_deleted, T.gone_at.is_not(None)).label("is_deleted")
    columns = [gone if one is T.is_deleted else one for one in _COLUMNS]
    query = (
        select(*columns)
        .outerjoin(K, _OF_COURSE)
        .where(T.student_id == student_id, _not_hidden())
        .where(T.due_at >= begin, T.due_at < end)
        .order_by(T.due_at, T.id)
        .limit(limit)
    )
    return await fetch(db, query, {})


async def lock_any(db: AsyncSession, task_id: int) -> Task | None:
    """Lock a task, whoever's it is."""
    return (await db.scalars(select(T).where(T.id == task_id).with_for_update())).one_or_none()


async def same_title(
    db: AsyncSession, student_id: int, title: str, due_at: datetime | None
) -> int | None:
    """Return an own task that is open, of this title and date."""
    date = T.due_at == due_at if due_at else T.due_at.is_(None)
    query = select(T.id).where(
        *(T.student_id == student_id, _IS_OPEN, T.source == TaskSource.MANUAL),
        *(T.title == title, date),
    )
    return await db.scalar(query.limit(1))


async def add(db: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert tasks; those that are there already are left alone. Return the ids of new ones."""
    if not rows:
        return []
    # Many small statements in one: one with all values would be compiled anew for each number.
    statement = insert_for(db)(table_of(T)).on_conflict_do_nothing().returning(T.id)
    connection = await db.connection()
    done = await connection.execute(statement, [dict(row) for row in rows])
    return [row[0] for row in done]


async def of_connection(db: AsyncSession, student_id: int, connection_id: int) -> Sequence[Task]:
    """Return all tasks that a pupil has over a connection, to be changed."""
    query = select(T).where(T.student_id == student_id, T.connection_id == connection_id)
    return (await db.scalars(query)).all()


async def open_of_student(db: AsyncSession, student_id: int) -> Sequence[Task]:
    """Return the open tasks of a pupil, to be changed."""
    return (await db.scalars(select(T).where(T.student_id == student_id, _IS_OPEN))).all()


# Courses.


async def courses(db: AsyncSession, student_id: int) -> Sequence[TaskCourse]:
    """Return the courses that schools still show to a pupil, by name."""
    query = select(K).where(K.student_id == student_id, K.is_active).order_by(K.name, K.id)
    return (await db.scalars(query)).all()


async def course(db: AsyncSession, student_id: int, course_id: int) -> TaskCourse | None:
    """Return a course of a pupil."""
    query = select(K).where(K.student_id == student_id, K.id == course_id)
    return (await db.scalars(query)).one_or_none()


async def courses_of_connection(
    db: AsyncSession, student_id: int, connection_id: int
) -> Sequence[TaskCourse]:
    """Return all courses that a pupil has over a connection, to be changed."""
    query = select(K).where(K.student_id == student_id, K.connection_id == connection_id)
    return (await db.scalars(query)).all()


# Reminders.


async def due_students(db: AsyncSession, now: datetime, most: int) -> list[int]:
    """Return the pupils of whose tasks something is to be told now, those longest due first."""
    first = (
        select(T.student_id, T.next_reminder_at)
        .join(Student, Student.id == T.student_id)
        # Who is hidden is told nothing, and must not stand before those who are.
        .where(T.next_reminder_at <= now, Student.visible())
        .order_by(T.next_reminder_at)
        .limit(most)
        .subquery()
    )
    rows = await fetch(db, select(first.c.student_id), {})
    return list(dict.fromkeys(row[0] for row in rows))


async def lock_students(db: AsyncSession, students: Collection[int]) -> Sequence[AnyRow]:
    """Lock some pupils with their person; those whom somebody else has are left out.

    The person too: whoever writes a row of the outbox waits for it otherwise.
    """
    query = (
        select(
            *(Student.id, Student.person_id, Student.timezone, Person.blocked_at),
            *(Student.holidays_from, Student.holidays_until),
        )
        .join(Person, Person.id == Student.person_id)
        .where(Student.id.in_(students), Student.visible())
        .with_for_update(skip_locked=True)
    )
    return await fetch(db, query, {})


async def muted(db: AsyncSession, students: Collection[int]) -> dict[int, int]:
    """Return which tiers pupils do not want; one who never chose is left out."""
    query = select(DeadlineChoices.student_id, DeadlineChoices.muted_tiers)
    rows = await fetch(db, query.where(DeadlineChoices.student_id.in_(students)), {})
    return {row[0]: row[1] for row in rows}


async def due_tasks(db: AsyncSession, students: Collection[int], now: datetime) -> Sequence[AnyRow]:
    """Return the tasks of some pupils of which something is to be told now, and whether shown."""
    query = (
        select(T, and_(_IS_OPEN, _IS_SHOWN).label("is_wanted"))
        .where(T.student_id.in_(students), T.next_reminder_at <= now)
        .order_by(T.due_at, T.id)
    )
    return (await db.execute(query)).all()


async def count_waiting(db: AsyncSession, now: datetime) -> int:
    """Return of how many tasks something should have been told by now."""
    return await db.scalar(select(func.count()).where(T.next_reminder_at <= now)) or 0


async def timezone(db: AsyncSession, student_id: int) -> str | None:
    """Return where a pupil lives; None where there is none."""
    query = select(Student.timezone).where(Student.id == student_id, Student.visible())
    return await db.scalar(query)


# Choices.


async def choices(db: AsyncSession, student_id: int) -> DeadlineChoices | None:
    """Return what a pupil chose about reminders; None before they did."""
    return await db.get(DeadlineChoices, student_id)


async def choose(db: AsyncSession, student_id: int, values: Mapping[str, Any]) -> None:
    """Keep what a pupil chose about reminders."""
    first = {"muted_tiers": 0, "wants_digest": True}
    made = insert_for(db)(DeadlineChoices).values({"student_id": student_id} | first)
    await db.execute(made.on_conflict_do_nothing())
    row = DeadlineChoices
    changed = update(row).where(row.student_id == student_id).values(**values)
    await db.execute(changed, execution_options=_CORE)


async def lock_digests(db: AsyncSession, now: datetime, most: int) -> Sequence[AnyRow]:
    """Lock pupils whose digest is due, with their person."""
    query = (
        select(
            *(Student.id, Student.person_id, Student.timezone, Person.blocked_at),
            *(Student.holidays_from, Student.holidays_until, DeadlineChoices.next_digest_at),
        )
        .join(DeadlineChoices, DeadlineChoices.student_id == Student.id)
        .join(Person, Person.id == Student.person_id)
        .where(DeadlineChoices.next_digest_at <= now)
        .order_by(DeadlineChoices.next_digest_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return await fetch(db, query, {})


# How many own tasks were added.


async def used(db: AsyncSession, student_id: int) -> AnyRow:
    """Return how many own tasks a pupil added, in which month."""
    query = select(Student.manual_tasks_this_month, Student.manual_tasks_month)
    [row] = await fetch(db, query.where(Student.id == student_id), {})
    return row


async def set_used(db: AsyncSession, student_id: int, count: int, month: Any) -> None:
    """Keep how many own tasks a pupil added in a month."""
    values = {"manual_tasks_this_month": count, "manual_tasks_month": month}
    changed = update(Student).where(Student.id == student_id).values(**values)
    await db.execute(changed, execution_options=_CORE)


# Private calendar addresses.


async def add_feed(db: AsyncSession, student_id: int, token_hash: str) -> None:
    """Keep the hash of a new address."""
    db.add(CalendarFeed(student_id=student_id, token_hash=token_hash))
    await db.flush()


async def end_feeds(db: AsyncSession, student_id: int, now: datetime) -> bool:
    """End the addresses of a pupil; return whether there was one."""
    f = CalendarFeed
    ended = update(f).where(f.student_id == student_id, f.revoked_at.is_(None))
    done = await db.execute(ended.values(revoked_at=now).returning(f.id), execution_options=_CORE)
    return done.first() is not None


async def student_of_feed(db: AsyncSession, token_hash: str) -> int | None:
    """Return whose an address is; None where there is none, or none any more."""
    f = CalendarFeed
    return await db.scalar(
        select(f.student_id).where(f.token_hash == token_hash, f.revoked_at.is_(None))
    )


# Schools.


async def follow(db: AsyncSession, connection_id: int, student_id: int) -> None:
    """Have a connection fill the list of a pupil."""
    values = {"connection_id": connection_id, "student_id": student_id}
    again: dict[str, Any] = {"told_dead_at": None, "try_at": None}
    await save(db, FollowedSchool, ["connection_id"], values | again)


async def to_take(db: AsyncSession, now: datetime, most: int) -> list[int]:
    """Return the connections that were read and are not taken over yet."""
    c, f = CanvasConnection, FollowedSchool
    query = (
        select(f.connection_id)
        .join(c, c.id == f.connection_id)
        .where(c.secret.is_not(None), c.token_invalid_at.is_(None))
        .where(or_(f.try_at.is_(None), f.try_at <= now))
        .where(or_(f.taken_at.is_(None), f.taken_at < c.last_sync_at))
        .where(c.last_sync_at.is_not(None), c.kind != ConnectionKind.FEED)
        .order_by(f.taken_at.is_not(None), f.taken_at)
        .limit(most)
    )
    return [row[0] for row in await fetch(db, query, {})]


async def feeds_due(db: AsyncSession, now: datetime, most: int) -> list[int]:
    """Return the calendar addresses that are to be read again."""
    c, f = CanvasConnection, FollowedSchool
    query = (
        select(f.connection_id)
        .join(c, c.id == f.connection_id)
        .where(c.kind == ConnectionKind.FEED, c.secret.is_not(None), c.token_invalid_at.is_(None))
        .where(c.next_sync_at <= now, or_(f.try_at.is_(None), f.try_at <= now))
        .order_by(c.next_sync_at)
        .limit(most)
    )
    return [row[0] for row in await fetch(db, query, {})]


async def lock_untold(
    db: AsyncSession, now: datetime, soon: datetime, most: int
) -> Sequence[FollowedSchool]:
    """Lock the schools whose token is dead or ends soon, of which the pupil was not told."""
    c, f = CanvasConnection, FollowedSchool
    is_dead = and_(
        c.token_invalid_at.is_not(None),
        or_(f.told_dead_at.is_(None), f.told_dead_at < c.token_invalid_at),
    )
    lapses = c.kind == ConnectionKind.TOKEN
    ends = and_(lapses, c.token_expires_at <= soon, f.told_dead_at.is_(None))
    query = (
        select(f)
        .join(c, c.id == f.connection_id)
        .where(c.secret.is_not(None), or_(is_dead, ends))
        .limit(most)
        .with_for_update(of=f, skip_locked=True)
    )
    return (await db.scalars(query)).all()


async def followed(db: AsyncSession, connection_id: int) -> FollowedSchool | None:
    """Lock whose list a connection fills."""
    query = select(FollowedSchool).where(FollowedSchool.connection_id == connection_id)
    return (await db.scalars(query.with_for_update())).one_or_none()


async def schools_of(db: AsyncSession, student_id: int) -> Sequence[FollowedSchool]:
    """Return the schools that fill the list of a pupil."""
    query = select(FollowedSchool).where(FollowedSchool.student_id == student_id)
    return (await db.scalars(query)).all()


async def writing_school(db: AsyncSession, student_id: int) -> int | None:
    """Return the connection of a pupil over which own tasks can be written to a school."""
    c, f = CanvasConnection, FollowedSchool
    query = (
        select(f.connection_id)
        .join(c, c.id == f.connection_id)
        .where(f.student_id == student_id, c.secret.is_not(None))
        .where(c.canvas_user_id.is_not(None))
        .order_by(c.token_invalid_at.is_not(None), f.connection_id.desc())
    )
    return await db.scalar(query.limit(1))


# Writing to schools.


async def claim_writes(
    db: AsyncSession, now: datetime, until: datetime, most: int
) -> Sequence[Task]:
    """Return tasks that are to be written to their school, left alone by others until later."""
    query = (
        select(T)
        .where(T.write_state.in_((TaskWrite.PENDING, TaskWrite.REMOVING)), T.write_at <= now)
        .order_by(T.write_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    found = (await db.scalars(query)).all()
    for task in found:
        task.write_at = until
        task.write_attempts += 1
    return found
