"""One batch of nudges: claim, send, stamp. Claims and stamps share a transaction each."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
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
    """Sends batches, one after the other, in one process.

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
        """Send the nudges that are the most urgent.

        Returns:
            Whether more are waiting.
        """
        self._lane.enter()
        async with self._scope() as db:
            batch = await service.waiting(db, clock.now(), BATCH)
        try:
            await self._send_all(batch)
        except LaneLost:
            log.warning("another worker has taken over the nudges")
            # The other one goes on with this very job: it must not end before the other is done.
            await asyncio.sleep(len(batch) * 0.1)
            return False
        finally:
            if self._sending:
                await asyncio.wait(self._sending)
            await self._lane.rest()
        return await self._finish()

    async def _send_all(self, batch: list[int]) -> None:
        for nudge_id in batch:
            if not await self._lane.ready(self._stopping):
                return
            nudge = await self._take(nudge_id)
            if nudge is not None:
                task = asyncio.create_task(self._send(nudge))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)

    async def _take(self, nudge_id: int) -> Nudge | None:
        """Stamp what was sent meanwhile, and claim the next, in one transaction."""
        async with self._stamping() as db:
            return await service.claim(db, nudge_id, clock.now())

    async def _finish(self) -> bool:
        """Stamp the last ones, and tell whether more are waiting."""
        async with self._stamping() as db:
            return bool(await service.waiting(db, clock.now(), 1))

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
        with self._lane.sending():
            self._results.append(await self._try(nudge))

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
