"""Nudges as a pupil sees them. Pure and synchronous."""

from bot.callbacks import Action, encode
from bot.replies import Button, Say
from bot.views.common import go_button
from bot.words import Words
from src.nudges.rules import Variant
from src.nudges.service import Nudge


def nudge(t: Words, nudge: Nudge) -> Say:
    """Return a nudge with one button that starts a session and one that stops nudges."""
    if nudge.variant is Variant.STREAK:
        text = t("nudge-streak", days=nudge.streak)
    else:
        text = t(f"nudge-{nudge.variant.replace('_', '-')}")
    stop = Button(t("button-nudges-off"), encode(Action.NUDGES, "off"))
    return Say(text, [[go_button(t, "button-start")], [stop]])
