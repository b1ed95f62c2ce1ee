"""Starts the bot on a database and a Bot API, and runs it until it is told to stop."""

import asyncio
import contextlib
import math
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog
from telegram.error import InvalidToken, NetworkError

from bot.app import build_application, build_bot
from bot.background import embedded_jobs
from bot.context import DarsBot
from bot.gateway.polling import NOT_KNOWN, Poller
from bot.gateway.profile import present
from bot.keeping import Keeper
from bot.lanes import Lanes
from src import database
from src.errors import SettingsError, TelegramUnavailable
from src.metrics import BUDGET_DAY, watch_pool
from src.operations import query_monitor
from src.premium import service as premium
from src.settings import Settings, TelegramSettings
from src.storage import schema

log = structlog.get_logger()


async def run_polling(settings: Settings, stopping: asyncio.Event) -> None:
    """Run the bot by polling until told to stop.

    Args:
        settings: Must hold a token.
        stopping: Set to stop; what is in hand is finished first.

    Raises:
        SettingsError: The token is missing or unknown to Telegram.
        DatabaseError: The database does not answer or has another schema.
    """
    require_token(settings.telegram)
    await prepare_database()
    async with opened(settings, stopping) as (bot, lanes, keeper):
        await present(bot)
        async with keeper.running(), embedded_jobs(bot, settings, stopping):
            await Poller(bot, lanes, keeper).run(stopping)


def require_token(settings: TelegramSettings) -> None:
    """Make sure that there is a token.

    Raises:
        SettingsError: There is none.
    """
    if settings.token is None:
        raise SettingsError("TELEGRAM_BOT_TOKEN: missing; ask @BotFather for one (or `dars demo`)")


async def prepare_database() -> None:
    """Wait for the database and make sure that its schema fits.

    Raises:
        DatabaseError: It does not answer or has another schema.
    """
    await database.wait_for_database()
    await schema.prepare_schema(database.get_engine())


@asynccontextmanager
async def opened(
    settings: Settings, stopping: asyncio.Event, *, patience: float = math.inf
) -> AsyncGenerator[tuple[DarsBot, Lanes, Keeper]]:
    """Yield the bot, its lanes and their keeper, ready for updates.

    Args:
        settings: Must hold a token.
        stopping: Ends the wait for a Telegram that does not answer.
        patience: Seconds after which the wait ends too.

    Raises:
        SettingsError: Telegram does not know the token.
        TelegramUnavailable: Telegram did not answer before the wait was ended.
    """
    watch_pool(database.get_engine())
    BUDGET_DAY.set(float(settings.costs.day_usd))
    premium.configure(settings.premium)
    bot = build_bot(settings.telegram)
    app, lanes, keeper = build_application(bot, settings)
    try:
        await initialize(bot, stopping, patience)
        async with app, query_monitor.noting(database.session_scope):
            log.info("bot started", username=bot.username)
            yield bot, lanes, keeper
    finally:
        premium.configure()
    log.info("bot stopped")


async def initialize(bot: DarsBot, stopping: asyncio.Event, patience: float = math.inf) -> None:
    """Ask Telegram who we are, again and again while it does not answer.

    Raises:
        SettingsError: Telegram does not know the token.
        TelegramUnavailable: It did not answer before it was to stop or its patience ended.
    """
    pause, waited = 0.5, 0.0
    while waited < patience and not stopping.is_set():
        try:
            return await bot.initialize()
        except InvalidToken:
            await bot.shutdown()
            raise SettingsError(NOT_KNOWN) from None
        except NetworkError as fault:
            log.warning("Telegram does not answer", error=type(fault).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), pause)
            waited, pause = waited + pause, min(pause * 2, 10)
    await bot.shutdown()
    raise TelegramUnavailable("Telegram did not answer")


def stop_on_signals(stopping: asyncio.Event) -> None:
    """Let SIGINT and SIGTERM stop this process in good order."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
