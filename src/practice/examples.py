"""Examples of the kind of answer that a question wants, for who cannot be read. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from src.answers import AnswerType, GradableProblem


class Example(NamedTuple):
    """An answer as it may look.

    Attributes:
        kind: What it is an example of, for the words around it.
        text: The answer, in English digits.
    """

    kind: str
    text: str


# Several of each: the one that is shown must not be the right answer.
_EXAMPLES: Mapping[str, Sequence[str]] = {
    "number": ("12", "37", "58"),
    "fraction": ("3/4", "2/5", "5/9"),
    "decimal": ("0.75", "1.6", "2.35"),
    "percent": ("25%", "40%", "65%"),
    "money": ("250", "430", "85"),
    "quantity": ("24", "37", "58"),
    "angle": ("37°", "58°", "105°"),
    "ratio": ("2:3", "4:7", "5:8"),
    "expression": ("2x + 3", "4a - 1", "5y + 2"),
    "inequality": ("x > 3", "x < 8", "x > 12"),
    "tuple": ("(2, 5)", "(4, 1)", "(3, 7)"),
    "set": ("{1, 2, 3}", "{4, 6}", "{5, 7, 9}"),
    "list": ("2, 3, 5", "4, 6, 9", "1, 7, 8"),
    "boolean": ("", "", ""),
    "choice": ("", "", ""),
    "text": ("", "", ""),
}
_DEGREES = re.compile("°|deg|ডিগ্রি")
_KIND_OF_FORM = {
    "lowest_terms": "fraction",
    "fraction": "fraction",
    "mixed": "fraction",
    "improper": "fraction",
    "decimal": "decimal",
}


def examples(problem: GradableProblem) -> Sequence[Example]:
    """Return some examples for a problem, none of them twice."""
    kind = str(problem.answer_type)
    if kind == AnswerType.NUMBER:
        asked = str((problem.answer_options or {}).get("form"))
        fraction = "fraction" if "/" in problem.answer else "number"
        kind = _KIND_OF_FORM.get(asked, fraction)
    if kind == AnswerType.QUANTITY and _DEGREES.search(problem.answer):
        kind = "angle"
    return [Example(kind, text) for text in _EXAMPLES[kind]]
