"""Replays streaks from finished sessions: what is stored must be what the rules give.

Sessions are replayed in the order in which they were begun, which is that in which they were
finished: a pupil has one at a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import Response, Session, SessionStatus, Streak, Student
from src.streaks import queries
from src.streaks.rules import Practice, StreakState, finish

PUPILS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """A value of a pupil's streak that is not what the sessions give.

    Attributes:
        student_id: Whose.
        field: Which.
        stored: What is stored.
        replayed: What it has to be.
    """

    student_id: int
    field: str
    stored: Any
    replayed: Any


def replay(practices: Sequence[Practice], state: StreakState) -> StreakState:
    """Return the streak that finished sessions give, beginning with a state."""
    for practice in practices:
        state = finish(state, practice).state
    return state


async def next_pupils(db: AsyncSession, after: int) -> list[int]:
    """Return the next pupils by id, 500 at most."""
    statement = select(Student.id).where(Student.id > after).order_by(Student.id)
    return list(await db.scalars(statement.limit(PUPILS_AT_ONCE)))


async def find_suspects(db: AsyncSession, students: Sequence[int]) -> list[int]:
    """Return the pupils whose streak seems to differ.

    Somebody who finishes a session at this moment may seem so: ``verify`` tells for certain.
    """
    replayed = await _replay(db, students)
    stored = await queries.read_all(db, students)
    return [s for s in students if stored.get(s, StreakState()) != replayed[s]]


async def verify(db: AsyncSession, student_id: int, *, repair: bool) -> list[Difference]:
    """Compare a pupil's streak with the sessions while the pupil's lock is held.

    Args:
        db: The open transaction.
        student_id: Whose.
        repair: Whether to store what the sessions give.
    """
    await db.execute(select(Student.id).where(Student.id == student_id).with_for_update())
    replayed = (await _replay(db, [student_id]))[student_id]
    stored = await queries.read(db, student_id)
    differences = [
        Difference(student_id, field, old, new)
        for (field, old), new in zip(asdict(stored).items(), asdict(replayed).values(), strict=True)
        if old != new
    ]
    if differences and repair:
        await queries.save(db, student_id, replayed)
    return differences


async def _replay(db: AsyncSession, students: Sequence[int]) -> dict[int, StreakState]:
    baselines = await _baselines(db, students)
    states = {s: baselines[s][0] if s in baselines else StreakState() for s in students}
    for student_id, found in groupby(await _practices(db, students), key=lambda one: one[0]):
        after = baselines[student_id][1] if student_id in baselines else 0
        later = [practice for _, session_id, practice in found if session_id > after]
        states[student_id] = replay(later, states[student_id])
    return states


async def _baselines(
    db: AsyncSession, students: Sequence[int]
) -> dict[int, tuple[StreakState, int]]:
    """Return what older rules gave, and the id of the last session that is in it."""
    rows = await db.execute(
        select(Streak.student_id, Streak.baseline).where(
            Streak.student_id.in_(students), Streak.baseline.is_not(None)
        )
    )
    return {s: (_state(kept["state"]), kept["after"]) for s, kept in rows if kept is not None}


def _state(kept: Mapping[str, Any]) -> StreakState:
    """Build a state from JSON, in which days and instants are texts."""
    values = dict(kept) | {"milestones": tuple(kept["milestones"])}
    for name in ("last_counted_at", "last_completed_at"):
        values[name] = kept[name] and datetime.fromisoformat(kept[name])
    values["last_day"] = kept["last_day"] and date.fromisoformat(kept["last_day"])
    return StreakState(**values)


async def _practices(db: AsyncSession, students: Sequence[int]) -> list[tuple[int, int, Practice]]:
    """Return (student id, session id, practice) of each finished session, in their order."""
    worked = (Response.session_id == Session.id) & Response.skipped.is_(False)
    rows = await db.execute(
        select(
            Session.student_id,
            Session.id,
            Session.started_at,
            Session.completed_at,
            Session.timezone,
            Response.closed_at,
        )
        .outerjoin(Response, worked)
        .where(Session.student_id.in_(students), Session.status == SessionStatus.COMPLETED)
        .order_by(Session.student_id, Session.id)
    )
    sessions = groupby(rows.all(), key=lambda row: row[:5])
    return [
        (student, session, _practice(started, completed, zone, [row[5] for row in found]))
        for (student, session, started, completed, zone), found in sessions
    ]


def _practice(
    started_at: datetime,
    completed_at: datetime | None,
    timezone: str,
    closed_at: Sequence[datetime | None],
) -> Practice:
    worked = tuple(instant for instant in closed_at if instant is not None)
    return Practice(started_at, completed_at or started_at, timezone, worked)
