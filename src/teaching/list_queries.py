"""The SQL of what programs read: pages by key, and who asks is in each statement."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import (
    CanvasAssignment,
    CanvasConnection,
    CanvasCourse,
    CanvasHost,
    CanvasLifecycle,
    ClassMember,
    ClassTeacher,
    DailyCost,
    MemberNote,
    MirrorKind,
    Person,
    Problem,
    Response,
    SchoolClass,
    Session,
    Streak,
    Student,
    Teacher,
)
from src.storage.statements import AnyRow, fetch

AnySelect = Select[*tuple[Any, ...]]
M, K, C, T = ClassMember, ClassTeacher, SchoolClass, Teacher


def _memberships(teacher_id: int, *columns: Any) -> AnySelect:
    """Select of the memberships in the open classes of a teacher."""
    return (
        select(*columns)
        .select_from(M)
        .join(C, C.id == M.class_id)
        .join(K, K.class_id == C.id)
        .join(T, T.id == K.teacher_id)
        .where(
            *(K.teacher_id == teacher_id, T.removed_at.is_(None)),
            *(C.closed_at.is_(None), M.left_at.is_(None)),
        )
    )


def _seen(teacher_id: int | None) -> ColumnElement[bool]:
    """Return whether a pupil is the caller's to see; before they agreed they are nobody's."""
    agreed = and_(Student.visible(), Student.registered_at.is_not(None))
    if teacher_id is None:
        return agreed
    theirs = _memberships(teacher_id, M.id).where(M.student_id == Student.id)
    return and_(agreed, theirs.correlate(Student).exists())


def _practice_seen(teacher_id: int | None) -> ColumnElement[bool]:
    """Return whether a session is the caller's to see: one since the pupil joined, or allowed."""
    if teacher_id is None:
        return _seen(None)
    theirs = _memberships(teacher_id, M.id).where(
        M.student_id == Session.student_id,
        or_(M.sees_before, Session.started_at >= M.joined_at),
    )
    return and_(_seen(None), theirs.correlate(Session).exists())


async def _page(
    db: AsyncSession, query: AnySelect, key: Any, after: int, most: int
) -> Sequence[AnyRow]:
    return await fetch(db, query.where(key > after).order_by(key).limit(most), {})


async def students(
    db: AsyncSession, teacher_id: int | None, grade: int | None, after: int, most: int
) -> Sequence[AnyRow]:
    """Return pupils."""
    columns = (Student.id, Student.name, Student.grade, Person.language, Student.timezone)
    query = (
        select(*columns, Student.registered_at, Student.last_active_at)
        .join(Person, Person.id == Student.person_id)
        .where(_seen(teacher_id))
    )
    if grade is not None:
        query = query.where(Student.grade == grade)
    return await _page(db, query, Student.id, after, most)


async def sessions(
    db: AsyncSession,
    teacher_id: int | None,
    student_id: int | None,
    since: datetime | None,
    *,
    after: int,
    most: int,
) -> Sequence[AnyRow]:
    """Return sessions."""
    s = Session
    query = (
        select(
            *(s.id, s.student_id, s.date.label("local_day"), s.status, s.problem_ids),
            *(s.problems_correct, s.total_time_seconds.label("seconds"), s.started_at),
            s.completed_at,
        )
        .join(Student, Student.id == s.student_id)
        .where(_practice_seen(teacher_id))
    )
    query = _narrowed(query, student_id, since)
    return await _page(db, query, s.id, after, most)


async def responses(
    db: AsyncSession,
    teacher_id: int | None,
    student_id: int | None,
    session_id: int | None,
    since: datetime | None,
    *,
    after: int,
    most: int,
) -> Sequence[AnyRow]:
    """Return what pupils did with problems."""
    r = Response
    query: AnySelect = (
        select(
            *(r.id, r.session_id, Session.student_id, r.problem_id, Problem.topic),
            *(r.student_answer.label("answer"), r.last_verdict.label("verdict"), r.is_correct),
            *(r.attempts, r.hints_used, r.with_steps, r.skipped, r.misconception),
            *(r.time_spent_seconds.label("seconds"), r.shown_at, r.closed_at),
        )
        .join(Session, Session.id == r.session_id)
        .join(Student, Student.id == Session.student_id)
        .join(Problem, Problem.id == r.problem_id)
        .where(_practice_seen(teacher_id))
    )
    query = _narrowed(query, student_id, since)
    if session_id is not None:
        query = query.where(r.session_id == session_id)
    return await _page(db, query, r.id, after, most)


def _narrowed(query: AnySelect, student_id: int | None, since: datetime | None) -> AnySelect:
    if student_id is not None:
        query = query.where(Session.student_id == student_id)
    return query if since is None else query.where(Session.started_at >= since)


async def streaks(
    db: AsyncSession, teacher_id: int | None, student_id: int | None, after: int, most: int
) -> Sequence[AnyRow]:
    """Return the days in a row of pupils, as they were on the last day with practice."""
    s = Streak
    query = (
        select(
            *(s.student_id, s.current_streak.label("current"), s.longest_streak.label("longest")),
            *(s.last_practice_date.label("last_day"), s.freezes),
        )
        .join(Student, Student.id == s.student_id)
        .where(_seen(teacher_id))
    )
    if student_id is not None:
        query = query.where(s.student_id == student_id)
    return await _page(db, query, s.student_id, after, most)


_PROBLEM = (
    *(Problem.id, Problem.external_id, Problem.grade, Problem.topic, Problem.subtopic),
    *(Problem.difficulty, Problem.question_en, Problem.question_bn, Problem.answer),
    *(Problem.answer_type, Problem.solution_en, Problem.solution_bn, Problem.status),
    *(Problem.content_version, Problem.variant_of),
)


async def problems(
    db: AsyncSession, grade: int | None, topic: str | None, after: int, most: int
) -> Sequence[AnyRow]:
    """Return the problems that may be chosen."""
    query = select(*_PROBLEM).where(Problem.visible())
    for column, wanted in ((Problem.grade, grade), (Problem.topic, topic)):
        if wanted is not None:
            query = query.where(column == wanted)
    return await _page(db, query, Problem.id, after, most)


async def problem(db: AsyncSession, problem_id: int) -> AnyRow | None:
    """Return a problem."""
    query = select(*_PROBLEM).where(Problem.id == problem_id)
    return next(iter(await fetch(db, query, {})), None)


async def costs(
    db: AsyncSession, first: date, last: date, after: int, most: int
) -> Sequence[AnyRow]:
    """Return rows of the rollup."""
    d = DailyCost
    query = select(
        *(d.id, d.day, d.operation, d.api_provider.label("provider"), d.model, d.calls),
        *(d.input_tokens, d.output_tokens, d.cache_read_tokens, d.cache_write_tokens),
        d.cost_usd,
    ).where(d.day.between(first, last))
    return await _page(db, query, d.id, after, most)


_MEMBERS = (
    select(func.count())
    .select_from(M)
    .where(M.class_id == C.id, M.left_at.is_(None))
    .correlate(C)
    .scalar_subquery()
)


async def classes(db: AsyncSession, after: int, most: int) -> Sequence[AnyRow]:
    """Return every open class; not the codes, by which anybody could join."""
    query = select(
        *(C.id, C.name, C.school, C.grade, C.topic, C.topic_until, _MEMBERS.label("members"))
    ).where(C.closed_at.is_(None))
    return await _page(db, query, C.id, after, most)


async def has_class(db: AsyncSession, teacher_id: int | None, class_id: int) -> bool:
    """Return whether an open class is the caller's to see."""
    query = select(C.id).where(C.id == class_id, C.closed_at.is_(None))
    if teacher_id is not None:
        query = (
            query.join(K, K.class_id == C.id)
            .join(T, T.id == K.teacher_id)
            .where(K.teacher_id == teacher_id, T.removed_at.is_(None))
        )
    return await db.scalar(query) is not None


async def members(
    db: AsyncSession, teacher_id: int | None, class_id: int, after: int, most: int
) -> Sequence[AnyRow]:
    """Return the pupils of a class; the teachers' own label only to them."""
    label = M.label if teacher_id is not None else func.nullif(M.label, M.label).label("label")
    query = (
        select(M.student_id, Student.name, label, M.joined_at, M.sees_before)
        .join(Student, Student.id == M.student_id)
        .where(M.class_id == class_id, M.left_at.is_(None), _seen(teacher_id))
    )
    return await _page(db, query, M.student_id, after, most)


async def agreed_since(db: AsyncSession, teacher_id: int, student_id: int) -> datetime | None:
    """Return since when a teacher may see a pupil's practice; None: all of it."""
    query = _memberships(
        teacher_id, func.max(case((M.sees_before, 1), else_=0)), func.min(M.joined_at)
    ).where(M.student_id == student_id)
    [(all_of_it, joined_at)] = await fetch(db, query, {})
    return None if all_of_it else joined_at


async def connections(
    db: AsyncSession, person_id: int | None, after: int, most: int
) -> Sequence[AnyRow]:
    """Return connections to schools, without anything that opens one."""
    c = CanvasConnection
    query = select(
        *(c.id, CanvasHost.url.label("school"), c.label, c.kind, c.last_sync_at),
        c.disconnected_at,
    ).join(CanvasHost, CanvasHost.id == c.host_id)
    query = query.where(c.label.is_not(None) if person_id is None else c.person_id == person_id)
    return await _page(db, query, c.id, after, most)


def _is_there(kind: MirrorKind, connection_id: int, number: Any) -> ColumnElement[bool]:
    found = select(CanvasLifecycle.id).where(
        *(CanvasLifecycle.connection_id == connection_id, CanvasLifecycle.kind == kind),
        *(CanvasLifecycle.canvas_id == number, CanvasLifecycle.is_active),
    )
    return found.exists()


async def canvas_courses(
    db: AsyncSession, connection_id: int, after: int, most: int
) -> Sequence[AnyRow]:
    """Return the courses of a connection that are there."""
    c = CanvasCourse
    query = select(
        *(c.canvas_id.label("course_id"), c.name, c.course_code, c.workflow_state, c.time_zone),
        *(c.start_at, c.end_at),
    ).where(
        c.connection_id == connection_id,
        _is_there(MirrorKind.COURSE, connection_id, c.canvas_id),
    )
    return await _page(db, query, c.canvas_id, after, most)


async def canvas_assignments(
    db: AsyncSession, connection_id: int, course_id: int, after: int, most: int
) -> Sequence[AnyRow]:
    """Return the assignments of a course that are there."""
    a = CanvasAssignment
    query = select(
        *(a.canvas_id.label("assignment_id"), a.canvas_course_id.label("course_id"), a.name),
        *(a.due_at, a.points_possible, a.submission_types, a.is_published),
    ).where(
        *(a.connection_id == connection_id, a.canvas_course_id == course_id),
        _is_there(MirrorKind.ASSIGNMENT, connection_id, a.canvas_id),
    )
    return await _page(db, query, a.canvas_id, after, most)


async def notes(
    db: AsyncSession, teacher_id: int, class_id: int, student_id: int, *, after: int, most: int
) -> Sequence[AnyRow]:
    """Return what the teachers of a class wrote about a pupil of it."""
    query = (
        _memberships(teacher_id, MemberNote.id, MemberNote.text, MemberNote.created_at)
        .join(MemberNote, MemberNote.member_id == M.id)
        .where(M.class_id == class_id, M.student_id == student_id)
    )
    return await _page(db, query, MemberNote.id, after, most)


async def last_note(db: AsyncSession, teacher_id: int, class_id: int, student_id: int) -> AnyRow:
    """Return the note that a teacher has just written."""
    query = (
        _memberships(teacher_id, MemberNote.id, MemberNote.text, MemberNote.created_at)
        .join(MemberNote, and_(MemberNote.member_id == M.id, MemberNote.teacher_id == teacher_id))
        .where(M.class_id == class_id, M.student_id == student_id)
        .order_by(MemberNote.id.desc())
        .limit(1)
    )
    [row] = await fetch(db, query, {})
    return row


async def first_teacher(db: AsyncSession, class_id: int) -> int | None:
    """Return the first of those who teach an open class."""
    query = (
        select(K.teacher_id)
        .join(C, C.id == K.class_id)
        .join(T, T.id == K.teacher_id)
        .where(K.class_id == class_id, C.closed_at.is_(None), T.removed_at.is_(None))
        .order_by(K.id)
        .limit(1)
    )
    return await db.scalar(query)
