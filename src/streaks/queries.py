"""All SQL of streaks."""

from sqlalchemy.ext.asyncio import AsyncSession

from src.models import Streak
from src.sql import insert_for
from src.streaks.rules import StreakState


async def read(db: AsyncSession, student_id: int) -> StreakState:
    """Return a pupil's streak; an empty one before the first session."""
    streak = await db.get(Streak, student_id)
    if streak is None:
        return StreakState()
    return StreakState(
        current=streak.current_streak,
        longest=streak.longest_streak,
        freezes=streak.freezes,
        last_day=streak.last_practice_date,
        last_timezone=streak.last_timezone,
        last_counted_at=streak.last_counted_at,
        last_completed_at=streak.last_completed_at,
        milestones=tuple(streak.milestones_achieved),
    )


async def save(db: AsyncSession, student_id: int, state: StreakState) -> None:
    """Insert or update a pupil's streak."""
    values = {
        "current_streak": state.current,
        "longest_streak": state.longest,
        "freezes": state.freezes,
        "last_practice_date": state.last_day,
        "last_timezone": state.last_timezone,
        "last_counted_at": state.last_counted_at,
        "last_completed_at": state.last_completed_at,
        "milestones_achieved": list(state.milestones),
    }
    statement = insert_for(db)(Streak).values(student_id=student_id, **values)
    await db.execute(
        statement.on_conflict_do_update(index_elements=[Streak.student_id], set_=values)
    )
