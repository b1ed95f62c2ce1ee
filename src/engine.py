"""The job engine. Every call of PgQueuer is in this module.

On PostgreSQL the queue is in the schema ``dars_jobs`` of the same database and any number of
workers share it. On SQLite it is in the memory of the one process that runs the bot. In both the
rows of our own tables say what is due and what is done; the queue only carries work, and losing it
loses nothing: the jobs that run at the start find again what it carried.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Generic, TypeVar

import pgqueuer
import structlog
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.inmemory import InMemoryDriver, InMemoryQueries
from pgqueuer.adapters.persistence import qb
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.tm import TaskManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.settings import DBSettings
from pgqueuer.domain.types import Channel
from pgqueuer.models import Job as QueuedJob
from pgqueuer.models import Schedule
from pgqueuer.ports.driver import Driver, NotifyCallback
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.orm import Session as SyncSession

log = structlog.get_logger()

SCHEMA = "dars_jobs"
GRACE_SECONDS = 7.0
LONGEST_DELAY = timedelta(minutes=10)
LONGEST_SLEEP = timedelta(seconds=5)
_PENDING = "dars_jobs"

C = TypeVar("C")
Run = Callable[..., Awaitable[None]]


class TryLater(Exception):  # noqa: N818 - a wish, not a fault
    """Raised by a job that wants to be run again; it counts as an attempt but never as the last.

    Attributes:
        delay: How long to wait at least.
    """

    def __init__(self, delay: timedelta = timedelta(0)) -> None:
        super().__init__(f"again in {delay}")
        self.delay = delay


class JobFailed(Exception):  # noqa: N818 - what the engine's own log may say about an error
    """A job failed for good. Holds the class of the error only: its text may quote a pupil."""


@dataclass(frozen=True, slots=True)
class Work:
    """One run of a job.

    Attributes:
        payload: What was given to ``enqueue``.
        attempt: 1 for the first run.
        last: Whether an error now ends the job for good.
    """

    payload: Mapping[str, Any]
    attempt: int
    last: bool


@dataclass(frozen=True, slots=True)
class Job(Generic[C]):
    """The definition of a job: its name, what it does, and when.

    Attributes:
        name: Unique; what ``enqueue`` is given.
        run: Called with the context of the process and the work. Safe to be run again.
        schedule: When it is put into the queue by itself, as in a crontab, UTC; None is never.
        at_start: Whether every worker also puts it into the queue when it starts.
        at_once: How many may run at once over all processes; 0 is any number.
        attempts: Runs that may end with an error before the job is given up.
        first_delay: Pause after the first error; it doubles with each, up to ten minutes.
    """

    name: str
    run: Callable[[C, Work], Awaitable[None]]
    schedule: str | None = None
    at_start: bool = False
    at_once: int = 0
    attempts: int = 5
    first_delay: timedelta = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in the queue and could run now.

    Attributes:
        jobs: How many.
        oldest_seconds: How long the oldest has been waiting; 0.0 when none waits.
    """

    jobs: int
    oldest_seconds: float


class _State:
    """The queue in the memory of this process, while its worker runs."""

    embedded: InMemoryQueries | None = None
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


_NAMES = _names()
_BUILDERS = {
    "qbe": qb.QueryBuilderEnvironment(_NAMES),
    "qbq": qb.QueryQueueBuilder(_NAMES),
    "qbs": qb.QuerySchedulerBuilder(_NAMES),
}


def make_queries(driver: Driver) -> Queries:
    """Return the engine's statements for our schema, over a driver."""
    return Queries(driver, **_BUILDERS)  # type: ignore[arg-type]  # each under its own name


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
    if _State.embedded is not None:
        await _State.embedded.enqueue(name, data, priority, after, key, on_conflict="skip")


@event.listens_for(SyncSession, "after_commit")
def _hand_over(session: SyncSession) -> None:
    if session.in_nested_transaction():
        return
    for put in session.info.pop(_PENDING, ()):
        task = asyncio.get_running_loop().create_task(put())
        _State.handing_over.add(task)
        task.add_done_callback(_State.handing_over.discard)


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


async def run_worker(
    engine: AsyncEngine,
    jobs: Sequence[Job[C]],
    context: C,
    stopping: asyncio.Event,
    *,
    heartbeat: timedelta = timedelta(seconds=30),
    grace: float = GRACE_SECONDS,
) -> None:
    """Run jobs and schedules until told to stop; what is in hand is given some seconds more.

    Goes on after the database was away. On SQLite this process is the only worker there is.

    Args:
        engine: The database with our tables; PostgreSQL directly, not through PgBouncer.
        jobs: What can be run.
        context: Given to every job.
        stopping: Set to stop.
        heartbeat: A job of a worker that was silent for so long is taken over by another one.
        grace: Seconds for what is in hand when the process stops.
    """
    place = _connected if engine.dialect.name == "postgresql" else _embedded
    await pgqueuer.run(
        partial(place, engine, partial(_run, context, stopping, grace), jobs),
        heartbeat_timeout=heartbeat,
        # Nothing tells of a worker that fell silent: the others have to look.
        dequeue_timeout=min(heartbeat / 2, LONGEST_SLEEP),
        max_concurrent_tasks=40,
        shutdown_on_listener_failure=True,
        restart_on_failure=True,
        restart_delay=timedelta(seconds=2),
        shutdown=stopping,
    )


@asynccontextmanager
async def _connected(
    engine: AsyncEngine, run: Run, jobs: Sequence[Job[Any]]
) -> AsyncGenerator[pgqueuer.PgQueuer]:
    async with engine.connect() as connection:
        raw = await connection.get_raw_connection()
        driver = AsyncpgDriver(raw.driver_connection)
        manager = _manager(driver, make_queries(driver))
        await _prepare(manager, run, jobs)
        try:
            yield manager
        finally:
            # It listens: nobody else may get it.
            await connection.invalidate()


@asynccontextmanager
async def _embedded(
    _engine: AsyncEngine, run: Run, jobs: Sequence[Job[Any]]
) -> AsyncGenerator[pgqueuer.PgQueuer]:
    driver = InMemoryDriver()
    queries = InMemoryQueries(driver, **_BUILDERS)  # type: ignore[arg-type]  # as above
    manager = _manager(driver, queries)
    await _prepare(manager, run, jobs)
    _State.embedded = queries
    try:
        yield manager
    finally:
        _State.embedded = None


def _manager(driver: Driver, queries: Queries | InMemoryQueries) -> pgqueuer.PgQueuer:
    return pgqueuer.PgQueuer(connection=driver, channel=_NAMES.channel, queries=queries)


async def _prepare(manager: pgqueuer.PgQueuer, run: Run, jobs: Sequence[Job[Any]]) -> None:
    """Tell the engine about every job, and put in those that run at the start."""
    for job in jobs:
        entry = manager.entrypoint(job.name, concurrency_limit=job.at_once, accepts_context=False)
        entry(partial(run, job))
        if job.schedule is not None:
            put = partial(_put_scheduled, manager, job.name)
            manager.schedule(job.name, job.schedule, accepts_context=False)(put)
        if job.at_start:
            await _put_scheduled(manager, job.name)


async def _put_scheduled(
    manager: pgqueuer.PgQueuer, name: str, _schedule: Schedule | None = None
) -> None:
    assert manager.queries is not None
    await manager.queries.enqueue(name, b"{}", dedupe_key=name, on_conflict="skip")


async def _run(
    context: C, stopping: asyncio.Event, grace: float, job: Job[C], queued: QueuedJob
) -> None:
    """Run a job; an error becomes another attempt after a pause, or the end after the last one."""
    attempt = queued.attempts + 1
    work = Work(json.loads(queued.payload or b"{}"), attempt, last=attempt >= job.attempts)
    try:
        await _until_stopped(job.run(context, work), stopping, grace)
    except TryLater as wish:
        raise RetryRequested(wish.delay, "asked for") from None
    except Exception as error:  # noqa: BLE001 - the edge of a job
        kind = type(error).__name__
        _report(job.name, attempt, error)
        if work.last:
            raise JobFailed(kind) from None
        delay = min(job.first_delay * 2 ** min(attempt - 1, 20), LONGEST_DELAY)
        raise RetryRequested(delay, kind) from None


async def _until_stopped(run: Awaitable[None], stopping: asyncio.Event, grace: float) -> None:
    """Wait for a run; when the process stops, for some seconds more, then leave it to another."""
    task = asyncio.ensure_future(run)
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            await asyncio.wait({task}, timeout=grace)
        if not task.done():
            raise TryLater
        task.result()
    finally:
        stop.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task})


def _report(name: str, attempt: int, error: Exception) -> None:
    kind = type(error).__name__
    log.error("job failed", job=name, attempt=attempt, error=kind, where=where(error))


def where(error: BaseException) -> list[str]:
    """Name the functions in which an error happened: no values, which may be a pupil's."""
    places, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-6:]


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
    if _State.embedded is not None:
        await _State.embedded.clear_queue_log()
        await _State.embedded.clear_statistics_log()
    if db.get_bind().dialect.name != "postgresql":
        return
    for statement in (
        "DELETE FROM dars_jobs.pgqueuer_log WHERE created < now() - CAST(:keep AS interval)",
        "DELETE FROM dars_jobs.pgqueuer_statistics WHERE created < now() - CAST(:keep AS interval)",
    ):
        await db.execute(text(statement), {"keep": keep})
