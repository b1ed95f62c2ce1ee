"""The daily reminder: on at an hour, or off. Also the last step of the registration."""

from datetime import time

from bot.context import Turn
from bot.handlers.common import agreed, ask_step, in_place, saved
from bot.replies import Reply, Toast
from bot.views import nudges as views
from bot.views import registration
from bot.views.clock import at_clock
from src import clock
from src.accounts import service as accounts
from src.accounts.pupil import Pupil
from src.accounts.steps import Dialog, Step, step_of
from src.errors import StaleAction


@agreed
async def nudges_tapped(turn: Turn) -> list[Reply]:
    """Turn the daily reminder on at an hour, or off."""
    hour = None if turn.tap.word(0) == "off" else turn.tap.number(1)
    if hour not in {None, *views.NUDGE_HOURS}:
        raise StaleAction
    at = None if hour is None else time(hour)
    if turn.pupil.registered_at is None:
        return await choose_first(turn, at)
    return [Toast()] if _is_so(turn.pupil, at) else await choose(turn, at)


def _is_so(pupil: Pupil, at: time | None) -> bool:
    """Return whether the reminder is as a button says, and no other was asked for."""
    now = pupil.nudge_time.replace(tzinfo=None) if pupil.nudges_enabled else None
    return pupil.dialog != Dialog.NUDGES and now == at


async def choose(turn: Turn, at: time | None) -> list[Reply]:
    """Turn the daily reminder of a registered pupil on at a time, or off."""
    pupil = await accounts.wait_for(turn.db, turn.pupil, None)
    await accounts.choose_nudges(turn.db, pupil, enabled=at is not None, at=at)
    return [await saved(turn, _said(turn, at, "nudges-now-off"))]


async def choose_first(turn: Turn, at: time | None) -> list[Reply]:
    """Finish the registration with the answer to its last question."""
    if step_of(turn.pupil) is not Step.NUDGES:
        return await ask_step(turn)
    await accounts.finish(turn.db, turn.pupil, clock.now(), enabled=at is not None, at=at)
    said = _said(turn, at, "nudges-none")
    return [in_place(turn, said), registration.registered(turn.words)]


def _said(turn: Turn, at: time | None, off: str) -> str:
    t = turn.words
    return t(off) if at is None else t("nudges-now-at", when=at_clock(t, at))
