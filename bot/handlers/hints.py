"""Hints: the next step of the ladder, or one that is made for this pupil."""

from bot.context import Turn
from bot.handlers.common import current_place, ends_dialog, nothing_asked, place_of_tap
from bot.replies import Reply
from bot.views import hints as views
from bot.views.practice import paused
from src.errors import DoneAlready, StaleAction
from src.hints import service
from src.practice.results import Place


@ends_dialog
async def hint(turn: Turn) -> list[Reply]:
    """Answer /hint, and the plain word."""
    place = current_place(turn)
    if place is None:
        return await nothing_asked(turn)
    return paused(turn.words) if place.is_paused else await _give(turn, place)


@ends_dialog
async def hint_tapped(turn: Turn) -> list[Reply]:
    """Show the next hint for the problem whose button was tapped, one for each button."""
    place = await place_of_tap(turn, turn.tap)
    given, used = turn.tap.number(2), place.opened.hints_used
    if given != used:
        raise DoneAlready if given + 1 == used else StaleAction
    return await _give(turn, place)


async def _give(turn: Turn, place: Place) -> list[Reply]:
    given = await service.give(turn.db, turn.pupil, place, turn.switches)
    return views.hinted(turn.words, given, offers=await _offers(turn, given))


async def _offers(turn: Turn, given: service.Hinted) -> bool:
    """Return whether to offer model hints: the ladder is used up and the pupil has none."""
    if not (service.is_used_up(given) and turn.switches.model):
        return False
    return not await service.has_consented(turn.db, turn.pupil)
