"""What Telegram knows of the bot: its webhook, command menu, name and descriptions.

Each is compared with what it should be and set only where it differs: Telegram allows few changes
of a name a day.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from telegram import WebhookInfo
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError

from bot.app import COMMANDS, build_bot
from bot.context import DarsBot
from bot.gateway.polling import ALLOWED_UPDATES
from bot.words import LANGUAGES, words
from src import clock
from src.errors import SettingsError, TelegramUnavailable
from src.settings import TelegramSettings, WebhookSettings

log = structlog.get_logger()

# Telegram shows the default, which has no code, where a language has nothing of its own.
DEFAULT_LANGUAGE = "en"
# Telegram tries again at growing intervals, each well under this.
LATELY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Part:
    """Something that Telegram knows of the bot.

    Attributes:
        name: What it is, with the language.
        wanted: What it should be.
        present: What it is.
        put_right: Makes it what it should be.
    """

    name: str
    wanted: Any
    present: Any
    put_right: Callable[[], Awaitable[object]]

    @property
    def ok(self) -> bool:
        """Whether it is what it should be."""
        return bool(self.wanted == self.present)


@dataclass(frozen=True, slots=True)
class Status:
    """How Telegram sees the bot.

    Attributes:
        username: Without the at sign.
        parts: All that can be compared.
        pending: Updates that wait to be taken.
        last_error: What Telegram says of the last delivery that failed; None when none did.
        is_failing: Whether it failed lately and what it failed with is still waiting.
    """

    username: str
    parts: list[Part]
    pending: int
    last_error: str | None
    is_failing: bool

    @property
    def is_set_up(self) -> bool:
        """Whether Telegram knows what it should."""
        return all(part.ok for part in self.parts)

    @property
    def ok(self) -> bool:
        """Whether Telegram knows what it should and its deliveries are taken."""
        return self.is_set_up and not self.is_failing


async def read_status(telegram: TelegramSettings, webhook: WebhookSettings) -> Status:
    """Ask Telegram what it knows.

    Args:
        telegram: Must hold a token.
        webhook: What should be set; without an address, none.

    Raises:
        SettingsError: Telegram does not know the token.
        TelegramUnavailable: Telegram does not answer.
    """
    async with _asking(telegram) as bot:
        return await _read(bot, webhook)


async def set_up(telegram: TelegramSettings, webhook: WebhookSettings) -> tuple[Status, list[str]]:
    """Set whatever differs; return the status after that, and what was set.

    Args:
        telegram: As for `read_status`.
        webhook: Likewise; its address needs its secret.

    Raises:
        SettingsError: Telegram does not know the token, or refuses the address.
        TelegramUnavailable: Telegram does not answer.
    """
    async with _asking(telegram) as bot:
        changed = []
        for part in (await _read(bot, webhook)).parts:
            # The secret cannot be read back: the webhook is always set again.
            if not part.ok or (part.name == "webhook" and webhook.url):
                await part.put_right()
                changed.append(part.name)
        return await _read(bot, webhook), changed


@asynccontextmanager
async def _asking(settings: TelegramSettings) -> AsyncGenerator[DarsBot]:
    bot = build_bot(settings)
    try:
        async with bot:
            yield bot
    except InvalidToken:
        raise SettingsError("TELEGRAM_BOT_TOKEN: Telegram does not know this token") from None
    except BadRequest as refusal:
        raise SettingsError(f"Telegram refuses: {refusal.message}") from None
    except NetworkError as fault:
        raise TelegramUnavailable(f"Telegram does not answer ({type(fault).__name__})") from None
    except TelegramError as refusal:
        raise TelegramUnavailable(f"Telegram refuses for now: {refusal.message}") from None


async def _read(bot: DarsBot, settings: WebhookSettings) -> Status:
    info = await bot.get_webhook_info()
    parts = [_webhook(bot, settings, info)]
    for code in (None, *LANGUAGES):
        parts += [part async for part in _spoken(bot, code)]
    return Status(
        username=bot.username,
        parts=parts,
        pending=info.pending_update_count,
        last_error=info.last_error_message,
        is_failing=_is_failing(info),
    )


def _is_failing(info: WebhookInfo) -> bool:
    """Return whether deliveries fail now: Telegram still tells of an error that is long over."""
    failed_at = info.last_error_date
    if not info.url or failed_at is None or info.pending_update_count == 0:
        return False
    return clock.now() - failed_at < LATELY


def _webhook(bot: DarsBot, settings: WebhookSettings, info: WebhookInfo) -> Part:
    url = settings.url
    if url is None:
        return Part("webhook", "none: polling", info.url or "none: polling", bot.delete_webhook)
    secret = settings.secret
    put_right = partial(
        bot.set_webhook,
        url,
        secret_token=secret.get_secret_value() if secret else None,
        allowed_updates=ALLOWED_UPDATES,
        max_connections=settings.connections,
    )
    present = (info.url, set(info.allowed_updates or ()), info.max_connections)
    return Part("webhook", (url, set(ALLOWED_UPDATES), settings.connections), present, put_right)


async def _spoken(bot: DarsBot, code: str | None) -> AsyncGenerator[Part]:
    """Compare what is put in words: those of a language, or the default."""
    t = words(code or DEFAULT_LANGUAGE)
    label = code or "default"
    menu = tuple(commands(code or DEFAULT_LANGUAGE))
    known = await bot.get_my_commands(language_code=code)
    yield Part(
        f"commands ({label})",
        menu,
        tuple((command.command, command.description) for command in known),
        partial(bot.set_my_commands, menu, language_code=code),
    )
    name, long, short = t("profile-name"), t("profile-long"), t("profile-short")
    yield Part(
        f"name ({label})",
        name,
        (await bot.get_my_name(code)).name,
        partial(bot.set_my_name, name, language_code=code),
    )
    yield Part(
        f"description ({label})",
        long,
        (await bot.get_my_description(code)).description,
        partial(bot.set_my_description, long, language_code=code),
    )
    yield Part(
        f"short description ({label})",
        short,
        (await bot.get_my_short_description(code)).short_description,
        partial(bot.set_my_short_description, short, language_code=code),
    )


def commands(language: str) -> Iterator[tuple[str, str]]:
    """Yield the command menu in a language: (name, description)."""
    t = words(language)
    for name in COMMANDS:
        if name != "start":
            yield name, t(f"command-{name}")


async def present(bot: DarsBot) -> None:
    """Tell Telegram the command menu and the descriptions; a fault there stops no start.

    Nothing is compared first and all calls go out at once, so that no start waits long. The name
    is left to `dars telegram setup`.
    """
    await asyncio.gather(*(_tell(part) for code in (None, *LANGUAGES) for part in _told(bot, code)))


def _told(bot: DarsBot, code: str | None) -> Iterator[Awaitable[object]]:
    t = words(code or DEFAULT_LANGUAGE)
    menu = tuple(commands(code or DEFAULT_LANGUAGE))
    yield bot.set_my_commands(menu, language_code=code)
    yield bot.set_my_description(t("profile-long"), language_code=code)
    yield bot.set_my_short_description(t("profile-short"), language_code=code)


async def _tell(part: Awaitable[object]) -> None:
    try:
        await part
    except TelegramError as fault:
        log.warning("a part of the profile was not set", error=type(fault).__name__)
