"""/leaderboard: for who wants to stand on it, under another name."""

from bot.context import Turn
from bot.handlers.common import ends_dialog, in_place, registered, way_back
from bot.replies import Reply
from bot.views import leaderboard as views
from src.errors import StaleAction
from src.streaks import board
from src.streaks.board import Ranked
from src.teaching import service as teaching


@ends_dialog
@registered
async def leaderboard(turn: Turn) -> list[Reply]:
    """Answer /leaderboard: show it, or ask who is not on it."""
    return await _show(turn, Ranked.STREAK)


@ends_dialog
@registered
async def board_tapped(turn: Turn) -> list[Reply]:
    """Join under a name, see other names or the other ranking, or leave."""
    match turn.tap.word(0):
        case views.JOIN:
            await board.join(
                turn.db,
                turn.pupil.id,
                grade=turn.pupil.required_grade,
                name=turn.tap.word(1),
                at=turn.at,
                timezone=turn.pupil.timezone,
            )
            return await _show(turn, Ranked.STREAK)
        case views.OTHERS:
            asked = views.ask(turn.words, turn.pupil.id, turn.tap.number(1), await way_back(turn))
            return [in_place(turn, asked.text, asked.keyboard)]
        case views.LEAVE:
            await board.leave(turn.db, turn.pupil.id)
            return [in_place(turn, turn.words("board-left"), await way_back(turn))]
        case by if by in set(Ranked):
            return await _show(turn, Ranked(by), turn.tap.word(1))
    raise StaleAction


async def _show(turn: Turn, by: Ranked, class_id: str = "") -> list[Reply]:
    """Show the board of the pupil's grade, or of one of their classes."""
    classes = await teaching.memberships(turn.db, turn.pupil)
    chosen = next((one for one in classes if str(one.id) == class_id), None)
    if class_id and chosen is None:
        raise StaleAction
    among = await teaching.classmates(turn.db, chosen.id) if chosen else None
    seen = await board.look(turn.db, turn.pupil.id, by, turn.at, turn.pupil.timezone, among=among)
    back = await way_back(turn)
    if seen is None:
        return [views.ask(turn.words, turn.pupil.id, 0, back)]
    said = views.show(turn.words, seen, back, classes, chosen)
    return [in_place(turn, said.text, said.keyboard)]
