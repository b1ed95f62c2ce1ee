"""Settings as a pupil sees them. Pure and synchronous."""

from bot.callbacks import Action, encode
from bot.replies import Button, Say
from bot.views.clock import at_clock
from bot.views.common import place_name
from bot.words import Words
from src.accounts.pupil import Pupil


def overview(t: Words, pupil: Pupil, *, model_hints: bool = False) -> Say:
    """Return the settings with a button to change each.

    Args:
        t: The texts.
        pupil: Whose settings.
        model_hints: Whether hints from a model can be accepted here.
    """
    text = t(
        "settings",
        grade=pupil.grade or t("grade-none"),
        zone=place_name(t, pupil.timezone),
        nudges=at_clock(t, pupil.nudge_time) if pupil.nudges_enabled else t("nudges-off"),
    )
    offered = ("hints",) if model_hints else ()
    items = ("language", "grade", "timezone", "nudges", *offered, "erase")
    rows = [[Button(t(f"button-set-{item}"), encode(Action.SETTINGS, item))] for item in items]
    return Say(text, rows)


def ask_erase(t: Words, pupil: Pupil, *, is_paid: bool = False) -> Say:
    """Ask whether everything is really to be deleted; the buttons die with what they delete.

    Args:
        t: The texts.
        pupil: Whose it is.
        is_paid: Whether premium that was paid for goes with it.
    """
    yes = Button(t("button-erase"), encode(Action.ERASE, "y", pupil.registration), "danger")
    no = Button(t("button-keep"), encode(Action.ERASE, "n", pupil.registration))
    if pupil.has_others:
        name = pupil.name or t("profile-unnamed")
        return Say(t("ask-erase-one", name=name), [[no], [yes]])
    lost = [t("ask-erase-premium")] if is_paid else []
    return Say("\n\n".join([*lost, t("ask-erase")]), [[no], [yes]])
