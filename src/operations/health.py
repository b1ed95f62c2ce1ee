"""Is Dars well: does the database answer, is its schema ours, does the work get done?"""

import asyncio
import math
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from src import clock, queue
from src.models import (
    BackupKind,
    CostRecord,
    CostStatus,
    OutboxKind,
    OutboxMessage,
    Session,
    SessionStatus,
    Student,
)
from src.operations import backup_runs
from src.settings import OperatorSettings
from src.storage import schema
from src.storage.schema import SchemaState

PATIENCE_SECONDS = 5.0
_READ_ONLY = text("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'")


@dataclass(frozen=True, slots=True)
class Readings:
    """What the database says about the whole of Dars, whichever process asks.

    Attributes:
        open_sessions: Sessions that are active and not over.
        dollars_spent_today: Settled since midnight UTC.
        dollars_reserved: Held for calls that are not settled, whenever they began.
        messages_today: Of the outbox for the current UTC date, by kind and by outcome or
            `waiting`.
        late_seconds: By kind, by how much the oldest undecided message is past its time, and for
            nudges also the pupil who is due and has none yet; 0.0 for none.
        queue_jobs: Jobs that could run and wait; 0 where the queue is in another process's memory.
        queue_age_seconds: How long the oldest of them has been waiting.
        workers: How many were seen within the limit.
        worker_silent_seconds: How long ago the last one was seen; infinity for never.
        backup_seconds: How long ago the last good run of each kind began; infinity for never.
        failed_backups: By kind, 1 where the last run went wrong, else 0.
    """

    open_sessions: int
    dollars_spent_today: Decimal
    dollars_reserved: Decimal
    messages_today: dict[tuple[str, str], float]
    late_seconds: dict[str, float]
    queue_jobs: int
    queue_age_seconds: float
    workers: int
    worker_silent_seconds: float
    backup_seconds: dict[str, float]
    failed_backups: dict[str, float]


@dataclass(frozen=True, slots=True)
class Health:
    """The answer to "is it ready", part by part.

    Attributes:
        database: Whether the database answered in time.
        schema: How its schema stands to this code; None when that is not known.
        reason: Why the database does not answer, or takes no write; None when it does both.
        queue_age_seconds: Age of the oldest job that waits; None when that is not known.
        queue_age_limit_seconds: What it may be.
        worker_silent_seconds: How long ago a worker was last seen; None for never or not known.
        worker_silence_limit_seconds: What it may be.
    """

    database: bool
    schema: SchemaState | None
    queue_age_seconds: float | None
    queue_age_limit_seconds: float
    worker_silent_seconds: float | None
    worker_silence_limit_seconds: float
    reason: str | None = None

    @property
    def faults(self) -> list[str]:
        """What is wrong, a line each; empty when all is well."""
        if not self.database:
            return [f"the database does not answer: {self.reason}"]
        found = [f"the database takes no write: {self.reason}"] if self.reason else []
        if self.schema is not SchemaState.CURRENT and self.schema is not None:
            found.append(schema.explain(self.schema))
        if self.queue_age_seconds is not None and (
            self.queue_age_seconds > self.queue_age_limit_seconds
        ):
            found.append(
                f"a job has been waiting for {self.queue_age_seconds:.0f} s "
                f"(limit {self.queue_age_limit_seconds:.0f} s): does `dars worker` run?"
            )
        if self.schema is SchemaState.CURRENT and self._is_silent:
            found.append(self._silence)
        return found

    @property
    def _is_silent(self) -> bool:
        silent = self.worker_silent_seconds
        return silent is None or silent > self.worker_silence_limit_seconds

    @property
    def _silence(self) -> str:
        silent, limit = self.worker_silent_seconds, self.worker_silence_limit_seconds
        seen = "ever" if silent is None else f"for {silent:.0f} s (limit {limit:.0f} s)"
        return f"no worker has been seen {seen}: start `dars worker`, on SQLite `dars bot`"

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


async def check(engine: AsyncEngine, settings: OperatorSettings) -> Health:
    """Look at the database, its schema, the queue and the workers; a few seconds at most.

    Args:
        engine: The database to ask.
        settings: Say for how long a job may wait and the workers may be silent.
    """
    state: SchemaState | None = None
    age = silent = None
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), reading(engine) as db:
            connection = await db.connection()
            state = schema.judge(await connection.run_sync(schema.read_revision))
            if state is SchemaState.CURRENT:
                age = (await queue.backlog(db)).oldest_seconds
                silent = await _silence(db, clock.now())
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        return unanswered(_reason(error), settings)
    return Health(
        database=True,
        schema=state,
        queue_age_seconds=age,
        queue_age_limit_seconds=settings.queue_age_limit_seconds,
        worker_silent_seconds=silent,
        worker_silence_limit_seconds=settings.worker_silence_limit_seconds,
        reason=await _why_unwritable(engine),
    )


async def _silence(db: AsyncSession, now: datetime) -> float | None:
    seen = await queue.last_seen(db)
    return None if seen is None else _seconds_since(seen, now)


def unanswered(reason: str, settings: OperatorSettings) -> Health:
    """Return the report where no database answers.

    Args:
        reason: Why not, in a line.
        settings: The limits.
    """
    return Health(
        database=False,
        schema=None,
        queue_age_seconds=None,
        queue_age_limit_seconds=settings.queue_age_limit_seconds,
        worker_silent_seconds=None,
        worker_silence_limit_seconds=settings.worker_silence_limit_seconds,
        reason=reason,
    )


async def _why_unwritable(engine: AsyncEngine) -> str | None:
    """Try a write that changes nothing, and return why it fails."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                # The number is nobody's; writing it writes the first page of the file.
                await connection.execute(text("PRAGMA user_version = 0"))
                return None
            read_only = await connection.scalar(_READ_ONLY)
            return "the server is read-only" if read_only else None
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        return _reason(error)


def _reason(error: Exception) -> str:
    """Return what the driver says, in a line; no password is in it."""
    said = " ".join(str(getattr(error, "orig", None) or error).split())
    return said or type(error).__name__


def describe(found: Health) -> dict[str, object]:
    """Return a report of health as plain values."""
    state = "ok" if found.ok else "failing"
    return {"status": state, "faults": found.faults} | asdict(found)


def reading(engine: AsyncEngine) -> AsyncSession:
    """Return a session that waits for no writer and commits nothing."""
    options = {"read_only": True, "postgresql_readonly": True}
    return AsyncSession(engine.execution_options(**options), expire_on_commit=False)


async def read(engine: AsyncEngine, settings: OperatorSettings) -> Readings | None:
    """Read what the database says; None while it does not answer or has another schema."""
    lately = timedelta(seconds=settings.worker_silence_limit_seconds)
    now = clock.now()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), reading(engine) as db:
            backlog = await queue.backlog(db)
            silent = await _silence(db, now)
            return Readings(
                open_sessions=await _count_open_sessions(db, now),
                dollars_spent_today=await _sum_spent(db, now),
                dollars_reserved=await _sum_reserved(db),
                messages_today=await _count_messages(db, now),
                late_seconds=await _lateness(db, now),
                queue_jobs=backlog.jobs,
                queue_age_seconds=backlog.oldest_seconds,
                workers=await queue.count_seen(db, now - lately),
                worker_silent_seconds=math.inf if silent is None else silent,
                backup_seconds=await _age_of_backups(db, now),
                failed_backups={
                    str(kind): float(await backup_runs.has_failed(db, kind)) for kind in BackupKind
                },
            )
    except (SQLAlchemyError, OSError, TimeoutError):
        return None


async def _age_of_backups(db: AsyncSession, now: datetime) -> dict[str, float]:
    ages = dict.fromkeys(map(str, BackupKind), math.inf)
    for kind in BackupKind:
        run = await backup_runs.last_good(db, kind)
        if run is not None:
            ages[kind] = _seconds_since(run.begun_at, now)
    return ages


async def _count_open_sessions(db: AsyncSession, now: datetime) -> int:
    active = (Session.status == SessionStatus.ACTIVE) & (Session.expires_at > now)
    return await db.scalar(select(func.count()).select_from(Session).where(active)) or 0


async def _sum_spent(db: AsyncSession, now: datetime) -> Decimal:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    settled = (CostRecord.recorded_at >= midnight) & (CostRecord.status == CostStatus.SETTLED)
    return await db.scalar(select(func.sum(CostRecord.cost_usd)).where(settled)) or Decimal(0)


async def _sum_reserved(db: AsyncSession) -> Decimal:
    reserved = CostRecord.status == CostStatus.RESERVED
    return await db.scalar(select(func.sum(CostRecord.cost_usd)).where(reserved)) or Decimal(0)


async def _count_messages(db: AsyncSession, now: datetime) -> dict[tuple[str, str], float]:
    row = OutboxMessage
    counts = await db.execute(
        select(row.kind, row.outcome, func.count())
        .where(row.local_day == now.date())
        .group_by(row.kind, row.outcome)
    )
    return {(kind, outcome or "waiting"): float(count) for kind, outcome, count in counts}


async def _lateness(db: AsyncSession, now: datetime) -> dict[str, float]:
    row = OutboxMessage
    oldest = select(row.kind, func.min(row.due_at)).where(row.outcome.is_(None)).group_by(row.kind)
    late = dict.fromkeys(map(str, OutboxKind), 0.0)
    for kind, due in await db.execute(oldest):
        late[kind] = _seconds_since(due, now)
    # Who is due becomes a message only where a worker plans: without one nothing else is late.
    first_due = await db.scalar(select(func.min(Student.next_nudge_at)))
    if first_due is not None:
        late[OutboxKind.NUDGE] = max(late[OutboxKind.NUDGE], _seconds_since(first_due, now))
    return late


def _seconds_since(instant: datetime, now: datetime) -> float:
    return max((now - instant) / timedelta(seconds=1), 0.0)
