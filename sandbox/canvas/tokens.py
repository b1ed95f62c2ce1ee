"""Access tokens: made, shown to their owner, dead by time or by revocation."""

import secrets

from sandbox.canvas.errors import dead_token, no_token
from sandbox.canvas.state import Row, School
from sandbox.canvas.times import later

_LETTERS = 64
_HOUR = 3600


def new_token(school: School, user: Row, purpose: str, **more: object) -> Row:
    """Makes a token.

    Args:
        school: The tables.
        user: Whose it is.
        purpose: What it is for.
        **more: Other members: `expires_at`, `client_id`, `refresh_token`, `scopes`, `token`.
    """
    row: Row = {"id": school.new_id(), "user_id": user["id"], "purpose": purpose}
    row |= {"token": secret(), "created_at": school.now, "workflow_state": "active"}
    row |= {"expires_at": None, "client_id": None, "refresh_token": None, "scopes": []}
    return school.tokens.add(row | more)


def secret() -> str:
    """A text in the shape of Canvas' tokens."""
    return f"7~{secrets.token_hex(_LETTERS // 2)}"


def in_an_hour(school: School) -> str:
    """When an OAuth token made now is over."""
    return later(school.now, seconds=_HOUR)


def of_text(school: School, text: str) -> Row:
    """The row of a token that is good.

    Raises:
        CanvasError: There is none, it is dead, or no text was given.
    """
    if not text:
        raise no_token()
    found = school.tokens.of("token", text)
    if not found:
        raise dead_token("Invalid")
    if found[0]["workflow_state"] != "active":
        raise dead_token("Revoked")
    if (found[0]["expires_at"] or "9") <= school.now:
        raise dead_token("Expired")
    return found[0]


def revoke(school: School, what: object) -> int:
    """Revokes the tokens that have this text, id or user; returns how many there were."""
    hit = [one for one in school.tokens if what in {one["token"], one["id"], str(one["id"])}]
    for one in hit:
        one["workflow_state"] = "deleted"
        one["refresh_token"] = None
    return len(hit)


def expire(school: School, number: int) -> None:
    """Ends a token now; an OAuth one can still be refreshed."""
    if one := school.tokens.get(number):
        one["expires_at"] = school.now
