"""What closed problems say of a pupil: mastery, what comes again, how hard problems are."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.mastery.memory import (
    LEVELS,
    ClosedTry,
    Memory,
    Sums,
    Word,
    count_in,
    difficulty_of,
    word_for,
)
from src.mastery.reviews import after_review

DAY = date(2026, 3, 1)
SKILL = ("Algebra", "simplifying")


def closed(session: int = 1, *, right: bool = True, **values: Any) -> ClosedTry:
    defaults: dict[str, Any] = {
        "session_id": session,
        "day": DAY + timedelta(days=session - 1),
        "problem_id": 1,
        "family": "alg-1",
        "topic": SKILL[0],
        "subtopic": SKILL[1],
        "difficulty": 2,
        "first_right": right,
        "is_solved": right,
        "had_help": False,
    }
    return ClosedTry(**defaults | values)


def after(*problems: ClosedTry) -> Memory:
    memory = Memory()
    count_in(memory, problems)
    return memory


def comes_at(memory: Memory) -> int | None:
    return memory.missed["alg-1"].next_session


def test_one_good_evening_is_no_mastery_and_a_second_is() -> None:
    evening = after(*(closed(1) for _ in range(9)))
    assert word_for(evening.skills[SKILL], DAY) is Word.GROWING
    count_in(evening, [closed(2)])
    skill = evening.skills[SKILL]
    assert skill.mastered_on == DAY + timedelta(days=1)
    assert skill.review is not None
    assert skill.review.due_on > skill.mastered_on
    assert word_for(skill, skill.mastered_on) is Word.STRONG
    assert word_for(skill, skill.review.due_on) is Word.DUE
    assert word_for(None, DAY) is Word.NEW


def test_what_was_mastered_stays_so_but_is_called_strong_no_more() -> None:
    memory = after(*(closed(n) for n in range(1, 6)), closed(6, right=False))
    skill = memory.skills[SKILL]
    assert skill.mastered_on is not None
    assert word_for(skill, DAY + timedelta(days=5)) is Word.GROWING
    assert skill.review is not None
    assert skill.review.due_on <= DAY + timedelta(days=7)


def test_a_look_that_went_well_puts_the_next_further_off() -> None:
    first = after_review(None, is_right=True, day=DAY)
    second = after_review(first, is_right=True, day=first.due_on)
    assert second.due_on - first.due_on > first.due_on - DAY
    failed = after_review(first, is_right=False, day=first.due_on)
    assert failed.due_on - first.due_on < second.due_on - first.due_on
    # Who travels west may practise on a day before the last one.
    assert after_review(first, is_right=True, day=DAY - timedelta(days=1)).reviewed_on == DAY


def test_a_missed_family_comes_after_1_3_and_7_sessions_until_it_is_solved_alone() -> None:
    memory = after(closed(1, right=False))
    assert comes_at(memory) == 2
    for session, following in ((2, 5), (3, 10), (4, 11)):
        count_in(memory, [closed(session, right=False, problem_id=session)])
        missed = memory.missed["alg-1"]
        assert (missed.next_session, missed.problem_id) == (following, session)
    helped = closed(5, first_right=False, is_solved=True, had_help=True)
    count_in(memory, [helped])
    assert comes_at(memory) == 12
    count_in(memory, [closed(6, first_right=False, is_solved=True)])
    assert comes_at(memory) is None
    count_in(memory, [closed(7, right=False)])
    assert comes_at(memory) == 8


def test_who_needed_a_hint_has_missed_nothing() -> None:
    assert after(closed(1, first_right=False, is_solved=True, had_help=True)).missed == {}


def test_a_skip_is_missed_but_says_nothing_of_what_a_pupil_can_do() -> None:
    memory = after(closed(1, first_right=None, is_solved=False))
    assert (memory.answers, memory.skills, memory.problems) == (0, {}, {})
    assert (memory.sessions, memory.missed["alg-1"].next_session) == (1, 2)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 3)), min_size=1, max_size=40))
def test_a_pupils_share_in_the_sums_can_be_taken_out(tries: list[tuple[bool, int]]) -> None:
    memory = after(*(closed(n, right=r, difficulty=d) for n, (r, d) in enumerate(tries, 1)))
    sums = memory.problems[1]
    other = Sums(3, 1, 2_000_000, 500_000)
    assert other.plus(sums).plus(sums, times=-1) == other
    assert sums.answers == len(tries)
    assert sums.right == sum(right for right, _ in tries)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_problem_that_is_missed_more_than_expected_is_harder(level: int) -> None:
    hard = difficulty_of(level, Sums(20, 2, 14_000_000, 4_000_000))
    easy = difficulty_of(level, Sums(20, 19, 14_000_000, 4_000_000))
    assert easy.value < LEVELS[level].value < hard.value
    assert hard.variance < LEVELS[level].variance
    assert difficulty_of(level, Sums()).value == LEVELS[level].value
