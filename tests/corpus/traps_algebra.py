"""Traps on expressions, inequalities and pairs.

A polynomial in one variable is a list of whole coefficients from the constant up, so equality is
equality of lists.
"""

import math
import random
from collections.abc import Iterator

from tests.corpus.trapping import Trap, in_some_script

Polynomial = list[int]


def _trim(poly: Polynomial) -> Polynomial:
    while poly and poly[-1] == 0:
        poly = poly[:-1]
    return poly


def _times(left: Polynomial, right: Polynomial) -> Polynomial:
    out = [0] * (len(left) + len(right) - 1)
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            out[i + j] += a * b
    return out


def _write(poly: Polynomial, var: str = "x") -> str:
    """Write the highest power first."""
    text = ""
    for power in range(len(poly) - 1, -1, -1):
        number = poly[power]
        if number == 0:
            continue
        sign = "-" if number < 0 else "+" if text else ""
        size = "" if abs(number) == 1 and power else str(abs(number))
        letter = "" if power == 0 else var if power == 1 else f"{var}^{power}"
        text += sign + size + letter
    return text or "0"


def polynomial(rng: random.Random) -> Iterator[Trap]:
    poly = [rng.randrange(-9, 10) for _ in range(rng.randrange(2, 4))]
    poly[-1] = poly[-1] or 1
    if poly.count(0) == len(poly) - 1:
        return
    at = rng.randrange(len(poly))
    slips = {
        "coefficient changed": [*poly[:at], poly[at] + rng.choice((-1, 1, 2)), *poly[at + 1 :]],
        "sign flipped": [*poly[:at], -poly[at], *poly[at + 1 :]],
        "all signs flipped": [-c for c in poly],
        "term dropped": [*poly[:at], 0, *poly[at + 1 :]],
        "powers mixed up": poly[::-1],
        "power raised": [0, *poly],
        "like terms joined": [0, sum(poly)],
        "doubled": [2 * c for c in poly],
    }
    for kind, slip in slips.items():
        if _trim(slip) != _trim(poly):
            typed = in_some_script(rng, _write(slip))
            yield Trap(f"expression: {kind}", "expression", _write(poly), typed)
    other = in_some_script(rng, _write(poly, "y"))
    yield Trap("expression: other variable", "expression", _write(poly), other)


def factored(rng: random.Random) -> Iterator[Trap]:
    a, b = rng.choice((1, 1, 2, 3)), rng.randrange(1, 10)
    c, d = rng.choice((1, 1, 1, 5)), rng.choice([n for n in range(-9, 10) if n])
    left, right = [b, a], [d, c]
    if math.gcd(a, b) > 1 or math.gcd(c, d) > 1:
        return
    product, form = _times(left, right), {"form": "factored"}
    stored = f"({_write(left)})({_write(right)})"
    wrong = {
        "signs": ([-b, a], [-d, c]),
        "one sign": ([-b, a], right),
        "square": (left, left),
        "constant": ([b + 1, a], right),
    }
    for kind, (one, two) in wrong.items():
        if _times(one, two) != product:
            typed = in_some_script(rng, f"({_write(one)})({_write(two)})")
            yield Trap(f"factored: {kind}", "expression", stored, typed, form)
    unfinished = (_write(product), f"{_write([0, a])}({_write(right)})+{b}({_write(right)})")
    for text in unfinished:
        yield Trap("factored: not a product", "expression", stored, in_some_script(rng, text), form)
    one_factor = in_some_script(rng, f"({_write(left)})")
    yield Trap("factored: one factor", "expression", stored, one_factor, form)
    sum_of_factors = in_some_script(rng, f"({_write(left)})+({_write(right)})")
    yield Trap("factored: sum", "expression", stored, sum_of_factors, form)


def common_factor(rng: random.Random) -> Iterator[Trap]:
    outer, inner = rng.randrange(4, 13), rng.randrange(1, 10)
    form, stored = {"form": "factored"}, f"{outer}x(x+{inner})"
    part = rng.choice([d for d in range(2, outer + 1) if outer % d == 0])
    kept, moved = outer // part, part
    unfinished = (
        f"{kept}x({moved}x+{moved * inner})" if kept > 1 else f"x({outer}x+{outer * inner})"
    )
    yield Trap("factored: factor left", "expression", stored, in_some_script(rng, unfinished), form)
    for text in (
        f"{outer}x(x+{inner + 1})",
        f"{outer}(x+{inner})",
        f"{outer}x(x-{inner})",
        f"{outer}x²+{inner}",
    ):
        typed = in_some_script(rng, text)
        yield Trap("factored: common factor", "expression", stored, typed, form)


def primes(rng: random.Random) -> Iterator[Trap]:
    powers = {p: rng.randrange(0, 4) for p in (2, 3, 5, 7)}
    powers = {p: n for p, n in powers.items() if n}
    number = math.prod(p**n for p, n in powers.items())
    if len(powers) < 2:
        return
    form = {"form": "prime_factors"}
    stored = "*".join(f"{p}^{n}" for p, n in powers.items())
    p, n = rng.choice(sorted(powers.items()))
    least = min(q for q in powers if q != p)
    slips = {
        "not factored": str(number),
        "composite left": f"{p**n * least}×{number // p**n // least}",
        "power changed": "×".join(f"{q}^{m + (q == p)}" for q, m in powers.items()),
        "factor lost": "×".join(f"{q}^{m}" for q, m in powers.items() if q != p),
        "added": "+".join(f"{q}^{m}" for q, m in powers.items()),
        "other prime": "×".join(f"{11 if q == p else q}^{m}" for q, m in powers.items()),
    }
    for kind, text in slips.items():
        yield Trap(f"primes: {kind}", "expression", stored, in_some_script(rng, text), form)


def algebraic_fraction(rng: random.Random) -> Iterator[Trap]:
    top, bottom = [rng.randrange(-9, 10), 1], [rng.randrange(-9, 10), 1]
    if top == bottom or 0 in (top[0], bottom[0]):
        return
    stored = f"({_write(top)})/({_write(bottom)})"
    slips = {
        "inverse": (bottom, top),
        "cancelled": ([top[0]], [bottom[0]]),
        "sign": ([-top[0], 1], bottom),
        "top only": (top, [1]),
        "constant": (top, [bottom[0] + 1, 1]),
    }
    for kind, (one, two) in slips.items():
        if _trim(_times(one, bottom)) != _trim(_times(two, top)):
            typed = in_some_script(rng, f"({_write(one)})/({_write(two)})")
            yield Trap(f"algebraic fraction: {kind}", "expression", stored, typed)


def inequality(rng: random.Random) -> Iterator[Trap]:
    bound, sign = rng.randrange(1, 40), rng.choice(("<", ">", "<=", ">="))
    stored, shown = f"x{sign}{bound}", {"<=": "≤", ">=": "≥"}
    for other in {"<", ">", "<=", ">=", "="} - {sign}:
        typed = in_some_script(rng, f"x {shown.get(other, other)} {bound}")
        yield Trap("inequality: sign", "inequality", stored, typed)
    for kind, text in (
        ("sides", f"{bound} {sign} x"),
        ("bound", f"x {sign} {bound + 1}"),
        ("negative", f"x {sign} -{bound}"),
        ("ten times", f"x{sign}{bound}0"),
    ):
        yield Trap(f"inequality: {kind}", "inequality", stored, in_some_script(rng, text))


def pair(rng: random.Random) -> Iterator[Trap]:
    x, y = rng.randrange(-20, 20), rng.randrange(-20, 20)
    options, stored = {"vars": ["x", "y"]}, f"({x}, {y})"
    slips = [(y, x), (-x, y), (x, -y), (-x, -y), (x + 1, y), (x, y - 1), (x * 10, y)]
    for one, two in slips:
        if (one, two) != (x, y):
            text = rng.choice(
                (f"({one}, {two})", f"x={one}, y={two}", f"y={two}, x={one}", f"{one},{two}")
            )
            yield Trap("pair", "tuple", stored, in_some_script(rng, text), options)
    yield Trap("pair: three", "tuple", stored, in_some_script(rng, f"({x},{y},{x})"), options)


FAMILIES = (
    polynomial, factored, common_factor, primes, algebraic_fraction, inequality, pair,
)  # fmt: skip
