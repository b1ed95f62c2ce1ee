"""What a pupil can do in a sub-topic."""

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Double, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps

if TYPE_CHECKING:
    from src.models.student import Student


class SkillState(Timestamps, Base):
    """A belief about a pupil in a sub-topic, from first tries only. It goes with the pupil."""

    __tablename__ = "skill_states"
    __table_args__ = (
        CheckConstraint("variance > 0", name="variance"),
        CheckConstraint("average BETWEEN 0 AND 1", name="average"),
        CheckConstraint("answers >= 1", name="answers"),
        CheckConstraint("(mastered_on IS NULL) = (due_on IS NULL)", name="due"),
    )

    student_id: Mapped[int] = mapped_column(
        ForeignKey("students.id", ondelete="CASCADE"), primary_key=True
    )
    topic: Mapped[str] = mapped_column(String(100), primary_key=True)
    subtopic: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[float] = mapped_column(Double, doc="above the pupil's own rating, in logits")
    variance: Mapped[float] = mapped_column(Double, doc="the doubt about it")
    average: Mapped[float] = mapped_column(Double, doc="of first tries, the latest weigh most")
    answers: Mapped[int] = mapped_column(doc="first tries")
    strong_on: Mapped[dt.date | None] = mapped_column(doc="first local day of a high average")
    mastered_on: Mapped[dt.date | None] = mapped_column(doc="a later such day; it stays")
    stability: Mapped[float | None] = mapped_column(Double, doc="days until 1 in 10 is forgotten")
    ease: Mapped[float | None] = mapped_column(Double, doc="what FSRS calls difficulty, 1 to 10")
    reviewed_on: Mapped[dt.date | None] = mapped_column(doc="the latest first try since mastery")
    due_on: Mapped[dt.date | None] = mapped_column(doc="for another look")

    student: Mapped["Student"] = relationship(back_populates="skill_states", lazy="raise")
