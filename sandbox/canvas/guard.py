"""Keeps other websites out of the school's own pages."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def refusal(request: Request, bound: str) -> Response | None:
    """What to answer to a request that another website may have caused; None where it is fine.

    Args:
        request: The request.
        bound: The address at which the school listens.
    """
    host = request.headers.get("host", "")
    # A page elsewhere can make its own name point here; then the name gives it away.
    if urlsplit(f"//{host}").hostname not in _LOOPBACK | {bound}:
        return PlainTextResponse("This school is not known by that name.", 421)
    origin = request.headers.get("origin")
    if request.method != "GET" and origin is not None:
        parts = urlsplit(origin)
        if (parts.scheme, parts.netloc) != (request.url.scheme, host):
            return PlainTextResponse("Another website may not do this.", 403)
    return None
