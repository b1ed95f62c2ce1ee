"""The answers of two solvers who saw only the questions, held against the keys of the library."""

import csv

import pytest

from src.answers import AnswerType, Outcome, grade_problem
from src.content.rows import ProblemRow
from tests.unit.content.good import CONTENT, library

LANGUAGES = ("answer_from_en", "answer_from_bn")


@pytest.fixture(scope="module")
def problems() -> dict[str, ProblemRow]:
    return {problem.external_id: problem for problem in library()}


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, str]]:
    with (CONTENT / "review-answers.csv").open(encoding="utf-8", newline="") as file:
        return {row["external_id"]: row for row in csv.DictReader(file)}


def accepts(problem: ProblemRow, typed: str) -> bool:
    """Return whether the key accepts an answer, or accepts it once the stored unit is added."""
    unit = problem.answer_options.get("unit", "")
    if problem.answer_type is AnswerType.MONEY:
        unit = "taka"
    return any(
        grade_problem(text, problem).outcome is Outcome.CORRECT
        for text in (typed, f"{typed} {unit}")
    )


def with_key(problem: ProblemRow, answer: str) -> ProblemRow:
    """Return the problem with another key, without the other spellings of the right one."""
    options = {name: value for name, value in problem.answer_options.items() if name != "accept"}
    return problem.model_copy(update={"answer": answer, "answer_options": options})


def test_every_problem_was_solved_from_both_languages(
    problems: dict[str, ProblemRow], answers: dict[str, dict[str, str]]
) -> None:
    assert sorted(answers) == sorted(problems)
    assert [row for row in answers.values() if not all(row[name] for name in LANGUAGES)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_key_accepts_both_answers(
    language: str, problems: dict[str, ProblemRow], answers: dict[str, dict[str, str]]
) -> None:
    refused = {
        name for name, problem in problems.items() if not accepts(problem, answers[name][language])
    }

    assert refused == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_typical_mistake_in_place_of_the_key_would_have_been_noticed(
    language: str, problems: dict[str, ProblemRow], answers: dict[str, dict[str, str]]
) -> None:
    unnoticed = [
        (name, mistake["answer"])
        for name in problems
        for mistake in problems[name].misconceptions
        if accepts(with_key(problems[name], mistake["answer"]), answers[name][language])
    ]

    assert unnoticed == []
