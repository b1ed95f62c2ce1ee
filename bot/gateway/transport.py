"""The library's HTTP transport over aiohttp: same behaviour, less work.

`BaseRequest` is the library's own extension point; what it sends, and why: decision 19.
"""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_JSON = {"Content-Type": "application/json"}
# Whatever is said, nobody waits longer: Telegram keeps updates for no more than a day itself.
LONGEST_RETRY_AFTER = 86_400
_ERRORS = 300
# Marks an answer with the status of an error: it needs no result.
_REFUSED = "refused"
POOL_TIMED_OUT = (
    "Pool timeout: All connections in the connection pool are occupied. "
    "Request was *not* sent to Telegram. Consider adjusting the connection "
    "pool size or the pool timeout."
)


class AiohttpRequest(BaseRequest):
    """A transport with the defaults of the library's own.

    Args:
        connection_pool_size: The most connections at once.
        read_timeout: Seconds to wait for data from the server; None waits forever.
        write_timeout: Seconds that sending a request may take.
        connect_timeout: Seconds that a new connection may take.
        pool_timeout: Seconds to wait for a free connection.
        media_write_timeout: Like `write_timeout`, for requests that upload files.
        proxy: Address of an HTTP proxy; without it HTTPS_PROXY and its like are followed.
    """

    def __init__(
        self,
        *,
        connection_pool_size: int = 256,
        read_timeout: float | None = 5.0,
        write_timeout: float | None = 5.0,
        connect_timeout: float | None = 5.0,
        pool_timeout: float | None = 1.0,
        media_write_timeout: float | None = 20.0,
        proxy: str | None = None,
    ) -> None:
        self._read = read_timeout
        self._write = write_timeout
        self._connect = connect_timeout
        self._pool = pool_timeout
        self._media_write = media_write_timeout
        self._proxy = proxy
        self._proxies: dict[str, str] = {}
        self._session: aiohttp.ClientSession | None = None
        self._places = asyncio.Semaphore(connection_pool_size)

    @property
    def read_timeout(self) -> float | None:
        """The default read timeout in seconds."""
        return self._read

    async def initialize(self) -> None:
        """Open the pool; does nothing when it is open."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                # Its own limit shares one time-out with connecting; `_places` has one of its own.
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=60),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )
            # With `trust_env` aiohttp would read ~/.netrc for each request.
            self._proxies = {} if self._proxy else getproxies()

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()

    def _proxy_for(self, url: str) -> str | None:
        """Return the proxy that the environment names for an address, if any."""
        if not self._proxies:
            return None
        place = urlsplit(url)
        if proxy_bypass(place.netloc):
            return None
        return self._proxies.get(place.scheme) or self._proxies.get("all")

    async def do_request(  # noqa: PLR0917 - the signature is the library's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send a request and return status and body.

        Raises:
            TimedOut: One of the time-outs passed.
            NetworkError: The connection failed.
            RuntimeError: `initialize` was not called.
        """
        if self._session is None or self._session.closed:
            raise RuntimeError("This AiohttpRequest is not initialized!")
        uploads = bool(request_data and request_data.multipart_data)
        write = _given(write_timeout, self._media_write if uploads else self._write)
        read = _given(read_timeout, self._read)
        connect = _given(connect_timeout, self._connect)
        parts = (connect, write, read)
        limits = aiohttp.ClientTimeout(
            # Writing has no time-out of its own: it is bounded by the whole.
            total=None if None in parts else sum(part for part in parts if part is not None),
            connect=connect,
            sock_read=read,
        )
        async with self._place(_given(pool_timeout, self._pool)):
            status, body = await self._exchange(self._session, method, url, request_data, limits)
        return status, body if status < _ERRORS else _readable(body)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the answer of a call; the library would log one that is no JSON, words and all.

        Who says that all is well and not what came of it is believed.

        Raises:
            NetworkError: It is none, so it may come from something between Telegram and us.
        """
        said = _object(payload)
        if said is not None and said.get("ok") is True:
            return {"result": True} | said
        if said is None or not said.keys() & {"result", _REFUSED}:
            raise NetworkError("Invalid server response")
        return said

    @asynccontextmanager
    async def _place(self, patience: float | None) -> AsyncGenerator[None]:
        """Hold one of the connections that may be open at once.

        Raises:
            TimedOut: None was free in time.
        """
        if not self._places.locked():
            await self._places.acquire()
        else:
            try:
                async with asyncio.timeout(patience):
                    await self._places.acquire()
            except TimeoutError:
                raise TimedOut(POOL_TIMED_OUT) from _PoolTimeout()
        try:
            yield
        finally:
            self._places.release()

    async def _exchange(
        self,
        session: aiohttp.ClientSession,
        method: str,
        url: str,
        request_data: RequestData | None,
        limits: aiohttp.ClientTimeout,
    ) -> tuple[int, bytes]:
        body = _body(request_data)
        try:
            async with session.request(
                method,
                url,
                data=body,
                headers=_JSON if isinstance(body, bytes) else None,
                timeout=limits,
                proxy=self._proxy or self._proxy_for(url),
            ) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(f"aiohttp.{type(error).__name__}: {error}") from error


class _PoolTimeout(Exception):  # noqa: N818 - a cause, never raised by itself
    """All connections were taken for too long."""


def never_left(fault: NetworkError) -> bool:
    """Return whether a request that failed cannot have reached the server: it was not connected."""
    unconnected = aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | _PoolTimeout
    return isinstance(fault.__cause__, unconnected)


def _given(timeout: ODVInput[float], default: float | None) -> float | None:
    return default if isinstance(timeout, DefaultValue) else timeout


def _object(body: bytes) -> dict[str, Any] | None:
    """Return the object that a body is as JSON; None where it is none."""
    try:
        said = json.loads(body.decode(errors="replace"))
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _readable(body: bytes) -> bytes:
    """Return what an error says, in types that the library can live with: any may come.

    A proxy's page is left out: the library would make it part of a message that is logged.
    """
    said = _object(body) or {}
    description, told = said.get("description"), said.get("parameters")
    kept: dict[str, Any] = {"description": description if isinstance(description, str) else None}
    kept[_REFUSED] = True
    parameters = told if isinstance(told, dict) else {}
    numbers = {name: value for name, value in parameters.items() if type(value) in {int, float}}
    if "retry_after" in numbers:
        numbers["retry_after"] = max(1, min(numbers["retry_after"], LONGEST_RETRY_AFTER))
    return json.dumps(kept | {"parameters": numbers}).encode()


def _body(request_data: RequestData | None) -> aiohttp.FormData | bytes | None:
    """Return parameters as JSON, or as parts where files are uploaded.

    Telegram takes a form as well, but Bangla in a form costs twenty times the encoding.
    """
    if request_data is None:
        return None
    if not request_data.multipart_data:
        return request_data.json_payload
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime_type)
    return form
