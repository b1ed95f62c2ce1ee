"""The addresses of OAuth2: the page where a person says yes, and the exchange of tokens."""

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.canvas import guard, oauth
from sandbox.canvas.desk import Desk, as_json, bearer
from sandbox.canvas.errors import CanvasError, Json
from sandbox.canvas.page import HEADERS, document
from sandbox.canvas.params import Params, read_params
from sandbox.canvas.state import School
from sandbox.canvas.words import Words, words


def _page(school: School, wish: Json, text: Words) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in wish.items()
    )
    people = "".join(
        f'<option value="{user["id"]}">{escape(user["name"])}</option>' for user in school.users
    )
    body = (
        f"<main><h1>{text['log_in']}</h1><p>{text['asks']}</p>"
        f'<form method="post" action="/login/oauth2/accept" class="card">{hidden}'
        f'<label>{text["you_are"]}<select name="user_id">{people}</select></label>'
        f'<button name="decision" value="yes">{text["allow"]}</button> '
        f'<button name="decision" value="no" class="quiet">{text["refuse"]}</button></form></main>'
    )
    return document(text, text["log_in"], body)


async def _ask(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    if refusal := guard.refusal(request, desk.config.host):
        return refusal
    try:
        wish = oauth.asked(desk.school, await read_params(request))
    except CanvasError as error:
        return as_json(request, error.body, error.status)
    return HTMLResponse(_page(desk.school, wish, words(request)), headers=_headers(wish))


def _headers(wish: Json) -> dict[str, str]:
    # A browser follows the redirect of a form only to where the page may send forms.
    policy = HEADERS["Content-Security-Policy"]
    host = "/".join(wish["redirect_uri"].split("/")[:3])
    allowed = policy.replace("form-action 'self'", f"form-action 'self' {host}")
    return {**HEADERS, "Content-Security-Policy": allowed}


async def _accept(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    if refusal := guard.refusal(request, desk.config.host):
        return refusal
    try:
        address = oauth.decide(desk.school, await read_params(request))
    except CanvasError as error:
        return as_json(request, error.body, error.status)
    desk.school.save()
    return RedirectResponse(address, 302)


async def _token(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    try:
        params: Params = await read_params(request)
        body = oauth.token(desk.school, params)
    except CanvasError as error:
        return as_json(request, error.body, error.status, error.headers)
    desk.school.save()
    return as_json(request, body, 200, {"Cache-Control": "no-store"})


async def _log_out(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    try:
        body = oauth.log_out(desk.school, bearer(request))
    except CanvasError as error:
        return as_json(request, error.body, error.status, error.headers)
    desk.school.save()
    return as_json(request, body)


LOGIN_ROUTES: list[BaseRoute] = [
    Route("/login/oauth2/auth", _ask),
    Route("/login/oauth2/accept", _accept, methods=["POST"]),
    Route("/login/oauth2/token", _token, methods=["POST"]),
    Route("/login/oauth2/token", _log_out, methods=["DELETE"]),
]
