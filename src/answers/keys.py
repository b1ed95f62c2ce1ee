"""Canonical texts of readable answers, equal where the grader finds the answers equal."""

from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from math import gcd, lcm

from src.answers.reading.algebra import Evaluator, Function, constant
from src.answers.reading.literals import Number
from src.answers.reading.polynomials import Polynomial
from src.answers.reading.values import read_value
from src.answers.types.algebraic import read_expression, stored_expression
from src.answers.types.choices import read_choice
from src.answers.types.inequality import read_inequality
from src.answers.types.lists import read_parts
from src.answers.types.measure import read_typed_measure, stored_measure
from src.answers.types.numeric import Asked, read_percent
from src.answers.types.ratios import read_ratio, stored_ratio
from src.answers.types.sets import read_set
from src.answers.types.words import phrase_of, read_boolean
from src.answers.verdicts import AnswerType

# Modulo this prime the primes up to 47 have square roots and every number has one cube root.
_PRIME = 2_305_843_009_213_057_079


def key_of(text: str, answer_type: AnswerType, asked: Asked) -> str:
    """Return the canonical text of a folded answer.

    Raises:
        UnreadableError: it cannot be read.
    """
    return _KEYS[answer_type](text, asked)


def _number(text: str, asked: Asked) -> str:
    return value_key(read_value(text, var=asked.options.var, question=asked.question))


def value_key(value: Number | Function) -> str:
    """Return the fraction, or the fingerprint of an irrational constant."""
    return str(value.value) if isinstance(value, Number) else function_key(value)


def _percent(text: str, asked: Asked) -> str:
    return value_key(read_percent(text, asked))


def _measure(text: str, asked: Asked, *, money: bool = False) -> str:
    stored = stored_measure(asked.stored, asked.options.unit, money=money)
    measure = read_typed_measure(text, stored, money=money)
    unit = measure.unit or stored.unit
    assert unit is not None
    value = measure.value
    if measure.unit is None:
        value = Evaluator().times(value, constant(unit.factor))
    return f"{function_key(value)} {unit.dimensions}"


def _money(text: str, asked: Asked) -> str:
    return _measure(text, asked, money=True)


def _ratio(text: str, asked: Asked) -> str:
    parts = read_ratio(text, len(stored_ratio(asked.stored)), asked.question)
    values = [part.value for part in parts if isinstance(part, Number)]
    if len(values) < 2 or len(values) < len(parts):
        return ":".join(map(value_key, parts))
    scale = lcm(*(value.denominator for value in values))
    wholes = [int(value * scale) for value in values]
    common = gcd(*wholes) or 1
    return ":".join(str(whole // common) for whole in wholes)


def _expression(text: str, asked: Asked) -> str:
    letters = stored_expression(asked.stored)[2]
    tree = read_expression(text, letters, form=asked.options.form)
    return function_key(Evaluator().evaluate(tree))


def _inequality(text: str, asked: Asked) -> str:
    solution = read_inequality(text, asked)[0]
    bounds = [f"{value} {closed}" for value, closed in filter(None, (solution.low, solution.high))]
    other = sorted(map(_stable, solution.other))
    return f"{solution.letter} {solution.low is not None} {bounds} {other}"


def _stable(item: object) -> str:
    return repr(sorted(map(_stable, item))) if isinstance(item, frozenset) else repr(item)


def _list(text: str, asked: Asked) -> str:
    parts = [_part_key(part) for part in read_parts(text, asked)]
    return ", ".join(parts if asked.options.ordered else sorted(parts))


def _tuple(text: str, asked: Asked) -> str:
    return ", ".join(map(_part_key, read_parts(text, asked, named=True)))


def _set(text: str, asked: Asked) -> str:
    return ", ".join(sorted({_part_key(part) for part in read_set(text, asked)}))


def _part_key(part: Number | Function | str) -> str:
    return part.casefold() if isinstance(part, str) else value_key(part)


def _boolean(text: str, asked: Asked) -> str:
    del asked
    return str(read_boolean(text)).lower()


def _choice(text: str, asked: Asked) -> str:
    return read_choice(text, asked.options.choices)


def _text(text: str, asked: Asked) -> str:
    del asked
    return phrase_of(text)


_KEYS: dict[AnswerType, Callable[[str, Asked], str]] = {
    AnswerType.NUMBER: _number,
    AnswerType.PERCENT: _percent,
    AnswerType.MONEY: _money,
    AnswerType.QUANTITY: _measure,
    AnswerType.RATIO: _ratio,
    AnswerType.EXPRESSION: _expression,
    AnswerType.INEQUALITY: _inequality,
    AnswerType.TUPLE: _tuple,
    AnswerType.SET: _set,
    AnswerType.LIST: _list,
    AnswerType.BOOLEAN: _boolean,
    AnswerType.CHOICE: _choice,
    AnswerType.TEXT: _text,
}


def function_key(value: Function) -> str:
    """Return the fraction of a constant, else the value at one fixed point modulo a large prime."""
    exact = value.constant()
    if exact is not None:
        return str(exact)
    bottom = _at_point(value.bottom)
    return f"f{_at_point(value.top) * pow(bottom, -1, _PRIME) % _PRIME:x}" if bottom else "f"


def _at_point(poly: Polynomial) -> int:
    total = 0
    for mono, coefficient in poly.items():
        term = coefficient
        for symbol, exponent in mono:
            term = term * pow(_symbol_value(symbol), exponent, _PRIME) % _PRIME
        total += term
    return total % _PRIME


@lru_cache(maxsize=1024)
def _symbol_value(symbol: str) -> int:
    if "^" in symbol:
        base, _, letter = symbol.partition("^")
        return pow(_symbol_value(base), _scatter(letter), _PRIME)
    if symbol.isdigit():
        return int(symbol)
    if symbol[0] == "∛":
        return pow(_symbol_value(symbol[1:]), (2 * _PRIME - 1) // 3, _PRIME)
    if symbol[0] == "√" and symbol[1:].isdigit():
        return pow(int(symbol[1:]), (_PRIME + 1) // 4, _PRIME)
    if symbol[0] == "√":
        return _scatter(symbol[1:])
    return pow(_scatter(symbol), 2, _PRIME)  # so that the root of a letter is known


def _scatter(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=7).digest())
