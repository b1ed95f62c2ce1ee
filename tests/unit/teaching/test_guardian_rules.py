"""When an adult is told of a week, and what."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.guardians import week_text
from bot.words import words
from src.teaching.guardian_rules import DAYS, TopicWeek, Week, next_message, summed_up

zones = st.sampled_from(["Asia/Dhaka", "Europe/Berlin", "Pacific/Kiritimati", "America/Adak"])
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive


@given(instants, zones)
def test_the_message_comes_within_a_week_at_five_on_the_day_off(now: datetime, zone: str) -> None:
    due = next_message(now, zone)
    local = due.astimezone(ZoneInfo(zone))
    assert now < due <= now + timedelta(days=DAYS, hours=1), "a clock may be turned back"
    assert (local.hour, local.weekday()) == (17, 4 if zone == "Asia/Dhaka" else 6)
    assert next_message(due, zone) > due


def test_what_is_hard_is_named_from_three_problems_on() -> None:
    topics = [TopicWeek("sets", 3, 1), TopicWeek("data", 2, 0), TopicWeek("circle", 5, 5)]
    week = summed_up("Mitu", 4, topics, [])
    assert week == Week("Mitu", 4, 10, [], well="circle", hard="sets")
    mastered = summed_up("Mitu", 4, topics, ["circle"])
    assert (mastered.learnt, mastered.well) == (["circle"], "")
    assert summed_up("Mitu", 1, [TopicWeek("sets", 4, 2)], []) == Week("Mitu", 1, 4, [])


@pytest.mark.parametrize("language", ["en", "bn"])
@given(
    st.builds(
        Week,
        name=st.just("<Mitu>"),
        days=st.integers(0, 7),
        problems=st.integers(0, 60),
        learnt=st.lists(st.sampled_from(["sets", "data"]), max_size=2, unique=True),
        well=st.sampled_from(["", "circle"]),
        hard=st.sampled_from(["", "triangles"]),
    )
)
def test_a_week_in_words_is_short_and_ends_with_one_question(language: str, week: Week) -> None:
    t = words(language)
    lines = week_text(t, week).split("\n")
    assert 3 <= len(lines) <= 6
    assert "&lt;Mitu&gt;" in lines[0]
    assert lines[-1].startswith("🏠")
    assert sum(line.startswith("🏠") for line in lines) == 1
    if week.days:
        assert t.number(week.days) in lines[1]
