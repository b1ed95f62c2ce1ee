"""Finds answers that only copy a value of the question, where another form of it was asked for.

"Write 3/4 as a decimal", "Expand (x+2)(x+3)", "How many kg are 2500 g?": the question holds a text
that equals the answer, and a grader of values alone would accept it.
"""

import re
from functools import lru_cache

from src.answers.reading.literals import Kind, parse_number
from src.answers.reading.text import fold, fold_long
from src.answers.reading.units import look_up
from src.answers.reading.wording import peel
from src.answers.types.numeric import Asked
from src.answers.verdicts import AnswerType, UnreadableError

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+|[ঀ-৥]+|\S")
_GLUE = frozenset("+-*/^√∛°%")
_TYPES = frozenset(
    {
        AnswerType.NUMBER,
        AnswerType.PERCENT,
        AnswerType.QUANTITY,
        AnswerType.MONEY,
        AnswerType.RATIO,
        AnswerType.EXPRESSION,
    }
)


def is_copied(typed: str, asked: Asked, answer_type: AnswerType) -> bool:
    """Return whether a right answer stands in the question, in another form than the stored one.

    Args:
        typed: the folded answer, already found to be right in value.
        asked: the stored answer and the question.
        answer_type: other types than numbers and expressions are never copies.
    """
    if answer_type not in _TYPES or not asked.question:
        return False
    sides = [side for side in peel(typed).split("=") if any(c.isdigit() for c in side)]
    return all(_is_side_copied(side, asked, answer_type) for side in sides or [peel(typed)])


def _is_side_copied(side: str, asked: Asked, answer_type: AnswerType) -> bool:
    needle, stored = _tokens(peel(side)), _tokens(_folded(asked.stored))
    if answer_type is AnswerType.NUMBER:
        needle = _without_words(needle)
    if not needle or sorted(needle) == sorted(stored) or _same_kind(needle, asked.stored):
        return False
    return _stands_apart(needle, _question_tokens(asked.question))


def _folded(stored: str) -> str:
    try:
        return peel(fold(stored))
    except UnreadableError:
        return stored


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.replace("**", "^").lower())


@lru_cache(maxsize=1024)
def _question_tokens(question: str) -> tuple[str, ...]:
    return tuple(_tokens(fold_long(question)))


def _without_words(tokens: list[str]) -> list[str]:
    return [token for token in tokens if not (len(token) > 1 and token[0].isalpha())]


def _same_kind(needle: list[str], stored: str) -> bool:
    """2.50 for 2.5, or 24 cm for 24 cm²: a plain number, or one with the stored unit."""
    number, known = _kind(" ".join(needle)), _kind(_folded(stored))
    if number is not None and known is not None:
        plain = {Kind.INTEGER, Kind.DECIMAL}
        return (number == known and number != Kind.FRACTION) or {number, known} <= plain
    units = [
        {unit for token in tokens if (unit := look_up(token))}
        for tokens in (needle, _tokens(stored))
    ]
    return number in {Kind.INTEGER, Kind.DECIMAL} or (bool(units[0]) and units[0] == units[1])


def _kind(text: str) -> str | None:
    try:
        number = parse_number(text.replace("**", "^"))
    except UnreadableError:
        return None
    if number is None:
        return None
    return "percent" if number.percent else number.kind


def _stands_apart(needle: list[str], question: tuple[str, ...]) -> bool:
    """The tokens stand there side by side, and no sign ties them to a longer expression."""
    size = len(needle)
    for start in range(len(question) - size + 1):
        window = question[start : start + size]
        if not all(map(_alike, needle, window)):
            continue
        before, after = question[:start][-2:], question[start + size :][:2]
        if not _ties(before[::-1]) and not _ties(after) and after[:1] != ("(",):
            return True
    return False


def _ties(nearest: tuple[str, ...]) -> bool:
    """Return whether the next token belongs to the expression; a colon does between two numbers."""
    if not nearest:
        return False
    near = nearest[0]
    if near == ":":
        return len(nearest) > 1 and nearest[1][0].isdigit()
    letter = len(near) == 1 and near.isascii() and near.isalpha()
    return near in _GLUE or near[0].isdigit() or letter


def _alike(token: str, other: str) -> bool:
    if token == other:
        return True
    unit = look_up(token)
    return unit is not None and unit == look_up(other)
