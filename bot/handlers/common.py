"""Pieces that several handlers share: where the pupil is, the way back, the open dialog."""

from dataclasses import replace
from functools import wraps

from bot.callbacks import Tap
from bot.context import Turn
from bot.errors import explain
from bot.replies import Keyboard, Reply, Rewrite, Say
from bot.updates import Handler
from bot.views import registration as views
from bot.views.guardians import home
from bot.views.practice import paused, where_now
from bot.views.settings import ask_erase
from bot.words import Words, in_both
from src.accounts import service as accounts
from src.accounts.steps import Dialog, Step, step_of
from src.errors import DoneAlready, StaleAction
from src.practice import service as practice
from src.practice.results import Place
from src.premium import service as premium
from src.teaching import guardians


def ends_dialog(handler: Handler) -> Handler:
    """Make a command, or a tap on something else, end an open dialog such as that for a city.

    The steps of the registration stay. An old button ends a dialog too, so its error may not
    leave here: the rollback would open the dialog again.
    """

    @wraps(handler)
    async def ended(turn: Turn) -> list[Reply]:
        if turn.pupil.registered_at is None or turn.pupil.dialog is None:
            return await handler(turn)
        pupil = await accounts.wait_for(turn.db, turn.pupil, None)
        try:
            return await handler(replace(turn, pupil=pupil))
        except StaleAction as error:
            return explain(error, turn.pupil, tapped=turn.update.callback_query is not None)

    return ended


def agreed(handler: Handler) -> Handler:
    """Ask a pupil who has not agreed for that first: before, nothing else is kept."""

    @wraps(handler)
    async def asked(turn: Turn) -> list[Reply]:
        return await handler(turn) if turn.pupil.agreed else await ask_step(turn)

    return asked


def registered(handler: Handler) -> Handler:
    """Ask a pupil whose registration is not finished for its next step instead."""

    @wraps(handler)
    async def asked(turn: Turn) -> list[Reply]:
        if turn.pupil.registered_at is None:
            return await ask_step(turn)
        return await handler(turn)

    return asked


async def ask_step(turn: Turn) -> list[Reply]:
    """Ask for the next step of the registration, and wait for its answer.

    An adult who only hears of a pupil is asked for none.
    """
    if turn.pupil.dialog == Dialog.GUARDIAN:
        wards = await guardians.of_person(turn.db, turn.pupil.person_id)
        return [home(turn.words, wards)]
    step = step_of(turn.pupil)
    if turn.pupil.dialog != step:
        await accounts.wait_for(turn.db, turn.pupil, step)
    return [views.ask(turn.words, step)]


async def ask_to_erase(turn: Turn) -> list[Reply]:
    """Ask once whether everything is to be deleted, and say what was paid for and goes with it."""
    await accounts.wait_for(turn.db, turn.pupil, Dialog.ERASE)
    has = await premium.standing(turn.db, turn.pupil.person_id, turn.at)
    goes = has.is_paid and not turn.pupil.has_others
    return [ask_erase(turn.words, turn.pupil, is_paid=goes)]


def said(turn: Turn, key: str, **args: str | int) -> str:
    """Return a text in the pupil's language, and in both where it is not chosen yet."""
    pupil = turn.pupil
    unknown = pupil.registered_at is None and step_of(pupil) is Step.LANGUAGE
    return in_both(key, **args) if unknown else turn.words(key, **args)


async def say_and_lead_on(turn: Turn, key: str, **args: str | int) -> list[Reply]:
    """Say something, with the way back or the next step of the registration."""
    if turn.pupil.registered_at is not None:
        return [Say(turn.words(key, **args), await way_back(turn))]
    return [Say(said(turn, key, **args)), *await ask_step(turn)]


def current_place(turn: Turn) -> Place | None:
    """Return where the pupil is, if the session has not expired."""
    place = turn.place
    return place if place is not None and turn.at < place.expires_at else None


async def way_back(turn: Turn) -> Keyboard:
    """Return the button to the current question, or to a new session."""
    t, place = turn.words, current_place(turn)
    if place is not None:
        return where_now(t, place)
    again = await practice.has_practised_on_day_of(turn.db, turn.pupil, turn.at)
    return where_now(t, None, again=again)


def where_to(t: Words) -> Keyboard:
    """Return the button to the current question or a new session, whichever there is."""
    return where_now(t, None)


@registered
async def nothing_asked(turn: Turn) -> list[Reply]:
    """Say that no question is open, or waits behind a solution, and offer to go on."""
    place = current_place(turn)
    if place is not None and place.is_paused:
        return paused(turn.words)
    return [Say(turn.words("nothing-asked"), await way_back(turn))]


async def place_of_tap(turn: Turn, tap: Tap) -> Place:
    """Return the current place if a button belongs to it.

    Raises:
        StaleAction: The button belongs to an older question, an expired session or another pupil.
        DoneAlready: Its question was closed a moment ago: a thumb that taps twice.
    """
    place, (session_id, index) = current_place(turn), (tap.number(0), tap.number(1))
    if place is not None and not place.is_paused and (session_id, index) == _at(place):
        return place
    if await practice.has_just_passed(turn.db, turn.pupil, session_id, index, turn.at):
        raise DoneAlready
    raise StaleAction


def _at(place: Place) -> tuple[int, int]:
    return place.session_id, place.index


async def saved(turn: Turn, said: str) -> Reply:
    """Say what was chosen, in the place of the question that was tapped, with the way back."""
    return in_place(turn, said, await way_back(turn))


def in_place(turn: Turn, said: str, keyboard: Keyboard = ()) -> Reply:
    """Replace the message that was tapped, or say it where none can be replaced."""
    message_id = turn.tapped_message_id
    return Say(said, keyboard) if message_id is None else Rewrite(message_id, said, keyboard)
