"""Judges again what pupils gave to a problem whose answer was corrected."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from src import audit
from src.accounts import service as accounts
from src.answers import Outcome, grade_problem
from src.models import Attempt, AuditAction, Problem, Response, Session
from src.practice import queries, service
from src.practice.results import ProblemCard
from src.storage.statements import fetch, table_of

A, P, R, S = (table_of(model).c for model in (Attempt, Problem, Response, Session))
_CARD = [P[name].label(f"problem_{name}") for name in queries.CARD]


class Regraded(NamedTuple):
    """What became of a response.

    Attributes:
        response_id: Which.
        was_right: Whether it counted as right.
        is_right: Whether an answer of it is right by what is stored now.
    """

    response_id: int
    was_right: bool
    is_right: bool

    @property
    def becomes_right(self) -> bool:
        """Whether it counts as right only now."""
        return self.is_right and not self.was_right


async def judged_by_older(db: AsyncSession, problem_id: int) -> list[int]:
    """Return the answered responses that the stored version of their problem has not judged."""
    older = or_(R.content_version.is_(None), R.content_version < P.content_version)
    statement = (
        select(R.id)
        .select_from(table_of(Response).join(table_of(Problem), P.id == R.problem_id))
        .where(R.problem_id == problem_id, R.attempts > 0, older)
        .order_by(R.id)
    )
    return [row[0] for row in await fetch(db, statement, {})]


async def regrade(
    db: AsyncSession, response_id: int, at: datetime, *, dry_run: bool = False
) -> Regraded:
    """Judge what was given in a response by what is stored now.

    An answer that is right now counts as an accepted dispute does. What was called right stays
    right, with the version that said so.

    Args:
        db: The open transaction.
        response_id: Which response.
        at: When, aware.
        dry_run: Whether to change nothing.
    """
    student_id = (await _read(db, response_id))[0]
    pupil = None if dry_run else await accounts.find_student(db, student_id)
    _, session_id, is_solved, skipped, closed_at, answer, attempts, *columns = await _read(
        db, response_id
    )
    card = ProblemCard(*columns)
    given = await _given(db, response_id) or [(attempts, answer or "", at)]
    right = next((one for one in given if _is_right(one[1], card)), None)
    found = Regraded(response_id, bool(is_solved), right is not None)
    if pupil is None:
        return found
    if right is not None and found.becomes_right:
        number, _, given_at = right
        after_all = service.RightAfterAll(
            response_id, session_id, number, given_at, bool(skipped), closed_at
        )
        await service.count_as_right(db, pupil, after_all, at)
    if found.is_right or not found.was_right:
        version = card.content_version
        await queries.update_response(db, response_id, content_version=version)
    return found


def note(db: AsyncSession, problem_id: int, done: Sequence[Regraded], at: datetime) -> None:
    """Note in the audit what was judged again."""
    right = sum(one.becomes_right for one in done)
    detail = {"responses": len(done), "became_right": right}
    subject = ("problem", problem_id)
    audit.note(db, AuditAction.REGRADE, subject, actor="operator", at=at, detail=detail)


async def _read(db: AsyncSession, response_id: int) -> Row[*tuple[Any, ...]]:
    own = (R.session_id, R.is_correct, R.skipped, R.closed_at, R.student_answer, R.attempts)
    statement = (
        select(S.student_id, *own, *_CARD)
        .select_from(
            table_of(Response)
            .join(table_of(Session), S.id == R.session_id)
            .join(table_of(Problem), P.id == R.problem_id)
        )
        .where(R.id == response_id)
    )
    [row] = await fetch(db, statement, {})
    return row


async def _given(db: AsyncSession, response_id: int) -> list[tuple[int, str, datetime]]:
    """Return (number, text, instant) of the answers that counted, the first one first."""
    counted = A.verdict.in_([Outcome.CORRECT, Outcome.WRONG])
    statement = (
        select(A.number, A.typed, A.at)
        .where(A.response_id == response_id, counted)
        .order_by(A.number, A.id)
    )
    return [(row[0], row[1], row[2]) for row in await fetch(db, statement, {})]


def _is_right(typed: str, card: ProblemCard) -> bool:
    return grade_problem(typed, card).outcome is Outcome.CORRECT
