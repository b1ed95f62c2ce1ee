"""What pages of a class read. Each statement joins who asks with who agreed to be seen."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import (
    Attempt,
    AuditAction,
    AuditEvent,
    ClassMember,
    ClassTeacher,
    Dispute,
    MemberNote,
    Misconception,
    Problem,
    Response,
    SchoolClass,
    Session,
    Student,
    Teacher,
)
from src.models.types import Ids, is_among
from src.storage.prepared import Prepared, run
from src.storage.statements import AnyRow, fetch, table_of

M, K, T = table_of(ClassMember).c, table_of(ClassTeacher).c, table_of(Teacher).c
C, U, S = table_of(SchoolClass).c, table_of(Student).c, table_of(Session).c
R, P, A, D = (table_of(each).c for each in (Response, Problem, Attempt, Dispute))
N, E, W = table_of(MemberNote).c, table_of(AuditEvent).c, table_of(Misconception).c

# Sessions end within a day of their start; what they hold is found by when they were made.
_A_DAY = timedelta(days=1)
LAST_SESSIONS = 12
_MEMBERS = (
    table_of(ClassMember)
    .join(table_of(SchoolClass), C.id == M.class_id)
    .join(table_of(ClassTeacher), K.class_id == C.id)
    .join(table_of(Teacher), T.id == K.teacher_id)
    .join(table_of(Student), U.id == M.student_id)
)
_PRACTISED = (
    _MEMBERS.join(table_of(Session), S.student_id == U.id)
    .join(table_of(Response), R.session_id == S.id)
    .join(table_of(Problem), P.id == R.problem_id)
)
# What was before joining is not seen, unless the pupil allowed it.
_AGREED = or_(M.sees_before, S.started_at >= M.joined_at)


class View(NamedTuple):
    """Who looks at which class.

    Attributes:
        class_id: The class.
        teacher_id: One of its teachers; for a pupil, who sees what they see, it is the first.
    """

    class_id: Any
    teacher_id: Any


class MemberRow(NamedTuple):
    """A pupil of a class."""

    member_id: int
    student_id: int
    name: str | None
    label: str
    timezone: str
    joined_at: datetime
    sees_before: bool


class AnswerRow(NamedTuple):
    """A problem that a pupil was asked; ``attempts`` counts what was judged right or wrong."""

    student_id: int
    day: date
    at: datetime
    topic: str
    problem_id: int
    is_correct: bool
    attempts: int
    hints_used: int
    with_steps: bool
    is_closed: bool
    seconds: int


class MistakeRow(NamedTuple):
    """A named mistake that a pupil made."""

    student_id: int
    misconception: str
    misconception_id: str | None
    problem_id: int
    family: str
    typed: str


class DisputeRow(NamedTuple):
    """An answer that a pupil defends and nobody has settled."""

    id: int
    student_id: int
    typed: str
    raised_at: datetime
    problem_id: int


class GivenRow(NamedTuple):
    """A problem of a pupil with what became of it."""

    id: int
    day: date
    at: datetime
    problem_id: int
    topic: str
    is_correct: bool
    attempts: int
    hints_used: int
    with_steps: bool
    skipped: bool
    is_closed: bool
    seconds: int
    last_typed: str | None


def _seen_by(view: View, *columns: Any, practised: bool = True) -> Select[Any]:
    """Select of the pupils of a class and, unless told otherwise, of what they practised."""
    found = (
        select(*columns)
        .select_from(_PRACTISED if practised else _MEMBERS)
        .where(
            C.id == view.class_id,
            K.teacher_id == view.teacher_id,
            T.removed_at.is_(None),
            C.closed_at.is_(None),
            M.left_at.is_(None),
            U.deleted_at.is_(None),
        )
    )
    return found.where(_AGREED) if practised else found


async def _rows(db: AsyncSession, statement: Select[Any]) -> Sequence[AnyRow]:
    return await fetch(db, statement, {})


async def members(db: AsyncSession, view: View) -> list[MemberRow]:
    """Return the pupils of a class by name."""
    columns = (M.id, U.id, U.name, M.label, U.timezone, M.joined_at, M.sees_before)
    found = _seen_by(view, *columns, practised=False).order_by(func.lower(U.name), U.id)
    return [MemberRow(*row) for row in await _rows(db, found)]


def _answers() -> Prepared:
    """Build the one statement that returns thousands of rows: it is run by the driver."""
    at = func.coalesce(R.closed_at, R.shown_at, S.started_at, type_=R.closed_at.type)
    columns = (U.id, S.date, at, P.topic, P.id, R.is_correct, R.attempts, R.hints_used)
    more = (R.with_steps, R.closed_at.is_not(None), R.time_spent_seconds)
    anyone = View(bindparam("class_id"), bindparam("teacher_id"))
    found = _seen_by(anyone, *columns, *more)
    # The join alone decides who is seen; with their ids, nothing of others is read.
    wanted = is_among(R.session_id, bindparam("sessions", type_=Ids))
    return Prepared(found.where(wanted).order_by(U.id, R.id))


def _latest() -> Prepared:
    """Build the statement that names the sessions whose answers are read."""
    theirs = is_among(S.student_id, bindparam("ids", type_=Ids))
    back = func.row_number().over(partition_by=S.student_id, order_by=S.created_at.desc())
    latest = select(S.id, S.created_at, back.label("back")).where(theirs).subquery()
    since = latest.c.created_at >= bindparam("since", type_=S.created_at.type)
    return Prepared(select(latest.c.id).where(or_(since, latest.c.back <= LAST_SESSIONS)))


_ANSWERS, _LATEST = _answers(), _latest()


async def answers(
    db: AsyncSession, view: View, ids: Sequence[int], since: datetime
) -> list[AnswerRow]:
    """Return what pupils of a class were asked since an instant, each pupil's oldest first.

    Of each at least the last dozen of sessions: who is away for long is still known.
    """
    # In one statement the planner joins years of answers before it looks which are wanted.
    latest = await run(db, _LATEST, {"since": since, "ids": list(ids)})
    sessions = [row[0] for row in latest]
    rows = await run(db, _ANSWERS, {**view._asdict(), "sessions": sessions})
    return list(map(AnswerRow._make, rows))


async def mistakes(
    db: AsyncSession, view: View, ids: Sequence[int], since: datetime
) -> list[MistakeRow]:
    """Return the named mistakes of pupils of a class since an instant, the latest first."""
    family = func.coalesce(P.variant_of, P.external_id)
    columns = (U.id, A.misconception, A.misconception_id, P.id, family, A.typed)
    found = (
        _seen_by(view, *columns)
        .join_from(_PRACTISED, table_of(Attempt), A.response_id == R.id)
        .where(S.created_at >= since - _A_DAY, S.student_id.in_(ids))
        .where(A.at >= since, A.misconception.is_not(None))
        .order_by(A.id.desc())
    )
    return [MistakeRow(*row) for row in await _rows(db, found)]


async def open_disputes(
    db: AsyncSession, view: View, most: int, only: int | None = None
) -> list[DisputeRow]:
    """Return what pupils of a class defend, the oldest first; or the one that is wanted."""
    found = (
        _seen_by(view, D.id, U.id, D.typed, D.raised_at, P.id)
        .join_from(_PRACTISED, table_of(Dispute), D.response_id == R.id)
        .where(D.decision.is_(None))
        .order_by(D.raised_at, D.id)
        .limit(most)
    )
    if only is not None:
        found = found.where(D.id == only)
    return [DisputeRow(*row) for row in await _rows(db, found)]


async def given(
    db: AsyncSession, view: View, student_id: int, most: int, before: int | None
) -> list[GivenRow]:
    """Return the latest problems of a pupil, those before a response if one is named."""
    at = func.coalesce(R.closed_at, R.shown_at, S.started_at, type_=R.closed_at.type)
    columns = (R.id, S.date, at, P.id, P.topic, R.is_correct, R.attempts, R.hints_used)
    more = (R.with_steps, R.skipped, R.closed_at.is_not(None), R.time_spent_seconds)
    found = _seen_by(view, *columns, *more, R.student_answer).where(U.id == student_id)
    if before is not None:
        found = found.where(R.id < before)
    rows = await _rows(db, found.order_by(R.id.desc()).limit(most))
    return [GivenRow(*row) for row in rows]


async def typed(db: AsyncSession, responses: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Return (text, verdict) of all that was typed to problems that may be seen, in order."""
    found = select(A.response_id, A.typed, A.verdict).where(A.response_id.in_(responses))
    texts: dict[int, list[tuple[str, str]]] = {}
    for response_id, text, verdict in await _rows(db, found.order_by(A.id)):
        texts.setdefault(response_id, []).append((text, verdict))
    return texts


async def problems(db: AsyncSession, ids: Sequence[int]) -> dict[int, AnyRow]:
    """Return what a teacher sees of problems: both questions, answer, choices, mistakes."""
    shown = (P.id, P.question_en, P.question_bn, P.answer, P.choices, P.misconceptions, P.figure)
    more = (P.topic, P.solution_en, P.solution_bn)
    rows = await _rows(db, select(*shown, *more).where(P.id.in_(set(ids))))
    return {row.id: row for row in rows}


async def misconceptions(db: AsyncSession, ids: Sequence[str]) -> dict[str, AnyRow]:
    """Return names and lessons of misconceptions."""
    shown = select(W.id, W.name_en, W.name_bn, W.lesson_en, W.lesson_bn)
    return {row.id: row for row in await _rows(db, shown.where(W.id.in_(ids)))}


async def notes(db: AsyncSession, member_id: int) -> list[AnyRow]:
    """Return what teachers wrote about a member, the latest first."""
    found = (
        select(N.id, N.text, N.created_at, T.name)
        .select_from(table_of(MemberNote).join(table_of(Teacher), T.id == N.teacher_id))
        .where(N.member_id == member_id)
    )
    return list(await _rows(db, found.order_by(N.id.desc())))


async def first_teacher(db: AsyncSession, class_id: int, student_id: int) -> int | None:
    """Return a teacher of a class that a pupil is in: through their eyes the pupil looks."""
    found = select(T.id).select_from(_MEMBERS).where(C.id == class_id, U.id == student_id)
    found = found.where(T.removed_at.is_(None), C.closed_at.is_(None), M.left_at.is_(None))
    rows = await _rows(db, found.order_by(T.id).limit(1))
    return rows[0][0] if rows else None


async def has_looked(
    db: AsyncSession, actor: str, subject: tuple[str, int], since: datetime
) -> bool:
    """Return whether a look of somebody at something is noted since an instant."""
    same: list[ColumnElement[bool]] = [E.subject_kind == subject[0], E.subject_id == subject[1]]
    found = select(E.id).where(*same, E.at > since, E.actor == actor, E.action == AuditAction.LOOK)
    return bool(await _rows(db, found.limit(1)))
