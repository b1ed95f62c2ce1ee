"""All SQL of accounts."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src.accounts.pupil import Pupil
from src.models import Student
from src.storage.prepared import Prepared, run
from src.storage.statements import change, insert_for, table_of

U = table_of(Student).c

PUPIL = tuple(U[field.name] for field in fields(Pupil))
# On SQLite the transaction holds the only write lock already; there FOR UPDATE says nothing.
_LOCK = Prepared(
    select(*PUPIL)
    .where(U.telegram_id == bindparam("sender"), U.deleted_at.is_(None))
    .with_for_update()
)


async def lock_pupil(db: AsyncSession, telegram_id: int) -> Pupil | None:
    """Lock a pupil's row until the end of the transaction; None for somebody new.

    What else is read of a pupil has to be read after this, by another statement: one that waited
    for the lock still sees the other tables as they were before the wait.
    """
    rows = await run(db, _LOCK, {"sender": telegram_id})
    return Pupil(*rows[0]) if rows else None


async def add_student(db: AsyncSession, telegram_id: int, **values: Any) -> None:
    """Insert a student; one who came in the meantime is left alone, a hidden one comes back."""
    statement = insert_for(db)(Student).values(telegram_id=telegram_id, **values)
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=[Student.telegram_id], set_={"deleted_at": None}
        )
    )


async def update_student(db: AsyncSession, student_id: int, **values: Any) -> None:
    """Set columns of a student."""
    await change(db, Student, student_id, values)


async def mark_blocked(db: AsyncSession, telegram_id: int, at: datetime) -> None:
    """Note that the pupil blocked the bot; the first time counts."""
    await db.execute(
        update(Student)
        .where(Student.telegram_id == telegram_id, Student.blocked_at.is_(None))
        .values(blocked_at=at)
    )


async def keep_payload(db: AsyncSession, student_id: int, payload: str) -> None:
    """Keep a deep link's payload where none is kept yet."""
    await db.execute(
        update(Student)
        .where(Student.id == student_id, Student.start_payload.is_(None))
        .values(start_payload=payload)
    )


async def delete_student(db: AsyncSession, student_id: int) -> None:
    """Delete a student with all that cascades."""
    await db.execute(delete(Student).where(Student.id == student_id))
