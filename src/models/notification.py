"""What Dars writes to a pupil first, and what became of it."""

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.enums import NotificationKind, NotificationOutcome
from src.models.types import BigId

if TYPE_CHECKING:
    from src.models.student import Student


class Notification(Timestamps, Base):
    """One message of a kind to a pupil on a local day: the constraint keeps it to one.

    The row decides what is due and what is done; whoever sets ``claimed_at`` may send it.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("student_id", "kind", "local_date"),
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
    kind: Mapped[NotificationKind] = mapped_column(default=NotificationKind.NUDGE)
    variant: Mapped[str | None] = mapped_column(String(32), doc="which wording")
    local_date: Mapped[dt.date] = mapped_column(doc="the pupil's day")
    due_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    claimed_at: Mapped[dt.datetime | None] = mapped_column(doc="whoever set it may send")
    sent_at: Mapped[dt.datetime | None]
    outcome: Mapped[NotificationOutcome | None] = mapped_column(doc="null: not decided yet")
    error: Mapped[str | None] = mapped_column(String(100), doc="class name only")

    student: Mapped["Student"] = relationship(back_populates="notifications", lazy="raise")
