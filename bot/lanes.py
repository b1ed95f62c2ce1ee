"""Lanes: the updates of one pupil are handled in their order, those of others beside them."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum
from itertools import chain, repeat

import structlog
from telegram import Update

from src.metrics import UPDATE_SECONDS, UPDATES

log = structlog.get_logger()

HANDLED_AT_ONCE = 64
PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)


class Outcome(Enum):
    """What became of an update."""

    DONE = "done"
    REPEATED = "repeated"
    REFUSED = "refused"
    IGNORED = "ignored"
    GIVEN_UP = "given_up"
    DATABASE_AWAY = "database_away"
    TRY_AGAIN = "try_again"

    @property
    def over(self) -> bool:
        """Whether the update may be acknowledged."""
        return self not in {Outcome.DATABASE_AWAY, Outcome.TRY_AGAIN}


class Lanes:
    """Hands each update on when the earlier ones of the same pupil are over.

    Args:
        attempt: Handles an update once.
    """

    def __init__(self, attempt: Callable[[Update], Awaitable[Outcome]]) -> None:
        self._attempt = attempt
        self._lanes: dict[int, asyncio.Task[Outcome]] = {}
        self._room = asyncio.Semaphore(HANDLED_AT_ONCE)

    async def handle(self, update: Update, *, insist: bool = False) -> Outcome:
        """Handle an update after the earlier ones of the same pupil.

        Args:
            update: What Telegram sent.
            insist: Try until the update may be acknowledged; the pupil's later ones wait.

        Returns:
            Whether the update may be acknowledged.
        """
        lane = update.effective_user.id if update.effective_user else 0
        task = asyncio.create_task(self._after(self._lanes.get(lane), update, insist=insist))
        self._lanes[lane] = task
        try:
            return await task
        finally:
            if self._lanes.get(lane) is task:
                del self._lanes[lane]

    async def _after(
        self, earlier: asyncio.Task[Outcome] | None, update: Update, *, insist: bool
    ) -> Outcome:
        # This task has a context of its own: every line logged in it tells of this update.
        structlog.contextvars.bind_contextvars(update_id=update.update_id)
        with UPDATE_SECONDS.labels(kind_of(update)).time():
            return await self._in_turn(earlier, update, insist=insist)

    async def _in_turn(
        self, earlier: asyncio.Task[Outcome] | None, update: Update, *, insist: bool
    ) -> Outcome:
        if earlier is not None:
            await asyncio.wait([earlier])
        outcome = await self._try(update)
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            if outcome.over or not insist:
                break
            await asyncio.sleep(pause)
            outcome = await self._try(update)
        return outcome

    async def _try(self, update: Update) -> Outcome:
        async with self._room:
            outcome = await self._attempt(update)
        UPDATES.labels(kind_of(update), outcome.value).inc()
        log.debug("update handled", kind=kind_of(update), outcome=outcome.value)
        return outcome


def kind_of(update: Update) -> str:
    """Name the kind of an update, as the metrics do."""
    if update.callback_query is not None:
        return "tap"
    if update.edited_message is not None:
        return "edited"
    if update.message is not None:
        return "command" if (update.message.text or "").startswith("/") else "message"
    return "membership" if update.my_chat_member is not None else "other"
