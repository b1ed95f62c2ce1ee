"""Hints that were asked for and are made in the background."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.language import Language
from src.models.base import Base, Timestamps
from src.models.enums import HintSource
from src.models.types import BigId

if TYPE_CHECKING:
    from src.models.student import Student


class HintRequest(Timestamps, Base):
    """One hint for one pupil and problem: asked for, made, sent. At most one is open for both.

    The row decides what is left to do; whatever was killed goes on from what it says.
    """

    __tablename__ = "hint_requests"
    __table_args__ = (
        CheckConstraint("step BETWEEN 1 AND 9", name="step"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("(made_at IS NULL) = (source IS NULL)", name="made"),
        Index(
            "idx_hint_requests_open",
            "student_id",
            "problem_id",
            unique=True,
            postgresql_where=text("sent_at IS NULL"),
            sqlite_where=text("sent_at IS NULL"),
        ),
        Index("idx_hint_requests_session", "session_id"),
        Index("idx_hint_requests_problem", "problem_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id", ondelete="CASCADE"))
    language: Mapped[Language]
    step: Mapped[int] = mapped_column(SmallInteger, doc="1..3 of the ladder, more after it")
    is_question: Mapped[bool] = mapped_column(default=False, doc="the pupil's own; never reused")
    typed: Mapped[str | None] = mapped_column(String(500), doc="forgotten when the hint is made")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0, doc="runs of the job so far")
    source: Mapped[HintSource | None]
    shown_step: Mapped[int | None] = mapped_column(
        SmallInteger, doc="of the ladder, where the hint is from it"
    )
    text: Mapped[str | None] = mapped_column(String(500))
    made_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None] = mapped_column(doc="null: still open")

    student: Mapped["Student"] = relationship(back_populates="hint_requests", lazy="raise")
