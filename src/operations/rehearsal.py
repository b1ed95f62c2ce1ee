"""Rehearses a restore: a backup that was never put back is a hope."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from src.models import Base
from src.operations.relationships import verify_relationships
from src.storage import schema
from src.streaks import replay


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a backup came back as.

    Attributes:
        revision: Of the backup.
        rows: How many each table holds, those without any left out.
        pupils: Whose streaks were replayed.
        faults: What is not as it should be, a line each.
    """

    revision: str | None
    rows: dict[str, int]
    pupils: int
    faults: list[str]


async def look_over(engine: AsyncEngine) -> Rehearsal:
    """Bring a restored database up to date and check it: relationships, schema, streaks, rows."""
    revision = await schema.get_revision(engine)
    await schema.upgrade(engine)
    found = await verify_relationships(engine)
    async with AsyncSession(engine) as db:
        rows = await _count_rows(db)
        pupils, differing = await _replay_streaks(db)
    streaks = [f"the streak of pupil {one} is not what the sessions give" for one in differing]
    return Rehearsal(revision, rows, pupils, [*found.faults, *streaks])


async def _count_rows(db: AsyncSession) -> dict[str, int]:
    rows = {
        table.name: await db.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }
    return {name: count for name, count in rows.items() if count}


async def _replay_streaks(db: AsyncSession) -> tuple[int, list[int]]:
    pupils, last, differing = 0, 0, list[int]()
    while ids := await replay.next_pupils(db, last):
        differing += await replay.find_suspects(db, ids)
        pupils, last = pupils + len(ids), ids[-1]
    return pupils, differing
