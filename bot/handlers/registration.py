"""Registration: language, consent, grade, time zone, reminders; by taps or typed words."""

from dataclasses import replace

from bot.context import Turn
from bot.handlers import classes
from bot.handlers.common import (
    agreed,
    ask_step,
    current_place,
    ends_dialog,
    in_place,
    said,
    way_back,
)
from bot.handlers.guardians import opened
from bot.handlers.nudges import choose_first
from bot.replies import Reply, Say, Toast
from bot.views import practice
from bot.views import registration as views
from bot.views.common import place_name
from src import clock
from src.accounts import service as accounts
from src.accounts.steps import CONSENT_VERSION, Step, step_of
from src.accounts.timezones import find_timezone
from src.accounts.typed import read_grade, read_language, read_yes_or_no
from src.answers.hearing.ear import Want, hear
from src.deadlines import service as deadlines
from src.practice.service import current_question
from src.privacy.service import erase_person
from src.teaching.guardians import PREFIX


@ends_dialog
async def start(turn: Turn) -> list[Reply]:
    """Answer /start: begin or go on with the registration, or welcome back."""
    payload = turn.command_argument
    if payload.startswith(PREFIX):
        return await opened(turn, payload)
    if (answer := await classes.came_by(turn, payload)) is not None:
        return answer
    if payload:
        await accounts.keep_payload(turn.db, turn.pupil, payload)
    if turn.pupil.registered_at is None:
        return await classes.teachers_home(turn) or await ask_step(turn)
    return [Say(turn.words("welcome-back"), await way_back(turn))]


async def language_tapped(turn: Turn) -> list[Reply]:
    """Set the language; in the middle of a problem its state stays."""
    chosen = turn.tap.word(0)
    if chosen == turn.pupil.language and _is_past(turn, Step.LANGUAGE):
        return [Toast()]
    return await set_language(turn, chosen)


def _is_past(turn: Turn, step: Step) -> bool:
    """Return whether a step of the registration, or the setting of its name, is answered."""
    if turn.pupil.registered_at is not None:
        return turn.pupil.dialog != step
    steps = list(Step)
    return steps.index(step_of(turn.pupil)) > steps.index(step)


async def set_language(turn: Turn, chosen: str) -> list[Reply]:
    """Set the language, and go on in it: an open question is asked again."""
    turn = replace(turn, pupil=await accounts.choose_language(turn.db, turn.pupil, chosen))
    done, place = in_place(turn, turn.words("language-set")), current_place(turn)
    if turn.pupil.registered_at is None or place is None:
        return [done, *await _afterwards(turn)]
    if place.is_paused:
        return [done, *practice.paused(turn.words)]
    return [done, practice.question(turn.words, current_question(place))]


@agreed
async def grade_tapped(turn: Turn) -> list[Reply]:
    """Set the grade; a button from long ago asks which one it shall be now."""
    grade = turn.tap.number(0)
    if grade == views.DEADLINES_ONLY:
        return await choose_deadlines_only(turn)
    if not _is_past(turn, Step.GRADE):
        return await set_grade(turn, grade)
    if grade == turn.pupil.grade:
        return [Toast()]
    if turn.pupil.registered_at is None:
        return await set_grade(turn, grade)
    await accounts.wait_for(turn.db, turn.pupil, Step.GRADE)
    return [views.ask_grade_again(turn.words, turn.pupil.required_grade)]


async def choose_deadlines_only(turn: Turn) -> list[Reply]:
    """Go on without a class: somebody wants their deadlines alone."""
    if turn.pupil.registered_at is None and not turn.pupil.wants_practice:
        return [Toast()]
    pupil = await accounts.choose_deadlines_only(turn.db, turn.pupil)
    turn = replace(turn, pupil=pupil)
    return [in_place(turn, turn.words("deadlines-only-set")), *await ask_step(turn)]


async def set_grade(turn: Turn, grade: int) -> list[Reply]:
    """Set the grade; it counts from the next session on."""
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
        same = zone == turn.pupil.timezone and _is_past(turn, Step.TIMEZONE)
        return [Toast()] if same else await set_timezone(turn, zone)
    if turn.pupil.registered_at is None:
        return [views.ask_other_timezone(turn.words)]
    await accounts.wait_for(turn.db, turn.pupil, "timezone")
    return [views.ask_other_timezone(turn.words, await way_back(turn))]


async def set_timezone(turn: Turn, zone: str) -> list[Reply]:
    """Set the time zone."""
    turn = replace(turn, pupil=await accounts.choose_timezone(turn.db, turn.pupil, zone))
    await deadlines.moved_home(turn.db, turn.pupil, turn.at)
    chosen = turn.words("timezone-set", zone=place_name(turn.words, zone))
    if turn.pupil.registered_at is None and not turn.pupil.wants_practice:
        # There is nothing to remind them of each day.
        await accounts.finish(turn.db, turn.pupil, clock.now(), enabled=False)
        return [in_place(turn, chosen), views.registered_for_deadlines(turn.words)]
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
        return [in_place(turn, said(turn, "no-consent"))]
    if turn.pupil.agreed:
        return [Toast()]
    pupil = await accounts.consent(turn.db, turn.pupil, _name(turn), clock.now())
    turn = replace(turn, pupil=pupil)
    return [in_place(turn, t("consent-set")), *await ask_step(turn)]


def _name(turn: Turn) -> str:
    user = turn.update.effective_user
    return user.first_name if user else ""


async def typed(turn: Turn) -> list[Reply]:
    """Take a typed answer to a step, or ask for the step again."""
    taken = await _take_typed(turn)
    if taken is not None:
        return taken
    if hear(turn.text) is Want.WHO:
        return [Say(said(turn, "heard-who")), *await ask_step(turn)]
    if turn.pupil.dialog == Step.TIMEZONE and turn.pupil.agreed:
        return [views.unknown_place(turn.words, [], question_waits=False)]
    if step_of(turn.pupil) is Step.LANGUAGE:  # the welcome says what to tap
        return await ask_step(turn)
    return [Say(said(turn, "tap-a-button")), *await ask_step(turn)]


async def _take_typed(turn: Turn) -> list[Reply] | None:
    """Take a typed answer; None where it is none to what was asked last."""
    text, step = turn.text, turn.pupil.dialog
    agrees = read_yes_or_no(text)
    if step == Step.LANGUAGE and agrees is False:
        return await _take_consent(turn, agrees=False)
    if step == Step.CONSENT and agrees is not None:
        return await _take_consent(turn, agrees=agrees)
    if step == Step.NUDGES and agrees is not None:
        return await choose_first(turn, turn.pupil.nudge_time if agrees else None)
    if step == Step.LANGUAGE or turn.pupil.agreed:
        return await take_choice(turn, step)
    return None


async def take_choice(turn: Turn, asked: str | None) -> list[Reply] | None:
    """Take a typed language, class or place; None where it is none to what was asked last."""
    text = turn.text
    match asked:
        case Step.LANGUAGE if (language := read_language(text)) is not None:
            return await set_language(turn, language)
        case Step.GRADE if _names_deadlines(turn):
            return await choose_deadlines_only(turn)
        case Step.GRADE if (grade := read_grade(text)) is not None:
            return await set_grade(turn, grade)
        case Step.TIMEZONE if (zone := find_timezone(text)) is not None:
            return await set_timezone(turn, zone)
    return None


def _names_deadlines(turn: Turn) -> bool:
    """Return whether somebody types the words of the button that leaves maths out."""
    button = turn.words("button-deadlines-only").partition(" ")[2]
    return turn.pupil.registered_at is None and turn.text.strip().casefold() == button.casefold()


async def _afterwards(turn: Turn, *, saved: str = "setting-saved") -> list[Reply]:
    """Go on with the registration, or back to practice for somebody who changes a setting."""
    if turn.pupil.registered_at is None:
        return await ask_step(turn)
    return [Say(turn.words(saved), await way_back(turn))]
