"""The whole library in ``content/``: every check, and a second opinion on every answer."""

from collections.abc import Iterator
from functools import cache

import pytest

from src.answers import Outcome, grade_problem
from src.content.checks import check_row
from src.content.faults import Fault, Finding, is_fault
from src.content.library import check_paths
from src.content.plan import PLAN_NAME, read_plan
from src.content.reader import ParsedRow
from src.content.rows import ProblemRow
from src.content.script import to_bangla_digits
from src.content.stats import count_library
from src.content.variant_files import PER_TEMPLATE, SEED, vary
from tests.unit.content import second_opinion
from tests.unit.content.good import CONTENT, good_problem, library

# Each line runs for hundreds of problems: what is covered is measured where one is enough.
pytestmark = pytest.mark.no_cover


@cache
def findings() -> list[ParsedRow | Fault]:
    """Return everything that the check of the library says and reads."""
    return list(check_paths([CONTENT]))


@cache
def problems() -> list[ProblemRow]:
    """Return every problem of the library, with its variants."""
    return [item.problem for item in findings() if isinstance(item, ParsedRow)]


def test_the_library_has_no_fault() -> None:
    assert [str(item) for item in findings() if isinstance(item, Fault) and is_fault(item)] == []


def test_the_counts_are_those_of_the_plan() -> None:
    stats = count_library(read_plan(CONTENT / PLAN_NAME), problems())

    assert [place.place for place in stats if not place.fits] == []
    assert sum(sum(place.found.values()) for place in stats) == len(library())


def without_ids(row: ProblemRow) -> ProblemRow:
    """Return a row as its file has it: what is behind a mistake stands in the map."""
    bare = [{k: v for k, v in one.items() if k != "id"} for one in row.misconceptions]
    return row.model_copy(update={"misconceptions": bare})


@pytest.mark.parametrize("grade", [6, 7, 8])
def test_the_variants_are_what_the_templates_make(grade: int) -> None:
    rows = [row for row in problems() if row.variant_of and row.grade == grade]
    stored = {row.external_id: without_ids(row) for row in rows}

    def check(row: ProblemRow) -> list[Finding]:
        # What stands in the library was checked above.
        return [] if stored.get(row.external_id) == row else check_row(row)

    batches = vary(CONTENT, grade, seed=SEED, count=PER_TEMPLATE, check=check)

    assert [row for batch in batches for row in batch.variants] == [*stored.values()]


def failing() -> Iterator[str]:
    for problem in problems():
        if not second_opinion.holds(problem):
            yield f"{problem.external_id}: {problem.answer} by {problem.solution_check}"


def test_sympy_agrees_with_every_answer() -> None:
    assert [*failing()] == []


def test_no_named_mistake_would_pass_the_check_of_its_problem() -> None:
    passing = [
        f"{problem.external_id}: {mistake['answer']} by {problem.solution_check}"
        for problem in problems()
        if second_opinion.is_one_number(problem)
        for mistake in problem.misconceptions
        if second_opinion.holds(problem, mistake["answer"])
    ]

    assert passing == []


def test_every_answer_is_right_in_both_scripts() -> None:
    wrong = [
        (problem.external_id, typed)
        for problem in problems()
        for typed in (problem.answer, to_bangla_digits(problem.answer))
        if grade_problem(typed, problem).outcome is not Outcome.CORRECT
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("answer", "check", "expected"),
    [
        ("84", "verify: ans/240 = 35/100", True),
        ("85", "verify: ans/240 = 35/100", False),
        ("7/2", "value: 3.5; verify: 2ans = 7", True),
        ("9", "value: round(sqrt(80), 0)", True),
        ("6", "verify: gcd(ans, 9) = 3; verify: ans < 7", True),
        ("6", "verify: gcd(ans, 9) = 3; verify: ans < 6", False),
    ],
)
def test_the_second_opinion_can_say_no(answer: str, check: str, expected: bool) -> None:
    problem = good_problem(answer=answer, solution_check=check)

    assert second_opinion.holds(problem) is expected
