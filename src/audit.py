"""The record of what somebody may ask about later: who did what to whom, and when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from src.models import AuditAction, AuditEvent


def person(person_id: int) -> str:
    """Return how a person is named as an actor."""
    return f"person:{person_id}"


def note(
    db: AsyncSession,
    action: AuditAction,
    subject: tuple[str, int | None],
    *,
    actor: str,
    at: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Note an action, in the transaction that does it.

    Args:
        db: The open transaction.
        action: What is done.
        subject: Of which kind it is, and its id.
        actor: Who does it: `person`, ``operator`` or ``dars``.
        at: When, aware.
        detail: Numbers and names of versions; never words of a person.
    """
    kind, subject_id = subject
    event = AuditEvent(at=at, actor=actor, action=action, subject_kind=kind)
    event.subject_id, event.detail = subject_id, dict(detail or {})
    db.add(event)
