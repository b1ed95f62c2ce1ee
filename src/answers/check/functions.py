"""The functions of `solution_check`, from gcd to minus."""

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import gcd, isqrt, lcm

from src.answers.check.values import Value, as_set, number_of
from src.answers.reading.algebra import Evaluator, Function, constant
from src.answers.types.numeric import round_half_up
from src.answers.verdicts import UnreadableError

_MAX_WHOLE = 10**9


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
