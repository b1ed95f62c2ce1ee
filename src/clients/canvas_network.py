"""HTTP to schools at Canvas: checked addresses, polite, bounded in time, count and size.

One `CanvasNetwork` serves a process. Of one token at most one request is on its way at any time,
of one host at most so many; what Canvas says of its rate bucket is heeded between them.
"""

import asyncio
import hashlib
import json
import random
import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakValueDictionary

import httpcore2
import httpx2
from pydantic_core import from_json

from src.clients.canvas_address import check_ip
from src.clients.canvas_errors import (
    AnswerUnreadable,
    CallRefused,
    CanvasAway,
    CanvasError,
    NoRight,
    NotThere,
    Throttled,
    TokenDead,
)
from src.settings import CanvasSettings

# The width of Canvas' bucket between full speed and refusal, and how fast it empties.
_LOW_WATER = 100.0
_LEAK_PER_SECOND = 10.0
_MOST_SECONDS = 60.0
_MOST_ANSWER = 32 * 1024 * 1024
_MOST_CONNECTIONS = 200
_SHOWN = 200
# The bucket of a token that was filled takes long to empty.
_THROTTLED_LONGER = 4
_THROTTLE_TEXT = b"rate limit exceeded"
_UNKNOWN_STATES = frozenset({408, 409, 425})
_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


@dataclass(slots=True, weakref_slot=True)
class TokenLane:
    """The requests of one token, one after another.

    Attributes:
        lock: Held while a request is on its way.
        ready_at: When the next may begin, by the clock that only goes forward.
        requests: How many were sent, those that were made again as well.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    ready_at: float = 0.0
    requests: int = 0

    async def wait(self) -> None:
        """Wait until the bucket has room."""
        await asyncio.sleep(max(0.0, self.ready_at - time.monotonic()))

    def heed(self, headers: Mapping[str, str]) -> None:
        """Put the next request off where little is left in the bucket."""
        try:
            left = float(headers.get("x-rate-limit-remaining", ""))
        except ValueError:
            return
        self.put_off(min(_MOST_SECONDS, (_LOW_WATER - left) / _LEAK_PER_SECOND))

    def put_off(self, seconds: float) -> None:
        """Let no request of the token begin before so many seconds are over."""
        self.ready_at = max(self.ready_at, time.monotonic() + seconds)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was read to its end.

    Attributes:
        status: The HTTP status.
        headers: Their names in small letters.
        body: As it came, decompressed.
        next_url: Where its next page is; None at the last one.
        data: The JSON of it, decoded; None where there was none.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    next_url: str | None
    data: Any = field(default=None, repr=False)


class _CheckedBackend(httpcore2.AsyncNetworkBackend):
    """Connects only to addresses that were checked, after the name was resolved."""

    def __init__(self, *, allow_loopback: bool) -> None:
        self._allow_loopback = allow_loopback
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is the library's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Resolve, check each address, connect to the first one that answers."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore2.ConnectError(type(error).__name__) from None
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        for address in addresses:
            check_ip(address, allow_loopback=self._allow_loopback)
        failure: Exception = httpcore2.ConnectError("no address")
        for address in addresses:
            try:
                return await self._inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


class _CheckedTransport(httpx2.AsyncHTTPTransport):
    """httpx2's own transport over a pool that makes checked connections."""

    def __init__(self, *, allow_loopback: bool) -> None:
        # No environment: a proxy there would resolve names itself, after our check.
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=httpx2.create_ssl_context(trust_env=False),
            max_connections=_MOST_CONNECTIONS,
            max_keepalive_connections=_MOST_CONNECTIONS,
            keepalive_expiry=30.0,
            network_backend=_CheckedBackend(allow_loopback=allow_loopback),
        )


class CanvasNetwork:
    """What all clients of a process share.

    Args:
        settings: How polite and how patient.
        allow_loopback: Whether this machine may be asked: outside production only.
    """

    def __init__(self, settings: CanvasSettings, *, allow_loopback: bool) -> None:
        self.settings, self.allow_loopback = settings, allow_loopback
        self._http = httpx2.AsyncClient(
            transport=_CheckedTransport(allow_loopback=allow_loopback),
            timeout=settings.request_seconds,
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": settings.agent},
        )
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._lanes: WeakValueDictionary[str, TokenLane] = WeakValueDictionary()

    async def __aenter__(self) -> "CanvasNetwork":
        """Nothing is opened before the first request."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close what was opened."""
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    def lane(self, token: str) -> TokenLane:
        """Return the lane of a token: the same for everybody who holds it."""
        key = hashlib.sha256(token.encode()).hexdigest()
        lane = self._lanes.get(key) or TokenLane()
        self._lanes[key] = lane
        return lane

    async def ask(self, request: "CanvasCall", lane: TokenLane, most: int | None = None) -> Answer:
        """Make a request, again where that is harmless and may help.

        Args:
            request: What is asked.
            lane: Of its token.
            most: It is not made again once so many requests were sent in the lane.

        Raises:
            CanvasError: What it came to in the end.
        """
        attempt = 0
        while True:
            try:
                async with lane.lock:
                    await lane.wait()
                    return await self._once(request, lane)
            except (Throttled, CanvasAway, AnswerUnreadable) as error:
                attempt += 1
                if attempt > self.settings.retries or not _may_repeat(request, error):
                    raise
                if most is not None and lane.requests >= most:
                    raise
                pause = self._pause(attempt, error)
                if isinstance(error, Throttled):
                    lane.put_off(pause)
                else:
                    await asyncio.sleep(pause)

    def _pause(self, attempt: int, error: CanvasError) -> float:
        base = self.settings.pause_seconds * 2.0 ** (attempt - 1)
        least = 0.0
        if isinstance(error, Throttled):
            base, least = base * _THROTTLED_LONGER, error.seconds
        jitter: float = random.uniform(0.5, 1.0)  # noqa: S311 - chance, not secrecy
        return min(_MOST_SECONDS, max(least, base * jitter))

    async def _once(self, request: "CanvasCall", lane: TokenLane) -> Answer:
        host = self._hosts.setdefault(
            request.origin, asyncio.Semaphore(self.settings.requests_per_host)
        )
        async with host:
            lane.requests += 1
            answer = await self._send(request)
        lane.heed(answer.headers)
        _raise_for(answer, request)
        return _decoded(answer, request) if request.wants_json else answer

    async def _send(self, request: "CanvasCall") -> Answer:
        is_unsure = not request.is_harmless
        try:
            async with (
                asyncio.timeout(self.settings.request_seconds),
                self._http.stream(
                    request.method,
                    request.url,
                    params=request.params or None,
                    data=request.form,
                    headers=request.headers,
                ) as response,
            ):
                body = await _read(response, request.most_bytes)
        except _NOT_SENT as error:
            raise CanvasAway(f"the school cannot be reached ({type(error).__name__})") from None
        except TimeoutError:
            raise CanvasAway("the school takes too long", maybe_done=is_unsure) from None
        except (httpx2.RequestError, httpx2.InvalidURL) as error:
            kind = type(error).__name__
            raise CanvasAway(f"the answer was cut ({kind})", maybe_done=is_unsure) from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        following = response.links.get("next", {}).get("url")
        return Answer(response.status_code, headers, body, following)


Param = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class CanvasCall:
    """One request.

    Attributes:
        method: Of HTTP.
        origin: Scheme and host, which the limits count by.
        url: The whole address.
        params: Added to the address; a name may stand there several times.
        form: What is written, as Canvas' forms are named.
        headers: With the token; they are shown nowhere.
        most_bytes: The longest answer that is read.
        wants_json: Whether an answer that is a page for people is taken for a fault.
        may_repeat: Whether it writes, but done twice it is as if done once.
    """

    method: str
    origin: str
    url: str = field(repr=False)
    params: list[tuple[str, Param]] = field(default_factory=list, repr=False)
    form: dict[str, Any] | None = field(default=None, repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    most_bytes: int = _MOST_ANSWER
    wants_json: bool = True
    may_repeat: bool = False

    @property
    def is_harmless(self) -> bool:
        """Whether it may be made again, whatever became of the first time."""
        return self.may_repeat or self.method in {"GET", "HEAD"}


def _may_repeat(request: CanvasCall, error: CanvasError) -> bool:
    if isinstance(error, AnswerUnreadable) and not error.is_passing:
        return False
    return request.is_harmless or not error.maybe_done


async def _read(response: httpx2.Response, most: int) -> bytes:
    parts, size = [], 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > most:
            raise AnswerUnreadable("the answer is longer than is read", maybe_done=True)
        parts.append(part)
    return b"".join(parts)


def _decoded(answer: Answer, request: CanvasCall) -> Answer:
    if not answer.body.strip():
        return replace(answer, body=b"")
    try:
        return replace(answer, body=b"", data=_from_json(answer.body))
    except (ValueError, RecursionError):
        raise AnswerUnreadable(
            "the answer is not JSON", maybe_done=not request.is_harmless, is_passing=True
        ) from None


def _from_json(text: bytes) -> Any:
    try:
        return from_json(text)
    except ValueError:
        # Python's own reader lives with half a pair of surrogates.
        return json.loads(text)


def _raise_for(answer: Answer, request: CanvasCall) -> None:
    status, is_unsure = answer.status, not request.is_harmless
    if status == httpx2.codes.TOO_MANY_REQUESTS or _is_throttled(answer):
        seconds = _seconds(answer.headers.get("retry-after", ""))
        raise Throttled("the school wants fewer calls", seconds, maybe_done=is_unsure)
    if status >= httpx2.codes.INTERNAL_SERVER_ERROR or status in _UNKNOWN_STATES:
        raise CanvasAway(f"the school answers {status}", maybe_done=is_unsure)
    if httpx2.codes.is_redirect(status) and status != httpx2.codes.NOT_MODIFIED:
        raise AnswerUnreadable("the school sends on to another address: give that of Canvas itself")
    if status >= httpx2.codes.BAD_REQUEST:
        raise _refusal(answer)
    if request.wants_json and _is_page(answer):
        raise AnswerUnreadable(
            "a page for people came, not an answer of Canvas", maybe_done=is_unsure, is_passing=True
        )


def _is_throttled(answer: Answer) -> bool:
    # What is left in the bucket may be more than nothing: the words decide.
    is_refused = answer.status == httpx2.codes.FORBIDDEN
    return is_refused and _THROTTLE_TEXT in answer.body[:_SHOWN].lower()


def _refusal(answer: Answer) -> CanvasError:
    said = answer.body[:_SHOWN].lower()
    match answer.status:
        case 401 if "www-authenticate" in answer.headers and b"insufficient scopes" not in said:
            return TokenDead("the school refuses the token: it is wrong, expired or revoked")
        case 403 if _is_page(answer):
            return CanvasAway("something before the school refuses the call")
        case 403 if b"user agent" in said:
            return CallRefused("the school refuses the program's name")
        case 401 | 403:
            return NoRight("the token has no right to this")
        case 404 | 410:
            return _absent(answer)
    return CallRefused(f"the school refuses what was sent ({answer.status}){_fields(answer)}")


def _absent(answer: Answer) -> CanvasError:
    if _is_page(answer):
        return AnswerUnreadable("there is no Canvas at this address")
    return NotThere("there is no such thing, or none that the token may know of")


def _is_page(answer: Answer) -> bool:
    return "html" in answer.headers.get("content-type", "").lower()


def _fields(answer: Answer) -> str:
    """Name the members that were refused; what is said of them may quote a pupil."""
    try:
        errors = from_json(answer.body).get("errors")
    except (ValueError, AttributeError):
        return ""
    return f": {', '.join(map(str, errors))[:_SHOWN]}" if isinstance(errors, dict) else ""


def _seconds(text: str) -> float:
    return min(_MOST_SECONDS, float(text)) if text.isdecimal() else 0.0
