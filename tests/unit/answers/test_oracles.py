"""SymPy and pint, which judge values only, agree with the grader about values."""

import random
from fractions import Fraction
from typing import Any

import pint
import pytest
import sympy
from sympy.parsing.sympy_parser import (
    convert_xor,
    implicit_multiplication,
    parse_expr,
    standard_transformations,
)

from src.answers import Outcome, grade
from src.answers.reading.text import fold
from src.answers.reading.units import parse_unit

TRANSFORMATIONS = (*standard_transformations, convert_xor, implicit_multiplication)
Registry = pint.UnitRegistry[Any]
SAME_VALUE = {Outcome.CORRECT, Outcome.WRONG_FORM}
UNITS = {
    "mm": "millimeter", "cm": "centimeter", "dm": "decimeter", "m": "meter", "km": "kilometer",
    "inch": "inch", "ft": "foot", "yd": "yard", "mile": "mile", "সেমি": "centimeter",
    "mg": "milligram", "g": "gram", "kg": "kilogram", "tonne": "metric_ton", "lb": "pound",
    "oz": "ounce", "কেজি": "kilogram", "s": "second", "min": "minute", "h": "hour", "days": "day",
    "weeks": "week", "ml": "milliliter", "cl": "centiliter", "l": "liter",
    "gallon": "imperial_gallon",
    "cm²": "centimeter**2", "m²": "meter**2", "sq km": "kilometer**2", "hectare": "hectare",
    "cm³": "centimeter**3", "ঘন মিটার": "meter**3", "km/h": "kilometer/hour", "m/s": "meter/second",
    "m/min": "meter/minute", "mph": "mile/hour", "sq ft": "foot**2", "বর্গ গজ": "yard**2",
    "g/cm³": "gram/centimeter**3", "kg/m³": "kilogram/meter**3",
}  # fmt: skip


def polynomial(source: random.Random, depth: int = 2) -> str:
    """Write a random expression in x and y as a pupil could."""
    if depth == 0 or source.random() < 0.25:
        return source.choice(
            ("x", "y", str(source.randint(1, 6)), f"{source.randint(2, 5)}x", "x^2")
        )
    left, right = polynomial(source, depth - 1), polynomial(source, depth - 1)
    shape = source.randrange(6)
    if shape == 5:
        return f"({left})/({right})"
    return (
        f"{left}+{right}", f"{left}-({right})", f"({left})({right})",
        f"({left})^{source.randint(2, 3)}", f"({left})*({right})",
    )[shape]  # fmt: skip


def by_sympy(text: str) -> sympy.Expr:
    names = {name: sympy.Symbol(name) for name in "xy"}
    return parse_expr(text, names, transformations=TRANSFORMATIONS)


def pairs(count: int) -> list[tuple[str, str]]:
    """Pair expressions with rewritten, slightly changed and other ones."""
    source = random.Random(20261121)
    found: list[tuple[str, str]] = []
    while len(found) < count:
        text = polynomial(source)
        value = sympy.cancel(by_sympy(text))
        if value.has(sympy.zoo, sympy.nan):
            continue
        other = source.choice((sympy.factor(value), sympy.expand(value), value + 1, -value))
        if source.random() < 0.3:
            other = by_sympy(polynomial(source))
        if not other.has(sympy.zoo, sympy.nan):
            found.append((text, str(other).replace("**", "^")))
    return found


def test_sympy_agrees_on_equality_of_expressions() -> None:
    disagreements, equal = [], 0
    for typed, stored in pairs(150):
        same = sympy.cancel(by_sympy(typed) - by_sympy(stored)) == 0
        outcome = grade(typed, stored, "expression").outcome
        equal += same
        if outcome is not Outcome.UNREADABLE and (outcome in SAME_VALUE) != same:
            disagreements.append((typed, stored, same, outcome))
    assert disagreements == []
    assert 40 < equal < 140


def test_sympy_agrees_on_roots() -> None:
    source = random.Random(5)
    for _ in range(60):
        a, b, c = (source.randint(2, 30) for _ in range(3))
        for typed, stored in (
            (f"√{a}*√{b}", f"√{a * b}"),
            (f"{c}√{a}+√{b}", f"√{a * c * c}+√{b}"),
            (f"1/√{a}", f"√{a}/{a}"),
            (f"√{a}+√{b}", f"√{a + b}"),
        ):
            left, right = root_value(typed), root_value(stored)
            same = sympy.simplify(left - right) == 0
            assert (grade(typed, stored, "expression").outcome is Outcome.CORRECT) == same


def root_value(text: str) -> sympy.Expr:
    """Read sums of terms such as 3√12, 1/√5 and √2*√3."""
    total = sympy.Integer(0)
    for term in text.split("+"):
        product = sympy.Integer(1)
        for factor in term.replace("/", "*/").split("*"):
            number, root, radicand = factor.lstrip("/").partition("√")
            value = sympy.Integer(number or 1) * sympy.sqrt(int(radicand) if root else 1)
            product = product / value if factor.startswith("/") else product * value
        total += product
    return total


@pytest.fixture(scope="module")
def registry() -> Registry:
    return pint.UnitRegistry(non_int_type=Fraction)


def test_pint_agrees_on_dimension_and_factor_of_every_pair_of_units(
    registry: Registry,
) -> None:
    disagreements = []
    for ours, theirs in UNITS.items():
        for other, their_other in UNITS.items():
            left, right = parse_unit(fold(ours)), parse_unit(fold(other))
            assert left is not None, ours
            assert right is not None, other
            theirs_fit = registry.Unit(theirs).is_compatible_with(registry.Unit(their_other))
            if (left.dimensions == right.dimensions) != theirs_fit:
                disagreements.append((ours, other))
            elif theirs_fit:
                factor = registry.Quantity(Fraction(1), theirs).to(their_other).magnitude
                if abs(float(left.factor / right.factor) / float(factor) - 1) > 1e-12:
                    disagreements.append((ours, other))
    assert disagreements == []


def test_pint_agrees_on_typed_quantities(registry: Registry) -> None:
    source = random.Random(7)
    metric = [
        "mm",
        "cm",
        "m",
        "km",
        "g",
        "kg",
        "s",
        "min",
        "h",
        "ml",
        "l",
        "cm²",
        "m²",
        "km/h",
        "m/s",
    ]
    for _ in range(300):
        ours, other = source.choice(metric), source.choice(metric)
        typed, stored = source.randint(1, 9), source.choice((1, 10, 100, 1000, 3600, 60))
        left = registry.Quantity(Fraction(typed), UNITS[ours])
        right = registry.Quantity(Fraction(stored), UNITS[other])
        same = left.is_compatible_with(right) and left.to_base_units() == right.to_base_units()
        outcome = grade(f"{typed} {ours}", f"{stored} {other}", "quantity").outcome
        assert (outcome is Outcome.CORRECT) == same, (typed, ours, stored, other)
