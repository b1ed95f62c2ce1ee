"""/move: a code on the old account, which the new one types."""

from bot.context import Turn
from bot.handlers.common import agreed, ends_dialog, said, say_and_lead_on, where_to
from bot.replies import Reply, Say
from bot.words import words
from src.accounts import moving
from src.errors import MoveRefused


@ends_dialog
async def move(turn: Turn) -> list[Reply]:
    """Answer /move: with a code take over the account that made it, else make one."""
    if turn.command_argument:
        return await _take_over(turn)
    return await _make(turn)


@agreed
async def _make(turn: Turn) -> list[Reply]:
    code = await moving.make_code(turn.db, turn.pupil, turn.at)
    return await say_and_lead_on(turn, "move-code", code=code)


async def _take_over(turn: Turn) -> list[Reply]:
    try:
        pupil = await moving.move_by_code(turn.db, turn.pupil, turn.command_argument, turn.at)
    except MoveRefused as refused:
        return [Say(said(turn, f"move-refused-{refused.reason}"))]
    return [Say(words(pupil.language)("moved"), where_to(words(pupil.language)))]
