"""What a `solution_check` computes with: functions, ratios, lists and sets, and their equality."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from src.answers.reading.algebra import Evaluator, Function, approximate_function, equal
from src.answers.verdicts import UnreadableError


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of two or more parts."""

    parts: tuple[Function, ...]


Value = Function | Ratio | tuple["Value", ...] | frozenset[object]


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
    """Return whether two values are equal; a list and a set are when their elements are."""
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
