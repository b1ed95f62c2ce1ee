"""A group of assignments, as Canvas gave it."""

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, OfConnection, Timestamps
from src.models.types import Json


class CanvasAssignmentGroup(OfConnection, Timestamps, Base):
    """What part of a course's grade some assignments are, and which of them are dropped."""

    __tablename__ = "canvas_assignment_groups"
    __table_args__ = (
        UniqueConstraint("connection_id", "canvas_id"),
        Index("idx_canvas_assignment_groups_course", "connection_id", "canvas_course_id"),
    )

    canvas_id: Mapped[int] = mapped_column(BigInteger)
    canvas_course_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int | None]
    weight: Mapped[float | None] = mapped_column(doc="percent, where the course weighs groups")
    drop_lowest: Mapped[int] = mapped_column(default=0)
    drop_highest: Mapped[int] = mapped_column(default=0)
    never_drop: Mapped[list[int]] = mapped_column(Json, default=list, doc="Canvas ids")
