"""SQL of what is read: pages by key, one statement each."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from src.canvas.pages import Page
from src.models import (
    AssignmentMetadata,
    AssignmentScore,
    CanvasAssignment,
    CanvasCourse,
    CanvasEnrollment,
    CanvasLifecycle,
    CanvasStudent,
    CourseMetadata,
    GradeHistory,
    MirrorKind,
    StudentMetadata,
)
from src.storage.statements import AnyRow, fetch

AnySelect = Select[*tuple[Any, ...]]
S, E, A = CanvasStudent, CanvasEnrollment, CanvasAssignment
L, W, C = CanvasLifecycle, AssignmentScore, CanvasCourse
# Sorts before every word, number and instant of Canvas'.
_NO_TEXT, _NO_NUMBER = "", -1e308


def _is_there(kind: MirrorKind, connection: Any, number: Any) -> ColumnElement[bool]:
    """Return whether something is there at the school: by its key in the lives."""
    life = aliased(L)
    found = select(life.id).where(
        life.connection_id == connection,
        life.kind == kind,
        life.canvas_id == number,
        life.is_active,
    )
    return found.exists()


def _life_of_seat() -> ColumnElement[bool]:
    return and_(
        L.connection_id == E.connection_id,
        L.kind == MirrorKind.ENROLLMENT,
        L.canvas_id == E.canvas_id,
    )


def paged(query: AnySelect, by: Any, number: Any, page: Page) -> AnySelect:
    """Order by a column that is never null and a number, and begin after the page before."""
    key = tuple_(by, number)
    if page.after is not None:
        last = tuple_(literal(page.after.value, by.type), literal(page.after.number))
        query = query.where(key < last if page.descending else key > last)
    ordered = (by.desc(), number.desc()) if page.descending else (by, number)
    return query.add_columns(by.label("key_")).order_by(*ordered).limit(page.limit + 1)


async def course_enrollments(
    db: AsyncSession,
    connection_id: int,
    course_id: int,
    *,
    state: str | None,
    by: str,
    page: Page,
) -> Sequence[AnyRow]:
    """Return the students of a course, each once: active if any seat is."""
    there = func.coalesce(L.is_active, False)
    alive = and_(E.state == "active", there)
    seats = (
        select(
            E.canvas_user_id,
            func.max(case((alive, "active"), (there, E.state), else_="gone")).label("any_state"),
            func.max(case((alive, 1), else_=0)).label("alive"),
            func.max(case((there, E.current_score))).label("current_score"),
            func.max(case((there, E.final_score))).label("final_score"),
            func.max(E.last_activity_at).label("last_activity_at"),
            func.sum(case((there, 1), else_=0)).label("seats"),
        )
        .outerjoin(L, _life_of_seat())
        .where(E.connection_id == connection_id, E.canvas_course_id == course_id)
        .group_by(E.canvas_user_id)
        .subquery()
    )
    q = seats.c
    shown = case((q.alive == 1, "active"), else_=func.coalesce(q.any_state, ""))
    query = (
        select(
            q.canvas_user_id.label("student_id"),
            S.name,
            S.sortable_name,
            shown.label("state"),
            *(q.current_score, q.final_score, q.last_activity_at, q.seats),
        )
        .join(S, and_(S.connection_id == connection_id, S.canvas_id == q.canvas_user_id))
        .select_from(seats)
    )
    if state is not None:
        query = query.where(shown == state)
    columns: dict[str, Any] = {
        "name": func.coalesce(S.sortable_name, S.name, _NO_TEXT),
        "score": func.coalesce(q.current_score, _NO_NUMBER),
    }
    return await fetch(db, paged(query, columns[by], q.canvas_user_id, page), {})


def _is_latest() -> ColumnElement[bool]:
    later = aliased(W)
    newest = select(func.max(later.number)).where(
        later.connection_id == W.connection_id,
        later.canvas_assignment_id == W.canvas_assignment_id,
        later.canvas_user_id == W.canvas_user_id,
    )
    return W.number == newest.scalar_subquery()


_STATES: dict[str, Any] = {
    "excused": W.is_excused,
    "graded": W.workflow_state == "graded",
    "submitted": W.workflow_state.in_(("submitted", "pending_review")),
    # Canvas' own guess counts work on paper too: only what somebody said.
    "missing": W.late_policy_status == "missing",
    "late": W.is_late,
    "open": and_(W.workflow_state == "unsubmitted", ~W.is_excused),
}
_WORK = (
    *(W.canvas_assignment_id.label("assignment_id"), W.canvas_course_id.label("course_id")),
    *(W.canvas_user_id.label("student_id"), W.number, W.observed_at, W.is_baseline),
    *(W.workflow_state, W.score, W.grade, W.is_excused, W.is_late, W.is_missing),
    *(W.submitted_at, W.graded_at, W.due_at),
)


async def assignment_submissions(
    db: AsyncSession,
    connection_id: int,
    assignment_id: int,
    *,
    state: str | None,
    by: str,
    page: Page,
) -> Sequence[AnyRow]:
    """Return the latest of each student's work on an assignment."""
    query = (
        select(*_WORK, S.name)
        .join(S, and_(S.connection_id == W.connection_id, S.canvas_id == W.canvas_user_id))
        .where(
            W.connection_id == connection_id,
            W.canvas_assignment_id == assignment_id,
            _is_latest(),
        )
    )
    if state is not None:
        query = query.where(_STATES[state])
    columns: dict[str, Any] = {
        "name": func.coalesce(S.sortable_name, S.name, _NO_TEXT),
        "score": func.coalesce(W.score, _NO_NUMBER),
    }
    return await fetch(db, paged(query, columns[by], W.canvas_user_id, page), {})


async def recent_activity(
    db: AsyncSession,
    connection_id: int,
    *,
    course_id: int | None,
    student_id: int | None,
    since: datetime | None,
    page: Page,
) -> Sequence[AnyRow]:
    """Return what changed in the work of a course or a student, without what was there at first."""
    query = select(*_WORK, W.id, S.name, A.name.label("assignment")).outerjoin(
        S, and_(S.connection_id == W.connection_id, S.canvas_id == W.canvas_user_id)
    )
    query = query.outerjoin(
        A, and_(A.connection_id == W.connection_id, A.canvas_id == W.canvas_assignment_id)
    ).where(W.connection_id == connection_id, ~W.is_baseline)
    for column, wanted in ((W.canvas_course_id, course_id), (W.canvas_user_id, student_id)):
        if wanted is not None:
            query = query.where(column == wanted)
    if since is not None:
        query = query.where(W.observed_at >= since)
    return await fetch(db, paged(query, W.observed_at, W.id, page), {})


async def progress_history(
    db: AsyncSession,
    connection_id: int,
    student_id: int,
    *,
    begin: datetime | None,
    end: datetime | None,
    course_id: int | None,
    page: Page,
) -> Sequence[AnyRow]:
    """Return the grades of a student between two instants, over all courses or in one."""
    G = GradeHistory  # noqa: N806 - the letter of the table
    query = select(
        *(G.id, G.canvas_course_id.label("course_id"), G.observed_at, G.is_baseline),
        *(G.current_score, G.final_score, G.current_grade, G.final_grade),
        *(G.period_score, G.period_grade),
    ).where(G.connection_id == connection_id, G.canvas_user_id == student_id)
    if begin is not None:
        query = query.where(G.observed_at >= begin)
    if end is not None:
        query = query.where(G.observed_at < end)
    if course_id is not None:
        query = query.where(G.canvas_course_id == course_id)
    return await fetch(db, paged(query, G.observed_at, G.id, page), {})


async def curriculum_students(
    db: AsyncSession,
    connections: Collection[int],
    curricula: Collection[str],
    *,
    with_gone: bool,
    page: Page,
) -> Sequence[AnyRow]:
    """Return who follows a curriculum: by their own, else by that of a course they are in."""
    M, K = StudentMetadata, CourseMetadata  # noqa: N806 - the letters of the tables
    by_course = (
        select(E.connection_id, E.canvas_user_id, func.min(K.curriculum).label("curriculum"))
        .join(
            K,
            and_(K.connection_id == E.connection_id, K.canvas_course_id == E.canvas_course_id),
        )
        .where(
            K.curriculum.in_(curricula),
            E.connection_id.in_(connections),
            _is_there(MirrorKind.ENROLLMENT, E.connection_id, E.canvas_id),
        )
        .group_by(E.connection_id, E.canvas_user_id)
        .subquery()
    )
    shown = func.coalesce(M.curriculum, by_course.c.curriculum)
    there = _is_there(MirrorKind.STUDENT, S.connection_id, S.canvas_id)
    query = (
        select(
            *(S.id, S.connection_id, S.canvas_id.label("student_id"), S.name, S.sortable_name),
            shown.label("curriculum"),
            there.label("is_active"),
        )
        .outerjoin(M, and_(M.connection_id == S.connection_id, M.canvas_user_id == S.canvas_id))
        .outerjoin(
            by_course,
            and_(
                by_course.c.connection_id == S.connection_id,
                by_course.c.canvas_user_id == S.canvas_id,
            ),
        )
        .where(
            S.connection_id.in_(connections),
            or_(
                M.curriculum.in_(curricula),
                and_(M.curriculum.is_(None), by_course.c.curriculum.is_not(None)),
            ),
        )
    )
    if not with_gone:
        query = query.where(there)
    by = func.coalesce(S.sortable_name, S.name, _NO_TEXT)
    return await fetch(db, paged(query, by, S.id, page), {})


async def student(db: AsyncSession, connection_id: int, student_id: int) -> AnyRow | None:
    """Return a student with what people wrote about them."""
    M = StudentMetadata  # noqa: N806 - the letter of the table
    query = (
        select(
            *(S.canvas_id.label("student_id"), S.name, S.sortable_name, S.short_name),
            *(M.notes, M.labels, M.curriculum, M.goal),
            *(L.is_active, L.first_seen_at, L.last_seen_at, L.gone_at),
        )
        .join(
            L,
            and_(
                L.connection_id == S.connection_id,
                L.kind == MirrorKind.STUDENT,
                L.canvas_id == S.canvas_id,
            ),
        )
        .outerjoin(M, and_(M.connection_id == S.connection_id, M.canvas_user_id == S.canvas_id))
        .where(S.connection_id == connection_id, S.canvas_id == student_id)
    )
    return next(iter(await fetch(db, query, {})), None)


async def courses_of_student(
    db: AsyncSession, connection_id: int, student_id: int
) -> Sequence[AnyRow]:
    """Return the courses in which a student has a seat that is there, each once, with the grade."""
    query = (
        select(
            C.canvas_id.label("course_id"),
            *(C.name, C.course_code),
            func.max(case((E.state == "active", 1), else_=0)).label("alive"),
            func.max(E.current_score).label("current_score"),
            func.max(E.final_score).label("final_score"),
            func.max(E.last_activity_at).label("last_activity_at"),
        )
        .join(E, and_(E.connection_id == C.connection_id, E.canvas_course_id == C.canvas_id))
        .join(L, _life_of_seat())
        .where(C.connection_id == connection_id, E.canvas_user_id == student_id, L.is_active)
        .group_by(C.canvas_id, C.name, C.course_code)
        .order_by(C.canvas_id)
    )
    return await fetch(db, query, {})


async def work_of_student(
    db: AsyncSession, connection_id: int, student_id: int, most: int
) -> Sequence[AnyRow]:
    """Return the latest of a student's work on what is there and not done, the next due first."""
    undone = and_(_STATES["open"], _is_there(MirrorKind.ASSIGNMENT, W.connection_id, A.canvas_id))
    query = (
        select(*_WORK, A.name.label("assignment"))
        .join(A, and_(A.connection_id == W.connection_id, A.canvas_id == W.canvas_assignment_id))
        .where(
            W.connection_id == connection_id,
            W.canvas_user_id == student_id,
            A.is_published,
            _is_latest(),
            undone,
        )
        .order_by(W.due_at.is_(None), W.due_at, W.id)
        .limit(most)
    )
    return await fetch(db, query, {})


async def course(db: AsyncSession, connection_id: int, course_id: int) -> AnyRow | None:
    """Return a course with what people wrote about it and how many things are in it."""
    K = CourseMetadata  # noqa: N806 - the letter of the table

    def count(kind: MirrorKind) -> Any:
        inner = aliased(L)
        return (
            select(func.count())
            .select_from(inner)
            .where(
                inner.connection_id == connection_id,
                inner.canvas_course_id == course_id,
                inner.kind == kind,
                inner.is_active,
            )
            .scalar_subquery()
        )

    query = (
        select(
            *(C.canvas_id.label("course_id"), C.name, C.original_name, C.course_code),
            *(C.workflow_state, C.time_zone, C.start_at, C.end_at, C.is_restricted),
            *(C.weighs_groups, C.hides_final_grades, C.fetched_at),
            *(K.notes, K.tags, K.curriculum),
            *(L.is_active, L.first_seen_at, L.last_seen_at, L.gone_at),
            count(MirrorKind.ASSIGNMENT).label("assignments"),
            count(MirrorKind.ENROLLMENT).label("enrollments"),
        )
        .join(
            L,
            and_(
                L.connection_id == C.connection_id,
                L.kind == MirrorKind.COURSE,
                L.canvas_id == C.canvas_id,
            ),
        )
        .outerjoin(K, and_(K.connection_id == C.connection_id, K.canvas_course_id == C.canvas_id))
        .where(C.connection_id == connection_id, C.canvas_id == course_id)
    )
    return next(iter(await fetch(db, query, {})), None)


async def assignment(db: AsyncSession, connection_id: int, assignment_id: int) -> AnyRow | None:
    """Return an assignment with what people wrote about it."""
    K = AssignmentMetadata  # noqa: N806 - the letter of the table
    query = (
        select(
            *(A.canvas_id.label("assignment_id"), A.canvas_course_id.label("course_id"), A.name),
            *(A.due_at, A.unlock_at, A.lock_at, A.dates, A.points_possible, A.grading_type),
            *(A.submission_types, A.is_published, A.html_url, A.canvas_updated_at),
            *(K.notes, K.tags),
            *(L.is_active, L.first_seen_at, L.last_seen_at, L.gone_at),
        )
        .join(
            L,
            and_(
                L.connection_id == A.connection_id,
                L.kind == MirrorKind.ASSIGNMENT,
                L.canvas_id == A.canvas_id,
            ),
        )
        .outerjoin(
            K, and_(K.connection_id == A.connection_id, K.canvas_assignment_id == A.canvas_id)
        )
        .where(A.connection_id == connection_id, A.canvas_id == assignment_id)
    )
    return next(iter(await fetch(db, query, {})), None)
