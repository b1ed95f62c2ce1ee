"""Logging in through the school: OAuth2 with a code, PKCE, refreshing and revoking."""

import base64
import hashlib
import secrets
from urllib.parse import urlencode

from sandbox.canvas.errors import CanvasError, Json, dead_token
from sandbox.canvas.params import Params, as_id
from sandbox.canvas.state import Row, School
from sandbox.canvas.times import later
from sandbox.canvas.tokens import in_an_hour, new_token, of_text, secret

_CODE_MINUTES = 10
_KEPT = ("client_id", "redirect_uri", "state", "scope", "code_challenge", "code_challenge_method")


def refused(error: str, description: str, status: int = 400) -> CanvasError:
    """A refusal as OAuth words it."""
    return CanvasError(status, {"error": error, "error_description": description})


def asked(school: School, params: Params) -> Json:
    """Checks a request for a code; returns what has to come back from the page.

    Raises:
        CanvasError: The key, the address or the kind is none that the school knows.
    """
    key = _key(school, params.text("client_id"))
    if params.text("response_type") != "code":
        raise refused("unsupported_response_type", "Only response_type=code is permitted")
    if params.text("redirect_uri") not in key["redirect_uris"]:
        raise refused("invalid_request", "redirect_uri does not match client settings")
    scopes = set(params.text("scope").split())
    if scopes and not scopes <= set(key["scopes"]):
        raise refused("invalid_scope", "A requested scope is invalid, unknown or malformed.")
    if params.text("code_challenge") and params.text("code_challenge_method") != "S256":
        raise refused("invalid_request", "code_challenge_method must be S256")
    return {name: params.text(name) for name in _KEPT}


def _key(school: School, client_id: str) -> Row:
    found = next((one for one in school.keys if one["client_id"] == client_id), None)
    if found is None:
        raise refused("invalid_client", "unknown client", 401)
    return found


def decide(school: School, params: Params) -> str:
    """The address to which a person is sent back after they said yes or no.

    Raises:
        CanvasError: What came back is not what the page was given.
    """
    wish = asked(school, Params({**params.values, "response_type": "code"}))
    user = school.users.get(as_id(params.text("user_id")) or 0)
    back = {"state": wish["state"]} if wish["state"] else {}
    if params.text("decision") != "yes" or user is None:
        denied = {"error": "access_denied", "error_description": "resource owner denied"}
        return _with(wish["redirect_uri"], {**denied, **back})
    code = secrets.token_hex(32)
    row = {"id": school.new_id(), "code": code, "user_id": user["id"], "used": False, **wish}
    school.codes.add({**row, "expires_at": later(school.now, minutes=_CODE_MINUTES)})
    return _with(wish["redirect_uri"], {"code": code, **back})


def _with(address: str, pairs: Json) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(pairs)}"


def token(school: School, params: Params) -> Json:
    """`POST /login/oauth2/token`: a code or a refresh token becomes an access token.

    Raises:
        CanvasError: It does not.
    """
    key = _key(school, params.text("client_id"))
    given = params.text("client_secret")
    if given != key["secret"] and not (given == "" and params.text("code_verifier")):
        raise refused("invalid_client", "invalid client", 401)
    grants = {"authorization_code": _by_code, "refresh_token": _by_refresh}
    grant = grants.get(params.text("grant_type"))
    if grant is None:
        raise refused("unsupported_grant_type", "The grant_type you requested is not supported")
    return grant(school, key, params)


def _by_code(school: School, key: Row, params: Params) -> Json:
    found = school.codes.of("code", params.text("code"))
    code = found[0] if found else None
    if code is None or code["used"] or code["expires_at"] <= school.now:
        raise refused("invalid_grant", "authorization_code not found")
    same = params.text("redirect_uri", code["redirect_uri"]) == code["redirect_uri"]
    if code["client_id"] != key["client_id"] or not same:
        raise refused("invalid_grant", "incorrect client")
    if code["code_challenge"] != _challenge(params.text("code_verifier")):
        raise refused("invalid_grant", "invalid code verifier")
    code["used"] = True
    user = school.users.get(code["user_id"]) or {}
    scopes = code["scope"].split() or key["scopes"]
    more = {"client_id": key["client_id"], "refresh_token": secret(), "scopes": scopes}
    row = new_token(school, user, key["name"], expires_at=in_an_hour(school), **more)
    return {**_answer(row, user), "refresh_token": row["refresh_token"]}


def _challenge(verifier: str) -> str:
    if not verifier:
        return ""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _by_refresh(school: School, key: Row, params: Params) -> Json:
    text = params.text("refresh_token")
    rows = [one for one in school.tokens if one["refresh_token"] == text and text]
    old = next((one for one in rows if one["client_id"] == key["client_id"]), None)
    if old is None or old["workflow_state"] != "active":
        raise refused("invalid_grant", "refresh_token not found")
    user = school.users.get(old["user_id"]) or {}
    more = {"client_id": key["client_id"], "refresh_token": text, "scopes": old["scopes"]}
    row = new_token(school, user, key["name"], expires_at=in_an_hour(school), **more)
    school.tokens.remove(old["id"])
    return _answer(row, user)


def _answer(row: Row, user: Row) -> Json:
    names = {"id": user["id"], "name": user["name"], "global_id": str(user["id"])}
    return {
        "access_token": row["token"],
        "token_type": "Bearer",
        "expires_in": 3600,
        "user": {**names, "effective_locale": user["locale"] or "en"},
        "canvas_region": "unknown",
    }


def log_out(school: School, text: str) -> Json:
    """`DELETE /login/oauth2/token`: the token that is shown dies.

    Raises:
        CanvasError: It was dead before.
    """
    row = of_text(school, text)
    if row["client_id"] is None:
        raise dead_token("Invalid")
    school.tokens.remove(row["id"])
    return {}
