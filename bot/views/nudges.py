"""Nudges as a pupil sees them. Pure and synchronous."""

from datetime import time

from bot.callbacks import Action, encode
from bot.replies import Button, Keyboard, Say
from bot.views.clock import clock_face
from bot.views.common import go_button
from bot.views.profiles import GO, marked
from bot.words import Words
from src.nudges.rules import Variant
from src.nudges.service import Nudge

NUDGE_HOURS = (8, 15, 16, 17, 18, 19, 20)


def nudge(t: Words, nudge: Nudge) -> Say:
    """Return a nudge with one button that starts a session and one that stops nudges."""
    if nudge.variant is Variant.STREAK:
        text = t("nudge-streak", days=nudge.streak, next=nudge.streak + 1)
    else:
        text = t(f"nudge-{nudge.variant.replace('_', '-')}")
    stop = Button(t("button-nudges-off"), encode(Action.NUDGES, "off"))
    if nudge.student_id is None:
        return Say(text, [[go_button(t, "button-start")], [stop]])
    # The button hands the phone to who is meant; to stop it they have /settings.
    data = encode(Action.PROFILE, nudge.student_id, GO)
    [said] = marked(
        t, [Say(text, [[Button(t("button-start"), data, style="success")]])], nudge.name
    )
    assert isinstance(said, Say)
    return said


def ask_nudges(t: Words) -> Say:
    """Ask for the time of the daily reminder."""
    return Say(t("ask-nudges"), _hours(t))


def ask_first_nudges(t: Words) -> Say:
    """Ask whether to remind at all: the last step of the registration."""
    return Say(t("ask-first-nudges"), _hours(t))


def _hours(t: Words) -> Keyboard:
    buttons = [
        Button(clock_face(t, time(hour)), encode(Action.NUDGES, "on", hour)) for hour in NUDGE_HOURS
    ]
    rows = [buttons[start : start + 2] for start in range(0, len(buttons), 2)]
    return [*rows, [Button(t("button-nudges-off"), encode(Action.NUDGES, "off"))]]
