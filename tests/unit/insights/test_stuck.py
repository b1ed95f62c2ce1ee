"""The flag "stuck" and what it is held against."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.insights.stuck import chance_of_no_row, gets_there, is_stuck

chances = st.floats(0, 1)


@given(st.integers(0, 2), st.integers(0, 7), chances)
def test_the_chance_of_no_row_is_that_of_all_ways_it_can_go(
    row: int, left: int, chance: float
) -> None:
    total = 0.0
    for ways in product([False, True], repeat=left):
        if gets_there([True] * row + list(ways)) is not True:
            total += chance ** sum(ways) * (1 - chance) ** (left - sum(ways))
    assert chance_of_no_row(row, left, chance) == pytest.approx(total)


@pytest.mark.parametrize(
    ("answers", "there"),
    [
        ("", None),
        ("101", None),
        ("111", True),
        ("0000000111", True),
        ("00000001111", True),
        ("0000000011", False),
        ("00000000111", False),
        ("110110110", None),
    ],
)
def test_who_gets_there(answers: str, there: bool | None) -> None:
    assert gets_there([sign == "1" for sign in answers]) is there


def test_wrong_again_and_again_is_stuck_and_three_right_is_not() -> None:
    assert is_stuck([False] * 8, [0.3] * 8)
    assert not is_stuck([False] * 4, [0.3] * 4), "too little is known after four"
    assert not is_stuck([False, True, True, True, False, False, False, False], [0.3] * 8)
    assert not is_stuck([False] * 7, [0.9] * 7), "who is about to get there is left alone"
