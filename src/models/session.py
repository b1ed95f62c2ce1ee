"""Five problems for a pupil."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src import clock
from src.models.base import Base, Timestamps
from src.models.enums import SessionStatus
from src.models.types import BigId, Json, json_length

if TYPE_CHECKING:
    from src.models.cost_record import CostRecord
    from src.models.response import Response
    from src.models.student import Student

PROBLEMS_PER_SESSION = 5


class Session(Timestamps, Base):
    """A practice session and where the pupil stands in it.

    Code calls a row of it ``practice``: ``db`` is SQLAlchemy's session.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint(json_length(column("problem_ids")) == 5, name="five_problems"),
        CheckConstraint("problems_correct BETWEEN 0 AND 5", name="problems_correct"),
        CheckConstraint("current_index BETWEEN 0 AND 5", name="current_index"),
        CheckConstraint("total_time_seconds >= 0", name="total_time_seconds"),
        Index(
            "idx_sessions_one_active",
            "student_id",
            unique=True,
            postgresql_where=text("status = 'active'"),
            sqlite_where=text("status = 'active'"),
        ),
        Index("idx_sessions_student_created", "student_id", "created_at"),
        Index(
            "idx_sessions_active_expires",
            "expires_at",
            postgresql_where=text("status = 'active'"),
            sqlite_where=text("status = 'active'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id", ondelete="CASCADE"))
    date: Mapped[dt.date] = mapped_column(doc="the local day of the start")
    status: Mapped[SessionStatus] = mapped_column(default=SessionStatus.ACTIVE)
    problem_ids: Mapped[list[int]] = mapped_column(Json, doc="five, in their order")
    seed: Mapped[int] = mapped_column(BigInteger, default=0, doc="of the choice of problems")
    picks: Mapped[list[dict[str, Any]] | None] = mapped_column(
        Json, doc="why each of the five was chosen, for operators; null: of a version before"
    )
    stretch_index: Mapped[int | None] = mapped_column(
        SmallInteger, doc="which of the five is harder on purpose, from 0"
    )
    current_index: Mapped[int] = mapped_column(
        SmallInteger, default=0, doc="problems closed so far"
    )
    problems_correct: Mapped[int] = mapped_column(SmallInteger, default=0)
    total_time_seconds: Mapped[int] = mapped_column(default=0)
    # When the pupil began, by the message that began it: a redelivery after midnight is no new day.
    started_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    shown_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    is_paused: Mapped[bool] = mapped_column(
        default=False,
        server_default=text("false"),
        doc="a solution was shown; the next question waits for a tap",
    )
    timezone: Mapped[str] = mapped_column(String(64), default="Asia/Dhaka")
    expires_at: Mapped[dt.datetime] = mapped_column(doc="24 h after the start")
    completed_at: Mapped[dt.datetime | None]

    student: Mapped["Student"] = relationship(back_populates="sessions", lazy="raise")
    responses: Mapped[list["Response"]] = relationship(
        back_populates="session", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    # The ledger outlives the session: the database sets its reference to NULL.
    cost_records: Mapped[list["CostRecord"]] = relationship(
        back_populates="session", passive_deletes=True, lazy="raise"
    )

    def is_expired(self, now: dt.datetime) -> bool:
        """Return whether the time for this session is over; a completed one never expires.

        Args:
            now: The current instant, aware.
        """
        if self.status == SessionStatus.ACTIVE:
            return now >= self.expires_at
        return self.status == SessionStatus.EXPIRED

    def get_accuracy(self) -> float:
        """Return the share of the five problems that was answered right, 0.0 to 1.0."""
        return self.problems_correct / PROBLEMS_PER_SESSION
