"""One text that a pupil gave as an answer, as it was typed and judged."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.types import BigId

if TYPE_CHECKING:
    from src.models.response import Response


class Attempt(Timestamps, Base):
    """A judged text: right, wrong, or asked again because of its form or because it is unreadable.

    What was asked again has the number that it would have had, so that it counts for nothing. A
    skip, a tap or a text that only repeats the one before it, and answers from before there was
    this table have no row.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("hints_used >= 0", name="hints_used"),
        CheckConstraint("seconds >= 0", name="seconds"),
        CheckConstraint("length(typed) <= 500", name="typed_length"),
        CheckConstraint(
            "verdict IN ('correct', 'wrong', 'wrong_form', 'unreadable')", name="verdict"
        ),
        Index("idx_attempts_response", "response_id", "number"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(SmallInteger, doc="which answer that counts, from 1")
    typed: Mapped[str] = mapped_column(String(500), doc="as typed, or the choice that was tapped")
    verdict: Mapped[str] = mapped_column(String(16))
    misconception: Mapped[str | None] = mapped_column(String(100), doc="name of the mistake")
    # No key: an answer must not fail because a file of misconceptions was not imported yet.
    misconception_id: Mapped[str | None] = mapped_column(
        String(64), doc="what is behind the mistake"
    )
    hints_used: Mapped[int] = mapped_column(
        SmallInteger, default=0, doc="steps of the ladder seen before it"
    )
    seconds: Mapped[int] = mapped_column(default=0, doc="since the question was shown")
    at: Mapped[datetime] = mapped_column(doc="when the pupil sent it")

    response: Mapped["Response"] = relationship(back_populates="attempts_made", lazy="raise")
