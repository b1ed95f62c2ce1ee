"""A process that syncs a connection until it is killed."""

import asyncio
import sys

from pydantic import SecretStr

from sandbox.canvas.seed import token_of
from src import clock, database
from src.canvas.sync import Target, sync_all_canvas_courses
from src.clients.canvas import CanvasClient
from src.clients.canvas_errors import CanvasError
from src.clients.canvas_network import CanvasNetwork
from src.settings import CanvasSettings


async def main(database_url: str, school: str, connection_id: int) -> None:
    """Sync again and again; say so after each."""
    database.configure(database_url)
    settings = CanvasSettings(retries=1, pause_seconds=0.01)
    async with CanvasNetwork(settings, allow_loopback=True) as network:
        client = CanvasClient(network, school, SecretStr(token_of("farida")))
        target = Target(connection_id, database.session_scope)
        while True:
            try:
                await sync_all_canvas_courses(client, target, clock.now())
            except CanvasError as error:
                print(type(error).__name__, flush=True)
            else:
                print("synced", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
