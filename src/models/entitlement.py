"""What somebody may use, and until when."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.enums import EntitlementSource
from src.models.types import BigId

if TYPE_CHECKING:
    from src.models.person import Person
    from src.models.star_charge import StarCharge


class Entitlement(Timestamps, Base):
    """Premium for a time, paid or given. The clock ends it, no job."""

    __tablename__ = "entitlements"
    __table_args__ = (
        CheckConstraint("starts_at <= ends_at", name="order"),
        CheckConstraint("ends_at <= lasts_until", name="grace"),
        Index("idx_entitlements_person", "person_id", "lasts_until"),
        Index("idx_entitlements_end", "ends_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    charge_id: Mapped[int | None] = mapped_column(
        ForeignKey("star_charges.id", ondelete="CASCADE"), unique=True, doc="null: given"
    )
    source: Mapped[EntitlementSource]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(doc="what was paid for or given")
    lasts_until: Mapped[datetime] = mapped_column(
        doc="later by a grace while a subscription renews itself"
    )
    revoked_at: Mapped[datetime | None] = mapped_column(doc="given back, or taken away")

    person: Mapped["Person"] = relationship(back_populates="entitlements", lazy="raise")
    charge: Mapped["StarCharge | None"] = relationship(back_populates="entitlement", lazy="raise")
