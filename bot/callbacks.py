"""Callback data: what a button carries. Packed to at most 64 bytes, versioned, no look-ups."""

from dataclasses import dataclass
from enum import StrEnum, unique

from src.errors import StaleAction

VERSION = "1"


@unique
@unique
class Action(StrEnum):
    """What a button does; the value is its code in the data."""

    GO = "p"
    LANGUAGE = "l"
    GRADE = "g"
    TIMEZONE = "z"
    CONSENT = "c"
    SETTINGS = "t"
    NUDGES = "n"
    ERASE = "e"
    ANSWER = "a"
    HINT = "h"
    SKIP = "s"
    CONFIDENCE = "k"
    DISPUTE = "d"
    WAY = "w"
    MODEL_HINTS = "m"
    DESCRIBE = "i"
    TOPIC = "o"
    STEPS = "u"
    GUARDIAN = "y"
    MISSED = "x"
    PREMIUM = "v"
    TASKS = "b"
    ADD = "j"
    SCHOOL = "q"
    DEADLINES = "r"
    CLASS = "f"
    BOARD = "B"
    PROFILE = "W"


@dataclass(frozen=True, slots=True)
class Tap:
    """A decoded button.

    Attributes:
        action: What it does.
        args: Its arguments, as text.
    """

    action: Action
    args: tuple[str, ...] = ()

    def number(self, position: int) -> int:
        """Return an argument as a whole number.

        Raises:
            StaleAction: It is missing or no number: the button is from another version or forged.
        """
        text = self.args[position] if position < len(self.args) else ""
        if not (text.isascii() and text.isdigit() and len(text) <= 18):
            raise StaleAction
        return int(text)

    def word(self, position: int) -> str:
        """Return an argument as text, empty where it is missing."""
        return self.args[position] if position < len(self.args) else ""


def encode(action: Action, *args: int | str) -> str:
    """Pack a button's data.

    Raises:
        ValueError: More than 64 bytes, Telegram's limit.
    """
    data = ":".join((VERSION, action, *map(str, args)))
    if len(data.encode()) > 64:
        raise ValueError(f"callback data of {action.name} is too long")
    return data


def decode(data: str) -> Tap:
    """Unpack a button's data.

    Raises:
        StaleAction: It is not of this version or not ours.
    """
    version, _, rest = data.partition(":")
    code, *args = rest.split(":")
    if version != VERSION or code not in set(Action):
        raise StaleAction
    return Tap(Action(code), tuple(args))


def pattern(*actions: Action) -> str:
    """Return the regular expression that matches the data of some actions."""
    codes = "|".join(actions)
    return rf"^{VERSION}:({codes})(:|$)"
