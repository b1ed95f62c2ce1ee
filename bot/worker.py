"""Runs background jobs in a process of their own."""

import asyncio

from bot.background import close_context, make_context
from bot.run import opened, prepare_database, require_token
from src import database, jobs
from src.errors import SettingsError
from src.settings import Settings


async def run_worker(settings: Settings, stopping: asyncio.Event) -> None:
    """Run background jobs until told to stop.

    Args:
        settings: Must hold a token.
        stopping: Set to stop; what is in hand is finished first.

    Raises:
        SettingsError: The token is missing or unknown to Telegram, or the database is a file.
        DatabaseError: The database does not answer or has another schema.
        TelegramUnavailable: Telegram did not answer before the worker was stopped.
    """
    require_token(settings.telegram)
    if database.get_engine().dialect.name == "sqlite":
        raise SettingsError("DATABASE_URL: on SQLite the jobs run inside the bot, without a worker")
    await prepare_database()
    async with opened(settings, stopping) as (bot, *_):
        context = make_context(bot, settings, stopping)
        try:
            await jobs.run(database.get_engine(), context)
        finally:
            await close_context(context)
