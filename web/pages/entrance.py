"""What is here for somebody who has not come in."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from web.rendering import page, preferred

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz() -> Response:
    """Say that the process answers."""
    return JSONResponse({"status": "ok"})


@router.get("/")
async def entrance(request: Request) -> Response:
    """Say how a teacher comes in."""
    return page("entrance", preferred(request.headers.get("accept-language")))
