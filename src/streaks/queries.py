"""All SQL of streaks."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import Streak
from src.storage.prepared import Prepared, run
from src.storage.statements import save as save_row
from src.storage.statements import table_of
from src.streaks.rules import StreakState, alive_until

K = table_of(Streak).c


# In the order of the fields of `StreakState`.
STATE = (
    K.current_streak,
    K.longest_streak,
    K.freezes,
    K.last_practice_date,
    K.last_timezone,
    K.last_counted_at,
    K.last_completed_at,
    K.milestones_achieved,
)
_READ = Prepared(select(*STATE).where(K.student_id == bindparam("student")))


async def read(db: AsyncSession, student_id: int) -> StreakState:
    """Return a pupil's streak; an empty one before the first session."""
    rows = await run(db, _READ, {"student": student_id})
    return _state(rows[0]) if rows else StreakState()


async def read_all(db: AsyncSession, students: Sequence[int]) -> dict[int, StreakState]:
    """Return the streaks of some pupils; who has none is left out."""
    rows = await db.execute(select(K.student_id, *STATE).where(K.student_id.in_(students)))
    return {row[0]: _state(row[1:]) for row in rows}


def _state(columns: Sequence[Any]) -> StreakState:
    fields: list[Any] = [*columns[:-1], tuple(columns[-1])]
    return StreakState(*fields)


async def save(
    db: AsyncSession, student_id: int, state: StreakState, timezone: str | None = None
) -> None:
    """Insert or update a pupil's streak.

    Args:
        db: The open transaction.
        student_id: Whose.
        state: The streak.
        timezone: The pupil's zone; None takes the one in which its days are read.
    """
    zone = timezone or state.last_timezone or "UTC"
    values = {
        "current_streak": state.current,
        "longest_streak": state.longest,
        "freezes": state.freezes,
        "last_practice_date": state.last_day,
        "last_timezone": state.last_timezone,
        "last_counted_at": state.last_counted_at,
        "last_completed_at": state.last_completed_at,
        "milestones_achieved": list(state.milestones),
        "alive_until": alive_until(state, zone),
    }
    await save_row(db, Streak, ("student_id",), {"student_id": student_id} | values)
