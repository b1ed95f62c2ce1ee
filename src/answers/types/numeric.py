"""Grades number and percent: the value first, then the form."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd

from src.answers.options import NO_OPTIONS, Options
from src.answers.reading.algebra import Function
from src.answers.reading.literals import PERCENT_WORDS, Kind, Number, parse_number
from src.answers.reading.text import fold, fold_long
from src.answers.reading.values import approximate, read_value
from src.answers.reading.wording import peel
from src.answers.verdicts import (
    CORRECT,
    WRONG,
    AnswerKeyError,
    UnreadableError,
    Verdict,
    wrong_form,
)

# 3.2×105 is what copying leaves of 3.2×10⁵.
_FLAT_POWER = re.compile(r"(?P<mantissa>\d+(?:\.\d+)?) ?[*xX] ?10(?P<power>\d{1,2})$")


_GAP_SIGN = re.compile("[□▢☐]")
_GAP = re.compile(r"([\d,]*)[□▢☐]([\d,]*)")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a typed answer is held against."""

    stored: str
    options: Options = NO_OPTIONS
    question: str = ""


def stored_number(stored: str) -> Number:
    """Read the stored number.

    Raises:
        AnswerKeyError: it is not a number.
    """
    try:
        number = parse_number(peel(fold(stored)))
    except UnreadableError as error:
        raise AnswerKeyError(f"stored answer {stored!r} is unreadable: {error.reason}") from error
    if number is None:
        raise AnswerKeyError(f"stored answer {stored!r} is not a number")
    return number


def grade_number(typed: str, asked: Asked) -> Verdict:
    """Grade a number, a fraction or a decimal."""
    stored = stored_number(asked.stored)
    value = read_value(typed, var=asked.options.var, question=asked.question)
    verdict = compare(value, stored, asked.options)
    if verdict is WRONG and (flat := _FLAT_POWER.search(typed)):
        raised = parse_number(f"{flat['mantissa']}*10^{flat['power']}")
        if raised is not None and raised.value == stored.value:
            raise UnreadableError("power_or_product")
    if verdict is WRONG and _is_whole_for_gap(value, asked):
        return wrong_form("one_digit")
    return verdict


def _is_whole_for_gap(value: Number | Function, asked: Asked) -> bool:
    """Return whether the whole 5283 is given where only the digit of 52□3 is asked."""
    if not isinstance(value, Number) or not _GAP_SIGN.search(asked.question):
        return False
    digit = asked.stored.strip()
    gaps = _GAP.findall(_folded_question(asked.question))
    wholes = {f"{left}{digit}{right}".replace(",", "") for left, right in gaps if left or right}
    return str(value.value) in wholes


@lru_cache(maxsize=1024)
def _folded_question(question: str) -> str:
    return fold_long(question)


def compare(typed: Number | Function, stored: Number, options: Options) -> Verdict:
    """Hold a typed value against the stored one: equality, tolerance, decimals, then form."""
    value = approximate(typed) if isinstance(typed, Function) else typed.value
    verdict = compare_values(value, stored.value, options)
    if isinstance(typed, Function):
        return wrong_form("unevaluated") if verdict is CORRECT and options.tol else WRONG
    if verdict is not CORRECT:
        return verdict
    reason = fault_of_form(typed, options.form)
    return wrong_form(reason) if reason else CORRECT


def compare_values(value: Fraction, stored: Fraction, options: Options) -> Verdict:
    """Equality, or within `tol`, or the same after rounding to `decimals`."""
    if value == stored:
        return CORRECT
    if options.tol is not None and abs(value - stored) <= options.tol:
        return CORRECT
    if options.decimals is not None and round_half_up(value, options.decimals) == stored:
        return CORRECT if options.accept_more_precise else wrong_form("decimals")
    return WRONG


def round_half_up(value: Fraction, places: int) -> Fraction:
    """Round as school does: halves away from zero."""
    scaled = abs(value) * 10**places + Fraction(1, 2)
    rounded = Fraction(scaled.numerator // scaled.denominator, 10**places)
    return -rounded if value < 0 else rounded


def fault_of_form(typed: Number, form: str | None) -> str | None:
    """Return the reason why a right value is not in the form asked for, or None."""
    power_of_ten = typed.kind is Kind.SCIENTIFIC and typed.mantissa is None
    if typed.kind is Kind.SUM or (power_of_ten and form != "scientific"):
        return "unevaluated"
    if form in _FORM_FAULTS:
        return _FORM_FAULTS[form](typed)
    if typed.kind is Kind.FRACTION and typed.value.denominator == 1 and typed.value:
        return "unreduced_integer"
    return None


def _lowest_terms(typed: Number) -> str | None:
    if typed.value.denominator == 1:
        whole = typed.kind in {Kind.INTEGER, Kind.DECIMAL} or typed.value == 0
        return None if whole and not typed.percent else "lowest_terms"
    if typed.kind not in {Kind.FRACTION, Kind.MIXED} or typed.percent:
        return "fraction_form"
    return "lowest_terms" if gcd(typed.numerator, typed.denominator) > 1 else None


def _scientific(typed: Number) -> str | None:
    mantissa = abs(typed.mantissa) if typed.mantissa is not None else Fraction(1)
    return None if typed.kind is Kind.SCIENTIFIC and 1 <= mantissa < 10 else "scientific"


def _decimal(typed: Number) -> str | None:
    fits = typed.kind in {Kind.DECIMAL, Kind.INTEGER, Kind.RECURRING} and not typed.percent
    return None if fits else "decimal"


def _fraction(typed: Number) -> str | None:
    fits = typed.kind in {Kind.FRACTION, Kind.MIXED} or typed.value.denominator == 1
    return None if fits and not typed.percent else "fraction_form"


def _mixed(typed: Number) -> str | None:
    if typed.kind is Kind.MIXED or typed.kind is Kind.INTEGER or abs(typed.value) < 1:
        return _lowest_terms(typed)
    return "mixed"


def _improper(typed: Number) -> str | None:
    return _lowest_terms(typed) if typed.kind is Kind.FRACTION else "improper"


def _integer(typed: Number) -> str | None:
    return None if typed.kind is Kind.INTEGER else "integer"


_FORM_FAULTS = {
    "lowest_terms": _lowest_terms,
    "scientific": _scientific,
    "decimal": _decimal,
    "fraction": _fraction,
    "mixed": _mixed,
    "improper": _improper,
    "integer": _integer,
}


def grade_percent(typed: str, asked: Asked) -> Verdict:
    """Grade a percentage; a bare number is one, so 0.25 is a quarter of one per cent."""
    stored = _per_hundred(stored_number(asked.stored))
    value = _read_percent(typed, asked)
    if isinstance(value, Function):
        return WRONG
    verdict = compare(_per_hundred(value), stored, asked.options)
    share = value.kind in {Kind.FRACTION, Kind.MIXED} and not value.percent
    if verdict is WRONG and share and value.value * 100 == stored.value:
        return wrong_form("percent_form")
    return verdict


def _read_percent(typed: str, asked: Asked) -> Number | Function:
    text = _percent_sign_last(typed)
    return read_value(text, var=asked.options.var, question=asked.question, counts=False)


def read_percent(typed: str, asked: Asked) -> Number | Function:
    """Read how many in a hundred.

    Raises:
        UnreadableError: it is not a number.
    """
    value = _read_percent(typed, asked)
    return value if isinstance(value, Function) else _per_hundred(value)


def _per_hundred(number: Number) -> Number:
    """Return how many in a hundred: 25 for `25%` and for `25`."""
    value = number.value * 100 if number.percent else number.value
    return Number(value, number.kind, number.denominator, number.numerator, number.mantissa)


_PERCENT_FIRST = re.compile(r"^(?:বার্ষিক |শতকরা |শতকারা |yearly |% ?)+[:=]? ?")
_PERCENT_TAIL = re.compile(
    r" ?(?:(?:per annum|p\. ?a\.?|per year|a year|yearly|বার্ষিক|"
    r"প্রতি বছর|হারে|হার|ভাগ|টাকা|জন|টি)(?: |$))+$"
)


def _percent_sign_last(text: str) -> str:
    """`শতকরা বার্ষিক ২৫ টাকা` and `%25` name the sign first, `9% per annum` the period last."""
    bare = peel(text)
    rest = _PERCENT_FIRST.sub("", bare)
    tailless = _PERCENT_TAIL.sub("", rest)
    if "শতকরা" in bare[: len(bare) - len(rest)] or "%" in bare[: len(bare) - len(rest)]:
        return tailless if tailless.endswith("%") else tailless + "%"
    has_sign = re.search(rf"(?:%|{PERCENT_WORDS})$", tailless.lower())
    return tailless if has_sign else rest
