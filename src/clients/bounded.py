"""Bodies of answers that are never read beyond a limit, whatever a provider sends."""

from collections.abc import AsyncIterator

import httpx2

# An error needs some hundred bytes; an answer that is read at once a few thousand.
MOST_ERROR, MOST_WHOLE = 2**14, 2**20
# Of one compression; of this size nothing becomes more than a thousand times as much.
_MOST_COMPRESSED = 2**14
_KNOWN = {"gzip", "deflate"}
_STREAMS = ("text/event-stream", "application/x-jsonl")


class _Cut(httpx2.AsyncByteStream):
    """The first bytes of a body."""

    def __init__(self, inner: httpx2.AsyncByteStream, most: int) -> None:
        self._inner, self._most = inner, most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = self._most
        async for piece in self._inner:
            yield piece[:left]
            left -= len(piece)
            if left <= 0:
                return

    async def aclose(self) -> None:
        await self._inner.aclose()


async def bound(response: httpx2.Response) -> None:
    """Let no more of a body be read than an honest one has; a hook of the HTTP client.

    What was asked for is not compressed: where it is all the same, little of it is unpacked, and
    nothing of what was packed twice.
    """
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    is_plain = coding in {"identity", ""}
    assert isinstance(response.stream, httpx2.AsyncByteStream)
    if not is_plain and coding not in _KNOWN:
        response.stream = _Cut(response.stream, 0)
    elif not is_plain:
        response.stream = _Cut(response.stream, _MOST_COMPRESSED)
    elif not response.is_success:
        response.stream = _Cut(response.stream, MOST_ERROR)
    elif not response.headers.get("content-type", "").startswith(_STREAMS):
        response.stream = _Cut(response.stream, MOST_WHOLE)
