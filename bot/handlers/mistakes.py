"""/mistakes: what was missed, each one tap from a variant of it."""

from bot.context import Turn
from bot.handlers.common import ends_dialog, registered, way_back
from bot.replies import Reply
from bot.views import mistakes as views
from src.practice import missed


@ends_dialog
@registered
async def mistakes(turn: Turn) -> list[Reply]:
    """Answer /mistakes."""
    found = await missed.list_missed(turn.db, turn.pupil)
    return [views.mistakes(turn.words, found, await way_back(turn))]


@ends_dialog
@registered
async def missed_tapped(turn: Turn) -> list[Reply]:
    """Ask a variant of a missed problem now, or behind the question that is begun."""
    problem_id = turn.tap.number(0)
    asked, when = await missed.try_again(turn.db, turn.pupil, turn.place, problem_id, turn.at)
    return views.tried_again(turn.words, asked, when, await way_back(turn))
