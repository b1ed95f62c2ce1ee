"""One pupil and the record of what was done, for operators whom somebody has asked."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from src import audit
from src.errors import NoSuchPupil
from src.models import (
    Attempt,
    AuditAction,
    AuditEvent,
    Person,
    Problem,
    Response,
    Session,
    Streak,
    Student,
)

Rows = list[dict[str, Any]]


async def look_at(
    db: AsyncSession, telegram_id: int, at: datetime, *, most: int, by_number: bool = False
) -> tuple[dict[str, Any], Rows]:
    """Return a pupil and the latest problems they were asked; the look is noted in the audit.

    Args:
        db: The open transaction.
        telegram_id: Of their private chat.
        at: When, aware.
        most: How many problems.
        by_number: Whether the number is Dars's own, as reports of costs name a pupil.

    Raises:
        NoSuchPupil: Nobody of that id has written.
    """
    found = (
        await db.execute(
            select(Student, Person, Streak)
            .join(Person, Person.id == Student.person_id)
            .outerjoin(Streak, Streak.student_id == Student.id)
            .where((Student.id if by_number else Student.telegram_id) == telegram_id)
        )
    ).one_or_none()
    if found is None:
        what = "number" if by_number else "Telegram id"
        raise NoSuchPupil(f"nobody with the {what} {telegram_id} is known")
    student, person, streak = found
    audit.note(db, AuditAction.LOOK, ("student", student.id), actor="operator", at=at)
    about = {
        "student": student.id,
        "person": person.id,
        "grade": student.grade,
        "language": person.language,
        "timezone": student.timezone,
        "registered_at": student.registered_at,
        "consented_at": student.consented_at,
        "last_active_at": student.last_active_at,
        "blocked_at": person.blocked_at,
        "nudges_enabled": student.nudges_enabled,
        "next_nudge_at": student.next_nudge_at,
        "streak": streak.current_streak if streak else 0,
        "longest_streak": streak.longest_streak if streak else 0,
    }
    return about, await _asked(db, student.id, most)


async def _asked(db: AsyncSession, student_id: int, most: int) -> Rows:
    """Return the latest problems of a pupil, each with all that was typed, the latest first."""
    rows = await db.execute(
        select(Response, Session.date, Session.status, Problem.external_id)
        .join(Session, Session.id == Response.session_id)
        .join(Problem, Problem.id == Response.problem_id)
        .where(Session.student_id == student_id)
        .order_by(Response.id.desc())
        .limit(most)
    )
    found = [(row[0], row[1], row[2], row[3]) for row in rows]
    typed = await _typed(db, [response.id for response, *_ in found])
    return [
        {
            "day": day.isoformat(),
            "session": str(status),
            "problem": problem,
            "right": response.is_correct,
            "skipped": response.skipped,
            "hints": response.hints_used,
            "version": response.content_version,
            "typed": typed.get(response.id, [response.student_answer or ""]),
        }
        for response, day, status, problem in found
    ]


async def _typed(db: AsyncSession, responses: list[int]) -> dict[int, list[str]]:
    rows = await db.execute(
        select(Attempt.response_id, Attempt.typed)
        .where(Attempt.response_id.in_(responses))
        .order_by(Attempt.id)
    )
    typed: dict[int, list[str]] = {}
    for response_id, text in rows:
        typed.setdefault(response_id, []).append(text)
    return typed


async def events(
    db: AsyncSession, *, most: int, action: AuditAction | None = None, subject: str | None = None
) -> Rows:
    """Return what was noted in the audit, the latest first.

    Args:
        db: The open transaction.
        most: So many at most.
        action: Only this.
        subject: Only about this kind, or about one of it: ``person`` or ``person:7``.
    """
    statement = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(most)
    if action is not None:
        statement = statement.where(AuditEvent.action == action)
    if subject is not None:
        kind, _, number = subject.partition(":")
        statement = statement.where(AuditEvent.subject_kind == kind)
        if number.isdecimal():
            statement = statement.where(AuditEvent.subject_id == int(number))
    return [
        {
            "at": event.at.isoformat(timespec="seconds"),
            "actor": event.actor,
            "action": str(event.action),
            "subject": event.subject_kind,
            "id": event.subject_id,
            "detail": event.detail,
        }
        for event in await db.scalars(statement)
    ]
