"""All SQL of practice. Why the path of every answer uses Core: docs/decisions/0018."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src.answers import Outcome
from src.models import (
    PROBLEMS_PER_SESSION,
    Attempt,
    Person,
    Problem,
    ProblemStatus,
    PupilDay,
    Response,
    ResponseStep,
    Session,
    SessionStatus,
)
from src.models.types import json_at, json_length
from src.practice.results import (
    AttemptRow,
    ClosedProblem,
    Described,
    LastAsked,
    Opened,
    Place,
    ProblemCard,
    ResponseChange,
)
from src.practice.rules import Candidate, PastAnswer
from src.storage.prepared import Bound, Prepared, run, run_chain, saved_id
from src.storage.statements import (
    change,
    changing,
    dialect_insert,
    dialect_of,
    fetch,
    saving,
    table_of,
)

A, P, R, S = (table_of(model).c for model in (Attempt, Problem, Response, Session))

Q = table_of(Problem).alias("following").c
FAMILY = func.coalesce(P.variant_of, P.external_id)
CARD = tuple(field.name for field in fields(ProblemCard))
PLACE = (
    S.id,
    S.current_index,
    S.problem_ids,
    S.problems_correct,
    S.seed,
    S.started_at,
    S.shown_at,
    S.expires_at,
    S.is_paused,
    S.stretch_index,
)
OPENED = (R.id, R.attempts, R.hints_used, R.hints_viewed, R.student_answer, R.step_at)
_ACTIVE = Prepared(
    select(
        *PLACE,
        *OPENED,
        *(P[name].label(f"problem_{name}") for name in CARD),
        *(Q[name].label(f"following_{name}") for name in CARD),
    )
    .select_from(
        table_of(Session)
        .join(table_of(Problem), P.id == json_at(S.problem_ids, S.current_index))
        .outerjoin(Q.id.table, Q.id == json_at(S.problem_ids, S.current_index + 1))
        .outerjoin(table_of(Response), and_(R.session_id == S.id, R.problem_id == P.id))
    )
    .where(S.student_id == bindparam("student"), S.status == SessionStatus.ACTIVE)
)
_CLOSED = Prepared(
    select(P.id, P.topic, R.is_correct, R.skipped, R.closed_at, R.time_spent_seconds)
    .select_from(table_of(Problem).join(table_of(Response), R.problem_id == P.id))
    .where(R.session_id == bindparam("session"), R.closed_at.is_not(None))
)


@cache
def _adding(dialect: str) -> Prepared:
    """Return the INSERT of an attempt at the problem whose response is saved before it."""
    names = AttemptRow.__annotations__
    given = [bindparam(f"new_{name}", type_=A[name].type) for name in names]
    statement = dialect_insert(dialect)(table_of(Attempt)).from_select(
        ["response_id", *names],
        select(saved_id(dialect), *given),
        # When it was made the database knows.
        include_defaults=False,
    )
    return Prepared(statement.returning(A.response_id))


class OwnResponse(NamedTuple):
    """What a pupil's tap on a verdict needs to know of its response."""

    id: int
    student_answer: str | None
    attempts: int
    last_verdict: str | None
    asked_confidence: bool


async def active_place(db: AsyncSession, student_id: int) -> Place | None:
    """Return where the pupil is in the active session, expired or not."""
    rows = await run(db, _ACTIVE, {"student": student_id})
    return _place(tuple(rows[0])) if rows else None


def _place(values: Any) -> Place:
    """Build a place from the columns of `_ACTIVE`."""
    start, card, following = len(PLACE), len(PLACE) + len(OPENED), -len(CARD)
    response, next_problem = values[start:card], values[following:]
    fields: list[Any] = [
        *values[:start],
        ProblemCard(*values[card:following]),
        Opened(*response) if response[0] is not None else Opened(),
        ProblemCard(*next_problem) if next_problem[0] is not None else None,
    ]
    return Place(*fields)


async def candidates(db: AsyncSession, grade: int) -> list[Candidate]:
    """Return every problem of a grade that may be asked."""
    rows = await db.execute(
        select(
            Problem.id,
            func.coalesce(Problem.variant_of, Problem.external_id),
            Problem.topic,
            Problem.subtopic,
            Problem.difficulty,
            Problem.stem,
            func.coalesce(Problem.part, 0),
            Problem.scene,
        ).where(
            Problem.grade == grade,
            Problem.status == ProblemStatus.ACTIVE,
            Problem.retired_at.is_(None),
        )
    )
    return [Candidate(*row) for row in rows]


async def topics(db: AsyncSession, grade: int) -> list[str]:
    """Return the topics of a grade in the order in which the library has them."""
    statement = (
        select(Problem.topic)
        .where(
            Problem.grade == grade,
            Problem.status == ProblemStatus.ACTIVE,
            Problem.retired_at.is_(None),
        )
        .group_by(Problem.topic)
        .order_by(func.min(Problem.id))
    )
    return list(await db.scalars(statement))


async def past_answers(db: AsyncSession, student_id: int, *, most: int = 400) -> list[PastAnswer]:
    """Return the pupil's latest closed responses, newest first."""
    rows = await db.execute(
        select(
            Problem.id,
            func.coalesce(Problem.variant_of, Problem.external_id),
            Problem.difficulty,
            Response.is_correct,
            Response.closed_at,
            Response.session_id,
            Response.is_correct & (Response.attempts == 1) & (Response.hints_used == 0),
        )
        .join_from(Response, Session, Response.session_id == Session.id)
        .join(Problem, Response.problem_id == Problem.id)
        .where(Session.student_id == student_id, Response.closed_at.is_not(None))
        .order_by(Response.closed_at.desc(), Response.id.desc())
        .limit(most)
    )
    return [PastAnswer(*row) for row in rows]  # type: ignore[arg-type]  # closed_at is set


async def closed_lately(
    db: AsyncSession, student_id: int, *, most: int
) -> list[tuple[str, int, date, bool, bool]]:
    """Return the latest closed problems of a pupil, newest first.

    Each as family, problem, local day of its session, whether it was solved, and with help.
    """
    helped = or_(R.hints_used > 0, json_length(R.hints_viewed) > 0)
    rows = await db.execute(
        select(FAMILY, P.id, S.date, R.is_correct, helped)
        .select_from(
            table_of(Response)
            .join(table_of(Session), R.session_id == S.id)
            .join(table_of(Problem), R.problem_id == P.id)
        )
        .where(S.student_id == student_id, R.closed_at.is_not(None))
        .order_by(R.closed_at.desc(), R.id.desc())
        .limit(most)
    )
    return [(family, one, day, bool(right), bool(help_)) for family, one, day, right, help_ in rows]


async def families(db: AsyncSession, names: Collection[str]) -> list[Candidate]:
    """Return what may be asked of some families, of any grade."""
    rows = await db.execute(
        select(P.id, FAMILY, P.topic, P.subtopic, P.difficulty).where(
            FAMILY.in_(names), P.status == ProblemStatus.ACTIVE, P.retired_at.is_(None)
        )
    )
    return [Candidate(*row) for row in rows]


async def cards(db: AsyncSession, ids: Collection[int]) -> dict[int, ProblemCard]:
    """Return problems by their ids."""
    rows = await fetch(db, select(*(P[name] for name in CARD)).where(P.id.in_(ids)), {})
    return {row[0]: ProblemCard(*row) for row in rows}


async def closed_candidate(db: AsyncSession, student_id: int, problem_id: int) -> Candidate | None:
    """Return a problem that a pupil has closed before."""
    rows = await fetch(
        db,
        select(P.id, FAMILY, P.topic, P.subtopic, P.difficulty)
        .select_from(
            table_of(Problem)
            .join(table_of(Response), R.problem_id == P.id)
            .join(table_of(Session), S.id == R.session_id)
        )
        .where(P.id == problem_id, S.student_id == student_id, R.closed_at.is_not(None))
        .limit(1),
        {},
    )
    return Candidate(*rows[0]) if rows else None


async def picks_of(db: AsyncSession, session_id: int) -> list[dict[str, Any]] | None:
    """Return why each problem of a session was chosen."""
    picks: list[dict[str, Any]] | None = await db.scalar(
        select(Session.picks).where(Session.id == session_id)
    )
    return picks


async def count_sessions(db: AsyncSession, student_id: int) -> int:
    """Return how many sessions the pupil has begun."""
    statement = select(func.count()).select_from(Session).where(Session.student_id == student_id)
    return (await db.execute(statement)).scalar_one()


async def open_session(db: AsyncSession, **values: Any) -> None:
    """Insert an active session."""
    await db.execute(insert(Session).values(status=SessionStatus.ACTIVE, **values))


async def update_session(db: AsyncSession, session_id: int, **values: Any) -> None:
    """Set columns of a session."""
    await change(db, Session, session_id, values)


async def save_response(
    db: AsyncSession, session_id: int, problem_id: int, values: ResponseChange
) -> int:
    """Insert or update the response of a problem in a session and return its id."""
    response_id: int = await run_chain(db, _saving(db, session_id, problem_id, values))
    return response_id


async def save_attempt(
    db: AsyncSession, place: Place, response: ResponseChange, attempt: AttemptRow
) -> int:
    """Insert an attempt at the current problem and save its response; return the response's id."""
    saved = _saving(db, place.session_id, place.problem.id, response)
    response_id: int = await run_chain(db, saved, referring=_adding_to(db, attempt))
    return response_id


async def close_response(
    db: AsyncSession,
    place: Place,
    response: ResponseChange,
    attempt: AttemptRow | None,
    moved: Mapping[str, Any],
) -> int:
    """Save the response that closes the current problem; return its id.

    Args:
        db: The open transaction.
        place: Where the pupil is.
        response: Columns of the response.
        attempt: What closes it; None for a skip.
        moved: Columns of the session that change with it, if any.
    """
    writes = [changing(Session, place.session_id, moved)] if moved else []
    writes.append(_saving(db, place.session_id, place.problem.id, response))
    added = _adding_to(db, attempt) if attempt else None
    response_id: int = await run_chain(db, *writes, referring=added)
    return response_id


async def add_step(db: AsyncSession, response_id: int, **values: Any) -> None:
    """Insert an answer to a step."""
    await db.execute(insert(ResponseStep).values(response_id=response_id, **values))


async def count_wrong_at_step(db: AsyncSession, response_id: int, step: int) -> int:
    """Return how many answers to a step were wrong."""
    wrong = and_(
        ResponseStep.response_id == response_id,
        ResponseStep.step == step,
        ResponseStep.verdict == Outcome.WRONG,
    )
    return (await db.execute(select(func.count(ResponseStep.id)).where(wrong))).scalar_one()


async def wrong_answers(db: AsyncSession, response_id: int) -> set[str]:
    """Return what was typed to a problem and was wrong."""
    wrong = (Attempt.response_id == response_id) & (Attempt.verdict == Outcome.WRONG)
    return set(await db.scalars(select(Attempt.typed).where(wrong)))


async def wrong_answer(db: AsyncSession, response_id: int, number: int) -> str | None:
    """Return the wrong answer that was given at an attempt."""
    return await db.scalar(select(Attempt.typed).where(_wrong_at(response_id, number)))


async def mark_right(db: AsyncSession, response_id: int, number: int) -> None:
    """Correct the verdict on an attempt that was right after all."""
    right = {"verdict": Outcome.CORRECT, "misconception": None, "misconception_id": None}
    await db.execute(update(Attempt).where(_wrong_at(response_id, number)).values(**right))


def _wrong_at(response_id: int, number: int) -> ColumnElement[bool]:
    return and_(
        Attempt.response_id == response_id,
        Attempt.number == number,
        Attempt.verdict == Outcome.WRONG,
    )


async def count_asked_again(db: AsyncSession, response_id: int) -> int:
    """Return how many texts of a response are kept that were asked for again."""
    again = A.verdict.not_in([Outcome.CORRECT, Outcome.WRONG])
    statement = select(func.count()).where(A.response_id == response_id, again)
    return (await db.execute(statement)).scalar_one()


def _adding_to(db: AsyncSession, attempt: AttemptRow) -> Bound:
    return _adding(dialect_of(db)), {f"new_{name}": value for name, value in attempt.items()}


def _saving(db: AsyncSession, session_id: int, problem_id: int, values: ResponseChange) -> Bound:
    keys = _keys(session_id, problem_id)
    return saving(db, Response, tuple(keys), {**keys, **values})


def _keys(session_id: int, problem_id: int) -> dict[str, Any]:
    return {"session_id": session_id, "problem_id": problem_id}


async def right_answer_to(db: AsyncSession, session_id: int, problem_id: int) -> str | None:
    """Return what the pupil answered to a problem of a session, if that was right."""
    statement = select(Response.student_answer).where(
        Response.session_id == session_id,
        Response.problem_id == problem_id,
        Response.is_correct.is_(True),
    )
    return (await db.execute(statement)).scalar_one_or_none()


async def closed_problems(db: AsyncSession, session_id: int) -> list[ClosedProblem]:
    """Return the problems of a session that are over."""
    return [ClosedProblem(*row) for row in await run(db, _CLOSED, {"session": session_id})]


async def own_response(db: AsyncSession, student_id: int, response_id: int) -> OwnResponse | None:
    """Return columns of a response if it is this pupil's."""
    statement = (
        select(
            Response.id,
            Response.student_answer,
            Response.attempts,
            Response.last_verdict,
            Response.asked_confidence,
        )
        .join(Session, Response.session_id == Session.id)
        .where(Response.id == response_id, Session.student_id == student_id)
    )
    row = (await db.execute(statement)).one_or_none()
    return OwnResponse(*row) if row else None


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


async def subtopics(db: AsyncSession, grade: int) -> dict[str, list[str]]:
    """Return the sub-topics of each topic of a grade, in the order of the library."""
    rows = await db.execute(
        select(Problem.topic, Problem.subtopic)
        .where(
            Problem.grade == grade,
            Problem.status == ProblemStatus.ACTIVE,
            Problem.retired_at.is_(None),
        )
        .group_by(Problem.topic, Problem.subtopic)
        .order_by(func.min(Problem.id))
    )
    found: dict[str, list[str]] = {}
    for topic, subtopic in rows:
        found.setdefault(topic, []).append(subtopic)
    return found


async def practised_days(db: AsyncSession, student_id: int, since: date) -> set[date]:
    """Return the local days from one on with a closed problem."""
    statement = select(PupilDay.local_day).where(
        PupilDay.student_id == student_id, PupilDay.local_day >= since, PupilDay.finished > 0
    )
    return set(await db.scalars(statement))


async def practised_topics(db: AsyncSession, student_id: int) -> set[str]:
    """Return the topics in which a pupil has closed a problem."""
    statement = select(PupilDay.topic).where(
        PupilDay.student_id == student_id, PupilDay.finished > 0
    )
    return set(await db.scalars(statement.distinct()))


async def latest_choice(
    db: AsyncSession, telegram_id: int
) -> tuple[datetime, list[int], list[dict[str, Any]] | None] | None:
    """Return when the current pupil of an account last began, with which problems, and why."""
    row = (
        await db.execute(
            select(Session.started_at, Session.problem_ids, Session.picks)
            .join(Person, Person.current_student_id == Session.student_id)
            .where(Person.telegram_id == telegram_id)
            .order_by(Session.id.desc())
            .limit(1)
        )
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None


async def described(db: AsyncSession, ids: Sequence[int]) -> dict[int, Described]:
    """Return what operators know problems by."""
    rows = await db.execute(
        select(P.id, P.external_id, P.topic, P.subtopic, P.difficulty).where(P.id.in_(ids))
    )
    return {row[0]: Described(*row[1:]) for row in rows}


async def last_asked(db: AsyncSession, student_id: int) -> LastAsked | None:
    """Return the problem of which a pupil has last seen the question; None before the first."""
    asked = S.current_index - case(
        (or_(S.is_paused, S.current_index >= PROBLEMS_PER_SESSION), 1), else_=0
    )
    rows = await fetch(
        db,
        select(S.id, R.attempts, R.is_correct, R.closed_at, *(P[name] for name in CARD))
        .select_from(
            table_of(Session).join(table_of(Problem), P.id == json_at(S.problem_ids, asked))
        )
        .outerjoin(table_of(Response), and_(R.session_id == S.id, R.problem_id == P.id))
        .where(S.student_id == student_id)
        .order_by(S.id.desc())
        .limit(1),
        {},
    )
    if not rows:
        return None
    session_id, attempts, is_correct, closed_at, *card = rows[0]
    is_open = closed_at is None
    return LastAsked(session_id, attempts or 0, bool(is_correct), is_open, ProblemCard(*card))


async def when_passed(
    db: AsyncSession, student_id: int, session_id: int
) -> tuple[int, datetime] | None:
    """Return how many problems of a pupil's own session are over, and since when."""
    since = func.coalesce(Session.completed_at, Session.shown_at)
    row = (
        await db.execute(
            select(Session.current_index, since).where(
                Session.id == session_id, Session.student_id == student_id
            )
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


async def add_right(db: AsyncSession, session_id: int) -> None:
    """Count one more solved problem of a session."""
    more = Session.problems_correct + 1
    await db.execute(update(Session).where(Session.id == session_id).values(problems_correct=more))


async def solution_of(db: AsyncSession, student_id: int, response_id: int) -> ProblemCard | None:
    """Return the problem that a pupil has solved or left, by its response."""
    rows = await fetch(
        db,
        select(*(P[name] for name in CARD))
        .select_from(table_of(Response))
        .join(table_of(Session), S.id == R.session_id)
        .join(table_of(Problem), P.id == R.problem_id)
        .where(R.id == response_id, S.student_id == student_id, R.closed_at.is_not(None)),
        {},
    )
    return ProblemCard(*rows[0]) if rows else None
