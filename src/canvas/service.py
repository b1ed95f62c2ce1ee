"""What others may ask of the mirror of a school, and have done with it.

Every reading function takes the connection over which somebody sees the school, so that nobody sees
more of it than Canvas shows them. Each is a fixed number of statements, whatever it finds.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from src.canvas import connections
from src.canvas.erasing import ask_deletion, decide_deletion, erase_student
from src.canvas.notes import (
    add_assignment_note,
    add_course_note,
    add_student_note,
    set_curriculum,
    set_goal,
    set_words,
    update_assignment_notes,
    update_course_notes,
    update_student_notes,
)
from src.canvas.pages import Cursor, Page, Paged, cut
from src.canvas.queries import due
from src.canvas.queries import reading as queries
from src.canvas.refresh import ask_sync, get_users_for_canvas_refresh
from src.canvas.results import Counts, Deviation, RowRefusal, SyncResult, Thing
from src.canvas.sync import Target, full_canvas_sync, sync_all_canvas_courses, sync_canvas_course
from src.canvas.verify import verify_canvas_data
from src.errors import DataValidationError, SyncError, UnknownInMirror
from src.models import CanvasConnection, MirrorKind, SyncPriority
from src.storage.statements import AnyRow

__all__ = [
    "Counts",
    "Cursor",
    "DataValidationError",
    "Deviation",
    "MirrorKind",
    "Page",
    "Paged",
    "RowRefusal",
    "SyncError",
    "SyncPriority",
    "SyncResult",
    "Target",
    "Thing",
    "add_assignment_note",
    "add_course_note",
    "add_student_note",
    "ask_deletion",
    "ask_sync",
    "decide_deletion",
    "erase_student",
    "full_canvas_sync",
    "get_assignment",
    "get_assignment_submissions",
    "get_connection",
    "get_course",
    "get_course_enrollments",
    "get_curriculum_students",
    "get_own_courses",
    "get_own_work",
    "get_recent_activity",
    "get_student_dashboard",
    "get_student_progress_history",
    "get_users_for_canvas_refresh",
    "set_curriculum",
    "set_goal",
    "set_words",
    "sync_all_canvas_courses",
    "sync_canvas_course",
    "update_assignment_notes",
    "update_course_notes",
    "update_student_notes",
    "verify_canvas_data",
]
_DASHBOARD = Page(limit=10, descending=True)
_MOST_OPEN = 20
_T = TypeVar("_T")


class RosterOrder(StrEnum):
    """By what a list of students is sorted."""

    NAME = "name"
    SCORE = "score"


class WorkState(StrEnum):
    """How a student's work stands, as far as Canvas knows.

    Missing is only what somebody said: Canvas' own guess counts work on paper too.
    """

    OPEN = "open"
    SUBMITTED = "submitted"
    GRADED = "graded"
    EXCUSED = "excused"
    LATE = "late"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class CurriculumStudent:
    """A student who follows a curriculum.

    Attributes:
        connection_id: Over which they are seen.
        student_id: Canvas' number of the user.
        name: As Canvas shows it.
        sortable_name: Surname first.
        curriculum: Which one.
        is_active: Whether they are there at the school.
    """

    connection_id: int
    student_id: int
    name: str | None
    sortable_name: str | None
    curriculum: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class EnrolledStudent:
    """A student of a course, once, however many seats they have.

    Attributes:
        student_id: Canvas' number of the user.
        name: As Canvas shows it.
        sortable_name: Surname first.
        state: Active if any seat is; ``gone`` where none is there any more.
        current_score: Percent of what is graded.
        final_score: Percent with what is missing as nothing.
        last_activity_at: When they were last seen in the course.
        seats: In how many sections they are.
    """

    student_id: int
    name: str | None
    sortable_name: str | None
    state: str
    current_score: float | None
    final_score: float | None
    last_activity_at: datetime | None
    seats: int


@dataclass(frozen=True, slots=True)
class StudentWork:
    """What a student's work on an assignment is, or was from an instant on.

    Attributes:
        assignment_id: Canvas' number.
        course_id: Canvas' number.
        student_id: Canvas' number of the user.
        number: Which state of it this is, from 1.
        observed_at: When we saw it first.
        workflow_state: As Canvas names it.
        score: Points.
        grade: As the school writes it.
        is_excused: Whether it need not be done.
        is_late: As Canvas says.
        is_missing: As Canvas guesses.
        submitted_at: When it was handed in.
        graded_at: When it was marked.
        due_at: For this student.
        name: Of the student, where it was asked for.
        assignment: The name of the assignment, where it was asked for.
    """

    assignment_id: int
    course_id: int
    student_id: int
    number: int
    observed_at: datetime
    workflow_state: str | None
    score: float | None
    grade: str | None
    is_excused: bool
    is_late: bool
    is_missing: bool
    submitted_at: datetime | None
    graded_at: datetime | None
    due_at: datetime | None
    name: str | None = None
    assignment: str | None = None


@dataclass(frozen=True, slots=True)
class CourseGrade:
    """A student's grade in a course from an instant on.

    Attributes:
        course_id: Canvas' number.
        observed_at: When we saw it first.
        is_baseline: Whether it was there before we first looked.
        current_score: Percent of what is graded.
        final_score: Percent with what is missing as nothing.
        current_grade: As the school writes it.
        final_grade: The same of the final one.
        period_score: Of the current grading period, percent.
        period_grade: As the school writes it.
    """

    course_id: int
    observed_at: datetime
    is_baseline: bool
    current_score: float | None
    final_score: float | None
    current_grade: str | None
    final_grade: str | None
    period_score: float | None
    period_grade: str | None


@dataclass(frozen=True, slots=True)
class StudentCourse:
    """A course in which a student is.

    Attributes:
        course_id: Canvas' number.
        name: As Canvas shows it.
        course_code: Its short name.
        is_active: Whether any seat is active.
        current_score: Percent of what is graded.
        final_score: Percent with what is missing as nothing.
        last_activity_at: When the student was last seen in it.
    """

    course_id: int
    name: str | None
    course_code: str | None
    is_active: bool
    current_score: float | None
    final_score: float | None
    last_activity_at: datetime | None


@dataclass(frozen=True, slots=True)
class StudentDashboard:
    """All of a student on one page.

    Attributes:
        student: Names, notes, labels, curriculum, goal, and when they were first and last seen.
        courses: Where they are, with grades.
        to_do: Their open work, the next due first; twenty at most.
        recent: What changed last; ten at most.
    """

    student: dict[str, Any]
    courses: list[StudentCourse]
    to_do: list[StudentWork]
    recent: list[StudentWork]


@dataclass(frozen=True, slots=True)
class OwnWork:
    """An assignment that the person of a connection has to hand in.

    Attributes:
        assignment_id: Canvas' number.
        course_id: Canvas' number.
        name: As Canvas shows it.
        due_at: For this person; None: without a date.
        html_url: Its page.
        is_there: Whether the school shows it now.
        done_at: When it was handed in, or seen to be done; None: it is open.
    """

    assignment_id: int
    course_id: int
    name: str
    due_at: datetime | None
    html_url: str | None
    is_there: bool
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnCourse:
    """A course that a connection sees.

    Attributes:
        course_id: Canvas' number.
        name: What the person calls it.
        is_there: Whether the school shows it now.
    """

    course_id: int
    name: str
    is_there: bool


async def get_connection(db: AsyncSession, connection_id: int) -> CanvasConnection | None:
    """Return a connection with its school; None where there is none."""
    return await connections.get(db, connection_id)


async def get_own_work(db: AsyncSession, connection_id: int) -> list[OwnWork]:
    """Return what the person of a connection has to hand in, also what is gone: one statement.

    Work that was graded without being handed in, as on paper, is done.
    """
    return [_own_work(row) for row in await due.own_work(db, connection_id)]


_DONE = frozenset({"submitted", "pending_review", "graded"})


def _own_work(row: AnyRow) -> OwnWork:
    done = row.submitted_at or row.is_excused or row.workflow_state in _DONE
    return OwnWork(
        row.assignment_id,
        row.course_id,
        row.name or f"Assignment {row.assignment_id}",
        row.due_at,
        row.html_url,
        bool(row.is_active and row.is_published),
        (row.submitted_at or row.graded_at or row.observed_at) if done else None,
    )


async def get_own_courses(db: AsyncSession, connection_id: int) -> list[OwnCourse]:
    """Return the courses that a connection sees, also those that are gone: one statement."""
    return [
        OwnCourse(
            row.course_id,
            row.name or row.course_code or f"Course {row.course_id}",
            bool(row.is_active),
        )
        for row in await due.own_courses(db, connection_id)
    ]


async def get_curriculum_students(
    db: AsyncSession,
    connections: Collection[int],
    curricula: Collection[str],
    *,
    with_gone: bool = False,
    page: Page = Page(),  # noqa: B008 - a frozen value
) -> Paged[CurriculumStudent]:
    """Return who follows one of some curricula, by name: one statement.

    Args:
        db: A session.
        connections: Over which to look.
        curricula: Their names. A student's own counts before that of a course they are in.
        with_gone: Whether those who have left are wanted too.
        page: Which part.
    """
    rows = await queries.curriculum_students(
        db, list(connections), list(curricula), with_gone=with_gone, page=page
    )
    return _paged(CurriculumStudent, rows, "id", page)


async def get_student_progress_history(
    db: AsyncSession,
    connection_id: int,
    student_id: int,
    *,
    begin: datetime | None = None,
    end: datetime | None = None,
    course_id: int | None = None,
    page: Page = Page(),  # noqa: B008 - a frozen value
) -> Paged[CourseGrade]:
    """Return how the grades of a student went, the oldest first: one statement.

    Args:
        db: A session.
        connection_id: Over which the student is seen.
        student_id: Canvas' number of the user.
        begin: From when on, aware; None: from the beginning.
        end: Until before when, aware; None: until now.
        course_id: In one course only.
        page: Which part.
    """
    rows = await queries.progress_history(
        db, connection_id, student_id, begin=begin, end=end, course_id=course_id, page=page
    )
    return _paged(CourseGrade, rows, "id", page)


async def get_course_enrollments(
    db: AsyncSession,
    connection_id: int,
    course_id: int,
    *,
    state: str | None = None,
    by: RosterOrder = RosterOrder.NAME,
    page: Page = Page(),  # noqa: B008 - a frozen value
) -> Paged[EnrolledStudent]:
    """Return the students of a course with their state and grade: one statement.

    Args:
        db: A session.
        connection_id: Over which the course is seen.
        course_id: Canvas' number.
        state: Only those in this state, such as ``active`` or ``gone``.
        by: By what to sort.
        page: Which part.
    """
    rows = await queries.course_enrollments(
        db, connection_id, course_id, state=state, by=by, page=page
    )
    return _paged(EnrolledStudent, rows, "student_id", page)


async def get_assignment_submissions(
    db: AsyncSession,
    connection_id: int,
    assignment_id: int,
    *,
    state: WorkState | None = None,
    by: RosterOrder = RosterOrder.NAME,
    page: Page = Page(),  # noqa: B008 - a frozen value
) -> Paged[StudentWork]:
    """Return how each student's work on an assignment stands now: one statement.

    Args:
        db: A session.
        connection_id: Over which the assignment is seen.
        assignment_id: Canvas' number.
        state: Only work in this state.
        by: By what to sort.
        page: Which part.
    """
    rows = await queries.assignment_submissions(
        db, connection_id, assignment_id, state=state, by=by, page=page
    )
    return _paged(StudentWork, rows, "student_id", page)


async def get_recent_activity(
    db: AsyncSession,
    connection_id: int,
    *,
    course_id: int | None = None,
    student_id: int | None = None,
    since: datetime | None = None,
    page: Page = _DASHBOARD,
) -> Paged[StudentWork]:
    """Return what changed last in the work of a course or a student: one statement.

    What was there before we first looked is no activity.

    Args:
        db: A session.
        connection_id: Over which it is seen.
        course_id: In this course.
        student_id: Of this student; one of the two must be given.
        since: From when on, aware.
        page: Which part.

    Raises:
        ValueError: Neither a course nor a student was given.
    """
    if course_id is None and student_id is None:
        raise ValueError("activity is that of a course or of a student")
    rows = await queries.recent_activity(
        db, connection_id, course_id=course_id, student_id=student_id, since=since, page=page
    )
    return _paged(StudentWork, rows, "id", page)


async def get_student_dashboard(
    db: AsyncSession, connection_id: int, student_id: int
) -> StudentDashboard:
    """Return all of a student on one page: four statements.

    Raises:
        UnknownInMirror: There is no such student.
    """
    student = await queries.student(db, connection_id, student_id)
    if student is None:
        raise UnknownInMirror(f"no student {student_id} is mirrored over this connection")
    courses = await queries.courses_of_student(db, connection_id, student_id)
    to_do = await queries.work_of_student(db, connection_id, student_id, _MOST_OPEN)
    recent = await get_recent_activity(db, connection_id, student_id=student_id)
    return StudentDashboard(
        dict(student._mapping),  # noqa: SLF001 - the public name of it
        [_value(StudentCourse, row, is_active=bool(row.alive)) for row in courses],
        [_value(StudentWork, row) for row in to_do],
        recent.rows,
    )


async def get_course(db: AsyncSession, connection_id: int, course_id: int) -> dict[str, Any]:
    """Return a course with its notes and how many things are in it: one statement.

    Raises:
        UnknownInMirror: There is no such course.
    """
    row = await queries.course(db, connection_id, course_id)
    return _found(row, f"course {course_id}")


async def get_assignment(
    db: AsyncSession, connection_id: int, assignment_id: int
) -> dict[str, Any]:
    """Return an assignment with its notes: one statement.

    Raises:
        UnknownInMirror: There is no such assignment.
    """
    row = await queries.assignment(db, connection_id, assignment_id)
    return _found(row, f"assignment {assignment_id}")


def _found(row: AnyRow | None, what: str) -> dict[str, Any]:
    if row is None:
        raise UnknownInMirror(f"no {what} is mirrored over this connection")
    return dict(row._mapping)  # noqa: SLF001 - the public name of it


def _paged(kind: type[_T], rows: Sequence[AnyRow], number: str, page: Page) -> Paged[_T]:
    keys = [(row.key_, getattr(row, number)) for row in rows]
    return cut([_value(kind, row) for row in rows], keys, page.limit)


def _value(kind: type[_T], row: AnyRow, **more: Any) -> _T:
    given = dict(row._mapping)  # noqa: SLF001 - the public name of it
    names = {one.name for one in fields(kind)}  # type: ignore[arg-type]  # each is a dataclass
    return kind(**{name: value for name, value in (given | more).items() if name in names})
