"""What a pupil chose about reminders of deadlines."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.types import Json

if TYPE_CHECKING:
    from src.models.student import Student


class DeadlineChoices(Timestamps, Base):
    """Which reminders a pupil does not want, and when the next digest is due."""

    __tablename__ = "deadline_choices"
    __table_args__ = (
        CheckConstraint("muted_tiers BETWEEN 0 AND 63", name="muted_tiers"),
        Index(
            "idx_deadline_choices_next_digest_at",
            "next_digest_at",
            postgresql_where=text("next_digest_at IS NOT NULL"),
            sqlite_where=text("next_digest_at IS NOT NULL"),
        ),
    )

    student_id: Mapped[int] = mapped_column(
        ForeignKey("students.id", ondelete="CASCADE"), primary_key=True
    )
    muted_tiers: Mapped[int] = mapped_column(
        SmallInteger, default=0, doc="a bit for each tier, the longest first"
    )
    wants_digest: Mapped[bool] = mapped_column(default=True)
    draft: Mapped[Any | None] = mapped_column(
        Json, doc="a task that is being written down, until the pupil says yes"
    )
    next_digest_at: Mapped[datetime | None] = mapped_column(doc="null: none")

    student: Mapped["Student"] = relationship(back_populates="deadline_choices", lazy="raise")
