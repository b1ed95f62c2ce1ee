"""Use cases of streaks. Each runs in the caller's transaction."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from src.streaks import queries, rules
from src.streaks.rules import Practice, StreakState, StreakStep


async def record_session(
    db: AsyncSession,
    student_id: int,
    *,
    started_at: datetime,
    completed_at: datetime,
    timezone: str,
) -> StreakStep:
    """Count a finished session and return what it did to the streak."""
    state = await queries.read(db, student_id)
    step = rules.finish(state, Practice(started_at, completed_at, timezone))
    await queries.save(db, student_id, step.state)
    return step


async def standing(
    db: AsyncSession, student_id: int, now: datetime, timezone: str
) -> tuple[StreakState, bool]:
    """Return a pupil's streak and whether it is still alive now."""
    state = await queries.read(db, student_id)
    return state, rules.alive(state, now, timezone)
