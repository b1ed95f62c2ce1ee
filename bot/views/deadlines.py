"""Reminders of deadlines, holidays and the calendar, as a pupil sees them. Pure and synchronous."""

from datetime import date, timedelta

from bot.callbacks import Action, encode
from bot.replies import Button, Say
from bot.views.due import day_name
from bot.views.tasks import list_button
from bot.words import Words
from src.deadlines.rules import TIERS, Tier

_WEEKS = (1, 2, 3, 4, 6)


def menu(
    t: Words, wanted: frozenset[Tier], offered: frozenset[Tier], *, digest: bool, holidays: str
) -> Say:
    """Return which reminders come, with a button to switch each.

    Args:
        t: The texts.
        wanted: The tiers that come.
        offered: Those that can be switched on.
        digest: Whether the digest of Monday comes.
        holidays: When they are, or that there are none.
    """
    rows = [
        [Button(f"{_sign(tier in wanted)} {t(f'tier-{tier}')}", _tier(tier))]
        for tier in TIERS
        if tier in offered
    ]
    switch = encode(Action.DEADLINES, "digest", "n" if digest else "y")
    rows += [
        [Button(f"{_sign(digest)} {t('button-digest')}", switch)],
        [Button(t("button-holidays"), encode(Action.DEADLINES, "holidays"))],
        [Button(t("button-calendar"), encode(Action.DEADLINES, "calendar")), list_button(t)],
    ]
    return Say(t("reminders-menu", holidays=holidays), rows)


def _sign(is_on: bool) -> str:
    return "🔔" if is_on else "🔕"


def _tier(tier: Tier) -> str:
    return encode(Action.DEADLINES, "tier", tier)


def ask_holidays(t: Words, today: date) -> Say:
    """Ask how long no nudges and no digests are to come."""
    rows = [[Button(t("button-weeks", count=n), _until(today, n))] for n in _WEEKS]
    off = Button(t("button-no-holidays"), encode(Action.DEADLINES, "free", "-"))
    return Say(t("holidays-ask"), [*rows, [off]])


def _until(today: date, weeks: int) -> str:
    return encode(Action.DEADLINES, "free", (today + timedelta(weeks=weeks, days=-1)).isoformat())


def holidays(t: Words, until: date | None, today: date) -> str:
    """Say until when the holidays are."""
    if until is None or until < today:
        return t("holidays-none")
    return t("holidays-until", day=day_name(t, until, today))


def calendar_soon(t: Words, *, has_address: bool) -> Say:
    """Say that the file is on its way, and offer an address that keeps itself fresh."""
    offer = Button(t("button-calendar-address"), encode(Action.DEADLINES, "feed"))
    return Say(t("calendar-soon"), [*([[offer]] if has_address else []), [list_button(t)]])


def calendar_address(t: Words, url: str) -> Say:
    """Say a private address, once, and how to end it."""
    end = Button(t("button-calendar-end"), encode(Action.DEADLINES, "feed-end"))
    return Say(t("calendar-address", url=url), [[end], [list_button(t)]])


def no_calendar(t: Words) -> Say:
    """Say that there is nothing with a date."""
    return Say(t("calendar-empty"), [[Button(t("button-add-task"), encode(Action.ADD, "new"))]])
