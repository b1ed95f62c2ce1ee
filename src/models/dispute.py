"""An answer that was judged wrong and that its pupil defends."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.enums import DisputeDecision
from src.models.types import BigId

if TYPE_CHECKING:
    from src.models.response import Response


class Dispute(Timestamps, Base):
    """A pupil's "I think I was right", and what a person decided. It goes with its response."""

    __tablename__ = "disputes"
    __table_args__ = (
        UniqueConstraint("response_id", "attempt"),
        CheckConstraint("attempt >= 1", name="attempt"),
        CheckConstraint("length(typed) <= 500", name="typed_length"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided"),
        Index(
            "idx_disputes_open",
            "raised_at",
            postgresql_where=text("decision IS NULL"),
            sqlite_where=text("decision IS NULL"),
        ),
        Index(
            "idx_disputes_untold",
            "id",
            postgresql_where=text("operators_told_at IS NULL"),
            sqlite_where=text("operators_told_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"))
    attempt: Mapped[int] = mapped_column(SmallInteger, doc="which answer that counted, from 1")
    typed: Mapped[str] = mapped_column(String(500), doc="as typed, or the choice that was tapped")
    raised_at: Mapped[datetime]
    decision: Mapped[DisputeDecision | None] = mapped_column(doc="null: nobody has looked yet")
    decided_by: Mapped[str | None] = mapped_column(String(64), doc="operator, or person:7")
    decided_at: Mapped[datetime | None]
    operators_told_at: Mapped[datetime | None] = mapped_column(doc="null: they are yet to hear")

    response: Mapped["Response"] = relationship(back_populates="disputes", lazy="raise")
