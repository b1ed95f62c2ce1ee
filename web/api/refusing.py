"""What programs alone are told: no token, a scope that is missing, too many calls."""

import re

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from src.errors import NotInReach, TokenRefused, TooManyCalls, UnknownInMirror
from web.api.calling import ScopeMissing
from web.errors import API, answer, problem


def add_api_handlers(app: FastAPI) -> None:
    """Make an application answer what only programs meet."""
    app.add_exception_handler(TokenRefused, _no_token)
    app.add_exception_handler(ScopeMissing, _no_scope)
    app.add_exception_handler(TooManyCalls, _too_often)
    app.add_exception_handler(NotInReach, _not_there)
    app.add_exception_handler(UnknownInMirror, _not_there)
    app.add_exception_handler(405, _wrong_method)


async def _no_token(_request: Request, _error: Exception) -> Response:
    detail = "Send a token that holds: `Authorization: Bearer dars_live_…`."
    return problem(401, detail, headers={"www-authenticate": "Bearer"})


async def _no_scope(_request: Request, error: Exception) -> Response:
    return problem(403, f"This needs a token with the scope {error}.")


async def _too_often(_request: Request, error: Exception) -> Response:
    assert isinstance(error, TooManyCalls)
    wait = max(1, round(error.seconds + 0.5))
    return problem(429, f"Ask again in {wait} s.", headers={"retry-after": str(wait)})


async def _not_there(_request: Request, _error: Exception) -> Response:
    return problem(404)


async def _wrong_method(request: Request, error: Exception) -> Response:
    """Name all methods of a path: the router knows those of the first route alone."""
    assert isinstance(error, HTTPException)
    headers = error.headers
    if request.url.path.startswith(API):
        headers = {"allow": ", ".join(_methods_at(request))}
    return answer(request, 405, headers=dict(headers or {}))


def _methods_at(request: Request) -> list[str]:
    described = request.app.openapi()["paths"]
    for path, methods in described.items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), request.url.path):
            return sorted(method.upper() for method in methods)
    return ["GET"]
