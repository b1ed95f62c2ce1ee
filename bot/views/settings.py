"""Registration and settings as a pupil sees them. Pure and synchronous."""

from collections.abc import Sequence
from datetime import time

from bot.callbacks import Action, encode
from bot.replies import Button, Keyboard, Say
from bot.views.common import go_keyboard
from bot.words import LANGUAGES, Words, in_both
from src.accounts.pupil import Pupil
from src.accounts.service import GRADES

HOME_ZONE = "Asia/Dhaka"
ZONES: Sequence[str] = (
    "Asia/Kolkata",
    "Asia/Dubai",
    "Asia/Riyadh",
    "Asia/Kuala_Lumpur",
    "Europe/London",
    "America/New_York",
)
NUDGE_HOURS = (8, 15, 16, 17, 18, 19, 20)


def ask_language() -> Say:
    """Ask for the language, in both."""
    return Say(in_both("ask-language"), language_keyboard())


def language_keyboard() -> Keyboard:
    """Return the two languages, each in its own name."""
    names = {"bn": "বাংলা", "en": "English"}
    return [[Button(names[code], encode(Action.LANGUAGE, code)) for code in LANGUAGES]]


def ask_grade(t: Words) -> Say:
    """Ask for the grade."""
    row = [Button(t(f"grade-name-{g}"), encode(Action.GRADE, g)) for g in GRADES]
    return Say(t("ask-grade"), [row])


def ask_timezone(t: Words) -> Say:
    """Ask for the time zone, with home first."""
    home = Button(t("button-home-zone"), encode(Action.TIMEZONE, HOME_ZONE))
    other = Button(t("button-other-zone"), encode(Action.TIMEZONE, "other"))
    return Say(t("ask-timezone"), [[home], [other]])


def ask_other_timezone(t: Words) -> Say:
    """Offer some zones, and invite to type any other."""
    buttons = [Button(_city(zone), encode(Action.TIMEZONE, zone)) for zone in (HOME_ZONE, *ZONES)]
    rows = [buttons[start : start + 2] for start in range(0, len(buttons), 2)]
    return Say(t("ask-other-timezone"), rows)


def ask_consent(t: Words) -> Say:
    """Say what is kept, and ask for consent."""
    yes = Button(t("button-consent"), encode(Action.CONSENT, "y"))
    no = Button(t("button-no-consent"), encode(Action.CONSENT, "n"))
    return Say(t("ask-consent"), [[yes], [no]])


def registered(t: Words) -> Say:
    """Welcome a pupil who has just registered."""
    return Say(t("registered"), go_keyboard(t, "button-start"))


def overview(t: Words, pupil: Pupil, *, model_hints: bool = False) -> Say:
    """Return the settings with a button to change each.

    Args:
        t: The texts.
        pupil: Whose settings.
        model_hints: Whether hints of a model can be accepted here.
    """
    nudges = t("nudges-at", time=clock_face(t, pupil.nudge_time))
    text = t(
        "settings",
        grade=pupil.required_grade,
        zone=_city(pupil.timezone),
        nudges=nudges if pupil.nudges_enabled else t("nudges-off"),
    )
    offered = ("hints",) if model_hints else ()
    items = ("language", "grade", "timezone", "nudges", *offered, "erase")
    rows = [[Button(t(f"button-set-{item}"), encode(Action.SETTINGS, item))] for item in items]
    return Say(text, rows)


def ask_nudges(t: Words) -> Say:
    """Ask for the time of the daily reminder."""
    buttons = [
        Button(clock_face(t, time(hour)), encode(Action.NUDGES, "on", hour)) for hour in NUDGE_HOURS
    ]
    rows = [buttons[start : start + 4] for start in range(0, len(buttons), 4)]
    off = Button(t("button-nudges-off"), encode(Action.NUDGES, "off"))
    return Say(t("ask-nudges"), [*rows, [off]])


def ask_erase(t: Words, pupil: Pupil) -> Say:
    """Ask whether everything is really to be deleted; the buttons die with what they delete."""
    yes = Button(t("button-erase"), encode(Action.ERASE, "y", pupil.registration))
    no = Button(t("button-keep"), encode(Action.ERASE, "n", pupil.registration))
    return Say(t("ask-erase"), [[no], [yes]])


def clock_face(t: Words, at: time) -> str:
    """Write a local time in the digits of the language."""
    return ":".join(t.number(part).rjust(2, t.number(0)) for part in (at.hour, at.minute))


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")
