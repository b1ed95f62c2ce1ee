"""The formulas of templates: the bounded arithmetic of ``solution_check`` over named numbers."""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache

from src.answers.check.calculator import FUNCTIONS, Calculator, Value, number_of, parse_check
from src.answers.reading.algebra import constant
from src.answers.reading.grammar import Tree
from src.answers.verdicts import UnreadableError

_PARTS: dict[str, Callable[[Fraction], int]] = {
    "num": lambda value: value.numerator,
    "den": lambda value: value.denominator,
}
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
# The grammar knows names of one letter; each name gets one that no formula holds.
_FIRST_LETTER = ord("ა")


class BadFormula(ValueError):  # noqa: N818 - names a state
    """A formula cannot be read, or has no value for these numbers."""


class _Calculator(Calculator):
    """Knows ``num`` and ``den`` too."""

    def value(self, tree: Tree) -> Value:
        if tree[0] == "call" and tree[1] in _PARTS and len(tree) == 3:
            return constant(_PARTS[tree[1]](number_of(self.value(tree[2]))))
        return super().value(tree)


def evaluate(formula: str, values: Mapping[str, Fraction]) -> Fraction:
    """Return the value of a formula.

    Args:
        formula: Such as ``lcm(a, b)/2``.
        values: The numbers by name.

    Raises:
        BadFormula: It cannot be read, or has no exact value for these numbers.
    """
    tree = _parse(formula, tuple(values))
    try:
        exact = _calculator(values).evaluate(tree).constant()
    except UnreadableError as error:
        raise BadFormula(f"{formula!r} has no value: {error.reason}") from None
    if exact is None:
        raise BadFormula(f"{formula!r} is not a rational number")
    return exact


def holds(condition: str, values: Mapping[str, Fraction]) -> bool:
    """Return whether a condition is true.

    Raises:
        BadFormula: It cannot be read, or cannot be decided for these numbers.
    """
    tree = _parse(condition, tuple(values))
    if tree[0] not in {"relation", "call"}:
        raise BadFormula(f"{condition!r} is no condition: write =, !=, <, >, <= or >=")
    try:
        return _calculator(values).holds(tree)
    except UnreadableError as error:
        raise BadFormula(f"{condition!r} cannot be decided: {error.reason}") from None


def _calculator(values: Mapping[str, Fraction]) -> Calculator:
    return _Calculator(
        {chr(_FIRST_LETTER + place): constant(value) for place, value in enumerate(values.values())}
    )


@lru_cache(maxsize=4096)
def _parse(formula: str, names: tuple[str, ...]) -> Tree:
    letters = {name: chr(_FIRST_LETTER + place) for place, name in enumerate(names)}

    def shorten(match: re.Match[str]) -> str:
        word = match[0]
        if word in letters:
            return letters[word]
        if word in FUNCTIONS or word in _PARTS or word == "pi":
            return word
        raise BadFormula(f"{formula!r}: {word} is no name here; products need a *")

    try:
        return parse_check(_WORD.sub(shorten, formula))
    except UnreadableError as error:
        raise BadFormula(f"{formula!r} cannot be read: {error.reason}") from None
