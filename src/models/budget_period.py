"""A period of a budget: its lock, and which alert the operators have had."""

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, Timestamps
from src.models.enums import BudgetKind
from src.models.types import BigId


class BudgetPeriod(Timestamps, Base):
    """One day or month of a budget.

    Whoever reserves changes the row of the month first and so waits for all who reserve in it. How
    much is used is not here: the ledger alone says it.
    """

    __tablename__ = "budget_periods"
    __table_args__ = (
        CheckConstraint("reached_percent IN (0, 80, 100)", name="reached_percent"),
        CheckConstraint("told_percent IN (0, 80, 100)", name="told_percent"),
        CheckConstraint("(budget = 'pupil_day') = (student_id IS NOT NULL)", name="whose"),
        Index(
            "idx_budget_periods_everyone",
            "budget",
            "starts_on",
            unique=True,
            postgresql_where=text("student_id IS NULL"),
            sqlite_where=text("student_id IS NULL"),
        ),
        Index(
            "idx_budget_periods_pupil",
            "student_id",
            "starts_on",
            unique=True,
            postgresql_where=text("student_id IS NOT NULL"),
            sqlite_where=text("student_id IS NOT NULL"),
        ),
        Index(
            "idx_budget_periods_untold",
            "id",
            postgresql_where=text("told_percent < reached_percent"),
            sqlite_where=text("told_percent < reached_percent"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    budget: Mapped[BudgetKind]
    starts_on: Mapped[dt.date] = mapped_column(doc="the day, or the first of the month, in UTC")
    student_id: Mapped[int | None] = mapped_column(
        ForeignKey("students.id", ondelete="CASCADE"), doc="null: everyone"
    )
    reservations: Mapped[int] = mapped_column(
        BigInteger, default=0, doc="asked for; its change is the lock"
    )
    reached_percent: Mapped[int] = mapped_column(SmallInteger, default=0)
    told_percent: Mapped[int] = mapped_column(SmallInteger, default=0)
    telling_at: Mapped[dt.datetime | None] = mapped_column(doc="when somebody began to tell")
