"""What every request passes: limits, the origin of forms, and headers that tie browsers down."""

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import API, answer

MOST_BYTES = 1_000_000
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# No script at all, no other host, no frame around us, no address of ours told to others.
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Middleware around the application."""

    def __init__(self, app: ASGIApp, *, secure: bool = False) -> None:
        """Take the application.

        Args:
            app: What answers.
            secure: Whether it is reached by https alone.
        """
        self._app = app
        self._headers = HEADERS | (
            {"strict-transport-security": "max-age=31536000"} if secure else {}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_tied(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._tie(message)
            await send(message)

        status = _refused(scope)
        if status is not None:
            await answer(Request(scope), status)(scope, receive, send_tied)
        else:
            await self._app(scope, receive, send_tied)

    def _tie(self, message: MutableMapping[str, Any]) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        # What a teacher sees stays in no cache, of the browser or on the way.
        headers.setdefault("cache-control", "no-store")


def _refused(scope: Scope) -> int | None:
    """Return the status with which a request is refused before anybody looks at it."""
    headers = Headers(scope=scope)
    if scope["method"] in SAFE:
        return None
    length = headers.get("content-length")
    if length is None and headers.get("transfer-encoding"):
        return 411
    if length is not None and not (length.isdigit() and int(length) <= MOST_BYTES):
        return 413
    # Programs send a token and no cookie: nobody can make a browser do that for them.
    if scope["path"].startswith(API) or _is_same_origin(headers):
        return None
    return 403


def _is_same_origin(headers: Headers) -> bool:
    """Return whether a form was sent from a page of ours, as far as the browser tells."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site == "same-origin"
    return origin is None or urlsplit(origin).netloc == headers.get("host")
