"""Use cases of streaks. Each runs in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from src.streaks import board, queries, replay, rules
from src.streaks.rules import Practice, StreakState, StreakStep


async def record_session(
    db: AsyncSession,
    student_id: int,
    *,
    started_at: datetime,
    completed_at: datetime,
    timezone: str,
    worked_at: Sequence[datetime],
) -> StreakStep:
    """Count a finished session and return what it did to the streak."""
    state = await queries.read(db, student_id)
    step = rules.finish(state, Practice(started_at, completed_at, timezone, tuple(worked_at)))
    await queries.save(db, student_id, step.state, timezone)
    await board.count_session(db, student_id, completed_at, timezone)
    return step


async def correct(db: AsyncSession, student_id: int) -> None:
    """Store the streak that the sessions give, after one of them was corrected."""
    await replay.verify(db, student_id, repair=True)


async def standing(
    db: AsyncSession, student_id: int, now: datetime, timezone: str
) -> tuple[StreakState, bool]:
    """Return a pupil's streak and whether it is still alive now."""
    state = await queries.read(db, student_id)
    return state, rules.alive(state, now, timezone)


async def has_practised(db: AsyncSession, student_id: int, at: datetime, timezone: str) -> bool:
    """Return whether work of a pupil at an instant would count no new day."""
    return rules.practised(await queries.read(db, student_id), at, timezone)
