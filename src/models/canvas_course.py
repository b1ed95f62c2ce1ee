"""A course, as Canvas gave it."""

from datetime import datetime

from sqlalchemy import BigInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, OfConnection, Timestamps


class CanvasCourse(OfConnection, Timestamps, Base):
    """A course that a connection sees.

    While Canvas withholds a course because of its dates, what was last seen of it stays.
    """

    __tablename__ = "canvas_courses"
    __table_args__ = (UniqueConstraint("connection_id", "canvas_id"),)

    canvas_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str | None] = mapped_column(Text, doc="what the person calls it, if they do")
    original_name: Mapped[str | None] = mapped_column(Text, doc="where `name` is a nickname")
    course_code: Mapped[str | None] = mapped_column(Text)
    workflow_state: Mapped[str | None] = mapped_column(String(64))
    time_zone: Mapped[str | None] = mapped_column(String(64), doc="IANA name")
    start_at: Mapped[datetime | None]
    end_at: Mapped[datetime | None]
    is_restricted: Mapped[bool] = mapped_column(default=False, doc="withheld because of its dates")
    weighs_groups: Mapped[bool] = mapped_column(default=False)
    hides_final_grades: Mapped[bool] = mapped_column(default=False)
    fetched_at: Mapped[datetime | None] = mapped_column(
        doc="the whole fetch that last changed something, to a day; null: only listed so far"
    )
