"""A course from which tasks come."""

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.types import BigId

if TYPE_CHECKING:
    from src.models.student import Student


class TaskCourse(Timestamps, Base):
    """A course of a pupil as the picker shows it without asking the school."""

    __tablename__ = "task_courses"
    __table_args__ = (
        Index(
            "idx_task_courses_course",
            *("student_id", "connection_id", "canvas_course_id"),
            unique=True,
        ),
        Index("idx_task_courses_connection", "connection_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id", ondelete="CASCADE"))
    connection_id: Mapped[int] = mapped_column(
        ForeignKey("canvas_connections.id", ondelete="CASCADE")
    )
    canvas_course_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(100))
    is_active: Mapped[bool] = mapped_column(default=True, doc="whether the school still shows it")
    is_hidden: Mapped[bool] = mapped_column(default=False, doc="the pupil wants none of it")

    student: Mapped["Student"] = relationship(back_populates="task_courses", lazy="raise")
