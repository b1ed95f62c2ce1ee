"""Problems as they are stored: looked at, written to a file again, retired, taken over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, case, cast, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src import audit
from src.content.rows import ProblemRow
from src.errors import NoSuchProblem
from src.models import AuditAction, Problem, ProblemStatus, Response

_CORE = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class StoredProblem:
    """A problem with what became of it.

    Attributes:
        id: Of the row.
        problem: As in a file; what only files hold is empty.
        taken_over_at: Since when an import leaves it alone; None for a problem as in the files.
        retired_at: Since when it is no longer served.
        answered: How many responses there are that counted an answer.
        solved: How many of them are right.
        older: How many of them were judged by an older version, or before that was kept.
    """

    id: int
    problem: ProblemRow
    taken_over_at: datetime | None
    retired_at: datetime | None
    answered: int
    solved: int
    older: int


async def find(db: AsyncSession, external_id: str) -> StoredProblem:
    """Return a problem with what became of it.

    Raises:
        NoSuchProblem: None of that id is stored.
    """
    stored = await db.scalar(select(Problem).where(Problem.external_id == external_id))
    if stored is None:
        raise NoSuchProblem(f"no problem {external_id} is stored")
    judged_now = Response.content_version == stored.content_version
    older = case((judged_now, 0), else_=1)
    answered, solved, old = (
        await db.execute(
            select(
                func.count(),
                func.coalesce(func.sum(cast(Response.is_correct, Integer)), 0),
                func.coalesce(func.sum(older), 0),
            ).where(Response.problem_id == stored.id, Response.attempts > 0)
        )
    ).one()
    return StoredProblem(
        id=stored.id,
        problem=ProblemRow.model_validate(stored),
        taken_over_at=stored.taken_over_at,
        retired_at=stored.retired_at,
        answered=answered,
        solved=solved,
        older=old,
    )


async def rows(
    db: AsyncSession, ids: Sequence[str] = (), *, taken_over: bool = False
) -> list[ProblemRow]:
    """Return stored problems as rows of a file, by id.

    Args:
        db: The open transaction.
        ids: Only these; all if there is none.
        taken_over: Only those that an operator has taken over.

    Raises:
        NoSuchProblem: One of them is not stored.
    """
    statement = select(Problem).order_by(Problem.external_id)
    if ids:
        statement = statement.where(Problem.external_id.in_(ids))
    if taken_over:
        statement = statement.where(Problem.taken_over_at.is_not(None))
    found = [ProblemRow.model_validate(stored) for stored in await db.scalars(statement)]
    missing = set(ids) - {row.external_id for row in found}
    if missing and not taken_over:
        raise NoSuchProblem(f"no problem {', '.join(sorted(missing))} is stored")
    return found


async def note_fix(
    db: AsyncSession, external_id: str, columns: Sequence[str], at: datetime
) -> None:
    """Note in the audit which columns of a problem an operator has changed."""
    found = await find(db, external_id)
    detail = {"columns": list(columns), "content_version": found.problem.content_version}
    subject = ("problem", found.id)
    audit.note(db, AuditAction.FIX, subject, actor="operator", at=at, detail=detail)


async def retire(db: AsyncSession, external_id: str, at: datetime) -> None:
    """Serve a problem no more, whatever the files say; who is at it may finish it.

    Raises:
        NoSuchProblem: None of that id is stored.
    """
    found = await find(db, external_id)
    gone = {"status": ProblemStatus.RETIRED, "retired_at": found.retired_at or at}
    await _change(db, found.id, gone | {"taken_over_at": found.taken_over_at or at})
    audit.note(db, AuditAction.RETIRE, ("problem", found.id), actor="operator", at=at)


async def release(db: AsyncSession, external_id: str, at: datetime) -> None:
    """Let the next import of the files change a problem again.

    Raises:
        NoSuchProblem: None of that id is stored.
    """
    found = await find(db, external_id)
    await _change(db, found.id, {"taken_over_at": None})
    detail = {"columns": ["taken_over_at"]}
    audit.note(db, AuditAction.FIX, ("problem", found.id), actor="operator", at=at, detail=detail)


async def _change(db: AsyncSession, problem_id: int, values: dict[str, object]) -> None:
    change = update(Problem).where(Problem.id == problem_id).values(values)
    await db.execute(change, execution_options=_CORE)
