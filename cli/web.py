"""``dars web``: the pages for teachers and the HTTP API."""

import asyncio

from cli.connected import connected
from cli.output import say
from cli.running import run_until_stopped
from src import database
from src.settings import Settings
from web.app import create_app
from web.operators import operators_port
from web.serving import address_of, listen, serving


def run_web(settings: Settings, host: str | None, port: int | None) -> None:
    """Serve pages and API until SIGINT or SIGTERM. Any number may run behind one proxy.

    Args:
        settings: The settings of the process.
        host: Address to listen on; None is that of the settings.
        port: Port; None is that of the settings.

    Raises:
        SettingsError: The port cannot be used.
        DatabaseError: The database does not answer or has another schema.
    """
    chosen = settings.web.port if port is None else port
    listener = listen(host or settings.web.host, chosen, "DARS_WEB_PORT")

    async def serve(stopping: asyncio.Event) -> None:
        async with (
            connected(),
            operators_port(settings.operators, database.get_engine()),
            serving(create_app(settings), listener),
        ):
            say(f"Pages for teachers: {settings.web.url or address_of(listener)}")
            await stopping.wait()

    try:
        asyncio.run(run_until_stopped(serve))
    finally:
        listener.close()
