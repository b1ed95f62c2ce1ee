"""A mistake that a pupil makes in problem after problem, and what became of it."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.types import BigId

if TYPE_CHECKING:
    from src.models.misconception import Misconception
    from src.models.student import Student


class MisconceptionState(Timestamps, Base):
    """Made when a pupil is told of a mistake; open until they got problems with it right."""

    __tablename__ = "misconception_states"
    __table_args__ = (
        UniqueConstraint("student_id", "misconception_id"),
        CheckConstraint("rights >= 0", name="rights"),
        Index("idx_misconception_states_misconception", "misconception_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id", ondelete="CASCADE"))
    misconception_id: Mapped[str] = mapped_column(
        ForeignKey("misconceptions.id", ondelete="RESTRICT")
    )
    told_at: Mapped[datetime] = mapped_column(doc="the last time that the pupil was told of it")
    checked_at: Mapped[datetime | None] = mapped_column(
        doc="when a problem was last chosen because of it"
    )
    rights: Mapped[int] = mapped_column(
        SmallInteger, default=0, doc="problems with it that were got right since it last showed"
    )
    gone_at: Mapped[datetime | None] = mapped_column(doc="null: still open")

    student: Mapped["Student"] = relationship(back_populates="misconception_states", lazy="raise")
    misconception: Mapped["Misconception"] = relationship(back_populates="states", lazy="raise")
