"""The one lane on which messages of the outbox go out, never more in any second than is allowed.

One process at a time has it (the job has ``at_once=1``), so its pace is that of all processes.
Replies to pupils do not use it and never wait behind it, except those that had to be parked.
"""

import asyncio
import contextlib
from collections import deque
from time import monotonic

MOST_IN_FLIGHT = 8
_SHORT = 0.002


class LaneLost(Exception):  # noqa: N818 - names a state
    """This process stood still for so long that another one has the lane by now."""


class Lane:
    """Paces sending.

    A message may reach Telegram at any instant between the begin and the end of its call, so a
    call counts from its begin until a second after its end: then no second can hold too many,
    however the network bunches them.

    Args:
        per_second: Most messages in any second; at least 1.
        stale: Seconds of standing still after which another process may have taken over.
    """

    def __init__(self, per_second: float, stale: float) -> None:
        self._most = int(per_second)
        self._interval = 1.0 / per_second
        self.stale = stale
        self._ended: deque[float] = deque()
        self._in_flight = 0
        self._next = 0.0
        self._paused_until = 0.0
        self._seen = monotonic()

    def enter(self) -> None:
        """Take the lane at the begin of a job."""
        self._seen = monotonic()

    def pause(self, seconds: float) -> None:
        """Send nothing for some seconds: Telegram asked for it, or does not answer."""
        self._paused_until = max(self._paused_until, monotonic() + seconds)

    async def ready(self, stopping: asyncio.Event) -> bool:
        """Wait until one more message may be sent; False when the process is to stop.

        Raises:
            LaneLost: The process stood still meanwhile.
        """
        while True:
            now = monotonic()
            if now - self._seen > self.stale:
                raise LaneLost
            self._seen = now
            if stopping.is_set():
                return False
            wait = self._wait(now)
            if wait <= 0:
                return True
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), min(wait, 0.5))

    def begin(self) -> None:
        """Count a message from now until a second after ``end`` is called for it."""
        self._next = max(self._next + self._interval, monotonic())
        self._in_flight += 1

    def end(self) -> None:
        """Note that the call of a message is over."""
        self._in_flight -= 1
        self._ended.append(monotonic())

    async def rest(self) -> None:
        """Wait at the end of a job until another process may go on at its own pace at once."""
        wait = max(
            (end + (n + 1) * self._interval for n, end in enumerate(reversed(self._ended), 1)),
            default=0.0,
        )
        await asyncio.sleep(max(0.0, wait - monotonic()))

    def _wait(self, now: float) -> float:
        while self._ended and now - self._ended[0] >= 1.0:
            self._ended.popleft()
        wait = max(self._next - now, self._paused_until - now)
        if self._in_flight >= MOST_IN_FLIGHT:
            return max(wait, _SHORT)
        if self._in_flight + len(self._ended) >= self._most:
            return max(wait, self._ended[0] + 1.0 - now if self._ended else _SHORT)
        return wait
