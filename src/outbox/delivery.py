"""Sending: claim, send, stamp. A stamp shares the transaction of the next claim."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock
from src.errors import FloodLimit, MaybeSent, MessageRefused, NotSent, PupilBlockedBot
from src.models import OutboxKind, OutboxOutcome
from src.outbox import service
from src.outbox.lane import Lane, LaneLost
from src.outbox.rules import TERMS
from src.outbox.service import Result, Waiting

log = structlog.get_logger()

BATCH = 100
LONGEST_PAUSE = 30.0
LONGEST_FLOOD_PAUSE = 5.0

Scope = Callable[[], AbstractAsyncContextManager[AsyncSession]]
Writers = Mapping[OutboxKind, "Writer"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that still fits, in words.

    Attributes:
        send: Sends it once, without a second try; raises as `Sender.send_once` does.
        variant: Which wording.
    """

    send: Callable[[], Awaitable[None]]
    variant: str | None = None


class Writer(Protocol):
    """What knows the messages of one kind."""

    async def prepare(
        self, db: AsyncSession, message: Waiting, now: datetime
    ) -> Draft | OutboxOutcome | datetime:
        """Return what to send, why a message no longer fits, or until when it has to wait."""
        ...


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this process may send."""

    id: int
    kind: OutboxKind
    draft: Draft
    was_ambiguous: bool


class Delivery:
    """Sends what waits, in one process.

    What could not be stamped because the database was away is stamped with the next batch.

    Args:
        scope: Opens a transaction.
        writers: Who knows the messages of each kind; the rows of other kinds are left alone.
        lane: Paces the sending.
        stopping: Set when the process is to stop.
    """

    def __init__(self, scope: Scope, writers: Writers, lane: Lane, stopping: asyncio.Event) -> None:
        self._scope, self._writers = scope, writers
        self._lane, self._stopping = lane, stopping
        self._results: list[Result] = []
        self._sending: set[asyncio.Task[None]] = set()
        self._failures = 0

    async def run(self) -> bool:
        """Send batch after batch, the most urgent messages first, until none waits.

        Returns:
            Whether some are left: the process is to stop.
        """
        try:
            return await self._until_done()
        finally:
            if self._sending:
                await asyncio.wait(self._sending)
            await self._lane.rest()
            await self._next_batch()

    async def _until_done(self) -> bool:
        self._lane.enter()
        while not self._stopping.is_set():
            waiting = await self._next_batch()
            if waiting:
                await self._send_all(waiting)
            elif self._sending:
                await asyncio.wait(self._sending)
            elif not self._results:
                return False
        return True

    async def _send_all(self, batch: list[int]) -> None:
        for message_id in batch:
            try:
                if not await self._lane.ready(self._stopping):
                    return
            except LaneLost:
                await self._until_quiet()
                return
            claimed = await self._take(message_id)
            if claimed is not None:
                self._lane.begin()
                task = asyncio.create_task(self._send(claimed))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)

    async def _until_quiet(self) -> None:
        """Wait while another worker sends, which took over this very job; then go on with it."""
        log.warning("another worker has taken over the outbox")
        quiet = timedelta(seconds=self._lane.stale)
        while not self._stopping.is_set():
            self._lane.enter()
            async with self._scope() as db:
                last = await service.last_claim(db, clock.now())
            if last is None or clock.now() - last > quiet:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._lane.stale / 2)

    async def _take(self, message_id: int) -> Claimed | None:
        """Stamp what was sent meanwhile, and claim the next, in one transaction."""
        async with self._stamping() as db:
            now = clock.now()
            waiting = await service.lock(db, message_id)
            if waiting is None:
                return None
            draft = await self._writers[waiting.kind].prepare(db, waiting, now)
            if isinstance(draft, OutboxOutcome):
                await service.skip(db, message_id, draft)
                return None
            if isinstance(draft, datetime):
                await service.postpone(db, message_id, draft)
                return None
            await service.claim(db, message_id, now, draft.variant)
            ambiguous = waiting.error == MaybeSent.__name__
            return Claimed(message_id, waiting.kind, draft, ambiguous)

    async def _next_batch(self) -> list[int]:
        """Stamp what was sent meanwhile, and return what is to be sent next."""
        async with self._stamping() as db:
            return await service.waiting(db, self._writers, clock.now(), BATCH)

    @asynccontextmanager
    async def _stamping(self) -> AsyncGenerator[AsyncSession]:
        """Open a transaction that stamps what was sent; what is not committed remains."""
        results = tuple(self._results)
        async with self._scope() as db:
            for result in results:
                await service.record(db, result)
            yield db
        del self._results[: len(results)]

    async def _send(self, claimed: Claimed) -> None:
        try:
            self._results.append(await self._try(claimed))
        finally:
            self._lane.end()

    async def _try(self, claimed: Claimed) -> Result:
        """Send, and return what came of it."""
        try:
            await claimed.draft.send()
        except PupilBlockedBot as error:
            return _result(claimed, OutboxOutcome.BLOCKED, error)
        except MessageRefused as error:
            return _result(claimed, OutboxOutcome.FAILED, error)
        except FloodLimit as limit:
            # Of one chat or of all: nobody knows. Others are tried again soon, this one later.
            self._lane.pause(min(limit.seconds, LONGEST_FLOOD_PAUSE))
            is_long = limit.seconds > LONGEST_FLOOD_PAUSE
            due_at = clock.now() + timedelta(seconds=limit.seconds) if is_long else None
            return Result(claimed.id, None, error=type(limit).__name__, due_at=due_at)
        except NotSent as error:
            self._slow_down()
            return _result(claimed, None, error)
        except MaybeSent as error:
            self._slow_down()
            # Once more, and no more: somebody may be reading it again and again.
            again = TERMS[claimed.kind].at_least_once and not claimed.was_ambiguous
            return _result(claimed, None if again else OutboxOutcome.AMBIGUOUS, error)
        self._failures = 0
        return Result(claimed.id, OutboxOutcome.SENT, clock.now())

    def _slow_down(self) -> None:
        """Pause longer with each failure in a row: an outage must not use up the readers."""
        self._failures += 1
        self._lane.pause(min(0.25 * 2**self._failures, LONGEST_PAUSE))


def _result(claimed: Claimed, outcome: OutboxOutcome | None, error: Exception) -> Result:
    return Result(claimed.id, outcome, error=type(error).__name__)
