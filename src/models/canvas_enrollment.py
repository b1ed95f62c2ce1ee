"""An enrolment of a pupil, as Canvas gave it."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, OfConnection, Timestamps


class CanvasEnrollment(OfConnection, Timestamps, Base):
    """That a student is in a section of a course; one in two sections has two of them.

    The scores are those that Canvas works out for the course; the period is the current one.
    """

    __tablename__ = "canvas_enrollments"
    __table_args__ = (
        UniqueConstraint("connection_id", "canvas_id"),
        Index("idx_canvas_enrollments_course", "connection_id", "canvas_course_id"),
        Index("idx_canvas_enrollments_student", "connection_id", "canvas_user_id"),
    )

    canvas_id: Mapped[int] = mapped_column(BigInteger)
    canvas_course_id: Mapped[int] = mapped_column(BigInteger)
    canvas_user_id: Mapped[int] = mapped_column(BigInteger)
    canvas_section_id: Mapped[int | None] = mapped_column(BigInteger)
    role: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str | None] = mapped_column(String(64))
    start_at: Mapped[datetime | None]
    end_at: Mapped[datetime | None]
    last_activity_at: Mapped[datetime | None]
    current_score: Mapped[float | None]
    final_score: Mapped[float | None]
    current_grade: Mapped[str | None] = mapped_column(Text)
    final_grade: Mapped[str | None] = mapped_column(Text)
    period_score: Mapped[float | None]
    period_grade: Mapped[str | None] = mapped_column(Text)
    canvas_updated_at: Mapped[datetime | None]
