"""The texts of a problem, one by one, as templates address them."""

import json
from collections.abc import Mapping
from typing import Any

from src.content.rows import HINTS, LANGUAGES, ProblemRow

_PARTS = ("answer", "en", "bn")


def split_cells(problem: ProblemRow) -> dict[str, str]:
    """Return every text that may hold numbers, by the name of its cell."""
    cells = {
        "question_en": problem.question_en,
        "question_bn": problem.question_bn,
        "answer": problem.answer,
        "answer_options": json.dumps(problem.answer_options, ensure_ascii=False),
        "solution_en": problem.solution_en,
        "solution_bn": problem.solution_bn,
        "solution_check": problem.solution_check,
    }
    if problem.figure is not None:
        cells["figure"] = json.dumps(problem.figure, ensure_ascii=False)
    for language in LANGUAGES:
        for step in range(1, HINTS + 1):
            cells[f"hint{step}_{language}"] = problem.hint(step, language)
        for number, choice in enumerate((problem.choices or {}).get(language, []), start=1):
            cells[f"choice{number}_{language}"] = choice
    for number, misconception in enumerate(problem.misconceptions, start=1):
        for part in _PARTS:
            cells[f"misconception{number}_{part}"] = misconception[part]
    return cells


def join_cells(problem: ProblemRow, cells: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of a problem with all its texts replaced.

    Args:
        problem: The problem that ``split_cells`` was called for.
        cells: A text for each of its cells.

    Raises:
        ValueError: ``answer_options`` or ``figure`` is not JSON.
    """
    choices = problem.choices and {
        language: [cells[f"choice{i}_{language}"] for i, _ in enumerate(texts, start=1)]
        for language, texts in problem.choices.items()
    }
    return {
        **problem.model_dump(),
        **{name: cells[name] for name in problem.model_fields_set & cells.keys()},
        "answer_options": json.loads(cells["answer_options"]),
        "figure": json.loads(cells["figure"]) if "figure" in cells else None,
        "choices": choices,
        "hints": [
            {language: cells[f"hint{step}_{language}"] for language in LANGUAGES}
            for step in range(1, HINTS + 1)
        ],
        "misconceptions": [
            {**old, **{part: cells[f"misconception{number}_{part}"] for part in _PARTS}}
            for number, old in enumerate(problem.misconceptions, start=1)
        ],
    }
