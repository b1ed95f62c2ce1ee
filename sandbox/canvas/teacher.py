"""`/school`: the page of the teacher, and the same switches over HTTP as JSON."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.canvas import guard, seed, tokens
from sandbox.canvas.assignments import HAS_WORK, add, change
from sandbox.canvas.desk import Desk, as_json
from sandbox.canvas.errors import CanvasError, Json, bad_request, not_found
from sandbox.canvas.page import HEADERS, ZONE, school_page
from sandbox.canvas.params import Params, as_flag, as_id, as_number, read_params
from sandbox.canvas.state import Row, Table
from sandbox.canvas.submissions import NO_GRADE, give, set_grade
from sandbox.canvas.times import parse
from sandbox.canvas.words import Words, words
from sandbox.canvas.work import row_of

_STYLE = Path(__file__).parent / "style.css"
_PERCENT = ("drop_rate", "error_rate", "throttle_rate")
_MOST = 2000
# What the API says in words of its own, as the page says it.
_SAID = {"blank": "no_name", HAS_WORK: "has_work", NO_GRADE: "bad_mark"}
Deed = Callable[[Desk, Params], None]
Answer = Callable[[Desk, Params], Any]


def _row(table: Table, params: Params, name: str) -> Row:
    row = table.get(as_id(params.text(name)) or 0)
    if row is None:
        raise not_found()
    return row


def _add(desk: Desk, params: Params) -> None:
    course = _row(desk.school.courses, params, "course")
    shown = "published" if params.flag("published") else "unpublished"
    wish: Row = {"name": params.text("name").strip()[:255], "workflow_state": shown}
    wish["due_at"] = parse(params.text("due_at"), ZONE, "due_at")
    wish["points_possible"] = _number(params, "points_possible")
    wish["submission_types"] = ["online_text_entry"]
    add(desk.school, course, wish)


def _number(params: Params, name: str) -> float:
    number = as_number(params.text(name) or 0)
    if number is None:
        raise bad_request(f"{name} must be a number")
    return number


def _move(desk: Desk, params: Params) -> None:
    due = parse(params.text("due_at"), ZONE, "due_at")
    change(desk.school, _row(desk.school.assignments, params, "task"), {"due_at": due})


def _turn(**wish: Any) -> Deed:
    def deed(desk: Desk, params: Params) -> None:
        change(desk.school, _row(desk.school.assignments, params, "task"), wish)

    return deed


def _mark(desk: Desk, params: Params) -> None:
    one = _row(desk.school.assignments, params, "task")
    row = row_of(desk.school, one, as_id(params.text("pupil")) or 0)
    if row is None:
        raise not_found()
    if params.text("hand_in"):
        give(desk.school, row, one["submission_types"][0], body="<p>Handed in at the school.</p>")
    else:
        teacher = next(one for one in desk.school.users if one["login_id"] == "farida")
        set_grade(desk.school, one, row, params.text("grade").strip(), teacher["id"])


def _set_faults(desk: Desk, params: Params) -> None:
    wish: Json = {name: _number(params, name) / 100 for name in _PERCENT}
    wish["latency_ms"] = _number(params, "latency_ms")
    wish["empty_pages"] = params.flag("empty_pages")
    wish["throttle_status"] = as_id(params.text("throttle_status")) or 0
    desk.faults.set(wish)


def _revoke(desk: Desk, params: Params) -> None:
    tokens.revoke(desk.school, as_id(params.text("token")))


def _expire(desk: Desk, params: Params) -> None:
    tokens.expire(desk.school, as_id(params.text("token")) or 0)


def _new_token(desk: Desk, params: Params) -> None:
    user = _row(desk.school.users, params, "user")
    tokens.new_token(desk.school, user, "from the page")


def _calm(desk: Desk, params: Params) -> None:
    desk.faults.set({})
    desk.rates.clear()


def _reset(desk: Desk, params: Params) -> None:
    _calm(desk, params)
    desk.calls = 0
    desk.school.clear()
    seed.plant(desk.school, as_id(params.text("seed")) or desk.config.seed)


def _unknown(desk: Desk, params: Params) -> None:
    raise not_found()


_DEEDS: dict[str, Deed] = {
    "add": _add,
    "move": _move,
    "undate": _turn(due_at=None),
    "publish": _turn(workflow_state="published"),
    "unpublish": _turn(workflow_state="unpublished"),
    "delete": _turn(workflow_state="deleted"),
    "restore": _turn(workflow_state="unpublished"),
    "mark": _mark,
    "faults": _set_faults,
    "calm": _calm,
    "revoke": _revoke,
    "expire": _expire,
    "new_token": _new_token,
    "reset": _reset,
}


async def _page(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    if refusal := guard.refusal(request, desk.config.host):
        return refusal
    text, query = words(request), request.query_params
    courses = list(desk.school.courses)
    wanted = as_id(query.get("course", ""))
    course = next((one for one in courses if one["id"] == wanted), courses[0])
    said = text["done"] if query.get("said") == "done" else ""
    html = school_page(desk.school, text, course, desk.faults.switches, said)
    return HTMLResponse(html, headers=HEADERS)


async def _do(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    if refusal := guard.refusal(request, desk.config.host):
        return refusal
    params = Params({})
    try:
        params = await read_params(request)
        _DEEDS.get(params.text("action"), _unknown)(desk, params)
    except CanvasError as error:
        return _refused(desk, params, error)
    desk.school.save()
    back = {"course": params.text("course"), "lang": params.text("lang"), "said": "done"}
    place = f"#task-{task}" if (task := as_id(params.text("task"))) else ""
    return RedirectResponse(f"/school?{urlencode(back)}{place}", 303)


def _refused(desk: Desk, params: Params, error: CanvasError) -> Response:
    text, courses = Words(params.text("lang")), list(desk.school.courses)
    wanted = as_id(params.text("course"))
    course = next((one for one in courses if one["id"] == wanted), courses[0])
    found = [text[_SAID[one]] if one in _SAID else one for one in _messages(error.body["errors"])]
    said = f"{text['refused']} {' '.join(found)}"
    html = school_page(desk.school, text, course, desk.faults.switches, said)
    return HTMLResponse(html, error.status, HEADERS)


def _messages(errors: Any) -> list[str]:
    if isinstance(errors, dict):
        return [message for inner in errors.values() for message in _messages(inner)]
    return [str(one["message"]) for one in errors]


def _json(answer: Answer) -> Any:
    async def endpoint(request: Request) -> Response:
        desk: Desk = request.app.state.desk
        if refusal := guard.refusal(request, desk.config.host):
            return refusal
        try:
            body = answer(desk, await read_params(request))
        except CanvasError as error:
            return as_json(request, error.body, error.status)
        if request.method != "GET":
            desk.school.save()
        return as_json(request, body)

    return endpoint


def _post_faults(desk: Desk, params: Params) -> Json:
    wish = dict(params.values)
    dead = sum(tokens.revoke(desk.school, one) for one in params.many("revoke"))
    ended = [number for one in params.many("expire") if (number := _token_id(desk, one))]
    for number in ended:
        tokens.expire(desk.school, number)
    fill = params.many("fill")
    for one in fill:
        desk.rates.fill(one)
    for name in ("revoke", "expire", "fill"):
        wish.pop(name, None)
    desk.faults.set(wish)
    return {**desk.faults.report(), "revoked": dead, "expired": len(ended)}


def _token_id(desk: Desk, text: str) -> int | None:
    found = desk.school.tokens.of("token", text)
    return int(found[0]["id"]) if found else None


def _stats(desk: Desk, params: Params) -> Json:
    counts = {"calls": desk.calls, "throttled": desk.rates.counts["throttled"]}
    return {**counts, "most_at_once": desk.rates.most_running}


def _clear_stats(desk: Desk, params: Params) -> Json:
    desk.calls = 0
    desk.rates.clear()
    return _stats(desk, params)


def _people(desk: Desk, params: Params) -> Json:
    rows = [
        {
            "id": user["id"],
            "name": user["name"],
            "login_id": user["login_id"],
            "feed": f"/feeds/calendars/user_{user['feed_secret']}.ics",
            "tokens": [one["token"] for one in desk.school.tokens if one["user_id"] == user["id"]],
        }
        for user in desk.school.users
    ]
    return {"users": rows}


def _make_token(desk: Desk, params: Params) -> Json:
    user = _row(desk.school.users, params, "user_id")
    expires = parse(params.text("expires_at"), user["time_zone"], "expires_at")
    scopes = params.many("scopes")
    return tokens.new_token(desk.school, user, "made over HTTP", expires_at=expires, scopes=scopes)


def _clock(desk: Desk, params: Params) -> Json:
    if "ahead" in params:
        desk.school.ahead = _number(params, "ahead")
    return {"now": desk.school.now, "ahead": desk.school.ahead}


def _reset_all(desk: Desk, params: Params) -> Json:
    _reset(desk, params)
    return {"courses": [one["id"] for one in desk.school.courses]}


def _grow(desk: Desk, params: Params) -> Json:
    sizes = {name: as_id(params.text(name, "1")) for name in ("pupils", "tasks", "courses")}
    known = {name: min(size, _MOST) for name, size in sizes.items() if size}
    if known.keys() != sizes.keys():
        raise bad_request("pupils, tasks and courses are whole numbers above 0")
    with_marks = desk.config.seed if as_flag(params.text("marks", "true")) else 0
    return {"courses": seed.grow(desk.school, with_marks, **known)}


async def _style(request: Request) -> Response:
    return FileResponse(_STYLE, headers={"Cache-Control": "no-cache"})


SCHOOL_ROUTES: list[BaseRoute] = [
    Route("/", lambda request: RedirectResponse("/school")),
    Route("/school", _page),
    Route("/school/style.css", _style),
    Route("/school/do", _do, methods=["POST"]),
    Route("/school/faults", _json(lambda desk, params: desk.faults.report())),
    Route("/school/faults", _json(_post_faults), methods=["POST"]),
    Route("/school/stats", _json(_stats)),
    Route("/school/stats", _json(_clear_stats), methods=["DELETE"]),
    Route("/school/people", _json(_people)),
    Route("/school/tokens", _json(_make_token), methods=["POST"]),
    Route("/school/clock", _json(_clock), methods=["GET", "POST"]),
    Route("/school/reset", _json(_reset_all), methods=["POST"]),
    Route("/school/grow", _json(_grow), methods=["POST"]),
]
