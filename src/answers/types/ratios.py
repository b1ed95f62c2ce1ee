"""Grades ratios."""

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import gcd

from src.answers.reading.algebra import Function
from src.answers.reading.literals import Kind, Number
from src.answers.reading.text import fold
from src.answers.reading.values import read_value
from src.answers.reading.wording import peel
from src.answers.types.lists import MAX_PARTS, unbracket
from src.answers.types.numeric import Asked
from src.answers.verdicts import (
    CORRECT,
    WRONG,
    AnswerKeyError,
    UnreadableError,
    Verdict,
    wrong_form,
)

_RATIO_WORD = re.compile(r" ?(?:is to|to|অনুপাত|ঃ|::) ?")


def grade_ratio(typed: str, asked: Asked) -> Verdict:
    """Grade a ratio: proportional parts are equal; `lowest_terms` asks for whole numbers."""
    expected = stored_ratio(asked.stored)
    parts = read_ratio(typed, len(expected), asked.question)
    values = _exact(parts)
    if len(values) == 1 and isinstance(parts[0], Number) and parts[0].kind is Kind.SUM:
        raise UnreadableError("not_a_ratio")
    if len(values) == 1:
        alike = len(expected) == 2 and expected[1] and values[0] == expected[0] / expected[1]
        return wrong_form("ratio_form") if alike else WRONG
    if len(values) != len(expected):
        return WRONG
    if not any(values):
        raise UnreadableError("not_a_ratio")
    if any(values[0] * b != expected[0] * a for a, b in zip(values, expected, strict=True)):
        return WRONG
    if any(isinstance(part, Number) and part.kind is Kind.SUM for part in parts):
        return wrong_form("unevaluated")
    lowest = all(v.denominator == 1 for v in values) and gcd(*(int(v) for v in values)) == 1
    return wrong_form("lowest_terms") if asked.options.form and not lowest else CORRECT


def read_ratio(typed: str, count: int, question: str = "") -> list[Number | Function]:
    """Read `3:4`, `3 to 4`, and `3/4` where two parts are asked."""
    if typed.startswith(":") or typed.endswith(":"):
        raise UnreadableError("not_a_ratio")
    text = unbracket(peel(_strip_ratio_names(peel(typed, colon=False)), colon=False))
    parts = _RATIO_WORD.sub(":", text).split(":")
    if len(parts) == 1 and count == 2 and (match := re.fullmatch(r"(\d+) ?/ ?(\d+)", text)):
        parts = [match[1], match[2]]
    if len(parts) > MAX_PARTS or not all(part.strip() for part in parts):
        raise UnreadableError("not_a_ratio")
    return [read_value(part, question=question) for part in parts]


def _strip_ratio_names(text: str) -> str:
    """`a : b = 3 : 4` and `ছেলে : মেয়ে = ৩ : ৪` name the parts first."""
    names, equals, rest = text.partition("=")
    return rest if equals and not any(c.isdigit() for c in names) else text


def _exact(parts: Sequence[Number | Function]) -> list[Fraction]:
    if any(isinstance(part, Function) for part in parts):
        raise UnreadableError("not_a_ratio")
    return [part.value for part in parts if isinstance(part, Number)]


@lru_cache(maxsize=1024)
def stored_ratio(stored: str) -> list[Fraction]:
    """Read the stored ratio.

    Raises:
        AnswerKeyError: it is not a ratio of two or more parts.
    """
    try:
        values = _exact(read_ratio(fold(stored), 2))
    except UnreadableError as error:
        raise AnswerKeyError(f"stored answer {stored!r} is unreadable: {error.reason}") from error
    if len(values) < 2 or not all(values):
        raise AnswerKeyError(f"stored answer {stored!r} is not a ratio of two or more parts")
    return values
