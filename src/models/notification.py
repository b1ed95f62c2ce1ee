"""What the version before wrote to a pupil first."""

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.types import BigId

if TYPE_CHECKING:
    from src.models.student import Student

_OUTCOMES = (
    "'sent', 'failed', 'blocked', 'ambiguous', 'skipped_capacity', 'skipped_late', "
    "'skipped_practised', 'skipped_unwanted'"
)


class Notification(Timestamps, Base):
    """A nudge of the version before, which `OutboxMessage` has too: a trigger copies it."""

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("student_id", "kind", "local_date"),
        CheckConstraint("kind IN ('nudge')", name="notification_kind"),
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="notification_outcome"),
        Index(
            "idx_notifications_due",
            "due_at",
            postgresql_where=text("outcome IS NULL"),
            sqlite_where=text("outcome IS NULL"),
        ),
        Index("idx_notifications_local_date_outcome", "local_date", "outcome"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32), default="nudge")
    variant: Mapped[str | None] = mapped_column(String(32))
    local_date: Mapped[dt.date]
    due_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    claimed_at: Mapped[dt.datetime | None]
    sent_at: Mapped[dt.datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(32))
    error: Mapped[str | None] = mapped_column(String(100))

    student: Mapped["Student"] = relationship(back_populates="notifications", lazy="raise")
