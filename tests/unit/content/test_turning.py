"""Choices in another order: what goes with them, and what stays."""

import re
from collections import Counter

import pytest

from src.answers import Outcome, grade_problem
from src.content.checks import check_row
from src.content.faults import Severity
from src.content.turning import can_turn, turn
from tests.unit.content.good import library

CHOICES = [problem for problem in library() if problem.choices]


def test_the_same_choice_is_right_and_each_mistake_goes_with_its_own() -> None:
    for problem in CHOICES:
        turned = turn(problem, f"any {problem.external_id}")
        assert problem.choices is not None
        assert turned.choices is not None
        for language in ("en", "bn"):
            before = dict(zip("ABCD", problem.choices[language], strict=False))
            after = dict(zip("ABCD", turned.choices[language], strict=False))
            assert after[turned.answer] == before[problem.answer]
            pairs = zip(problem.misconceptions, turned.misconceptions, strict=True)
            assert all(before[a["answer"]] == after[b["answer"]] for a, b in pairs)
        faults = [f for f in check_row(turned) if f.severity is Severity.FAULT]
        assert faults == []
        assert grade_problem(turned.answer, turned).outcome is Outcome.CORRECT


@pytest.mark.parametrize("name", ["G6-GEO-SHAPE-002", "G7-RATIONAL-001", "G7-SIMILAR-001"])
def test_the_letter_at_the_end_of_a_solution_goes_with_the_answer(name: str) -> None:
    problem = next(one for one in CHOICES if one.external_id == name)
    for seed in range(12):
        turned = turn(problem, str(seed))
        bangla = "কখগঘ"["ABCD".index(turned.answer)]
        for text, letter in ((turned.solution_en, turned.answer), (turned.solution_bn, bangla)):
            assert re.search(rf"(?<![\w]){letter}(?![\w])", text[-24:])


def test_steps_and_letters_of_a_picture_keep_their_order() -> None:
    kept = [problem for problem in CHOICES if not can_turn(problem)]
    assert any("SLIP" in problem.external_id for problem in kept)
    assert any(problem.figure for problem in kept)
    assert all(turn(problem, "any") is problem for problem in kept)


def test_no_letter_of_the_library_is_right_by_habit() -> None:
    for grade in (6, 7, 8):
        letters = [p.answer for p in CHOICES if p.grade == grade and can_turn(p)]
        counts = Counter(letters)
        assert len(counts) == 4
        assert max(counts.values()) <= 0.45 * len(letters)
        # What comes after four letters is not what came after the same four before.
        fours = Counter(tuple(letters[n : n + 4]) for n in range(len(letters) - 3))
        assert max(fours.values()) <= 2
