"""/language, /grade, /settings and what their buttons do."""

from collections.abc import Callable
from dataclasses import replace

from bot.context import Turn
from bot.handlers.common import (
    ask_step,
    ask_to_erase,
    ends_dialog,
    in_place,
    registered,
    saved,
    way_back,
    where_to,
)
from bot.replies import Reply, Say
from bot.views import hints as hint_views
from bot.views import registration as asks
from bot.views import settings as views
from bot.views.nudges import ask_nudges
from bot.words import Words, in_both
from src.accounts import service as accounts
from src.accounts.steps import Dialog
from src.errors import StaleAction
from src.hints import service as hints
from src.privacy.service import erase_person

ASKS: dict[str, Callable[[Words], Say]] = {
    Dialog.LANGUAGE: lambda _: asks.ask_language_again(),
    Dialog.GRADE: asks.ask_grade,
    Dialog.NUDGES: ask_nudges,
}


@ends_dialog
async def language(turn: Turn) -> list[Reply]:
    """Answer /language."""
    if turn.pupil.registered_at is None:
        return [asks.ask_language()]
    return await _ask(turn, Dialog.LANGUAGE)


async def _ask(turn: Turn, setting: str) -> list[Reply]:
    """Ask for the new value of a setting; what is typed next is that."""
    await accounts.wait_for(turn.db, turn.pupil, setting)
    return [ASKS[setting](turn.words)]


@ends_dialog
@registered
async def grade(turn: Turn) -> list[Reply]:
    """Answer /grade."""
    return await _ask(turn, Dialog.GRADE)


@ends_dialog
@registered
async def settings(turn: Turn) -> list[Reply]:
    """Answer /settings."""
    return [views.overview(turn.words, turn.pupil, model_hints=turn.switches.model)]


@ends_dialog
@registered
async def setting_tapped(turn: Turn) -> list[Reply]:
    """Ask for the new value of a setting."""
    match turn.tap.word(0):
        case "timezone":
            await accounts.wait_for(turn.db, turn.pupil, Dialog.TIMEZONE)
            return [asks.ask_other_timezone(turn.words, await way_back(turn))]
        case "hints":
            accepted = await hints.has_consented(turn.db, turn.pupil)
            return [hint_views.ask_model_hints(turn.words, accepted=accepted)]
        case "erase":
            return await ask_to_erase(turn)
        case setting if setting in ASKS:
            return await _ask(turn, setting)
        case _:
            raise StaleAction


@ends_dialog
@registered
async def model_hints_tapped(turn: Turn) -> list[Reply]:
    """Accept hints from a model, or withdraw that."""
    accepts = turn.tap.word(0) == "y"
    if accepts and not turn.switches.model:
        raise StaleAction
    await hints.choose(turn.db, turn.pupil, accepts=accepts, at=turn.at)
    return [await saved(turn, turn.words("model-hints-on" if accepts else "model-hints-off"))]


@ends_dialog
async def erase_tapped(turn: Turn) -> list[Reply]:
    """Delete all that is kept of the pupil, or nothing."""
    if turn.tap.number(1) != turn.pupil.registration:
        raise StaleAction
    return await erase(turn, sure=turn.tap.word(0) == "y")


async def erase(turn: Turn, *, sure: bool) -> list[Reply]:
    """Delete all that is kept of the pupil, or nothing, as they said when they were asked."""
    if not sure:
        return await _keep(turn)
    await erase_person(turn.db, turn.pupil)
    if turn.pupil.has_others:
        return [Say(turn.words("erased-one"), where_to(turn.words))]
    return [in_place(turn, in_both("erased"))]


async def _keep(turn: Turn) -> list[Reply]:
    kept = turn.words("kept")
    if turn.pupil.registered_at is None:
        return [in_place(turn, kept), *await ask_step(turn)]
    pupil = await accounts.wait_for(turn.db, turn.pupil, None)
    return [await saved(replace(turn, pupil=pupil), kept)]
