"""Whether the mirror is what Canvas says: all is read again and compared, nothing written."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from src.canvas.bundle import CanvasBundle, CourseBundle
from src.canvas.queries import mirror as queries
from src.canvas.queries.mirror import Layer1, Values
from src.canvas.results import Deviation
from src.canvas.transform import GRADES, CourseRows, list_values, transform
from src.models import (
    CanvasAssignment,
    CanvasAssignmentGroup,
    CanvasCourse,
    CanvasEnrollment,
    CanvasGradingPeriod,
    CanvasStudent,
    MirrorKind,
)

ROW = "row"
_LIVING = {
    "assignments": (MirrorKind.ASSIGNMENT, CanvasAssignment),
    "enrollments": (MirrorKind.ENROLLMENT, CanvasEnrollment),
}


async def verify_canvas_data(
    db: AsyncSession, connection_id: int, bundle: CanvasBundle
) -> list[Deviation]:
    """Compare the mirror of a connection with a fetch that was made just now.

    Args:
        db: A session that only reads.
        connection_id: Whose mirror.
        bundle: All that Canvas says, or some courses of it.

    Returns:
        Every difference; what Canvas lacks and is marked as gone is none.
    """
    erased = await queries.erased_students(db, connection_id)
    found = await _verify_list(db, connection_id, bundle)
    for content in bundle.contents:
        if not content.course.is_restricted:
            found += await _verify_course(db, connection_id, content, erased)
    return found


async def _verify_list(
    db: AsyncSession, connection_id: int, bundle: CanvasBundle
) -> list[Deviation]:
    courses, refused = list_values(bundle.courses)
    stored = await queries.read_rows(db, CanvasCourse, connection_id, courses, None)
    found = list(_compare("courses", stored, courses))
    lives = await queries.course_lives(db, connection_id)
    there = {number for number, life in lives.items() if life["is_active"]}
    found += _missing("courses", courses.keys() - there)
    if bundle.courses.is_complete:
        known = {one.canvas_id for one in refused if one.canvas_id}
        found += _surplus("courses", there - courses.keys() - known)
    return found


async def _verify_course(
    db: AsyncSession, connection_id: int, content: CourseBundle, erased: frozenset[int]
) -> list[Deviation]:
    rows = transform(content, erased)
    number, found = rows.course_id, list[Deviation]()
    tables: dict[str, tuple[Layer1, Mapping[int, Values], int | None]] = {
        "users": (CanvasStudent, rows.students, None),
        "assignments": (CanvasAssignment, rows.assignments, number),
        "enrollments": (CanvasEnrollment, rows.enrollments, number),
        "assignment_groups": (CanvasAssignmentGroup, rows.groups, number),
        "grading_periods": (CanvasGradingPeriod, rows.periods, number),
    }
    for kind, (model, mine, course) in tables.items():
        stored = await queries.read_rows(db, model, connection_id, mine, course)
        found += _compare(kind, stored, mine)
        if rows.is_complete and kind in {"assignment_groups", "grading_periods"}:
            found += _surplus(kind, stored.keys() - mine.keys() - rows.refused_ids(kind))
    found += await _verify_lives(db, connection_id, rows)
    return found + await _verify_history(db, connection_id, rows)


async def _verify_lives(db: AsyncSession, connection_id: int, rows: CourseRows) -> list[Deviation]:
    lives = await queries.lives(db, connection_id, rows.course_id, rows.students)
    there = {key for key, life in lives.items() if life["is_active"]}
    found = list(_missing("users", rows.students.keys() - _of(there, MirrorKind.STUDENT)))
    for kind, (living, _) in _LIVING.items():
        mine = getattr(rows, kind)
        found += _missing(kind, mine.keys() - _of(there, living))
        if rows.is_complete:
            found += _surplus(kind, _of(there, living) - mine.keys() - rows.refused_ids(kind))
    return found


def _of(keys: set[tuple[MirrorKind, int]], kind: MirrorKind) -> set[int]:
    return {number for one, number in keys if one is kind}


async def _verify_history(
    db: AsyncSession, connection_id: int, rows: CourseRows
) -> list[Deviation]:
    grades = await queries.last_grades(db, connection_id, rows.course_id)
    scores = await queries.last_scores(db, connection_id, rows.course_id)
    found = list[Deviation]()
    for user, values in rows.grades.items():
        last: Mapping[str, Any] = grades.get(user) or dict.fromkeys(GRADES)  # type: ignore[assignment]  # a row of the database is one
        found += _fields("grades", rows.course_id, last, values, user)
    for (assignment, user), values in rows.scores.items():
        stored: Any = scores.get((assignment, user))
        if stored is None:
            found.append(Deviation("submissions", assignment, ROW, None, "there", user))
            continue
        found += _fields("submissions", assignment, stored, values, user)
    return found


def _compare(
    kind: str, stored: Mapping[int, Values], canvas: Mapping[int, Values]
) -> Iterator[Deviation]:
    for number, values in canvas.items():
        if number not in stored:
            yield Deviation(kind, number, ROW, None, "there")
        else:
            yield from _fields(kind, number, stored[number], values)


def _fields(
    kind: str, number: int, stored: Mapping[str, Any], canvas: Values, user: int | None = None
) -> Iterator[Deviation]:
    for name, value in canvas.items():
        if stored[name] != value:
            yield Deviation(kind, number, name, stored[name], value, user)


def _missing(kind: str, ids: set[int]) -> Iterator[Deviation]:
    for number in sorted(ids):
        yield Deviation(kind, number, "is_active", stored=False, canvas=True)


def _surplus(kind: str, ids: set[int]) -> Iterator[Deviation]:
    for number in sorted(ids):
        yield Deviation(kind, number, "is_active", stored=True, canvas=False)
