"""The board: who wants to stands on it, under a name of our list, among their grade.

A pupil sees the first three, their own place and who is next to them, and never an end of it. It is
for pupils alone: no teacher is shown any of it. Each function runs in the caller's transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import accumulate

from sqlalchemy.ext.asyncio import AsyncSession

from src.clock import local_day
from src.errors import StaleAction
from src.streaks import board_queries as queries
from src.streaks import queries as streak_queries
from src.streaks.board_names import is_name
from src.streaks.board_queries import OnBoard, Ranking

# Changes with the words of `board-ask`.
BOARD_CONSENT_VERSION = "2026-11-29"
AT_THE_TOP = 3
AT_EACH_SIDE = 2


class Ranked(StrEnum):
    """By what the board is ranked."""

    STREAK = "streak"
    SOLVED = "solved"


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A line of the board.

    Attributes:
        place: From 1; who has the same shares it.
        name: The code of the name.
        value: Days in a row, or problems solved without help this week.
        is_own: Whether it is the pupil's own.
    """

    place: int
    name: str
    value: int
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """What a pupil sees of the board.

    Attributes:
        by: By what it is ranked.
        grade: Of whom.
        top: The first.
        around: The pupil's own line between their neighbours; without those who are in `top`.
    """

    by: Ranked
    grade: int
    top: Sequence[BoardLine]
    around: Sequence[BoardLine]


async def name_on_board(db: AsyncSession, student_id: int) -> str | None:
    """Return the name of a pupil on the board; None for one who is not on it."""
    found = await queries.member(db, student_id)
    return found[1] if found else None


async def join(
    db: AsyncSession, student_id: int, *, grade: int, name: str, at: datetime, timezone: str
) -> None:
    """Put a pupil on the board, with their consent to its words.

    Raises:
        StaleAction: The name is none of ours.
    """
    if not is_name(name):
        raise StaleAction
    await queries.join(
        db,
        student_id,
        board_grade=grade,
        board_name=name,
        board_joined_at=at,
        board_consent_version=BOARD_CONSENT_VERSION,
    )
    await streak_queries.save(db, student_id, await streak_queries.read(db, student_id), timezone)
    await count_session(db, student_id, at, timezone)


async def leave(db: AsyncSession, student_id: int) -> None:
    """Take a pupil off the board; nothing of it stays."""
    await queries.change(
        db,
        student_id,
        board_grade=None,
        board_name=None,
        board_joined_at=None,
        board_consent_version=None,
        solved_week=None,
        solved_alone=0,
    )


async def change_grade(db: AsyncSession, student_id: int, grade: int) -> None:
    """Let a pupil on the board stand among another grade."""
    await queries.change(db, student_id, board_grade=grade)


async def count_session(db: AsyncSession, student_id: int, at: datetime, timezone: str) -> None:
    """Count a finished session of a pupil who may be on the board."""
    await queries.count_week(db, student_id, _monday(local_day(at, timezone)))


async def look(
    db: AsyncSession,
    student_id: int,
    by: Ranked,
    at: datetime,
    timezone: str,
    *,
    among: Sequence[int] | None = None,
) -> Board | None:
    """Return what a pupil sees of the board; None for one who is not on it.

    Args:
        db: The open transaction.
        student_id: Who looks.
        by: By what it is ranked.
        at: When, aware.
        timezone: The pupil's IANA zone.
        among: Those of them who are on the board, such as a class; None for the pupil's grade.
    """
    found = await queries.member(db, student_id)
    if found is None:
        return None
    grade, name = found
    some = queries.of_grade(grade) if among is None else queries.of_some(among)
    ranking = _ranking(by, at, timezone)._replace(among=some)
    mine = OnBoard(student_id, name, await queries.value_of(db, student_id, ranking))
    places = _places(await queries.histogram(db, ranking))
    top = await queries.first(db, ranking, AT_THE_TOP)
    key = mine.value, student_id
    higher = await queries.above(db, ranking, key, AT_EACH_SIDE)
    lower = await queries.below(db, ranking, key, AT_EACH_SIDE)
    shown = {one.student_id for one in top}
    around = [one for one in (*higher[::-1], mine, *lower) if one.student_id not in shown]

    def lines(some: Sequence[OnBoard]) -> list[BoardLine]:
        return [
            BoardLine(places(one.value), one.name, one.value, one.student_id == student_id)
            for one in some
        ]

    return Board(by, grade, lines(top), lines(around))


def _places(histogram: Sequence[tuple[int, int]]) -> Callable[[int], int]:
    """Return what tells the place of a value: one more than how many have more."""
    counts = [count for _, count in histogram]
    place = {
        value: 1 + above
        for (value, _), above in zip(histogram, accumulate(counts, initial=0), strict=False)
    }
    return lambda value: place.get(value, 1 + sum(counts))


def _ranking(by: Ranked, at: datetime, timezone: str) -> Ranking:
    if by is Ranked.STREAK:
        return queries.by_streak(at)
    return queries.by_solved(_monday(local_day(at, timezone)))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
