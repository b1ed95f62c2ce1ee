"""Ranges for the share right of the next answers."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from src.insights.intervals import (
    LEAST_ANSWERS,
    LEAST_ERRORS,
    Coverage,
    errors_of,
    expected_share,
    interval_coverage,
    predict,
)

answers = st.lists(st.booleans(), max_size=120)


def steady_pupils(count: int, seed: int) -> list[list[bool]]:
    rng = Random(seed)
    talents = [rng.uniform(0.3, 0.95) for _ in range(count)]
    return [[rng.random() < talent for _ in range(130)] for talent in talents]


@given(answers, st.floats(0, 1), st.floats(0, 0.5))
def test_a_range_lies_between_nothing_and_all(seen: list[bool], mean: float, error: float) -> None:
    found = predict(seen, mean, {step: [error] * LEAST_ERRORS for step in (25, 50, 100, 200)})
    if len(seen) < LEAST_ANSWERS:
        assert found is None
    else:
        assert found is not None
        assert 0 <= found.low <= found.expected <= found.high <= 1


def test_too_few_other_pupils_give_no_range() -> None:
    assert predict([True] * 40, 0.7, {25: [0.1] * (LEAST_ERRORS - 1)}) is None


def test_little_seen_stays_near_the_mean_of_all() -> None:
    assert expected_share([], 0.7) == 0.7
    assert 0.7 < expected_share([True] * 8, 0.7) < expected_share([True] * 60, 0.7)


def test_ranges_of_steady_pupils_hold_in_eight_of_ten_cases() -> None:
    found = interval_coverage(steady_pupils(400, seed=5))
    assert found.coverage is not None
    assert found.half_width is not None
    assert 0.75 <= found.coverage <= 0.85
    assert found.half_width < 0.2


def test_errors_are_kept_by_how_much_was_known() -> None:
    errors = errors_of([[True] * 130], 0.5)
    assert [len(errors[step]) for step in (25, 50, 100, 200)] == [1, 2, 0, 0]


def test_a_short_log_states_no_range() -> None:
    assert interval_coverage([[True] * 30]) == Coverage(0, None, None)
