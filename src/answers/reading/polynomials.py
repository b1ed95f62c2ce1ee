"""Polynomials with integer coefficients, within a budget of work.

A polynomial maps a monomial, a sorted tuple of (symbol, exponent), to an integer. The symbols are
letters, π, roots of primes and of letters (√2, √x, ∛5) and powers with a letter above (2^n). The
product of a root with itself is resolved at once, so that equality is cross multiplication.
"""

from dataclasses import dataclass
from math import gcd

from src.answers.limits import MAX_BITS, MAX_EXPONENT, MAX_PRODUCTS, MAX_TERMS
from src.answers.verdicts import UnreadableError

Monomial = tuple[tuple[str, int], ...]
Polynomial = dict[Monomial, int]
ROOTS = {"√": 2, "∛": 3}
MAX_RADICAND = 10**7


@dataclass(slots=True)
class Budget:
    """Work left for one answer: products of two terms."""

    products: int = MAX_PRODUCTS

    def spend(self, products: int) -> None:
        """Take from what is left, or refuse the answer."""
        self.products -= products
        if self.products < 0:
            raise UnreadableError("too_complex")


def multiply_monomials(left: Monomial, right: Monomial) -> tuple[Monomial, int]:
    """Return the product and the integer that resolved roots leave behind."""
    if not left:
        return right, 1
    if not right:
        return left, 1
    exponents = dict(left)
    factor = 1
    for symbol, exponent in right:
        exponents[symbol] = exponents.get(symbol, 0) + exponent
    for symbol in [s for s in exponents if s[0] in ROOTS]:
        wholes, exponents[symbol] = divmod(exponents[symbol], ROOTS[symbol[0]])
        if wholes and symbol[1:].isdigit():
            factor *= int(symbol[1:]) ** wholes
        elif wholes:
            exponents[symbol[1:]] = exponents.get(symbol[1:], 0) + wholes
    if max(exponents.values()) > 10 * MAX_EXPONENT:
        raise UnreadableError("exponent_too_large")
    return tuple(sorted((s, e) for s, e in exponents.items() if e)), factor


def multiply(left: Polynomial, right: Polynomial, budget: Budget) -> Polynomial:
    """Return the product of two polynomials."""
    budget.spend(len(left) * len(right))
    product: Polynomial = {}
    for mono, coefficient in left.items():
        for other, times in right.items():
            key, factor = multiply_monomials(mono, other)
            product[key] = product.get(key, 0) + coefficient * times * factor
    return _bounded(product)


def add(left: Polynomial, right: Polynomial, sign: int = 1) -> Polynomial:
    """Return left + sign * right."""
    total = dict(left)
    for mono, coefficient in right.items():
        total[mono] = total.get(mono, 0) + sign * coefficient
    return _bounded(total)


def _bounded(poly: Polynomial) -> Polynomial:
    poly = {mono: coefficient for mono, coefficient in poly.items() if coefficient}
    if len(poly) > MAX_TERMS:
        raise UnreadableError("too_complex")
    if any(c.bit_length() > MAX_BITS for c in poly.values()):
        raise UnreadableError("number_too_large")
    return poly


def content(poly: Polynomial) -> int:
    """Return the greatest common divisor of the coefficients, 0 for the zero polynomial."""
    return gcd(*poly.values()) if poly else 0


def degree(poly: Polynomial) -> int:
    """Return the total degree, counting letters and not roots of numbers."""
    return max((sum(e for s, e in mono if s[-1].isalpha()) for mono in poly), default=0)


def prime_factors(number: int) -> list[tuple[str, int]]:
    """Return the primes of a number up to 10^7 by trial division, at most 1,600 steps."""
    if number > MAX_RADICAND:
        raise UnreadableError("number_too_large")
    factors: list[tuple[str, int]] = []
    divisor = 2
    while divisor * divisor <= number:
        exponent = 0
        while number % divisor == 0:
            number //= divisor
            exponent += 1
        if exponent:
            factors.append((str(divisor), exponent))
        divisor += 1 if divisor == 2 else 2
    return [*factors, (str(number), 1)] if number > 1 else factors
