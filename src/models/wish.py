"""What a pupil wants to practise for a while."""

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps

if TYPE_CHECKING:
    from src.models.student import Student


class Wish(Timestamps, Base):
    """A topic from which the five come until a day; one a pupil. It goes with the pupil."""

    __tablename__ = "wishes"

    student_id: Mapped[int] = mapped_column(
        ForeignKey("students.id", ondelete="CASCADE"), primary_key=True
    )
    topic: Mapped[str] = mapped_column(String(100))
    is_test: Mapped[bool] = mapped_column(default=False, doc="whether a test is on that day")
    until: Mapped[dt.date] = mapped_column(doc="the last local day")

    student: Mapped["Student"] = relationship(back_populates="wish", lazy="raise")
