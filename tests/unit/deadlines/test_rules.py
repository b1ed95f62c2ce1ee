"""When reminders come: examples of each rule, and properties over every IANA zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.clock import local_day
from src.deadlines import rules
from src.deadlines.rules import Tier, When
from src.outbox.rules import is_quiet

DHAKA = "Asia/Dhaka"
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
)


def at(text: str) -> datetime:
    """Read local Dhaka time, such as "2026-03-01 18:00", as an instant."""
    return datetime.fromisoformat(f"{text}+06:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("tier", "expected"),
    [
        (Tier.WEEK, "2026-03-04 17:00"),
        (Tier.THREE_DAYS, "2026-03-08 17:00"),
        (Tier.DAY, "2026-03-10 17:00"),
        # Five in the morning: it waits for eight, well before five in the afternoon.
        (Tier.TWELVE_HOURS, "2026-03-11 08:00"),
        (Tier.THREE_HOURS, "2026-03-11 14:00"),
        (Tier.HOUR, "2026-03-11 16:00"),
    ],
)
def test_a_tier_comes_so_long_before(tier: Tier, expected: str) -> None:
    assert rules.reminder(at("2026-03-11 17:00"), tier, DHAKA) == at(expected)


@pytest.mark.parametrize("tier", [Tier.THREE_HOURS, Tier.HOUR])
def test_what_is_due_at_eight_is_told_the_evening_before(tier: Tier) -> None:
    """Rule 36: six hours before eight in the morning helps nobody."""
    assert rules.reminder(at("2026-03-11 08:00"), tier, DHAKA) == at("2026-03-10 20:30")


def test_what_is_due_after_midnight_is_told_in_the_evening() -> None:
    assert rules.reminder(at("2026-03-11 00:30"), Tier.HOUR, DHAKA) == at("2026-03-10 20:30")


def test_the_last_minute_of_a_day_is_told_before_nine() -> None:
    due = rules.end_of_day(date(2026, 3, 11), DHAKA)
    assert due == at("2026-03-11 23:59")
    assert rules.reminder(due, Tier.HOUR, DHAKA) == at("2026-03-11 20:30")
    assert rules.reminder(due, Tier.THREE_HOURS, DHAKA) == at("2026-03-11 20:30")


@given(INSTANTS, st.sampled_from(ZONES), st.sampled_from(list(Tier)))
def test_no_reminder_is_late_or_wakes_anybody(due: datetime, zone: str, tier: Tier) -> None:
    told = rules.reminder(due, tier, zone)
    assert told < due
    assert not is_quiet(told, zone)


@given(INSTANTS, st.sampled_from(ZONES))
def test_nearer_tiers_do_not_come_earlier(due: datetime, zone: str) -> None:
    told = [rules.reminder(due, tier, zone) for tier in rules.TIERS]
    assert told == sorted(told)


@given(INSTANTS, st.sampled_from(ZONES), st.lists(st.integers(1, 60 * 24 * 9), max_size=40))
def test_whoever_looks_when_told_to_tells_each_tier_once(
    due: datetime, zone: str, pauses: list[int]
) -> None:
    """However late somebody looks: each tier is passed once, and the next look is never past."""
    now, sent, told = due - timedelta(days=8), set[Tier](), []
    for pause in pauses:
        came = rules.passed(due, sent, now, zone)
        told += came
        sent |= set(came)
        following = rules.next_reminder(due, sent, zone)
        assert following is None or following > now
        now = max(now, following or now) + timedelta(minutes=pause)
    assert len(told) == len(set(told))


def test_snoozing_is_looked_at_as_well() -> None:
    later = at("2026-03-05 09:00")
    assert rules.next_reminder(at("2026-03-11 17:00"), (), DHAKA, later) == at("2026-03-04 17:00")
    assert rules.next_reminder(None, (), DHAKA, later) == later
    assert rules.next_reminder(None, (), DHAKA) is None


@given(INSTANTS, st.sampled_from(ZONES))
def test_today_is_the_local_day(now: datetime, zone: str) -> None:
    begin, end = rules.day_bounds(now, zone)
    day = local_day(now, zone)
    assert begin <= now < end
    last = end - timedelta(seconds=1)
    # A zone may leave out a day: Samoa's 30 December 2011 lies before what is tried here.
    assert (local_day(begin, zone), local_day(last, zone)) == (day, day)


def test_parts_of_the_list() -> None:
    now = at("2026-03-04 17:00")
    parts = {
        "2026-03-04 16:59": When.OVERDUE,
        "2026-03-04 23:59": When.TODAY,
        "2026-03-05 00:00": When.WEEK,
        "2026-03-10 23:59": When.WEEK,
        "2026-03-11 00:00": When.LATER,
    }
    assert {text: rules.part_of(at(text), now, DHAKA) for text in parts} == parts
    assert rules.part_of(None, now, DHAKA) is When.LATER


def test_five_own_tasks_a_month_are_free() -> None:
    now = at("2026-03-31 23:00")
    assert rules.counted(5, date(2026, 3, 1), now, DHAKA) == 5
    assert not rules.can_add_manual_task(5, is_premium=False)
    assert rules.can_add_manual_task(5, is_premium=True)
    # An hour later it is April there.
    assert rules.counted(5, date(2026, 3, 1), now + timedelta(hours=1), DHAKA) == 0


def test_tiers_that_are_wanted() -> None:
    assert rules.wanted_tiers(0, is_premium=False) == {Tier.DAY}
    assert rules.wanted_tiers(Tier.DAY.bit, is_premium=False) == set()
    assert rules.wanted_tiers(Tier.HOUR.bit, is_premium=True) == set(Tier) - {Tier.HOUR}


@given(INSTANTS, st.sampled_from(ZONES))
def test_tomorrow_wakes_nobody(now: datetime, zone: str) -> None:
    told = rules.tomorrow(now, zone)
    assert not is_quiet(told, zone)
    assert local_day(told, zone) == local_day(now, zone) + timedelta(days=1)


@given(INSTANTS, st.sampled_from(ZONES))
def test_the_digest_comes_on_monday(now: datetime, zone: str) -> None:
    told = rules.next_monday(now, zone)
    local = told.astimezone(ZoneInfo(zone))
    assert local.weekday() == 0
    assert now < told <= now + timedelta(days=8)
