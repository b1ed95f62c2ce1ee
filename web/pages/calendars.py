"""A pupil's deadlines, for a calendar program that has their private address."""

from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from src.deadlines import feeds
from web.needs import Db, Now

router = APIRouter(include_in_schema=False)
_Token = Annotated[str, Path(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


@router.get("/calendar/{token}.ics")
async def calendar(request: Request, token: _Token, db: Db, now: Now) -> Response:
    """Return the calendar; nothing says whether an address was ever right."""
    content = await feeds.read_feed(db, token, now)
    if content is None:
        return Response(status_code=404)
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, max-age=3600"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)
