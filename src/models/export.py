"""A pupil's request for all that is kept of them."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.types import BigId

if TYPE_CHECKING:
    from src.models.person import Person
    from src.models.student import Student


class Export(Timestamps, Base):
    """Somebody asked for their data; what was sent is not kept."""

    __tablename__ = "exports"
    __table_args__ = (
        Index("idx_exports_person", "person_id", "asked_at"),
        Index("idx_exports_student", "student_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    student_id: Mapped[int | None] = mapped_column(
        ForeignKey("students.id", ondelete="CASCADE"), doc="of one of several; null: all of them"
    )
    asked_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(doc="null: still to be made")

    person: Mapped["Person"] = relationship(back_populates="exports", lazy="raise")
    student: Mapped["Student | None"] = relationship(back_populates="exports", lazy="raise")
