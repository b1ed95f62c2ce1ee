"""Choosing five problems, and what follows a verdict."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.answers import Outcome
from src.practice.choosing import Pick, Slot, with_check
from src.practice.rules import (
    Candidate,
    NextStep,
    PastAnswer,
    after_verdict,
    asks_confidence,
    difficulty_mix,
    expected_accuracy,
    session_seed,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def library(size: int = 90, topics: int = 9) -> list[Candidate]:
    return [
        Candidate(n, f"F{n}", f"t{n % topics}", f"s{n % (topics * 2)}", 1 + (n // topics) % 3)
        for n in range(1, size + 1)
    ]


def past(problem: Candidate, *, right: bool, days_ago: float) -> PastAnswer:
    return PastAnswer(
        problem.id, problem.family, problem.difficulty, right, NOW - timedelta(days=days_ago)
    )


def test_seeds_differ_by_pupil_day_and_session() -> None:
    day = date(2026, 3, 1)
    seeds = {
        session_seed(student, day + timedelta(days=n), ordinal)
        for student in range(1, 6)
        for n in range(5)
        for ordinal in range(3)
    }
    assert len(seeds) == 75
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_the_mix_brings_the_expected_accuracy_near_the_target() -> None:
    plenty = dict.fromkeys((1, 2, 3), 30)
    assert difficulty_mix({1: 0.95, 2: 0.9, 3: 0.8}, plenty)[3] >= 4
    assert difficulty_mix({1: 0.5, 2: 0.3, 3: 0.1}, plenty) == {1: 5, 2: 0, 3: 0}
    assert sum(difficulty_mix({1: 0.85, 2: 0.7, 3: 0.5}, {1: 1, 2: 1, 3: 3}).values()) == 5


@given(
    st.lists(
        st.builds(
            PastAnswer,
            problem_id=st.integers(1, 50),
            family=st.just("F"),
            difficulty=st.sampled_from([1, 2, 3]),
            is_correct=st.booleans(),
            answered_at=st.just(NOW),
        ),
        max_size=40,
    )
)
def test_expected_accuracy_is_a_chance_that_falls_with_difficulty(
    answers: list[PastAnswer],
) -> None:
    chances = expected_accuracy(answers)
    assert 1 > chances[1] > chances[2] > chances[3] > 0


ROOM = st.fixed_dictionaries({d: st.integers(0, 9) for d in (1, 2, 3)}).filter(
    lambda room: sum(room.values()) >= 5
)
WINDOW = st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.booleans()), min_size=1, max_size=30)


@settings(max_examples=400, deadline=None)
@given(WINDOW, st.data(), ROOM)
def test_a_wrong_answer_in_place_of_a_right_one_never_makes_the_next_five_harder(
    window: list[tuple[int, bool]], data: st.DataObject, room: dict[int, int]
) -> None:
    place = data.draw(st.integers(0, len(window) - 1))

    def mean(right: bool) -> float:
        marks = [*window[:place], (window[place][0], right), *window[place + 1 :]]
        answers = [PastAnswer(n, "F", d, mark, NOW) for n, (d, mark) in enumerate(marks)]
        mix = difficulty_mix(expected_accuracy(answers), room)
        assert sum(mix.values()) == 5
        assert all(0 <= mix[d] <= room[d] for d in mix)
        return sum(d * n for d, n in mix.items()) / 5

    assert mean(right=False) <= mean(right=True)


def test_failures_at_an_easy_difficulty_pull_the_harder_ones_below_it() -> None:
    easy = library()[0]
    chances = expected_accuracy([past(easy, right=False, days_ago=1)] * 10)
    assert chances[3] < chances[2] < chances[1] < 0.5


def test_who_solves_everything_gets_ever_harder_problems() -> None:
    plenty, answers, asked = dict.fromkeys((1, 2, 3), 90), list[PastAnswer](), []
    for _ in range(6):
        mix = difficulty_mix(expected_accuracy(answers[:30]), plenty)
        asked.append(sum(d * n for d, n in mix.items()))
        answers = [PastAnswer(1, "F", d, True, NOW) for d in mix for _ in range(mix[d])] + answers
    assert asked == sorted(asked)
    assert asked[-1] >= 12


@pytest.mark.parametrize(
    ("outcome", "before", "step"),
    [
        (Outcome.CORRECT, 0, NextStep(1, closed=True, is_correct=True)),
        (Outcome.CORRECT, 2, NextStep(3, closed=True, is_correct=True)),
        (Outcome.WRONG, 0, NextStep(1, closed=False, is_correct=False)),
        (Outcome.WRONG, 2, NextStep(3, closed=True, is_correct=False)),
        (Outcome.WRONG_FORM, 2, NextStep(2, closed=False, is_correct=False)),
        (Outcome.UNREADABLE, 1, NextStep(1, closed=False, is_correct=False)),
    ],
)
def test_what_follows_a_verdict(outcome: Outcome, before: int, step: NextStep) -> None:
    assert after_verdict(outcome, before) == step


def test_confidence_is_asked_once_or_twice_in_five() -> None:
    counts = Counter(sum(asks_confidence(seed, i) for i in range(5)) for seed in range(99))
    assert set(counts) == {1, 2}


def a_candidate(number: int, family: str = "", topic: str = "") -> Candidate:
    return Candidate(number, family or f"f{number}", topic or f"t{number}", "s", 1)


def five_with(check: int, candidates: Mapping[int, Candidate]) -> list[int]:
    picks = [Pick(candidates[number], Slot.MIX) for number in range(1, 6)]
    return [pick.problem.id for pick in with_check(picks, check, candidates)]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (a_candidate(9), [1, 2, 9, 4, 5]),
        (a_candidate(9, topic="t5"), [1, 2, 3, 4, 9]),
        (a_candidate(9, topic="t1"), [1, 2, 9, 4, 5]),
        (a_candidate(9, family="f1"), [9, 2, 3, 4, 5]),
        (a_candidate(9, family="f4", topic="t2"), [1, 2, 3, 9, 5]),
    ],
)
def test_a_check_takes_the_place_of_what_is_like_it(new: Candidate, expected: list[int]) -> None:
    candidates = {one.id: one for one in [*map(a_candidate, range(1, 6)), new]}

    assert five_with(9, candidates) == expected


def test_a_check_never_breaks_a_stem_up() -> None:
    new = a_candidate(9, family="f3")
    candidates = {one.id: one for one in [*map(a_candidate, range(1, 6)), new]}
    slots = [Slot.MIX, Slot.STEM, Slot.STEM, Slot.STEM, Slot.MIX]
    picks = [Pick(candidates[n], slot) for n, slot in enumerate(slots, start=1)]

    assert [pick.problem.id for pick in with_check(picks, 9, candidates)] == [1, 2, 3, 4, 9]


def test_a_check_that_is_there_already_or_is_not_asked_changes_nothing() -> None:
    candidates = {one.id: one for one in map(a_candidate, range(1, 6))}

    assert five_with(4, candidates) == [1, 2, 3, 4, 5]
    assert five_with(9, candidates) == [1, 2, 3, 4, 5]
