"""Registration: language, consent, grade, time zone, reminders; by taps or typed words."""

from dataclasses import replace

from bot.context import Turn
from bot.handlers.common import (
    agreed,
    ask_step,
    current_place,
    ends_dialog,
    in_place,
    said,
    way_back,
)
from bot.handlers.nudges import choose_first
from bot.replies import Reply, Say
from bot.views import registration as views
from bot.views.common import place_name
from src import clock
from src.accounts import service as accounts
from src.accounts.steps import CONSENT_VERSION, Step
from src.accounts.timezones import find_timezone
from src.accounts.typed import read_grade, read_language, read_yes_or_no
from src.privacy.service import erase_person


@ends_dialog
async def start(turn: Turn) -> list[Reply]:
    """Answer /start: begin or go on with the registration, or welcome back."""
    if turn.command_argument:
        await accounts.keep_payload(turn.db, turn.pupil, turn.command_argument)
    if turn.pupil.registered_at is None:
        return await ask_step(turn)
    return [Say(turn.words("welcome-back"), await way_back(turn))]


@ends_dialog
async def language_tapped(turn: Turn) -> list[Reply]:
    """Set the language; in the middle of a problem its state stays."""
    return await _set_language(turn, turn.tap.word(0))


async def _set_language(turn: Turn, chosen: str) -> list[Reply]:
    turn = replace(turn, pupil=await accounts.choose_language(turn.db, turn.pupil, chosen))
    return [in_place(turn, turn.words("language-set")), *await _afterwards(turn)]


@ends_dialog
@agreed
async def grade_tapped(turn: Turn) -> list[Reply]:
    """Set the grade."""
    return await _set_grade(turn, turn.tap.number(0))


async def _set_grade(turn: Turn, grade: int) -> list[Reply]:
    changed = grade != turn.pupil.grade
    turn = replace(turn, pupil=await accounts.choose_grade(turn.db, turn.pupil, grade))
    chosen = turn.words("grade-set", name=turn.words(f"grade-name-{grade}"))
    key = "grade-saved" if changed and current_place(turn) else "setting-saved"
    return [in_place(turn, chosen), *await _afterwards(turn, saved=key)]


@agreed
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
    turn = replace(turn, pupil=await accounts.choose_timezone(turn.db, turn.pupil, zone))
    chosen = turn.words("timezone-set", zone=place_name(turn.words, zone))
    return [in_place(turn, chosen), *await _afterwards(turn)]


@ends_dialog
async def consent_tapped(turn: Turn) -> list[Reply]:
    """Take a yes or a no to the words of this version; to others it is asked again."""
    if turn.pupil.registered_at is None and turn.tap.word(1) != CONSENT_VERSION:
        return await ask_step(turn)
    return await _take_consent(turn, agrees=turn.tap.word(0) == "y")


async def _take_consent(turn: Turn, *, agrees: bool) -> list[Reply]:
    t = turn.words
    if turn.pupil.registered_at is not None:
        return [Say(t("welcome-back"), await way_back(turn))]
    if not agrees:
        await erase_person(turn.db, turn.pupil)
        return [in_place(turn, t("no-consent"))]
    if turn.pupil.agreed:
        return await ask_step(turn)
    pupil = await accounts.consent(turn.db, turn.pupil, _name(turn), clock.now())
    turn = replace(turn, pupil=pupil)
    return [in_place(turn, t("consent-set")), *await ask_step(turn)]


def _name(turn: Turn) -> str:
    user = turn.update.effective_user
    return user.first_name if user else ""


async def typed(turn: Turn) -> list[Reply]:
    """Take a typed answer to a step, or ask for the step again."""
    if turn.pupil.registered_at is not None or turn.pupil.dialog == Step.TIMEZONE:
        return await _typed_place(turn) if turn.pupil.agreed else await ask_step(turn)
    taken = await _take_typed(turn)
    if taken is not None:
        return taken
    return [Say(said(turn, "tap-a-button")), *await ask_step(turn)]


async def _take_typed(turn: Turn) -> list[Reply] | None:
    """Take a typed answer; None where it is none to what was asked last."""
    text = turn.text
    match turn.pupil.dialog:
        case Step.LANGUAGE if (language := read_language(text)) is not None:
            return await _set_language(turn, language)
        case Step.CONSENT if (agrees := read_yes_or_no(text)) is not None:
            return await _take_consent(turn, agrees=agrees)
        case Step.GRADE if turn.pupil.agreed and (grade := read_grade(text)) is not None:
            return await _set_grade(turn, grade)
        case Step.NUDGES if (wanted := read_yes_or_no(text)) is not None:
            return await choose_first(turn, turn.pupil.nudge_time if wanted else None)
    return None


async def _typed_place(turn: Turn) -> list[Reply]:
    """Take a city; a pupil who meant to answer a question is shown the way back to it."""
    zone = find_timezone(turn.text)
    if zone is not None:
        return await _set_timezone(turn, zone)
    back = [] if turn.pupil.registered_at is None else await way_back(turn)
    return [views.unknown_place(turn.words, back, question_waits=current_place(turn) is not None)]


async def _afterwards(turn: Turn, *, saved: str = "setting-saved") -> list[Reply]:
    """Go on with the registration, or back to practice for somebody who changes a setting."""
    if turn.pupil.registered_at is None:
        return await ask_step(turn)
    return [Say(turn.words(saved), await way_back(turn))]
