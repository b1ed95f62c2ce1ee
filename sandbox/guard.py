"""Keeps pages of other sites out: a browser on this machine would call the sandbox for them.

A page elsewhere can post a form to any address, and one whose name is made to lead here (DNS
rebinding) can even read the answers. Programs send neither an Origin nor another Host.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.api import json_response
from sandbox.errors import ApiError

_ELSEWHERE = {"cross-site", "same-site"}


class Guard:
    """Answers 403 to what comes from a page of another site, or by another name.

    Args:
        app: What is guarded.
        names: Names by which the sandbox may be called besides addresses and ``localhost``.
    """

    def __init__(self, app: ASGIApp, names: tuple[str, ...]) -> None:
        self._app, self._names = app, {name.lower() for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what may be."""
        if scope["type"] == "http":
            reason = self._reason(Headers(scope=scope), scope["path"])
            if reason:
                refusal = json_response(ApiError(403, f"Forbidden: {reason}").body(), 403)
                return await refusal(scope, receive, send)
        return await self._app(scope, receive, send)

    def _reason(self, headers: Headers, path: str) -> str | None:
        host, origin = headers.get("host"), headers.get("origin")
        if len(headers.getlist("host")) > 1 or (host is not None and not self._knows(host)):
            return "the sandbox is not known by that name (--allow-host)"
        if origin is not None and origin not in {f"http://{host}", f"https://{host}"}:
            return "the call comes from another site"
        # A picture that is only fetched sends no Origin; a link to the chat may be followed.
        if path != "/" and headers.get("sec-fetch-site") in _ELSEWHERE:
            return "the call comes from another site"
        return None

    def _knows(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name in self._names or name == "localhost" or name.endswith(".localhost"):
            return True
        try:
            ip_address(name)
        except ValueError:
            return False
        return True
