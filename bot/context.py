"""What a handler works with: one update inside one transaction. No globals."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Message, Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.callbacks import Tap, decode
from bot.words import Words, words
from src.accounts.pupil import Pupil
from src.hints.rules import OFF, Switches
from src.models import Sealed
from src.practice.results import Place
from src.storage.keyring import Keyring

DarsBot = ExtBot[None]
Store = dict[Any, Any]


class DarsContext(CallbackContext[DarsBot, Store, Store, Store]):
    """The library's context; Dars keeps nothing in its stores."""


DarsApp = Application[DarsBot, DarsContext, Store, Store, Store, None]


@dataclass(frozen=True, slots=True)
class SchoolDoor:
    """What it takes to connect a school.

    Attributes:
        keyring: Seals what is pasted.
        allow_loopback: Whether a school may be on this machine.
    """

    keyring: Keyring
    allow_loopback: bool

    @property
    def is_open(self) -> bool:
        """Whether anything can be kept: without a key nobody is connected."""
        return self.keyring.has_key

    def seal(self, secret: SecretStr) -> Sealed:
        """Return a secret as a row may hold it."""
        return self.keyring.seal(secret)


CLOSED = SchoolDoor(Keyring(()), allow_loopback=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """One update of one pupil, inside the transaction that it may change.

    Attributes:
        db: The open transaction; holds the pupil's lock.
        update: What Telegram sent.
        pupil: The sender.
        place: Where they are in an active session, expired or not.
        at: When they acted, as well as it is known; aware.
        switches: Which hints the operator allows.
        school_door: What it takes to connect a school.
        web_url: Where the pages for teachers are; None where there are none.
    """

    db: AsyncSession
    update: Update
    pupil: Pupil
    place: Place | None
    at: datetime
    switches: Switches = OFF
    school_door: SchoolDoor = CLOSED
    web_url: str | None = None

    @property
    def words(self) -> Words:
        """The texts in the pupil's language."""
        return words(self.pupil.language)

    @property
    def bot_name(self) -> str:
        """The name by which Telegram knows the bot, for links to it."""
        bot = self.update.get_bot()
        assert isinstance(bot, ExtBot)
        return bot.username

    @property
    def text(self) -> str:
        """The text of the message, empty where there is none."""
        message = self.update.effective_message
        return (message.text if message else None) or ""

    @property
    def replied_to(self) -> Message | None:
        """The message of ours to which a pupil's message is a Telegram reply, if it is one."""
        message = self.update.message
        answered = message.reply_to_message if message else None
        by_us = (
            answered is not None and answered.from_user is not None and answered.from_user.is_bot
        )
        return answered if by_us else None

    @property
    def command_argument(self) -> str:
        """What follows the command in a message: the payload of a deep link."""
        return self.text.partition(" ")[2].strip()

    @property
    def tap(self) -> Tap:
        """The decoded button.

        Raises:
            StaleAction: The button is not of this version.
        """
        query = self.update.callback_query
        return decode((query.data if query else None) or "")

    @property
    def tapped_message_id(self) -> int | None:
        """The message whose button was tapped; None where it is too old to be changed."""
        query = self.update.callback_query
        message = query.message if query else None
        return message.message_id if message is not None and message.is_accessible else None


@dataclass(frozen=True, slots=True)
class Notice:
    """What Telegram itself tells about a person, inside the transaction that it may change.

    Attributes:
        db: The open transaction.
        update: What Telegram sent.
        chat_id: Whom it is about, which is also the private chat; 0 where that is not said.
        at: When it came; aware.
    """

    db: AsyncSession
    update: Update
    chat_id: int
    at: datetime


def acted_at(update: Update, now: datetime) -> datetime:
    """Return when a pupil acted: the date of a message, which a redelivery does not change.

    A tap has no date of its own: the present stands for it.
    """
    if update.callback_query is None and update.message is not None:
        return min(update.message.date, now)
    return now
