"""Starts the bot on a database and a Bot API, and runs it until it is told to stop."""

import asyncio
import signal

import structlog
from telegram.error import InvalidToken, NetworkError

from bot.app import COMMANDS, build_application, build_bot
from bot.background import embedded_jobs
from bot.context import DarsBot
from bot.polling import Poller
from bot.words import LANGUAGES, words
from src import database, schema
from src.errors import SettingsError
from src.settings import Settings

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
    if settings.telegram_bot_token is None:
        raise SettingsError("TELEGRAM_BOT_TOKEN: missing; ask @BotFather for one (or `dars demo`)")
    await database.wait_for_database()
    await schema.prepare_schema(database.get_engine())
    bot = build_bot(settings)
    app, intake = build_application(bot)
    await _initialize(bot, stopping)
    async with app:
        await present(bot)
        log.info("bot started", username=bot.username)
        async with embedded_jobs(bot, settings, stopping):
            await Poller(bot, intake).run(stopping)
    log.info("bot stopped")


async def present(bot: DarsBot) -> None:
    """Tell Telegram the command menu, in both languages."""
    names = [name for name in COMMANDS if name != "start"]
    for language in LANGUAGES:
        t = words(language)
        menu = [(name, t(f"command-{name}")) for name in names]
        await bot.set_my_commands(menu, language_code=language)
        if language == "en":
            await bot.set_my_commands(menu)


async def _initialize(bot: DarsBot, stopping: asyncio.Event) -> None:
    """Ask Telegram who we are, again and again while it does not answer."""
    pause = 0.5
    while not stopping.is_set():
        try:
            return await bot.initialize()
        except InvalidToken:
            raise SettingsError("TELEGRAM_BOT_TOKEN: Telegram does not know this token") from None
        except NetworkError as fault:
            log.warning("Telegram does not answer", error=type(fault).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10)
    return None


def stop_on_signals(stopping: asyncio.Event) -> None:
    """Let SIGINT and SIGTERM stop this process in good order."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
