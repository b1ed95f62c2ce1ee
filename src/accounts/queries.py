"""All SQL of accounts."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src.accounts.pupil import Pupil
from src.language import Language
from src.models import Guardian, OutboxKind, OutboxMessage, Person, Student
from src.models.types import UtcDateTime
from src.storage.prepared import Prepared, run
from src.storage.statements import change, insert_for, table_of

P, U = table_of(Person).c, table_of(Student).c

# What belongs to the account; the rest belongs to the pupil who has the phone.
OF_PERSON = frozenset({"telegram_id", "language", "dialog", "blocked_at", "barred_at"})
_V = table_of(Student).alias("others").c
_OTHERS = exists().where(_V.person_id == P.id, _V.id != U.id, _V.deleted_at.is_(None))
_PARKED = exists().where(
    OutboxMessage.person_id == Person.id,
    OutboxMessage.kind == OutboxKind.REPLY,
    OutboxMessage.outcome.is_(None),
    OutboxMessage.expires_at > bindparam("now", type_=UtcDateTime()),
)
_ASKED: Mapping[str, Any] = {"has_parked": _PARKED, "has_others": _OTHERS}
PUPIL = tuple(
    _ASKED.get(field.name, (P if field.name in OF_PERSON else U).get(field.name))
    for field in fields(Pupil)
)
# The person first, then the pupil: whoever locks both keeps that order. On SQLite the transaction
# holds the only write lock already; there FOR UPDATE says nothing.
_LOCK = Prepared(
    select(*PUPIL)
    .select_from(table_of(Person).join(table_of(Student), P.current_student_id == U.id))
    .where(P.telegram_id == bindparam("sender"), U.deleted_at.is_(None))
    .with_for_update()
)
_LOCK_STUDENT = Prepared(
    select(*PUPIL)
    .select_from(table_of(Person).join(table_of(Student), P.id == U.person_id))
    .where(U.id == bindparam("student"), U.deleted_at.is_(None))
    .with_for_update()
)

_LOCK_PERSON = Prepared(
    select(*PUPIL)
    .select_from(table_of(Person).join(table_of(Student), P.current_student_id == U.id))
    .where(P.id == bindparam("person"), U.deleted_at.is_(None))
    .with_for_update()
)


async def lock_pupil(db: AsyncSession, telegram_id: int, now: datetime) -> Pupil | None:
    """Lock the rows of a person and their pupil until the end of the transaction.

    What else is read of a pupil has to be read after this, by another statement: one that waited
    for the lock still sees the other tables as they were before the wait.

    Returns:
        The pupil; None for somebody new.
    """
    rows = await run(db, _LOCK, {"sender": telegram_id, "now": now})
    return Pupil(*rows[0]) if rows else None


async def lock_student(db: AsyncSession, student_id: int, now: datetime) -> Pupil | None:
    """Lock a pupil and their person by the pupil's id; else as `lock_pupil`."""
    rows = await run(db, _LOCK_STUDENT, {"student": student_id, "now": now})
    return Pupil(*rows[0]) if rows else None


async def lock_person(db: AsyncSession, person_id: int, now: datetime) -> Pupil | None:
    """Lock a person and their pupil by the person's id; else as `lock_pupil`."""
    rows = await run(db, _LOCK_PERSON, {"person": person_id, "now": now})
    return Pupil(*rows[0]) if rows else None


async def add_pupil(db: AsyncSession, telegram_id: int, language: Language, dialog: str) -> None:
    """Insert a person with a pupil; one who came in the meantime is left alone.

    A pupil who was hidden comes back. Reminders are off until the pupil has chosen.
    """
    person_id = await _add_person(db, telegram_id, language, dialog)
    shared = {"telegram_id": telegram_id, "language": language, "dialog": dialog}
    student = insert_for(db)(Student).values(person_id=person_id, nudges_enabled=False, **shared)
    student_id = await db.scalar(
        student.on_conflict_do_update(
            index_elements=[Student.telegram_id], set_={"deleted_at": None}
        ).returning(Student.id)
    )
    first = update(Person).where(Person.id == person_id, Person.current_student_id.is_(None))
    await db.execute(first.values(current_student_id=student_id))


async def _add_person(db: AsyncSession, telegram_id: int, language: Language, dialog: str) -> int:
    person = insert_for(db)(Person).values(
        telegram_id=telegram_id, language=language, dialog=dialog
    )
    # An update of nothing, so that the row that is there is locked and returned as well.
    same = person.on_conflict_do_update(
        index_elements=[Person.telegram_id], set_={"telegram_id": telegram_id}
    )
    return (await db.scalars(same.returning(Person.id))).one()


async def update_pupil(db: AsyncSession, pupil: Pupil, values: Mapping[str, Any]) -> None:
    """Set what a pupil chose, in the row to which it belongs."""
    of_person = {name: value for name, value in values.items() if name in OF_PERSON}
    of_student = {name: value for name, value in values.items() if name not in OF_PERSON}
    if of_person:
        await change(db, Person, pupil.person_id, of_person)
    if of_student:
        await change(db, Student, pupil.id, of_student)


async def mark_blocked(db: AsyncSession, telegram_id: int, at: datetime) -> int | None:
    """Note that the person blocked the bot; return who, or None where that is known."""
    return await db.scalar(
        update(Person)
        .where(Person.telegram_id == telegram_id, Person.blocked_at.is_(None))
        .values(blocked_at=at)
        .returning(Person.id)
    )


async def language_in(db: AsyncSession, telegram_id: int) -> Language | None:
    """Return the language of who has a private chat."""
    return await db.scalar(select(Person.language).where(Person.telegram_id == telegram_id))


async def first_name(db: AsyncSession, student_id: int) -> str | None:
    """Return the name of a pupil."""
    return await db.scalar(select(Student.name).where(Student.id == student_id))


async def holidays(db: AsyncSession, student_id: int) -> tuple[date | None, date | None]:
    """Return the first and the last day of the holidays of a pupil."""
    query = select(Student.holidays_from, Student.holidays_until).where(Student.id == student_id)
    row = (await db.execute(query)).one_or_none()
    return (row[0], row[1]) if row else (None, None)


async def keep_payload(db: AsyncSession, student_id: int, payload: str) -> None:
    """Keep a deep link's payload where none is kept yet."""
    await db.execute(
        update(Student)
        .where(Student.id == student_id, Student.start_payload.is_(None))
        .values(start_payload=payload)
    )


async def set_person(db: AsyncSession, person_id: int, **values: Any) -> None:
    """Set columns of a person."""
    await change(db, Person, person_id, values)


async def owner_of_code(db: AsyncSession, code: str, now: datetime) -> int | None:
    """Return whose account moves by a code, given by its sum, while it is good."""
    return await db.scalar(
        select(Person.id).where(Person.move_code == code, Person.move_code_until > now)
    )


async def give_telegram_id(db: AsyncSession, pupil: Pupil, telegram_id: int) -> None:
    """Let a person and the first of their pupils be those of another Telegram account."""
    options = {"synchronize_session": False}
    await db.execute(
        update(Student)
        .where(Student.person_id == pupil.person_id, Student.telegram_id.is_not(None))
        .values(telegram_id=telegram_id),
        execution_options=options,
    )
    values = {"telegram_id": telegram_id, "move_code": None, "move_code_until": None}
    values |= {"blocked_at": None, "dialog": None}
    await db.execute(
        update(Person).where(Person.id == pupil.person_id).values(**values),
        execution_options=options,
    )


async def students_of(db: AsyncSession, person_id: int) -> list[int]:
    """Return the pupils of a person."""
    theirs = select(Student.id).where(Student.person_id == person_id, Student.visible())
    return list(await db.scalars(theirs.order_by(Student.position)))


async def profiles_of(db: AsyncSession, person_id: int) -> list[tuple[Any, ...]]:
    """Return the pupils of a person: id, name, grade, whether registered, whether they are on."""
    rows = await db.execute(
        select(
            Student.id,
            Student.name,
            Student.grade,
            Student.registered_at.is_not(None),
            Person.current_student_id == Student.id,
        )
        .join(Person, Person.id == Student.person_id)
        .where(Student.person_id == person_id, Student.visible())
        .order_by(Student.position)
    )
    return [tuple(row) for row in rows]


async def add_profile(db: AsyncSession, pupil: Pupil) -> int:
    """Insert one more pupil of a person, with nothing but the language; return who."""
    taken = select(Student.position).where(Student.person_id == pupil.person_id)
    positions = set(await db.scalars(taken))
    free = next(n for n in range(2, len(positions) + 3) if n not in positions)
    new = Student(
        person_id=pupil.person_id,
        position=free,
        language=pupil.language,
        timezone=pupil.timezone,
        nudges_enabled=False,
    )
    db.add(new)
    await db.flush()
    return new.id


async def delete_student(db: AsyncSession, pupil: Pupil) -> None:
    """Delete one of several pupils of a person; the phone passes to the first of the others."""
    others = select(Student.id).where(
        Student.person_id == pupil.person_id, Student.id != pupil.id, Student.deleted_at.is_(None)
    )
    heir = (await db.scalars(others.order_by(Student.position).limit(1))).one()
    await db.execute(
        update(Person).where(Person.id == pupil.person_id).values(current_student_id=heir)
    )
    await db.execute(delete(Student).where(Student.id == pupil.id))
    first = select(Student.telegram_id).where(Student.telegram_id == pupil.telegram_id)
    if (await db.execute(first)).first() is None:
        named = update(Student).where(Student.id == heir)
        await db.execute(named.values(telegram_id=pupil.telegram_id))


async def delete_person(db: AsyncSession, person_id: int) -> None:
    """Delete a person with all that cascades."""
    await db.execute(delete(Person).where(Person.id == person_id))


async def delete_silent(db: AsyncSession, before: datetime, most: int) -> int:
    """Delete people who never agreed and changed nothing since an instant; return how many.

    An adult who hears of a pupil agreed to that.
    """
    agreed = Student.consented_at.is_not(None) | Student.registered_at.is_not(None)
    theirs = select(Student.id).where(Student.person_id == Person.id)
    hears = select(Guardian.id).where(Guardian.person_id == Person.id, Guardian.ended_at.is_(None))
    some = (
        select(Person.id)
        .where(
            *(Person.updated_at < before, theirs.exists(), ~theirs.where(agreed).exists()),
            ~hears.exists(),
        )
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = list(await db.scalars(some))
    await db.execute(
        delete(Person).where(Person.id.in_(ids)), execution_options={"synchronize_session": False}
    )
    return len(ids)
