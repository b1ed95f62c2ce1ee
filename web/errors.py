"""The one place where an error becomes an answer: a page for people, RFC 9457 for programs."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from src.canvas.connections import NoConnection
from src.canvas.letting_in import StateRefused
from src.errors import (
    ClassFull,
    DarsError,
    DatabaseUnavailable,
    FormForged,
    LinkSpent,
    NoSuchClass,
    NotFresh,
    SignedOut,
    TransactionCut,
)
from src.logs import where
from web.rendering import page, preferred

log = structlog.get_logger()

API = "/api/"
PROBLEM = "application/problem+json"
# What no line here names is a fault of ours.
STATUSES: Mapping[type[DarsError], int] = {
    StateRefused: 410,
    NoConnection: 404,
    DatabaseUnavailable: 503,
    TransactionCut: 503,
    NoSuchClass: 404,
    LinkSpent: 410,
    SignedOut: 401,
    FormForged: 403,
    ClassFull: 409,
}
# What a status alone would not say.
KEYS: Mapping[type[DarsError], str] = {
    NotFresh: "error-not-fresh",
}
# Of each status that people meet: `error-404` and so on in the texts.
SAID = frozenset({400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 503})


def status_of(error: DarsError) -> int:
    """Return the status of an error, or of the nearest class above it."""
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)


def problem(status: int, detail: str = "", **more: Any) -> JSONResponse:
    """Return an error for programs, by RFC 9457; ``type`` is stable.

    Args:
        status: Of HTTP.
        detail: What is wrong, in English; nothing that was sent is repeated.
        more: Further members, and ``headers`` of the answer.
    """
    headers = more.pop("headers", None)
    title = HTTPStatus(status).phrase
    kind = f"/errors/{title.lower().replace(' ', '-')}"
    body = {"type": kind, "title": title, "status": status} | ({"detail": detail} if detail else {})
    return JSONResponse(body | more, status, headers, media_type=PROBLEM)


def add_handlers(app: FastAPI) -> None:
    """Make an application answer every error."""
    app.add_exception_handler(DarsError, _expected)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    for away in (InterfaceError, OperationalError, OSError):
        app.add_exception_handler(away, _database_away)
    app.add_exception_handler(Exception, _unexpected)


async def _expected(request: Request, error: Exception) -> Response:
    assert isinstance(error, DarsError)
    status = status_of(error)
    if status == 500:
        return await _unexpected(request, error)
    return answer(request, status, key=KEYS.get(type(error)))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return answer(request, error.status_code, headers=dict(error.headers or {}))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [
        {"in": ".".join(map(str, fault["loc"])), "reason": fault["msg"]} for fault in error.errors()
    ]
    return answer(request, 422, errors=faults)


async def _database_away(request: Request, error: Exception) -> Response:
    log.warning("a request met no database", error=type(error).__name__)
    return answer(request, 503)


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("request failed", error=type(error).__name__, where=where(error))
    return answer(request, 500)


def answer(request: Request, status: int, *, key: str | None = None, **more: Any) -> Response:
    """Return an error in the form that its path speaks.

    Args:
        request: What was asked.
        status: Of HTTP.
        key: Of the text for people; None is that of the status.
        more: For programs: members of the problem; for both: ``headers``.
    """
    if request.url.path.startswith(API):
        return problem(status, **more)
    key = key or (f"error-{status}" if status in SAID else "error-500")
    shown = page("error", preferred(request.headers.get("accept-language")), status, key=key)
    shown.headers.update(more.get("headers") or {})
    return shown
