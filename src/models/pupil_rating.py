"""What is believed of a pupil as a whole, and how far their practice is counted in."""

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, Double, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps

if TYPE_CHECKING:
    from src.models.student import Student


class PupilRating(Timestamps, Base):
    """A pupil's rating over all topics. It goes with the pupil."""

    __tablename__ = "pupil_ratings"
    __table_args__ = (
        CheckConstraint("variance > 0", name="variance"),
        CheckConstraint("answers >= 0", name="answers"),
        CheckConstraint("sessions >= 0", name="sessions"),
    )

    student_id: Mapped[int] = mapped_column(
        ForeignKey("students.id", ondelete="CASCADE"), primary_key=True
    )
    value: Mapped[float] = mapped_column(Double, doc="in logits")
    variance: Mapped[float] = mapped_column(Double, doc="the doubt about it")
    answers: Mapped[int] = mapped_column(doc="first tries")
    sessions: Mapped[int] = mapped_column(doc="in which a problem was closed")
    # No key: what is counted in stays so.
    last_session_id: Mapped[int] = mapped_column(BigInteger, doc="counted in up to this one")

    student: Mapped["Student"] = relationship(back_populates="pupil_rating", lazy="raise")
