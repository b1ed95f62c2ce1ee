"""A private address of a calendar."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.types import BigId

if TYPE_CHECKING:
    from src.models.student import Student


class CalendarFeed(Timestamps, Base):
    """An address at which a pupil's calendar is read by a program of theirs; only its hash is kept.

    What the address ends in is said once, when it is made.
    """

    __tablename__ = "calendar_feeds"
    __table_args__ = (Index("idx_calendar_feeds_student", "student_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, doc="SHA-256, hex")
    revoked_at: Mapped[datetime | None]

    student: Mapped["Student"] = relationship(back_populates="calendar_feeds", lazy="raise")
