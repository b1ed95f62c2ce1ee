"""A row of the ledger."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from src import clock
from src.models.base import Base, Timestamps
from src.models.enums import ApiProvider, CostStatus, OperationType
from src.models.types import BigId, Json, Money, to_money

if TYPE_CHECKING:
    from src.models.session import Session
    from src.models.student import Student


class CostRecord(Timestamps, Base):
    """What one call to the language model costs, in US dollars.

    Reserved at its worst case before the call, settled at its true cost after it. It outlives the
    pupil and the session: their deletion leaves the amount and clears the reference.
    """

    __tablename__ = "cost_records"
    __table_args__ = (
        CheckConstraint("input_tokens >= 0", name="input_tokens"),
        CheckConstraint("output_tokens >= 0", name="output_tokens"),
        CheckConstraint("thinking_tokens >= 0", name="thinking_tokens"),
        CheckConstraint("cache_read_tokens >= 0", name="cache_read_tokens"),
        CheckConstraint("cache_write_tokens >= 0", name="cache_write_tokens"),
        CheckConstraint("cost_usd >= 0", name="cost_usd"),
        CheckConstraint("latency_ms >= 0", name="latency_ms"),
        CheckConstraint("grade BETWEEN 6 AND 8", name="grade"),
        Index("idx_cost_records_recorded", "recorded_at"),
        Index("idx_cost_records_student_recorded", "student_id", "recorded_at"),
        Index("idx_cost_records_session", "session_id"),
        Index(
            "idx_cost_records_reserved",
            "recorded_at",
            postgresql_where=text("status = 'reserved'"),
            sqlite_where=text("status = 'reserved'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id", ondelete="SET NULL"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id", ondelete="SET NULL"))
    problem_id: Mapped[int | None] = mapped_column(ForeignKey("problems.id", ondelete="SET NULL"))
    grade: Mapped[int | None] = mapped_column(SmallInteger)
    operation: Mapped[OperationType] = mapped_column(default=OperationType.OTHER)
    api_provider: Mapped[ApiProvider] = mapped_column(default=ApiProvider.CLAUDE)
    model: Mapped[str | None] = mapped_column(String(100))
    input_tokens: Mapped[int] = mapped_column(default=0, doc="not from or to the cache")
    output_tokens: Mapped[int] = mapped_column(default=0)
    thinking_tokens: Mapped[int] = mapped_column(
        default=0, server_default=text("0"), doc="of the output tokens"
    )
    cache_read_tokens: Mapped[int] = mapped_column(default=0)
    cache_write_tokens: Mapped[int] = mapped_column(default=0)
    cost_usd: Mapped[Decimal] = mapped_column(Money, doc="exact, never below the invoice")
    is_estimate: Mapped[bool] = mapped_column(
        default=False, server_default=false(), doc="the usage never came: not below the truth"
    )
    prices: Mapped[dict[str, Any] | None] = mapped_column(
        Json, doc="those used, per million tokens"
    )
    status: Mapped[CostStatus] = mapped_column(default=CostStatus.SETTLED)
    request_id: Mapped[str | None] = mapped_column(String(100), doc="of the provider")
    latency_ms: Mapped[int | None]
    recorded_at: Mapped[datetime] = mapped_column(
        default=clock.now, doc="the instant that budgets and reports go by"
    )

    student: Mapped["Student | None"] = relationship(back_populates="cost_records", lazy="raise")
    session: Mapped["Session | None"] = relationship(back_populates="cost_records", lazy="raise")

    @validates("cost_usd")
    def _make_exact(self, _key: str, value: Decimal | float | str) -> Decimal:
        return to_money(value)
