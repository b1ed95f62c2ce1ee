"""The queue: putting jobs in, in the caller's transaction, and looking at what waits."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from pgqueuer.adapters.inmemory import InMemoryQueries
from pgqueuer.adapters.persistence import qb
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.tm import TaskManager
from pgqueuer.domain.settings import DBSettings
from pgqueuer.domain.types import Channel
from pgqueuer.ports.driver import Driver, NotifyCallback
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import Session as SyncSession

SCHEMA = "dars_jobs"
_PENDING = "dars_jobs"


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in the queue and could run now.

    Attributes:
        jobs: How many.
        oldest_seconds: How long the oldest has been waiting; 0.0 when none waits.
    """

    jobs: int
    oldest_seconds: float


class Embedded:
    """The queue in the memory of this process, while its worker runs."""

    queue: InMemoryQueries | None = None
    handing_over: set[asyncio.Task[Any]] = set()  # noqa: RUF012 - one set for the process


def _names() -> DBSettings:
    # Every name is given: the engine would read those that are missing from the environment.
    return DBSettings(
        prefix="",
        db_schema=SCHEMA,
        channel=Channel("ch_pgqueuer"),
        function="fn_pgqueuer_changed",
        statistics_table="pgqueuer_statistics",
        queue_status_type="pgqueuer_status",
        queue_table="pgqueuer",
        queue_table_log="pgqueuer_log",
        trigger="tg_pgqueuer_changed",
        schedules_table="pgqueuer_schedules",
    )


NAMES = _names()
BUILDERS = {
    "qbe": qb.QueryBuilderEnvironment(NAMES),
    "qbq": qb.QueryQueueBuilder(NAMES),
    "qbs": qb.QuerySchedulerBuilder(NAMES),
}


def make_queries(driver: Driver) -> Queries:
    """Return the engine's statements for our schema, over a driver."""
    return Queries(driver, **BUILDERS)  # type: ignore[arg-type]  # each under its own name


async def enqueue(
    db: AsyncSession,
    name: str,
    payload: Mapping[str, Any] | None = None,
    *,
    key: str | None = None,
    after: timedelta = timedelta(0),
    priority: int = 0,
) -> None:
    """Put a job into the queue when the transaction commits; a rollback leaves nothing behind.

    Args:
        db: The open transaction.
        name: The name of a job in ``src/jobs.py``.
        payload: What the job needs to know, as JSON: ids, never what may change meanwhile.
        key: While a job with this key waits or runs, another one with it is not put in.
        after: How long to wait before it runs.
        priority: Higher runs earlier.
    """
    data = json.dumps(dict(payload or {})).encode()
    connection = await db.connection()
    if connection.dialect.name == "postgresql":
        queries = make_queries(_TransactionDriver(connection))
        await queries.enqueue(name, data, priority, after, key, on_conflict="skip")
    else:
        put = partial(_put, name, data, priority, after, key)
        db.sync_session.info.setdefault(_PENDING, []).append(put)


async def _put(name: str, data: bytes, priority: int, after: timedelta, key: str | None) -> None:
    """Put a job into the queue of this process; without one, the next start finds the work."""
    if Embedded.queue is not None:
        await Embedded.queue.enqueue(name, data, priority, after, key, on_conflict="skip")


@event.listens_for(SyncSession, "after_commit")
def _hand_over(session: SyncSession) -> None:
    if session.in_nested_transaction():
        return
    for put in session.info.pop(_PENDING, ()):
        task = asyncio.get_running_loop().create_task(put())
        Embedded.handing_over.add(task)
        task.add_done_callback(Embedded.handing_over.discard)


@event.listens_for(SyncSession, "after_soft_rollback")
def _forget(session: SyncSession, _transaction: object) -> None:
    session.info.pop(_PENDING, None)


class _TransactionDriver(Driver):
    """Lets the engine speak inside a transaction of SQLAlchemy's. It can only fetch."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._shutdown = asyncio.Event()

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        rows = await self._connection.exec_driver_sql(query, args)
        return [dict(row) for row in rows.mappings()]

    async def execute(self, query: str, *args: object) -> str:
        raise NotImplementedError

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        raise NotImplementedError

    async def notify(self, channel: str, payload: str) -> None:
        raise NotImplementedError

    @property
    def shutdown(self) -> asyncio.Event:
        return self._shutdown

    @property
    def tm(self) -> TaskManager:
        return TaskManager()

    async def __aenter__(self) -> "_TransactionDriver":
        return self

    async def __aexit__(self, *_: object) -> None: ...


async def backlog(db: AsyncSession) -> Backlog:
    """Count what waits in the queue of a server; a queue in memory is not seen from here."""
    if db.get_bind().dialect.name != "postgresql":
        return Backlog(0, 0.0)
    row = (
        await db.execute(
            text(
                "SELECT count(*), coalesce(extract(epoch FROM now() - min(execute_after)), 0) "
                "FROM dars_jobs.pgqueuer WHERE status = 'queued' AND execute_after <= now()"
            )
        )
    ).one()
    return Backlog(int(row[0]), float(row[1]))


async def prune(db: AsyncSession, keep: timedelta) -> None:
    """Delete the engine's own records that are older than some time; in memory, all of them."""
    if Embedded.queue is not None:
        await Embedded.queue.clear_queue_log()
        await Embedded.queue.clear_statistics_log()
    if db.get_bind().dialect.name != "postgresql":
        return
    for statement in (
        "DELETE FROM dars_jobs.pgqueuer_log WHERE created < now() - CAST(:keep AS interval)",
        "DELETE FROM dars_jobs.pgqueuer_statistics WHERE created < now() - CAST(:keep AS interval)",
    ):
        await db.execute(text(statement), {"keep": keep})
