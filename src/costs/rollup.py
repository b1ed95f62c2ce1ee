"""Compares the rollup of the ledger with its rows, and makes it again from them."""

from typing import Any

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from src.costs.groups import NO_MODEL, time_column
from src.models import CostRecord, CostStatus, DailyCost
from src.models.types import MoneySum
from src.storage.statements import dialect_of

Row = tuple[Any, ...]

_KEYS = ("day", "operation", "api_provider", "model")
_COUNTS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
_SUMS = ("calls", *_COUNTS, "cost_usd")


async def rebuild(db: AsyncSession) -> int:
    """Rebuild the rollup from the rows of the ledger; whoever settles waits until it is done.

    Returns:
        How many of its rows were wrong, missing or too many.
    """
    if dialect_of(db) == "postgresql":
        # Lets readers in; waits for those who have settled and not committed.
        await db.execute(text("LOCK TABLE daily_costs IN SHARE ROW EXCLUSIVE MODE"))
    right = await _add_up_rows(db)
    wrong = _differing(await _read_rollup(db), right)
    await db.execute(delete(DailyCost))
    if right:
        names = (*_KEYS, *_SUMS)
        rows = [dict(zip(names, row, strict=True)) for row in right]
        await db.execute(insert(DailyCost), rows)
    return wrong


async def count_differences(db: AsyncSession) -> int:
    """Return how many rows of the rollup are not what the ledger says; 0 is right."""
    return _differing(await _read_rollup(db), await _add_up_rows(db))


def _differing(some: set[Row], others: set[Row]) -> int:
    return len({row[: len(_KEYS)] for row in some ^ others})


async def _read_rollup(db: AsyncSession) -> set[Row]:
    kept = select(*(getattr(DailyCost, name) for name in (*_KEYS, *_SUMS)))
    return {tuple(row) for row in await db.execute(kept.where(DailyCost.calls != 0))}


async def _add_up_rows(db: AsyncSession) -> set[Row]:
    keys = (
        time_column(dialect_of(db), "day", CostRecord.recorded_at),
        CostRecord.operation,
        CostRecord.api_provider,
        func.coalesce(CostRecord.model, NO_MODEL),
    )
    sums = (func.sum(getattr(CostRecord, name)) for name in _COUNTS)
    usd = func.sum(CostRecord.cost_usd, type_=MoneySum())
    settled = select(*keys, func.count(), *sums, usd).where(CostRecord.status == CostStatus.SETTLED)
    return {tuple(row) for row in await db.execute(settled.group_by(*keys))}
