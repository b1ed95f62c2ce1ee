"""Course grades out of submissions: weights, dropped scores, grading periods, hidden marks."""

from collections.abc import Callable

from sandbox.canvas.state import Row, School

Point = tuple[float, float]  # scored, possible
_SCHEME = ((94, "A"), (90, "A-"), (87, "B+"), (84, "B"), (80, "B-"), (70, "C"), (60, "D"))


def grades(school: School, course: Row, user_id: int, period: Row | None = None) -> Row:
    """The four scores of a pupil in a course, each with its letter.

    Args:
        school: The tables.
        course: The course.
        user_id: The pupil.
        period: Counts only what is due in this grading period.
    """
    mine = _counted(school, course, user_id, period)
    found: Row = {}
    for name, sees, with_missing in (
        ("current", _is_posted, False),
        ("final", _is_posted, True),
        ("unposted_current", _is_graded, False),
        ("unposted_final", _is_graded, True),
    ):
        score = _total(school, course, mine, sees, with_missing=with_missing)
        found[f"{name}_score"] = score
        found[f"{name}_grade"] = letter(course, score)
    return found


def letter(course: Row, score: float | None) -> str | None:
    """The letter of a score, in courses that have letters."""
    if score is None or not course["grading_standard_id"]:
        return None
    return next((name for least, name in _SCHEME if score >= least), "F")


def current_period(school: School, course: Row) -> Row | None:
    """The grading period of today."""
    return period_of(school, course["id"], school.now)


def period_of(school: School, course_id: int, instant: str | None) -> Row | None:
    """The grading period of a due date; what has none belongs to the last one."""
    periods = sorted(school.periods.of("course_id", course_id), key=lambda one: one["end_date"])
    if instant is None:
        return periods[-1] if periods else None
    return next((one for one in periods if one["start_date"] < instant <= one["end_date"]), None)


def _counted(
    school: School, course: Row, user_id: int, period: Row | None
) -> list[tuple[Row, Row]]:
    found = []
    for submission in school.submissions.of("user_id", user_id):
        assignment = school.assignments.get(submission["assignment_id"])
        if submission["course_id"] != course["id"] or assignment is None:
            continue
        if assignment["workflow_state"] != "published" or assignment["omit_from_final_grade"]:
            continue
        if not submission["assigned"] or submission["excused"]:
            continue
        due_in = period_of(school, course["id"], submission["cached_due_date"])
        if period is None or due_in is period:
            found.append((assignment, submission))
    return found


def _is_graded(submission: Row) -> bool:
    return submission["score"] is not None


def _is_posted(submission: Row) -> bool:
    return submission["score"] is not None and submission["posted_at"] is not None


def _total(
    school: School,
    course: Row,
    mine: list[tuple[Row, Row]],
    sees: Callable[[Row], bool],
    *,
    with_missing: bool,
) -> float | None:
    sums: list[tuple[float, Point]] = []
    for group in school.groups.of("course_id", course["id"]):
        points = _points(group, mine, sees, with_missing=with_missing)
        kept = _drop(points, group["rules"])
        if kept:
            sums.append((group["group_weight"], (sum(a for a, _ in kept), sum(b for _, b in kept))))
    return _weighted(sums) if course["apply_assignment_group_weights"] else _plain(sums)


def _points(
    group: Row, mine: list[tuple[Row, Row]], sees: Callable[[Row], bool], *, with_missing: bool
) -> list[tuple[Point, bool]]:
    never = set(group["rules"].get("never_drop", []))
    found = []
    for assignment, submission in mine:
        is_seen = sees(submission)
        if assignment["assignment_group_id"] == group["id"] and (is_seen or with_missing):
            scored = submission["score"] if is_seen else 0.0
            possible = assignment["points_possible"] or 0.0
            found.append(((scored, possible), assignment["id"] in never or not possible))
    return found


def _drop(points: list[tuple[Point, bool]], rules: Row) -> list[Point]:
    fixed = [point for point, stays in points if stays]
    loose = [point for point, stays in points if not stays]
    lowest = min(rules.get("drop_lowest", 0), max(0, len(loose) - (not fixed)))
    loose = _best(loose, fixed, len(loose) - lowest, 1)
    highest = min(rules.get("drop_highest", 0), max(0, len(loose) - (not fixed)))
    return fixed + _best(loose, fixed, len(loose) - highest, -1)


def _best(loose: list[Point], fixed: list[Point], count: int, sign: int) -> list[Point]:
    """The `count` scores that give the best ratio together, or the worst where `sign` is -1."""
    if count >= len(loose):
        return loose
    kept, ratio = loose[:count], None
    while True:
        whole = [*kept, *fixed]
        new = sum(a for a, _ in whole) / (sum(b for _, b in whole) or 1.0)
        if ratio is not None and sign * (new - ratio) <= 1e-12:
            return kept
        ratio = new
        kept = sorted(loose, key=lambda one: -sign * (one[0] - new * one[1]))[:count]


def _weighted(sums: list[tuple[float, Point]]) -> float | None:
    known = [(weight, scored / possible) for weight, (scored, possible) in sums if possible]
    weights = sum(weight for weight, _ in known)
    if not weights:
        return None
    return round(100 * sum(weight * ratio for weight, ratio in known) / weights, 2)


def _plain(sums: list[tuple[float, Point]]) -> float | None:
    possible = sum(point[1] for _, point in sums)
    return round(100 * sum(point[0] for _, point in sums) / possible, 2) if possible else None
