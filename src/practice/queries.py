"""All SQL of practice. The path of every answer uses Core statements: PERF measures why."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import Problem, ProblemStatus, Response, Session, SessionStatus
from src.practice.results import Place, ProblemCard, TopicProgress
from src.practice.rules import Candidate, PastAnswer
from src.sql import insert_for

CARD = (
    Problem.id,
    Problem.topic,
    Problem.difficulty,
    Problem.estimated_time_minutes,
    Problem.question_en,
    Problem.question_bn,
    Problem.answer,
    Problem.answer_type,
    Problem.answer_options,
    Problem.choices,
    Problem.hints,
    Problem.misconceptions,
    Problem.solution_en,
    Problem.solution_bn,
)
Found = dict[int, tuple[ProblemCard, Row[Any]]]
PLACE = (
    Session.id,
    Session.current_index,
    Session.problem_ids,
    Session.problems_correct,
    Session.seed,
    Session.started_at,
    Session.shown_at,
    Session.expires_at,
)
RESPONSE = (
    Response.id.label("response_id"),
    Response.attempts,
    Response.hints_used,
    Response.hints_viewed,
    Response.closed_at,
)


def place_of(row: Sequence[Any]) -> Place:
    """Build a `Place` from the columns of `PLACE`."""
    return Place(*row)


def _is_active(student_id: int) -> Any:
    return and_(Session.student_id == student_id, Session.status == SessionStatus.ACTIVE)


async def active_place(db: AsyncSession, student_id: int) -> Place | None:
    """Return where the pupil is in the active session, expired or not."""
    row = (await db.execute(select(*PLACE).where(_is_active(student_id)))).one_or_none()
    return place_of(tuple(row)) if row else None


async def cards(db: AsyncSession, session_id: int, problem_ids: Sequence[int]) -> Found:
    """Return problems by id, each with the row of its response in the session (columns or None)."""
    statement = (
        select(*CARD, *RESPONSE)
        .outerjoin(
            Response, and_(Response.problem_id == Problem.id, Response.session_id == session_id)
        )
        .where(Problem.id.in_(problem_ids))
    )
    rows = (await db.execute(statement)).all()
    return {row.id: (ProblemCard(*row[: len(CARD)]), row) for row in rows}


async def candidates(db: AsyncSession, grade: int) -> list[Candidate]:
    """Return every problem of a grade that may be asked."""
    rows = await db.execute(
        select(
            Problem.id,
            func.coalesce(Problem.variant_of, Problem.external_id),
            Problem.topic,
            Problem.subtopic,
            Problem.difficulty,
        ).where(
            Problem.grade == grade,
            Problem.status == ProblemStatus.ACTIVE,
            Problem.retired_at.is_(None),
        )
    )
    return [Candidate(*row) for row in rows]


async def past_answers(db: AsyncSession, student_id: int, *, most: int = 200) -> list[PastAnswer]:
    """Return the pupil's latest closed responses, newest first."""
    rows = await db.execute(
        select(
            Problem.id,
            func.coalesce(Problem.variant_of, Problem.external_id),
            Problem.difficulty,
            Response.is_correct,
            Response.closed_at,
        )
        .join_from(Response, Session, Response.session_id == Session.id)
        .join(Problem, Response.problem_id == Problem.id)
        .where(Session.student_id == student_id, Response.closed_at.is_not(None))
        .order_by(Response.closed_at.desc(), Response.id.desc())
        .limit(most)
    )
    return [PastAnswer(*row) for row in rows]  # type: ignore[arg-type]  # closed_at is set


async def count_sessions(db: AsyncSession, student_id: int) -> int:
    """Return how many sessions the pupil has begun."""
    statement = select(func.count()).select_from(Session).where(Session.student_id == student_id)
    return (await db.execute(statement)).scalar_one()


async def open_session(
    db: AsyncSession,
    *,
    student_id: int,
    day: date,
    timezone: str,
    problem_ids: list[int],
    seed: int,
    now: datetime,
    expires_at: datetime,
) -> Place:
    """Insert an active session."""
    row = await db.execute(
        insert_for(db)(Session)
        .values(
            student_id=student_id,
            date=day,
            timezone=timezone,
            status=SessionStatus.ACTIVE,
            problem_ids=problem_ids,
            seed=seed,
            started_at=now,
            shown_at=now,
            expires_at=expires_at,
        )
        .returning(*PLACE)
    )
    return place_of(tuple(row.one()))


async def update_session(db: AsyncSession, session_id: int, **values: Any) -> None:
    """Set columns of a session."""
    await db.execute(update(Session).where(Session.id == session_id).values(**values))


async def save_response(db: AsyncSession, session_id: int, problem_id: int, **values: Any) -> int:
    """Insert or update the response of a problem in a session and return its id."""
    statement = insert_for(db)(Response).values(
        session_id=session_id, problem_id=problem_id, **values
    )
    row = await db.execute(
        statement.on_conflict_do_update(
            index_elements=[Response.session_id, Response.problem_id], set_=values
        ).returning(Response.id)
    )
    return row.scalar_one()


async def unsolved_topics(db: AsyncSession, session_id: int) -> list[tuple[int, str]]:
    """Return (problem id, topic) of each problem of a session that was closed unsolved."""
    rows = await db.execute(
        select(Problem.id, Problem.topic)
        .join(Response, Response.problem_id == Problem.id)
        .where(Response.session_id == session_id, Response.is_correct.is_(False))
    )
    return [(row[0], row[1]) for row in rows]


async def time_spent(db: AsyncSession, session_id: int) -> int:
    """Return the seconds spent on the closed problems of a session."""
    statement = select(func.coalesce(func.sum(Response.time_spent_seconds), 0)).where(
        Response.session_id == session_id
    )
    return int((await db.execute(statement)).scalar_one())


async def own_response(
    db: AsyncSession, student_id: int, response_id: int
) -> Row[int, str | None, bool, bool] | None:
    """Return (id, student_answer, is_correct, disputed) of a response if it is this pupil's."""
    statement = (
        select(Response.id, Response.student_answer, Response.is_correct, Response.disputed)
        .join(Session, Response.session_id == Session.id)
        .where(Response.id == response_id, Session.student_id == student_id)
    )
    return (await db.execute(statement)).one_or_none()


async def update_response(db: AsyncSession, response_id: int, **values: Any) -> None:
    """Set columns of a response."""
    await db.execute(update(Response).where(Response.id == response_id).values(**values))


async def totals(db: AsyncSession, student_id: int) -> tuple[int, int, int]:
    """Return (completed sessions, closed problems, solved problems) of a pupil."""
    sessions = (
        select(func.count())
        .select_from(Session)
        .where(Session.student_id == student_id, Session.status == SessionStatus.COMPLETED)
        .scalar_subquery()
    )
    solved = func.coalesce(func.sum(case((Response.is_correct, 1), else_=0)), 0)
    statement = (
        select(sessions, func.count(), solved)
        .select_from(Response)
        .join(Session, Response.session_id == Session.id)
        .where(Session.student_id == student_id, Response.closed_at.is_not(None))
    )
    sessions_done, closed, correct = (await db.execute(statement)).one()
    return sessions_done, closed, correct


async def topics_since(db: AsyncSession, student_id: int, since: datetime) -> list[TopicProgress]:
    """Return closed and solved problems by topic since an instant, most practised first."""
    closed = func.count()
    rows = await db.execute(
        select(Problem.topic, closed, func.sum(case((Response.is_correct, 1), else_=0)))
        .join_from(Response, Session, Response.session_id == Session.id)
        .join(Problem, Response.problem_id == Problem.id)
        .where(Session.student_id == student_id, Response.closed_at >= since)
        .group_by(Problem.topic)
        .order_by(closed.desc(), Problem.topic)
    )
    return [TopicProgress(*row) for row in rows]


async def disputed(
    db: AsyncSession, *, most: int
) -> list[Row[str, str, str, str | None, datetime | None]]:
    """Return the latest answers that pupils think were right, without who gave them."""
    rows = await db.execute(
        select(
            Problem.external_id,
            Problem.answer,
            Problem.answer_type,
            Response.disputed_answer,
            Response.disputed_at,
        )
        .join(Response, Response.problem_id == Problem.id)
        .where(Response.disputed.is_(True))
        .order_by(Response.disputed_at.desc())
        .limit(most)
    )
    return list(rows.all())
