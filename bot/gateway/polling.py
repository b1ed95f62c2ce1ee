"""Polling that acknowledges an update only when it has been handled and answered.

The library's own Updater moves the offset before an update is handled: a kill loses what it took.
"""

import asyncio
import contextlib
from collections.abc import Iterable
from typing import Any

import structlog
from telegram import Update
from telegram.error import (
    EndPointNotFound,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.context import DarsBot
from bot.gateway.sender import seconds_of
from bot.keeping import FEW_LEFT, PATIENCE_AT_THE_END, Keeper
from bot.lanes import Entry, Lanes
from src.errors import SettingsError

log = structlog.get_logger()

ALLOWED_UPDATES = [
    *("message", "edited_message", "callback_query", "my_chat_member"),
    # Without the first nobody can pay: Telegram waits ten seconds for its answer.
    *("pre_checkout_query", "subscription"),
]
BATCH = 100
# More than a fetch that was already on its way can bring again.
REMEMBERED = 10 * BATCH
NOT_KNOWN = "TELEGRAM_BOT_TOKEN: Telegram does not know this token"
LONG_POLL_SECONDS = 30
ANSWER_SECONDS = 5
LONGEST_PAUSE_SECONDS = 5.0
BREATH_SECONDS = 0.01


class MalformedAnswerError(TelegramError):
    """What came back is not a list of updates: something stands between us and Telegram."""


class Acknowledgements:
    """Which updates are in hand, and the offset that acknowledges all before it.

    After a week without updates Telegram begins at another number, which may be smaller, and
    answers an offset that lies too far ahead from the head of its queue: an unknown number below
    the offset says so, and everything known of the old numbers is forgotten.
    """

    def __init__(self) -> None:
        self._in_hand: set[int] = set()
        self._done: dict[int, None] = {}
        self._next = 0

    @property
    def offset(self) -> int:
        """The oldest update that is not done, or the one after the newest that was seen."""
        return min(self._in_hand, default=self._next)

    @property
    def in_hand(self) -> int:
        """How many updates are being handled."""
        return len(self._in_hand)

    def admit(self, update_id: int) -> bool:
        """Take an update in hand; False if it is in hand or done already."""
        if update_id in self._in_hand or update_id in self._done:
            return False
        self._in_hand.add(update_id)
        self._next = max(self._next, update_id + 1)
        return True

    def finish(self, update_id: int) -> None:
        """Note that an update is done; those done long ago are forgotten."""
        self._in_hand.discard(update_id)
        self._done[update_id] = None
        while len(self._done) > REMEMBERED:
            del self._done[next(iter(self._done))]

    def notice(self, numbers: Iterable[int], asked: int) -> None:
        """Start over if Telegram did: it answers with unknown numbers below the offset.

        Args:
            numbers: Of the updates that came.
            asked: The offset that was asked for.
        """
        below = [number for number in numbers if number < asked]
        if any(number not in self._in_hand and number not in self._done for number in below):
            log.info("Telegram numbers its updates anew")
            self._in_hand.clear()
            self._done.clear()
            self._next = 0


class Poller:
    """Fetches updates, has them handled, and moves the offset behind what is done."""

    def __init__(self, bot: DarsBot, lanes: Lanes, keeper: Keeper) -> None:
        self._bot = bot
        self._lanes = lanes
        self._keeper = keeper
        self._acks = Acknowledgements()
        self._tasks: dict[asyncio.Task[None], Entry] = {}
        self._progress = asyncio.Event()
        self._faults = 0

    async def run(self, stopping: asyncio.Event) -> None:
        """Poll until told to stop; then finish what is in hand and acknowledge it.

        Args:
            stopping: Set to stop.

        Raises:
            SettingsError: Telegram does not know the token any more.
        """
        stop = asyncio.create_task(stopping.wait())
        try:
            await self._poll(stop)
        finally:
            stop.cancel()
            await self._finish()

    async def _poll(self, stop: asyncio.Task[bool]) -> None:
        while not stop.done():
            asked, fetch = self._acks.offset, asyncio.create_task(self._fetch())
            await asyncio.wait([fetch, stop], return_when=asyncio.FIRST_COMPLETED)
            if not fetch.done():
                fetch.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await fetch
                break
            self._take(fetch.result(), asked)
            await self._keep_what_waits()
            await self._catch_up(stop)

    async def _fetch(self) -> list[dict[str, Any]]:
        """Fetch the oldest updates that are not done; none after a fault."""
        try:
            updates = await self._get_updates()
        except (InvalidToken, EndPointNotFound):
            # The library cannot tell an unknown token from an unknown method; this one is known.
            raise SettingsError(NOT_KNOWN) from None
        except RetryAfter as limit:
            await asyncio.sleep(seconds_of(limit))
        except NetworkError as fault:
            log.warning("cannot fetch updates", error=type(fault).__name__)
            self._faults += 1
            await asyncio.sleep(min(0.2 * 2 ** (self._faults - 1), LONGEST_PAUSE_SECONDS))
        except TelegramError as fault:
            log.warning("cannot fetch updates", error=type(fault).__name__, reason=fault.message)
            await asyncio.sleep(3)
        else:
            self._faults = 0
            return updates
        return []

    async def _get_updates(self) -> list[dict[str, Any]]:
        """Return the oldest updates that are not done, undecoded: most may be in hand already.

        Telegram takes names of methods in any case; spelt like this the library does not decode.
        """
        wait = 0 if self._acks.in_hand else LONG_POLL_SECONDS
        return await self._call(BATCH, wait)

    async def _call(self, limit: int, wait: int) -> list[dict[str, Any]]:
        """Acknowledge what is done, and return updates that are not.

        Raises:
            TelegramError: Such as `MalformedAnswerError`, where it is not updates that came back.
        """
        query = {"offset": self._acks.offset, "limit": limit, "timeout": wait}
        try:
            updates: list[dict[str, Any]] = await self._bot.do_api_request(
                "getupdates",
                query | {"allowed_updates": ALLOWED_UPDATES},
                read_timeout=wait + ANSWER_SECONDS,
            )
            numbered = all(type(update["update_id"]) is int for update in updates)
        except (TypeError, KeyError, ValueError) as fault:
            raise MalformedAnswerError(f"no updates: {type(fault).__name__}") from None
        if not numbered:
            raise MalformedAnswerError("no updates: a number that is none")
        return updates

    def _take(self, updates: list[dict[str, Any]], asked: int) -> None:
        """Begin to handle the updates that are new."""
        self._acks.notice([fields["update_id"] for fields in updates], asked)
        for fields in updates:
            if self._acks.admit(fields["update_id"]) and (update := self._read(fields)):
                entry = self._lanes.begin(update, fields, insist=True)
                task = asyncio.create_task(self._handle(entry))
                self._tasks[task] = entry
                task.add_done_callback(self._tasks.pop)

    def _read(self, fields: dict[str, Any]) -> Update | None:
        """Decode an update; one of an unknown shape is set aside and blocks nobody."""
        try:
            return Update.de_json(fields, self._bot)
        except Exception as fault:  # noqa: BLE001 - the edge: any shape may come
            number = fields["update_id"]
            # Without the trace: it may quote the pupil.
            log.warning("update cannot be read", update_id=number, error=type(fault).__name__)
            self._acks.finish(number)
            return None

    async def _handle(self, entry: Entry) -> None:
        await entry.task
        self._acks.finish(entry.update.update_id)
        self._progress.set()

    async def _keep_what_waits(self) -> None:
        """Write down what waits for its pupil's lane, or for long, and acknowledge it."""
        waiting = [entry for entry in self._tasks.values() if self._keeper.must_keep(entry)]
        if await self._keeper.keep(waiting):
            for entry in waiting:
                self._acks.finish(entry.update.update_id)

    async def _catch_up(self, stop: asyncio.Task[bool]) -> None:
        """Wait while much is in hand, for half a second at most: one slow update stops nobody."""
        deadline = asyncio.get_running_loop().time() + 0.5
        while self._acks.in_hand > FEW_LEFT or (self._acks.in_hand and not self._progress.is_set()):
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or stop.done():
                break
            self._progress.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._progress.wait(), left)
        self._progress.clear()
        if self._acks.in_hand:
            # What is in hand comes again with each fetch: a breath lets more of it be done first.
            await asyncio.sleep(BREATH_SECONDS)

    async def _finish(self) -> None:
        """Give what is in hand some seconds, then acknowledge what is done."""
        await self._lanes.close(PATIENCE_AT_THE_END)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(TelegramError):
            await self._call(limit=1, wait=0)
