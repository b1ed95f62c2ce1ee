"""Dropped scores of the stand-in school, against trying every choice."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from sandbox.canvas.grades import Point, _drop

points = st.tuples(st.integers(0, 20), st.integers(1, 20)).map(lambda one: (*map(float, one),))
marks = st.lists(points, min_size=1, max_size=6)


def ratio(kept: list[Point]) -> float:
    return sum(scored for scored, _ in kept) / sum(possible for _, possible in kept)


@given(marks, st.integers(0, 4))
def test_the_best_choice_is_kept(found: list[Point], lowest: int) -> None:
    kept = _drop([(point, False) for point in found], {"drop_lowest": lowest})
    count = len(found) - min(lowest, len(found) - 1)
    assert len(kept) == count
    assert abs(ratio(kept) - max(map(ratio, map(list, combinations(found, count))))) < 1e-9


@given(marks, st.integers(0, 4))
def test_the_worst_choice_is_kept(found: list[Point], highest: int) -> None:
    kept = _drop([(point, False) for point in found], {"drop_highest": highest})
    count = len(found) - min(highest, len(found) - 1)
    assert abs(ratio(kept) - min(map(ratio, map(list, combinations(found, count))))) < 1e-9


@given(marks, marks, st.integers(1, 4))
def test_what_is_never_dropped_stays(loose: list[Point], fixed: list[Point], lowest: int) -> None:
    whole = [(point, False) for point in loose] + [(point, True) for point in fixed]
    kept = _drop(whole, {"drop_lowest": lowest})
    assert len(kept) == max(0, len(loose) - lowest) + len(fixed)
    assert all(kept.count(point) >= fixed.count(point) for point in fixed)
