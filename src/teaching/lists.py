"""What programs read, page by page: each row is one that the caller may see.

An operator's token sees every pupil who agreed that their data is kept. A teacher's sees the pupils
of their open classes, and of their practice what those pupils agreed to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from src.errors import NotInReach
from src.storage.statements import AnyRow
from src.teaching import list_queries as queries
from src.teaching.tokens import ApiCaller

# More than a class can have.
_MOST_MEMBERS = 1000


@dataclass(frozen=True, slots=True)
class ListPart:
    """Which part of a list is wanted.

    Attributes:
        limit: Rows at most.
        after: The key of the last row before it; 0: from the beginning.
    """

    limit: int
    after: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list.

    Attributes:
        rows: In the order of their keys.
        following: After which key the next page begins; None: this is the last one.
    """

    rows: list[dict[str, Any]]
    following: int | None


@dataclass(frozen=True, slots=True)
class Filter:
    """What narrows a list; each is None where it does not.

    Attributes:
        student_id: Of one pupil.
        session_id: Of one session.
        since: What began since then, aware.
        grade: Of one grade.
        topic: Of one topic.
    """

    student_id: int | None = None
    session_id: int | None = None
    since: datetime | None = None
    grade: int | None = None
    topic: str | None = None


def _reach(caller: ApiCaller) -> int | None:
    """Return whose classes are seen; None for everybody's."""
    return None if caller.teacher is None else caller.teacher.id


async def students(db: AsyncSession, caller: ApiCaller, only: Filter, part: ListPart) -> Listed:
    """Return pupils."""
    rows = await queries.students(db, _reach(caller), only.grade, part.after, part.limit + 1)
    return _cut(rows, part)


async def student(db: AsyncSession, caller: ApiCaller, student_id: int) -> dict[str, Any]:
    """Return a pupil.

    Raises:
        NotInReach: There is none, or they are not the caller's to see: nobody can tell which.
    """
    rows = await queries.students(db, _reach(caller), None, student_id - 1, 1)
    if not rows or rows[0].id != student_id:
        raise NotInReach
    return _plain(rows[0])


async def sessions(db: AsyncSession, caller: ApiCaller, only: Filter, part: ListPart) -> Listed:
    """Return sessions of pupils."""
    rows = await queries.sessions(
        *(db, _reach(caller), only.student_id, only.since), after=part.after, most=part.limit + 1
    )
    return _cut(rows, part)


async def responses(db: AsyncSession, caller: ApiCaller, only: Filter, part: ListPart) -> Listed:
    """Return what pupils did with problems."""
    rows = await queries.responses(
        *(db, _reach(caller), only.student_id, only.session_id, only.since),
        after=part.after,
        most=part.limit + 1,
    )
    return _cut(rows, part)


async def streaks(db: AsyncSession, caller: ApiCaller, only: Filter, part: ListPart) -> Listed:
    """Return the days in a row of pupils, by pupil."""
    rows = await queries.streaks(db, _reach(caller), only.student_id, part.after, part.limit + 1)
    return _cut(rows, part, "student_id")


async def problems(db: AsyncSession, only: Filter, part: ListPart) -> Listed:
    """Return the problems of the library that may be chosen."""
    rows = await queries.problems(db, only.grade, only.topic, part.after, part.limit + 1)
    return _cut(rows, part)


async def problem(db: AsyncSession, problem_id: int) -> dict[str, Any]:
    """Return a problem, also one that is chosen no more.

    Raises:
        NotInReach: There is none.
    """
    row = await queries.problem(db, problem_id)
    if row is None:
        raise NotInReach
    return _plain(row)


async def costs(db: AsyncSession, first: date, last: date, part: ListPart) -> Listed:
    """Return what calls of the model came to on some days (UTC), by operation and model."""
    return _cut(await queries.costs(db, first, last, part.after, part.limit + 1), part)


async def all_classes(db: AsyncSession, part: ListPart) -> Listed:
    """Return every open class, for an operator."""
    return _cut(await queries.classes(db, part.after, part.limit + 1), part)


async def members(db: AsyncSession, caller: ApiCaller, class_id: int, part: ListPart) -> Listed:
    """Return the pupils of a class.

    Raises:
        NotInReach: The class is not the caller's to see.
    """
    if not await queries.has_class(db, _reach(caller), class_id):
        raise NotInReach
    rows = await queries.members(db, _reach(caller), class_id, part.after, part.limit + 1)
    return _cut(rows, part, "student_id")


async def agreed_since(db: AsyncSession, caller: ApiCaller, student_id: int) -> datetime | None:
    """Return since when a pupil's practice may be seen; None: all of it.

    Raises:
        NotInReach: The pupil is not the caller's to see.
    """
    teacher = _reach(caller)
    await student(db, caller, student_id)
    return None if teacher is None else await queries.agreed_since(db, teacher, student_id)


async def connections(db: AsyncSession, caller: ApiCaller, part: ListPart) -> Listed:
    """Return connections to schools: an operator's, or the teacher's own."""
    person = None if caller.teacher is None else caller.teacher.person_id
    return _cut(await queries.connections(db, person, part.after, part.limit + 1), part)


async def own_connection(db: AsyncSession, caller: ApiCaller, connection_id: int) -> None:
    """Refuse a connection that is not the caller's to see.

    Raises:
        NotInReach: It is not.
    """
    found = await connections(db, caller, ListPart(1, connection_id - 1))
    if not found.rows or found.rows[0]["id"] != connection_id:
        raise NotInReach


async def canvas_courses(db: AsyncSession, connection_id: int, part: ListPart) -> Listed:
    """Return the courses that a connection sees."""
    rows = await queries.canvas_courses(db, connection_id, part.after, part.limit + 1)
    return _cut(rows, part, "course_id")


async def canvas_assignments(
    db: AsyncSession, connection_id: int, course_id: int, part: ListPart
) -> Listed:
    """Return the assignments of a course."""
    rows = await queries.canvas_assignments(
        db, connection_id, course_id, part.after, part.limit + 1
    )
    return _cut(rows, part, "assignment_id")


def _cut(rows: Sequence[AnyRow], part: ListPart, key: str = "id") -> Listed:
    """Make a page of one row more than was wanted, which says whether there is another page."""
    page = [_plain(row) for row in rows[: part.limit]]
    return Listed(page, page[-1][key] if len(rows) > part.limit else None)


def _plain(row: AnyRow) -> dict[str, Any]:
    return dict(row._mapping)  # noqa: SLF001 - the public name of it


async def notes(
    db: AsyncSession, teacher_id: int, class_id: int, student_id: int, part: ListPart
) -> Listed:
    """Return what the teachers of a class wrote about a pupil of it.

    Raises:
        NotInReach: The pupil is in no class of theirs by that number.
    """
    await member(db, teacher_id, class_id, student_id)
    rows = await queries.notes(
        db, teacher_id, class_id, student_id, after=part.after, most=part.limit + 1
    )
    return _cut(rows, part)


async def last_note(
    db: AsyncSession, teacher_id: int, class_id: int, student_id: int
) -> dict[str, Any]:
    """Return the note that a teacher has just written."""
    return _plain(await queries.last_note(db, teacher_id, class_id, student_id))


async def member(
    db: AsyncSession, teacher_id: int | None, class_id: int, student_id: int
) -> dict[str, Any]:
    """Return a pupil of a class.

    Raises:
        NotInReach: The pupil is in no class of the caller's by that number.
    """
    if await queries.has_class(db, teacher_id, class_id):
        rows = await queries.members(db, teacher_id, class_id, student_id - 1, 1)
        if rows and rows[0].student_id == student_id:
            return _plain(rows[0])
    raise NotInReach


async def any_class(db: AsyncSession, class_id: int) -> dict[str, Any]:
    """Return an open class, for an operator.

    Raises:
        NotInReach: There is none.
    """
    rows = await queries.classes(db, class_id - 1, 1)
    if not rows or rows[0].id != class_id:
        raise NotInReach
    return _plain(rows[0])


async def note(
    db: AsyncSession, teacher_id: int, class_id: int, student_id: int, note_id: int
) -> dict[str, Any]:
    """Return a note about a pupil.

    Raises:
        NotInReach: There is none of a pupil of theirs by that number.
    """
    rows = await queries.notes(db, teacher_id, class_id, student_id, after=note_id - 1, most=1)
    if not rows or rows[0].id != note_id:
        raise NotInReach
    return _plain(rows[0])


async def seen_since(
    db: AsyncSession, caller: ApiCaller, class_id: int
) -> dict[int, datetime | None]:
    """Return the pupils of a class, each with the instant since which their practice is seen.

    Raises:
        NotInReach: The class is not the caller's to see.
    """
    found = await members(db, caller, class_id, ListPart(_MOST_MEMBERS))
    everything = caller.teacher is None
    return {
        row["student_id"]: None if everything or row["sees_before"] else row["joined_at"]
        for row in found.rows
    }


async def teacher_id_of(db: AsyncSession, caller: ApiCaller, class_id: int) -> int:
    """Return the teacher as whom a class is looked at: for an operator its first.

    Raises:
        NotInReach: The class is not the caller's to see, or nobody teaches it.
    """
    if caller.teacher is not None:
        return caller.teacher.id
    first = await queries.first_teacher(db, class_id)
    if first is None:
        raise NotInReach
    return first
