"""Tells every open web chat what changes, as server-sent events."""

import asyncio
from collections.abc import AsyncIterator

from sandbox.errors import Json
from sandbox.journal import dump

_KEEPALIVE_SECONDS = 15.0
_BACKLOG = 2000


class Events:
    """A broadcast to any number of listeners; a listener that falls behind is cut off."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[bytes | None]] = set()
        self._closed = False

    def publish(self, kind: str, **facts: object) -> None:
        """Sends one event to everyone who listens."""
        if not self._listeners:
            return
        line = dump({"type": kind, **facts})
        for queue in tuple(self._listeners):
            try:
                queue.put_nowait(line)
            except asyncio.QueueFull:
                self._listeners.discard(queue)
                queue.get_nowait()
                queue.put_nowait(None)

    async def stream(self, hello: Json) -> AsyncIterator[bytes]:
        """The body of one event stream; ends when the sandbox stops."""
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(_BACKLOG)
        self._listeners.add(queue)
        try:
            yield b"retry: 700\ndata: " + dump({"type": "hello", **hello}) + b"\n\n"
            while not self._closed:
                try:
                    line = await asyncio.wait_for(queue.get(), _KEEPALIVE_SECONDS)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if line is None:
                    return
                yield b"data: " + line + b"\n\n"
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        """Ends every stream, so that a stopping server does not wait for them."""
        self._closed = True
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)
