"""What a course at a school says of one student: where it goes, what to expect, who needs a word.

The same four questions as of practice, answered from marks. A mark counts as the school counts it:
what is excused or left out of the grade is left out here, weights and dropped marks are as set.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from statistics import fmean, variance

from src.insights.intervals import Interval
from src.insights.practice import Insight, Trend
from src.insights.weights import MarkGroup, PieceMark, kept_of, total_of

# The later window and the one before it, in marked pieces of work.
LATER_WORK, EARLIER_WORK = 5, 10
LEAST_GRADED = 5
_MISSING_WINDOW = timedelta(days=28)
_LEAST_MISSING = 2
_LEAST_DROP = 0.1
# A mark in five that spread by nothing says that the five were alike, not that the next will be.
_LEAST_SPREAD = 0.05
_Z80, _Z90 = 1.2816, 1.6449
_MOST_INSIGHTS = 5


@dataclass(frozen=True, slots=True)
class CourseWork:
    """A piece of a student's work in a course.

    Attributes:
        assignment: Canvas' number.
        group: Canvas' number of its group.
        points: That can be had; 0 where none can.
        score: Points that were given; None while there is no mark.
        marked: The local day of the mark.
        due: The local day until which it is due.
        is_excused: Whether it need not be done.
        is_missing: Whether it was not handed in, as far as that can be known.
        is_late: Whether Canvas says that it came late.
        counts: Whether it counts for the grade.
    """

    assignment: int
    group: int | None
    points: float
    score: float | None = None
    marked: date | None = None
    due: date | None = None
    is_excused: bool = False
    is_missing: bool = False
    is_late: bool = False
    counts: bool = True

    @property
    def is_graded(self) -> bool:
        """Whether it has a mark that counts."""
        return self._weighs and self.score is not None

    @property
    def is_open(self) -> bool:
        """Whether a mark that counts is still to come; of what is missing none is expected."""
        return self._weighs and self.score is None and not self.is_missing

    @property
    def is_settled(self) -> bool:
        """Whether it counts and its points are known: marked, or missing and so none."""
        return self._weighs and not self.is_open

    @property
    def _weighs(self) -> bool:
        return self.counts and not self.is_excused and self.points > 0


@dataclass(frozen=True, slots=True)
class CourseRecord:
    """All that is known of a student in a course.

    Attributes:
        course: Its name.
        work: The marked in the order in which they were marked.
        groups: By Canvas' number.
        weighs_groups: Whether groups count by their weights, and not by their points.
    """

    course: str
    work: Sequence[CourseWork]
    groups: Mapping[int, MarkGroup] = field(default_factory=dict)
    weighs_groups: bool = False

    @property
    def graded(self) -> list[CourseWork]:
        """What has a mark that counts, in order."""
        return [one for one in self.work if one.is_graded]


@dataclass(frozen=True, slots=True)
class GradeMomentum:
    """Two windows of marks compared; numbers are None with too little data.

    Attributes:
        trend: The word.
        earlier: The mean mark of the earlier window, 0 to 1.
        later: That of the later one.
        change: The difference, with its 80 % range.
        graded: How many marks stand in the two windows.
        window: The first and the last day of the two; None where there is none.
    """

    trend: Trend
    earlier: float | None
    later: float | None
    change: Interval | None
    graded: int
    window: tuple[date, date] | None


@dataclass(frozen=True, slots=True)
class GradeForecast:
    """What a course will come to in the end.

    Attributes:
        expected: The grade, 0 to 1, with its 80 % range; None with too few marks.
        graded: How many marks it rests on.
        open: How many are still to come.
        window: The first and the last day of the marks; None where there is none.
    """

    expected: Interval | None
    graded: int
    open: int
    window: tuple[date, date] | None


class GradeFlagKind(StrEnum):
    """Why to talk to a student about a course, in the order in which they are shown."""

    MISSING_WORK = "missing_work"
    FALLING_GRADE = "falling_grade"


@dataclass(frozen=True, slots=True)
class GradeFlag:
    """A reason to talk to a student about a course; computed, never stored.

    Attributes:
        student: Canvas' number of the user.
        course: Its name.
        kind: Why.
        since: The day since which it holds.
        evidence: The numbers behind it, by name.
    """

    student: int
    course: str
    kind: GradeFlagKind
    since: date
    evidence: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class GradeReview:
    """Who needs a word about a course, and of whom nothing can be said yet.

    Attributes:
        flags: The gravest kinds first.
        too_little_data: Students with fewer than five marks and nothing missing.
    """

    flags: list[GradeFlag]
    too_little_data: list[int]


def calculate_grade_momentum(record: CourseRecord) -> GradeMomentum:
    """Compare the last 5 marks of a student with up to 10 before them; nothing is extrapolated."""
    graded = record.graded[-LATER_WORK - EARLIER_WORK :]
    shares = [_share(one) for one in graded]
    later, earlier = shares[-LATER_WORK:], shares[:-LATER_WORK]
    if len(earlier) < LATER_WORK:
        return GradeMomentum(Trend.TOO_LITTLE_DATA, None, None, None, len(graded), _window(graded))
    change, is_sure = _difference(earlier, later)
    trend = Trend.NO_CLEAR_CHANGE
    if is_sure:
        trend = Trend.FALLING if change.expected < 0 else Trend.RISING
    return GradeMomentum(trend, fmean(earlier), fmean(later), change, len(graded), _window(graded))


def _difference(earlier: Sequence[float], later: Sequence[float]) -> tuple[Interval, bool]:
    """Return the difference of two means with its 80 % range, and whether it is clearly one.

    By Student's t with the spread of both windows together; clear is what a 90 % range excludes.
    """
    degrees = len(earlier) + len(later) - 2
    spread = (len(earlier) - 1) * variance(earlier) + (len(later) - 1) * variance(later)
    pooled = max(spread / degrees, _LEAST_SPREAD**2)
    error = math.sqrt(pooled * (1 / len(earlier) + 1 / len(later)))
    middle = fmean(later) - fmean(earlier)
    doubt = student_t(_Z80, degrees) * error
    return (
        Interval(middle - doubt, middle, middle + doubt),
        abs(middle) > student_t(_Z90, degrees) * error,
    )


def student_t(z: float, degrees: int) -> float:
    """Return the quantile of Student's t for that of a normal distribution.

    By the expansion 26.7.5 of Abramowitz and Stegun; from 3 degrees on within 0.03.
    """
    return (
        z
        + (z**3 + z) / (4 * degrees)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * degrees**3)
    )


def predict_final_grade(record: CourseRecord) -> GradeForecast:
    """Return what a course comes to if open work is marked as this student's work was so far.

    Each open piece is expected at the mean of the marks. The range holds the spread of single marks
    and the doubt about their mean (Student's t). Without open work it is the grade as it stands.
    """
    graded = record.graded
    still_open = [one for one in record.work if one.is_open]
    expected = None
    if len(graded) >= LEAST_GRADED:
        expected = _forecast(record, graded, still_open)
    return GradeForecast(expected, len(graded), len(still_open), _window(graded))


def _forecast(
    record: CourseRecord, graded: Sequence[CourseWork], still_open: Sequence[CourseWork]
) -> Interval | None:
    shares = [_share(one) for one in graded]
    mean = fmean(shares)
    marks = [_mark(one, one.score or 0.0) for one in record.work if one.is_settled]
    guesses = [_mark(one, mean * one.points) for one in still_open]
    kept = kept_of([*marks, *guesses], record.groups)
    middle = total_of(kept, record.groups, weighs=record.weighs_groups)
    if middle is None:
        return None
    doubt = _doubt(record, kept, {one.assignment for one in still_open}, shares)
    return Interval(max(middle - doubt, 0.0), middle, max(middle, min(middle + doubt, 1.0)))


def _doubt(
    record: CourseRecord, kept: Sequence[PieceMark], unknown: set[int], shares: Sequence[float]
) -> float:
    """Return half the width of the 80 % range: what one point of each open mark moves, and how."""
    moved = [
        _moved(record, kept, mark) * mark.points for mark in kept if mark.assignment in unknown
    ]
    spread = max(variance(shares), _LEAST_SPREAD**2)
    of_each = spread * sum(part * part for part in moved)
    of_mean = spread / len(shares) * sum(moved) ** 2
    return student_t(_Z80, len(shares) - 1) * math.sqrt(of_each + of_mean)


def _moved(record: CourseRecord, kept: Sequence[PieceMark], one: PieceMark) -> float:
    """Return by how much the grade grows with a point more for one mark."""
    more = [mark.plus(1.0) if mark is one else mark for mark in kept]
    before = total_of(kept, record.groups, weighs=record.weighs_groups)
    after = total_of(more, record.groups, weighs=record.weighs_groups)
    assert before is not None
    assert after is not None
    return after - before


def analyze_at_risk_students(
    records: Mapping[int, Sequence[CourseRecord]], today: date
) -> GradeReview:
    """Review students: missing work and falling grades, kept apart from what practice says.

    Args:
        records: The courses of each student, by Canvas' number of the user.
        today: The local day.
    """
    flags: list[GradeFlag] = []
    unknown: list[int] = []
    for student, courses in sorted(records.items()):
        found = [flag for record in courses for flag in _flags_of(student, record, today)]
        if not found and all(len(record.graded) < LEAST_GRADED for record in courses):
            unknown.append(student)
        flags += found
    order = list(GradeFlagKind)
    return GradeReview(sorted(flags, key=lambda f: (order.index(f.kind), f.since)), unknown)


def _flags_of(student: int, record: CourseRecord, today: date) -> Iterator[GradeFlag]:
    due = [one for one in record.work if _is_due(one, today)]
    missing = [one.due for one in due if one.is_missing and one.due]
    if len(missing) >= _LEAST_MISSING:
        evidence = {"missing": float(len(missing)), "due": float(len(due))}
        kind = GradeFlagKind.MISSING_WORK
        yield GradeFlag(student, record.course, kind, min(missing), evidence)
    momentum = calculate_grade_momentum(record)
    if momentum.trend is Trend.FALLING and momentum.change is not None:
        if momentum.change.expected > -_LEAST_DROP:
            return
        assert momentum.earlier is not None
        assert momentum.later is not None
        since = next((one.marked for one in record.graded[-LATER_WORK:] if one.marked), today)
        evidence = {"earlier": momentum.earlier, "later": momentum.later}
        evidence |= {"graded": float(momentum.graded)}
        kind = GradeFlagKind.FALLING_GRADE
        yield GradeFlag(student, record.course, kind, since, evidence)


def generate_performance_insights(record: CourseRecord, today: date) -> list[Insight]:
    """Return at most five things worth saying of a student in a course, each with its count.

    Args:
        record: The student in the course.
        today: The local day.
    """
    course: dict[str, int | str] = {"course": record.course}
    if len(record.graded) < LEAST_GRADED:
        return [Insight("insight-grade-too-little", course | {"graded": len(record.graded)})]
    found = [*_of_grade(record, course), *_of_work(record, course, today)]
    return found[:_MOST_INSIGHTS]


def _of_grade(record: CourseRecord, course: dict[str, int | str]) -> Iterator[Insight]:
    marks = [_mark(one, one.score or 0.0) for one in record.graded]
    now = total_of(kept_of(marks, record.groups), record.groups, weighs=record.weighs_groups)
    if now is not None:
        counted: dict[str, int | str] = {"percent": round(100 * now), "graded": len(marks)}
        yield Insight("insight-grade-now", course | counted)
    momentum = calculate_grade_momentum(record)
    if momentum.trend in {Trend.RISING, Trend.FALLING}:
        assert momentum.earlier is not None
        assert momentum.later is not None
        before, later = round(100 * momentum.earlier), round(100 * momentum.later)
        shares: dict[str, int | str] = {"before": before, "now": later}
        yield Insight(f"insight-grade-{momentum.trend}", course | shares)


def _of_work(record: CourseRecord, course: dict[str, int | str], today: date) -> Iterator[Insight]:
    due = [one for one in record.work if _is_due(one, today)]
    missing = sum(one.is_missing for one in due)
    late = sum(one.is_late for one in due)
    for key, count in (("missing", missing), ("late", late)):
        if count:
            counted: dict[str, int | str] = {key: count, "due": len(due)}
            yield Insight(f"insight-work-{key}", course | counted)
    coming = sum(one.is_open for one in record.work)
    if coming:
        yield Insight("insight-work-open", course | {"open": coming})


def _is_due(one: CourseWork, today: date) -> bool:
    """Return whether a piece fell due in the last four weeks, and had to be done."""
    if one.due is None or one.is_excused:
        return False
    return today - _MISSING_WINDOW <= one.due <= today


def _mark(one: CourseWork, score: float) -> PieceMark:
    return PieceMark(one.assignment, one.group, score, one.points)


def _share(one: CourseWork) -> float:
    return (one.score or 0.0) / one.points


def _window(graded: Sequence[CourseWork]) -> tuple[date, date] | None:
    days = [one.marked for one in graded if one.marked is not None]
    return (min(days), max(days)) if days else None
