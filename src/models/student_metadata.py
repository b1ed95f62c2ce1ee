"""What people wrote about a student of a school."""

from sqlalchemy import BigInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, OfConnection, Timestamps
from src.models.types import Json


class StudentMetadata(OfConnection, Timestamps, Base):
    """Notes, labels, a curriculum and a goal; no sync touches a byte of it."""

    __tablename__ = "student_metadata"
    __table_args__ = (UniqueConstraint("connection_id", "canvas_user_id"),)

    canvas_user_id: Mapped[int] = mapped_column(BigInteger)
    notes: Mapped[str] = mapped_column(Text, default="", doc="a line each")
    labels: Mapped[list[str]] = mapped_column(Json, default=list)
    curriculum: Mapped[str | None] = mapped_column(String(64), index=True)
    goal: Mapped[str | None] = mapped_column(Text)
