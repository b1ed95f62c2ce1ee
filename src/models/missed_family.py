"""A family of problems that a pupil has missed."""

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps

if TYPE_CHECKING:
    from src.models.student import Student


class MissedFamily(Timestamps, Base):
    """A problem, or a variant of it, that was not solved, and when it comes again.

    It goes with the pupil.
    """

    __tablename__ = "missed_families"
    __table_args__ = (CheckConstraint("misses >= 1", name="misses"),)

    student_id: Mapped[int] = mapped_column(
        ForeignKey("students.id", ondelete="CASCADE"), primary_key=True
    )
    family: Mapped[str] = mapped_column(
        String(64), primary_key=True, doc="external_id that variants share"
    )
    problem_id: Mapped[int] = mapped_column(
        ForeignKey("problems.id", ondelete="CASCADE"), doc="the one missed last"
    )
    misses: Mapped[int] = mapped_column(SmallInteger, doc="in a row")
    next_session: Mapped[int | None] = mapped_column(
        doc="number of the session from which on it is asked; null: solved since, without help"
    )

    student: Mapped["Student"] = relationship(back_populates="missed_families", lazy="raise")
