"""Momentum, forecast and sentences of one pupil."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from src.insights.intervals import LEAST_ERRORS
from src.insights.practice import (
    PracticeAnswer,
    Trend,
    calculate_grade_momentum,
    chance_of_drop,
    change_between,
    forecast_each,
    generate_performance_insights,
    predict_final_grade,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
shares = st.lists(st.booleans(), min_size=20, max_size=80)


def answers(signs: str, topics: Sequence[str] = "r", hints: int = 0) -> list[PracticeAnswer]:
    return [
        PracticeAnswer(
            NOON + timedelta(days=n // 5), topics[n % len(topics)], n, sign == "1", hints, 60
        )
        for n, sign in enumerate(signs)
    ]


def test_a_clear_fall_and_a_clear_rise_are_named_with_their_numbers() -> None:
    down = calculate_grade_momentum(answers("1110" * 15 + "0100" * 10))
    assert (down.trend, down.earlier, down.later, down.answers) == (Trend.FALLING, 0.75, 0.25, 100)
    assert down.window == (NOON.date(), NOON.date() + timedelta(days=19))
    assert down.change is not None
    assert down.change.low < -0.4 < down.change.high < 0
    up = calculate_grade_momentum(answers("0100" * 15 + "1110" * 10))
    assert up.trend is Trend.RISING


def test_the_same_again_is_no_clear_change_and_little_is_too_little() -> None:
    assert calculate_grade_momentum(answers("1101" * 30)).trend is Trend.NO_CLEAR_CHANGE
    few = calculate_grade_momentum(answers("1101" * 14))
    assert (few.trend, few.change, few.answers) == (Trend.TOO_LITTLE_DATA, None, 56)


@given(shares, shares)
def test_a_change_lies_in_its_range_and_mirrors_when_the_windows_do(
    a: list[bool], b: list[bool]
) -> None:
    there, back = change_between(a, b), change_between(b, a)
    assert -1 <= there.low <= there.expected <= there.high <= 1
    assert abs(there.expected + back.expected) < 1e-9


@given(shares, shares)
def test_the_chance_of_a_drop_falls_with_its_size(a: list[bool], b: list[bool]) -> None:
    chances = [chance_of_drop(a, b, points) for points in (-0.5, 0.0, 0.1, 0.5)]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= chance <= 1 for chance in chances)


def test_a_forecast_needs_25_answers_on_5_days_and_says_what_it_rests_on() -> None:
    errors = {25: [0.1] * LEAST_ERRORS}
    told = predict_final_grade(answers("1101" * 8), 0.7, errors, coverage=0.79)
    assert told.expected is not None
    assert told.expected.low < told.expected.expected < told.expected.high
    assert (told.answers, told.days, told.coverage) == (32, 7, 0.79)
    assert told.window == (NOON.date(), NOON.date() + timedelta(days=6))
    assert predict_final_grade(answers("1101" * 6), 0.7, errors).expected is None
    at_once = [a for a in answers("1" * 40) if a.at < NOON + timedelta(days=4)] * 2
    assert predict_final_grade(at_once, 0.7, errors).expected is None, "on four days"
    assert predict_final_grade(answers("1101" * 8), 0.7, {}).expected is None


def test_sentences_hold_what_can_be_counted() -> None:
    done = answers("10" * 20, topics="ab", hints=1)
    found = {one.key: one.values for one in generate_performance_insights(done)}
    assert found["insight-overall"] == {"right": 20, "answers": 40, "days": 8}
    assert found["insight-strong"] == {"topic": "a", "right": 20, "answers": 20}
    assert found["insight-hard"] == {"topic": "b", "right": 0, "answers": 20}
    assert found["insight-hints"] == {"helped": 40, "answers": 40}


def test_there_are_at_most_five_and_little_is_said_of_little() -> None:
    many = answers("1110" * 15 + "0100" * 10, topics="abc", hints=1)
    assert len(generate_performance_insights(many)) <= 5
    [said] = generate_performance_insights(answers("111"))
    assert (said.key, said.values) == ("insight-too-little", {"answers": 3})


def test_the_others_of_a_class_say_how_wide_a_forecast_is() -> None:
    dice = Random(16)
    pupils = {n: answers("".join(dice.choice("1101") for _ in range(170))) for n in range(30)} | {
        99: answers("11")
    }
    found = forecast_each(pupils)
    assert found[99].expected is None
    first = found[0].expected
    assert first is not None
    assert first.low < 0.75 < first.high
    assert first.high - first.low < 0.4
    assert found[0].coverage is not None
    assert 0.6 < found[0].coverage < 0.95
    assert forecast_each({}) == {}
