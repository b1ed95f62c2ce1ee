"""The grades of courses over time."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, OfConnection, Timestamps


class GradeHistory(OfConnection, Timestamps, Base):
    """What a student's grade in a course was from one instant on; a row is never changed.

    The database refuses to change or delete one, but for what stands in ``erasures``.
    """

    __tablename__ = "grade_history"
    __table_args__ = (
        UniqueConstraint(
            *("connection_id", "canvas_course_id", "canvas_user_id", "number"),
            name="uq_grade_history_number",
        ),
        Index("idx_grade_history_student", "connection_id", "canvas_user_id", "observed_at"),
    )

    canvas_course_id: Mapped[int] = mapped_column(BigInteger)
    canvas_user_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(doc="1 for the first of this student in this course")
    observed_at: Mapped[datetime] = mapped_column(doc="when the fetch that saw it began")
    is_baseline: Mapped[bool] = mapped_column(default=False, doc="there before we first looked")
    current_score: Mapped[float | None]
    final_score: Mapped[float | None]
    current_grade: Mapped[str | None] = mapped_column(Text)
    final_grade: Mapped[str | None] = mapped_column(Text)
    period_score: Mapped[float | None]
    period_grade: Mapped[str | None] = mapped_column(Text)
