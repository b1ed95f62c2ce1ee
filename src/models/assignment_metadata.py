"""What people wrote about an assignment of a school."""

from sqlalchemy import BigInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, OfConnection, Timestamps
from src.models.types import Json


class AssignmentMetadata(OfConnection, Timestamps, Base):
    """Notes and tags; no sync touches a byte of it."""

    __tablename__ = "assignment_metadata"
    __table_args__ = (UniqueConstraint("connection_id", "canvas_assignment_id"),)

    canvas_assignment_id: Mapped[int] = mapped_column(BigInteger)
    notes: Mapped[str] = mapped_column(Text, default="", doc="a line each")
    tags: Mapped[list[str]] = mapped_column(Json, default=list)
