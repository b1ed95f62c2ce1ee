"""``dars bot``."""

import asyncio

from bot.run import run_polling, stop_on_signals
from src import database
from src.settings import Settings


async def run_bot(settings: Settings) -> None:
    """Run the bot until SIGINT or SIGTERM."""
    stopping = asyncio.Event()
    stop_on_signals(stopping)
    try:
        await run_polling(settings, stopping)
    finally:
        await database.dispose()
