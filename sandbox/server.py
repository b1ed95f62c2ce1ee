"""The sandbox as an ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware

import sandbox.methods  # noqa: F401  # registers the Bot API's methods
from sandbox.config import SandboxConfig
from sandbox.core import Sandbox
from sandbox.guard import Guard
from sandbox.routes import ROUTES


def create_app(config: SandboxConfig | None = None) -> Starlette:
    """Builds a sandbox.

    Args:
        config: Its settings; the defaults keep everything in memory.

    Returns:
        The application; `app.state.sandbox` is the sandbox itself, whose `close()` ends waiting
        calls so that a server can stop at once.

    Raises:
        ValueError: The token is malformed.
        StateInUseError: Another sandbox uses the state file.
    """
    box = Sandbox(config or SandboxConfig())
    box.open()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        box.webhook.start()
        yield
        box.close()
        box.world.journal.close()

    guard = Middleware(Guard, names=(box.config.host, *box.config.allowed_hosts))
    app = Starlette(routes=ROUTES, lifespan=lifespan, middleware=[guard])
    app.state.sandbox = box
    return app
