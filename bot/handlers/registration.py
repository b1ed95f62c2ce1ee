"""Registration: language, grade, time zone, consent. Each step is a tap or a typed word."""

from dataclasses import replace

from bot.context import Turn
from bot.handlers.common import ask_step, current_place, ends_dialog, in_place, way_back
from bot.replies import Reply, Say
from bot.views import registration as views
from bot.views.common import place_name
from bot.words import in_both
from src import clock
from src.accounts import service as accounts
from src.accounts.timezones import find_timezone
from src.accounts.typed import read_grade, read_language, read_yes_or_no


@ends_dialog
async def start(turn: Turn) -> list[Reply]:
    """Answer /start: begin or go on with the registration, or welcome back."""
    if turn.command_argument:
        await accounts.keep_payload(turn.db, turn.pupil, turn.command_argument)
    if turn.pupil.registered_at is None:
        return ask_step(turn.pupil.language, turn.pupil.dialog)
    return [Say(turn.words("welcome-back"), await way_back(turn))]


@ends_dialog
async def language_tapped(turn: Turn) -> list[Reply]:
    """Set the language; in the middle of a problem its state stays."""
    return await _set_language(turn, turn.tap.word(0))


async def _set_language(turn: Turn, chosen: str) -> list[Reply]:
    turn = replace(turn, pupil=await accounts.choose_language(turn.db, turn.pupil, chosen))
    return [in_place(turn, turn.words("language-set")), *await _afterwards(turn, "grade")]


@ends_dialog
async def grade_tapped(turn: Turn) -> list[Reply]:
    """Set the grade."""
    return await _set_grade(turn, turn.tap.number(0))


async def _set_grade(turn: Turn, grade: int) -> list[Reply]:
    await accounts.choose_grade(turn.db, turn.pupil, grade)
    said = turn.words("grade-set", name=turn.words(f"grade-name-{grade}"))
    changed = turn.pupil.registered_at is not None and grade != turn.pupil.grade
    key = "grade-saved" if changed and current_place(turn) else "setting-saved"
    return [in_place(turn, said), *await _afterwards(turn, "timezone", saved=key)]


async def timezone_tapped(turn: Turn) -> list[Reply]:
    """Set the time zone, or ask for another one."""
    zone = turn.tap.word(0)
    if zone != "other":
        return await _set_timezone(turn, zone)
    if turn.pupil.registered_at is None:
        return [views.ask_other_timezone(turn.words)]
    await accounts.wait_for(turn.db, turn.pupil, "timezone")
    return [views.ask_other_timezone(turn.words, await way_back(turn))]


async def _set_timezone(turn: Turn, zone: str) -> list[Reply]:
    await accounts.choose_timezone(turn.db, turn.pupil, zone)
    said = turn.words("timezone-set", zone=place_name(turn.words, zone))
    return [in_place(turn, said), *await _afterwards(turn, "consent")]


@ends_dialog
async def consent_tapped(turn: Turn) -> list[Reply]:
    """Finish the registration with the pupil's consent."""
    return await _take_consent(turn, agrees=turn.tap.word(0) == "y")


async def _take_consent(turn: Turn, *, agrees: bool) -> list[Reply]:
    t = turn.words
    if turn.pupil.registered_at is not None:
        return [Say(t("welcome-back"), await way_back(turn))]
    if turn.pupil.grade is None:
        await accounts.wait_for(turn.db, turn.pupil, "grade")
        return ask_step(turn.pupil.language, "grade")
    if not agrees:
        return [Say(t("no-consent")), views.ask_consent(t)]
    await accounts.consent(turn.db, turn.pupil, clock.now())
    return [in_place(turn, t("consent-set")), views.registered(t)]


async def typed(turn: Turn) -> list[Reply]:
    """Take a typed answer to a step, or ask for the step again."""
    text, t = turn.text, turn.words
    match turn.pupil.dialog:
        case "timezone":
            return await _typed_place(turn)
        case "grade" if (grade := read_grade(text)) is not None:
            return await _set_grade(turn, grade)
        case "consent" if (agrees := read_yes_or_no(text)) is not None:
            return await _take_consent(turn, agrees=agrees)
        case "grade" | "consent" as step:
            return [Say(t("tap-a-button")), *ask_step(turn.pupil.language, step)]
    chosen = read_language(text)
    if chosen is not None:
        return await _set_language(turn, chosen)
    return [Say(in_both("tap-a-button")), *ask_step(turn.pupil.language, "language")]


async def _typed_place(turn: Turn) -> list[Reply]:
    """Take a city; a pupil who meant to answer a question is shown the way back to it."""
    zone = find_timezone(turn.text)
    if zone is not None:
        return await _set_timezone(turn, zone)
    back = [] if turn.pupil.registered_at is None else await way_back(turn)
    return [views.unknown_place(turn.words, back, question_waits=current_place(turn) is not None)]


async def _afterwards(turn: Turn, next_step: str, *, saved: str = "setting-saved") -> list[Reply]:
    """Go on with the registration, or back to practice for somebody who changes a setting."""
    if turn.pupil.registered_at is None:
        return ask_step(turn.pupil.language, next_step)
    return [Say(turn.words(saved), await way_back(turn))]
