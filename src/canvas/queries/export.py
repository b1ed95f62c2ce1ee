"""SQL of the export."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import (
    AssignmentMetadata,
    AssignmentScore,
    CanvasAssignment,
    CanvasAssignmentGroup,
    CanvasCourse,
    CanvasEnrollment,
    CanvasGradingPeriod,
    CanvasLifecycle,
    CanvasStudent,
    CourseMetadata,
    GradeHistory,
    StudentMetadata,
)
from src.storage.statements import table_of

TABLES: Final[dict[str, Table]] = {
    table.name: table
    for table in map(
        table_of,
        (
            *(CanvasCourse, CanvasStudent, CanvasAssignment, CanvasEnrollment),
            *(CanvasAssignmentGroup, CanvasGradingPeriod, GradeHistory, AssignmentScore),
            *(StudentMetadata, AssignmentMetadata, CourseMetadata, CanvasLifecycle),
        ),
    )
}
OURS = {"id", "connection_id", "created_at", "updated_at"}
_AT_ONCE = 1000


async def some_rows(
    db: AsyncSession, name: str, connection_id: int, after: int
) -> Sequence[Mapping[str, Any]]:
    """Return a thousand rows of a table after an id."""
    table = TABLES[name]
    found = (
        select(table)
        .where(table.c.connection_id == connection_id, table.c.id > after)
        .order_by(table.c.id)
        .limit(_AT_ONCE)
    )
    return [dict(row) for row in (await db.execute(found)).mappings()]
