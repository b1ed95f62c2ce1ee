"""In by a link of the bot, out again, and the language of the pages."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from src.language import Language
from src.teaching import entering
from web.needs import Db, Now, Ours
from web.rendering import page, preferred
from web.who import Sender, drop_cookie, set_cookie

router = APIRouter(include_in_schema=False)


@router.get("/in/{secret}")
async def look_at_link(request: Request, db: Db, now: Now, secret: str) -> Response:
    """Show the button that uses a link up. Robots that preview links come only as far as this."""
    await entering.look_at_link(db, secret, now)
    return page("enter", preferred(request.headers.get("accept-language")))


@router.post("/in/{secret}")
async def come_in(db: Db, now: Now, settings: Ours, secret: str) -> Response:
    """Use a link up, and begin a session in this browser."""
    cookie = await entering.come_in(db, secret, now)
    answer = RedirectResponse("/classes", 303)
    set_cookie(answer, settings, cookie)
    return answer


@router.post("/out")
async def go_out(
    db: Db, now: Now, settings: Ours, who: Sender, everywhere: Annotated[bool, Form()] = False
) -> Response:
    """End this session, or those of every browser."""
    await entering.sign_out(db, who, now, everywhere=everywhere)
    answer = RedirectResponse("/", 303)
    drop_cookie(answer, settings)
    return answer


@router.post("/language")
async def choose_language(
    request: Request, db: Db, who: Sender, language: Annotated[Language, Form()]
) -> Response:
    """Set the language of the pages in this browser, and go back."""
    await entering.choose_language(db, who, language)
    back = urlsplit(request.headers.get("referer", ""))
    there = f"{back.path}?{back.query}" if back.query else back.path
    # Only a path: where it leads back to is this host.
    return RedirectResponse("/" + there.lstrip("/") if there else "/classes", 303)
