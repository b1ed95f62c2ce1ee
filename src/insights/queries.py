"""All SQL of insights: closed problems of pupils, and a school's marks of students."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from src.answers import Outcome
from src.models import (
    AssignmentScore,
    Attempt,
    CanvasAssignment,
    CanvasAssignmentGroup,
    CanvasConnection,
    CanvasCourse,
    CanvasLifecycle,
    Dispute,
    MirrorKind,
    Problem,
    Response,
    Session,
)
from src.storage.statements import AnyRow, fetch

# A first answer that was called right after a dispute closed nothing when it was given.
_RIGHT_AFTER_ALL = exists().where(
    Attempt.response_id == Response.id,
    Attempt.number == 1,
    Attempt.verdict == Outcome.CORRECT,
    Attempt.hints_used == 0,
)
A, W, L = CanvasAssignment, AssignmentScore, CanvasLifecycle


async def closed(db: AsyncSession, students: Mapping[int, datetime | None]) -> Sequence[AnyRow]:
    """Return the closed problems of pupils, each pupil's in order: one statement.

    Args:
        db: A session.
        students: Pupils, each with the instant since which sessions count; None: all of them.
    """
    alone = and_(Response.attempts == 1, Response.hints_used == 0, ~Response.with_steps)
    first_right = and_(Response.is_correct, or_(alone, _RIGHT_AFTER_ALL))
    query = (
        select(
            *(Session.student_id, Session.date, Session.timezone, Response.closed_at),
            *(Problem.topic, Response.problem_id, Response.hints_used),
            *(Response.time_spent_seconds, first_right.label("first_right")),
        )
        .join(Response, Response.session_id == Session.id)
        .join(Problem, Problem.id == Response.problem_id)
        .where(_sessions_of(students), Response.closed_at.is_not(None))
        .order_by(Session.student_id, Response.closed_at, Response.id)
    )
    return await fetch(db, query, {})


def _sessions_of(students: Mapping[int, datetime | None]) -> ColumnElement[bool]:
    whole = [student for student, since in students.items() if since is None]
    parts = [
        and_(Session.student_id == student, Session.started_at >= since)
        for student, since in students.items()
        if since is not None
    ]
    return or_(Session.student_id.in_(whole), *parts)


async def open_disputes(db: AsyncSession, students: Collection[int]) -> dict[int, int]:
    """Return how many answers pupils defend that nobody has settled: one statement."""
    query = (
        select(Session.student_id, func.count())
        .join(Response, Response.session_id == Session.id)
        .join(Dispute, Dispute.response_id == Response.id)
        .where(Session.student_id.in_(students), Dispute.decision.is_(None))
        .group_by(Session.student_id)
    )
    return {row[0]: row[1] for row in await fetch(db, query, {})}


async def work(
    db: AsyncSession, connection_id: int, students: Collection[int], course_id: int | None
) -> Sequence[AnyRow]:
    """Return the latest of each piece of work of students that is there: one statement."""
    later = aliased(W)
    newest = select(func.max(later.number)).where(
        later.connection_id == W.connection_id,
        later.canvas_assignment_id == W.canvas_assignment_id,
        later.canvas_user_id == W.canvas_user_id,
    )
    query = (
        select(
            *(W.canvas_user_id, W.canvas_course_id, W.canvas_assignment_id, W.workflow_state),
            *(
                W.score,
                W.graded_at,
                func.coalesce(W.due_at, A.due_at).label("due_at"),
                W.observed_at,
                W.is_excused,
                W.is_late,
            ),
            *(W.is_missing, W.late_policy_status, W.submitted_at),
            *(A.canvas_group_id, A.points_possible, A.submission_types, A.omits_from_final_grade),
        )
        .join(A, and_(A.connection_id == W.connection_id, A.canvas_id == W.canvas_assignment_id))
        .join(L, _life_of_assignment())
        .where(
            *(W.connection_id == connection_id, W.canvas_user_id.in_(students)),
            *(W.number == newest.scalar_subquery(), A.is_published, L.is_active),
        )
        .order_by(
            *(W.canvas_user_id, W.canvas_course_id),
            *(func.coalesce(W.graded_at, W.observed_at), W.canvas_assignment_id),
        )
    )
    if course_id is not None:
        query = query.where(W.canvas_course_id == course_id)
    return await fetch(db, query, {})


def _life_of_assignment() -> Any:
    return and_(
        L.connection_id == A.connection_id,
        L.kind == MirrorKind.ASSIGNMENT,
        L.canvas_id == A.canvas_id,
    )


async def courses(db: AsyncSession, connection_id: int) -> Sequence[AnyRow]:
    """Return the courses of a connection with how they weigh, and each of their groups."""
    G = CanvasAssignmentGroup  # noqa: N806 - the letter of the table
    query = (
        select(
            *(CanvasCourse.canvas_id, CanvasCourse.name, CanvasCourse.weighs_groups),
            func.coalesce(CanvasConnection.time_zone, CanvasCourse.time_zone, "UTC").label("zone"),
            *(G.canvas_id.label("group_id"), G.weight, G.drop_lowest, G.drop_highest),
            G.never_drop,
        )
        .join(CanvasConnection, CanvasConnection.id == CanvasCourse.connection_id)
        .outerjoin(
            G,
            and_(
                G.connection_id == CanvasCourse.connection_id,
                G.canvas_course_id == CanvasCourse.canvas_id,
            ),
        )
        .where(CanvasCourse.connection_id == connection_id)
        .order_by(CanvasCourse.canvas_id, G.canvas_id)
    )
    return await fetch(db, query, {})
