"""The arithmetic of `solution_check`: the pupils' grammar with functions, lists and sets on top."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd, isqrt, lcm
from typing import Any

from lark import Lark, Token, v_args
from lark.exceptions import LarkError

from src.answers.algebra import Budget, Evaluator, Function, approximate_function, constant, equal
from src.answers.grammar import RULES, Tree, TreeBuilder, check_size
from src.answers.numeric import round_half_up
from src.answers.verdicts import UnreadableError

_MAX_TOKENS = 300
_MAX_PRODUCTS = 60_000
_MAX_EXPONENT = 100
_MAX_WHOLE = 10**9

_EXTENSION = r"""
?start: relation | ratio | sum
relation: side (REL side)+
?side: sum | ratio
ratio: sum (":" sum)+
?special: CALL "(" [arguments] ")" -> call
        | "[" [arguments] "]" -> list
        | "(" sum ("," sum)+ ")" -> list
        | "{" [arguments] "}" -> set
        | ANS -> ans
        | PI -> pi
arguments: sum ("," sum)*
REL: "<=" | ">=" | "!=" | "=" | "<" | ">" | "≤" | "≥" | "≠"
CALL.3: /[a-z]+(?=\s*\()(?<=[a-z][a-z])/
ANS.3: /ans\d*/
PI.3: /pi(?![a-z])|π/
LETTER: /[^\W\d_]/
"""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of two or more parts."""

    parts: tuple[Function, ...]


Value = Function | Ratio | tuple["Value", ...] | frozenset[object]


@v_args(inline=True)
class _Builder(TreeBuilder):
    def call(self, name: Token, arguments: Tree | None) -> Tree:
        return ("call", str(name), *(arguments[1:] if arguments else ()))

    def list(self, *items: Any) -> Tree:
        return ("list", *_flat(items))

    def set(self, *items: Any) -> Tree:
        return ("set", *_flat(items))

    def ans(self, token: Token) -> Tree:
        return ("ans", str(token))

    def pi(self, token: Token) -> Tree:
        del token
        return ("var", "π")

    def relation(self, *parts: Any) -> Tree:
        return ("relation", *(str(part) if isinstance(part, Token) else part for part in parts))


def _flat(items: Sequence[Any]) -> tuple[Tree, ...]:
    if len(items) == 1 and (items[0] is None or items[0][0] == "arguments"):
        return items[0][1:] if items[0] else ()
    return tuple(items)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    """Build the parser on first use: only checks of content need it."""
    grammar = RULES.replace("LETTER -> var |", "LETTER -> var | special |") + _EXTENSION
    return Lark(grammar, parser="lalr", lexer="contextual", transformer=_Builder())


def parse_check(text: str) -> Tree:
    """Read a relation, a ratio or an expression of a `solution_check`.

    Raises:
        UnreadableError: it is too long, or not in the grammar.
    """
    check_size(text, tokens=_MAX_TOKENS)
    try:
        return _parser().parse(text.replace("**", "^"))  # type: ignore[return-value]
    except LarkError as error:
        raise UnreadableError("not_in_the_grammar") from error


class Calculator(Evaluator):
    """Evaluates the tree of a check, with the answer under its names."""

    def __init__(self, names: Mapping[str, Value]) -> None:
        super().__init__(Budget(_MAX_PRODUCTS), max_exponent=_MAX_EXPONENT)
        self.names = names

    def value(self, tree: Tree) -> Value:
        """Return a number, a rational function, a list, a set or a ratio."""
        operation = tree[0]
        if operation == "list":
            return tuple(self.value(item) for item in tree[1:])
        if operation == "set":
            return frozenset(set_key(self.value(item)) for item in tree[1:])
        if operation == "ratio":
            return Ratio(tuple(self.evaluate(part) for part in tree[1:]))
        if operation in {"ans", "var"} and tree[1] in self.names:
            return self.names[tree[1]]
        if operation == "ans":
            raise UnreadableError(f"the answer has no {tree[1]}")
        if operation == "relation":
            raise UnreadableError("a value is needed, not a relation")
        if operation == "call":
            return self._call(tree[1], tree[2:])
        return super().evaluate(tree)

    def evaluate(self, tree: Tree) -> Function:
        """Return the value of a tree that must be a single number or function."""
        value = self.value(tree)
        if not isinstance(value, Function):
            raise UnreadableError("a single number is needed, not several")
        return value

    def holds(self, tree: Tree) -> bool:
        """Tell whether a relation holds; an expression holds where it is not zero."""
        if tree[0] != "relation":
            return bool(self.evaluate(tree).top)
        sides = [self.value(side) for side in tree[1::2]]
        pairs = zip(sides, tree[2::2], sides[1:], strict=False)
        return all(self._compare(left, sign, right) for left, sign, right in pairs)

    def _compare(self, left: Value, sign: str, right: Value) -> bool:
        if sign in {"=", "!=", "≠"}:
            return same(left, right) is (sign == "=")
        low, high = number_of(left), number_of(right)
        if sign in {"<", ">"}:
            return low < high if sign == "<" else low > high
        return low <= high if sign in {"<=", "≤"} else low >= high

    def _call(self, name: str, arguments: Sequence[Tree]) -> Value:
        function = FUNCTIONS.get(name)
        if function is None:
            raise UnreadableError(f"unknown function {name}")
        try:
            return function(*(self.value(argument) for argument in arguments))
        except TypeError as error:
            raise UnreadableError(f"{name} does not take these arguments") from error


def set_key(value: Value) -> object:
    """Return what stands for a value in a set: a fraction, a letter, or a tuple of those."""
    if isinstance(value, tuple):
        return tuple(set_key(item) for item in value)
    if isinstance(value, Function) and (exact := value.constant()) is not None:
        return exact
    if isinstance(value, Function) and value.bottom == {(): 1}:
        return frozenset(value.top.items())
    raise UnreadableError("not an element of a set")


def same(left: Value, right: Value) -> bool:
    """Tell whether two values are equal; a list and a set are when their elements are."""
    if isinstance(left, Function) and isinstance(right, Function):
        return equal(left, right)
    if isinstance(left, Ratio) and isinstance(right, Ratio):
        return _proportional(left.parts, right.parts)
    if isinstance(left, frozenset) or isinstance(right, frozenset):
        return as_set(left) == as_set(right)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return False


def _proportional(left: Sequence[Function], right: Sequence[Function]) -> bool:
    if len(left) != len(right):
        return False
    times = Evaluator().times
    pairs = zip(left, right, strict=True)
    return all(equal(times(left[0], b), times(right[0], a)) for a, b in pairs)


def as_set(value: Value) -> frozenset[object]:
    """Return a list or set as a set."""
    if isinstance(value, frozenset):
        return value
    if isinstance(value, tuple):
        return frozenset(set_key(item) for item in value)
    raise UnreadableError("a list or a set is needed")


def number_of(value: Value) -> Fraction:
    """Return a constant, irrational ones to the precision of a float."""
    if not isinstance(value, Function) or value.letters():
        raise UnreadableError("a number is needed")
    exact = value.constant()
    return approximate_function(value) if exact is None else exact


def _whole(value: Value) -> int:
    number = number_of(value)
    if number.denominator != 1 or abs(number) > _MAX_WHOLE:
        raise UnreadableError("a whole number up to 1,000,000,000 is needed")
    return int(number)


def _numbers(values: Sequence[Value]) -> list[Fraction]:
    items: Sequence[Value] = values
    if len(values) == 1 and isinstance(values[0], tuple):
        items = values[0]
    if not items:
        raise UnreadableError("at least one number is needed")
    return [number_of(item) for item in items]


def _list(numbers: Sequence[Fraction | int]) -> Value:
    return tuple(constant(number) for number in numbers)


def _median(*values: Value) -> Value:
    numbers = sorted(_numbers(values))
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return constant(numbers[middle])
    return constant((numbers[middle - 1] + numbers[middle]) / 2)


def _mode(*values: Value) -> Value:
    counts = Counter(_numbers(values))
    most = max(counts.values())
    modes = sorted(number for number, count in counts.items() if count == most)
    return constant(modes[0]) if len(modes) == 1 else _list(modes)


def _count(value: Value) -> Value:
    if not isinstance(value, (tuple, frozenset)):
        raise UnreadableError("a list or a set is needed")
    return constant(len(value))


def _round(value: Value, places: Value | None = None) -> Value:
    return constant(round_half_up(number_of(value), _whole(places) if places is not None else 0))


def _floor(value: Value) -> Value:
    number = number_of(value)
    return constant(number.numerator // number.denominator)


def _ceil(value: Value) -> Value:
    number = number_of(value)
    return constant(-(-number.numerator // number.denominator))


def _mod(value: Value, divisor: Value) -> Value:
    by = number_of(divisor)
    if by == 0:
        raise UnreadableError("division by zero")
    return constant(number_of(value) % by)


def _root(order: int) -> Callable[[Value], Value]:
    def root(value: Value) -> Value:
        if not isinstance(value, Function):
            raise UnreadableError("a number is needed")
        exact = value.constant()
        if exact is not None and (perfect := _perfect_root(exact, order)) is not None:
            return constant(perfect)
        return Evaluator().root(value, "√" if order == 2 else "∛")

    return root


def _perfect_root(value: Fraction, order: int) -> Fraction | None:
    if value < 0:
        inner = _perfect_root(-value, order) if order == 3 else None
        return None if inner is None else -inner
    parts = [_whole_root(part, order) for part in (value.numerator, value.denominator)]
    root = Fraction(*parts)
    return root if root**order == value else None


def _whole_root(number: int, order: int) -> int:
    if order == 2:
        return isqrt(number)
    low, high = 0, 1 << (number.bit_length() // 3 + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**3 <= number else (low, middle - 1)
    return low


def _divisors(value: Value) -> Value:
    number = abs(_whole(value))
    small = [d for d in range(1, isqrt(number) + 1) if number % d == 0]
    return _list(sorted({*small, *(number // d for d in small)}))


def _primes(number: int) -> list[int]:
    primes, divisor = [], 2
    while divisor * divisor <= number:
        if number % divisor == 0:
            primes.append(divisor)
            number //= divisor
        else:
            divisor += 1
    return [*primes, number] if number > 1 else primes


def _is_prime(value: Value) -> Value:
    number = _whole(value)
    return constant(int(number > 1 and _primes(number) == [number]))


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "gcd": lambda *v: constant(gcd(*map(_whole, v))),
    "lcm": lambda *v: constant(lcm(*map(_whole, v))),
    "sqrt": _root(2),
    "cbrt": _root(3),
    "abs": lambda v: constant(abs(number_of(v))),
    "min": lambda *v: constant(min(_numbers(v))),
    "max": lambda *v: constant(max(_numbers(v))),
    "sum": lambda *v: constant(sum(_numbers(v), Fraction(0))),
    "mean": lambda *v: constant(sum(_numbers(v), Fraction(0)) / len(_numbers(v))),
    "median": _median,
    "mode": _mode,
    "count": _count,
    "floor": _floor,
    "ceil": _ceil,
    "round": _round,
    "mod": _mod,
    "isprime": _is_prime,
    "divisors": _divisors,
    "primefactors": lambda v: _list(sorted(set(_primes(abs(_whole(v)))))),
    "digits": lambda v: _list([int(d) for d in str(abs(_whole(v)))]),
    "union": lambda *v: frozenset().union(*map(as_set, v)),
    "intersect": lambda a, *v: as_set(a).intersection(*map(as_set, v)),
    "minus": lambda a, *v: as_set(a).difference(*map(as_set, v)),
}
