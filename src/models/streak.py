"""Days in a row."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.milestones import next_milestone
from src.models.base import Base, Timestamps
from src.models.types import Json, json_list

if TYPE_CHECKING:
    from src.models.student import Student


def _on_board(name: str, *columns: str) -> Index:
    """Return an index of those who are on the board, within a grade."""
    some = text("board_grade IS NOT NULL")
    order = ("board_grade", *columns)
    return Index(name, *order, postgresql_where=some, sqlite_where=some)


class Streak(Timestamps, Base):
    """The local days in a row on which a pupil worked in a session that was then finished."""

    __tablename__ = "streaks"
    __table_args__ = (
        CheckConstraint("current_streak >= 0", name="current_streak"),
        CheckConstraint("longest_streak >= 0", name="longest_streak"),
        CheckConstraint("freezes BETWEEN 0 AND 2", name="freezes"),
        _on_board("idx_streaks_current", "current_streak", "student_id", "alive_until"),
        _on_board("idx_streaks_solved", "solved_week", "solved_alone", "student_id"),
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

    alive_until: Mapped[dt.datetime | None] = mapped_column(
        doc="until when the streak can go on: a dead one keeps its number"
    )
    board_grade: Mapped[int | None] = mapped_column(SmallInteger, doc="null: not on the board")
    board_name: Mapped[str | None] = mapped_column(
        String(40), doc="what others see: two words of our list"
    )
    board_joined_at: Mapped[dt.datetime | None]
    board_consent_version: Mapped[str | None] = mapped_column(String(32))
    solved_week: Mapped[dt.date | None] = mapped_column(doc="the Monday of the week counted")
    solved_alone: Mapped[int] = mapped_column(
        default=0, server_default=text("0"), doc="solved without help in that week"
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
