"""Wrong answers that hold the right number: in another unit, or rounded where it is asked exactly.

The grader calls them wrong. A fair teacher says what is the matter and lets the pupil look again.
"""

import re
from dataclasses import replace
from fractions import Fraction

from src.answers.diagnose import diagnose
from src.answers.grade import asked_of, judge, judge_as_read, type_of
from src.answers.reading.literals import PERCENT_WORDS, Number, parse_number
from src.answers.reading.values import approximate, read_value
from src.answers.reading.wording import peel
from src.answers.types.algebraic import stored_expression
from src.answers.types.measure import bare_number, in_unit_of_typed
from src.answers.types.numeric import Asked, read_percent, round_half_up, stored_number
from src.answers.verdicts import (
    AnswerType,
    GradableProblem,
    Outcome,
    UnreadableError,
    Verdict,
    wrong_form,
)

ANOTHER_UNIT = wrong_form("another_unit")
NO_PERCENT = wrong_form("percent_form")
ROUNDED = wrong_form("rounded")
_RIGHT = frozenset({Outcome.CORRECT, Outcome.WRONG_FORM})
_MEASURED = frozenset({AnswerType.QUANTITY, AnswerType.MONEY})
_PERCENT_LAST = re.compile(rf" ?(?:%|{PERCENT_WORDS})$")
_NUMERAL = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+")


def near_miss(typed: str, problem: GradableProblem) -> Verdict | None:
    """Return what to say of a wrong answer that holds the right number; None for any other.

    Args:
        typed: What the grader called wrong.
        problem: The problem.

    Returns:
        A verdict of a wrong form: ``another_unit``, ``percent_form`` or ``rounded``. A rounded
        value that is a known mistake of the problem is that mistake.

    Raises:
        AnswerKeyError: The stored answer, its type or its options cannot be read.
    """
    answer_type, asked = type_of(problem.answer_type), asked_of(problem)
    verdict, read = judge_as_read(typed, answer_type, asked)
    try:
        text = peel(read)
        found = _by_unit(text, answer_type, asked)
        if found is None and _is_rounded(text, answer_type, asked):
            found = None if diagnose(typed, problem) else ROUNDED
    except UnreadableError:
        return None
    return found and replace(found, reading=verdict.reading)


def _by_unit(text: str, answer_type: AnswerType, asked: Asked) -> Verdict | None:
    if answer_type is AnswerType.PERCENT:
        return NO_PERCENT if _is_share_of_one(text, asked) else None
    if answer_type not in _MEASURED | {AnswerType.NUMBER}:
        return None
    bare = _PERCENT_LAST.sub("", text)
    if bare == text and answer_type in _MEASURED:
        bare = bare_number(text, asked, money=answer_type is AnswerType.MONEY) or text
    is_right = bare != text and judge(bare, answer_type, asked).outcome in _RIGHT
    return ANOTHER_UNIT if is_right else None


def _is_share_of_one(text: str, asked: Asked) -> bool:
    """Return whether 0.3 is typed for 30 %."""
    number, stored = parse_number(text), stored_number(asked.stored)
    wanted = stored.value if stored.percent else stored.value / 100
    return number is not None and not number.percent and number.value == wanted


def _is_rounded(text: str, answer_type: AnswerType, asked: Asked) -> bool:
    numerals = _NUMERAL.findall(text)
    if len(numerals) != 1:
        return False
    whole, _, decimals = numerals[0].replace(",", "").partition(".")
    places, digits = len(decimals), len((whole + decimals).lstrip("0"))
    # One digit is too little to tell rounding from chance.
    if digits < 2 or (not places and digits < 3):
        return False
    found = _typed_and_exact(text, answer_type, asked)
    if found is None:
        return False
    typed, exact = found
    return typed == round_half_up(exact, places) or (places > 1 and typed == _cut(exact, places))


def _cut(value: Fraction, places: int) -> Fraction:
    return Fraction(int(value * 10**places), 10**places)


def _typed_and_exact(
    text: str, answer_type: AnswerType, asked: Asked
) -> tuple[Fraction, Fraction] | None:
    """Return the number that was typed, and what it would be exactly, in the same unit."""
    if answer_type is AnswerType.NUMBER:
        value = read_value(text, var=asked.options.var, question=asked.question)
        exact = stored_number(asked.stored).value
    elif answer_type is AnswerType.PERCENT:
        value = read_percent(text, asked)
        exact = stored_number(asked.stored).value
        exact *= 100 if stored_number(asked.stored).percent else 1
    elif answer_type in _MEASURED:
        return in_unit_of_typed(text, asked, money=answer_type is AnswerType.MONEY)
    elif answer_type is AnswerType.EXPRESSION and (plain := parse_number(text)):
        _, stored, letters = stored_expression(asked.stored)
        if letters:
            return None
        value, exact = plain, approximate(stored)
    else:
        return None
    return (value.value, exact) if isinstance(value, Number) else None
