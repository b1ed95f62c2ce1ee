"""A pupil of a school, as Canvas gave them."""

from sqlalchemy import BigInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, OfConnection, Timestamps


class CanvasStudent(OfConnection, Timestamps, Base):
    """A user of Canvas who is a student in a course that a connection sees.

    Not a pupil of Dars: most of these have never written to us. Addresses are not kept.
    """

    __tablename__ = "canvas_students"
    __table_args__ = (UniqueConstraint("connection_id", "canvas_id"),)

    canvas_id: Mapped[int] = mapped_column(BigInteger, doc="of the user")
    name: Mapped[str | None] = mapped_column(Text)
    sortable_name: Mapped[str | None] = mapped_column(Text)
    short_name: Mapped[str | None] = mapped_column(Text)
