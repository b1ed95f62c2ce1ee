"""For migrations that move data: what must be the same before and after is counted, and compared.

Everything happens inside the migration's own transaction: where a check fails, the error rolls all
of it back, on both databases.

    with guarded(op.get_bind(), Check("responses", sums=("attempts",))):
        for low, high in batches(op.get_bind(), "responses"):
            op.execute(...)
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from rich.progress import Progress
from sqlalchemy import ColumnClause, Connection, Numeric, TableClause, column, func, select, table

from src.errors import DataChanged

_BATCH = 1000
_SAMPLE = 50


@dataclass(frozen=True, slots=True)
class Check:
    """What of a table must be the same after a migration.

    Attributes:
        before: The table's name before.
        after: Its name afterwards, or that of the table that takes its rows; by default the same.
        key: The column whose values are sampled.
        sums: Columns whose sums must be the same.
        sampled: Columns whose values must be the same in the sampled rows.
    """

    before: str
    after: str = ""
    key: str = "id"
    sums: Sequence[str] = ()
    sampled: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """A table as far as a check cares.

    Attributes:
        rows: How many there are.
        sums: The sum of each column that was asked for, exact.
        samples: A digest of each sampled row, by its key.
    """

    rows: int
    sums: dict[str, Decimal]
    samples: dict[object, str]


def batches(
    connection: Connection, name: str, key: str = "id", size: int = _BATCH
) -> Iterator[tuple[Any, Any]]:
    """Yield the lowest and highest key of each batch of a table, in order, with a progress bar."""
    source: TableClause = table(name)
    ordered: ColumnClause[Any] = column(key)
    total = connection.scalar(select(func.count()).select_from(source)) or 0
    some = select(ordered).select_from(source).order_by(ordered).limit(size)
    with Progress(transient=True) as bar:
        task = bar.add_task(f"{name}: {total:,} rows", total=total)
        keys = list(connection.scalars(some))
        while keys:
            yield keys[0], keys[-1]
            bar.advance(task, len(keys))
            keys = list(connection.scalars(some.where(ordered > keys[-1])))


@contextmanager
def guarded(connection: Connection, *checks: Check) -> Iterator[None]:
    """Compare tables before and after what is done within.

    Args:
        connection: The migration's own, in its transaction.
        *checks: What must be the same.

    Raises:
        DataChanged: Something differs; raised inside the transaction, so that it rolls back.
    """
    before = [_measure(connection, check.before, check) for check in checks]
    yield
    faults: list[str] = []
    for check, old in zip(checks, before, strict=True):
        new = _measure(connection, check.after or check.before, check, list(old.samples))
        faults += _differences(check, old, new)
    if faults:
        raise DataChanged("; ".join(faults))


def _measure(
    connection: Connection, name: str, check: Check, keys: Sequence[Any] | None = None
) -> Facts:
    source = table(name)
    summed = [func.sum(column(name, Numeric)) for name in check.sums]
    rows, *sums = connection.execute(select(func.count(), *summed).select_from(source)).one()
    chosen = _spread(connection, name, check.key) if keys is None else keys
    return Facts(
        rows,
        {of: Decimal(str(value or 0)) for of, value in zip(check.sums, sums, strict=True)},
        _digests(connection, name, check, chosen),
    )


def _spread(connection: Connection, name: str, key: str) -> list[Any]:
    """Return keys from the whole of a table, evenly, the first among them."""
    source, place = table(name), func.row_number().over(order_by=column(key)) - 1
    count = connection.scalar(select(func.count()).select_from(source)) or 0
    placed = select(column(key).label("key"), place.label("place")).select_from(source).subquery()
    every = placed.c.place % max(count // _SAMPLE, 1) == 0
    return list(connection.scalars(select(placed.c.key).where(every).order_by(placed.c.key)))


def _digests(
    connection: Connection, name: str, check: Check, keys: Sequence[Any]
) -> dict[object, str]:
    wanted: list[ColumnClause[Any]] = [column(c) for c in (check.key, *check.sampled)]
    rows = connection.execute(
        select(*wanted).select_from(table(name)).where(column(check.key).in_(keys))
    )
    return {key: blake2b(repr(values).encode()).hexdigest() for key, *values in rows}


def _differences(check: Check, old: Facts, new: Facts) -> Iterator[str]:
    name = check.after or check.before
    if old.rows != new.rows:
        yield f"{name}: {old.rows} rows before, {new.rows} after"
    for summed, value in old.sums.items():
        if new.sums[summed] != value:
            yield f"{name}.{summed}: the sum was {value}, is {new.sums[summed]}"
    for key, digest in old.samples.items():
        if key not in new.samples:
            yield f"{name}: the row {key!r} is gone"
        elif new.samples[key] != digest:
            yield f"{name}: the row {key!r} is another one"
