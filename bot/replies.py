"""What the bot says: plain values that views make, the database keeps and the sender sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from src.bangla import count_signs


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: its words and its packed callback data."""

    text: str
    data: str


Keyboard = Sequence[Sequence[Button]]
WIDEST_OF_THREE = 14
"""A button with more signs has at most one beside it: a phone cuts what does not fit."""


@dataclass(frozen=True, slots=True)
class Say:
    """A new message, in Telegram's HTML."""

    text: str
    keyboard: Keyboard = ()


@dataclass(frozen=True, slots=True)
class Toast:
    """The answer to a tap: ends the button's waiting, with a short notice where there is text."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class DropKeyboard:
    """Take the buttons off a message that was already sent."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Replace the text and buttons of a message that was already sent."""

    message_id: int
    text: str
    keyboard: Keyboard = ()


@dataclass(frozen=True, slots=True)
class CostChart:
    """A picture of what was spent; it is drawn when it is sent, after the transaction.

    Attributes:
        caption: Telegram's HTML under it.
        days: Each day, as in 2026-11-21, and what was spent, US dollars.
        limit: The budget of a day, US dollars.
    """

    caption: str
    days: Sequence[Sequence[str]]
    limit: str


@dataclass(frozen=True, slots=True)
class Thinking:
    """Show for some seconds that something is being written."""


Reply = Say | Toast | DropKeyboard | Rewrite | CostChart | Thinking
_KINDS: Mapping[str, type[Reply]] = {
    kind.__name__: kind for kind in (Say, Toast, DropKeyboard, Rewrite, CostChart, Thinking)
}


def laid_out(keyboard: Keyboard) -> Keyboard:
    """Return a keyboard whose rows fit a phone: three beside each other only where all are short.

    Signs are what a reader sees; Telegram does not wrap the words of a button.
    """
    if all(len(row) < 3 for row in keyboard):
        return keyboard
    return [part for row in keyboard for part in _parts(row)]


def _parts(row: Sequence[Button]) -> list[Sequence[Button]]:
    if len(row) < 3 or all(count_signs(button.text) <= WIDEST_OF_THREE for button in row):
        return [row]
    return [row[start : start + 2] for start in range(0, len(row), 2)]


def pack(replies: Sequence[Reply]) -> list[dict[str, Any]]:
    """Turn replies into JSON for the row of their update."""
    return [_pack(reply) for reply in replies]


def _pack(reply: Reply) -> dict[str, Any]:
    """Do what `asdict` does, without its copies: five times as fast."""
    packed = {name: getattr(reply, name) for name in type(reply).__slots__}
    if packed.get("keyboard"):
        packed["keyboard"] = [
            [{"text": b.text, "data": b.data} for b in row] for row in packed["keyboard"]
        ]
    return {"kind": type(reply).__name__} | packed


def unpack(stored: Sequence[Mapping[str, Any]]) -> list[Reply]:
    """Turn JSON from the row of an update back into replies."""
    return [_unpack(dict(fields)) for fields in stored]


def _unpack(fields: dict[str, Any]) -> Reply:
    kind = _KINDS[fields.pop("kind")]
    if "keyboard" in fields:
        fields["keyboard"] = [[Button(**button) for button in row] for row in fields["keyboard"]]
    return kind(**fields)
