"""A thing that is due."""

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.enums import TaskSource, TaskWrite
from src.models.types import BigId, only_where

if TYPE_CHECKING:
    from src.models.student import Student

_OPEN = "done_at IS NULL AND gone_at IS NULL AND is_deleted = false"


class Task(Timestamps, Base):
    """What a pupil has to do by a date: from their school, or written down by themselves.

    A sync marks what has left the school (``gone_at``) and takes it up again; what the pupil
    deleted stays deleted. ``due_at`` is always the instant at which it is due: of a whole day,
    whose date is ``due_on``, 23:59 where the pupil lives.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("length(title) <= 300", name="title_length"),
        CheckConstraint("due_on IS NULL OR due_at IS NOT NULL", name="day_has_instant"),
        Index(
            "idx_tasks_canvas_assignment",
            *("student_id", "connection_id", "canvas_assignment_id"),
            unique=True,
            **only_where("canvas_assignment_id IS NOT NULL"),
        ),
        Index(
            "idx_tasks_canvas_event",
            *("student_id", "connection_id", "canvas_event_id"),
            unique=True,
            **only_where("canvas_event_id IS NOT NULL"),
        ),
        Index("idx_tasks_student_due_at", "student_id", "due_at"),
        # What is looked for in a list is in the index itself: of the rows only a page is read.
        Index(
            "idx_tasks_open",
            *("student_id", "due_at", "id"),
            postgresql_include=["connection_id", "canvas_course_id"],
            **only_where(_OPEN),
        ),
        Index(
            "idx_tasks_next_reminder_at",
            "next_reminder_at",
            **only_where("next_reminder_at IS NOT NULL"),
        ),
        Index(
            "idx_tasks_write", "write_at", **only_where("write_state IN ('pending', 'removing')")
        ),
        Index("idx_tasks_connection", "connection_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id", ondelete="CASCADE"))
    source: Mapped[TaskSource]
    connection_id: Mapped[int | None] = mapped_column(
        ForeignKey("canvas_connections.id", ondelete="CASCADE"), doc="over which it is seen"
    )
    canvas_course_id: Mapped[int | None] = mapped_column(BigInteger)
    canvas_assignment_id: Mapped[int | None] = mapped_column(BigInteger)
    canvas_event_id: Mapped[int | None] = mapped_column(
        BigInteger, doc="of an own task: what was written into the school's calendar"
    )
    course: Mapped[str | None] = mapped_column(String(100), doc="its name, as it is shown")
    title: Mapped[str] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    due_at: Mapped[dt.datetime | None] = mapped_column(doc="null: no date")
    due_on: Mapped[dt.date | None] = mapped_column(doc="of a whole day")
    moved_from: Mapped[dt.datetime | None] = mapped_column(doc="when it was due before")
    moved_at: Mapped[dt.datetime | None] = mapped_column(doc="when we saw that it had moved")
    done_at: Mapped[dt.datetime | None]
    is_ticked: Mapped[bool] = mapped_column(default=False, doc="done, as the pupil said")
    is_deleted: Mapped[bool] = mapped_column(default=False, doc="by the pupil")
    gone_at: Mapped[dt.datetime | None] = mapped_column(doc="since when the school lacks it")
    snoozed_until: Mapped[dt.datetime | None] = mapped_column(doc="told again then")
    next_reminder_at: Mapped[dt.datetime | None] = mapped_column(doc="null: nothing is to be told")
    reminder_1w_sent: Mapped[bool] = mapped_column(default=False)
    reminder_3d_sent: Mapped[bool] = mapped_column(default=False)
    reminder_1d_sent: Mapped[bool] = mapped_column(default=False)
    reminder_12h_sent: Mapped[bool] = mapped_column(default=False)
    reminder_3h_sent: Mapped[bool] = mapped_column(default=False)
    reminder_1h_sent: Mapped[bool] = mapped_column(default=False)
    mark: Mapped[str | None] = mapped_column(
        String(32), doc="random; by it what was written to the school is found again"
    )
    write_state: Mapped[TaskWrite | None] = mapped_column(doc="null: it is only here")
    write_at: Mapped[dt.datetime | None] = mapped_column(doc="when to try")
    write_attempts: Mapped[int] = mapped_column(default=0)

    student: Mapped["Student"] = relationship(back_populates="tasks", lazy="raise")
