"""The sandbox's own HTTP: `/sandbox/...` for tests and tools, and the web chat at `/`."""

from collections.abc import Awaitable, Callable
from inspect import isawaitable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from sandbox import groups, paying, pupils
from sandbox.api import bot_endpoint, file_endpoint, json_response
from sandbox.core import Sandbox
from sandbox.errors import ApiError, Json, bad_request
from sandbox.methods.profile import menu_for, said
from sandbox.params import read_params
from sandbox.people import meet, person
from sandbox.views import chat_view, full_view

_STATIC = Path(__file__).parent / "static"
Answer = Callable[[Sandbox, Request, Json], Any]


def _door(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        box: Sandbox = request.app.state.sandbox
        try:
            wish = (await read_params(request)).values if request.method == "POST" else {}
            result = answer(box, request, wish)
            return json_response(await result if isawaitable(result) else result)
        except ApiError as error:
            return json_response(error.body(), error.code)

    return endpoint


def _user_id(request: Request) -> int:
    number: int = request.path_params["user_id"]
    return number


def _users(box: Sandbox, request: Request, wish: Json) -> Json:
    return {"users": [person(box, user) for user in box.world.users.values()]}


def _new_user(box: Sandbox, request: Request, wish: Json) -> Json:
    number = wish.get("id") or max(box.world.users, default=1000) + 1
    if not isinstance(number, int):
        raise bad_request("id must be a number")
    return person(box, meet(box, number, wish))


def _chat(box: Sandbox, request: Request, wish: Json) -> Json:
    group = request.path_params.get("group_id")
    chat = box.world.chats.get(-group if group else _user_id(request))
    return {"messages": [chat_view(entry) for entry in chat.entries.values()] if chat else []}


def _screen(box: Sandbox, request: Request, wish: Json) -> Json:
    user = box.world.users.get(_user_id(request))
    if user is None:
        raise ApiError(404, "Not Found: no such pupil")
    language, chat = user.get("language_code", ""), box.world.chats[user["id"]]
    names = {name: said(box, name, language) for name in ("name", "description")}
    return {
        "user": person(box, user),
        "bot": {**box.world.bot, "first_name": names["name"] or box.world.bot["first_name"]},
        "description": names["description"],
        "commands": menu_for(box, user["id"], language),
        "messages": [full_view(entry) for entry in chat.entries.values()],
    }


def _answers(box: Sandbox, request: Request, wish: Json) -> Json:
    return {"answers": box.answers.get(_user_id(request), [])}


def _invoice(box: Sandbox, request: Request, wish: Json) -> Json:
    return paying.show(box, _user_id(request), dict(request.query_params))


def _stars(box: Sandbox, request: Request, wish: Json) -> Json:
    return paying.subscriptions(box, _user_id(request))


def _set_faults(box: Sandbox, request: Request, wish: Json) -> Json:
    box.set_faults(wish)
    return box.faults.report()


def _membership(box: Sandbox, request: Request, wish: Json) -> Json:
    return groups.seat(box, meet(box, _user_id(request), wish), wish)


def _privacy(box: Sandbox, request: Request, wish: Json) -> Json:
    if request.method == "POST":
        if not isinstance(wish.get("on"), bool):
            raise bad_request("on must be true or false")
        box.world.put_setting("privacy", wish["on"])
    return {"on": box.privacy}


def _set_limits(box: Sandbox, request: Request, wish: Json) -> Json:
    for name in ("per_second", "per_chat"):
        value = wish.get(name)
        if value is not None and (not isinstance(value, int) or value < 1):
            raise bad_request(f"{name} must be null or a whole number above 0")
    box.rates.per_second, box.rates.per_chat = wish.get("per_second"), wish.get("per_chat")
    return box.rates.limits()


def _stats(box: Sandbox, request: Request, wish: Json) -> Json:
    updates = {"pending": len(box.world.pending), "next_id": box.world.next_update_id}
    return {**box.rates.report(), "updates": updates, "faults": dict(box.faults.counts)}


def _clear_stats(box: Sandbox, request: Request, wish: Json) -> Json:
    box.rates.clear()
    return {"ok": True}


def _reset(box: Sandbox, request: Request, wish: Json) -> Json:
    box.reset()
    return {"ok": True}


async def _events(request: Request) -> Response:
    box: Sandbox = request.app.state.sandbox
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        box.events.stream({"bot": box.world.bot}), media_type="text/event-stream", headers=headers
    )


async def _file(request: Request) -> Response:
    box: Sandbox = request.app.state.sandbox
    meta = box.world.files.get(request.path_params["file_id"])
    try:
        data, media_type = box.files.read(meta["path"] if meta else "")
    except (KeyError, OSError):
        return json_response(ApiError(404, "Not Found").body(), 404)
    # Nothing that a bot or a pupil uploads may run as a page of this origin.
    headers = {
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=86400",
    }
    return Response(data, media_type=media_type, headers=headers)


_PAGE_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
}


class _Static(StaticFiles):
    """Files of the web chat; browsers ask each time whether they changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


async def _page(request: Request) -> Response:
    return FileResponse(_STATIC / "index.html", headers=_PAGE_HEADERS)


ROUTES = [
    Route("/bot{token}/{method}", bot_endpoint, methods=["GET", "POST"]),
    Route("/file/bot{token}/{path:path}", file_endpoint),
    Route("/sandbox/users", _door(_users)),
    Route("/sandbox/users", _door(_new_user), methods=["POST"]),
    Route(
        "/sandbox/users/{user_id:int}/messages",
        _door(lambda box, request, wish: pupils.say(box, _user_id(request), wish)),
        methods=["POST"],
    ),
    Route(
        "/sandbox/users/{user_id:int}/taps",
        _door(lambda box, request, wish: pupils.tap(box, _user_id(request), wish)),
        methods=["POST"],
    ),
    Route(
        "/sandbox/users/{user_id:int}/block",
        _door(lambda box, request, wish: pupils.block(box, _user_id(request), blocked=True)),
        methods=["POST"],
    ),
    Route(
        "/sandbox/users/{user_id:int}/unblock",
        _door(lambda box, request, wish: pupils.block(box, _user_id(request), blocked=False)),
        methods=["POST"],
    ),
    Route("/sandbox/users/{user_id:int}/invoice", _door(_invoice)),
    Route("/sandbox/users/{user_id:int}/stars", _door(_stars)),
    Route(
        "/sandbox/users/{user_id:int}/pay",
        _door(lambda box, request, wish: paying.pay(box, _user_id(request), wish)),
        methods=["POST"],
    ),
    Route(
        "/sandbox/users/{user_id:int}/stars",
        _door(lambda box, request, wish: paying.change(box, _user_id(request), wish)),
        methods=["POST"],
    ),
    Route("/sandbox/users/{user_id:int}/membership", _door(_membership), methods=["POST"]),
    Route("/sandbox/users/{user_id:int}/chat", _door(_chat)),
    Route("/sandbox/users/{user_id:int}/screen", _door(_screen)),
    Route("/sandbox/users/{user_id:int}/answers", _door(_answers)),
    Route("/sandbox/chats/-{group_id:int}/chat", _door(_chat)),
    Route("/sandbox/privacy", _door(_privacy), methods=["GET", "POST"]),
    Route("/sandbox/faults", _door(lambda box, request, wish: box.faults.report())),
    Route("/sandbox/faults", _door(_set_faults), methods=["POST"]),
    Route("/sandbox/limits", _door(lambda box, request, wish: box.rates.limits())),
    Route("/sandbox/limits", _door(_set_limits), methods=["POST"]),
    Route("/sandbox/stats", _door(_stats)),
    Route("/sandbox/stats", _door(_clear_stats), methods=["DELETE"]),
    Route("/sandbox/reset", _door(_reset), methods=["POST"]),
    Route("/sandbox/files/{file_id}", _file),
    Route("/sandbox/events", _events),
    Route("/", _page),
    Mount("/static", _Static(directory=_STATIC)),
    # For Bangla and emoji, of which a computer may have none.
    Mount("/fonts", StaticFiles(directory=_STATIC.parent / "fonts")),
]
