"""/profiles: several pupils on one phone, switched by one tap."""

from dataclasses import replace

from bot.context import Turn
from bot.handlers import practice
from bot.handlers.common import ask_step, ends_dialog, registered, saved, way_back
from bot.replies import Reply, Say
from bot.views import profiles as views
from src.accounts import profiles as accounts
from src.accounts import service
from src.accounts.pupil import Pupil
from src.accounts.steps import Dialog, Step, step_after
from src.accounts.typed import read_name
from src.errors import StaleAction
from src.practice.service import active_place


@ends_dialog
async def profiles(turn: Turn) -> list[Reply]:
    """Answer /profiles; who is not registered yet can still hand the phone back."""
    if turn.pupil.registered_at is None and not turn.pupil.has_others:
        return await ask_step(turn)
    found = await accounts.profiles(turn.db, turn.pupil.person_id)
    return [views.profiles(turn.words, found, await way_back(turn))]


@ends_dialog
async def profile_tapped(turn: Turn) -> list[Reply]:
    """Hand the phone to another pupil, or to a new one, or ask for another name."""
    chosen = turn.tap.word(0)
    if chosen == views.ADD:
        return await _add(turn)
    if chosen == views.RENAME:
        return await _ask_name(turn)
    pupil = await accounts.switch(turn.db, turn.pupil, turn.tap.number(0))
    turn = await _in_hand(turn, pupil)
    if pupil.registered_at is None:
        return await ask_step(turn)
    if turn.tap.word(1) == views.GO:
        return await practice.practice(turn)
    return [views.switched(turn.words, pupil.name, await way_back(turn))]


@registered
async def _add(turn: Turn) -> list[Reply]:
    pupil = await accounts.add(turn.db, turn.pupil)
    return [Say(turn.words("profile-new")), *await ask_step(await _in_hand(turn, pupil))]


async def _in_hand(turn: Turn, pupil: Pupil) -> Turn:
    """Return the turn as one of another pupil, at the place where they are."""
    return replace(turn, pupil=pupil, place=await active_place(turn.db, pupil.id))


@registered
async def _ask_name(turn: Turn) -> list[Reply]:
    await service.wait_for(turn.db, turn.pupil, Dialog.NAME)
    return [Say(turn.words("ask-name"))]


async def take_name(turn: Turn) -> list[Reply]:
    """Keep a typed name, or ask once more."""
    if not turn.pupil.agreed:
        raise StaleAction
    name = read_name(turn.text)
    if name is None:
        return [Say(turn.words("name-unclear"))]
    after = step_after(turn.pupil, Step.NAME)
    turn = replace(turn, pupil=await accounts.rename(turn.db, turn.pupil, name, after))
    if turn.pupil.registered_at is None:
        return await ask_step(turn)
    return [await saved(turn, turn.words("name-set", name=name))]
