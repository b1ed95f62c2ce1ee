"""The steps of the registration: the language, the consent, and only then the rest. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from src.accounts.pupil import Pupil

# Changes with the words of `ask-consent`.
CONSENT_VERSION = "2026-11-29.2"


class Step(StrEnum):
    """What is asked; the value is what `dialog` holds while the bot waits for it.

    That of the consent names the words that were shown: a yes to others is none to these.
    """

    LANGUAGE = "language"
    CONSENT = f"consent {CONSENT_VERSION}"
    NAME = "name"
    GRADE = "grade"
    TIMEZONE = "timezone"
    NUDGES = "nudges"


class Dialog(StrEnum):
    """What a registered pupil was asked last; the value is what `dialog` holds until they answer.

    The first five are answered before anything else is read. An offer to show the solution, or to
    answer once more after what could not be read, is open only to the very next text.
    """

    LANGUAGE = "language"
    GRADE = "grade"
    TIMEZONE = "timezone"
    NUDGES = "nudges"
    ERASE = "erase"
    NAME = "name"
    SOLUTION = "solution"
    AGAIN = "again"
    # Of an adult who hears of a pupil and does not practise: nothing is asked of them.
    GUARDIAN = "guardian"
    TASK_TITLE = "task title"
    TASK_DATE = "task date"
    SCHOOL = "school"
    SCHOOL_KEY = "school key"


FOLLOWING: Mapping[Step, Step] = {
    Step.CONSENT: Step.GRADE,
    Step.NAME: Step.GRADE,
    Step.GRADE: Step.TIMEZONE,
    Step.TIMEZONE: Step.NUDGES,
}


def step_of(pupil: Pupil) -> Step:
    """Return the step at which a pupil stands who is not registered yet.

    Earlier versions asked for the consent last: who stands at a step of theirs without having
    agreed comes to it now.
    """
    if not pupil.agreed:
        return Step.LANGUAGE if pupil.dialog in {None, Step.LANGUAGE} else Step.CONSENT
    if pupil.position > 1 and pupil.name is None:
        return Step.NAME
    needs_grade = pupil.grade is None and pupil.wants_practice
    if needs_grade or pupil.dialog not in {Step.TIMEZONE, Step.NUDGES}:
        return Step.GRADE
    return Step(pupil.dialog)


def step_after(pupil: Pupil, chosen: Step) -> Step | None:
    """Return what to wait for after a choice; None for a pupil who only changes a setting."""
    if pupil.registered_at is not None:
        return None
    if chosen is Step.LANGUAGE:
        return step_of(pupil) if pupil.agreed else Step.CONSENT
    if chosen is Step.CONSENT and pupil.position > 1:
        return Step.NAME
    return FOLLOWING[chosen]
