"""The worker: runs jobs and schedules until it is told to stop."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pgqueuer
import structlog
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.inmemory import InMemoryDriver, InMemoryQueries
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.models import Job as QueuedJob
from pgqueuer.models import Schedule
from pgqueuer.ports.driver import Driver
from sqlalchemy.ext.asyncio import AsyncEngine

from src.logs import where
from src.queue.definitions import C, Job, JobFailed, TryLater, Work
from src.queue.queue import BUILDERS, NAMES, Embedded, make_queries

log = structlog.get_logger()

GRACE_SECONDS = 7.0
LONGEST_DELAY = timedelta(minutes=10)
LONGEST_SLEEP = timedelta(seconds=5)

Run = Callable[..., Awaitable[None]]


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
        # Nothing announces a worker that fell silent: the others have to look.
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
    queries = InMemoryQueries(driver, **BUILDERS)  # type: ignore[arg-type]  # as above
    manager = _manager(driver, queries)
    await _prepare(manager, run, jobs)
    Embedded.queue = queries
    try:
        yield manager
    finally:
        Embedded.queue = None


def _manager(driver: Driver, queries: Queries | InMemoryQueries) -> pgqueuer.PgQueuer:
    return pgqueuer.PgQueuer(connection=driver, channel=NAMES.channel, queries=queries)


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
