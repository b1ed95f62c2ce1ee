"""The Bot API's door: `/bot<token>/<method>`."""

import asyncio
import hmac
import re
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.core import Sandbox
from sandbox.errors import ApiError
from sandbox.journal import dump
from sandbox.params import Params, read_params

Handler = Callable[[Sandbox, Params], Any | Awaitable[Any]]
METHODS: dict[str, tuple[str, Handler]] = {}
_TOKEN = re.compile(r"\d{1,20}:[\w-]+", re.ASCII)


def method(name: str) -> Callable[[Handler], Handler]:
    """Registers a function as a method of the Bot API; names are case-insensitive."""

    def register(handler: Handler) -> Handler:
        METHODS[name.lower()] = (name, handler)
        return handler

    return register


class DropConnection(Response):
    """No answer: the connection is cut."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Aborts the transport; under a server that hides it, leaves the answer unfinished."""
        transport = scope.get("sandbox.transport")
        if transport is not None:
            transport.abort()
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        headers = [(b"content-length", b"100")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


def json_response(body: object, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(dump(body), status, media_type="application/json")


async def bot_endpoint(request: Request) -> Response:
    """Answers one call of the Bot API."""
    box: Sandbox = request.app.state.sandbox
    try:
        name, handler = _find(box, request)
        fault = box.faults.draw(name)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.drop:
            return DropConnection()
        if fault.error is not None:
            raise fault.error
        box.rates.calls[name] += 1
        result = handler(box, await read_params(request))
        if asyncio.iscoroutine(result):
            result = await result
    except ApiError as error:
        box.rates.errors[str(error.code)] += 1
        return json_response(error.body(), error.code)
    if fault.drop_reply:
        return DropConnection()
    return json_response({"ok": True, "result": result})


async def file_endpoint(request: Request) -> Response:
    """Serves the bytes behind a `file_path`."""
    box: Sandbox = request.app.state.sandbox
    try:
        _authorize(box, request.path_params["token"])
        data, media_type = box.files.read(request.path_params["path"])
    except ApiError as error:
        return json_response(error.body(), error.code)
    except (KeyError, OSError):
        return json_response(ApiError(404, "Not Found").body(), 404)
    return Response(data, media_type=media_type)


def _find(box: Sandbox, request: Request) -> tuple[str, Handler]:
    _authorize(box, request.path_params["token"])
    found = METHODS.get(request.path_params["method"].lower())
    if found is None:
        raise ApiError(404, "Not Found: method not found")
    return found


def _authorize(box: Sandbox, token: str) -> None:
    if not _TOKEN.fullmatch(token):
        raise ApiError(404, "Not Found")
    if not hmac.compare_digest(token, box.config.token):
        raise ApiError(401, "Unauthorized")
