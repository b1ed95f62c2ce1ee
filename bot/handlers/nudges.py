"""The daily reminder: on at an hour, or off."""

from datetime import time

from bot.context import Turn
from bot.handlers.common import ends_dialog, saved
from bot.replies import Reply
from bot.views import nudges as views
from bot.views.clock import at_clock
from src.accounts import service as accounts
from src.errors import StaleAction


@ends_dialog
async def nudges_tapped(turn: Turn) -> list[Reply]:
    """Turn the daily reminder on at an hour, or off."""
    t, tap = turn.words, turn.tap
    if tap.word(0) == "off":
        await accounts.choose_nudges(turn.db, turn.pupil, enabled=False)
        said = t("nudges-now-off")
    else:
        hour = tap.number(1)
        if hour not in views.NUDGE_HOURS:
            raise StaleAction
        await accounts.choose_nudges(turn.db, turn.pupil, enabled=True, at=time(hour))
        said = t("nudges-now-at", when=at_clock(t, time(hour)))
    return [await saved(turn, said)]
