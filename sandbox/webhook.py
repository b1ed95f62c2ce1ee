"""Delivers updates to a webhook, with the order, patience and headers of the real service."""

import asyncio
import time
from collections import deque
from contextlib import suppress

import aiohttp

from sandbox.errors import Json
from sandbox.faults import Faults
from sandbox.journal import dump
from sandbox.updates import Updates
from sandbox.world import World

_IDLE_SECONDS = 60.0
_LONGEST_PAUSE = 60.0
_TAP_LIFETIME = 150.0
_SOON_OVER = {"callback_query", "pre_checkout_query"}
_LIFETIME = 24 * 3600.0
_TAPS = 3 << 33
_CHECKOUTS = 4 << 33


def queue_key(update: Json) -> int:
    """Which queue an update waits in: messages by chat, taps and payments by user."""
    for kind, body in update.items():
        if kind == "callback_query":
            return int(body["from"]["id"]) + _TAPS
        if kind == "pre_checkout_query":
            return int(body["from"]["id"]) + _CHECKOUTS
        if isinstance(body, dict) and "chat" in body:
            return int(body["chat"]["id"])
    return 0


class Webhook:
    """Sends each queue in order, one request in flight each; the next one after a 2xx only."""

    def __init__(self, world: World, updates: Updates, faults: Faults) -> None:
        self._world = world
        self._updates = updates
        self._faults = faults
        self._queues: dict[int, deque[tuple[Json, float]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(40)
        self._client: aiohttp.ClientSession | None = None
        self.last_error: tuple[int, str] | None = None

    def start(self) -> None:
        """Begins to deliver, if a webhook is set: first what already waits."""
        hook = self._world.settings.get("webhook")
        if not hook:
            return
        self.stop()
        self._slots = asyncio.Semaphore(hook["max_connections"])
        self._client = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=None, connect=10, sock_read=_IDLE_SECONDS),
        )
        self._updates.to_webhook = self._enqueue
        for update in tuple(self._world.pending.values()):
            self._enqueue(update)

    def stop(self) -> None:
        """Stops delivering; what was not delivered stays queued."""
        self._updates.to_webhook = None
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        self._queues.clear()
        if self._client is not None:
            closing = asyncio.ensure_future(self._client.close())
            self._client = None
            _closing.add(closing)
            closing.add_done_callback(_closing.discard)

    def _enqueue(self, update: Json) -> None:
        key = queue_key(update)
        waiting = self._queues.setdefault(key, deque())
        waiting.append((update, time.monotonic()))
        if len(waiting) == 1:
            task = asyncio.ensure_future(self._drain(key))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _drain(self, key: int) -> None:
        waiting = self._queues[key]
        while waiting:
            if self._faults.switches.reorder_rate > 0:
                await self._reorder(waiting)
            update, since = waiting[0]
            await self._deliver(update, since)
            waiting.popleft()
        del self._queues[key]

    async def _reorder(self, waiting: deque[tuple[Json, float]]) -> None:
        # A moment for a second update to arrive; without one there is no order to break.
        await asyncio.sleep(0.02)
        pairs = {update["update_id"]: (update, since) for update, since in waiting}
        updates = [update for update, _ in waiting]
        self._faults.shuffle(updates)
        waiting.clear()
        waiting.extend(pairs[update["update_id"]] for update in updates)

    async def _deliver(self, update: Json, since: float) -> None:
        lifetime = _TAP_LIFETIME if _SOON_OVER & update.keys() else _LIFETIME
        pause = self._world.config.webhook_backoff
        while time.monotonic() - since < lifetime:
            wait = await self._post(update)
            if wait is None:
                if self._faults.duplicate():
                    await self._post(update)
                break
            await asyncio.sleep(wait or pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        self._world.drop_updates([update["update_id"]])

    async def _post(self, update: Json) -> float | None:
        """Sends one update; None when it was taken, else how long the bot asks to wait."""
        hook = self._world.settings["webhook"]
        headers = {"Content-Type": "application/json"}
        if hook["secret_token"]:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook["secret_token"]
        try:
            async with (
                self._slots,
                self._session.post(hook["url"], data=dump(update), headers=headers) as answer,
            ):
                await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._failed(str(error) or type(error).__name__)
            return 0.0
        if 200 <= answer.status < 300:
            return None
        self._failed(f"Wrong response from the webhook: {answer.status} {answer.reason}")
        with suppress(ValueError):
            return min(float(answer.headers.get("Retry-After", 0)), 3600.0)
        return 0.0

    def _failed(self, reason: str) -> None:
        self.last_error = (int(time.time()), reason)

    @property
    def _session(self) -> aiohttp.ClientSession:
        assert self._client is not None
        return self._client


_closing: set[asyncio.Future[None]] = set()
