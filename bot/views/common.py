"""Pieces that several views share."""

from bot.callbacks import Action, encode
from bot.replies import Button, Keyboard
from bot.words import Words

ONWARDS = "n"
# A new session opens with what was missed in the one before.
AGAIN = "again"


def go_button(t: Words, key: str = "button-go-on") -> Button:
    """Return the button that leads to the current question, or to a new session."""
    return Button(t(key), encode(Action.GO), style="success")


def onwards_keyboard(t: Words, key: str) -> Keyboard:
    """Return a keyboard that leads to a question not yet seen; a second tap on it says nothing."""
    return [[Button(t(key), encode(Action.GO, ONWARDS))]]


def go_keyboard(t: Words, key: str = "button-go-on") -> Keyboard:
    """Return a keyboard with the way back alone."""
    return [[go_button(t, key)]]


def topic_name(t: Words, topic: str) -> str:
    """Return a topic in the pupil's language; its readable code where no name is written."""
    return t.topic(topic)


def place_name(t: Words, zone: str) -> str:
    """Return the city of a time zone in the pupil's language; its IANA name where none is written.

    Args:
        t: The texts.
        zone: IANA name.
    """
    city = zone.rpartition("/")[2].replace("_", " ")
    key = f"city-{city.casefold().replace(' ', '-')}"
    return t(key) if t.has(key) else city
