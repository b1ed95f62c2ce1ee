"""Compares the rollup of the ledger with its rows, and makes it again from them."""

from typing import Any

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from src.costs.groups import NO_MODEL, time_column
from src.models import CostRecord, CostStatus, DailyCost
from src.models.types import MoneySum
from src.sql import dialect_of

_KEYS = ("day", "operation", "api_provider", "model")
_COUNTS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
_SUMS = ("calls", *_COUNTS, "cost_usd")


async def rebuild(db: AsyncSession) -> int:
    """Make the rollup again from the rows of the ledger; whoever settles waits meanwhile.

    Returns:
        How many of its rows were wrong, missing or too many.
    """
    if dialect_of(db) == "postgresql":
        # Lets readers in; waits for those who have settled and not committed.
        await db.execute(text("LOCK TABLE daily_costs IN SHARE ROW EXCLUSIVE MODE"))
    wrong = await count_differences(db)
    await db.execute(delete(DailyCost))
    await db.execute(insert(DailyCost).from_select([*_KEYS, *_SUMS], _from_rows(db)))
    return wrong


async def count_differences(db: AsyncSession) -> int:
    """Return how many rows of the rollup are not what the ledger says; 0 is right."""
    kept = select(*(getattr(DailyCost, name) for name in (*_KEYS, *_SUMS)))
    in_rollup = {tuple(row) for row in await db.execute(kept.where(DailyCost.calls != 0))}
    in_ledger = {tuple(row) for row in await db.execute(_from_rows(db))}
    return len({row[: len(_KEYS)] for row in in_rollup ^ in_ledger})


def _from_rows(db: AsyncSession) -> Any:
    keys = (
        time_column(dialect_of(db), "day", CostRecord.recorded_at),
        CostRecord.operation,
        CostRecord.api_provider,
        func.coalesce(CostRecord.model, NO_MODEL),
    )
    return (
        select(
            *keys,
            func.count(),
            *(func.sum(getattr(CostRecord, name)) for name in _COUNTS),
            func.sum(CostRecord.cost_usd, type_=MoneySum()),
        )
        .where(CostRecord.status == CostStatus.SETTLED)
        .group_by(*keys)
    )
