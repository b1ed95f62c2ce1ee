"""Who looks at a page: a teacher's session in a cookie, and forms that only its pages can send."""

import hmac
from typing import Annotated

from fastapi import Cookie, Depends, Form, Path
from starlette.responses import Response

from src.errors import FormForged, NotFresh
from src.settings import Settings
from src.teaching import entering, rules
from src.teaching.results import Visitor
from web.needs import Db, Now

# The prefix makes browsers refuse it without https or from another host of the domain.
COOKIE, SECURE_COOKIE = "dars", "__Host-dars"
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]


class Secret(str):
    """What the cookie holds."""

    __slots__ = ()


async def _secret(
    plain: Annotated[str, Cookie(alias=COOKIE)] = "",
    secure: Annotated[str, Cookie(alias=SECURE_COOKIE)] = "",
) -> Secret:
    return Secret(secure or plain)


async def _visitor(db: Db, now: Now, secret: Annotated[Secret, Depends(_secret)]) -> Visitor:
    return await entering.visitor(db, secret, now)


async def _form_token(secret: Annotated[Secret, Depends(_secret)]) -> str:
    return rules.form_token(secret)


Who = Annotated[Visitor, Depends(_visitor)]
Token = Annotated[str, Depends(_form_token)]


async def _sender(who: Who, expected: Token, token: Annotated[str, Form()] = "") -> Visitor:
    if not hmac.compare_digest(expected.encode(), token.encode()):
        raise FormForged
    return who


async def _fresh(who: Who, now: Now) -> Visitor:
    if not entering.is_fresh(who, now):
        raise NotFresh
    return who


Sender = Annotated[Visitor, Depends(_sender)]
"""Who sent a form of ours."""
Fresh = Annotated[Visitor, Depends(_fresh)]
"""Who came in within the last quarter of an hour."""


def set_cookie(response: Response, settings: Settings, secret: str) -> None:
    """Give a browser its session."""
    response.set_cookie(
        _name(settings),
        secret,
        max_age=int(rules.SESSION_TIME.total_seconds()),
        secure=settings.web.is_secure,
        httponly=True,
        # Strict would not be sent where a link of the chat leads back to a page.
        samesite="lax",
    )


def drop_cookie(response: Response, settings: Settings) -> None:
    """Take a session away from a browser."""
    secure = settings.web.is_secure
    response.delete_cookie(_name(settings), secure=secure, httponly=True, samesite="lax")


def _name(settings: Settings) -> str:
    return SECURE_COOKIE if settings.web.is_secure else COOKIE
