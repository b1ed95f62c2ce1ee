"""/reminders and /calendar: which reminders come, holidays, and the list as a file."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.context import Turn
from bot.handlers.common import ends_dialog, in_place, registered
from bot.replies import Reply, Say
from bot.updates import Handler
from bot.views import deadlines as views
from src.accounts import service as accounts
from src.clock import local_day
from src.deadlines import feeds, rules, service
from src.deadlines.rules import Tier
from src.errors import StaleAction
from src.premium import service as premium

_LONGEST_HOLIDAYS = timedelta(weeks=15)


@ends_dialog
@registered
async def reminders(turn: Turn) -> list[Reply]:
    """Answer /reminders."""
    return [await _menu(turn)]


async def _menu(turn: Turn) -> Say:
    chosen = await service.choices(turn.db, turn.pupil)
    has_premium = await premium.is_premium(turn.db, turn.pupil.person_id, turn.at)
    _, until = await accounts.holidays(turn.db, turn.pupil)
    return views.menu(
        turn.words,
        rules.wanted_tiers(chosen.muted_tiers, is_premium=has_premium),
        rules.wanted_tiers(0, is_premium=has_premium),
        digest=has_premium and chosen.next_digest_at is not None,
        holidays=views.holidays(turn.words, until, _today(turn)),
    )


def _today(turn: Turn) -> date:
    return local_day(turn.at, turn.pupil.timezone)


@ends_dialog
@registered
async def deadlines_tapped(turn: Turn) -> list[Reply]:
    """Switch a reminder, set holidays, or send the calendar."""
    match turn.tap.word(0):
        case "menu":
            return [await _menu(turn)]
        case "tier" if turn.tap.word(1) in set(Tier):
            await service.toggle_tier(turn.db, turn.pupil, Tier(turn.tap.word(1)))
        case "digest":
            wanted = turn.tap.word(1) == "y"
            await service.choose_digest(turn.db, turn.pupil, turn.at, wanted=wanted)
        case "holidays":
            said = views.ask_holidays(turn.words, _today(turn))
            return [in_place(turn, said.text, said.keyboard)]
        case "free":
            await _set_holidays(turn)
        case "calendar" | "feed" | "feed-end" as what:
            return await _CALENDAR[what](turn)
        case _:
            raise StaleAction
    said = await _menu(turn)
    return [in_place(turn, said.text, said.keyboard)]


async def _set_holidays(turn: Turn) -> None:
    today, chosen = _today(turn), turn.tap.word(1)
    if chosen == "-":
        await accounts.set_holidays(turn.db, turn.pupil, None, None)
        return
    try:
        until = date.fromisoformat(chosen)
    except ValueError as error:
        raise StaleAction from error
    if not today <= until <= today + _LONGEST_HOLIDAYS:
        raise StaleAction
    await accounts.set_holidays(turn.db, turn.pupil, today, until)


@ends_dialog
@registered
async def calendar(turn: Turn) -> list[Reply]:
    """Answer /calendar: the file is made and sent in the background."""
    found = await service.calendar_tasks(turn.db, turn.pupil, turn.at)
    if not found:
        return [views.no_calendar(turn.words)]
    await service.ask_calendar(turn.db, turn.pupil)
    has_premium = await premium.is_premium(turn.db, turn.pupil.person_id, turn.at)
    has_address = has_premium and turn.web_url is not None
    return [views.calendar_soon(turn.words, has_address=has_address)]


async def _address(turn: Turn) -> list[Reply]:
    """Make a private address, which ends the one before."""
    has_premium = await premium.is_premium(turn.db, turn.pupil.person_id, turn.at)
    if turn.web_url is None or not has_premium:
        raise StaleAction
    token = await feeds.open_feed(turn.db, turn.pupil, turn.at)
    said = views.calendar_address(turn.words, f"{turn.web_url}/calendar/{token}.ics")
    return [in_place(turn, said.text, said.keyboard)]


async def _end_address(turn: Turn) -> list[Reply]:
    await feeds.end_feeds(turn.db, turn.pupil, turn.at)
    return [in_place(turn, turn.words("calendar-ended"))]


_CALENDAR: Mapping[str, Handler] = {
    "calendar": calendar,
    "feed": _address,
    "feed-end": _end_address,
}
