"""What background jobs need of the bot, and the jobs beside a bot that is the only process."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from bot.context import DarsBot
from bot.sender import Sender
from bot.views import nudges as views
from bot.words import words
from src import database, jobs
from src.jobs import JobContext
from src.nudges.delivery import Delivery
from src.nudges.lane import Lane
from src.nudges.service import Nudge
from src.settings import Settings


class Messenger:
    """Puts what jobs have to say into words and sends it."""

    def __init__(self, bot: DarsBot) -> None:
        self._sender = Sender(bot)

    async def send_nudge(self, nudge: Nudge) -> None:
        """Send a nudge once; raises as ``Sender.send_once``."""
        await self._sender.send_once(nudge.chat_id, views.nudge(words(nudge.language), nudge))


def make_context(bot: DarsBot, settings: Settings, stopping: asyncio.Event) -> JobContext:
    """Make what jobs work with."""
    lane = Lane(settings.nudges_per_second, settings.job_heartbeat_seconds / 2)
    scope = database.session_scope
    return JobContext(
        session_scope=scope,
        settings=settings,
        stopping=stopping,
        nudges=Delivery(scope, Messenger(bot), lane, stopping),
    )


@contextlib.asynccontextmanager
async def embedded_jobs(
    bot: DarsBot, settings: Settings, stopping: asyncio.Event
) -> AsyncGenerator[None]:
    """Run background jobs beside the bot where no other process can: on SQLite."""
    if database.get_engine().dialect.name != "sqlite":
        yield
        return
    context = make_context(bot, settings, stopping)
    running = asyncio.create_task(jobs.run(database.get_engine(), context))
    try:
        yield
    finally:
        if not stopping.is_set():
            running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
