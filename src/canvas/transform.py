"""From the rows that Canvas sends to the rows of the mirror: pure, one function a kind.

A row that cannot be kept is refused with its reason and stops no other. What was refused is still
known to be there, so that nothing is thought to be gone because it could not be read.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from src.canvas.bundle import CourseBundle, Listing
from src.canvas.results import RowRefusal
from src.clients.canvas_models import (
    WireAssignment,
    WireAssignmentGroup,
    WireCourse,
    WireDates,
    WireEnrollment,
    WireGradingPeriod,
    WireModel,
    WireOverride,
    WireSeat,
    WireSubmission,
    WireUser,
)

Values = dict[str, Any]
_Row = TypeVar("_Row", bound=WireModel)
_Key = TypeVar("_Key")
_MOST_WHOLE = 2**31 - 1
_LONGEST = 64
# Columns of 64 characters: Canvas' own words, of which none is nearly as long.
_SHORT = ("workflow_state", "time_zone", "grading_type", "state", "late_policy_status")
_WHOLE = ("allowed_attempts", "position", "attempt", "drop_lowest", "drop_highest")
GRADES = (
    *("current_score", "final_score", "current_grade", "final_grade"),
    *("period_score", "period_grade"),
)


class RowRefusedError(ValueError):
    """A row cannot be kept; the message says why, without a value of it."""


@dataclass(slots=True)
class CourseRows:
    """One course as the mirror keeps it; each part by the key of its rows.

    Attributes:
        course_id: Its Canvas id.
        course: Its row.
        is_complete: Whether what is not here is gone.
        students: By the id of the user.
        assignments: By id.
        enrollments: By id.
        groups: By id.
        periods: By id.
        grades: By the id of the user: what the history of grades compares.
        scores: By assignment and user: what the history of scores compares.
        refused: Rows that are there and were not taken.
        problems: Why parts are not whole.
    """

    course_id: int
    course: Values
    is_complete: bool
    students: dict[int, Values] = field(default_factory=dict)
    assignments: dict[int, Values] = field(default_factory=dict)
    enrollments: dict[int, Values] = field(default_factory=dict)
    groups: dict[int, Values] = field(default_factory=dict)
    periods: dict[int, Values] = field(default_factory=dict)
    grades: dict[int, Values] = field(default_factory=dict)
    scores: dict[tuple[int, int], Values] = field(default_factory=dict)
    refused: list[RowRefusal] = field(default_factory=list)
    problems: str = ""

    def refused_ids(self, kind: str) -> set[int]:
        """The ids of rows that are there though they were not taken."""
        return {one.canvas_id for one in self.refused if one.kind == kind and one.canvas_id}


def transform(content: CourseBundle, erased: frozenset[int] = frozenset()) -> CourseRows:
    """Turn one fetched course into rows.

    Args:
        content: What was fetched.
        erased: Users who are never mirrored again.
    """
    number = content.course.id
    found = CourseRows(number, course_values(content.course), content.is_complete)
    found.problems = "; ".join(f"{kind}: {why}" for kind, why in content.problems.items())
    seats = [one for one in content.enrollments.rows if one.user_id not in erased]
    people = [one for one in content.users.rows if one.id not in erased]
    work = [one for one in content.submissions.rows if one.user_id not in erased]
    _take(found, "assignment_groups", content.assignment_groups, _group, found.groups)
    _take(found, "assignments", content.assignments, _assignment, found.assignments)
    _take(found, "grading_periods", content.grading_periods, _period, found.periods)
    _take(
        found, "enrollments", Listing(seats, content.enrollments.faults), _seat, found.enrollments
    )
    _take(found, "submissions", Listing(work, content.submissions.faults), _work, found.scores)
    _add_students(found, people, content.users)
    _add_grades(found, content.course.enrollments)
    found.is_complete = found.is_complete and all(one.canvas_id for one in found.refused)
    return found


def course_values(row: WireCourse) -> Values:
    """Return the columns of a course; of one that is withheld only that it is."""
    if row.is_restricted:
        return {"canvas_id": row.id, "is_restricted": True}
    return {
        "canvas_id": row.id,
        "name": row.name,
        "original_name": row.original_name,
        "course_code": row.course_code,
        "workflow_state": row.workflow_state,
        "time_zone": row.time_zone,
        "start_at": row.start_at,
        "end_at": row.end_at,
        "is_restricted": False,
        "weighs_groups": bool(row.apply_assignment_group_weights),
        "hides_final_grades": bool(row.hide_final_grades),
    }


def student_values(row: WireUser) -> Values:
    """Return the columns of a student."""
    names = {"name": row.name, "sortable_name": row.sortable_name, "short_name": row.short_name}
    return {"canvas_id": row.id, **names}


def assignment_values(row: WireAssignment) -> Values:
    """Return the columns of an assignment; a date that is null is null."""
    return {
        "canvas_id": row.id,
        "canvas_course_id": row.course_id,
        "canvas_group_id": row.assignment_group_id,
        "name": row.name,
        "description": row.description,
        "due_at": row.due_at,
        "unlock_at": row.unlock_at,
        "lock_at": row.lock_at,
        "dates": _dates(row),
        "points_possible": row.points_possible,
        "grading_type": row.grading_type,
        "submission_types": list(row.submission_types),
        "workflow_state": row.workflow_state,
        "is_published": not row.is_hidden,
        "omits_from_final_grade": bool(row.omit_from_final_grade),
        "only_for_overrides": bool(row.only_visible_to_overrides),
        "allowed_attempts": row.allowed_attempts,
        "canvas_quiz_id": row.quiz_id,
        "position": row.position,
        "html_url": row.html_url,
        "canvas_updated_at": row.updated_at,
    }


def _dates(row: WireAssignment) -> list[Values] | None:
    """Return each date and for which section: names and numbers of pupils are left out."""
    if row.all_dates is None and row.overrides is None:
        return None
    found = {one.id: _date(one) for one in row.all_dates or []}
    for one in row.overrides or []:
        found[one.id] = {**_date(one), "section_id": _text(one.course_section_id)}
    return list(found.values())


def _date(one: WireDates | WireOverride) -> Values:
    days = {name: getattr(one, name) for name in ("due_at", "unlock_at", "lock_at")}
    plain = {name: day.isoformat() if day else None for name, day in days.items()}
    return {"id": _text(one.id), "is_base": bool(getattr(one, "base", False)), **plain}


def _text(number: int | None) -> str | None:
    # Programs that read JSON lose the last digits of a number beyond 2^53.
    return None if number is None else str(number)


def enrollment_values(row: WireEnrollment) -> Values:
    """Return the columns of an enrolment."""
    grades = row.grades
    return {
        "canvas_id": row.id,
        "canvas_course_id": row.course_id,
        "canvas_user_id": row.user_id,
        "canvas_section_id": row.course_section_id,
        "role": row.role,
        "state": row.enrollment_state,
        "start_at": row.start_at,
        "end_at": row.end_at,
        "last_activity_at": row.last_activity_at,
        "current_score": grades.current_score if grades else None,
        "final_score": grades.final_score if grades else None,
        "current_grade": grades.current_grade if grades else None,
        "final_grade": grades.final_grade if grades else None,
        "period_score": None,
        "period_grade": None,
        "canvas_updated_at": row.updated_at,
    }


def group_values(row: WireAssignmentGroup, course_id: int) -> Values:
    """Return the columns of a group of assignments."""
    rules = row.rules
    return {
        "canvas_id": row.id,
        "canvas_course_id": course_id,
        "name": row.name,
        "position": row.position,
        "weight": row.group_weight,
        "drop_lowest": (rules and rules.drop_lowest) or 0,
        "drop_highest": (rules and rules.drop_highest) or 0,
        "never_drop": list(rules.never_drop) if rules else [],
    }


def period_values(row: WireGradingPeriod, course_id: int) -> Values:
    """Return the columns of a grading period."""
    return {
        "canvas_id": row.id,
        "canvas_course_id": course_id,
        "title": row.title,
        "start_at": row.start_date,
        "end_at": row.end_date,
        "close_at": row.close_date,
        "weight": row.weight,
        "is_closed": bool(row.is_closed),
    }


def score_values(row: WireSubmission, course_id: int) -> Values:
    """Return what the history keeps of a submission.

    Whether it is late is what Canvas says: a pupil's zone is not ours to guess.
    """
    return {
        "canvas_course_id": course_id,
        "canvas_assignment_id": row.assignment_id,
        "canvas_user_id": row.user_id,
        "canvas_submission_id": row.id,
        "workflow_state": row.workflow_state,
        "score": row.score,
        "grade": row.grade,
        "points_deducted": row.points_deducted,
        "is_excused": bool(row.excused),
        "is_late": bool(row.late),
        "is_missing": bool(row.missing),
        "late_policy_status": row.late_policy_status,
        "attempt": row.attempt,
        "submitted_at": row.submitted_at,
        "graded_at": row.graded_at,
        "posted_at": row.posted_at,
        "due_at": row.cached_due_date,
    }


def _group(row: WireAssignmentGroup, course_id: int) -> tuple[int, Values]:
    return row.id, group_values(row, course_id)


def _period(row: WireGradingPeriod, course_id: int) -> tuple[int, Values]:
    return row.id, period_values(row, course_id)


def _assignment(row: WireAssignment, course_id: int) -> tuple[int, Values]:
    _require_own(row.course_id, course_id)
    return row.id, assignment_values(row)


def _seat(row: WireEnrollment, course_id: int) -> tuple[int, Values] | None:
    _require_own(row.course_id, course_id)
    return (row.id, enrollment_values(row)) if row.is_student else None


def _work(row: WireSubmission, course_id: int) -> tuple[tuple[int, int], Values] | None:
    if row.user_id is None:
        # Marking is anonymous: nobody may know yet whose it is.
        return None
    return (row.assignment_id, row.user_id), score_values(row, course_id)


def _require_own(course_id: int, expected: int) -> None:
    if course_id != expected:
        raise RowRefusedError("course_id: it belongs to another course")


def _take(
    found: CourseRows,
    kind: str,
    part: Listing[_Row],
    turn: Callable[[_Row, int], tuple[_Key, Values] | None],
    into: dict[_Key, Values],
) -> None:
    """Add the rows of a part; one that stands there twice counts once, as it stood last."""
    course_id = found.course_id
    for fault in part.faults:
        found.refused.append(RowRefusal(kind, fault.canvas_id, fault.reason, course_id))
    for row in part.rows:
        try:
            taken = turn(row, course_id)
            if taken is not None:
                check(taken[1])
                into[taken[0]] = taken[1]
        except RowRefusedError as error:
            number = getattr(row, "id", None)
            found.refused.append(RowRefusal(kind, number, str(error), course_id))


def check(values: Values) -> None:
    """Make sure that the columns have room for a row.

    Raises:
        RowRefusedError: They have not.
    """
    for name in _SHORT:
        if len(values.get(name) or "") > _LONGEST:
            raise RowRefusedError(f"{name}: over {_LONGEST} characters")
    for name in _WHOLE:
        if abs(values.get(name) or 0) > _MOST_WHOLE:
            raise RowRefusedError(f"{name}: the number is too large")
    if any(isinstance(one, float) and not math.isfinite(one) for one in values.values()):
        raise RowRefusedError("a number is not finite")


def _add_students(found: CourseRows, people: Iterable[WireUser], part: Listing[WireUser]) -> None:
    """Take the people who have a seat; of one of whom nothing else is known, the number."""
    wanted = {values["canvas_user_id"] for values in found.enrollments.values()}
    mine = Listing([one for one in people if one.id in wanted], part.faults)
    _take(found, "users", mine, lambda row, _: (row.id, student_values(row)), found.students)
    for number in wanted - found.students.keys():
        found.students[number] = {"canvas_id": number}


def _add_grades(found: CourseRows, seats: list[WireSeat]) -> None:
    """Take a grade for each student: of the seat that counts, where there are several."""
    periods = {one.user_id: one for one in seats if one.has_grading_periods}
    for values in sorted(found.enrollments.values(), key=_rank):
        user_id = values["canvas_user_id"]
        if seat := periods.get(user_id):
            values["period_score"] = seat.shown_score
            values["period_grade"] = seat.shown_grade
        found.grades[user_id] = {name: values[name] for name in GRADES}


def _rank(values: Values) -> tuple[bool, bool, int]:
    """Put last whose grade counts: an active seat before others, one with a grade before none."""
    has_grade = any(values[name] is not None for name in GRADES)
    return values["state"] == "active", has_grade, -values["canvas_id"]


def list_values(
    part: Listing[WireCourse],
) -> tuple[dict[int, Values], list[RowRefusal]]:
    """Turn the list of courses into rows, and say which were refused."""
    found: dict[int, Values] = {}
    refused = [RowRefusal("courses", one.canvas_id, one.reason) for one in part.faults]
    for row, values in _listed(part.rows):
        try:
            check(values)
            found[row.id] = values
        except RowRefusedError as error:
            refused.append(RowRefusal("courses", row.id, str(error), row.id))
    return found, refused


def _listed(rows: Iterable[WireCourse]) -> Iterator[tuple[WireCourse, Values]]:
    for row in rows:
        yield row, course_values(row)
