"""When a mistake is told, looked at again, and gone."""

from datetime import UTC, datetime, timedelta

import pytest

from src.language import Bilingual
from src.mastery.mistakes import (
    Ending,
    Meeting,
    OpenMistake,
    check_problem_due,
    in_turn,
    is_pattern,
    rights_after,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
RIGHT = Ending(showed=False, is_correct=True, attempts=1, hints_used=0)
SHOWED = Ending(showed=True, is_correct=True, attempts=2, hints_used=0)


def met(shows: str) -> list[Meeting]:
    """Return meetings with different problems, the latest first: x where the mistake showed."""
    return [Meeting(number, sign == "x") for number, sign in enumerate(shows)]


def mistake(rights: int = 0, told: int = 0, checked: int | None = None) -> OpenMistake:
    checked_at = None if checked is None else NOON + timedelta(days=checked)
    told_at = NOON + timedelta(days=told)
    return OpenMistake(told, "a", Bilingual("A", "ক"), told_at, checked_at, rights)


@pytest.mark.parametrize(
    ("shows", "expected"),
    [
        ("xxx", True),
        ("xx", False),
        ("x.x.x", True),
        ("x..xx", True),
        ("x...xx", False),
        (".....xxx", False),
        ("", False),
    ],
)
def test_three_of_the_latest_five_are_a_pattern(shows: str, *, expected: bool) -> None:
    assert is_pattern(met(shows)) is expected


def test_the_same_problem_again_is_no_other_problem() -> None:
    assert not is_pattern([Meeting(1, showed=True)] * 3)


@pytest.mark.parametrize(
    ("before", "results", "after"),
    [
        (0, [RIGHT, RIGHT], 2),
        (1, [RIGHT], 2),
        (1, [SHOWED], 0),
        (1, [SHOWED, RIGHT], 1),
        (1, [RIGHT._replace(attempts=2)], 1),
        (1, [RIGHT._replace(hints_used=1)], 2),
        (1, [RIGHT._replace(hints_used=2)], 1),
        (1, [RIGHT._replace(is_correct=False)], 1),
        (1, [], 1),
    ],
)
def test_what_is_right_at_once_counts_until_it_shows_again(
    before: int, results: list[Ending], after: int
) -> None:
    assert rights_after(before, results) == after


def test_a_problem_that_was_never_asked_comes_first_then_the_one_asked_longest_ago() -> None:
    asked = {1: NOON, 2: NOON - timedelta(days=1)}

    assert check_problem_due(mistake(), [1, 2, 4, 3], asked) == 3
    assert check_problem_due(mistake(), [1, 2], asked) == 2
    assert check_problem_due(mistake(), [], asked) is None
    assert check_problem_due(mistake(rights=2), [1], asked) is None


def test_each_open_mistake_has_its_turn() -> None:
    mistakes = [mistake(told=0, checked=5), mistake(told=1, checked=4), mistake(told=3)]

    assert [one.id for one in in_turn(mistakes)] == [3, 1, 0]
