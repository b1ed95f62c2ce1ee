"""SQL of what people do: notes, deletions, erasing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Table,
    bindparam,
    case,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock
from src.canvas.results import Thing
from src.models import (
    AssignmentMetadata,
    AssignmentScore,
    CanvasAssignment,
    CanvasAssignmentGroup,
    CanvasConnection,
    CanvasCourse,
    CanvasEnrollment,
    CanvasGradingPeriod,
    CanvasLifecycle,
    CanvasStudent,
    CourseMetadata,
    DeletionRequest,
    Erasure,
    FollowedSchool,
    GradeHistory,
    MirrorKind,
    StudentMetadata,
)
from src.storage.statements import dialect_insert, dialect_of, table_of

Metadata = type[StudentMetadata | AssignmentMetadata | CourseMetadata]
METADATA: Final[dict[MirrorKind, tuple[Metadata, str]]] = {
    MirrorKind.STUDENT: (StudentMetadata, "canvas_user_id"),
    MirrorKind.ASSIGNMENT: (AssignmentMetadata, "canvas_assignment_id"),
    MirrorKind.COURSE: (CourseMetadata, "canvas_course_id"),
}
_Model = type[
    AssignmentScore
    | GradeHistory
    | CanvasStudent
    | CanvasAssignment
    | CanvasEnrollment
    | CanvasAssignmentGroup
    | CanvasGradingPeriod
    | CanvasCourse
    | StudentMetadata
    | AssignmentMetadata
    | CourseMetadata
]
# What goes with a thing that is deleted for good, and by which column it is found.
_PARTS: Final[dict[MirrorKind, tuple[tuple[_Model, str], ...]]] = {
    MirrorKind.STUDENT: (
        (AssignmentScore, "canvas_user_id"),
        (GradeHistory, "canvas_user_id"),
        (StudentMetadata, "canvas_user_id"),
        (CanvasEnrollment, "canvas_user_id"),
        (CanvasStudent, "canvas_id"),
    ),
    MirrorKind.ASSIGNMENT: (
        (AssignmentScore, "canvas_assignment_id"),
        (AssignmentMetadata, "canvas_assignment_id"),
        (CanvasAssignment, "canvas_id"),
    ),
    MirrorKind.ENROLLMENT: ((CanvasEnrollment, "canvas_id"),),
    MirrorKind.COURSE: (
        (AssignmentScore, "canvas_course_id"),
        (GradeHistory, "canvas_course_id"),
        (CourseMetadata, "canvas_course_id"),
        (CanvasAssignment, "canvas_course_id"),
        (CanvasEnrollment, "canvas_course_id"),
        (CanvasAssignmentGroup, "canvas_course_id"),
        (CanvasGradingPeriod, "canvas_course_id"),
        (CanvasCourse, "canvas_id"),
    ),
}


async def life_of(db: AsyncSession, thing: Thing) -> CanvasLifecycle | None:
    """Return the life of a thing; None: nothing of that number is mirrored."""
    found = await db.scalars(
        select(CanvasLifecycle).where(
            CanvasLifecycle.connection_id == thing.connection_id,
            CanvasLifecycle.kind == thing.kind,
            CanvasLifecycle.canvas_id == thing.canvas_id,
        )
    )
    return found.one_or_none()


async def add_note(db: AsyncSession, thing: Thing, text: str) -> None:
    """Add a line to the notes; two at once both stay."""
    model, column = METADATA[thing.kind]
    statement = _adding(dialect_of(db), table_of(model), column)
    values = {"connection_id": thing.connection_id, column: thing.canvas_id, "notes": text}
    values |= {"updated_at": clock.now()}
    await db.execute(statement, values)


@cache
def _adding(dialect: str, table: Table, column: str) -> Any:
    statement = dialect_insert(dialect)(table)
    new, old = statement.excluded, table.c
    line = old.notes + "\n" + new.notes
    return statement.on_conflict_do_update(
        index_elements=["connection_id", column],
        set_={
            "notes": case((old.notes == "", new.notes), else_=line),
            "updated_at": new.updated_at,
        },
    )


async def set_metadata(
    db: AsyncSession,
    thing: Thing,
    values: Mapping[str, Any],
) -> None:
    """Set columns of what people wrote about a thing."""
    model, column = METADATA[thing.kind]
    statement = dialect_insert(dialect_of(db))(table_of(model))
    keys = {"connection_id": thing.connection_id, column: thing.canvas_id}
    statement = statement.on_conflict_do_update(
        index_elements=list(keys), set_={**values, "updated_at": clock.now()}
    )
    await db.execute(statement, {**keys, **values})


# Deletions that a person decides.


async def open_requests(db: AsyncSession) -> Sequence[DeletionRequest]:
    """Return what waits for a decision, the oldest first."""
    found = select(DeletionRequest).where(DeletionRequest.decision.is_(None))
    return (await db.scalars(found.order_by(DeletionRequest.id))).all()


async def lock_request(db: AsyncSession, request_id: int) -> DeletionRequest | None:
    """Lock a request that nobody has decided."""
    found = select(DeletionRequest).where(
        DeletionRequest.id == request_id, DeletionRequest.decision.is_(None)
    )
    return (await db.scalars(found.with_for_update())).one_or_none()


async def open_request_of(db: AsyncSession, thing: Thing) -> DeletionRequest | None:
    """Return the request about a thing that nobody has decided."""
    found = select(DeletionRequest).where(
        DeletionRequest.connection_id == thing.connection_id,
        DeletionRequest.kind == thing.kind,
        DeletionRequest.canvas_id == thing.canvas_id,
        DeletionRequest.decision.is_(None),
    )
    return (await db.scalars(found)).one_or_none()


async def gone(db: AsyncSession, connection_id: int, most: int) -> Sequence[CanvasLifecycle]:
    """Return what is gone from a school, the longest gone first."""
    found = select(CanvasLifecycle).where(
        CanvasLifecycle.connection_id == connection_id, ~CanvasLifecycle.is_active
    )
    ordered = found.order_by(CanvasLifecycle.gone_at, CanvasLifecycle.id)
    return (await db.scalars(ordered.limit(most))).all()


# Erasing.


async def connections_of(db: AsyncSession, person_id: int) -> Sequence[int]:
    """Lock the connections of a person and return their ids."""
    found = select(CanvasConnection.id).where(CanvasConnection.person_id == person_id)
    return (await db.scalars(found.with_for_update())).all()


async def followed_alone(db: AsyncSession, student_id: int) -> Sequence[int]:
    """Lock the connections that one pupil follows and no other, and return their ids."""
    other = select(FollowedSchool.connection_id).where(FollowedSchool.student_id != student_id)
    found = (
        select(CanvasConnection.id)
        .join(FollowedSchool, FollowedSchool.connection_id == CanvasConnection.id)
        .where(FollowedSchool.student_id == student_id, CanvasConnection.id.not_in(other))
    )
    return (await db.scalars(found.with_for_update(of=CanvasConnection))).all()


async def delete_connections(db: AsyncSession, ids: Sequence[int]) -> None:
    """Delete connections with all that was read over them."""
    await db.execute(delete(CanvasConnection).where(CanvasConnection.id.in_(ids)))


async def end_erasures(db: AsyncSession, ids: Sequence[int], at: datetime) -> None:
    """Note that erasures are done: from then on they open nothing."""
    await db.execute(
        update(Erasure).where(Erasure.id.in_(ids)).values(done_at=at),
        execution_options={"synchronize_session": False},
    )


async def forget_lasting(db: AsyncSession, connections: Sequence[int]) -> None:
    """Forget whom a connection must not mirror: it is gone, and its number may be given again."""
    await db.execute(
        delete(Erasure).where(Erasure.connection_id.in_(connections), Erasure.is_lasting),
        execution_options={"synchronize_session": False},
    )


async def delete_all(db: AsyncSession, thing: Thing) -> None:
    """Delete a thing with all that hangs on it; the erasure that opens its history is there."""
    connection = await db.connection()
    await _delete_lives(db, thing)
    if thing.kind is MirrorKind.COURSE:
        theirs = select(CanvasAssignment.canvas_id).where(
            CanvasAssignment.connection_id == thing.connection_id,
            CanvasAssignment.canvas_course_id == thing.canvas_id,
        )
        notes = table_of(AssignmentMetadata)
        mine = notes.c.connection_id == thing.connection_id
        await connection.execute(
            delete(notes).where(mine, notes.c.canvas_assignment_id.in_(theirs))
        )
    for model, column in _PARTS[thing.kind]:
        table = table_of(model)
        mine = table.c.connection_id == thing.connection_id
        await connection.execute(delete(table).where(mine, table.c[column] == thing.canvas_id))


async def _delete_lives(db: AsyncSession, thing: Thing) -> None:
    L = CanvasLifecycle  # noqa: N806 - the letter of the table
    meant: ColumnElement[bool] = (L.kind == thing.kind) & (L.canvas_id == bindparam("meant"))
    if thing.kind is MirrorKind.COURSE:
        meant = or_(meant, L.canvas_course_id == bindparam("meant"))
    if thing.kind is MirrorKind.STUDENT:
        seats = select(CanvasEnrollment.canvas_id).where(
            CanvasEnrollment.connection_id == thing.connection_id,
            CanvasEnrollment.canvas_user_id == bindparam("meant"),
        )
        meant = or_(meant, (L.kind == MirrorKind.ENROLLMENT) & L.canvas_id.in_(seats))
    table = delete(table_of(CanvasLifecycle))
    await (await db.connection()).execute(
        table.where(L.connection_id == thing.connection_id, meant), {"meant": thing.canvas_id}
    )


async def curricula(db: AsyncSession) -> set[str]:
    """Return the curricula that any course or student follows."""
    found: set[str] = set()
    for model in (CourseMetadata, StudentMetadata):
        names = select(model.curriculum).where(model.curriculum.is_not(None)).distinct()
        found |= {name for name in await db.scalars(names) if name}
    return found
