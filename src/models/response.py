"""What a pupil did with one problem of a session."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.enums import ConfidenceLevel
from src.models.types import BigId, json_list

if TYPE_CHECKING:
    from src.models.attempt import Attempt
    from src.models.dispute import Dispute
    from src.models.problem import Problem
    from src.models.response_step import ResponseStep
    from src.models.session import Session


_IN_DISPUTES = "of the version before; see disputes"


class Response(Timestamps, Base):
    """Attempts, hints and time for one problem; made when the problem is first shown.

    Open until ``closed_at`` is set: by a right answer, the last attempt or a skip.
    """

    __tablename__ = "responses"
    __table_args__ = (
        UniqueConstraint("session_id", "problem_id"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("hints_used >= 0", name="hints_used"),
        CheckConstraint("time_spent_seconds >= 0", name="time_spent_seconds"),
        CheckConstraint("length(student_answer) <= 500", name="student_answer_length"),
        CheckConstraint(
            "last_verdict IN ('correct', 'wrong', 'wrong_form', 'unreadable')", name="last_verdict"
        ),
        Index("idx_responses_problem", "problem_id"),
        Index(
            "idx_responses_disputed",
            "disputed_at",
            postgresql_where=text("disputed_at IS NOT NULL"),
            sqlite_where=text("disputed_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id", ondelete="RESTRICT"))
    student_answer: Mapped[str | None] = mapped_column(String(500), doc="the last one, as typed")
    is_correct: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(
        SmallInteger, default=0, doc="answers that counted: right or wrong"
    )
    last_verdict: Mapped[str | None] = mapped_column(String(16))
    misconception: Mapped[str | None] = mapped_column(String(100), doc="name of the mistake")
    time_spent_seconds: Mapped[int] = mapped_column(default=0)
    hints_used: Mapped[int] = mapped_column(SmallInteger, default=0)
    hints_viewed: Mapped[list[Any]] = mapped_column(
        json_list(), default=list, doc="each step and where it came from"
    )
    step_at: Mapped[int | None] = mapped_column(SmallInteger, doc="the step that is asked now")
    with_steps: Mapped[bool] = mapped_column(
        default=False, server_default=text("false"), doc="solved or left with help of its steps"
    )
    asked_confidence: Mapped[bool] = mapped_column(default=False)
    confidence_level: Mapped[ConfidenceLevel | None]
    skipped: Mapped[bool] = mapped_column(default=False)
    disputed: Mapped[bool] = mapped_column(default=False, doc=_IN_DISPUTES)
    disputed_answer: Mapped[str | None] = mapped_column(String(500), doc=_IN_DISPUTES)
    disputed_at: Mapped[datetime | None] = mapped_column(doc=_IN_DISPUTES)
    shown_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None] = mapped_column(doc="null: still open")
    content_version: Mapped[int | None] = mapped_column(
        doc="of the problem, when it was last judged; null: not judged, or before this was kept"
    )

    session: Mapped["Session"] = relationship(back_populates="responses", lazy="raise")
    problem: Mapped["Problem"] = relationship(back_populates="responses", lazy="raise")
    attempts_made: Mapped[list["Attempt"]] = relationship(
        back_populates="response", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    steps: Mapped[list["ResponseStep"]] = relationship(
        back_populates="response", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    disputes: Mapped[list["Dispute"]] = relationship(
        back_populates="response", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
