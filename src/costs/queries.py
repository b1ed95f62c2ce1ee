"""The SQL of the ledger and its budgets."""

from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.ext.asyncio import AsyncSession

from src.costs.rules import BudgetName, Percent, Period, Standing, Use, Uses
from src.models import BudgetKind, BudgetPeriod, CostRecord, CostStatus, DailyCost, OperationType
from src.models.types import MoneySum
from src.storage.statements import dialect_insert, dialect_of

# Spelt out, not bound: a plan that does not know the value cannot use the partial index.
IS_RESERVED = literal_column("cost_records.status").op("=")(literal_column("'reserved'"))
_ZERO = Decimal(0)


async def lock_month(db: AsyncSession, period: Period) -> None:
    """Wait for all who reserve in a month, and make them wait until this transaction ends.

    On SQLite the transaction itself excludes them.
    """
    await db.execute(_touch(dialect_of(db)), {"starts_on": period.month})


# Building these statements costs more than running them, and others wait for the lock meanwhile.
@cache
def _touch(dialect: str) -> Insert:
    statement = dialect_insert(dialect)(BudgetPeriod).values(
        budget=BudgetKind.MONTH, starts_on=bindparam("starts_on"), reservations=1
    )
    return statement.on_conflict_do_update(
        index_elements=["budget", "starts_on"],
        index_where=text("student_id IS NULL"),
        set_={
            "reservations": BudgetPeriod.reservations + 1,
            "updated_at": statement.excluded.updated_at,
        },
    )


async def read_uses(db: AsyncSession, period: Period, student_id: int | None) -> Uses:
    """Return what is spent and reserved of each budget; see `read_standing`."""
    return (await read_standing(db, period, student_id)).uses


async def read_standing(db: AsyncSession, period: Period, student_id: int | None) -> Standing:
    """Return what is spent and reserved of each budget, and how often a pupil's calls were made.

    One statement, so one snapshot: a call that is settled meanwhile is counted once.

    Args:
        db: A transaction.
        period: Which day and month.
        student_id: The pupil whose budget and requests are wanted; None leaves them out.
    """
    names = ("month", "next_month", "month_begins", "month_ends", "day", "day_begins", "day_ends")
    values = {name: getattr(period, name) for name in names} | {"pupil": student_id}
    requests, *row = (await db.execute(_uses(with_pupil=student_id is not None), values)).one()
    found = [value or _ZERO for value in row]
    budgets: tuple[BudgetName, ...] = ("month", "day", "pupil_day")
    pairs = zip(found[::2], found[1::2], strict=True)
    uses = {name: Use(*pair) for name, pair in zip(budgets, pairs, strict=False)}
    return Standing(uses, requests)


@cache
def _uses(*, with_pupil: bool) -> Select[Any]:
    day = DailyCost.day
    begins: Any = bindparam("day_begins")
    ends: Any = bindparam("day_ends")
    sums: list[Any] = [
        literal_column("0"),
        _spent(day >= bindparam("month"), day < bindparam("next_month")),
        _of_records(bindparam("month_begins"), bindparam("month_ends"), IS_RESERVED),
        _spent(day == bindparam("day")),
        _of_records(begins, ends, IS_RESERVED),
    ]
    if with_pupil:
        pupils = CostRecord.student_id == bindparam("pupil")
        recorded = CostRecord.recorded_at
        of_day = select(func.count()).where(recorded >= begins, recorded < ends, pupils)
        sums[0] = of_day.scalar_subquery()
        sums += [
            _of_records(begins, ends, pupils, CostRecord.status == status)
            for status in (CostStatus.SETTLED, CostStatus.RESERVED)
        ]
    return select(*sums)


def _spent(*where: ColumnElement[bool]) -> Any:
    total = func.sum(DailyCost.cost_usd, type_=MoneySum())
    return select(total).where(*where).scalar_subquery()


def _of_records(begins: Any, ends: Any, *where: ColumnElement[bool]) -> Any:
    recorded = CostRecord.recorded_at
    total = func.sum(CostRecord.cost_usd, type_=MoneySum())
    return select(total).where(recorded >= begins, recorded < ends, *where).scalar_subquery()


async def note_reached(
    db: AsyncSession, period: Period, budget: BudgetName, student_id: int | None, percent: Percent
) -> None:
    """Record that a threshold was reached; the month must be locked.

    Args:
        db: The transaction that holds the lock.
        period: Which day and month.
        budget: Which budget.
        student_id: Whose, for the budget of one pupil.
        percent: The threshold.
    """
    whose = student_id if budget == "pupil_day" else None
    starts_on = period.starts_on(budget)
    row = await db.scalar(
        select(BudgetPeriod).where(
            BudgetPeriod.budget == BudgetKind(budget),
            BudgetPeriod.starts_on == starts_on,
            BudgetPeriod.student_id.is_not_distinct_from(whose),
        )
    )
    if row is None:
        row = BudgetPeriod(budget=BudgetKind(budget), starts_on=starts_on, student_id=whose)
        db.add(row)
    row.reached_percent = max(row.reached_percent, percent)
    await db.flush()


async def settle_record(db: AsyncSession, record_id: int, values: dict[str, Any]) -> None:
    """Settle a row of the ledger, unless a true cost is there and the new one is no higher."""
    is_known = and_(CostRecord.status == CostStatus.SETTLED, ~CostRecord.is_estimate)
    is_more = CostRecord.cost_usd < values["cost_usd"]
    await _change(db, record_id, values, or_(~is_known, is_more))


async def change_reserved(db: AsyncSession, record_id: int, values: dict[str, Any]) -> None:
    """Change a row of the ledger that is still reserved."""
    await _change(db, record_id, values, CostRecord.status == CostStatus.RESERVED)


async def _change(
    db: AsyncSession, record_id: int, values: dict[str, Any], where: ColumnElement[bool]
) -> None:
    await db.execute(
        update(CostRecord)
        .where(CostRecord.id == record_id, where)
        .values(values)
        .execution_options(synchronize_session=False)
    )


async def cost_of(db: AsyncSession, record_id: int) -> Decimal:
    """Return what a row of the ledger says; zero where there is none."""
    cost = await db.scalar(select(CostRecord.cost_usd).where(CostRecord.id == record_id))
    return cost or _ZERO


async def settle_orphans(db: AsyncSession, single: datetime, batched: datetime) -> int:
    """Settle reservations made before an instant at their worst case; return how many.

    Args:
        db: A transaction.
        single: The instant for single calls.
        batched: The instant for calls in a batch.
    """
    recorded, in_batch = CostRecord.recorded_at, CostRecord.operation == OperationType.HINT_WARMING
    left = or_(and_(in_batch, recorded < batched), and_(~in_batch, recorded < single))
    settled = await db.execute(
        update(CostRecord)
        .where(IS_RESERVED, left)
        .values(status=CostStatus.SETTLED, is_estimate=True)
        .returning(CostRecord.id)
        .execution_options(synchronize_session=False)
    )
    return len(settled.all())


async def find_dearest_pupil(db: AsyncSession, period: Period) -> int | None:
    """Return the pupil for whom most is spent and reserved on a day; None if there is none."""
    recorded, pupil = CostRecord.recorded_at, CostRecord.student_id
    statement = (
        select(pupil)
        .where(
            recorded >= period.day_begins,
            recorded < period.day_ends,
            pupil.is_not(None),
            CostRecord.status != CostStatus.RELEASED,
        )
        .group_by(pupil)
        .order_by(func.sum(CostRecord.cost_usd).desc(), pupil)
        .limit(1)
    )
    return await db.scalar(statement)
