"""How a command runs until it is told to stop."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from bot.run import stop_on_signals
from src import database
from src.errors import TelegramUnavailable


def run_on_loop(main: Coroutine[Any, Any, None]) -> None:
    """Run a bot on uvloop, about a tenth faster, or on asyncio's loop where there is none."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(main)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop  # noqa: PLC0415 - not there on Windows
    except ImportError:
        return asyncio.new_event_loop
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


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
