"""Which statements are slow: what processes note of them is kept for two weeks and reported."""

import asyncio
import contextlib
import re
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock
from src.errors import DatabaseError
from src.models import StatementTiming, TimedStatement
from src.storage import timings
from src.storage.statements import insert_for, table_of
from src.storage.timings import Observed

log = structlog.get_logger()

Scope = Callable[[], AbstractAsyncContextManager[AsyncSession]]
NOTE_EVERY_SECONDS = 60.0
LAST_NOTE_SECONDS = 2.0
# As pg_stat_statements writes a statement: without its literals.
_LITERAL = re.compile(r"'(?:[^']|'')*'|\$\d+|\b\d+(?:\.\d+)?\b")
_SPACE = re.compile(r"\s+")
_BLOCKS = text("""
    SELECT query, sum(shared_blks_hit + shared_blks_read) AS blocks
    FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    GROUP BY query
""")
_HAS_BLOCKS = text("SELECT 1 FROM pg_extension WHERE extname = 'pg_stat_statements'")


@dataclass(frozen=True, slots=True)
class SlowStatement:
    """What a statement cost over some days.

    Attributes:
        name: File and function that runs it.
        text: The statement.
        calls: How often.
        mean_ms: Milliseconds of a call, from asking to the answer.
        p95_ms: What 95 of 100 calls stay within, to 9 %.
        share: Of the time of all statements.
        rows: Returned or changed, of all calls.
        blocks: Of 8 kB that the server touched for it since it counts; None where
            pg_stat_statements is not there or does not know it.
    """

    name: str
    text: str
    calls: int
    mean_ms: float
    p95_ms: float
    share: float
    rows: int
    blocks: int | None = None


@dataclass(frozen=True, slots=True)
class KeptStatement:
    """A statement as it is run.

    Attributes:
        name: File and function that runs it.
        text: As the driver gets it.
        sample: What is kept of the parameters of a call; see `timings.keepable`.
        calls: How often it was run.
        seconds: What all of them took.
    """

    name: str
    text: str
    sample: list[Any] | None
    calls: int = 0
    seconds: float = 0.0


@asynccontextmanager
async def noting(scope: Scope) -> AsyncGenerator[None]:
    """Note the statements of this process while the block runs, and keep them each minute."""
    timings.begin()
    task = asyncio.create_task(_keep_noting(scope))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        # The process is to stop: what takes long is lost, and is only a minute of figures.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_NOTE_SECONDS):
                await _note(scope)
        timings.end()


async def _keep_noting(scope: Scope) -> None:
    while True:
        await asyncio.sleep(NOTE_EVERY_SECONDS)
        await _note(scope)


async def _note(scope: Scope) -> None:
    try:
        async with scope() as db:
            await save(db, timings.take(), clock.now().date())
    except (SQLAlchemyError, DatabaseError, OSError) as error:
        log.debug("timings of statements were not kept", error=type(error).__name__)


async def save(db: AsyncSession, observed: Sequence[Observed], day: date) -> None:
    """Add what a process has noted to what is kept.

    Args:
        db: The open transaction.
        observed: What `timings.take` gave.
        day: In UTC.
    """
    merged = _merge(observed)
    if not merged:
        return
    ids = await _save_statements(db, merged)
    rows = [
        {"statement_id": ids[digest], "day": day, "bucket": bucket}
        | {"calls": calls[0], "seconds": calls[1], "rows": calls[2]}
        for digest, (_, buckets) in merged.items()
        for bucket, calls in buckets.items()
    ]
    table = table_of(StatementTiming)
    insert = insert_for(db)(table)
    adding = {name: table.c[name] + insert.excluded[name] for name in ("calls", "seconds", "rows")}
    # Always in one order: two processes that keep the same rows wait for each other only so.
    rows.sort(key=lambda row: (row["statement_id"], row["bucket"]))
    upsert = insert.on_conflict_do_update(
        index_elements=["statement_id", "day", "bucket"],
        set_=adding | {"updated_at": insert.excluded.updated_at},
    )
    await (await db.connection()).execute(upsert, rows)


_Merged = dict[str, tuple[Observed, dict[int, list[Any]]]]


def _merge(observed: Sequence[Observed]) -> _Merged:
    """Put together what differs only in the length of a list."""
    merged: _Merged = {}
    for one in observed:
        _, buckets = merged.setdefault(one.digest, (one, {}))
        for bucket, calls in one.buckets.items():
            sums = buckets.setdefault(bucket, [0, 0.0, 0])
            sums[0] += calls.number
            sums[1] += calls.seconds
            sums[2] += calls.rows
    return merged


async def _save_statements(db: AsyncSession, merged: _Merged) -> dict[str, int]:
    """Keep the texts, with the sample of the latest call; return the id by digest."""
    insert = insert_for(db)(table_of(TimedStatement))
    upsert = insert.on_conflict_do_update(
        index_elements=["digest"],
        set_={name: insert.excluded[name] for name in ("text", "sample", "updated_at")},
    )
    rows = [
        {"digest": digest, "name": one.name, "text": one.text, "sample": one.sample}
        for digest, (one, _) in sorted(merged.items())
    ]
    await (await db.connection()).execute(upsert, rows)
    found = await db.execute(
        select(TimedStatement.digest, TimedStatement.id).where(TimedStatement.digest.in_(merged))
    )
    return {row.digest: row.id for row in found}


async def prune(db: AsyncSession, before: date) -> int:
    """Delete timings of days before one, and statements that nobody runs any more."""
    gone = await db.execute(delete(StatementTiming).where(StatementTiming.day < before))
    timed = select(StatementTiming.statement_id)
    await db.execute(delete(TimedStatement).where(TimedStatement.id.not_in(timed)))
    return int(getattr(gone, "rowcount", 0))


async def slow(db: AsyncSession, since: date) -> list[SlowStatement]:
    """Return what statements cost, the dearest first.

    Args:
        db: The open transaction.
        since: The first day, in UTC.
    """
    row = StatementTiming
    sums = (func.sum(row.calls), func.sum(row.seconds), func.sum(row.rows))
    found = await db.execute(
        select(TimedStatement.name, TimedStatement.text, row.bucket, *sums)
        .join(row, row.statement_id == TimedStatement.id)
        .where(row.day >= since)
        .group_by(TimedStatement.id, TimedStatement.name, TimedStatement.text, row.bucket)
        .order_by(row.bucket)
    )
    grouped: defaultdict[tuple[str, str], list[tuple[int, int, float, int]]] = defaultdict(list)
    for name, statement, bucket, calls, seconds, rows in found:
        grouped[name, statement].append((bucket, int(calls), float(seconds), int(rows)))
    total = sum(one[2] for buckets in grouped.values() for one in buckets)
    blocks = await _blocks(db)
    statements = [
        _sum_up(*key, buckets, total, blocks.get(_bare(key[1]))) for key, buckets in grouped.items()
    ]
    return sorted(statements, key=lambda one: -one.share)


async def kept(db: AsyncSession) -> list[KeptStatement]:
    """Return the statements that are run, the dearest of all days first."""
    calls = func.coalesce(func.sum(StatementTiming.calls), 0).label("calls")
    seconds = func.coalesce(func.sum(StatementTiming.seconds), 0.0).label("seconds")
    columns = (TimedStatement.name, TimedStatement.text, TimedStatement.sample)
    found = await db.execute(
        select(*columns, calls, seconds)
        .outerjoin(StatementTiming, StatementTiming.statement_id == TimedStatement.id)
        .group_by(TimedStatement.id)
        .order_by(seconds.desc(), TimedStatement.id)
    )
    return [KeptStatement(name, text, s, int(n), float(sec)) for name, text, s, n, sec in found]


def _sum_up(
    name: str,
    statement: str,
    buckets: Sequence[tuple[int, int, float, int]],
    total: float,
    blocks: int | None,
) -> SlowStatement:
    calls, seconds = sum(one[1] for one in buckets), sum(one[2] for one in buckets)
    return SlowStatement(
        name=name,
        text=statement,
        calls=calls,
        mean_ms=round(seconds / calls * 1000, 3),
        p95_ms=round(_quantile(buckets, calls * 0.95) * 1000, 3),
        share=round(seconds / total, 4) if total else 0.0,
        rows=sum(one[3] for one in buckets),
        blocks=blocks,
    )


def _quantile(buckets: Sequence[tuple[int, int, float, int]], rank: float) -> float:
    """Return the seconds that `rank` calls stay within; buckets from the fastest on."""
    seen = 0
    for bucket, calls, *_ in buckets:
        seen += calls
        if seen >= rank:
            return timings.middle_of(bucket)
    return 0.0


async def _blocks(db: AsyncSession) -> dict[str, int]:
    """Return the blocks that the server touched, by statement without its literals."""
    if db.get_bind().dialect.name == "sqlite" or not await db.scalar(_HAS_BLOCKS):
        return {}
    try:
        async with db.begin_nested():
            rows = (await db.execute(_BLOCKS)).all()
    except DBAPIError:
        # The extension is made here, and the server was not told to load it.
        return {}
    blocks: defaultdict[str, int] = defaultdict(int)
    for query, touched in rows:
        blocks[_bare(query)] += int(touched)
    return dict(blocks)


def _bare(statement: str) -> str:
    return _SPACE.sub(" ", _LITERAL.sub("?", statement)).strip()
