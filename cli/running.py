"""How a command runs until it is told to stop."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.run import stop_on_signals
from src import database
from src.errors import TelegramUnavailable


async def run_until_stopped(run: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run something until SIGINT or SIGTERM, and close the database behind it.

    Args:
        run: Given the event that is set when it is to stop.
    """
    stopping = asyncio.Event()
    stop_on_signals(stopping)
    try:
        await run(stopping)
    except TelegramUnavailable:
        # It was waiting for Telegram when it was told to stop: that is no fault.
        if not stopping.is_set():
            raise
    finally:
        await database.dispose()
