"""Numbers in every format, formulas in every shape."""

from fractions import Fraction

import pytest

from src.content.formulas import BadFormula, evaluate, holds
from src.content.numbers import CannotWrite, is_style, write_number

HALF = Fraction(7, 2)


@pytest.mark.parametrize(
    ("value", "style", "written"),
    [
        (3, "", "3"),
        (-3, "", "-3"),
        (HALF, "", "7/2"),
        (0, "", "0"),
        (3, "dec", "3"),
        (HALF, "dec", "3.5"),
        (-HALF, "dec", "-3.5"),
        (Fraction(1, 16), "dec", "0.0625"),
        (3, "dec2", "3.00"),
        (HALF, "dec2", "3.50"),
        (Fraction(1, 100), "dec2", "0.01"),
        (5, "dec0", "5"),
        (999, "group", "999"),
        (1000, "group", "1,000"),
        (125000, "group", "1,25,000"),
        (12345678, "group", "1,23,45,678"),
        (12345678, "western", "12,345,678"),
        (100, "western", "100"),
        (1, "coef", ""),
        (-1, "coef", "-"),
        (3, "coef", "3"),
        (HALF, "coef", "7/2"),
        (3, "signed", "+ 3"),
        (-3, "signed", "- 3"),
        (HALF, "signed", "+ 7/2"),
        (1, "signcoef", "+ "),
        (-1, "signcoef", "- "),
        (-4, "signcoef", "- 4"),
        (-3, "paren", "(-3)"),
        (3, "paren", "3"),
        (HALF, "mixed", "3 1/2"),
        (-HALF, "mixed", "-3 1/2"),
        (Fraction(1, 2), "mixed", "1/2"),
        (4, "mixed", "4"),
        (0, "mixed", "0"),
        (HALF, "num", "7"),
        (HALF, "den", "2"),
        (-HALF, "abs", "7/2"),
        (12, "whole", "12"),
        (HALF, "plaindec", "3.5"),
    ],
)
def test_a_number_is_written_in_its_format(value: Fraction, style: str, written: str) -> None:
    assert write_number(Fraction(value), style) == written


@pytest.mark.parametrize(
    ("value", "style"),
    [
        (Fraction(1, 3), "dec"),
        (HALF, "dec0"),
        (Fraction(1, 1000), "dec2"),
        (0, "coef"),
        (0, "signed"),
        (0, "signcoef"),
        (HALF, "whole"),
        (-3, "whole"),
        (-HALF, "plaindec"),
        (HALF, "group"),
        (-5, "group"),
    ],
)
def test_a_number_that_has_no_such_rendering_is_refused(value: Fraction, style: str) -> None:
    with pytest.raises(CannotWrite):
        write_number(Fraction(value), style)


def test_formats_are_known_by_name() -> None:
    assert is_style("dec3")
    assert is_style("")
    assert not is_style("dec9")
    assert not is_style("roman")


NUMBERS = {"a": Fraction(6), "b2": Fraction(4), "total": Fraction(5, 2)}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("a + b2", 10),
        ("2a", 12),
        ("a(b2 + 1)", 30),
        ("a/b2", Fraction(3, 2)),
        ("num(a/b2)", 3),
        ("den(a/b2) + num(total)", 7),
        ("gcd(a, b2) + lcm(a, b2)", 14),
        ("mod(a, b2)", 2),
        ("sqrt(b2)", 2),
        ("floor(total) + ceil(total)", 5),
        ("abs(b2 - a)", 2),
        ("sum(divisors(a))", 12),
        ("-a^2", -36),
    ],
)
def test_a_formula_is_exact(formula: str, value: Fraction) -> None:
    assert evaluate(formula, NUMBERS) == value


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("a > b2", True),
        ("1 < b2 < a", True),
        ("a != 6", False),
        ("isprime(a)", False),
        ("isprime(a + 1)", True),
        ("{a, b2} = {4, 6}", True),
    ],
)
def test_a_condition_is_decided(condition: str, expected: bool) -> None:
    assert holds(condition, NUMBERS) is expected


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "a +",
        "x + 1",
        "a.b",
        "__import__('os')",
        "a b2 c",
        "9^9^9",
        "a/0",
        "a > 1",
        "[1, 2]",
        "num()",
    ],
)
def test_what_is_no_formula_is_refused(formula: str) -> None:
    with pytest.raises(BadFormula):
        evaluate(formula, NUMBERS)


@pytest.mark.parametrize("condition", ["a + 1", "a >", "a/0 > 1", "sqrt(-1) > 0"])
def test_what_is_no_condition_is_refused(condition: str) -> None:
    with pytest.raises(BadFormula):
        holds(condition, NUMBERS)
