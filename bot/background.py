"""What background jobs need of the bot, and the jobs beside a bot that is the only process."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence

import structlog

from bot.context import DarsBot
from bot.replies import Say
from bot.sender import Sender
from bot.views import costs
from bot.views import nudges as views
from bot.words import words
from src import database, jobs
from src.costs.alerts import Alert
from src.errors import FloodLimit, MaybeSent, MessageRefused, NotSent, PupilBlockedBot
from src.jobs import JobContext
from src.nudges.delivery import Delivery
from src.nudges.lane import Lane
from src.nudges.service import Nudge
from src.settings import Settings

log = structlog.get_logger()


class Messenger:
    """Puts what jobs have to say into words and sends it."""

    def __init__(self, bot: DarsBot, operators: Sequence[int]) -> None:
        self._sender, self._operators = Sender(bot), operators

    async def send_nudge(self, nudge: Nudge) -> None:
        """Send a nudge once; raises as ``Sender.send_once``."""
        await self._sender.send_once(nudge.chat_id, views.nudge(words(nudge.language), nudge))

    async def warn(self, alert: Alert) -> None:
        """Tell the operators that a budget is nearly or wholly used up.

        Raises:
            NotSent: Telegram cannot be reached, and none of them was told.
        """
        log.warning("budget", name=alert.budget.value, percent=alert.percent)
        away = 0
        for operator in self._operators:
            try:
                await self._sender.send_once(operator, Say(costs.alert(alert)))
            except (FloodLimit, NotSent):
                away += 1
            except (MaybeSent, MessageRefused, PupilBlockedBot) as fault:
                log.info("an operator was not told", error=type(fault).__name__)
        if away and away == len(self._operators):
            raise NotSent


def make_context(bot: DarsBot, settings: Settings, stopping: asyncio.Event) -> JobContext:
    """Make what jobs work with."""
    lane = Lane(settings.nudges_per_second, settings.job_heartbeat_seconds / 2)
    scope, messenger = database.session_scope, Messenger(bot, settings.operators)
    return JobContext(
        session_scope=scope,
        settings=settings,
        stopping=stopping,
        nudges=Delivery(scope, messenger, lane, stopping),
        warn=messenger.warn,
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
