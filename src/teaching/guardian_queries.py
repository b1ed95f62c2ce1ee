"""All SQL of adults whom pupils chose."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from src.models import Guardian, Person, PupilDay, SkillState, Student
from src.storage.statements import AnyRow, fetch

G = Guardian
_ADULT = aliased(Person)
_CORE = {"synchronize_session": False}


async def of_pupil(db: AsyncSession, student_id: int, now: datetime) -> Sequence[AnyRow]:
    """Return invitations and adults of a pupil that are not over."""
    is_open = or_(G.person_id.is_not(None), G.expires_at > now)
    query = (
        select(G.id, G.name, G.agreed_at, G.confirmed_at, G.expires_at)
        .where(G.student_id == student_id, G.ended_at.is_(None), is_open)
        .order_by(G.id)
    )
    return await fetch(db, query, {})


async def of_person(db: AsyncSession, person_id: int) -> Sequence[AnyRow]:
    """Return of which pupils an adult hears, or will hear."""
    query = (
        select(G.id, Student.name, G.confirmed_at)
        .join(Student, Student.id == G.student_id)
        .where(G.person_id == person_id, G.ended_at.is_(None), Student.visible())
        .order_by(G.id)
    )
    return await fetch(db, query, {})


async def drop_invitations(db: AsyncSession, student_id: int) -> None:
    """Delete what nobody has taken: a new link takes its place."""
    unused = (G.student_id == student_id, G.person_id.is_(None), G.ended_at.is_(None))
    await db.execute(delete(G).where(*unused), execution_options=_CORE)


async def by_code(db: AsyncSession, code_hash: str, now: datetime) -> AnyRow | None:
    """Return an invitation that can be taken, with its pupil; locked."""
    query = (
        select(G.id, G.student_id, Student.name, Student.person_id, Student.timezone)
        .join(Student, Student.id == G.student_id)
        .where(
            *(G.code_hash == code_hash, G.person_id.is_(None), G.ended_at.is_(None)),
            *(G.expires_at > now, Student.visible()),
        )
        .with_for_update(of=G)
    )
    return next(iter(await fetch(db, query, {})), None)


async def find(db: AsyncSession, guardian_id: int) -> AnyRow | None:
    """Return one that has not ended, with its pupil and its adult."""
    query = (
        select(
            *(G.id, G.student_id, G.name, G.person_id, G.agreed_at, G.confirmed_at),
            Student.person_id.label("owner_id"),
            *(Student.name.label("pupil"), Student.timezone, _ADULT.blocked_at),
        )
        .join(Student, Student.id == G.student_id)
        .outerjoin(_ADULT, _ADULT.id == G.person_id)
        .where(G.id == guardian_id, G.ended_at.is_(None), Student.visible())
    )
    return next(iter(await fetch(db, query, {})), None)


async def hears_of(db: AsyncSession, person_id: int, student_id: int) -> bool:
    """Return whether an adult hears of a pupil already, or will."""
    query = select(G.id).where(
        G.person_id == person_id, G.student_id == student_id, G.ended_at.is_(None)
    )
    return await db.scalar(query.limit(1)) is not None


async def change(db: AsyncSession, guardian_id: int, *conditions: Any, **values: Any) -> bool:
    """Set columns of one that has not ended and is as it should be; return whether it was."""
    rows = await db.execute(
        update(G)
        .where(G.id == guardian_id, G.ended_at.is_(None), *conditions)
        .values(**values)
        .returning(G.id),
        execution_options=_CORE,
    )
    return rows.first() is not None


async def lock_due(db: AsyncSession, now: datetime, most: int) -> Sequence[AnyRow]:
    """Lock adults to whom a message is due, the longest due first."""
    query = (
        select(G.id, G.student_id, G.person_id, Student.timezone, G.next_at)
        .join(Student, Student.id == G.student_id)
        .where(
            *(G.confirmed_at.is_not(None), G.ended_at.is_(None), G.next_at <= now),
            Student.visible(),
        )
        .order_by(G.next_at)
        .limit(most)
        .with_for_update(skip_locked=True, of=G)
    )
    return await fetch(db, query, {})


async def days_of(db: AsyncSession, student_id: int, first: date, last: date) -> int:
    """Return on how many local days a pupil finished a problem."""
    query = select(func.count(PupilDay.local_day.distinct())).where(
        PupilDay.student_id == student_id,
        PupilDay.local_day.between(first, last),
        PupilDay.finished > 0,
    )
    return (await db.execute(query)).scalar_one()


async def topics_of(db: AsyncSession, student_id: int, first: date, last: date) -> Sequence[AnyRow]:
    """Return what a pupil finished in each topic: topic, asked, right at the first answer."""
    day = PupilDay
    query = (
        select(day.topic, func.sum(day.finished), func.sum(day.first_right))
        .where(
            *(day.student_id == student_id, day.local_day.between(first, last)),
            day.finished > 0,
        )
        .group_by(day.topic)
        .order_by(day.topic)
    )
    return await fetch(db, query, {})


async def mastered(db: AsyncSession, student_id: int, first: date, last: date) -> list[str]:
    """Return the topics of which a pupil mastered a part on some local days."""
    query = (
        select(SkillState.topic)
        .where(
            and_(SkillState.student_id == student_id, SkillState.mastered_on.between(first, last))
        )
        .group_by(SkillState.topic)
        .order_by(SkillState.topic)
    )
    return list(await db.scalars(query))


async def name_of(db: AsyncSession, student_id: int) -> str:
    """Return a pupil's first name, empty where none is known."""
    query = select(Student.name).where(Student.id == student_id)
    return await db.scalar(query) or ""
