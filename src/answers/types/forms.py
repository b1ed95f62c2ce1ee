"""The forms an expression can be asked in: factored, expanded, lowest terms, prime factors."""

from math import gcd

from src.answers.reading.algebra import Evaluator, Function
from src.answers.reading.grammar import Tree
from src.answers.reading.polynomials import Budget, Polynomial, content, degree, multiply
from src.answers.verdicts import UnreadableError

Factor = tuple[Tree, int]
_MAX_PRIME = 10**6


def fault_of_expression(tree: Tree, stored: Tree, form: str | None, budget: Budget) -> str | None:
    """Return the reason why an equal expression is not in the form asked for, or None."""
    if form == "factored":
        return None if _factored(tree, stored, budget) else "factored"
    if form == "prime_factors":
        return None if _prime_factors(tree) else "prime_factors"
    if form == "expanded":
        return None if _expanded(tree, budget) else "expanded"
    if form in {"lowest_terms", "simplified"}:
        return None if _lowest_terms(tree, stored, budget) else form
    return None


def factors_of(tree: Tree, exponent: int = 1) -> list[Factor]:
    """Return the factors of a product, also under powers, as (tree, exponent)."""
    operation = tree[0]
    if operation in {"mul", "imul"}:
        return factors_of(tree[1], exponent) + factors_of(tree[2], exponent)
    if operation == "div":
        return factors_of(tree[1], exponent) + factors_of(tree[2], -exponent)
    if operation == "neg":
        return [(("num", "-1"), exponent), *factors_of(tree[1], exponent)]
    if operation == "pos":
        return factors_of(tree[1], exponent)
    if operation == "pow" and (power := _whole(tree[2])) is not None:
        return factors_of(tree[1], exponent * power)
    return [(tree, exponent)]


def _whole(tree: Tree) -> int | None:
    if tree[0] == "neg":
        inner = _whole(tree[1])
        return None if inner is None else -inner
    if tree[0] == "num" and tree[1].isdigit() and len(tree[1]) <= 2:
        return int(tree[1])
    return None


def _value(tree: Tree, budget: Budget) -> Function:
    if tree == ("num", "-1"):
        return Function({(): -1})
    return Evaluator(budget).evaluate(tree)


def _irreducible_parts(tree: Tree, budget: Budget) -> list[Polynomial] | None:
    """Return the letter factors of a product, one for each power; None where one hides a number.

    (2x+4)(x+3) hides the factor 2; (x+1/2)(x-1/2) hides none.
    """
    parts: list[Polynomial] = []
    for factor, exponent in factors_of(tree):
        value = _value(factor, budget)
        if value.constant() is not None:
            continue
        if exponent < 0 or (content(value.top) > 1 and len(value.top) > 1):
            return None
        parts += (
            [_primitive(value.top)] * exponent
            if len(value.top) > 1
            else _letters(value.top) * exponent
        )
    return parts


def _letters(poly: Polynomial) -> list[Polynomial]:
    ((mono, _),) = poly.items()
    return [{((symbol, 1),): 1} for symbol, exponent in mono for _ in range(exponent)]


def _primitive(poly: Polynomial) -> Polynomial:
    lead = poly[max(poly)]
    common = content(poly) * (-1 if lead < 0 else 1)
    return {mono: c // common for mono, c in poly.items()}


def _factored(tree: Tree, stored: Tree, budget: Budget) -> bool:
    """The same factors as the stored ones, or more of them."""
    parts, expected = _irreducible_parts(tree, budget), _irreducible_parts(stored, budget)
    if parts is None or expected is None or _hides_letter(parts):
        return parts is not None and expected is None
    if len(parts) > len(expected):
        return True
    remaining = list(parts)
    for factor in expected:
        if factor not in remaining:
            return False
        remaining.remove(factor)
    return not remaining


def _hides_letter(parts: list[Polynomial]) -> bool:
    """x² + x hides the factor x."""
    for part in parts:
        if len(part) > 1:
            common = set.intersection(*({s for s, _ in mono} for mono in part))
            if common:
                return True
    return False


def _prime_factors(tree: Tree) -> bool:
    if tree[0] == "pos":
        return False
    for factor, exponent in factors_of(tree):
        if factor[0] != "num" or exponent < 1 or not factor[1].isdigit():
            return False
        number = int(factor[1])
        if number > _MAX_PRIME:
            raise UnreadableError("number_too_large")
        if number < 2 or any(number % d == 0 for d in range(2, int(number**0.5) + 1)):
            return False
    return True


def _terms(tree: Tree) -> list[Tree]:
    if tree[0] in {"add", "sub"}:
        return _terms(tree[1]) + _terms(tree[2])
    return _terms(tree[1]) if tree[0] in {"neg", "pos"} else [tree]


def _expanded(tree: Tree, budget: Budget) -> bool:
    """A sum of single terms, none of which could be put together."""
    seen = set()
    for term in _terms(tree):
        value = _value(term, budget)
        if len(value.top) > 1 or len(value.bottom) > 1 or _has_sum(term) or _repeats(term):
            return False
        key = frozenset(value.top), frozenset(value.bottom)
        if key in seen:
            return False
        seen.add(key)
    return True


def _has_sum(tree: Tree) -> bool:
    if tree[0] in {"add", "sub"}:
        return True
    return any(_has_sum(part) for part in tree[1:] if isinstance(part, tuple))


def _repeats(term: Tree) -> bool:
    """x·x and 2·3x are not carried out."""
    symbols: list[str] = []
    numbers = [0, 0]
    for factor, exponent in factors_of(term):
        if factor[0] == "num":
            numbers[exponent < 0] += factor != ("num", "-1")
        else:
            symbols.append(repr(factor))
    return len(symbols) != len(set(symbols)) or max(numbers) > 1


def _lowest_terms(tree: Tree, stored: Tree, budget: Budget) -> bool:
    """As few letters as the stored fraction, no common number, like terms put together."""
    top, bottom = _fraction_parts(tree, budget)
    expected_top, expected_bottom = _fraction_parts(stored, budget)
    if degree(top) > degree(expected_top) or degree(bottom) > degree(expected_bottom):
        return False
    if gcd(content(top), content(bottom)) > 1 or _splits(tree, stored):
        return False
    return _tidy(tree, budget)


def _splits(tree: Tree, stored: Tree) -> bool:
    """A sum of fractions where the stored answer is one fraction."""
    return (
        tree[0] in {"add", "sub"} and stored[0] not in {"add", "sub"} and _has_letter_division(tree)
    )


def _has_letter_division(tree: Tree) -> bool:
    if tree[0] == "div" and _has_letter(tree[2]):
        return True
    return any(_has_letter_division(part) for part in tree[1:] if isinstance(part, tuple))


def _has_letter(tree: Tree) -> bool:
    return tree[0] == "var" or any(_has_letter(p) for p in tree[1:] if isinstance(p, tuple))


def _fraction_parts(tree: Tree, budget: Budget) -> tuple[Polynomial, Polynomial]:
    """Multiply out what stands over and under the bar, cancelling nothing."""
    evaluator = Evaluator(budget)
    sides = [Function({(): 1}), Function({(): 1})]
    for factor, exponent in factors_of(tree):
        value = _value(factor, budget)
        side = exponent < 0
        sides[side] = evaluator.times(sides[side], evaluator.power(value, abs(exponent)))
    top, bottom = sides
    return (
        multiply(top.top, bottom.bottom, budget),
        multiply(top.bottom, bottom.top, budget),
    )


def _tidy(tree: Tree, budget: Budget) -> bool:
    """Every sum inside has its like terms put together."""
    if tree[0] in {"add", "sub"}:
        seen: set[object] = set()
        for term in _terms(tree):
            if _has_sum(term) and not _has_letter_division(term):
                return False  # 40 + 12(n-2) is not finished
            if _has_sum(term):
                continue
            value = _value(term, budget)
            key = frozenset(value.top), frozenset(value.bottom) if _has_letter(term) else None
            if key in seen or _repeats(term):
                return False
            seen.add(key)
        return all(
            _tidy(part, budget) for term in _terms(tree) for part in [term] if _has_sum(term)
        )
    if not _has_sum(tree):
        return not _repeats(tree)
    return all(_tidy(part, budget) for part in tree[1:] if isinstance(part, tuple))
