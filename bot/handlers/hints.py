"""Hints: the next step of the ladder, or one that is made for this pupil."""

from bot.context import Turn
from bot.handlers.practice import current_place, nothing_asked, place_of_tap
from bot.replies import Reply
from bot.views import hints as views
from src.hints import service
from src.practice.results import Place


async def hint(turn: Turn) -> list[Reply]:
    """Answer /hint."""
    place = current_place(turn)
    return await _give(turn, place) if place else nothing_asked(turn)


async def hint_tapped(turn: Turn) -> list[Reply]:
    """Show the next hint for the problem whose button was tapped."""
    return await _give(turn, place_of_tap(turn, turn.tap))


async def _give(turn: Turn, place: Place) -> list[Reply]:
    given = await service.give(turn.db, turn.pupil, place, turn.switches)
    return views.hinted(turn.words, given)
