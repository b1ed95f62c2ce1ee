"""The door for teachers and for programs: pages and ``/api/v1``, one application."""

from importlib.metadata import version

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from src.settings import Settings
from web import api
from web.api.calling import Pace
from web.api.refusing import add_api_handlers
from web.errors import add_handlers
from web.guard import Guard
from web.pages import calendars, classes, entrance, pupils, schools, signing
from web.rendering import STATIC


def create_app(settings: Settings) -> FastAPI:
    """Return the application; who serves it has opened the database.

    A router of pages stays out of the schema: ``include_in_schema=False``.
    """
    app = FastAPI(
        title="Dars",
        version=version("dars"),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.pace = Pace()
    add_handlers(app)
    add_api_handlers(app)
    app.add_middleware(Guard, secure=settings.web.is_secure)
    app.mount("/static", StaticFiles(directory=STATIC), "static")
    for part in (entrance, signing, classes, pupils, calendars, schools):
        app.include_router(part.router)
    app.include_router(api.router)
    return app
