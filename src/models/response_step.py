"""One text that a pupil gave as an answer to a step of a problem."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.types import BigId

if TYPE_CHECKING:
    from src.models.response import Response


class ResponseStep(Timestamps, Base):
    """A judged answer to a step: it costs no try of the problem."""

    __tablename__ = "response_steps"
    __table_args__ = (
        CheckConstraint("step >= 1", name="step"),
        CheckConstraint("length(typed) <= 500", name="typed_length"),
        Index("idx_response_steps_response", "response_id", "step"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"))
    step: Mapped[int] = mapped_column(SmallInteger, doc="from 1")
    typed: Mapped[str] = mapped_column(String(500))
    verdict: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(doc="when the pupil sent it")

    response: Mapped["Response"] = relationship(back_populates="steps", lazy="raise")
