"""Where every call of the API comes in: faults, rates, tokens, pages, headers."""

import asyncio
import hashlib
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from sandbox.canvas.call import Call
from sandbox.canvas.config import SchoolConfig
from sandbox.canvas.errors import CanvasError, Json, NoRightError
from sandbox.canvas.faults import Fault, Faults
from sandbox.canvas.paging import Listed, cut
from sandbox.canvas.params import Params, as_id, read_params
from sandbox.canvas.rates import Rates
from sandbox.canvas.state import Row, School
from sandbox.canvas.tokens import of_text

Handler = Callable[[Call], Any]
Endpoint = Callable[[Request], Awaitable[Response]]
_STRING_IDS = "application/json+canvas-string-ids"
_PAGE = "<!DOCTYPE html><html><title>Sorry</title><body><h1>One moment, please</h1></body></html>"
_THROTTLED = {429: "429 Too Many Requests", 403: "403 Forbidden"}


@dataclass(slots=True)
class Desk:
    """The school with all that stands around it."""

    config: SchoolConfig
    school: School
    rates: Rates
    faults: Faults = field(default_factory=Faults)
    calls: int = 0

    async def answer(self, request: Request, handler: Handler, status: int) -> Response:
        """Answers one call of the API, faults and all."""
        self.calls += 1
        key = bearer(request) or (request.client.host if request.client else "")
        fault = self.faults.draw(request.method, request.url.path)
        if fault.kind == "throttle" or not self.rates.begin(key):
            return self._throttled(fault)
        begun = time.perf_counter()
        try:
            response = await self._unless(fault, request, handler, status)
        finally:
            taken = time.perf_counter() - begun
            # A latency is the way there and back: what the school itself takes is part of it.
            await asyncio.sleep(max(0.0, fault.delay - taken))
            headers = self.rates.end(key, taken)
        response.headers.update(headers)
        return response

    def _throttled(self, fault: Fault) -> Response:
        status = fault.status or self.config.throttle_status
        text = f"{_THROTTLED.get(status, status)} (Rate Limit Exceeded)\n"
        wait = self.faults.switches.retry_after
        return PlainTextResponse(text, status, {"Retry-After": str(wait)} if wait else None)

    async def _unless(
        self, fault: Fault, request: Request, handler: Handler, status: int
    ) -> Response:
        if fault.kind == "drop":
            return Cut(b"", request)
        if fault.kind == "html":
            return Response(_PAGE, media_type="text/html")
        if fault.kind == "error":
            return PlainTextResponse("the school is away", fault.status or 502)
        response = await self._handled(request, handler, status)
        if fault.kind == "drop_reply":
            return Cut(b"", request)
        if fault.kind == "cut_body":
            body = bytes(response.body)
            return Cut(body[: len(body) // 2], request, len(body))
        return response

    async def _handled(self, request: Request, handler: Handler, status: int) -> Response:
        try:
            call = self._call(request, await read_params(request))
            answer = self._paged(request, handler(call), status)
        except NoRightError as error:
            return as_json(request, error.body, self.config.no_right_status)
        except CanvasError as error:
            return as_json(request, error.body, error.status, error.headers)
        if request.method != "GET":
            self.school.save()
        return answer

    def _call(self, request: Request, params: Params) -> Call:
        if self.config.needs_user_agent and not request.headers.get("user-agent"):
            refusal = {"error": "Forbidden", "message": "Send a valid user agent."}
            raise CanvasError(403, refusal)
        token = of_text(self.school, bearer(request))
        caller = self.school.users.get(token["user_id"])
        check_scope(token, request)
        if "as_user_id" in params:
            caller = self._masked(caller, params.text("as_user_id"))
        assert caller is not None
        path, base = dict(request.path_params), base_of(request)
        return Call(self.school, self.config, params, path, base, caller, token)

    def _masked(self, caller: Row | None, text: str) -> Row:
        meant = self.school.users.get(as_id(text) or 0)
        if not (caller and caller.get("is_admin") and meant):
            raise CanvasError(401, {"errors": "Invalid as_user_id"})
        return meant

    def _paged(self, request: Request, answer: Any, status: int) -> Response:
        if not isinstance(answer, Listed):
            return as_json(request, answer, status)
        most, empty = self.config.max_per_page, self.faults.switches.empty_pages
        page = cut(answer, request.url, most, empty_first=empty)
        body = {answer.wrap: page.rows} if answer.wrap else page.rows
        return as_json(request, body, status, {"Link": page.link})


class Cut(Response):
    """An answer whose connection is cut, before it or in the middle."""

    def __init__(self, begin: bytes, request: Request, length: int = 0) -> None:
        super().__init__(begin, media_type="application/json")
        self._transport = request.scope.get("school.transport")
        self.headers["Content-Length"] = str(length)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends what there is and cuts."""
        if self.body:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": self.body, "more_body": True})
            await asyncio.sleep(0.01)
        if self._transport is not None:
            self._transport.abort()
            await asyncio.sleep(0.01)


def door(handler: Handler, status: int = 200) -> Endpoint:
    """Makes an endpoint of a handler."""

    async def endpoint(request: Request) -> Response:
        desk: Desk = request.app.state.desk
        return await desk.answer(request, handler, status)

    return endpoint


def bearer(request: Request) -> str:
    """The token that a request shows, in its header or, as old clients do, in its address."""
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    given = text.strip() if kind.lower() == "bearer" else ""
    return given or request.query_params.get("access_token", "")


def base_of(request: Request) -> str:
    """The address at which the client knows the school."""
    return f"{request.url.scheme}://{request.url.netloc}"


def check_scope(token: Row, request: Request) -> None:
    """Refuses what a scoped token was not given.

    Raises:
        CanvasError: The scope is missing.
    """
    if not token["scopes"]:
        return
    names = request.path_params
    route = "/".join(_placeholder(step, names) for step in request.url.path.split("/"))
    if f"url:{request.method}|{route}" not in token["scopes"]:
        message = "Insufficient scopes on access token."
        raise CanvasError(401, {"errors": [{"message": message}]})


def _placeholder(step: str, names: Json) -> str:
    return next((f":{name}" for name, value in names.items() if value == step), step)


def as_json(
    request: Request, body: Any, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """An answer as JSON, with ids as texts where they were asked for, or 304."""
    if _STRING_IDS in request.headers.get("accept", ""):
        body = _with_string_ids(body)
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    tag = f'W/"{hashlib.sha256(text).hexdigest()[:32]}"'
    every = {"ETag": tag, "Cache-Control": "max-age=0, private, must-revalidate", **(headers or {})}
    if request.method == "GET" and request.headers.get("if-none-match") == tag:
        return Response(None, 304, every)
    return Response(text, status, every, "application/json; charset=utf-8")


def _with_string_ids(body: Any, name: str = "") -> Any:
    if isinstance(body, dict):
        return {key: _with_string_ids(value, key) for key, value in body.items()}
    if isinstance(body, list):
        return [_with_string_ids(one, name) for one in body]
    is_id = name == "id" or name.endswith(("_id", "_ids")) or name == "never_drop"
    return str(body) if is_id and type(body) is int else body
