"""Days in a row."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.milestones import next_milestone
from src.models.base import Base, Timestamps
from src.models.types import Json, json_list

if TYPE_CHECKING:
    from src.models.student import Student


class Streak(Timestamps, Base):
    """The local days in a row on which a pupil worked in a session that was then finished."""

    __tablename__ = "streaks"
    __table_args__ = (
        CheckConstraint("current_streak >= 0", name="current_streak"),
        CheckConstraint("longest_streak >= 0", name="longest_streak"),
        CheckConstraint("freezes BETWEEN 0 AND 2", name="freezes"),
        Index("idx_streaks_current", "current_streak"),
    )

    student_id: Mapped[int] = mapped_column(
        ForeignKey("students.id", ondelete="CASCADE"), primary_key=True
    )
    current_streak: Mapped[int] = mapped_column(default=0)
    longest_streak: Mapped[int] = mapped_column(default=0)
    last_practice_date: Mapped[dt.date | None] = mapped_column(doc="local day")
    last_timezone: Mapped[str | None] = mapped_column(String(64))
    last_counted_at: Mapped[dt.datetime | None]
    last_completed_at: Mapped[dt.datetime | None]
    milestones_achieved: Mapped[list[int]] = mapped_column(json_list(), default=list)
    freezes: Mapped[int] = mapped_column(
        SmallInteger, default=0, doc="missed days that will be forgiven"
    )

    baseline: Mapped[dict[str, Any] | None] = mapped_column(
        Json, doc="what older rules gave, up to which session; the rules go on from it"
    )

    student: Mapped["Student"] = relationship(back_populates="streak", lazy="raise")

    def add_milestone(self, days: int) -> bool:
        """Record a milestone; each counts once, also after a broken streak.

        Returns:
            Whether it is new.
        """
        if days in self.milestones_achieved:
            return False
        self.milestones_achieved.append(days)
        return True

    def get_next_milestone(self) -> int:
        """Return the next milestone, in days: above the current streak and not yet achieved."""
        return next_milestone(self.current_streak, self.milestones_achieved)
