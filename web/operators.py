"""The port that only operators reach: /healthz, /readyz, /metrics and /statistics."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from src import clock, metrics
from src.errors import InvalidReport
from src.operations import health, statistics
from src.operations.figures import figures as known
from src.operations.health import Readings
from src.operations.statistics import Topic
from src.settings import OperatorSettings
from web.serving import OPERATORS, address_of, listen, serving
from web.statistics_page import read_span, render

log = structlog.get_logger()

FRESH_SECONDS = 10.0
STATISTICS_SECONDS = 15.0
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


@asynccontextmanager
async def operators_port(
    settings: OperatorSettings, engine: AsyncEngine, shared: Path | None = None
) -> AsyncGenerator[None]:
    """Serve operators while the block runs, if a port is set.

    Args:
        settings: Say where to listen, and for how long a job may wait.
        engine: The database to ask.
        shared: The folder in which several processes keep their figures; None for one process.

    Raises:
        SettingsError: The port cannot be used.
    """
    if settings.port is None:
        yield
        return
    listener = listen(settings.host, settings.port, "DARS_METRICS_PORT")
    app = create_app(engine, settings, shared)
    async with serving(app, listener, OPERATORS):
        log.info("operators may look", url=address_of(listener))
        yield


def create_app(
    engine: AsyncEngine, settings: OperatorSettings, shared: Path | None = None
) -> Starlette:
    """Return the application; the arguments are those of `operators_port`."""
    readings = _Recent(engine, settings)

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_request: Request) -> Response:
        found = await health.check(engine, settings)
        return JSONResponse(health.describe(found), 200 if found.ok else 503)

    async def show_figures(_request: Request) -> Response:
        found = await readings.get()
        body = metrics.render(None if found is None else list(known(found)), shared)
        return Response(body, media_type=metrics.CONTENT_TYPE)

    async def show_statistics(request: Request) -> Response:
        try:
            span = read_span(request.query_params, clock.now().date())
        except InvalidReport as error:
            return PlainTextResponse(str(error), 400)
        try:
            async with asyncio.timeout(STATISTICS_SECONDS), health.reading(engine) as db:
                found = {topic: await statistics.read(db, topic, span) for topic in Topic}
        except (SQLAlchemyError, OSError, TimeoutError):
            return PlainTextResponse("the database does not answer in time", 503)
        return HTMLResponse(render(found, span), headers=PAGE_HEADERS)

    return Starlette(
        routes=[
            Route("/statistics", show_statistics),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", show_figures),
        ]
    )


class _Recent:
    """Readings of the database, read again when they are some seconds old."""

    def __init__(self, engine: AsyncEngine, settings: OperatorSettings) -> None:
        self._engine, self._settings = engine, settings
        self._readings: Readings | None = None
        self._read_at = float("-inf")
        self._lock = asyncio.Lock()

    async def get(self) -> Readings | None:
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if self._readings is None or now - self._read_at > FRESH_SECONDS:
                self._readings = await health.read(self._engine, self._settings)
                self._read_at = now
            return self._readings
