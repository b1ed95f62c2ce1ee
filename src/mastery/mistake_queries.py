"""All SQL of mistakes that come again."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Text, and_, bindparam, cast, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from src.language import Bilingual
from src.mastery.mistakes import Ending, Meeting, OpenMistake
from src.models import (
    Attempt,
    Misconception,
    MisconceptionState,
    Problem,
    ProblemStatus,
    Response,
    Session,
)
from src.storage.prepared import Prepared, run
from src.storage.statements import change, fetch, save, table_of

_A, _M, _N = table_of(Attempt).c, table_of(MisconceptionState).c, table_of(Misconception).c
_P, _R, _S = table_of(Problem).c, table_of(Response).c, table_of(Session).c
_OPEN = Prepared(
    select(_M.id, _N.id, _N.name_en, _N.name_bn, _M.told_at, _M.checked_at, _M.rights)
    .select_from(table_of(MisconceptionState).join(table_of(Misconception)))
    .where(_M.student_id == bindparam("student"), _M.gone_at.is_(None))
    .order_by(_M.told_at, _M.id)
)


async def find_misconception(db: AsyncSession, misconception_id: str) -> Misconception | None:
    """Return what is behind a mistake; None where the library has not brought it."""
    return await db.get(Misconception, misconception_id)


async def open_mistakes(db: AsyncSession, student_id: int) -> list[OpenMistake]:
    """Return the mistakes that a pupil was told of and that are not gone, the earliest first."""
    return [
        OpenMistake(key, misconception, Bilingual(en, bn), *rest)
        for key, misconception, en, bn, *rest in await run(db, _OPEN, {"student": student_id})
    ]


async def last_told(
    db: AsyncSession, student_id: int, misconception_id: str
) -> tuple[datetime | None, bool]:
    """Return when a mistake was gone, so that it counts anew, and whether it is open now."""
    rows = await fetch(
        db,
        select(_M.gone_at).where(
            _M.student_id == student_id, _M.misconception_id == misconception_id
        ),
        {},
    )
    return (rows[0][0], rows[0][0] is None) if rows else (None, False)


async def sighted_in(
    db: AsyncSession, student_id: int, misconception_id: str, since: datetime | None
) -> set[int]:
    """Return the problems in which a pupil made a mistake, after an instant if one is given."""
    statement = (
        select(_R.problem_id)
        .select_from(
            table_of(Session)
            .join(table_of(Response), _R.session_id == _S.id)
            .join(table_of(Attempt), _A.response_id == _R.id)
        )
        .where(_S.student_id == student_id, _A.misconception_id == misconception_id)
    )
    if since is not None:
        statement = statement.where(_A.at > since)
    return {row[0] for row in await fetch(db, statement, {})}


async def meetings(
    db: AsyncSession,
    student_id: int,
    misconception_id: str,
    since: datetime | None,
    *,
    most: int,
) -> list[Meeting]:
    """Return the latest problems of a pupil that could show a mistake, the latest first."""
    statement = (
        select(_R.problem_id, _showed(misconception_id))
        .select_from(_practised())
        .where(_S.student_id == student_id, _lists(misconception_id), _R.attempts > 0)
        .order_by(_R.id.desc())
        .limit(most)
    )
    if since is not None:
        # An open response does not say yet when it was shown.
        statement = statement.where(or_(_R.shown_at.is_(None), _R.shown_at > since))
    return [
        Meeting(problem_id, bool(showed)) for problem_id, showed in await fetch(db, statement, {})
    ]


async def results(db: AsyncSession, session_id: int, mistake: OpenMistake) -> list[Ending]:
    """Return how the problems of a session ended that could show a mistake, as they were asked.

    Those that were over when the pupil was told of it are left out.
    """
    statement = (
        select(_showed(mistake.misconception_id), _R.is_correct, _R.attempts, _R.hints_used)
        .select_from(_practised())
        .where(
            _R.session_id == session_id,
            _lists(mistake.misconception_id),
            _R.closed_at > mistake.told_at,
        )
        .order_by(_R.id)
    )
    return [Ending(bool(showed), *rest) for showed, *rest in await fetch(db, statement, {})]


async def problems_with(db: AsyncSession, grade: int, misconception_id: str) -> list[int]:
    """Return the problems of a grade that may be asked and could show a mistake."""
    statement = select(_P.id).where(
        _P.grade == grade,
        _P.status == ProblemStatus.ACTIVE,
        _P.retired_at.is_(None),
        _lists(misconception_id),
    )
    return [row[0] for row in await fetch(db, statement, {})]


async def last_asked(
    db: AsyncSession, student_id: int, problem_ids: Collection[int]
) -> dict[int, datetime]:
    """Return when a pupil was last asked which of some problems."""
    statement = (
        select(_R.problem_id, _R.created_at)
        .select_from(table_of(Session).join(table_of(Response), _R.session_id == _S.id))
        .where(_S.student_id == student_id, _R.problem_id.in_(problem_ids))
        .order_by(_R.id)
    )
    return {row[0]: row[1] for row in await fetch(db, statement, {})}


async def note_told(db: AsyncSession, student_id: int, misconception_id: str, at: datetime) -> None:
    """Keep that a pupil was told of a mistake, for the first time or once more."""
    values = {
        "student_id": student_id,
        "misconception_id": misconception_id,
        "told_at": at,
        "checked_at": None,
        "rights": 0,
        "gone_at": None,
    }
    await save(db, MisconceptionState, ("student_id", "misconception_id"), values)


async def update_state(db: AsyncSession, state_id: int, values: Mapping[str, Any]) -> None:
    """Set columns of a state."""
    await change(db, MisconceptionState, state_id, values)


def _practised() -> Any:
    return (
        table_of(Session)
        .join(table_of(Response), _R.session_id == _S.id)
        .join(table_of(Problem), _P.id == _R.problem_id)
    )


def _lists(misconception_id: str) -> Any:
    """Return the condition that a mistake of a problem refers to a misconception.

    As text JSON has one blank behind the colon, as it is written and in PostgreSQL. Ids hold no
    sign of LIKE.
    """
    return cast(_P.misconceptions, Text).like(f'%"id": "{misconception_id}"%')


def _showed(misconception_id: str) -> Any:
    return exists().where(and_(_A.response_id == _R.id, _A.misconception_id == misconception_id))
