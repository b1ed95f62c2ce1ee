"""What somebody was asked to pay, in Telegram Stars."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.enums import StarOrderKind, SubscriptionState
from src.models.types import BigId, only_where

if TYPE_CHECKING:
    from src.models.person import Person
    from src.models.star_charge import StarCharge


class StarOrder(Timestamps, Base):
    """An invoice to one person. It is no payment: one may be paid never, or more than once.

    It outlives its person, so that money that comes in can always be told what it was for.
    """

    __tablename__ = "star_orders"
    __table_args__ = (
        CheckConstraint("stars >= 1", name="stars"),
        CheckConstraint("period_seconds >= 1", name="period"),
        Index("idx_star_orders_person", "person_id"),
        Index(
            "idx_star_orders_to_stop",
            "stop_asked_at",
            **only_where("stop_asked_at IS NOT NULL AND stopped_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), doc="null: erased"
    )
    kind: Mapped[StarOrderKind]
    payload: Mapped[str] = mapped_column(String(64), unique=True, doc="what Telegram gives back")
    stars: Mapped[int] = mapped_column(Integer, doc="price, of each period")
    period_seconds: Mapped[int] = mapped_column(Integer, doc="what is paid for")
    subscription_state: Mapped[SubscriptionState | None] = mapped_column(
        doc="what Telegram said last"
    )
    stop_asked_at: Mapped[datetime | None] = mapped_column(
        doc="Telegram is to charge no more for it"
    )
    stopped_at: Mapped[datetime | None] = mapped_column(doc="Telegram was told")

    person: Mapped["Person | None"] = relationship(back_populates="star_orders", lazy="raise")
    charges: Mapped[list["StarCharge"]] = relationship(back_populates="order", lazy="raise")
