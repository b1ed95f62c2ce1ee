"""What somebody did that others may ask about later."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, Timestamps
from src.models.enums import AuditAction
from src.models.types import BigId, Json


class AuditEvent(Timestamps, Base):
    """Who looked at, paid, connected, exported or erased what, and when.

    It refers to no other table, so that it outlives what it is about, and it holds no words and no
    Telegram id of anybody.
    """

    __tablename__ = "audit_events"
    __table_args__ = (Index("idx_audit_events_subject", "subject_kind", "subject_id", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64), doc="person:7, operator, or dars itself")
    action: Mapped[AuditAction]
    subject_kind: Mapped[str] = mapped_column(String(32), doc="such as person or connection")
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
