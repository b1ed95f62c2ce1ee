"""All SQL of streaks."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import Streak
from src.sql import insert_for
from src.streaks.rules import StreakState

STATE = (
    Streak.current_streak,
    Streak.longest_streak,
    Streak.freezes,
    Streak.last_practice_date,
    Streak.last_timezone,
    Streak.last_counted_at,
    Streak.last_completed_at,
    Streak.milestones_achieved,
)


async def read(db: AsyncSession, student_id: int) -> StreakState:
    """Return a pupil's streak; an empty one before the first session."""
    statement = select(*STATE).where(Streak.student_id == student_id)
    row = (await db.execute(statement)).one_or_none()
    if row is None:
        return StreakState()
    *_, milestones = values = tuple(row)
    return StreakState(*values[:-1], milestones=tuple(milestones))


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
