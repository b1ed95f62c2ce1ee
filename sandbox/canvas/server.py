"""The school as an ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from sandbox.canvas.config import SchoolConfig
from sandbox.canvas.desk import Desk
from sandbox.canvas.lock import Lock
from sandbox.canvas.login import LOGIN_ROUTES
from sandbox.canvas.rates import Rates
from sandbox.canvas.routes import api_routes
from sandbox.canvas.seed import plant
from sandbox.canvas.state import School
from sandbox.canvas.teacher import SCHOOL_ROUTES

# The same as the chat's: a computer may have none for Bangla.
_FONTS = StaticFiles(directory=Path(__file__).parents[1] / "fonts")


def create_app(config: SchoolConfig | None = None) -> Starlette:
    """Builds a school.

    Args:
        config: Its settings; the defaults keep everything in memory.

    Returns:
        The application; `app.state.desk` holds the school itself.

    Raises:
        ValueError: The state file is none of a school.
        StateInUseError: Another school uses it.
    """
    config = config or SchoolConfig()
    lock = Lock(config.state)
    lock.take()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        lock.give_back()

    try:
        school = _open(config)
    except BaseException:  # whatever it was, the file is free again
        lock.give_back()
        raise
    routes = [*api_routes(), *LOGIN_ROUTES, *SCHOOL_ROUTES, Mount("/fonts", _FONTS)]
    app = Starlette(routes=routes, lifespan=lifespan)
    app.state.desk = Desk(config, school, Rates(config))
    return app


def _open(config: SchoolConfig) -> School:
    school = School(config.state)
    if not school.load():
        plant(school, config.seed)
        school.save()
    return school
