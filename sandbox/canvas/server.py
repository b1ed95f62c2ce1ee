"""The school as an ASGI application."""

from starlette.applications import Starlette

from sandbox.canvas.config import SchoolConfig
from sandbox.canvas.desk import Desk
from sandbox.canvas.login import LOGIN_ROUTES
from sandbox.canvas.rates import Rates
from sandbox.canvas.routes import api_routes
from sandbox.canvas.seed import plant
from sandbox.canvas.state import School
from sandbox.canvas.teacher import SCHOOL_ROUTES


def create_app(config: SchoolConfig | None = None) -> Starlette:
    """Builds a school.

    Args:
        config: Its settings; the defaults keep everything in memory.

    Returns:
        The application; `app.state.desk` holds the school itself.

    Raises:
        ValueError: The state file is none of a school.
    """
    config = config or SchoolConfig()
    school = School(config.state)
    if not school.load():
        plant(school, config.seed)
        school.save()
    app = Starlette(routes=[*api_routes(), *LOGIN_ROUTES, *SCHOOL_ROUTES])
    app.state.desk = Desk(config, school, Rates(config))
    return app
