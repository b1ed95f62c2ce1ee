"""SQL of what somebody has to hand in themselves, as the mirror knows it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from src.models import (
    AssignmentScore,
    CanvasAssignment,
    CanvasConnection,
    CanvasCourse,
    CanvasEnrollment,
    CanvasLifecycle,
    MirrorKind,
)
from src.storage.statements import AnyRow, fetch

A, C, E = CanvasAssignment, CanvasCourse, CanvasEnrollment
L, W, N = CanvasLifecycle, AssignmentScore, CanvasConnection


async def own_work(db: AsyncSession, connection_id: int) -> Sequence[AnyRow]:
    """Return the assignments of courses in which the person sits as a student, with their work."""
    later = aliased(W)
    newest = select(func.max(later.number)).where(
        later.connection_id == W.connection_id,
        later.canvas_assignment_id == W.canvas_assignment_id,
        later.canvas_user_id == W.canvas_user_id,
    )
    latest = and_(
        W.connection_id == A.connection_id,
        W.canvas_assignment_id == A.canvas_id,
        W.canvas_user_id == N.canvas_user_id,
        W.number == newest.scalar_subquery(),
    )
    alive = and_(
        L.connection_id == A.connection_id,
        L.kind == MirrorKind.ASSIGNMENT,
        L.canvas_id == A.canvas_id,
    )
    query = (
        select(
            *(A.canvas_id.label("assignment_id"), A.canvas_course_id.label("course_id")),
            *(A.name, A.due_at, A.html_url, A.is_published, L.is_active),
            *(W.workflow_state, W.is_excused, W.submitted_at, W.graded_at, W.observed_at),
        )
        .join(N, N.id == A.connection_id)
        .join(L, alive)
        .outerjoin(W, latest)
        .where(A.connection_id == connection_id, _sits_in())
        .order_by(A.canvas_id)
    )
    return await fetch(db, query, {})


def _sits_in() -> ColumnElement[bool]:
    return exists().where(
        E.connection_id == A.connection_id,
        E.canvas_course_id == A.canvas_course_id,
        E.canvas_user_id == N.canvas_user_id,
    )


async def own_courses(db: AsyncSession, connection_id: int) -> Sequence[AnyRow]:
    """Return the courses that a connection sees, and whether they are there."""
    alive = and_(
        L.connection_id == C.connection_id,
        L.kind == MirrorKind.COURSE,
        L.canvas_id == C.canvas_id,
    )
    query = (
        select(C.canvas_id.label("course_id"), C.name, C.course_code, L.is_active)
        .join(L, alive)
        .where(C.connection_id == connection_id, or_(C.name.is_not(None), ~C.is_restricted))
        .order_by(C.canvas_id)
    )
    return await fetch(db, query, {})
