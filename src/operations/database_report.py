"""How the database stands: sizes, growth, bloat, locks, waits, unused indexes, connections.

What SQLite does not know is None there. Nothing is changed, and no text of a pupil is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from src.operations.health import Health, describe

Row = dict[str, Any]
_LEAST_INDEX = 64 * 1024

# Asking for the size of a table that somebody has locked would wait for them.
_SIZES = text("""
    SELECT s.relname AS table,
        CASE WHEN c.reltuples < 0 THEN n_live_tup ELSE c.reltuples::bigint END AS rows,
        CASE WHEN l.relation IS NULL THEN pg_table_size(s.relid) END AS bytes,
        CASE WHEN l.relation IS NULL THEN pg_indexes_size(s.relid) END AS index_bytes
    FROM pg_stat_user_tables AS s JOIN pg_class AS c ON c.oid = s.relid
    LEFT JOIN (SELECT DISTINCT relation FROM pg_locks WHERE mode = 'AccessExclusiveLock') AS l
        ON l.relation = s.relid
    ORDER BY 3 DESC NULLS FIRST
""")
_BLOAT = text("""
    SELECT relname AS table, n_dead_tup AS dead_rows,
        round(n_dead_tup::numeric / (n_live_tup + n_dead_tup), 3)::float AS dead_share,
        coalesce(last_autovacuum, last_vacuum)::text AS last_vacuum,
        coalesce(last_autoanalyze, last_analyze)::text AS last_analyze
    FROM pg_stat_user_tables WHERE n_dead_tup > 0 ORDER BY n_dead_tup DESC LIMIT 20
""")
_LOCKS = text("""
    SELECT waiting.pid, application_name AS application, relation::regclass::text AS table,
        mode, extract(epoch FROM now() - state_change)::float AS seconds,
        pg_blocking_pids(waiting.pid) AS blocked_by
    FROM pg_locks AS waiting JOIN pg_stat_activity USING (pid)
    WHERE NOT granted ORDER BY seconds DESC LIMIT 20
""")
_WAITS = text("""
    SELECT coalesce(wait_event_type, 'running') AS kind, coalesce(wait_event, '') AS event,
        count(*) AS connections
    FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'
    GROUP BY 1, 2 ORDER BY 3 DESC
""")
_UNUSED = text("""
    SELECT s.relname AS table, s.indexrelname AS index,
        c.relpages * current_setting('block_size')::bigint AS bytes
    FROM pg_stat_user_indexes AS s JOIN pg_index AS i USING (indexrelid)
    JOIN pg_class AS c ON c.oid = s.indexrelid
    WHERE idx_scan = 0 AND NOT indisunique
        AND c.relpages * current_setting('block_size')::bigint >= :least
    ORDER BY 3 DESC
""")
_CONNECTIONS = text("""
    SELECT coalesce(application_name, '') AS application, coalesce(state, '') AS state,
        count(*) AS connections,
        extract(epoch FROM max(now() - xact_start))::float AS longest_transaction_seconds
    FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1, 2 ORDER BY 3 DESC
""")
_COUNTERS = text("""
    SELECT current_setting('max_connections')::int AS max_connections,
        deadlocks, temp_files AS sorts_on_disk, xact_rollback AS rollbacks,
        round(blks_hit::numeric / nullif(blks_hit + blks_read, 0), 4)::float AS cache_hits,
        stats_reset::text AS counted_since
    FROM pg_stat_database WHERE datname = current_database()
""")
_SQLITE_SIZES = text("""
    SELECT name AS "table", sum(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY 2 DESC
""")


@dataclass(frozen=True, slots=True)
class DatabaseReport:
    """How the database stands at an instant; lists are empty where there is nothing to name.

    Attributes:
        at: When.
        kind: ``postgresql`` or ``sqlite``.
        bytes: The whole database.
        tables: Rows (estimated), bytes and bytes of indexes, the largest first; no bytes for
            a table that is locked.
        growth_bytes_a_day: Since an earlier report; None without one.
        bloat: Dead rows by table, or the free pages of a SQLite file.
        locks: Who waits for a lock, for how long, and for whom.
        waits: What the busy connections wait for.
        unused_indexes: Indexes of some size that no query has used since counting began.
        connections: By application and state; longest transaction.
        counters: Of the whole database since counting began.
    """

    at: datetime
    kind: str
    bytes: int
    tables: list[Row]
    growth_bytes_a_day: float | None
    bloat: list[Row]
    locks: list[Row] | None
    waits: list[Row] | None
    unused_indexes: list[Row] | None
    connections: list[Row] | None
    counters: Row | None


async def report(
    engine: AsyncEngine, now: datetime, earlier: Mapping[str, Any] | None = None
) -> DatabaseReport:
    """Look at the database.

    Args:
        engine: The database.
        now: The current instant, aware.
        earlier: What an earlier report was written as, for growth.

    Raises:
        SQLAlchemyError: The database does not answer.
    """
    async with engine.connect() as db:
        if engine.dialect.name == "sqlite":
            return await _of_sqlite(db, now, earlier)
        total = await db.scalar(text("SELECT pg_database_size(current_database())")) or 0
        return DatabaseReport(
            at=now,
            kind="postgresql",
            bytes=total,
            tables=await _rows(db, _SIZES),
            growth_bytes_a_day=_growth(total, now, earlier),
            bloat=await _rows(db, _BLOAT),
            locks=await _rows(db, _LOCKS),
            waits=await _rows(db, _WAITS),
            unused_indexes=await _rows(db, _UNUSED, least=_LEAST_INDEX),
            connections=await _rows(db, _CONNECTIONS),
            counters=(await _rows(db, _COUNTERS))[0],
        )


def as_plain(found: DatabaseReport, health: Health, environment: str) -> dict[str, object]:
    """Return a report as values that JSON can hold, with what health says."""
    parts = {name: getattr(found, name) for name in DatabaseReport.__slots__}
    return parts | {
        "at": found.at.isoformat(),
        "environment": environment,
        "health": describe(health),
    }


async def _of_sqlite(
    db: AsyncConnection, now: datetime, earlier: Mapping[str, Any] | None
) -> DatabaseReport:
    pages = await db.scalar(text("PRAGMA page_count")) or 0
    free = await db.scalar(text("PRAGMA freelist_count")) or 0
    size = await db.scalar(text("PRAGMA page_size")) or 0
    return DatabaseReport(
        at=now,
        kind="sqlite",
        bytes=pages * size,
        tables=await _tables_of_sqlite(db),
        growth_bytes_a_day=_growth(pages * size, now, earlier),
        bloat=[{"free_pages": free, "free_share": round(free / pages, 3) if pages else 0.0}],
        locks=None,
        waits=None,
        unused_indexes=None,
        connections=None,
        counters=None,
    )


async def _tables_of_sqlite(db: AsyncConnection) -> list[Row]:
    sizes: dict[str, int] = {}
    if await db.scalar(text("SELECT sqlite_compileoption_used('ENABLE_DBSTAT_VTAB')")):
        sizes = {row["table"]: row["bytes"] for row in await _rows(db, _SQLITE_SIZES)}
    names = await db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
    tables = []
    for name in names.all():
        rows = await db.scalar(text(f'SELECT count(*) FROM "{name}"'))  # noqa: S608 - its own name
        tables.append({"table": name, "rows": rows, "bytes": sizes.get(name)})
    return sorted(tables, key=lambda row: -(row["bytes"] or 0))


async def _rows(db: AsyncConnection, query: TextClause, **values: Any) -> list[Row]:
    return [dict(row) for row in (await db.execute(query, values)).mappings()]


def _growth(size: int, now: datetime, earlier: Mapping[str, Any] | None) -> float | None:
    """Return the bytes by which a database grew a day since an earlier report."""
    try:
        then = datetime.fromisoformat(str(earlier["at"])) if earlier else now
        days = (now - then) / timedelta(days=1)
        return (size - int(earlier["bytes"])) / days if earlier and days > 0 else None
    except (KeyError, TypeError, ValueError):
        return None
