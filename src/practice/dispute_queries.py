"""All SQL of disputes."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src.language import Language
from src.models import (
    Dispute,
    DisputeDecision,
    Person,
    Problem,
    Response,
    Session,
    SessionStatus,
    Student,
)
from src.practice.results import DefendedAnswer, DisputeNews, ProblemCard
from src.storage.statements import fetch, insert_for, table_of

D, P, R = table_of(Dispute).c, table_of(Problem).c, table_of(Response).c
S, U, W = table_of(Session).c, table_of(Student).c, table_of(Person).c
_CARD = [P[field.name].label(f"problem_{field.name}") for field in fields(ProblemCard)]
_WHOSE = (
    table_of(Dispute)
    .join(table_of(Response), R.id == D.response_id)
    .join(table_of(Session), S.id == R.session_id)
    .join(table_of(Problem), P.id == R.problem_id)
)


class Defended(NamedTuple):
    """A dispute with what its response says now.

    Attributes:
        id: Of the dispute.
        decision: What was decided, or None.
        attempt: Which answer that counted it was.
        raised_at: When the pupil said that it was right.
        response_id: Of the response.
        session_id: Of its session.
        is_solved: Whether the problem counts as solved.
        was_skipped: Whether it was skipped in the end.
        closed_at: When it was closed; None while it is open.
    """

    id: int
    decision: DisputeDecision | None
    attempt: int
    raised_at: datetime
    response_id: int
    session_id: int
    is_solved: bool
    was_skipped: bool
    closed_at: datetime | None


async def add(db: AsyncSession, response_id: int, attempt: int, typed: str, at: datetime) -> bool:
    """Insert a dispute, and return whether it is new; one that is there is left alone."""
    values = {"response_id": response_id, "attempt": attempt, "typed": typed, "raised_at": at}
    new = insert_for(db)(Dispute).values(values).on_conflict_do_nothing()
    return (await db.execute(new.returning(Dispute.id))).scalar_one_or_none() is not None


async def student_of(db: AsyncSession, dispute_id: int) -> int | None:
    """Return whose dispute it is."""
    rows = await fetch(db, select(S.student_id).select_from(_WHOSE).where(D.id == dispute_id), {})
    return rows[0][0] if rows else None


async def find(db: AsyncSession, dispute_id: int) -> Defended | None:
    """Return a dispute; read under the pupil's lock."""
    columns = (D.id, D.decision, D.attempt, D.raised_at, R.id, S.id, R.is_correct, R.skipped)
    statement = select(*columns, R.closed_at).select_from(_WHOSE).where(D.id == dispute_id)
    rows = await fetch(db, statement, {})
    return Defended(*rows[0]) if rows else None


async def decide(
    db: AsyncSession, dispute_id: int, decision: DisputeDecision, actor: str, at: datetime
) -> None:
    """Keep what was decided."""
    values = {"decision": decision, "decided_by": actor, "decided_at": at}
    await db.execute(update(Dispute).where(Dispute.id == dispute_id).values(**values))


async def list_defended(
    db: AsyncSession, *, most: int, settled: bool, only: int | None = None
) -> list[DefendedAnswer]:
    """Return disputes, the latest first.

    Args:
        db: The open transaction.
        most: So many at most.
        settled: Whether those that are decided are among them.
        only: The id of the only one that is wanted.
    """
    columns = (D.id, P.external_id, D.typed, D.raised_at, D.decision, *_CARD)
    statement = select(*columns).select_from(_WHOSE).order_by(D.raised_at.desc(), D.id.desc())
    if not settled:
        statement = statement.where(D.decision.is_(None))
    if only is not None:
        statement = statement.where(D.id == only)
    rows = await fetch(db, statement.limit(most), {})
    return [_defended(row) for row in rows]


def _defended(row: Row[Any]) -> DefendedAnswer:
    dispute_id, problem, typed, raised_at, decision, *card = tuple(row)
    return DefendedAnswer(dispute_id, problem, ProblemCard(*card), typed, raised_at, decision)


async def news(db: AsyncSession, dispute_id: int) -> tuple[DisputeNews, str] | None:
    """Return what to tell a pupil about a settled dispute, and their time zone; None if none is."""
    whose = (W.telegram_id, W.language, U.timezone)
    columns = (*whose, D.decision, D.typed, R.closed_at, S.status, *_CARD)
    statement = (
        select(*columns)
        .select_from(
            _WHOSE.join(table_of(Student), U.id == S.student_id).join(
                table_of(Person), W.id == U.person_id
            )
        )
        .where(D.id == dispute_id, D.decision.is_not(None))
    )
    rows = await fetch(db, statement, {})
    if not rows:
        return None
    chat_id, language, zone, decision, typed, closed_at, status, *card = rows[0]
    told = DisputeNews(
        chat_id=chat_id,
        language=Language(language),
        accepted=decision is DisputeDecision.ACCEPTED,
        typed=typed,
        problem=ProblemCard(*card),
        is_open=closed_at is None and status is SessionStatus.ACTIVE,
    )
    return told, zone


async def untold(db: AsyncSession, most: int) -> Sequence[tuple[int, str]]:
    """Return (id, external id of the problem) of disputes that the operators have not heard of."""
    untold = D.operators_told_at.is_(None)
    statement = select(D.id, P.external_id).select_from(_WHOSE).where(untold).order_by(D.id)
    return [(row[0], row[1]) for row in await fetch(db, statement.limit(most), {})]


async def note_told(db: AsyncSession, ids: Sequence[int], at: datetime) -> None:
    """Keep that the operators have heard of disputes."""
    told = update(Dispute).where(Dispute.id.in_(ids), Dispute.operators_told_at.is_(None))
    await db.execute(
        told.values(operators_told_at=at), execution_options={"synchronize_session": False}
    )
