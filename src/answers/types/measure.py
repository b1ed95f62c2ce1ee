"""Grades quantity and money: numbers with units, also compound ones (2 ঘণ্টা 30 মিনিট)."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from src.answers.options import Options
from src.answers.reading.algebra import Evaluator, Function, constant, equal
from src.answers.reading.literals import PERCENT_WORDS, SCALES, Kind, Number, parse_number
from src.answers.reading.polynomials import Budget
from src.answers.reading.text import fold
from src.answers.reading.units import BARE, Unit, parse_unit
from src.answers.reading.values import approximate, evaluate_constant
from src.answers.reading.wording import peel
from src.answers.types.number_for_pi import has_number_for_pi
from src.answers.types.numeric import Asked, compare_values, fault_of_form
from src.answers.verdicts import (
    CORRECT,
    WRONG,
    AnswerKeyError,
    UnreadableError,
    Verdict,
    wrong_form,
)

_L = r"a-zঀ-৥"
_SIGNS = "°%৳$€£₹"
_NUMBER_WORDS = "|".join(
    sorted({*SCALES, "পূর্ণ", "পুর্ণ", "সমস্ত", "whole", "pi", "sqrt", "minus", "মাইনাস"}, reverse=True)
)
_NUMBER = (
    rf"(?:[^{_L}{_SIGNS}\s]|\s|(?<![{_L}])(?:{_NUMBER_WORDS})(?![{_L}])"
    r"|(?<=\d)\s?x\s?(?=\d)|(?<=\d)e(?=[-+]?\d)|(?<=\d)\s(?:and|ও)\s(?=\d+\s?/))"
)
_CONNECTOR = rf"(?:and|ও|এবং|আর)(?![{_L}])"
_POWER = r"(?:\s?\^\s?\(?\s?-?\d\s?\)?|-?[123](?![\d.\w/]))?"
_UNIT_WORD = (
    rf"(?!{_CONNECTOR}|(?:{_NUMBER_WORDS})(?![{_L}]))(?:[{_L}]++|°[cf](?![{_L}])|[{_SIGNS}])"
)
_UNIT = rf"(?:{_UNIT_WORD}{_POWER}[\s.:/*()]*+)++"
_PAIR = re.compile(rf"(?P<number>{_NUMBER}+?)(?P<unit>{_UNIT})(?:,|&|\+|{_CONNECTOR})?\s*")
_MONEY_TAIL = re.compile(r"(?<=\d) ?/ ?(?:[=-]+(?= ?(?:tk|taka|টাকা|$))|$)")
_BRACKETED_UNIT = re.compile(rf"(?<=\d) ?\(([{_L}.]{{2,}})\)$")
_M_FOR_MINUTES = re.compile(rf"(?<![{_L}])(?:m|মি)ঃ?(?![{_L}]|\s?\^)")
_PREFIX = re.compile(rf"^(?P<unit>[{_L}{_SIGNS} .]+?)[\s.:]*(?=[-+]?[\s(]?[\d.½¼¾⅐-⅞])")


_DIVISOR = re.compile(
    rf"(?:/|(?<![{_L}])per |প্রতি ) ?(?P<after>[{_L}]+)|(?:km|k|m)p?(?P<before>h)(?![{_L}])"
)
_PER_ASKED = re.compile(
    r"(?<![a-z])(?:per|an hour|a minute|a second|a day|a kg|each|every)(?![a-z])"
    r"|প্রতি|ঘণ্টায়|ঘন্টায়|মিনিটে|সেকেন্ডে|দিনে|কেজিতে"
)
_HOW_MANY = re.compile(
    r"কত (?P<unit>(?:(?:বর্গ|ঘন) ?)?[ঀ-৥.]+)|how many (?P<one>(?:(?:square|cubic|sq\.?) )?[a-z]+)"
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A value in base units, its unit as written (None when left out) and its number as written."""

    value: Function
    unit: Unit | None
    number: Number | None


def read_measure(text: str, *, money: bool = False) -> Measure:
    """Read a folded, peeled text as a number with or without units.

    Raises:
        UnreadableError: with the reason.
    """
    text = _BRACKETED_UNIT.sub(r" \1", text.lower())
    if money:
        text = _MONEY_TAIL.sub("", text)
    if (bare := parse_number(text)) is not None and not bare.percent:
        return Measure(constant(bare.value), None, bare)
    prefixed = _read_prefixed(text)
    return prefixed or _read_pairs(text) or _read_bare(text)


def _read_prefixed(text: str) -> Measure | None:
    """Read `৳500`, `Tk. 500` and `ঘণ্টায় ৪৫ কিমি`."""
    match = _PREFIX.match(text)
    if match is None or (unit := parse_unit(_divisor_name(match["unit"]))) is None:
        return None
    rest = text[match.end() :].strip()
    if rest[-1:].isdigit() or parse_number(rest):
        return _measure(rest, unit)
    inner = _read_pairs(rest)
    if inner is None or inner.unit is None:
        return None
    if inner.unit == unit:  # Tk 500 taka
        return inner
    speed = Unit(
        tuple(sorted((*inner.unit.dimensions, *((d, -p) for d, p in unit.dimensions)))),
        inner.unit.factor / unit.factor,
    )
    if unit.dimensions != (("time", 1),) or inner.number is None:
        return None
    return Measure(constant(inner.number.value * speed.factor), speed, inner.number)


def _divisor_name(words: str) -> str:
    return re.sub(r"^(?:প্রতি|per) ", "", words.strip())


def _read_pairs(text: str) -> Measure | None:
    position, parts = 0, list[Measure]()
    while position < len(text):
        match = _PAIR.match(text, position)
        if match is None or match.end() == position:
            return None
        unit = _unit_in_context(match["unit"], parts[-1].unit if parts else None)
        if unit is None:
            raise UnreadableError("unknown_unit")
        parts.append(_measure(match["number"].strip(), unit))
        position = match.end()
    return _total(parts)


def _unit_in_context(text: str, before: Unit | None) -> Unit | None:
    """After hours, m means minutes."""
    name = text.strip(" .:")
    after_hours = before is not None and before.dimensions == (("time", 1),)
    return parse_unit("min" if after_hours and name == "m" else name)


def _total(parts: list[Measure]) -> Measure | None:
    """Add 2 hours and 30 minutes: units of one dimension, each smaller than the one before."""
    if len(parts) < 2:
        return parts[0] if parts else None
    total, previous = Fraction(0), None
    for part in parts:
        unit = part.unit
        if part.number is None or unit is None or not _follows(previous, unit):
            raise UnreadableError("compound_unit")
        if previous is not None and part.number.value < 0:
            raise UnreadableError("compound_unit")
        total += abs(part.number.value) * unit.factor
        previous = unit
    negative = parts[0].number is not None and parts[0].number.value < 0
    value = -total if negative else total
    return Measure(constant(value), parts[0].unit, Number(value, Kind.DECIMAL))


def _follows(bigger: Unit | None, unit: Unit) -> bool:
    if bigger is None:
        return True
    return bigger.dimensions == unit.dimensions and bigger.factor > unit.factor


def _measure(number_text: str, unit: Unit) -> Measure:
    number = parse_number(number_text)
    if number is None:
        value = evaluate_constant(number_text)
        if isinstance(value, Function):
            product = Evaluator().times(value, constant(unit.factor))
            return Measure(product, unit, None)
        number = value
    return Measure(constant(number.value * unit.factor), unit, number)


def _read_bare(text: str) -> Measure:
    if re.search(rf"%|{PERCENT_WORDS}", text):
        raise UnreadableError("unexpected_percent")
    value = evaluate_constant(text)
    if isinstance(value, Function):
        return Measure(value, None, None)
    return Measure(constant(value.value), None, value)


@lru_cache(maxsize=4096)
def stored_measure(stored: str, unit_option: str | None, *, money: bool) -> Measure:
    """Read the stored quantity, with the unit of the option where the answer has none.

    Raises:
        AnswerKeyError: it cannot be read.
    """
    try:
        measure = read_measure(peel(fold(stored)), money=money)
        unit = measure.unit or _option_unit(unit_option, money=money)
    except UnreadableError as error:
        raise AnswerKeyError(f"stored answer {stored!r} is unreadable: {error.reason}") from error
    if measure.unit is not None:
        return Measure(measure.value, unit, measure.number)
    value = Evaluator().times(measure.value, constant(unit.factor))
    return Measure(value, unit, measure.number)


def _option_unit(name: str | None, *, money: bool) -> Unit:
    unit = parse_unit(fold(name)) if name else parse_unit("৳") if money else BARE
    if unit is None:
        raise AnswerKeyError(f"unknown unit: {name!r}")
    return unit


def grade_quantity(typed: str, asked: Asked) -> Verdict:
    """Grade a number with a unit; a missing unit is taken to be the stored one."""
    return _grade(typed, asked, money=False)


def grade_money(typed: str, asked: Asked) -> Verdict:
    """Grade an amount of money; without a currency it is taka."""
    return _grade(typed, asked, money=True)


def _grade(typed: str, asked: Asked, *, money: bool) -> Verdict:
    stored = stored_measure(asked.stored, asked.options.unit, money=money)
    assert stored.unit is not None
    try:
        measure = read_typed_measure(typed, stored, money=money)
    except UnreadableError as error:
        if error.reason == "unexpected_percent":
            return WRONG
        raise
    unit = measure.unit or stored.unit
    if unit.dimensions != stored.unit.dimensions and not _counted(measure.unit, stored.unit):
        return _grade_as_rate(measure, unit, stored, asked)
    return _compare(measure, unit, stored, asked.options)


def _grade_as_rate(measure: Measure, unit: Unit, stored: Measure, asked: Asked) -> Verdict:
    """Grade `42 km` where 42 km/h is asked: the question says per what.

    Raises:
        UnreadableError: rate_unit, where the question does not say it and the value is right.
    """
    divisor = _divisor_of(f"{asked.options.unit or ''} {asked.stored}")
    if divisor is None or stored.unit is None:
        return WRONG
    rate = _quotient(unit, divisor)
    if rate.dimensions != stored.unit.dimensions:
        return WRONG
    value = Evaluator().times(measure.value, constant(1 / divisor.factor))
    verdict = _compare(Measure(value, rate, measure.number), rate, stored, asked.options)
    if verdict is not WRONG and not _PER_ASKED.search(asked.question.lower()):
        raise UnreadableError("rate_unit")
    return verdict


def _divisor_of(text: str) -> Unit | None:
    match = _DIVISOR.search(text.lower())
    return parse_unit(match["after"] or match["before"]) if match else None


def _quotient(unit: Unit, divisor: Unit) -> Unit:
    powers = Counter(dict(unit.dimensions))
    powers.subtract(dict(divisor.dimensions))
    dimensions = tuple(sorted((name, power) for name, power in powers.items() if power))
    return Unit(dimensions, unit.factor / divisor.factor)


def in_unit_asked(typed: str, asked: Asked) -> Asked | None:
    """Return what is asked as a quantity, where a number is stored and the question says a unit.

    "How many metres?" with the stored number 0.24 is answered by 24 cm as well.
    """
    name = unit_asked(asked.question)
    if name is None or not any(c.isalpha() for c in typed):
        return None
    try:
        measure = read_measure(peel(typed).replace("**", "^"))
    except UnreadableError:
        return None
    unit, wanted = measure.unit, parse_unit(name)
    if unit is None or wanted is None or _names(unit) != _names(wanted):
        return None
    # With the very unit it is read as a number; squares and cubes are read only here.
    if unit == wanted and all(power == 1 for _, power in wanted.dimensions):
        return None
    return replace(asked, options=replace(asked.options, unit=name))


def _names(unit: Unit) -> set[str]:
    return {name for name, _ in unit.dimensions}


@lru_cache(maxsize=1024)
def unit_asked(question: str) -> str | None:
    """Return the one unit in which a question wants its answer: কত মিটার, how many kg."""
    found = [match["unit"] or match["one"] for match in _HOW_MANY.finditer(question.lower())]
    units = {unit: name for name in found if (unit := parse_unit(name)) and unit.dimensions}
    return next(iter(units.values())) if len(units) == 1 else None


def read_typed_measure(typed: str, stored: Measure, *, money: bool) -> Measure:
    """Read what was typed where a quantity like the stored one is asked.

    Raises:
        UnreadableError: it is not a quantity.
    """
    assert stored.unit is not None
    text = _spell_for(stored.unit, peel(_degrees(typed, stored.unit)).replace("**", "^"))
    text = last_side_with_unit(text)
    measure = read_measure(text, money=money)
    return (
        Measure(measure.value, None, measure.number) if money and measure.unit == BARE else measure
    )


def bare_number(typed: str, asked: Asked, *, money: bool) -> str | None:
    """Return the number of a quantity as it would be without its unit; None where it has none."""
    stored = stored_measure(asked.stored, asked.options.unit, money=money)
    unit = read_typed_measure(typed, stored, money=money).unit
    text = re.sub(rf"^[{_L}{_SIGNS} .]+(?=[-+]?[\d(])", "", typed.lower())
    match = _PAIR.match(text)
    number = match["number"] if match and match.end() == len(text) else text
    return number.strip() if unit is not None and unit != stored.unit else None


def in_unit_of_typed(typed: str, asked: Asked, *, money: bool) -> tuple[Fraction, Fraction] | None:
    """Return the number that was typed and the stored one in the same unit; None if none fits."""
    stored = stored_measure(asked.stored, asked.options.unit, money=money)
    measure = read_typed_measure(typed, stored, money=money)
    assert stored.unit is not None
    unit = measure.unit or stored.unit
    if measure.number is None or unit.dimensions != stored.unit.dimensions:
        return None
    number = approximate(measure.value) / (unit.factor if measure.unit else 1)
    return number, approximate(stored.value) / unit.factor


def _counted(typed: Unit | None, stored: Unit) -> bool:
    """`15 টি` for a plain number of things is no other unit."""
    return typed == BARE and not stored.dimensions


def _degrees(text: str, unit: Unit) -> str:
    """Pupils raise a zero or an o for the degree sign."""
    if unit.dimensions != (("angle", 1),):
        return text
    return re.sub(r"(?<=\d) ?(?:\^ ?\(?[0oO]\)?|[oO*])(?=[ .?!।]*$)", "°", text)


def _spell_for(unit: Unit, text: str) -> str:
    """Spell out what the asked dimension makes clear: 5'6", 18 m of time, cm 2, শতাংশ of land."""
    if unit.dimensions == (("length", 1),):
        return re.sub(r"(?<=\d) ?'", " ft ", re.sub(r"(?<=\d) ?(?:\"|'')", " in ", text)).strip()
    if unit.dimensions == (("time", 1),):
        return _M_FOR_MINUTES.sub("min", text.lower())
    if unit.dimensions == (("celsius", 1),):
        return re.sub(r"(?<=\d) ?(?:° ?(?:c|সে\.?)?|c)$", "°c", text.lower())
    if unit.dimensions == (("length", 2),):
        text = text.replace("শতাংশ", "শতক")
    if any(abs(power) > 1 for _, power in unit.dimensions):
        return re.sub(rf"(?<=[{_L}.]) ([23])$", r"^\1", text)
    return text


def last_side_with_unit(text: str) -> str:
    """Return what stands after the last `=`, when the working before it has no unit or is true."""
    if "=" not in text or text.endswith("="):
        return text
    *working, last = (side.strip() for side in text.split("="))
    final = read_measure(peel(last).lower())
    for side in working:
        if not _agrees(side.lower(), final):
            raise UnreadableError("unsolved_equation")
    return peel(last)


def _agrees(side: str, final: Measure) -> bool:
    try:
        measure = read_measure(side)
    except UnreadableError:  # 6 cm × 4 cm: hold the numbers alone against the last number
        bare = evaluate_constant(re.sub(rf"(?<=[\d)]) ?[{_L}{_SIGNS}.]+", "", side))
        return final.number is not None and approximate(bare) == final.number.value
    if measure.unit is not None or final.unit is None:
        return equal(measure.value, final.value)
    return equal(Evaluator().times(measure.value, constant(final.unit.factor)), final.value)


def _compare(measure: Measure, unit: Unit, stored: Measure, options: Options) -> Verdict:
    assert stored.unit is not None
    factor = constant(1 / stored.unit.factor)
    value = measure.value if measure.unit is None else Evaluator().times(measure.value, factor)
    expected = Evaluator().times(stored.value, factor)
    exact, expected_exact = value.constant(), expected.constant()
    if expected_exact is None:
        return _compare_symbolic(value, expected, options)
    if exact is None:
        close = compare_values(approximate(value), expected_exact, options) is CORRECT
        return wrong_form("unevaluated") if close and options.tol else WRONG
    verdict = compare_values(exact, expected_exact, options)
    return verdict if verdict is not CORRECT else _fault(measure, unit, stored.unit, options)


def _fault(measure: Measure, unit: Unit, stored: Unit, options: Options) -> Verdict:
    if options.form == "in_unit" and unit != stored:
        return wrong_form("other_unit")
    form = None if options.form == "in_unit" else options.form
    reason = fault_of_form(measure.number, form) if measure.number else None
    return wrong_form(reason) if reason else CORRECT


def _compare_symbolic(typed: Function, stored: Function, options: Options) -> Verdict:
    if equal(typed, stored):
        return CORRECT
    close = options.tol is not None and abs(approximate(typed) - approximate(stored)) <= options.tol
    if close:
        return CORRECT
    number = has_number_for_pi(typed, stored, _places_of(typed.constant()), Budget())
    return wrong_form("in_pi") if number else WRONG


def _places_of(number: Fraction | None) -> int:
    """Return the decimal places that a number needs, four at most; two where it is none."""
    if number is None:
        return 2
    return next((n for n in range(4) if (number * 10**n).denominator == 1), 4)
