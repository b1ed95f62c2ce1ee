"""Hints: one step of the ladder a tap."""

from bot.context import Turn
from bot.handlers.practice import current_place, nothing_asked, place_of_tap
from bot.replies import Reply
from bot.views import practice as views
from src.practice import service


async def hint(turn: Turn) -> list[Reply]:
    """Answer /hint."""
    place = current_place(turn)
    if place is None:
        return nothing_asked(turn)
    return [views.hint(turn.words, await service.give_hint(turn.db, place))]


async def hint_tapped(turn: Turn) -> list[Reply]:
    """Show the next step for the problem whose button was tapped."""
    place = place_of_tap(turn, turn.tap)
    return [views.hint(turn.words, await service.give_hint(turn.db, place))]
