"""/topic: the five come from one chapter for a while."""

from datetime import date, timedelta

from bot.context import Turn
from bot.handlers.common import ends_dialog, registered
from bot.replies import Reply
from bot.views import topic as views
from src.clock import local_day
from src.errors import StaleAction
from src.mastery import service as mastery
from src.practice import service as practice


@ends_dialog
@registered
async def topic(turn: Turn) -> list[Reply]:
    """Answer /topic: which chapter?"""
    topics = await practice.topics(turn.db, turn.pupil)
    running = await mastery.wished(turn.db, turn.pupil.id, _today(turn))
    return [views.which(turn.words, topics, running)]


@ends_dialog
@registered
async def topic_tapped(turn: Turn) -> list[Reply]:
    """Take a chapter, then how long it shall be, or the way back to all of them."""
    chosen, kind = turn.tap.word(0), turn.tap.word(1)
    if chosen == views.MIXED:
        await mastery.wish_nothing(turn.db, turn.pupil.id)
        return [views.mixed(turn.words)]
    if chosen not in await practice.topics(turn.db, turn.pupil):
        raise StaleAction
    if kind not in {views.WEEK, views.TEST}:
        return [views.until(turn.words, chosen, _today(turn))]
    day, is_test = _day(turn), kind == views.TEST
    await mastery.wish_for(turn.db, turn.pupil.id, chosen, day, is_test=is_test)
    return [views.wished(turn.words, chosen, day, is_test=is_test)]


def _day(turn: Turn) -> date:
    """Return the day of a button; one from long ago offers none that is still to come."""
    try:
        day = date.fromisoformat(turn.tap.word(2))
    except ValueError as error:
        raise StaleAction from error
    if not timedelta() <= day - _today(turn) <= timedelta(days=views.DAYS):
        raise StaleAction
    return day


def _today(turn: Turn) -> date:
    return local_day(turn.at, turn.pupil.timezone)
