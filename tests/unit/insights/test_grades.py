"""What marks of a course say: momentum, what to expect, who needs a word, and what may be said."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.insights.grades import (
    CourseRecord,
    CourseWork,
    GradeFlagKind,
    analyze_at_risk_students,
    calculate_grade_momentum,
    generate_performance_insights,
    predict_final_grade,
    student_t,
)
from src.insights.practice import Trend
from src.insights.weights import MarkGroup, PieceMark, kept_of, total_of

TODAY = date(2026, 3, 31)
marks = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20)), min_size=1, max_size=7)


def work(scores: Sequence[float | None], **more: object) -> list[CourseWork]:
    """Return a piece of ten points for each score, one a day; None has no mark."""
    first = TODAY - timedelta(days=len(scores))
    return [
        CourseWork(
            **{  # type: ignore[arg-type]  # what a test gives
                "assignment": number,
                "group": 1,
                "points": 10.0,
                "score": score,
                "marked": first + timedelta(days=number),
                "due": first + timedelta(days=number),
            }
            | more
        )
        for number, score in enumerate(scores)
    ]


def course(*parts: Sequence[CourseWork], **more: object) -> CourseRecord:
    return CourseRecord("Maths", [one for part in parts for one in part], **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("z", "degrees", "tabled"),
    [(1.2816, 4, 1.533), (1.2816, 10, 1.372), (1.6449, 8, 1.860), (1.6449, 30, 1.697)],
)
def test_student_is_as_in_tables(z: float, degrees: int, tabled: float) -> None:
    assert student_t(z, degrees) == pytest.approx(tabled, abs=0.005)


@given(marks, st.integers(0, 3), st.integers(0, 2))
def test_what_is_dropped_is_what_helps_most(
    given_marks: list[tuple[int, int]], lowest: int, highest: int
) -> None:
    """Against all that could be kept: the lowest go first, then the highest of the rest."""
    found = [PieceMark(n, 1, float(a), float(b)) for n, (a, b) in enumerate(given_marks)]
    kept = kept_of(found, {1: MarkGroup(drop_lowest=lowest, drop_highest=highest)})

    def ratio(some: Sequence[PieceMark]) -> float:
        return sum(m.score for m in some) / sum(m.points for m in some)

    low = min(lowest, len(found) - 1)
    best = max(combinations(found, len(found) - low), key=ratio)
    high = min(highest, len(best) - 1)
    if not highest:
        assert ratio(kept) == pytest.approx(ratio(best))
    assert len(kept) == len(found) - low - high
    assert ratio(kept) <= ratio(best) + 1e-9


def test_what_is_never_dropped_stays_and_groups_count_by_their_weight() -> None:
    groups = {1: MarkGroup(40.0, drop_lowest=1, never_drop=frozenset({1})), 2: MarkGroup(60.0)}
    found = [
        PieceMark(1, 1, 0, 10),
        PieceMark(2, 1, 5, 10),
        PieceMark(3, 1, 10, 10),
        PieceMark(4, 2, 8, 10),
    ]
    kept = kept_of(found, groups)
    assert [mark.assignment for mark in kept] == [1, 3, 4]
    assert total_of(kept, groups, weighs=True) == pytest.approx(0.4 * 0.5 + 0.6 * 0.8)
    assert total_of(kept, groups, weighs=False) == pytest.approx(18 / 30)
    assert total_of([found[1]], groups, weighs=True) == pytest.approx(0.5), "the other has no marks"
    assert total_of([PieceMark(1, None, 5, 0)], {}, weighs=False) is None


def test_a_clear_fall_and_rise_are_named_with_their_windows() -> None:
    down = calculate_grade_momentum(course(work([9, 8, 9, 10, 9, 8, 5, 4, 5, 6, 5])))
    assert (down.trend, down.graded) == (Trend.FALLING, 11)
    assert down.earlier == pytest.approx(53 / 60)
    assert down.later == pytest.approx(0.5)
    assert down.change is not None
    assert down.change.low < -0.38 < down.change.high < 0
    assert down.window == (TODAY - timedelta(days=11), TODAY - timedelta(days=1))
    up = calculate_grade_momentum(course(work([5, 4, 5, 6, 5, 9, 8, 9, 10, 9])))
    assert up.trend is Trend.RISING
    few = calculate_grade_momentum(course(work([9] * 9)))
    assert (few.trend, few.change, few.graded) == (Trend.TOO_LITTLE_DATA, None, 9)
    assert calculate_grade_momentum(course()).window is None


def drawn(dice: random.Random, mean: float, count: int) -> list[float]:
    return [10 * min(1.0, max(0.0, dice.gauss(mean, 0.12))) for _ in range(count)]


def test_still_students_seldom_seem_to_move_and_a_fall_of_20_points_is_mostly_found() -> None:
    dice = random.Random(16)
    still = [calculate_grade_momentum(course(work(drawn(dice, 0.75, 15)))) for _ in range(400)]
    moved = sum(one.trend is not Trend.NO_CLEAR_CHANGE for one in still) / len(still)
    assert moved <= 0.2
    falls = [[*drawn(dice, 0.8, 10), *drawn(dice, 0.6, 5)] for _ in range(400)]
    found = sum(calculate_grade_momentum(course(work(f))).trend is Trend.FALLING for f in falls)
    assert found / len(falls) >= 0.8


def test_a_grade_is_predicted_from_five_marks_on() -> None:
    four = predict_final_grade(course(work([8, 9, 7, 8, None])))
    assert (four.expected, four.graded, four.open) == (None, 4, 1)
    five = predict_final_grade(course(work([8, 9, 7, 8, 8, None, None])))
    assert five.expected is not None
    assert five.expected.expected == pytest.approx(0.8)
    assert 0.7 < five.expected.low < 0.8 < five.expected.high < 0.9
    assert five.window == (TODAY - timedelta(days=7), TODAY - timedelta(days=3))


def test_without_open_work_the_grade_stands_and_weights_and_what_is_missing_count() -> None:
    done = predict_final_grade(course(work([8, 9, 7, 8, 8])))
    assert done.expected is not None
    assert (done.expected.low, done.expected.high) == (done.expected.expected,) * 2
    lost = work([None], is_missing=True)
    gone = predict_final_grade(course(work([8, 9, 7, 8, 8]), lost))
    assert gone.open == 0
    assert gone.expected is not None
    assert gone.expected.expected == pytest.approx(40 / 60)
    groups = {1: MarkGroup(20.0), 2: MarkGroup(80.0)}
    test = work([None], group=2, assignment=99)
    weighed = course(work([8, 9, 7, 8, 8]), test, groups=groups, weighs_groups=True)
    plain = course(work([8, 9, 7, 8, 8]), test)
    wide, narrow = predict_final_grade(weighed).expected, predict_final_grade(plain).expected
    assert wide is not None
    assert narrow is not None
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low), "the open test is most of it"
    assert predict_final_grade(course(work([8] * 6, counts=False))).graded == 0
    assert predict_final_grade(course(work([8] * 6, is_excused=True))).graded == 0


def test_the_range_holds_in_about_eight_of_ten_cases() -> None:
    dice, held, rounds = random.Random(17), 0, 400
    groups = {1: MarkGroup(40.0, drop_lowest=1), 2: MarkGroup(60.0)}
    for _ in range(rounds):
        mean = dice.uniform(0.5, 0.8)
        home, tests = drawn(dice, mean, 10), drawn(dice, mean, 4)
        whole = course(work(home), work(tests, group=2), groups=groups, weighs_groups=True)
        seen = course(
            work([*home[:6], *[None] * 4]),
            work([*tests[:1], *[None] * 3], group=2),
            groups=groups,
            weighs_groups=True,
        )
        told, came = predict_final_grade(seen).expected, predict_final_grade(whole).expected
        assert told is not None
        assert came is not None
        held += told.holds(came.expected)
    assert 0.75 <= held / rounds <= 0.85


def test_missing_work_and_a_falling_grade_are_flags_and_end_with_what_made_them() -> None:
    lost = work([None, None], is_missing=True)
    falling = course(work([9, 8, 9, 10, 9, 8, 5, 4, 5, 6, 5]))
    review = analyze_at_risk_students(
        {7: [course(work([8, 8]), lost)], 8: [falling], 9: [course(work([8]))], 10: []}, TODAY
    )
    assert [(f.student, f.kind) for f in review.flags] == [
        (7, GradeFlagKind.MISSING_WORK),
        (8, GradeFlagKind.FALLING_GRADE),
    ]
    missing, fell = review.flags
    assert missing.evidence == {"missing": 2, "due": 4}
    assert missing.since == TODAY - timedelta(days=2)
    assert fell.evidence["graded"] == 11
    assert fell.since == TODAY - timedelta(days=5)
    assert review.too_little_data == [9, 10]
    handed_in = work([None, 9])
    assert analyze_at_risk_students({7: [course(work([8, 8]), handed_in)]}, TODAY).flags == []
    long_ago = work([None, None], is_missing=True, due=TODAY - timedelta(days=40))
    assert analyze_at_risk_students({7: [course(long_ago)]}, TODAY).flags == []
    excused = work([None, None], is_missing=True, is_excused=True)
    assert analyze_at_risk_students({7: [course(excused)]}, TODAY).flags == []


def test_a_small_fall_is_no_flag() -> None:
    little = course(work([9.0] * 10 + [8.5] * 5))
    assert calculate_grade_momentum(little).trend in {Trend.FALLING, Trend.NO_CLEAR_CHANGE}
    assert analyze_at_risk_students({7: [little]}, TODAY).flags == []


def test_at_most_five_things_are_said_each_with_its_count() -> None:
    lost, late = work([None], is_missing=True), work([6], is_late=True)
    many = course(work([9, 8, 9, 10, 9, 8, 5, 4, 5, 6, 5]), lost, late, work([None]))
    said = generate_performance_insights(many, TODAY)
    assert [one.key for one in said] == [
        *("insight-grade-now", "insight-grade-falling"),
        *("insight-work-missing", "insight-work-late", "insight-work-open"),
    ]
    assert said[0].values == {"course": "Maths", "percent": 70, "graded": 12}
    assert said[2].values == {"course": "Maths", "missing": 1, "due": 14}
    [one] = generate_performance_insights(course(work([9])), TODAY)
    assert (one.key, one.values) == ("insight-grade-too-little", {"course": "Maths", "graded": 1})
