"""What the bot says: plain values that views make, the database keeps and the sender sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from src.bangla import count_signs


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: its words and its packed callback data.

    Attributes:
        text: Its words, which alone say what it does.
        data: What a tap sends back.
        style: A colour of Telegram's: ``primary``, ``success``, ``danger`` or none. Not stored.
        url: What it opens instead, such as a secret link: not stored, so that a reply that is said
            again has a button that asks for a new one.
    """

    text: str
    data: str
    style: str = ""
    url: str = ""


Keyboard = Sequence[Sequence[Button]]
WIDEST_OF_THREE = 14
"""A button with more signs has at most one beside it: a phone cuts what does not fit."""
MOST_SIGNS, MOST_CAPTION = 4096, 1024
_GAP = "\n\n"
_UNSTORED = frozenset({"effect", "aside", "apart", "asks", "quotes"})


@dataclass(frozen=True, slots=True)
class Say:
    """A new message, in Telegram's HTML.

    Attributes:
        text: The words.
        keyboard: The buttons below them.
        effect: What flies over the screen when it arrives, by Telegram's id. Not stored.
        aside: Whether its buttons stand below those of the words before it. Not stored.
        apart: Whether it is a message of its own, so that it can be forwarded alone. Not stored.
        asks: Whether it is a question to which a later message may be a reply. Not stored.
        quotes: The text of the question to which it is a reply; empty for none. Where the message
            is not known any more the text is quoted. Not stored.
    """

    text: str
    keyboard: Keyboard = ()
    effect: str = ""
    aside: bool = False
    apart: bool = False
    asks: bool = False
    quotes: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A new message with the picture of a figure.

    Attributes:
        digest: The figure's name; see ``src.figures.drawing.digest``.
        language: Of what is written in it.
        caption: Telegram's HTML under it, at most 1,024 signs to see.
        words: The picture in words, in HTML: said where there is no picture.
        keyboard: Its buttons.
    """

    digest: str
    language: str
    caption: str
    words: str
    keyboard: Keyboard = ()


@dataclass(frozen=True, slots=True)
class Toast:
    """The answer to a tap: ends the button's waiting, with a short notice where there is text."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class DropKeyboard:
    """Take the buttons off a message that was already sent, all but some.

    Attributes:
        message_id: The message.
        keyboard: What is left of them.
    """

    message_id: int
    keyboard: Keyboard = ()


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
class Drawing:
    """A new message with a sheet of a pupil's practice; it is drawn when it is sent.

    Attributes:
        sheet: What is drawn, as JSON.
        caption: Telegram's HTML under it, at most 1,024 signs to see; it says the same.
        keyboard: Its buttons.
    """

    sheet: Mapping[str, Any]
    caption: str
    keyboard: Keyboard = ()


@dataclass(frozen=True, slots=True)
class Invoice:
    """What somebody is asked to pay, in Telegram Stars.

    Attributes:
        title: At most 32 signs, as Telegram shows it.
        description: At most 255.
        payload: What Telegram gives back with the payment.
        stars: The price.
        period_seconds: Of a subscription, which is a link below a message; 0 for once.
        text: That message, in HTML.
        button: The words of the link.
    """

    title: str
    description: str
    payload: str
    stars: int
    period_seconds: int = 0
    text: str = ""
    button: str = ""


@dataclass(frozen=True, slots=True)
class QrCode:
    """A link as a picture for cameras. Said again, it is a message with the words alone.

    Attributes:
        caption: Telegram's HTML under it.
        link: What the picture says.
        keyboard: Its buttons.
    """

    caption: str
    link: str
    keyboard: Keyboard = ()


@dataclass(frozen=True, slots=True)
class Thinking:
    """Show for some seconds that something is being written."""


@dataclass(frozen=True, slots=True)
class React:
    """A sign on the pupil's own message. It is for now or never: it is neither stored nor parked.

    Attributes:
        message_id: The pupil's message.
        emoji: One of those that Telegram lets bots react with.
    """

    message_id: int
    emoji: str


@dataclass(frozen=True, slots=True)
class Unsay:
    """Delete a message of the pupil's, which holds a secret. For now or never, like `React`.

    Attributes:
        message_id: The pupil's message.
    """

    message_id: int


Reply = (
    Say
    | Picture
    | Toast
    | DropKeyboard
    | Rewrite
    | CostChart
    | Drawing
    | Invoice
    | QrCode
    | Thinking
    | React
    | Unsay
)
_KINDS: Mapping[str, type[Reply]] = {
    kind.__name__: kind
    for kind in (Say, Picture, Toast, DropKeyboard, Rewrite, CostChart, Drawing, Invoice, Thinking)
}


def joined(replies: Sequence[Reply]) -> list[Reply]:
    """Return replies with messages that follow each other made one, where Telegram's limit allows.

    A verdict and the next question are one message and one buzz, with a picture too. The buttons
    of the later words, which are nearer to them, stand above those of the earlier, but for what is
    said aside.
    """
    found: list[Reply] = []
    for reply in replies:
        before = found[-1] if found else None
        if isinstance(before, Say) and isinstance(reply, Say) and _fit_together(before, reply):
            found[-1] = _join(before, reply)
        elif (captioned := _captioned(before, reply)) is not None:
            found[-1] = captioned
        else:
            found.append(reply)
    return found


def _captioned(first: Reply | None, second: Reply) -> Picture | None:
    """Return a picture with the words before it, or aside of it, in its caption, if they fit."""
    match first, second:
        case Say(apart=False, effect="", asks=False, quotes=""), Picture():
            text, keyboard = first.text + _GAP + second.caption, first.keyboard
            whole = replace(second, caption=text, keyboard=[*second.keyboard, *keyboard])
        case Picture(), Say(aside=True, apart=False, effect=""):
            text, keyboard = first.caption + _GAP + second.text, second.keyboard
            whole = replace(first, caption=text, keyboard=[*first.keyboard, *keyboard])
        case _:
            return None
    return whole if len(text.encode("utf-16-le")) <= 2 * MOST_CAPTION else None


def _fit_together(first: Say, second: Say) -> bool:
    if (first.apart or second.apart) and not second.aside:
        return False
    # Telegram counts UTF-16 code units after the tags are read; with them it is never less.
    return len((first.text + _GAP + second.text).encode("utf-16-le")) <= 2 * MOST_SIGNS


def _join(first: Say, second: Say) -> Say:
    upper, lower = (first, second) if second.aside else (second, first)
    both: dict[str, Any] = {
        "text": first.text + _GAP + second.text,
        "keyboard": [*upper.keyboard, *lower.keyboard],
    }
    names = (name for name in Say.__slots__ if name not in both)
    others = {name: getattr(second, name) or getattr(first, name) for name in names}
    return replace(second, **both, **others)


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
    return [_pack(reply) for reply in replies if not isinstance(reply, React | Unsay)]


def _pack(reply: Reply) -> dict[str, Any]:
    """Do what `asdict` does, without its copies: five times as fast."""
    if isinstance(reply, QrCode):
        reply = Say(reply.caption, reply.keyboard)
    packed = {name: getattr(reply, name) for name in type(reply).__slots__ if name not in _UNSTORED}
    if packed.get("keyboard") == () and isinstance(reply, DropKeyboard):
        del packed["keyboard"]  # as releases before this one read it
    elif packed.get("keyboard"):
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
