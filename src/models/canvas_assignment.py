"""An assignment, as Canvas gave it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, OfConnection, Timestamps
from src.models.types import Json


class CanvasAssignment(OfConnection, Timestamps, Base):
    """An assignment of a course.

    Its three dates are as they apply to the person of the connection. A teacher gets the latest
    over all overrides, so theirs stand in ``dates`` as well.
    """

    __tablename__ = "canvas_assignments"
    __table_args__ = (
        UniqueConstraint("connection_id", "canvas_id"),
        Index("idx_canvas_assignments_course", "connection_id", "canvas_course_id", "due_at"),
    )

    canvas_id: Mapped[int] = mapped_column(BigInteger)
    canvas_course_id: Mapped[int] = mapped_column(BigInteger)
    canvas_group_id: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text, doc="HTML; null also while locked")
    due_at: Mapped[datetime | None]
    unlock_at: Mapped[datetime | None]
    lock_at: Mapped[datetime | None]
    dates: Mapped[list[dict[str, Any]] | None] = mapped_column(Json, doc="each date and for whom")
    points_possible: Mapped[float | None]
    grading_type: Mapped[str | None] = mapped_column(String(64))
    submission_types: Mapped[list[str]] = mapped_column(Json, default=list)
    workflow_state: Mapped[str | None] = mapped_column(String(64))
    is_published: Mapped[bool] = mapped_column(default=True)
    omits_from_final_grade: Mapped[bool] = mapped_column(default=False)
    only_for_overrides: Mapped[bool] = mapped_column(default=False)
    allowed_attempts: Mapped[int | None] = mapped_column(doc="-1: any number")
    canvas_quiz_id: Mapped[int | None] = mapped_column(BigInteger)
    position: Mapped[int | None]
    html_url: Mapped[str | None] = mapped_column(Text)
    canvas_updated_at: Mapped[datetime | None]
