"""Stars that came in."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.types import BigId, only_where

if TYPE_CHECKING:
    from src.models.entitlement import Entitlement
    from src.models.person import Person
    from src.models.star_order import StarOrder


class StarCharge(Timestamps, Base):
    """One payment, by the key that Telegram gave it: whatever is delivered twice counts once.

    It outlives its person without a name.
    """

    __tablename__ = "star_charges"
    __table_args__ = (
        CheckConstraint("stars >= 0", name="stars"),
        Index("idx_star_charges_order", "order_id"),
        Index("idx_star_charges_person", "person_id"),
        Index(
            "idx_star_charges_to_refund",
            "refund_asked_at",
            **only_where("refund_asked_at IS NOT NULL AND refunded_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    telegram_payment_charge_id: Mapped[str] = mapped_column(String(255), unique=True)
    order_id: Mapped[int | None] = mapped_column(
        ForeignKey("star_orders.id", ondelete="RESTRICT"), doc="null: nobody knows its payload"
    )
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), doc="who paid; null: erased"
    )
    payer_id: Mapped[int | None] = mapped_column(
        BigInteger, doc="Telegram's id, which a refund needs; forgotten with the person"
    )
    stars: Mapped[int] = mapped_column(Integer)
    is_recurring: Mapped[bool] = mapped_column(default=False, doc="of a subscription")
    paid_at: Mapped[datetime]
    refund_asked_at: Mapped[datetime | None] = mapped_column(doc="an operator gives it back")
    refunded_at: Mapped[datetime | None]

    order: Mapped["StarOrder | None"] = relationship(back_populates="charges", lazy="raise")
    person: Mapped["Person | None"] = relationship(back_populates="star_charges", lazy="raise")
    entitlement: Mapped["Entitlement | None"] = relationship(back_populates="charge", lazy="raise")
