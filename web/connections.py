"""Connections that end when nothing comes of them: a server has only so many.

Whoever begins a request has seconds to finish its head, and some more for its body. Where there is
no room for another connection, the one goes that has waited for the longest for its next request,
or for the rest of it; one whose request is being answered never does.
"""

import asyncio
import math
import sys
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if sys.platform != "win32":
    import resource


@dataclass(frozen=True, slots=True)
class Limits:
    """What connections of a server may take.

    Attributes:
        most: Connections at once.
        head_seconds: From the beginning of a request, or of the connection, to the end of its head.
        body_seconds: From there to the end of its body.
        share: The part of the process's files that they may be at most.
    """

    most: int = 512
    head_seconds: float = 10
    body_seconds: float = 20
    share: float = 0.5

    @property
    def room(self) -> int:
        """How many connections there may be in this process."""
        return max(1, int(min(self.most, _most_files() * self.share)))


def _most_files() -> float:
    """Return how many files this process may have open."""
    if sys.platform == "win32":
        return math.inf
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return files if files > 0 else math.inf


class LimitedProtocol(HttpToolsProtocol):
    """Keeps a connection within limits."""

    def __init__(self, *args: Any, limits: Limits, **more: Any) -> None:
        super().__init__(*args, **more)
        self._limits, self._room = limits, limits.room
        self._timer: asyncio.TimerHandle | None = None
        # Since when nothing is asked of us; None while a request is being answered.
        self.waiting_since: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its base
        """Take a connection, and part with another one where there is no room."""
        super().connection_made(transport)
        self.waiting_since = self.loop.time()
        self._limit(self._limits.head_seconds)
        if len(self.connections) > self._room:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._limit(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; the first ones of a request begin its time."""
        if self._timer is None and (self.cycle is None or self.cycle.response_complete):
            self._limit(self._limits.head_seconds)
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """Begin the time of the body."""
        self._limit(self._limits.body_seconds)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Leave a request that is whole as much time as its answer takes."""
        self._limit(None)
        if not self.cycle.response_complete:
            self.waiting_since = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self.waiting_since = self.loop.time()
        super().on_response_complete()

    def _limit(self, seconds: float | None) -> None:
        """Part with the connection after some time, or no more."""
        if self._timer is not None:
            self._timer.cancel()
        late = self.transport.abort
        self._timer = None if seconds is None else self.loop.call_later(seconds, late)

    def _make_room(self) -> None:
        ours = (other for other in self.connections if isinstance(other, LimitedProtocol))
        waiting = [other for other in ours if other.waiting_since is not None]
        min(waiting, key=lambda other: other.waiting_since or 0).transport.abort()
