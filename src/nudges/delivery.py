"""Sending nudges: claim, send, stamp. A stamp shares the transaction of the next claim."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock
from src.errors import FloodLimit, MaybeSent, MessageRefused, NotSent, PupilBlockedBot
from src.models import NotificationOutcome
from src.nudges import service
from src.nudges.lane import Lane, LaneLost
from src.nudges.service import Nudge, Result

log = structlog.get_logger()

BATCH = 100
LONGEST_PAUSE = 30.0

Scope = Callable[[], AbstractAsyncContextManager[AsyncSession]]


class NudgeSender(Protocol):
    """What can put a nudge into words and send it once."""

    async def send_nudge(self, nudge: Nudge) -> None:
        """Send a nudge, without a second try.

        Raises:
            PupilBlockedBot: The pupil has blocked the bot.
            FloodLimit: Telegram wants a pause; nothing was sent.
            NotSent: Nothing can have arrived.
            MaybeSent: It may have arrived.
            MessageRefused: Telegram refuses this message for good.
        """
        ...


class Delivery:
    """Sends what waits, in one process.

    What could not be stamped because the database was away is stamped with the next batch.

    Args:
        scope: Opens a transaction.
        sender: Sends a nudge.
        lane: Paces the sending.
        stopping: Set when the process is to stop.
    """

    def __init__(
        self, scope: Scope, sender: NudgeSender, lane: Lane, stopping: asyncio.Event
    ) -> None:
        self._scope, self._sender = scope, sender
        self._lane, self._stopping = lane, stopping
        self._results: list[Result] = []
        self._sending: set[asyncio.Task[None]] = set()
        self._failures = 0

    async def run(self) -> bool:
        """Send batch after batch, the most urgent nudges first, until none waits.

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
        for nudge_id in batch:
            try:
                if not await self._lane.ready(self._stopping):
                    return
            except LaneLost:
                await self._until_quiet()
                return
            nudge = await self._take(nudge_id)
            if nudge is not None:
                self._lane.begin()
                task = asyncio.create_task(self._send(nudge))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)

    async def _until_quiet(self) -> None:
        """Wait while another worker sends, which took over this very job; then go on with it."""
        log.warning("another worker has taken over the nudges")
        quiet = timedelta(seconds=self._lane.stale)
        while not self._stopping.is_set():
            self._lane.enter()
            async with self._scope() as db:
                last = await service.last_claim(db, clock.now())
            if last is None or clock.now() - last > quiet:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._lane.stale / 2)

    async def _take(self, nudge_id: int) -> Nudge | None:
        """Stamp what was sent meanwhile, and claim the next, in one transaction."""
        async with self._stamping() as db:
            return await service.claim(db, nudge_id, clock.now())

    async def _next_batch(self) -> list[int]:
        """Stamp what was sent meanwhile, and return what is to be sent next."""
        async with self._stamping() as db:
            return await service.waiting(db, clock.now(), BATCH)

    @asynccontextmanager
    async def _stamping(self) -> AsyncGenerator[AsyncSession]:
        """Open a transaction that stamps what was sent; what is not committed remains."""
        results = tuple(self._results)
        async with self._scope() as db:
            for result in results:
                await service.record(db, result, clock.now())
            yield db
        del self._results[: len(results)]

    async def _send(self, nudge: Nudge) -> None:
        try:
            self._results.append(await self._try(nudge))
        finally:
            self._lane.end()

    async def _try(self, nudge: Nudge) -> Result:
        """Send, and tell what came of it."""
        try:
            await self._sender.send_nudge(nudge)
        except PupilBlockedBot as error:
            return self._result(nudge, NotificationOutcome.BLOCKED, error)
        except MessageRefused as error:
            return self._result(nudge, NotificationOutcome.FAILED, error)
        except FloodLimit as limit:
            self._lane.pause(limit.seconds)
            return self._result(nudge, None, limit)
        except NotSent as error:
            self._slow_down()
            return self._result(nudge, None, error)
        except MaybeSent as error:
            self._slow_down()
            return self._result(nudge, NotificationOutcome.AMBIGUOUS, error)
        self._failures = 0
        return Result(nudge.id, NotificationOutcome.SENT, clock.now())

    def _slow_down(self) -> None:
        """Pause longer with each failure in a row: an outage must not use up the pupils."""
        self._failures += 1
        self._lane.pause(min(0.25 * 2**self._failures, LONGEST_PAUSE))

    @staticmethod
    def _result(nudge: Nudge, outcome: NotificationOutcome | None, error: Exception) -> Result:
        return Result(nudge.id, outcome, error=type(error).__name__)
