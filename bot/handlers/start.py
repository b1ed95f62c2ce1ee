"""Registration: language, grade, time zone, consent. Each step is a tap or a typed word."""

import unicodedata

from bot.context import Turn
from bot.replies import Reply, Rewrite, Say
from bot.views import settings as views
from bot.views.common import go_keyboard
from bot.views.practice import where_now
from bot.words import words
from src import clock
from src.accounts import service as accounts


async def start(turn: Turn) -> list[Reply]:
    """Answer /start: begin or go on with the registration, or welcome back."""
    if turn.command_argument:
        await accounts.keep_payload(turn.db, turn.pupil, turn.command_argument)
    if turn.pupil.registered_at is None:
        return ask_step(turn.pupil.language, turn.pupil.dialog)
    t = turn.words
    return [Say(t("welcome-back"), where_now(t, turn.place))]


def ask_step(language: str, step: str | None) -> list[Reply]:
    """Return the question of a step of the registration."""
    t = words(language)
    match step:
        case "grade":
            return [views.ask_grade(t)]
        case "timezone":
            return [views.ask_timezone(t)]
        case "consent":
            return [views.ask_consent(t)]
        case _:
            return [views.ask_language()]


async def language_tapped(turn: Turn) -> list[Reply]:
    """Set the language; in the middle of a problem its state stays."""
    chosen = turn.tap.word(0)
    await accounts.choose_language(turn.db, turn.pupil, chosen)
    t = words(chosen)
    return [*_confirm(turn, t("language-set")), *_afterwards(turn, chosen, "grade")]


async def grade_tapped(turn: Turn) -> list[Reply]:
    """Set the grade."""
    return await _set_grade(turn, turn.tap.number(0))


async def _set_grade(turn: Turn, grade: int) -> list[Reply]:
    await accounts.choose_grade(turn.db, turn.pupil, grade)
    said = turn.words("grade-set", name=turn.words(f"grade-name-{grade}"))
    return [*_confirm(turn, said), *_afterwards(turn, turn.pupil.language, "timezone")]


async def timezone_tapped(turn: Turn) -> list[Reply]:
    """Set the time zone, or ask for another one."""
    zone = turn.tap.word(0)
    if zone == "other":
        if turn.pupil.registered_at is not None:
            await accounts.wait_for(turn.db, turn.pupil, "timezone")
        return [views.ask_other_timezone(turn.words)]
    return await _set_timezone(turn, zone)


async def _set_timezone(turn: Turn, zone: str) -> list[Reply]:
    await accounts.choose_timezone(turn.db, turn.pupil, zone)
    said = turn.words("timezone-set", zone=zone.rpartition("/")[2].replace("_", " "))
    return [*_confirm(turn, said), *_afterwards(turn, turn.pupil.language, "consent")]


async def consent_tapped(turn: Turn) -> list[Reply]:
    """Finish the registration with the pupil's consent."""
    t = turn.words
    if turn.pupil.registered_at is not None:
        return [Say(t("welcome-back"), where_now(t, turn.place))]
    if turn.pupil.grade is None:
        await accounts.wait_for(turn.db, turn.pupil, "grade")
        return ask_step(turn.pupil.language, "grade")
    if turn.tap.word(0) != "y":
        return [Say(t("no-consent")), views.ask_consent(t)]
    await accounts.consent(turn.db, turn.pupil, clock.now())
    return [*_confirm(turn, t("consent-set")), views.registered(t)]


async def typed(turn: Turn) -> list[Reply]:
    """Take a typed answer to a step, or ask for the step again."""
    step = turn.pupil.dialog
    if step == "grade" and (grade := _digit(turn.text)) in accounts.GRADES:
        return await _set_grade(turn, grade)
    if step == "timezone":
        zone = accounts.find_timezone(turn.text)
        if zone is not None:
            return await _set_timezone(turn, zone)
        return [Say(turn.words("timezone-unknown")), views.ask_other_timezone(turn.words)]
    return ask_step(turn.pupil.language, step)


def _digit(text: str) -> int:
    """Return a single digit of any script as a number, and 0 for anything else."""
    stripped = text.strip()
    return int(unicodedata.decimal(stripped, 0)) if len(stripped) == 1 else 0


def _confirm(turn: Turn, said: str) -> list[Reply]:
    """Replace the tapped question by what was chosen, or say it after a typed choice."""
    message_id = turn.tapped_message_id
    return [Say(said)] if message_id is None else [Rewrite(message_id, said)]


def _afterwards(turn: Turn, language: str, next_step: str) -> list[Reply]:
    """Go on with the registration, or back to practice for somebody who changes a setting."""
    if turn.pupil.registered_at is None:
        return ask_step(language, next_step)
    t = words(language)
    keyboard = where_now(t, turn.place) if turn.place else go_keyboard(t, "button-start")
    return [Say(t("setting-saved"), keyboard)]
