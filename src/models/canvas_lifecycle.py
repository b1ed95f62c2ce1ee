"""When something of a school was first and last seen."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, OfConnection, Timestamps
from src.models.enums import MirrorKind


class CanvasLifecycle(OfConnection, Timestamps, Base):
    """The life of a course, student, assignment or enrolment.

    What a whole fetch lacks becomes inactive and comes back with its history and notes.
    """

    __tablename__ = "canvas_lifecycle"
    __table_args__ = (
        UniqueConstraint("connection_id", "kind", "canvas_id"),
        Index("idx_canvas_lifecycle_course", "connection_id", "canvas_course_id", "kind"),
    )

    kind: Mapped[MirrorKind]
    canvas_id: Mapped[int] = mapped_column(BigInteger)
    canvas_course_id: Mapped[int | None] = mapped_column(
        BigInteger, doc="of an assignment or enrolment"
    )
    is_active: Mapped[bool] = mapped_column(default=True)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime] = mapped_column(doc="to a day")
    gone_at: Mapped[datetime | None] = mapped_column(doc="when a whole fetch first lacked it")
