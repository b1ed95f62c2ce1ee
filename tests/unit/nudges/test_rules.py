"""Nudges: examples of each rule, and properties over every IANA zone."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.clock import local_day
from src.nudges.rules import (
    History,
    Routine,
    Variant,
    after_nudge,
    choose_variant,
    is_day_for_nudge,
    next_nudge,
    slot,
)
from src.outbox.rules import EARLIEST, LATEST, may_send, window_end
from src.streaks.rules import StreakState

DHAKA = "Asia/Dhaka"
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
EVENING = Routine(DHAKA, time(18, 0))


def at(text: str) -> datetime:
    """Read local Dhaka time, such as "2026-03-01 18:00", as an instant."""
    return datetime.fromisoformat(f"{text}+06:00").astimezone(UTC)


def counted(instant: datetime, timezone: str) -> StreakState:
    """Return a streak in which the day of an instant counts."""
    return StreakState(current=1, last_day=local_day(instant, timezone), last_timezone=timezone)


def nudged_days(history: History, routine: Routine, days: int) -> list[int]:
    """Return on which days, counted from the last practice, a silent pupil is nudged."""
    first, now, found = history.last_seen_at, history.last_seen_at, []
    while (due := next_nudge(routine, history, now)) and due < first + timedelta(days=days):
        day = local_day(due, routine.timezone)
        found.append((day - local_day(first, routine.timezone)).days)
        history, now = after_nudge(history, day), due
    return found


def test_it_is_due_at_six_in_the_evening() -> None:
    history = History(at("2026-03-01 10:00"))
    assert next_nudge(EVENING, history, at("2026-03-01 10:00")) == at("2026-03-01 18:00")


def test_practice_moves_it_to_the_next_day() -> None:
    finished = at("2026-03-05 17:00")
    history = History(at("2026-03-01 10:00"), finished, finished, None, counted(finished, DHAKA))
    assert next_nudge(EVENING, history, finished) == at("2026-03-06 18:00")


def test_only_skipping_does_not() -> None:
    finished = at("2026-03-05 17:00")
    history = History(at("2026-03-01 10:00"), finished, finished)
    assert next_nudge(EVENING, history, finished) == at("2026-03-05 18:00")


def test_a_session_that_was_only_begun_does_not() -> None:
    history = History(at("2026-03-01 10:00"), at("2026-03-05 17:00"))
    assert next_nudge(EVENING, history, at("2026-03-05 17:00")) == at("2026-03-05 18:00")


def test_a_silent_pupil_is_nudged_daily_then_weekly_then_no_more() -> None:
    seen = at("2026-03-01 19:00")
    assert nudged_days(History(seen, seen, seen), EVENING, 400) == [*range(1, 8), 14, 21, 28]


def test_a_day_has_one_nudge() -> None:
    history = after_nudge(History(at("2026-03-01 10:00")), date(2026, 3, 1))
    later = Routine(DHAKA, time(20, 0))
    assert next_nudge(later, history, at("2026-03-01 18:30")) == at("2026-03-02 20:00")


def test_travelling_back_over_the_date_line_earns_no_second_one() -> None:
    history = after_nudge(History(at("2026-03-01 10:00")), date(2026, 3, 3))
    west = Routine("Pacific/Honolulu", time(18, 0))
    due = next_nudge(west, history, at("2026-03-03 12:00"))
    assert due is not None
    assert local_day(due, west.timezone) == date(2026, 3, 4)


def test_nobody_is_nudged_who_does_not_want_it() -> None:
    unwanted = Routine(DHAKA, time(18, 0), wanted=False)
    assert next_nudge(unwanted, History(at("2026-03-01 10:00")), at("2026-03-01 10:00")) is None


@pytest.mark.parametrize(("chosen", "due"), [(time(3, 0), "08:00"), (time(23, 30), "20:59")])
def test_an_hour_of_the_night_is_moved_into_the_day(chosen: time, due: str) -> None:
    assert slot(date(2026, 3, 1), Routine(DHAKA, chosen)) == at(f"2026-03-01 {due}")


def test_the_window_is_open_from_eight_until_before_nine_in_the_evening() -> None:
    day = date(2026, 3, 1)
    open_at = [
        text
        for text in ("07:59", "08:00", "20:59", "21:00")
        if may_send(at(f"2026-03-01 {text}"), day, DHAKA)
    ]
    assert open_at == ["08:00", "20:59"]
    assert window_end(day, DHAKA) == at("2026-03-01 21:00")


def test_a_day_that_a_zone_left_out_has_no_slot() -> None:
    assert slot(date(2011, 12, 30), Routine("Pacific/Apia", time(18, 0))) is None


@pytest.mark.parametrize(
    ("registered", "seen", "streak", "longest", "variant"),
    [
        ("2026-01-01 10:00", "2026-03-09 18:00", 5, 5, Variant.STREAK),
        ("2026-03-08 10:00", "2026-03-09 18:00", 2, 2, Variant.STREAK),
        ("2026-03-09 10:00", "2026-03-09 10:00", 0, 0, Variant.FIRST_DAYS),
        ("2026-03-08 10:00", "2026-03-09 18:00", 1, 1, Variant.FIRST_DAYS),
        ("2026-01-01 10:00", "2026-03-09 18:00", 1, 6, Variant.BACK),
        ("2026-01-01 10:00", "2026-03-06 18:00", 0, 6, Variant.MISSED),
        ("2026-01-01 10:00", "2026-02-24 18:00", 0, 6, Variant.WEEKLY),
    ],
)
def test_the_words_fit_the_case(
    registered: str, seen: str, streak: int, longest: int, variant: Variant
) -> None:
    history = History(at(registered), at(seen), at(seen))
    day = date(2026, 3, 10)
    assert choose_variant(day, EVENING, history, streak=streak, longest=longest) is variant


# From 2005 to 2036, to the second.
INSTANTS = st.integers(1_104_537_600, 2_114_380_800).map(lambda s: datetime.fromtimestamp(s, UTC))
ROUTINES = st.builds(Routine, st.sampled_from(ZONES), st.times())


@given(ROUTINES, INSTANTS, st.timedeltas(timedelta(0), timedelta(days=40)))
@settings(max_examples=800)
def test_every_nudge_is_due_in_the_day_at_the_chosen_hour(
    routine: Routine, registered: datetime, later: timedelta
) -> None:
    after = registered + later
    due = next_nudge(routine, History(registered), after)
    if due is None:
        assert later > timedelta(days=20)
        return
    local = due.astimezone(ZoneInfo(routine.timezone))
    assert due > after
    assert EARLIEST <= local.time() < LATEST
    assert may_send(due, local.date(), routine.timezone)
    assert window_end(local.date(), routine.timezone) > due
    chosen = min(max(routine.nudge_time, EARLIEST), time(20, 59))
    moved = datetime.combine(local.date(), local.time()) - datetime.combine(local.date(), chosen)
    # A clock that is put forward over the chosen hour moves the nudge by as much.
    assert timedelta(0) <= moved <= timedelta(hours=2)


@given(
    st.lists(st.tuples(ROUTINES, st.timedeltas(timedelta(0), timedelta(days=3))), min_size=2),
    INSTANTS,
)
@settings(max_examples=300)
def test_changing_zones_and_hours_never_gives_a_day_two_nudges(
    changes: list[tuple[Routine, timedelta]], begun: datetime
) -> None:
    history, now, days = History(begun, begun), begun, []
    for routine, wait in changes:
        until = now + wait
        while (due := next_nudge(routine, history, now)) and due <= until:
            day = local_day(due, routine.timezone)
            days.append(day)
            history, now = after_nudge(history, day), due
        history, now = History(begun, until, None, history.last_nudged_on), until
    assert days == sorted(set(days))


@given(ROUTINES, INSTANTS)
@settings(max_examples=300)
def test_a_pupil_who_practises_is_not_nudged_on_that_day(
    routine: Routine, finished: datetime
) -> None:
    streak = counted(finished, routine.timezone)
    history = History(finished - timedelta(days=10), finished, finished, None, streak)
    due = next_nudge(routine, history, finished)
    assert due is not None
    assert local_day(due, routine.timezone) > local_day(finished, routine.timezone)
    assert not is_day_for_nudge(local_day(finished, routine.timezone), routine, history)


@given(ROUTINES, INSTANTS)
@settings(max_examples=100)
def test_a_silent_pupil_is_left_alone_after_a_month(routine: Routine, seen: datetime) -> None:
    found = nudged_days(
        History(seen, seen, seen, None, counted(seen, routine.timezone)), routine, 200
    )
    assert len(found) <= 10
    assert set(found) <= {1, 2, 3, 4, 5, 6, 7, 14, 21, 28}
    assert max(found) <= 30


def test_holidays_have_no_nudges_and_nobody_is_missed_in_them() -> None:
    holidays = (date(2026, 3, 3), date(2026, 4, 10))
    routine = replace(EVENING, holidays=holidays)
    seen = at("2026-03-01 10:00")
    # Six weeks without practice: without holidays nobody would be written to any more.
    assert nudged_days(History(seen, seen), routine, 50)[:3] == [0, 1, 41]
    assert nudged_days(History(seen, seen), EVENING, 50)[-1] <= 30


@given(ROUTINES, INSTANTS, st.integers(0, 40), st.integers(0, 60))
@settings(max_examples=100)
def test_no_day_of_the_holidays_has_a_nudge(
    routine: Routine, seen: datetime, begins: int, lasts: int
) -> None:
    first = local_day(seen, routine.timezone) + timedelta(days=begins)
    last = first + timedelta(days=lasts)
    history, now = History(seen, seen), seen
    while (due := next_nudge(replace(routine, holidays=(first, last)), history, now)) is not None:
        day = local_day(due, routine.timezone)
        assert not first <= day <= last
        history, now = after_nudge(history, day), due
