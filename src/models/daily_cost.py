"""A row of the rollup of the ledger."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, Timestamps
from src.models.enums import ApiProvider, OperationType
from src.models.types import BigId, MoneySum


class DailyCost(Timestamps, Base):
    """What the settled rows of the ledger come to for a day, an operation, a provider and a model.

    Kept by triggers on ``cost_records``, in the transaction of each change: whoever writes to the
    ledger, the two never differ. Nothing else writes here but ``dars costs rebuild``.
    """

    # No CHECK against negative numbers: the upsert that subtracts a row proposes them.
    __tablename__ = "daily_costs"
    __table_args__ = (UniqueConstraint("day", "operation", "api_provider", "model"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    day: Mapped[dt.date] = mapped_column(doc="in UTC")
    operation: Mapped[OperationType]
    api_provider: Mapped[ApiProvider]
    model: Mapped[str] = mapped_column(String(100), doc="empty where the ledger names none")
    calls: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    input_tokens: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    output_tokens: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    cache_read_tokens: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    cache_write_tokens: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    cost_usd: Mapped[Decimal] = mapped_column(
        MoneySum, default=Decimal(0), server_default=text("0")
    )
