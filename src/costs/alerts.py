"""Warnings to the operators: once when 80 % of a budget is used, once when all of it is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src.costs.meter import Transactions
from src.models import BudgetKind, BudgetPeriod

# After this long, whoever was to tell it is taken to be gone; the alert is told again.
_CLAIM = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Alert:
    """A threshold that was reached.

    Attributes:
        period_id: The row that keeps what was told.
        budget: Which budget.
        starts_on: The day, or the first of the month, in UTC.
        student_id: Whose, for the budget of one pupil.
        percent: 80 or 100.
    """

    period_id: int
    budget: BudgetKind
    starts_on: date
    student_id: int | None
    percent: int


async def tell_alerts(
    transactions: Transactions, tell: Callable[[Alert], Awaitable[None]], now: datetime
) -> int:
    """Tell each alert that is not told yet; no transaction is open while it is told.

    One that cannot be told stays and is told again ten minutes later. Only a kill between telling
    and noting it makes it come twice.

    Args:
        transactions: Opens a transaction that commits at the end.
        tell: Tells the operators; raises if it could not.
        now: The current instant.

    Returns:
        How many were told.
    """
    told = 0
    while True:
        async with transactions() as db:
            alert = await claim(db, now)
        if alert is None:
            return told
        await tell(alert)
        async with transactions() as db:
            await note_told(db, alert)
        told += 1


async def claim(db: AsyncSession, now: datetime) -> Alert | None:
    """Take the oldest alert that nobody is telling; None when there is none."""
    telling = BudgetPeriod.telling_at
    row = await db.scalar(
        select(BudgetPeriod)
        .where(
            BudgetPeriod.told_percent < BudgetPeriod.reached_percent,
            or_(telling.is_(None), telling < now - _CLAIM),
        )
        .order_by(BudgetPeriod.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    row.telling_at = now
    await db.flush()
    # Both thresholds may have been passed at once; each is told.
    percent = 80 if row.told_percent < 80 else 100
    return Alert(row.id, row.budget, row.starts_on, row.student_id, percent)


async def note_told(db: AsyncSession, alert: Alert) -> None:
    """Record that an alert was told."""
    await db.execute(
        update(BudgetPeriod)
        .where(BudgetPeriod.id == alert.period_id, BudgetPeriod.told_percent < alert.percent)
        .values(told_percent=alert.percent, telling_at=None)
        .execution_options(synchronize_session=False)
    )
