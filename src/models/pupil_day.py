"""What a pupil did on a day in a topic, summed up from the responses by triggers."""

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.types import BigId

if TYPE_CHECKING:
    from src.models.student import Student


class PupilDay(Timestamps, Base):
    """Sums over the responses of a pupil's sessions that began on a local day, by topic.

    Triggers on `responses` and `sessions` keep it in the transaction of the change. The topic is
    that of the problem at the time of the change.
    """

    # No CHECK against negative numbers: the upsert that changes a row may propose them.
    __tablename__ = "pupil_days"
    __table_args__ = (Index("idx_pupil_days_local_day", "local_day", "topic"),)

    student_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("students.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    local_day: Mapped[dt.date] = mapped_column(primary_key=True, doc="on which the session began")
    topic: Mapped[str] = mapped_column(String(100), primary_key=True)
    asked: Mapped[int] = mapped_column(server_default=text("0"), default=0, doc="responses")
    first_right: Mapped[int] = mapped_column(
        server_default=text("0"), default=0, doc="right at the first answer that counted"
    )
    solved: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    hints: Mapped[int] = mapped_column(
        server_default=text("0"), default=0, doc="steps of the ladder"
    )
    seconds: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    finished: Mapped[int] = mapped_column(server_default=text("0"), default=0, doc="closed")

    student: Mapped["Student"] = relationship(back_populates="days", lazy="raise")
