"""Streaks: examples of each rule, and properties over every IANA zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from src.clock import local_day
from src.milestones import next_milestone
from src.streaks.rules import (
    Change,
    Practice,
    StreakState,
    alive,
    alive_until,
    finish,
    practised,
)

DHAKA = "Asia/Dhaka"
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    """Read local Dhaka time, such as "2026-03-01 18:00", as an instant."""
    return datetime.fromisoformat(f"{text}+06:00").astimezone(UTC)


def session(started: datetime, completed: datetime, zone: str) -> Practice:
    """Return a session whose first and last problem were closed at its begin and end."""
    return Practice(started, completed, zone, (started, completed))


def worked(zone: str, *instants: datetime) -> Practice:
    """Return a session whose problems were closed at some instants."""
    return Practice(instants[0], instants[-1], zone, instants)


def on(*days: str, state: StreakState | None = None) -> list[StreakState]:
    """Finish a session at six in the evening of each day and return the state after each."""
    states, current = [], state or StreakState()
    for day in days:
        instant = at(f"{day} 18:00")
        current = finish(current, session(instant - 5 * MINUTE, instant, DHAKA)).state
        states.append(current)
    return states


def test_the_first_session_starts_a_streak() -> None:
    instant = at("2026-03-01 18:00")
    step = finish(StreakState(), session(instant, instant, DHAKA))
    assert step.change is Change.STARTED
    assert (step.state.current, step.state.longest) == (1, 1)
    assert step.state.last_day == date(2026, 3, 1)


def test_a_second_session_on_a_day_keeps_it() -> None:
    assert [s.current for s in on("2026-03-01", "2026-03-01", "2026-03-02")] == [1, 1, 2]


def test_a_missed_day_without_a_freeze_starts_again_and_keeps_the_longest() -> None:
    last = on("2026-03-01", "2026-03-02", "2026-03-04")[-1]
    assert (last.current, last.longest) == (1, 2)


def test_seven_days_earn_a_freeze_which_saves_one_missed_day() -> None:
    days = [f"2026-03-{n:02d}" for n in range(1, 8)]
    week = on(*days)[-1]
    assert week.freezes == 1
    instant = at("2026-03-09 18:00")
    step = finish(week, session(instant, instant, DHAKA))
    assert (step.change, step.freezes_used) == (Change.FROZEN, 1)
    assert (step.state.current, step.state.freezes) == (8, 0)


def test_two_freezes_at_most_are_kept() -> None:
    days = [(date(2026, 3, 1) + timedelta(days=n)).isoformat() for n in range(28)]
    assert max(s.freezes for s in on(*days)) == 2


def test_too_many_missed_days_burn_no_freeze() -> None:
    days = [f"2026-03-{n:02d}" for n in range(1, 8)]
    last = on(*days, "2026-03-20")[-1]
    assert (last.current, last.freezes) == (1, 1)


def test_each_milestone_is_reached_once() -> None:
    instant, state, reached = at("2026-03-01 18:00"), StreakState(), []
    for n in range(10):
        gap = 3 if n == 5 else 0
        instant += timedelta(days=1 + gap)
        step = finish(state, session(instant, instant, DHAKA))
        state = step.state
        if step.milestone:
            reached.append(step.milestone)
    assert reached == [3]


def test_milestones_go_on_for_ever() -> None:
    every = [next_milestone(n, ()) for n in (0, 3, 50, 99, 100, 365)]
    assert every == [3, 7, 100, 100, 200, 400]


def test_no_milestone_is_promised_twice() -> None:
    state = on("2026-03-01", "2026-03-02", "2026-03-03", "2026-03-11")[-1]
    assert (state.current, next_milestone(state.current, state.milestones)) == (1, 7)


@settings(max_examples=200, deadline=None)
@given(gaps=st.lists(st.sampled_from((1, 1, 1, 1, 1, 1, 1, 2, 4)), max_size=80))
def test_what_is_promised_is_celebrated_when_the_streak_reaches_it(gaps: list[int]) -> None:
    state, instant = StreakState(), at("2026-03-01 18:00")
    for gap in gaps:
        promised = next_milestone(state.current, state.milestones)
        instant += timedelta(days=gap)
        step = finish(state, session(instant, instant, DHAKA))
        reached = step.state.current > state.current and step.state.current == promised
        assert step.milestone == (promised if reached else None)
        state = step.state


def test_a_session_over_midnight_counts_for_each_day_with_work() -> None:
    state = on("2026-03-01")[-1]
    over = session(at("2026-03-02 23:50"), at("2026-03-03 00:10"), DHAKA)
    step = finish(state, over)
    assert (step.change, step.state.last_day) == (Change.EXTENDED, date(2026, 3, 3))
    again = finish(step.state, session(at("2026-03-03 20:00"), at("2026-03-03 20:10"), DHAKA))
    assert (again.change, again.state.current) == (Change.KEPT, 3)


def test_a_session_over_two_days_loses_none() -> None:
    sunday = on("2026-03-01")[-1]
    over = worked(DHAKA, at("2026-03-02 20:00"), at("2026-03-03 19:00"))
    [wednesday] = on("2026-03-04", state=finish(sunday, over).state)
    assert wednesday.current == 4


def test_skips_at_the_end_count_no_day() -> None:
    begun = at("2026-03-02 20:00")
    over = Practice(begun, at("2026-03-03 19:00"), DHAKA, (begun,))
    state = finish(on("2026-03-01")[-1], over).state
    assert (state.current, state.last_day) == (2, date(2026, 3, 2))
    assert not practised(state, at("2026-03-03 20:00"), DHAKA)


def test_a_session_of_skips_leaves_the_streak_alone() -> None:
    state = on("2026-03-01")[-1]
    for day, running in (("2026-03-02", True), ("2026-03-09", False)):
        begun = at(f"{day} 18:00")
        step = finish(state, Practice(begun, begun, DHAKA, ()))
        assert (step.state, step.change, step.running) == (state, Change.KEPT, running)


def test_a_new_streak_can_begin_with_two_days() -> None:
    old = on("2026-03-01")[-1]
    over = worked(DHAKA, at("2026-03-10 20:00"), at("2026-03-11 19:00"))
    step = finish(old, over)
    assert (step.change, step.state.current) == (Change.RESTARTED, 2)


def test_a_session_over_midnight_on_a_counted_day_counts_for_the_next() -> None:
    state = on("2026-03-02")[-1]
    step = finish(state, session(at("2026-03-02 23:50"), at("2026-03-03 00:10"), DHAKA))
    assert (step.change, step.state.last_day) == (Change.EXTENDED, date(2026, 3, 3))


def test_flying_east_earns_no_second_day() -> None:
    state = on("2026-03-01")[-1]
    later = at("2026-03-01 19:00")
    assert local_day(later, "Pacific/Kiritimati") == date(2026, 3, 2)
    step = finish(state, session(later, later, "Pacific/Kiritimati"))
    assert step.change is Change.KEPT


def test_a_streak_is_alive_until_it_would_start_again() -> None:
    state = on("2026-03-01")[-1]
    assert alive(state, at("2026-03-02 23:59"), DHAKA)
    assert not alive(state, at("2026-03-04 00:01"), DHAKA)
    assert not alive(StreakState(), at("2026-03-01 12:00"), DHAKA)


@settings(max_examples=300, deadline=None)
@given(
    start=st.integers(0, 10**7),
    sessions=st.lists(
        st.tuples(
            st.integers(0, 72 * 60),
            st.lists(st.integers(0, 24 * 60), max_size=5),
            st.sampled_from(ZONES),
        ),
        max_size=12,
    ),
)
def test_a_session_gives_no_more_days_than_it_has(
    start: int, sessions: list[tuple[int, list[int], str]]
) -> None:
    """And button and reminder agree with the streak: what counts no day is practised."""
    state, begun = StreakState(), datetime(2020, 1, 1, tzinfo=UTC) + start * MINUTE
    for gap, minutes, zone in sessions:
        begun += gap * MINUTE
        instants = tuple(begun + m * MINUTE for m in sorted(minutes))
        ended = max((begun, *instants))
        before, state = state, finish(state, Practice(begun, ended, zone, instants)).state
        zones = (zone, before.last_timezone or zone)
        days = {min(local_day(i, z) for z in zones) for i in instants}
        new = {day for day in days if before.last_day is None or day > before.last_day}
        assert state.current <= max(before.current + len(new), len(new))
        counted = state.last_day != before.last_day
        assert counted == any(not practised(before, i, zone) for i in instants)
        begun = ended


instants = st.integers(0, 11 * 365 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + minutes * MINUTE
)


@settings(max_examples=400, deadline=None)
@given(
    start=instants,
    gaps=st.lists(st.integers(1, 24 * 60), min_size=1, max_size=30),
    lengths=st.lists(st.integers(0, 90), min_size=30, max_size=30),
    zones=st.lists(st.sampled_from(ZONES), min_size=31, max_size=31),
)
def test_who_practises_in_every_24_hours_never_loses_a_streak(
    start: datetime, gaps: list[int], lengths: list[int], zones: list[str]
) -> None:
    """Whatever the zones, their changes, DST, and sessions over midnight."""
    state = finish(StreakState(), session(start, start, zones[0])).state
    completed = start
    for gap, length, zone in zip(gaps, lengths, zones[1:], strict=False):
        started = completed + gap * MINUTE
        completed = started + length * MINUTE
        step = finish(state, session(started, completed, zone))
        assert step.change is not Change.RESTARTED
        assert step.freezes_used == 0
        assert step.state.current >= state.current
        state = step.state


@settings(max_examples=400, deadline=None)
@given(
    start=instants,
    moves=st.lists(
        st.tuples(st.integers(0, 40 * 60), st.integers(0, 90), st.sampled_from(ZONES)),
        min_size=1,
        max_size=60,
    ),
)
def test_no_journey_earns_more_days_than_pass_at_home(
    start: datetime, moves: list[tuple[int, int, str]]
) -> None:
    """Days counted never exceed the calendar days of the zone in which the streak began, plus one.

    The one is the difference of zones: whoever moves east for good sees one more midnight.
    """
    state = finish(StreakState(), session(start, start, DHAKA)).state
    completed, counted = start, 1
    for gap, length, zone in moves:
        started = completed + gap * MINUTE
        completed = started + length * MINUTE
        step = finish(state, session(started, completed, zone))
        counted += step.change is not Change.KEPT
        state = step.state
        passed = (completed - start) / timedelta(days=1)
        assert counted <= passed + 3


@settings(max_examples=300, deadline=None)
@given(
    start=instants,
    first=st.sampled_from(ZONES),
    gaps=st.lists(st.integers(0, 12 * 60), min_size=1, max_size=20),
    zones=st.lists(st.sampled_from(ZONES), min_size=20, max_size=20),
)
def test_two_sessions_within_twelve_hours_of_any_trip_never_earn_three_days(
    start: datetime, first: str, gaps: list[int], zones: list[str]
) -> None:
    """A trick of changing zones: within 24 hours at most the two days that midnight parts."""
    state = finish(StreakState(), session(start, start, first)).state
    counted, now = 1, start
    for gap, zone in zip(gaps, zones, strict=False):
        now += gap * MINUTE
        if now - start >= timedelta(hours=24):
            break
        step = finish(state, session(now, now, zone))
        counted += step.change is not Change.KEPT
        state = step.state
    assert counted <= 2


@settings(max_examples=300, deadline=None)
@given(
    start=instants,
    zone=st.sampled_from(ZONES),
    gaps=st.lists(st.integers(0, 72 * 60), min_size=1, max_size=30),
)
def test_a_state_is_always_sound(start: datetime, zone: str, gaps: list[int]) -> None:
    state, now = StreakState(), start
    for gap in gaps:
        now += gap * MINUTE
        before = state
        state = finish(state, session(now, now, zone)).state
        assert 1 <= state.current <= state.longest
        assert 0 <= state.freezes <= 2
        assert state.last_day is not None
        assert before.last_day is None or state.last_day >= before.last_day
        assert len(set(state.milestones)) == len(state.milestones)


@given(
    start=instants,
    gaps=st.lists(st.integers(60, 40 * 60), max_size=20),
    zones=st.lists(st.sampled_from(ZONES), min_size=21, max_size=21),
    later=st.integers(0, 6 * 24 * 60),
)
def test_until_when_a_streak_lives_is_what_the_rules_say(
    start: datetime, gaps: list[int], zones: list[str], later: int
) -> None:
    state = finish(StreakState(), session(start, start, zones[0])).state
    instant = start
    for gap, zone in zip(gaps, zones[1:], strict=False):
        instant += timedelta(minutes=gap)
        state = finish(state, session(instant, instant, zone)).state
    zone = zones[len(gaps)]
    until = alive_until(state, zone)
    assert until is not None
    for moment in (instant + timedelta(minutes=later), until - MINUTE, until + MINUTE):
        if moment > instant:
            assert alive(state, moment, zone) is (moment <= until)
    assert alive_until(StreakState(), zone) is None
