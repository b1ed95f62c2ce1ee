"""``dars worker``."""

import asyncio

from bot.run import stop_on_signals
from bot.worker import run_worker as run
from src import database
from src.settings import Settings


async def run_worker(settings: Settings) -> None:
    """Run background jobs until SIGINT or SIGTERM."""
    stopping = asyncio.Event()
    stop_on_signals(stopping)
    try:
        await run(settings, stopping)
    finally:
        await database.dispose()
