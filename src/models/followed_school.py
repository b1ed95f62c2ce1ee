"""Whose list a connection fills."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps

if TYPE_CHECKING:
    from src.models.student import Student


class FollowedSchool(Timestamps, Base):
    """That the tasks of a connection are a pupil's, and how far they were taken over."""

    __tablename__ = "followed_schools"
    __table_args__ = (Index("idx_followed_schools_student", "student_id"),)

    connection_id: Mapped[int] = mapped_column(
        ForeignKey("canvas_connections.id", ondelete="CASCADE"), primary_key=True
    )
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id", ondelete="CASCADE"))
    taken_at: Mapped[datetime | None] = mapped_column(
        doc="the reading of the school that was taken over last; null: none, so nothing is news"
    )
    try_at: Mapped[datetime | None] = mapped_column(doc="after a failure: not before")
    told_dead_at: Mapped[datetime | None] = mapped_column(
        doc="when the pupil was told that the token is dead or ends soon"
    )

    student: Mapped["Student"] = relationship(back_populates="followed_schools", lazy="raise")
