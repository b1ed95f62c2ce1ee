"""All SQL of accounts."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src.accounts.pupil import Pupil
from src.models import ProcessedUpdate, Session, SessionStatus, Student, UpdateStatus
from src.practice.queries import PLACE, place_of
from src.practice.results import Place
from src.sql import insert_for

PUPIL = (
    Student.id,
    Student.telegram_id,
    Student.grade,
    Student.language,
    Student.timezone,
    Student.dialog,
    Student.registered_at,
    Student.nudges_enabled,
    Student.nudge_time,
    Student.blocked_at,
)


async def lock_pupil(
    db: AsyncSession, telegram_id: int, update_id: int
) -> tuple[Pupil, Place | None, bool] | None:
    """Lock a pupil's row and read in the same statement all that most updates need.

    Args:
        db: The open transaction. On SQLite it holds the only write lock already.
        telegram_id: The sender.
        update_id: The update being handled.

    Returns:
        The pupil, where they are in an active session, and whether the update was handled before;
        None for somebody new.
    """
    statement = (
        select(*PUPIL, ProcessedUpdate.update_id, *PLACE)
        .outerjoin(
            Session,
            and_(Session.student_id == Student.id, Session.status == SessionStatus.ACTIVE),
        )
        .outerjoin(
            ProcessedUpdate,
            and_(
                ProcessedUpdate.update_id == update_id,
                ProcessedUpdate.status != UpdateStatus.FAILING,
            ),
        )
        .where(Student.telegram_id == telegram_id, Student.deleted_at.is_(None))
        .with_for_update(of=Student)
    )
    row = (await db.execute(statement)).one_or_none()
    if row is None:
        return None
    values = tuple(row)
    split = len(PUPIL)
    place = place_of(values[split + 1 :]) if values[split + 1] is not None else None
    return Pupil(*values[:split]), place, values[split] is not None


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
    await db.execute(update(Student).where(Student.id == student_id).values(**values))


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
