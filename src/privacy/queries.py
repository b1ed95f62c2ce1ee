"""All SQL of privacy."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from src import audit
from src.language import Language
from src.models import AuditEvent, Base, Export, Person, Student
from src.privacy.kept import KEPT
from src.storage.statements import table_of

MOST_REQUESTS = 100


class Subject(NamedTuple):
    """Whose data it is.

    Attributes:
        person_id: Of the account.
        telegram_id: The same by Telegram.
        student_id: The pupil, where it is about one of several on a phone; None for all of them.
    """

    person_id: int
    telegram_id: int
    student_id: int | None = None


class ExportRequest(NamedTuple):
    """A request for data that is still to be answered."""

    id: int
    subject: Subject
    language: Language


def table_named(name: str) -> Table:
    """Return a table by its name."""
    return Base.metadata.tables[name]


def belongs(table: Table, subject: Subject) -> ColumnElement[bool]:
    """Return the condition that a row of a table is the subject's, by the columns of `KEPT`."""
    found = or_(*(_leads(table, column, subject) for column in KEPT[table.name].by))
    if subject.student_id is None or "student_id" not in table.c:
        return found
    others = select(Student.id).where(
        Student.person_id == subject.person_id, Student.id != subject.student_id
    )
    student = table.c["student_id"]
    return and_(found, or_(student.is_(None), student.not_in(others)))


def _leads(table: Table, column: str, subject: Subject) -> ColumnElement[bool]:
    place = table.c[column]
    if table is table_of(Person):
        return place == subject.person_id
    if not place.foreign_keys:
        return place == subject.telegram_id
    [key] = place.foreign_keys
    parent = key.column.table
    if parent is table_of(Person):
        own = place == subject.person_id
        if table is table_of(Student) and subject.student_id is not None:
            return and_(own, table.c["id"] == subject.student_id)
        return own
    return place.in_(select(key.column).where(belongs(parent, subject)))


async def rows_of(db: AsyncSession, name: str, subject: Subject) -> list[dict[str, Any]]:
    """Return the rows of a table that are a subject's, as far as they are handed out."""
    table = table_named(name)
    columns = [table.c[column] for column in KEPT[name].columns]
    rows = await db.execute(
        select(*columns).where(belongs(table, subject)).order_by(*table.primary_key)
    )
    return [dict(row) for row in rows.mappings()]


async def events_about(db: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
    """Return what was done to or by a subject, as the audit has it."""
    students = select(Student.id).where(belongs(table_of(Student), subject))
    a = AuditEvent
    about = or_(
        and_(a.subject_kind == "person", a.subject_id == subject.person_id),
        and_(a.subject_kind == "student", a.subject_id.in_(students)),
        a.actor == audit.person(subject.person_id),
    )
    columns = (a.at, a.actor, a.action, a.subject_kind, a.subject_id, a.detail)
    rows = await db.execute(select(*columns).where(about).order_by(a.id))
    return [dict(row) for row in rows.mappings()]


async def last_request(db: AsyncSession, subject: Subject) -> tuple[datetime, bool] | None:
    """Return when a person last asked for their data, and whether it was sent."""
    row = (
        await db.execute(
            select(Export.asked_at, Export.sent_at)
            .where(Export.person_id == subject.person_id, Export.student_id == subject.student_id)
            .order_by(Export.id.desc())
            .limit(1)
        )
    ).one_or_none()
    return (row[0], row[1] is not None) if row else None


async def add_request(db: AsyncSession, subject: Subject, at: datetime) -> int:
    """Note that a person asks for their data; return the id."""
    asked = Export(person_id=subject.person_id, student_id=subject.student_id, asked_at=at)
    db.add(asked)
    await db.flush()
    return asked.id


async def request(db: AsyncSession, export_id: int) -> ExportRequest | None:
    """Return a request that is still to be answered."""
    row = (
        await db.execute(
            select(Person.id, Person.telegram_id, Export.student_id, Person.language)
            .join(Export, Export.person_id == Person.id)
            .where(Export.id == export_id, Export.sent_at.is_(None))
        )
    ).one_or_none()
    return ExportRequest(export_id, Subject(row[0], row[1], row[2]), row[3]) if row else None


async def unsent(db: AsyncSession) -> Sequence[int]:
    """Return the requests that are still to be answered."""
    statement = select(Export.id).where(Export.sent_at.is_(None)).order_by(Export.id)
    return (await db.scalars(statement.limit(MOST_REQUESTS))).all()


async def mark_sent(db: AsyncSession, export_id: int, at: datetime) -> None:
    """Note that a request is answered."""
    asked = await db.get(Export, export_id)
    if asked is not None:
        asked.sent_at = at


async def person_of(db: AsyncSession, telegram_id: int) -> Subject | None:
    """Return the subject that an account is, with all its pupils."""
    person_id = await db.scalar(select(Person.id).where(Person.telegram_id == telegram_id))
    return Subject(person_id, telegram_id) if person_id is not None else None
