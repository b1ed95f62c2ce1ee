"""The mirror of schools at Canvas, as a connection sees them."""

from typing import Annotated, Any

from fastapi import APIRouter

from src.canvas import service as canvas
from src.canvas.pages import Page
from src.canvas.service import CourseGrade, EnrolledStudent, StudentWork
from src.clock import local_day
from src.insights import grades
from src.insights.grades import CourseRecord
from src.insights.service import courses_of
from src.teaching import lists
from src.teaching.tokens import ApiCaller, ApiScope, note_look
from web.api.calling import may
from web.api.forms import (
    AssignmentOut,
    CanvasStudentOut,
    ConnectionOut,
    CourseInsightsOut,
    CourseOut,
    GradeForecastOut,
    GradeMomentumOut,
    Id,
    PageOf,
)
from web.api.paging import Pages
from web.api.sentences import in_words
from web.needs import Db, Now

router = APIRouter(prefix="/canvas/connections", tags=["canvas"])
_Reads = Annotated[ApiCaller, may(ApiScope.CANVAS)]


@router.get("")
async def connections(db: Db, pages: Pages, caller: _Reads) -> PageOf[ConnectionOut]:
    """List connections: an operator's, or the teacher's own."""
    found = await lists.connections(db, caller, pages.part)
    return pages.page(PageOf[ConnectionOut], found)


@router.get("/{connection_id}/courses")
async def courses(db: Db, connection_id: Id, pages: Pages, caller: _Reads) -> PageOf[CourseOut]:
    """List the courses that a connection sees."""
    await lists.own_connection(db, caller, connection_id)
    found = await lists.canvas_courses(db, connection_id, pages.part)
    return pages.page(PageOf[CourseOut], found)


@router.get("/{connection_id}/courses/{course_id}/students")
async def course_students(
    db: Db, connection_id: Id, course_id: Id, pages: Pages, caller: _Reads, *, now: Now
) -> PageOf[EnrolledStudent]:
    """List the students of a course by name, with their state and grade."""
    await lists.own_connection(db, caller, connection_id)
    await canvas.get_course(db, connection_id, course_id)
    await note_look(db, caller, "canvas_students", None, now)
    page = Page(pages.limit, pages.after)
    found = await canvas.get_course_enrollments(db, connection_id, course_id, page=page)
    return pages.mirrored(PageOf[EnrolledStudent], found)


@router.get("/{connection_id}/courses/{course_id}/assignments")
async def assignments(
    db: Db, connection_id: Id, course_id: Id, pages: Pages, caller: _Reads
) -> PageOf[AssignmentOut]:
    """List the assignments of a course."""
    await lists.own_connection(db, caller, connection_id)
    await canvas.get_course(db, connection_id, course_id)
    found = await lists.canvas_assignments(db, connection_id, course_id, pages.part)
    return pages.page(PageOf[AssignmentOut], found)


@router.get("/{connection_id}/assignments/{assignment_id}/submissions")
async def submissions(
    db: Db, connection_id: Id, assignment_id: Id, pages: Pages, caller: _Reads, *, now: Now
) -> PageOf[StudentWork]:
    """List how each student's work on an assignment stands now."""
    await lists.own_connection(db, caller, connection_id)
    await canvas.get_assignment(db, connection_id, assignment_id)
    await note_look(db, caller, "canvas_students", None, now)
    page = Page(pages.limit, pages.after)
    found = await canvas.get_assignment_submissions(db, connection_id, assignment_id, page=page)
    return pages.mirrored(PageOf[StudentWork], found)


@router.get("/{connection_id}/students/{canvas_user_id}")
async def canvas_student(
    db: Db, connection_id: Id, canvas_user_id: Id, caller: _Reads, now: Now
) -> CanvasStudentOut:
    """Show all of a student of a school on one page."""
    await lists.own_connection(db, caller, connection_id)
    await note_look(db, caller, "canvas_students", canvas_user_id, now)
    found = await canvas.get_student_dashboard(db, connection_id, canvas_user_id)
    return CanvasStudentOut(
        student_id=canvas_user_id,
        name=found.student["name"],
        courses=found.courses,
        to_do=found.to_do,
        recent=found.recent,
    )


@router.get("/{connection_id}/students/{canvas_user_id}/grades")
async def grade_history(
    db: Db, connection_id: Id, canvas_user_id: Id, pages: Pages, caller: _Reads, *, now: Now
) -> PageOf[CourseGrade]:
    """List how the grades of a student went, the oldest first."""
    await lists.own_connection(db, caller, connection_id)
    await note_look(db, caller, "canvas_students", canvas_user_id, now)
    page = Page(pages.limit, pages.after)
    found = await canvas.get_student_progress_history(db, connection_id, canvas_user_id, page=page)
    return pages.mirrored(PageOf[CourseGrade], found)


@router.get("/{connection_id}/students/{canvas_user_id}/insights")
async def course_insights(
    db: Db,
    connection_id: Id,
    canvas_user_id: Id,
    caller: Annotated[ApiCaller, may(ApiScope.INSIGHTS)],
    now: Now,
) -> list[CourseInsightsOut]:
    """Say what marks say of a student, course by course."""
    await lists.own_connection(db, caller, connection_id)
    await note_look(db, caller, "canvas_students", canvas_user_id, now)
    found = await courses_of(db, connection_id, [canvas_user_id])
    today = local_day(now, "UTC")
    return [_insights(record, today) for record in found[canvas_user_id]]


def _insights(record: CourseRecord, today: Any) -> CourseInsightsOut:
    momentum = grades.calculate_grade_momentum(record)
    forecast = grades.predict_final_grade(record)
    return CourseInsightsOut(
        course=record.course,
        momentum=GradeMomentumOut.model_validate(momentum),
        forecast=GradeForecastOut.model_validate(forecast),
        sentences=in_words(grades.generate_performance_insights(record, today)),
    )
