"""Step four, second half: exact rational functions in several variables, with roots and π."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, pi
from typing import ClassVar

from src.answers.limits import MAX_EXPONENT
from src.answers.reading.grammar import Tree
from src.answers.reading.polynomials import (
    MAX_RADICAND,
    ROOTS,
    Budget,
    Monomial,
    Polynomial,
    add,
    content,
    multiply,
    prime_factors,
)
from src.answers.verdicts import UnreadableError


@dataclass(frozen=True, slots=True)
class Function:
    """A rational function: numerator over denominator, with integer coefficients."""

    top: Polynomial
    bottom: Polynomial = field(default_factory=lambda: {(): 1})

    def constant(self) -> Fraction | None:
        """Return the value where no symbol is left, else None."""
        if set(self.top) <= {()} and set(self.bottom) == {()}:
            return Fraction(self.top.get((), 0), self.bottom[()])
        return None

    def letters(self) -> set[str]:
        """Return the letters that stand in it, also under roots and in exponents."""
        symbols = {
            symbol for poly in (self.top, self.bottom) for mono in poly for symbol, _ in mono
        }
        return {c for symbol in symbols for c in symbol if c.isalpha() and c != "π"}


def constant(value: Fraction | int) -> Function:
    """Return the constant function."""
    exact = Fraction(value)
    return Function({(): exact.numerator} if exact else {}, {(): exact.denominator})


def _reduced(top: Polynomial, bottom: Polynomial) -> Function:
    if not bottom:
        raise UnreadableError("division_by_zero")
    common = gcd(content(top), content(bottom))
    if common > 1:
        top = {mono: c // common for mono, c in top.items()}
        bottom = {mono: c // common for mono, c in bottom.items()}
    return Function(top, bottom)


def equal(left: Function, right: Function, budget: Budget | None = None) -> bool:
    """Return whether two rational functions are the same."""
    budget = budget or Budget()
    return multiply(left.top, right.bottom, budget) == multiply(right.top, left.bottom, budget)


class Evaluator:
    """Turns a tree into a rational function within one budget."""

    def __init__(self, budget: Budget | None = None, *, max_exponent: int = MAX_EXPONENT) -> None:
        self.budget = budget or Budget()
        self.max_exponent = max_exponent

    def evaluate(self, tree: Tree) -> Function:
        """Return the value of a tree.

        Raises:
            UnreadableError: too_complex, exponent_too_large, division_by_zero …
        """
        return self._RULES[tree[0]](self, tree)

    def _num(self, tree: Tree) -> Function:
        whole, _, part = tree[1].partition(".")
        return constant(Fraction(int(whole + part), 10 ** len(part)))

    def _var(self, tree: Tree) -> Function:
        return Function({((tree[1], 1),): 1})

    def _pos(self, tree: Tree) -> Function:
        return self.evaluate(tree[1])

    def _neg(self, tree: Tree) -> Function:
        value = self.evaluate(tree[1])
        return Function({mono: -c for mono, c in value.top.items()}, value.bottom)

    def _sum(self, tree: Tree) -> Function:
        left, right = self.evaluate(tree[1]), self.evaluate(tree[2])
        sign = 1 if tree[0] == "add" else -1
        if left.bottom == right.bottom:
            return _reduced(add(left.top, right.top, sign), left.bottom)
        top = add(
            multiply(left.top, right.bottom, self.budget),
            multiply(right.top, left.bottom, self.budget),
            sign,
        )
        return _reduced(top, multiply(left.bottom, right.bottom, self.budget))

    def _mul(self, tree: Tree) -> Function:
        left, right = self.evaluate(tree[1]), self.evaluate(tree[2])
        return self.times(left, right)

    def times(self, left: Function, right: Function) -> Function:
        """Return the product."""
        return _reduced(
            multiply(left.top, right.top, self.budget),
            multiply(left.bottom, right.bottom, self.budget),
        )

    def _div(self, tree: Tree) -> Function:
        left, right = self.evaluate(tree[1]), self.evaluate(tree[2])
        if not right.top:
            raise UnreadableError("division_by_zero")
        return self.times(left, Function(right.bottom, right.top))

    def _pow(self, tree: Tree) -> Function:
        base, exponent = self.evaluate(tree[1]), self.evaluate(tree[2])
        value = exponent.constant()
        if value is None:
            return self._symbolic_power(base, exponent)
        if abs(value) > self.max_exponent:
            raise UnreadableError("exponent_too_large")
        if value.denominator in {2, 3}:
            root = self.root(base, "√" if value.denominator == 2 else "∛")
            return self.power(root, value.numerator)
        if value.denominator != 1:
            raise UnreadableError("exponent_unclear")
        return self.power(base, int(value))

    def power(self, base: Function, exponent: int) -> Function:
        """Return an integer power."""
        if exponent < 0:
            if not base.top:
                raise UnreadableError("division_by_zero")
            base, exponent = Function(base.bottom, base.top), -exponent
        result = constant(1)
        for _ in range(exponent):
            result = self.times(result, base)
        return result

    def _symbolic_power(self, base: Function, exponent: Function) -> Function:
        """2^(n+1) is 2·(2^n): the base one number or letter, the exponent linear."""
        if set(exponent.bottom) != {()} or exponent.bottom[()] != 1:
            raise UnreadableError("exponent_unclear")
        number, symbols = self._single_term(base)
        result = constant(1)
        for mono, times in exponent.top.items():
            if len(mono) > 1 or (mono and mono[0][1] != 1) or abs(times) > MAX_EXPONENT:
                raise UnreadableError("exponent_unclear")
            letter = mono[0][0] if mono else ""
            for symbol, exponent_of in (*prime_factors(number), *symbols):
                power = f"{symbol}^{letter}" if letter else str(symbol)
                raw = constant(int(symbol)) if power.isdigit() else Function({((power, 1),): 1})
                result = self.times(result, self.power(raw, times * exponent_of))
        return result

    def _single_term(self, base: Function) -> tuple[int, Monomial]:
        if len(base.top) != 1 or base.bottom != {(): 1}:
            raise UnreadableError("exponent_unclear")
        ((mono, number),) = base.top.items()
        if number < 1 or number > MAX_RADICAND:
            raise UnreadableError("exponent_unclear")
        return number, mono

    def _root(self, tree: Tree) -> Function:
        return self.root(self.evaluate(tree[2]), tree[1])

    def root(self, inner: Function, sign: str) -> Function:
        """Return the square root (√) or cube root (∛) of a number or a single term."""
        if len(inner.bottom) == 1 and len(inner.top) == 1:
            return self._root_of_term(sign, inner)
        if not inner.top:
            return inner
        raise UnreadableError("root_of_sum")

    def _root_of_term(self, sign: str, inner: Function) -> Function:
        """√(a/b) is √(a·b)/b, and for the cube root ∛(a·b²)/b."""
        order = ROOTS[sign]
        ((_, top),), ((bottom_mono, bottom),) = inner.top.items(), inner.bottom.items()
        if top < 0 and sign == "√":
            raise UnreadableError("root_of_negative")
        lifted = multiply(inner.top, self.power(Function(inner.bottom), order - 1).top, self.budget)
        ((mono, number),) = lifted.items()
        result = constant(-1 if number < 0 else 1)
        for symbol, exponent in (*prime_factors(abs(number)), *mono):
            result = self.times(result, self._root_of_symbol(sign, symbol, exponent))
        return self.times(result, Function({(): 1}, {bottom_mono: bottom}))

    def _root_of_symbol(self, sign: str, symbol: str, exponent: int) -> Function:
        if symbol[0] in ROOTS:
            raise UnreadableError("root_of_root")
        wholes, rest = divmod(exponent, ROOTS[sign])
        base = constant(int(symbol)) if symbol.isdigit() else Function({((symbol, 1),): 1})
        whole = self.power(base, wholes)
        return self.times(whole, Function({((sign + symbol, rest),): 1})) if rest else whole

    _RULES: ClassVar[dict[str, Callable[["Evaluator", Tree], Function]]] = {
        "num": _num, "var": _var, "pos": _pos, "neg": _neg, "add": _sum, "sub": _sum,
        "mul": _mul, "imul": _mul, "div": _div, "pow": _pow, "root": _root,
    }  # fmt: skip


def approximate_function(value: Function) -> Fraction:
    """Return a constant to the precision of a float: π and roots get their decimal values."""
    return _approximate(value.top) / _approximate(value.bottom)


def _approximate(poly: Polynomial) -> Fraction:
    total = Fraction(0)
    for mono, coefficient in poly.items():
        term = Fraction(coefficient)
        for symbol, exponent in mono:
            term *= Fraction(_approximate_symbol(symbol)) ** exponent
        total += term
    return total


def _approximate_symbol(symbol: str) -> float:
    if symbol[0] not in ROOTS:
        return pi
    inner = pi if symbol[1:] == "π" else float(symbol[1:])
    return float(inner ** (1 / ROOTS[symbol[0]]))
