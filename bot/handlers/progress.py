"""/streak and /progress."""

from bot.context import Turn
from bot.handlers.common import ask_step, ends_dialog
from bot.replies import Reply
from bot.views import progress as views
from src.practice import service
from src.streaks import service as streaks


@ends_dialog
async def streak(turn: Turn) -> list[Reply]:
    """Answer /streak."""
    if turn.pupil.registered_at is None:
        return ask_step(turn.pupil.language, turn.pupil.dialog)
    pupil = turn.pupil
    state, alive = await streaks.standing(turn.db, pupil.id, turn.at, pupil.timezone)
    return [views.streak(turn.words, state, alive=alive)]


@ends_dialog
async def progress(turn: Turn) -> list[Reply]:
    """Answer /progress."""
    if turn.pupil.registered_at is None:
        return ask_step(turn.pupil.language, turn.pupil.dialog)
    report = await service.progress(turn.db, turn.pupil, turn.at)
    return [views.progress(turn.words, report)]
