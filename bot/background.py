"""What background jobs need of the bot, and the jobs beside a bot that is the only process."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.context import DarsBot
from bot.gateway.sender import Sender
from bot.gateway.stars import Stars
from bot.replies import Reply, Say, Unsay, unpack
from bot.unsaid import note_blocked, park
from bot.views import canvas as canvas_views
from bot.views import costs, disputes, guardians, premium
from bot.views import hints as hint_views
from bot.views import nudges as views
from bot.views import tasks as task_views
from bot.views.announcements import announcement
from bot.views.daily import daily
from bot.words import words
from src import clock, database, jobs
from src.canvas.refresh import CanvasReader
from src.clients.canvas_network import CanvasNetwork
from src.clients.claude import make_client
from src.costs.alerts import Alert
from src.costs.meter import make_meter
from src.deadlines.joining import Joiner, SchoolNews
from src.deadlines.results import CalendarFile, Digest, DueNotice, SchoolNotice
from src.deadlines.writer import DeadlineWriter, Notice
from src.errors import FloodLimit, MaybeSent, MessageRefused, NotSent, PupilBlockedBot, SendingError
from src.hints.maker import HintMaker, ReadyHint
from src.jobs import JobContext
from src.language import Language
from src.models import OutboxKind, OutboxOutcome
from src.nudges.service import Nudge
from src.nudges.writer import NudgeWriter
from src.operations.announcements import AnnouncedText, AnnouncementWriter
from src.operations.daily import DailyFigures
from src.outbox.delivery import Delivery, Draft, Writers
from src.outbox.lane import Lane
from src.outbox.service import Waiting
from src.practice.results import DisputeNews, NewDisputes
from src.practice.writer import SettledWriter
from src.premium.ends import PremiumWriter
from src.premium.results import PremiumNews
from src.privacy.export import Tables, make_zip
from src.settings import CostSettings, ModelSettings, Settings
from src.storage.keyring import Keyring
from src.teaching.guardian_writer import GuardianWriter
from src.teaching.guardians import GuardianNews

log = structlog.get_logger()


class ReplyWriter:
    """Says what Telegram did not take when it was to be said."""

    def __init__(self, messenger: "Messenger") -> None:
        self._messenger = messenger

    async def prepare(
        self, db: AsyncSession, message: Waiting, now: datetime
    ) -> Draft | OutboxOutcome:
        """Return a parked reply as it was; one of another version must hold nobody up."""
        try:
            [reply] = unpack([message.payload])
        except (KeyError, TypeError, ValueError, AttributeError):
            log.warning("a parked reply cannot be read", message=message.id)
            return OutboxOutcome.FAILED
        return Draft(partial(self._messenger.send_parked, message.chat_id, reply))


class Messenger:
    """Puts what jobs have to say into words and sends it."""

    def __init__(self, bot: DarsBot, operators: Sequence[int]) -> None:
        self._sender, self._operators = Sender(bot), operators

    async def show_thinking(self, chat_id: int) -> None:
        """Show that a hint is being made."""
        await self._sender.show_thinking(chat_id)

    async def send_hint(self, hint: ReadyHint) -> None:
        """Send a hint until it is delivered or refused for good.

        Raises:
            PupilBlockedBot: The pupil has blocked the bot.
        """
        t = words(hint.language)
        left = await self._sender.send(hint.chat_id, hint_views.ready(t, hint))
        if left is not None:
            await park(hint.chat_id, f"hint:{clock.now():%Y%m%d%H%M%S%f}", left)

    async def send_nudge(self, nudge: Nudge) -> None:
        """Send a nudge once; raises as ``Sender.send_once``."""
        await self.send_parked(nudge.chat_id, views.nudge(words(nudge.language), nudge))

    async def send_parked(self, chat_id: int, reply: Reply) -> None:
        """Send a reply once, and note who has blocked the bot; raises as ``Sender.send_once``."""
        try:
            await self._sender.send_once(chat_id, reply)
        except PupilBlockedBot:
            await note_blocked(chat_id)
            raise

    async def send_notice(self, notice: Notice) -> None:
        """Send a reminder, a digest or a notice once; raises as ``Sender.send_once``."""
        t = words(notice.language)
        match notice:
            case DueNotice():
                said = task_views.reminder(t, notice)
            case Digest():
                said = task_views.digest(t, notice)
            case SchoolNotice():
                said = task_views.school_notice(t, notice)
        await self.send_parked(notice.chat_id, task_views.meant_for(t, said, notice.meant))

    async def tell_school(self, news: SchoolNews) -> None:
        """Say what came of connecting a school, until it is delivered or refused for good."""
        said: list[Reply] = [canvas_views.news(words(news.language), news)]
        try:
            left = await self._sender.send(news.chat_id, said)
        except PupilBlockedBot:
            await note_blocked(news.chat_id)
            return
        if left is not None:
            await park(news.chat_id, f"school:{clock.now():%Y%m%d%H%M%S%f}", left)

    async def unsay(self, chat_id: int, message_id: int) -> None:
        """Delete a message of a pupil's that holds a secret."""
        with contextlib.suppress(PupilBlockedBot):
            await self._sender.send(chat_id, [Unsay(message_id)])

    async def send_calendar(self, file: CalendarFile) -> None:
        """Send a calendar file."""
        caption = words(file.language)("calendar-caption", count=file.count)
        try:
            await self._sender.send_file(file.chat_id, file.name, file.content, caption)
        except PupilBlockedBot:
            await note_blocked(file.chat_id)
        except SendingError as fault:
            # The pupil asks for it again.
            log.warning("a calendar was not sent", error=type(fault).__name__)

    async def tell_daily(self, to: Sequence[int], figures: DailyFigures) -> None:
        """Tell some operators how a day went; raises as `warn`."""
        await self._tell(to, daily(figures))

    async def send_announcement(self, notice: AnnouncedText) -> None:
        """Send what the operators have to say once; raises as ``Sender.send_once``."""
        await self.send_parked(notice.chat_id, announcement(notice))

    async def send_settled(self, news: DisputeNews) -> None:
        """Send what was decided about a dispute once; raises as ``Sender.send_once``."""
        await self.send_parked(news.chat_id, disputes.settled(words(news.language), news))

    async def send_to_guardian(self, chat_id: int, language: Language, news: GuardianNews) -> None:
        """Send the week to an adult, or ask their pupil; raises as ``Sender.send_once``."""
        await self.send_parked(chat_id, guardians.news(words(language), news))

    async def send_premium(self, news: PremiumNews) -> None:
        """Tell somebody of their premium once; raises as ``Sender.send_once``."""
        await self.send_parked(news.chat_id, premium.news(words(news.language), news))

    async def report(self, new: NewDisputes) -> None:
        """Tell the operators of answers that pupils defend; raises as `warn`."""
        log.info("disputes", count=len(new.ids))
        await self._tell_operators(disputes.new_disputes(new))

    async def send_export(self, chat_id: int, language: Language, tables: Tables) -> None:
        """Send somebody a file of what is kept of them once; raises as ``Sender.send_once``."""
        file = await asyncio.to_thread(make_zip, tables)
        name = f"dars-{clock.now():%Y-%m-%d}.zip"
        try:
            await self._sender.send_file(chat_id, name, file, words(language)("export-here"))
        except PupilBlockedBot:
            await note_blocked(chat_id)
            raise

    async def warn(self, alert: Alert) -> None:
        """Tell the operators that a budget is nearly or wholly used up.

        Raises:
            NotSent: Telegram cannot be reached, and none of them was told.
        """
        log.warning("budget", name=alert.budget.value, percent=alert.percent)
        await self._tell_operators(Say(costs.alert(alert)))

    async def _tell_operators(self, message: Say) -> None:
        await self._tell(self._operators, message)

    async def _tell(self, operators: Sequence[int], message: Say) -> None:
        away = 0
        for operator in operators:
            try:
                await self._sender.send_once(operator, message)
            except (FloodLimit, NotSent):
                away += 1
            except (MaybeSent, MessageRefused, PupilBlockedBot) as fault:
                log.info("an operator was not told", error=type(fault).__name__)
        if away and away == len(operators):
            raise NotSent


def make_context(bot: DarsBot, settings: Settings, stopping: asyncio.Event) -> JobContext:
    """Make what jobs work with."""
    heartbeat = timedelta(seconds=settings.jobs.heartbeat_seconds)
    lane = Lane(settings.nudges.per_second, heartbeat.total_seconds() / 2)
    scope, messenger = database.session_scope, Messenger(bot, settings.operators.ids)
    writers: Writers = {
        OutboxKind.NUDGE: NudgeWriter(messenger.send_nudge),
        OutboxKind.ANNOUNCEMENT: AnnouncementWriter(messenger.send_announcement),
        OutboxKind.REPLY: ReplyWriter(messenger),
        OutboxKind.GUARDIAN: GuardianWriter(messenger.send_to_guardian),
        OutboxKind.REMINDER: DeadlineWriter(messenger.send_notice),
        OutboxKind.SETTLED: SettledWriter(messenger.send_settled),
        OutboxKind.PREMIUM: PremiumWriter(messenger.send_premium),
    }
    reader = make_canvas_reader(settings)
    wanted = settings.operators.daily_ids
    return JobContext(
        session_scope=scope,
        stopping=stopping,
        heartbeat=heartbeat,
        clock_shift=settings.process.clock_shift,
        keep=settings.keep,
        outbox=Delivery(scope, writers, lane, stopping),
        warn=messenger.warn,
        tell_daily=partial(messenger.tell_daily, wanted) if wanted else None,
        report=messenger.report,
        send_export=messenger.send_export,
        hints=make_hint_maker(settings.model, settings.costs, messenger),
        canvas=reader,
        stars=Stars(bot),
        joiner=Joiner(scope, reader, messenger),
        send_calendar=messenger.send_calendar,
    )


async def close_context(context: JobContext) -> None:
    """Close the lines of what jobs worked with."""
    if context.hints is not None:
        await context.hints.close()
    if context.canvas is not None:
        await context.canvas.close()


def make_canvas_reader(settings: Settings) -> CanvasReader:
    """Make what reads schools; without a key nobody is connected, so it finds nobody."""
    network = CanvasNetwork(settings.canvas, allow_loopback=not settings.process.is_public)
    return CanvasReader(network, Keyring(settings.encryption.keys), database.session_scope)


def make_hint_maker(model: ModelSettings, costs: CostSettings, messenger: Messenger) -> HintMaker:
    """Make what makes hints; without a key, or unless it is turned on, they are from the ladder.

    Raises:
        SettingsError: Nobody knows what a model in the settings costs.
    """
    client = make_client(model) if model.makes_hints else None
    if client is None:
        reason = "there is no key" if model.makes_hints else "they are not turned on"
        log.info("no hints from a model", reason=reason)
    scope, models = database.session_scope, model.by_language
    meter = make_meter(costs, models.values(), scope, client) if client else None
    return HintMaker(scope, meter, models, messenger, client)


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
        await close_context(context)
