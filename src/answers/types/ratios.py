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

_RATIO_WORD = re.compile(r" ?(?:is to|to|ratio|অনুপাত|ঃ|::) ?")


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
    if not _proportional(values, expected):
        return WRONG
    if any(isinstance(part, Number) and part.kind is Kind.SUM for part in parts):
        return wrong_form("unevaluated")
    lowest = all(v.denominator == 1 for v in values) and gcd(*(int(v) for v in values)) == 1
    return wrong_form("lowest_terms") if asked.options.form and not lowest else CORRECT


def read_ratio(typed: str, count: int, question: str = "") -> list[Number | Function]:
    """Read `3:4`, `3 to 4`, and `3/4` where two parts are asked."""
    if typed.startswith(":") or typed.endswith(":"):
        raise UnreadableError("not_a_ratio")
    text = unbracket(peel(_last_ratio(peel(typed, colon=False), count), colon=False))
    parts = _RATIO_WORD.sub(":", text).split(":")
    if len(parts) == 1 and count == 2 and (match := re.fullmatch(r"(\d+) ?/ ?(\d+)", text)):
        parts = [match[1], match[2]]
    if len(parts) > MAX_PARTS or not all(part.strip() for part in parts):
        raise UnreadableError("not_a_ratio")
    return [read_value(part, question=question) for part in parts]


def _last_ratio(text: str, count: int) -> str:
    """Return what stands after the last `=`: `a : b = 3 : 4` names the parts, 6:8 = 3:4 reduces."""
    *before, last = text.split("=")
    known = [_exact(read_ratio(side.strip(), count)) for side in before if _has_digit(side)]
    if not known:
        return last if before else text
    values = _exact(read_ratio(last.strip(), count))
    if any(len(side) != len(values) or not _proportional(side, values) for side in known):
        raise UnreadableError("sides_differ")
    return last


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _proportional(one: Sequence[Fraction], other: Sequence[Fraction]) -> bool:
    return all(a * other[0] == b * one[0] for a, b in zip(one, other, strict=True))


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
