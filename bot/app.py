"""The composition root and the whole handler table. No behaviour."""

import re

from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    ExtBot,
    MessageHandler,
    PreCheckoutQueryHandler,
    filters,
)

from bot.callbacks import Action, pattern
from bot.checkouts import check_out
from bot.context import DarsApp, DarsContext, SchoolDoor
from bot.gateway.transport import AiohttpRequest
from bot.handlers import (
    adding,
    canvas,
    classes,
    costs,
    deadlines,
    guardians,
    hints,
    leaderboard,
    mistakes,
    moving,
    nudges,
    other,
    practice,
    premium,
    privacy,
    profiles,
    progress,
    registration,
    settings,
    tasks,
    topic,
    typed,
)
from bot.keeping import Keeper
from bot.lanes import Lanes
from bot.secret_texts import HoldsSecret
from bot.updates import Edge, Handler
from src.costs.meter import budgets_of
from src.errors import SettingsError
from src.hints.service import switches_of
from src.settings import CostSettings, OperatorSettings, Settings, TelegramSettings, get_settings
from src.storage.keyring import Keyring

COMMANDS: dict[str, Handler] = {
    "start": registration.start,
    "practice": practice.practice,
    "hint": hints.hint,
    "skip": practice.skip,
    "streak": progress.streak,
    "progress": progress.progress,
    "mistakes": mistakes.mistakes,
    "topic": topic.topic,
    "parent": guardians.parent,
    "tasks": tasks.tasks,
    "add": adding.add,
    "canvas": canvas.canvas,
    "calendar": deadlines.calendar,
    "reminders": deadlines.reminders,
    "class": classes.class_,
    "leaderboard": leaderboard.leaderboard,
    "language": settings.language,
    "grade": settings.grade,
    "settings": settings.settings,
    "help": other.help_,
    "privacy": privacy.privacy,
    "profiles": profiles.profiles,
    "export": privacy.export,
    "move": moving.move,
    "stop": privacy.stop,
    "delete": privacy.delete,
    "cancel": practice.cancel,
}
# They answer, but stand in no menu: a pupil is not asked to buy.
UNLISTED: dict[str, Handler] = {
    "premium": premium.premium,
    "paysupport": premium.paysupport,
    "terms": premium.terms,
}
TAPS: dict[Action, Handler] = {
    Action.GO: practice.practice,
    Action.LANGUAGE: registration.language_tapped,
    Action.GRADE: registration.grade_tapped,
    Action.TIMEZONE: registration.timezone_tapped,
    Action.CONSENT: registration.consent_tapped,
    Action.SETTINGS: settings.setting_tapped,
    Action.NUDGES: nudges.nudges_tapped,
    Action.ERASE: settings.erase_tapped,
    Action.MODEL_HINTS: settings.model_hints_tapped,
    Action.ANSWER: practice.answer_tapped,
    Action.HINT: hints.hint_tapped,
    Action.SKIP: practice.skip_tapped,
    Action.STEPS: practice.steps_tapped,
    Action.DESCRIBE: practice.describe_tapped,
    Action.CONFIDENCE: practice.confidence_tapped,
    Action.DISPUTE: practice.dispute_tapped,
    Action.WAY: practice.way_tapped,
    Action.TOPIC: topic.topic_tapped,
    Action.GUARDIAN: guardians.guardian_tapped,
    Action.MISSED: mistakes.missed_tapped,
    Action.PREMIUM: premium.premium_tapped,
    Action.TASKS: tasks.task_tapped,
    Action.ADD: adding.add_tapped,
    Action.SCHOOL: canvas.school_tapped,
    Action.DEADLINES: deadlines.deadlines_tapped,
    Action.CLASS: classes.class_tapped,
    Action.BOARD: leaderboard.board_tapped,
    Action.PROFILE: profiles.profile_tapped,
}


def build_bot(settings: TelegramSettings) -> ExtBot[None]:
    """Make the client of the Bot API.

    Args:
        settings: Must hold a token.

    Raises:
        SettingsError: What it holds is no token.
    """
    assert settings.token is not None
    token = settings.token.get_secret_value()
    if not re.fullmatch(r"\d+:\S+", token):
        raise SettingsError("TELEGRAM_BOT_TOKEN: not a token, which looks like 123456789:ABC...")
    return ExtBot(
        token=token,
        base_url=f"{settings.api_url}/bot",
        base_file_url=f"{settings.api_url}/file/bot",
        request=AiohttpRequest(connection_pool_size=256),
        # Updates are fetched by name through the other one; without this the library opens its own.
        get_updates_request=AiohttpRequest(connection_pool_size=1),
    )


def build_application(
    bot: ExtBot[None], settings: Settings | None = None
) -> tuple[DarsApp, Lanes, Keeper]:
    """Make the application with its handlers, its lanes, and who keeps what must wait.

    Args:
        bot: The client of the Bot API.
        settings: Those of the process if None.
    """
    app: DarsApp = (
        Application.builder()
        .bot(bot)
        .updater(None)
        .job_queue(None)
        .concurrent_updates(True)
        .context_types(ContextTypes(context=DarsContext))
        .build()
    )
    settings = settings or get_settings()
    keyring = Keyring(settings.encryption.keys)
    door = SchoolDoor(keyring, allow_loopback=not settings.process.is_public)
    edge = Edge(app, switches_of(settings.model), door, settings.web.url)
    _add_operators_handlers(app, edge, settings.operators, settings.costs)
    _add_handlers(app, edge)
    lanes = Lanes(edge.attempt)
    return app, lanes, Keeper(bot, lanes, edge, keyring)


def _add_operators_handlers(
    app: DarsApp, edge: Edge, operators: OperatorSettings, limits: CostSettings
) -> None:
    """Add what exists for operators alone."""
    allowed = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    allowed &= filters.User(operators.ids)
    handler = costs.costs_within(budgets_of(limits))
    app.add_handler(CommandHandler("costs", edge.private(handler), allowed))


def _add_payments(app: DarsApp, edge: Edge) -> None:
    """Add what Telegram asks and tells about Stars."""
    app.add_handler(PreCheckoutQueryHandler(edge.aside(check_out)))
    private = filters.ChatType.PRIVATE
    paid = private & filters.SUCCESSFUL_PAYMENT
    app.add_handler(MessageHandler(paid, edge.private(premium.paid)))
    back = private & filters.StatusUpdate.REFUNDED_PAYMENT
    app.add_handler(MessageHandler(back, edge.about(premium.refunded)))
    app.add_handler(premium.SubscriptionHandler(edge.about(premium.subscription)))


def _add_handlers(app: DarsApp, edge: Edge) -> None:
    """Add every handler; the first that matches an update takes it."""
    private = filters.ChatType.PRIVATE
    new = filters.UpdateType.MESSAGE
    # Before all others: what is pasted may be a token, whatever was asked.
    app.add_handler(MessageHandler(private & HoldsSecret(), edge.private(canvas.secret)))
    # Most updates are answers: they pass by no other handler.
    text = private & new & filters.TEXT & ~filters.COMMAND
    app.add_handler(MessageHandler(text, edge.private(typed.typed)))
    for name, handler in (COMMANDS | UNLISTED).items():
        app.add_handler(CommandHandler(name, edge.private(handler), private & new))
    for action, handler in TAPS.items():
        app.add_handler(CallbackQueryHandler(edge.private(handler), pattern(action)))
    app.add_handler(CallbackQueryHandler(edge.private(other.unknown_tap)))
    _add_payments(app, edge)
    rest: list[tuple[filters.BaseFilter, Handler]] = [
        (filters.UpdateType.EDITED_MESSAGE, other.edited),
        (filters.COMMAND, other.unknown_command),
        (filters.ALL, other.unreadable),
    ]
    for kind, handler in rest:
        app.add_handler(MessageHandler(private & kind, edge.private(handler)))
    app.add_handler(
        ChatMemberHandler(edge.private(other.membership), ChatMemberHandler.MY_CHAT_MEMBER)
    )
    app.add_handler(MessageHandler(filters.ChatType.GROUPS & new, edge.once(other.group)))
