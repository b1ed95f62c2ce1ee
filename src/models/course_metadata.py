"""What people wrote about a course of a school."""

from sqlalchemy import BigInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, OfConnection, Timestamps
from src.models.types import Json


class CourseMetadata(OfConnection, Timestamps, Base):
    """Notes, tags and a curriculum; no sync touches a byte of it."""

    __tablename__ = "course_metadata"
    __table_args__ = (UniqueConstraint("connection_id", "canvas_course_id"),)

    canvas_course_id: Mapped[int] = mapped_column(BigInteger)
    notes: Mapped[str] = mapped_column(Text, default="", doc="a line each")
    tags: Mapped[list[str]] = mapped_column(Json, default=list)
    curriculum: Mapped[str | None] = mapped_column(String(64), index=True)
