"""Registration as a pupil sees it. Pure and synchronous."""

from collections.abc import Callable, Mapping, Sequence

from bot.callbacks import Action, encode
from bot.replies import Button, Keyboard, Say
from bot.views.common import onwards_keyboard, place_name
from bot.views.nudges import ask_first_nudges
from bot.words import LANGUAGES, Words, in_both
from src.accounts.places import HOME_ZONE
from src.accounts.service import GRADES
from src.accounts.steps import CONSENT_VERSION, Step

DEADLINES_ONLY = 0
ZONES: Sequence[str] = (
    "Asia/Kolkata",
    "Asia/Dubai",
    "Asia/Riyadh",
    "Asia/Kuala_Lumpur",
    "Europe/London",
    "America/New_York",
)


def ask(t: Words, step: Step) -> Say:
    """Return the question of a step."""
    asks: Mapping[Step, Callable[[Words], Say]] = {
        Step.LANGUAGE: lambda _: ask_language(),
        Step.CONSENT: ask_consent,
        Step.NAME: lambda t: Say(t("ask-name")),
        Step.GRADE: ask_purpose,
        Step.TIMEZONE: ask_timezone,
        Step.NUDGES: ask_first_nudges,
    }
    return asks[step](t)


def ask_language() -> Say:
    """Ask for the language, in both."""
    return Say(in_both("ask-language"), language_keyboard())


def ask_language_again() -> Say:
    """Ask a pupil who is known already for the language, in both."""
    return Say(in_both("ask-language-again"), language_keyboard())


def language_keyboard() -> Keyboard:
    """Return the two languages, each in its own name."""
    names = {"bn": "বাংলা", "en": "English"}
    return [[Button(names[code], encode(Action.LANGUAGE, code)) for code in LANGUAGES]]


def ask_grade(t: Words) -> Say:
    """Ask for the grade."""
    row = [Button(t(f"grade-name-{g}"), encode(Action.GRADE, g)) for g in GRADES]
    return Say(t("ask-grade"), [row])


def ask_purpose(t: Words) -> Say:
    """Ask what for: maths, for which the class is needed, with or without deadlines, or those."""
    asked = ask_grade(t)
    only = Button(t("button-deadlines-only"), encode(Action.GRADE, DEADLINES_ONLY))
    return Say(t("ask-purpose"), [*asked.keyboard, [only]])


def ask_grade_again(t: Words, grade: int) -> Say:
    """Ask for the grade where a button from long ago was tapped."""
    asked = ask_grade(t)
    return Say(t("ask-grade-again", name=t(f"grade-name-{grade}")), asked.keyboard)


def ask_timezone(t: Words) -> Say:
    """Ask for the time zone, with home first."""
    home = Button(t("button-home-zone"), encode(Action.TIMEZONE, HOME_ZONE))
    other = Button(t("button-other-zone"), encode(Action.TIMEZONE, "other"))
    return Say(t("ask-timezone"), [[home], [other]])


def ask_other_timezone(t: Words, back: Keyboard = ()) -> Say:
    """Offer some zones, and invite to type any other.

    Args:
        t: The texts.
        back: The way back of a pupil who only changes a setting.
    """
    return Say(t("ask-other-timezone"), [*_zone_rows(t), *back])


def unknown_place(t: Words, back: Keyboard, *, question_waits: bool) -> Say:
    """Say that a typed place is unknown, and offer some zones and the way back.

    Args:
        t: The texts.
        back: The way back of a pupil who only changes a setting.
        question_waits: Whether the text may have been meant for the question that is open.
    """
    lines = [t("timezone-unknown"), *([t("question-waits")] if question_waits else [])]
    return Say("\n\n".join(lines), [*_zone_rows(t), *back])


def _zone_rows(t: Words) -> list[list[Button]]:
    buttons = [
        Button(place_name(t, zone), encode(Action.TIMEZONE, zone)) for zone in (HOME_ZONE, *ZONES)
    ]
    return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]


def ask_consent(t: Words) -> Say:
    """Say what is kept, and ask for consent; a yes is one to these words alone."""
    yes = Button(t("button-consent"), encode(Action.CONSENT, "y", CONSENT_VERSION), "success")
    no = Button(t("button-no-consent"), encode(Action.CONSENT, "n", CONSENT_VERSION))
    return Say(t("ask-consent"), [[yes], [no]])


def registered(t: Words) -> Say:
    """Welcome a pupil who has just registered."""
    return Say(t("registered"), onwards_keyboard(t, "button-start"))


def registered_for_deadlines(t: Words) -> Say:
    """Welcome a pupil who has just registered and wants no maths."""
    school = Button(t("button-connect-school"), encode(Action.SCHOOL, "another"))
    add = Button(t("button-add-task"), encode(Action.ADD, "new"))
    return Say(t("registered-deadlines"), [[school], [add]])
