"""A grading period, as Canvas gave it."""

from datetime import datetime

from sqlalchemy import BigInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, OfConnection, Timestamps


class CanvasGradingPeriod(OfConnection, Timestamps, Base):
    """A part of the year with a grade of its own.

    Courses may share one, with one number: so it is unique within its course.
    """

    __tablename__ = "canvas_grading_periods"
    __table_args__ = (
        UniqueConstraint(
            *("connection_id", "canvas_course_id", "canvas_id"), name="uq_canvas_grading_periods_id"
        ),
    )

    canvas_id: Mapped[int] = mapped_column(BigInteger)
    canvas_course_id: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str | None] = mapped_column(Text)
    start_at: Mapped[datetime | None]
    end_at: Mapped[datetime | None]
    close_at: Mapped[datetime | None]
    weight: Mapped[float | None] = mapped_column(doc="percent")
    is_closed: Mapped[bool] = mapped_column(default=False)
