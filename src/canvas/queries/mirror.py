"""SQL of one course's sync: reading what is there, writing what differs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Table,
    delete,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from src import clock
from src.models import (
    AssignmentScore,
    CanvasAssignment,
    CanvasAssignmentGroup,
    CanvasConnection,
    CanvasCourse,
    CanvasEnrollment,
    CanvasGradingPeriod,
    CanvasLifecycle,
    CanvasStudent,
    Erasure,
    GradeHistory,
    MirrorKind,
)
from src.models.types import Ids, is_among
from src.storage.prepared import add_many
from src.storage.statements import dialect_insert, dialect_of, table_of

Values = dict[str, Any]
Layer1 = type[
    CanvasCourse
    | CanvasStudent
    | CanvasAssignment
    | CanvasEnrollment
    | CanvasAssignmentGroup
    | CanvasGradingPeriod
]
# What every table has and Canvas does not give.
_OURS = {"id", "connection_id", "created_at", "updated_at"}


def among(column: Any, ids: Iterable[int]) -> ColumnElement[bool]:
    """Return whether a column is one of any number of ids, as one parameter."""
    return is_among(column, type_coerce(literal(list(ids), Ids), Ids))


async def lock(db: AsyncSession, connection_id: int) -> bool:
    """Let one sync write a connection at a time; return whether there is such a connection.

    Whoever comes second waits until the first has committed.
    """
    found = (
        select(CanvasConnection.id)
        .where(CanvasConnection.id == connection_id)
        .with_for_update(key_share=True)
    )
    return await db.scalar(found) is not None


async def erased_students(db: AsyncSession, connection_id: int) -> frozenset[int]:
    """Return the users who are never mirrored again over a connection."""
    found = select(Erasure.canvas_id).where(
        Erasure.connection_id == connection_id,
        Erasure.kind == MirrorKind.STUDENT,
        Erasure.is_lasting,
    )
    return frozenset(one for one in await db.scalars(found) if one)


async def fetched_at(db: AsyncSession, connection_id: int, course_id: int) -> datetime | None:
    """Return the fetch from which a course is mirrored; None: it is not."""
    return await db.scalar(
        select(CanvasCourse.fetched_at).where(
            CanvasCourse.connection_id == connection_id, CanvasCourse.canvas_id == course_id
        )
    )


async def fetched_ats(db: AsyncSession, connection_id: int) -> dict[int, float]:
    """Return from when each course is mirrored, in seconds of the epoch; 0.0: not yet."""
    rows = await db.execute(
        select(CanvasCourse.canvas_id, CanvasCourse.fetched_at).where(
            CanvasCourse.connection_id == connection_id
        )
    )
    return {number: at.timestamp() if at else 0.0 for number, at in rows}


async def set_fetched_at(
    db: AsyncSession, connection_id: int, course_id: int, at: datetime
) -> None:
    """Note the fetch from which a course is mirrored."""
    await db.execute(
        update(CanvasCourse)
        .where(CanvasCourse.connection_id == connection_id, CanvasCourse.canvas_id == course_id)
        .values(fetched_at=at),
        execution_options={"synchronize_session": False},
    )


async def read_rows(
    db: AsyncSession, model: Layer1, connection_id: int, ids: Iterable[int], course_id: int | None
) -> dict[int, Values]:
    """Return the rows with some ids, and all of a course, by their Canvas id.

    Args:
        db: The open transaction.
        model: Which table.
        connection_id: Whose.
        ids: Of Canvas.
        course_id: Where the table knows the course: rows that Canvas gives no more are found too.
    """
    table = table_of(model)
    columns = [column for column in table.columns if column.name not in _OURS]
    wanted: ColumnElement[bool] = among(table.c.canvas_id, ids)
    if model is CanvasGradingPeriod:
        wanted = table.c.canvas_course_id == course_id
    elif course_id is not None:
        wanted = or_(wanted, table.c.canvas_course_id == course_id)
    connection = await db.connection()
    rows = await connection.execute(
        select(*columns).where(table.c.connection_id == connection_id, wanted)
    )
    return {row["canvas_id"]: dict(row) for row in rows.mappings()}


async def write_rows(
    db: AsyncSession, model: Layer1, connection_id: int, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert rows, or replace those with the same id, unless Canvas changed those later."""
    if not rows:
        return
    statement = _writing(dialect_of(db), table_of(model))
    ours = {"connection_id": connection_id, "updated_at": clock.now()}
    await (await db.connection()).execute(statement, [{**row, **ours} for row in rows])


@cache
def _writing(dialect: str, table: Table) -> Any:
    keys = ["connection_id", "canvas_id"]
    if table is table_of(CanvasGradingPeriod):
        keys.append("canvas_course_id")
    statement = dialect_insert(dialect)(table)
    new = statement.excluded
    names = [one.name for one in table.columns if one.name not in {"id", "created_at", *keys}]
    guard = None
    if "canvas_updated_at" in table.c:
        later = new.canvas_updated_at >= table.c.canvas_updated_at
        known = table.c.canvas_updated_at.is_not(None) & new.canvas_updated_at.is_not(None)
        guard = ~known | later
    return statement.on_conflict_do_update(
        index_elements=keys, set_={name: new[name] for name in names}, where=guard
    )


def blank(model: Layer1) -> Values:
    """Return a row of which nothing is known, with the defaults of its columns."""
    return {
        column.name: _default(column.default)
        for column in table_of(model).columns
        if column.name not in _OURS
    }


def _default(default: Any) -> Any:
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


async def delete_rows(
    db: AsyncSession, model: Layer1, connection_id: int, course_id: int, ids: Collection[int]
) -> None:
    """Delete rows on which neither history nor notes hang."""
    if ids:
        table = table_of(model)
        mine = (table.c.connection_id == connection_id) & (table.c.canvas_course_id == course_id)
        connection = await db.connection()
        await connection.execute(delete(table).where(mine, among(table.c.canvas_id, ids)))


# The life of things.


async def lives(
    db: AsyncSession, connection_id: int, course_id: int, students: Iterable[int]
) -> dict[tuple[MirrorKind, int], Values]:
    """Return the lives of a course, of what is in it, and of some students."""
    L = CanvasLifecycle  # noqa: N806 - the letter of the table
    course = (L.kind == MirrorKind.COURSE) & (L.canvas_id == course_id)
    theirs = (L.kind == MirrorKind.STUDENT) & among(L.canvas_id, students)
    rows = await db.execute(
        select(L.id, L.kind, L.canvas_id, L.canvas_course_id, L.is_active, L.last_seen_at).where(
            L.connection_id == connection_id,
            or_(L.canvas_course_id == course_id, course, theirs),
        )
    )
    return {(row["kind"], row["canvas_id"]): dict(row) for row in rows.mappings()}


async def course_lives(db: AsyncSession, connection_id: int) -> dict[int, Values]:
    """Return the lives of all courses of a connection by Canvas id."""
    L = CanvasLifecycle  # noqa: N806 - the letter of the table
    rows = await db.execute(
        select(L.id, L.canvas_id, L.is_active, L.last_seen_at).where(
            L.connection_id == connection_id, L.kind == MirrorKind.COURSE
        )
    )
    return {row["canvas_id"]: dict(row) for row in rows.mappings()}


async def begin_lives(
    db: AsyncSession,
    connection_id: int,
    born: Sequence[tuple[MirrorKind, int, int | None]],
    at: datetime,
) -> None:
    """Note that things are seen for the first time, each with its course.

    A student may have been noted meanwhile with another course: then that stays.
    """
    if not born:
        return
    statement = dialect_insert(dialect_of(db))(table_of(CanvasLifecycle))
    seen = {"connection_id": connection_id, "is_active": True, "first_seen_at": at}
    rows = [
        {"kind": kind, "canvas_id": number, "canvas_course_id": course, "last_seen_at": at, **seen}
        for kind, number, course in born
    ]
    await (await db.connection()).execute(statement, rows)


async def mark_lives(db: AsyncSession, ids: Collection[int], **values: Any) -> None:
    """Set columns of lives by the ids of their rows."""
    if ids:
        await db.execute(
            update(CanvasLifecycle).where(among(CanvasLifecycle.id, ids)).values(**values),
            execution_options={"synchronize_session": False},
        )


async def students_elsewhere(
    db: AsyncSession, connection_id: int, course_id: int, ids: Collection[int]
) -> set[int]:
    """Return which users have a seat that is there in another course."""
    if not ids:
        return set()
    E, L = CanvasEnrollment, CanvasLifecycle  # noqa: N806 - the letters of the tables
    found = (
        select(E.canvas_user_id)
        .join(L, (L.connection_id == E.connection_id) & (L.canvas_id == E.canvas_id))
        .where(
            E.connection_id == connection_id,
            E.canvas_course_id != course_id,
            among(E.canvas_user_id, ids),
            L.kind == MirrorKind.ENROLLMENT,
            L.is_active,
        )
    )
    return set(await db.scalars(found))


# The history.


async def last_grades(
    db: AsyncSession, connection_id: int, course_id: int
) -> dict[int, RowMapping]:
    """Return the last grade of every student of a course by user."""
    rows = await _last(db, GradeHistory, connection_id, course_id, ("canvas_user_id",))
    return {row["canvas_user_id"]: row for row in rows}


async def last_scores(
    db: AsyncSession, connection_id: int, course_id: int
) -> dict[tuple[int, int], RowMapping]:
    """Return the last score of every submission of a course by assignment and user."""
    keys = ("canvas_assignment_id", "canvas_user_id")
    rows = await _last(db, AssignmentScore, connection_id, course_id, keys)
    return {(row["canvas_assignment_id"], row["canvas_user_id"]): row for row in rows}


async def _last(
    db: AsyncSession,
    model: type[GradeHistory | AssignmentScore],
    connection_id: int,
    course_id: int,
    keys: tuple[str, ...],
) -> Sequence[RowMapping]:
    later, table = aliased(model), table_of(model)
    columns = [column for column in table.columns if column.name not in _OURS]
    same = [getattr(later, name) == table.c[name] for name in ("connection_id", *keys)]
    newest = (
        select(func.max(later.number))
        .where(*same, *([later.canvas_course_id == course_id] if model is GradeHistory else []))
        .scalar_subquery()
    )
    connection = await db.connection()
    rows = await connection.execute(
        select(*columns).where(
            table.c.connection_id == connection_id,
            table.c.canvas_course_id == course_id,
            table.c.number == newest,
        )
    )
    return rows.mappings().all()


async def add_history(
    db: AsyncSession,
    model: type[GradeHistory | AssignmentScore],
    connection_id: int,
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Let the history grow by rows that have all the same columns."""
    if rows:
        columns = ("connection_id", *rows[0])
        values = [(connection_id, *row.values()) for row in rows]
        await add_many(db, table_of(model), columns, values)
