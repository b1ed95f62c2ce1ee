"""Put the choices of a problem into another order, so that no letter is right by habit."""

import re
from random import Random
from typing import Any

from src.content.rows import ProblemRow
from src.language import Language

LETTERS = {Language.EN: "ABCD", Language.BN: "কখগঘ"}
_IN_ORDER = re.compile(r"Step \(1\)|[A-Z]$")
# How near its end a solution names the letter that is right.
_CLOSE = 24


def can_turn(problem: ProblemRow) -> bool:
    """Return whether the choices have no order of their own: they are no steps and no letters."""
    choices = (problem.choices or {}).get(Language.EN, [])
    return bool(choices) and not any(_IN_ORDER.match(choice) for choice in choices)


def turn(problem: ProblemRow, seed: str) -> ProblemRow:
    """Return a problem with its choices in an order that the seed gives; others as they are.

    The answer, the answers of the typical mistakes and the letter at the end of the solution go
    with their choice.
    """
    if problem.choices is None or not can_turn(problem):
        return problem
    order = [*range(len(problem.choices[Language.EN]))]
    Random(seed).shuffle(order)  # noqa: S311 - an order, not a secret
    english = LETTERS[Language.EN]
    moved = {english[old]: english[new] for new, old in enumerate(order)}
    values: dict[str, Any] = {
        "choices": {key: [texts[old] for old in order] for key, texts in problem.choices.items()},
        "answer": moved[problem.answer],
        "solution_check": _check_in_order(problem.solution_check, order),
        "misconceptions": [
            {**mistake, "answer": moved.get(mistake["answer"], mistake["answer"])}
            for mistake in problem.misconceptions
        ],
        "solution_en": _renamed(problem.solution_en, problem.answer, moved, Language.EN),
        "solution_bn": _renamed(problem.solution_bn, problem.answer, moved, Language.BN),
    }
    return ProblemRow.model_validate(problem.model_dump() | values)


def _check_in_order(check: str, order: list[int]) -> str:
    """Return a check whose relations, one for each choice, stand in the order of the choices."""
    clauses = [clause.strip() for clause in check.split(";")]
    for place, clause in enumerate(clauses):
        kind, _, body = clause.partition(":")
        if kind == "which":
            relations = [relation.strip() for relation in body.split("|")]
            clauses[place] = f"which: {' | '.join(relations[old] for old in order)}"
    return "; ".join(clauses)


def _renamed(text: str, answer: str, moved: dict[str, str], language: Language) -> str:
    """Return a solution that names the new letter where it ends with the old one."""
    english, letters = LETTERS[Language.EN], LETTERS[language]
    old, new = (letters[english.index(letter)] for letter in (answer, moved[answer]))
    start = max(0, len(text) - _CLOSE)
    alone = re.compile(rf"(?<![\w\u0980-\u09ff]){old}(?![\w\u0980-\u09ff])")
    found = [*alone.finditer(text, start)]
    if not found:
        return text
    last = found[-1]
    return text[: last.start()] + new + text[last.end() :]
