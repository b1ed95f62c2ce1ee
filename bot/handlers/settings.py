"""/language, /grade, /settings and what their buttons do."""

from collections.abc import Callable
from datetime import time

from bot.context import Turn
from bot.handlers.common import ask_step, ends_dialog, way_back
from bot.replies import Reply, Rewrite, Say
from bot.views import hints as hint_views
from bot.views import settings as views
from bot.views.clock import at_clock
from bot.words import Words, in_both
from src.accounts import service as accounts
from src.errors import StaleAction
from src.hints import service as hints

ASKS: dict[str, Callable[[Words], Say]] = {
    "language": lambda _: views.ask_language(),
    "grade": views.ask_grade,
    "nudges": views.ask_nudges,
}


@ends_dialog
async def language(turn: Turn) -> list[Reply]:
    """Answer /language."""
    return [views.ask_language()]


@ends_dialog
async def grade(turn: Turn) -> list[Reply]:
    """Answer /grade."""
    if turn.pupil.registered_at is None:
        return ask_step(turn.pupil.language, turn.pupil.dialog)
    return [views.ask_grade(turn.words)]


@ends_dialog
async def settings(turn: Turn) -> list[Reply]:
    """Answer /settings."""
    if turn.pupil.registered_at is None:
        return ask_step(turn.pupil.language, turn.pupil.dialog)
    return [views.overview(turn.words, turn.pupil, model_hints=turn.switches.model)]


@ends_dialog
async def setting_tapped(turn: Turn) -> list[Reply]:
    """Ask for the new value of a setting."""
    if turn.pupil.registered_at is None:
        return ask_step(turn.pupil.language, turn.pupil.dialog)
    match turn.tap.word(0):
        case "timezone":
            await accounts.wait_for(turn.db, turn.pupil, "timezone")
            return [views.ask_other_timezone(turn.words, await way_back(turn))]
        case "hints":
            accepted = await hints.has_consented(turn.db, turn.pupil)
            return [hint_views.ask_model_hints(turn.words, accepted=accepted)]
        case "erase":
            return [views.ask_erase(turn.words, turn.pupil)]
        case setting if setting in ASKS:
            return [ASKS[setting](turn.words)]
        case _:
            raise StaleAction


@ends_dialog
async def nudges_tapped(turn: Turn) -> list[Reply]:
    """Turn the daily reminder on at an hour, or off."""
    t, tap = turn.words, turn.tap
    if tap.word(0) == "off":
        await accounts.choose_nudges(turn.db, turn.pupil, enabled=False)
        said = t("nudges-now-off")
    else:
        hour = tap.number(1)
        if hour not in views.NUDGE_HOURS:
            raise StaleAction
        await accounts.choose_nudges(turn.db, turn.pupil, enabled=True, at=time(hour))
        said = t("nudges-now-at", when=at_clock(t, time(hour)))
    return [await _saved(turn, said)]


@ends_dialog
async def model_hints_tapped(turn: Turn) -> list[Reply]:
    """Accept hints of a model, or withdraw that."""
    accepts = turn.tap.word(0) == "y"
    if accepts and not turn.switches.model:
        raise StaleAction
    await hints.choose(turn.db, turn.pupil, accepts=accepts, at=turn.at)
    return [await _saved(turn, turn.words("model-hints-on" if accepts else "model-hints-off"))]


@ends_dialog
async def erase_tapped(turn: Turn) -> list[Reply]:
    """Delete all that is kept of the pupil, or nothing."""
    if turn.tap.number(1) != turn.pupil.registration:
        raise StaleAction
    if turn.tap.word(0) != "y":
        return [await _saved(turn, turn.words("kept"))]
    await accounts.erase(turn.db, turn.pupil)
    message_id, said = turn.tapped_message_id, in_both("erased")
    return [Say(said) if message_id is None else Rewrite(message_id, said)]


async def _saved(turn: Turn, said: str) -> Reply:
    keyboard = await way_back(turn)
    message_id = turn.tapped_message_id
    return Say(said, keyboard) if message_id is None else Rewrite(message_id, said, keyboard)
