"""254.34 where 81π is asked: the value is right, and π was to stand in it."""

from fractions import Fraction

from src.answers.reading.algebra import Evaluator, Function, approximate_function, equal
from src.answers.reading.grammar import Tree
from src.answers.reading.polynomials import Budget, Polynomial

_PI_VALUES = (Fraction(314, 100), Fraction(22, 7), Fraction(31416, 10_000), Fraction(3142, 1000))


def has_number_for_pi(value: Function, stored: Function, places: int, budget: Budget) -> bool:
    """Return whether a value is the stored one with a number put in the place of π.

    Args:
        value: What was typed.
        stored: What is asked.
        places: To how many decimal places a plain number may have been rounded.
        budget: How much work may be done.
    """
    if not any("π" in symbol for mono in stored.top for symbol, _ in mono):
        return False
    if any(equal(value, _with_pi(stored, pi, budget), budget) for pi in _PI_VALUES):
        return True
    exact = value.constant()
    if exact is None or stored.letters():
        return False
    off = abs(exact - approximate_function(stored))
    return abs(exact) >= 10 ** (2 - places) and off * 2 <= Fraction(1, 10**places)


def _with_pi(value: Function, pi: Fraction, budget: Budget) -> Function:
    return Evaluator(budget).evaluate(("div", _put(value.top, pi), _put(value.bottom, pi)))


def _put(poly: Polynomial, pi: Fraction) -> Tree:
    """Write a polynomial as a tree, with a fraction in the place of π."""
    number = ("div", ("num", str(pi.numerator)), ("num", str(pi.denominator)))
    total: Tree = ("num", "0")
    for mono, coefficient in poly.items():
        term: Tree = ("num", str(abs(coefficient)))
        for symbol, exponent in mono:
            factor = number if symbol == "π" else ("var", symbol)
            term = ("mul", term, ("pow", factor, ("num", str(exponent))))
        total = ("sub" if coefficient < 0 else "add", total, term)
    return total
