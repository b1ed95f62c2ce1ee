"""/streak and /progress."""

from bot.context import Turn
from bot.handlers.common import ends_dialog, registered, way_back
from bot.replies import Reply
from bot.views import progress as views
from src.practice import service
from src.streaks import service as streaks


@ends_dialog
@registered
async def streak(turn: Turn) -> list[Reply]:
    """Answer /streak."""
    pupil = turn.pupil
    state, alive = await streaks.standing(turn.db, pupil.id, turn.at, pupil.timezone)
    return [views.streak(turn.words, state, await way_back(turn), alive=alive)]


@ends_dialog
@registered
async def progress(turn: Turn) -> list[Reply]:
    """Answer /progress."""
    report = await service.progress(turn.db, turn.pupil, turn.at)
    return [views.progress(turn.words, report, await way_back(turn))]
