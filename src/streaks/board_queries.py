"""All SQL of the board."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import Response, Session, Streak
from src.models.types import json_length
from src.storage.prepared import Prepared, run
from src.storage.statements import insert_for, table_of

K, R, S = (table_of(model).c for model in (Streak, Response, Session))


class OnBoard(NamedTuple):
    """Somebody on the board.

    Attributes:
        student_id: Who; never shown.
        name: The code of the name.
        value: Days in a row, or problems solved.
    """

    student_id: int
    name: str
    value: int


class Ranking(NamedTuple):
    """By what is ranked, who counts, and among whom."""

    value: ColumnElement[int]
    counts: ColumnElement[bool]
    among: ColumnElement[bool] = true()


def of_grade(grade: int) -> ColumnElement[bool]:
    """Return the condition for those of a grade."""
    return K.board_grade == grade


def of_some(student_ids: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition for some pupils who are on the board."""
    return and_(K.student_id.in_(student_ids), K.board_grade.is_not(None))


def by_streak(now: datetime) -> Ranking:
    """Rank by days in a row: a streak that is dead keeps its number and does not count."""
    return Ranking(K.current_streak, and_(K.alive_until > now, K.current_streak > 0))


def by_solved(week: date) -> Ranking:
    """Rank by problems solved without help in a week, given by its Monday."""
    return Ranking(K.solved_alone, and_(K.solved_week == week, K.solved_alone > 0))


async def member(db: AsyncSession, student_id: int) -> tuple[int, str] | None:
    """Return the grade and the name of a pupil on the board; None for one who is not."""
    row = (
        await db.execute(
            select(K.board_grade, K.board_name).where(
                K.student_id == student_id, K.board_grade.is_not(None)
            )
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


async def value_of(db: AsyncSession, student_id: int, ranking: Ranking) -> int:
    """Return what a pupil has; 0 where it does not count."""
    found: int | None = await db.scalar(
        select(ranking.value).where(K.student_id == student_id, ranking.counts)
    )
    return found or 0


async def histogram(db: AsyncSession, ranking: Ranking) -> list[tuple[int, int]]:
    """Return each value and how many have it, the highest first."""
    rows = await db.execute(
        select(ranking.value, func.count())
        .where(ranking.among, ranking.counts)
        .group_by(ranking.value)
        .order_by(ranking.value.desc())
    )
    return [(value, count) for value, count in rows]


async def first(db: AsyncSession, ranking: Ranking, most: int) -> list[OnBoard]:
    """Return the first."""
    return await _list(db, _those(ranking), ranking, most, upwards=False)


async def above(
    db: AsyncSession, ranking: Ranking, mine: tuple[int, int], most: int
) -> list[OnBoard]:
    """Return who stands next above a value and an id, the nearest first."""
    some = _those(ranking).where(tuple_(ranking.value, K.student_id) > mine)
    return await _list(db, some, ranking, most, upwards=True)


async def below(
    db: AsyncSession, ranking: Ranking, mine: tuple[int, int], most: int
) -> list[OnBoard]:
    """Return who stands next below a value and an id, the nearest first."""
    some = _those(ranking).where(tuple_(ranking.value, K.student_id) < mine)
    return await _list(db, some, ranking, most, upwards=False)


def _those(ranking: Ranking) -> Select[int, str, int]:
    return select(K.student_id, K.board_name, ranking.value).where(ranking.among, ranking.counts)


async def _list(
    db: AsyncSession,
    some: Select[int, str, int],
    ranking: Ranking,
    most: int,
    *,
    upwards: bool,
) -> list[OnBoard]:
    order = (ranking.value, K.student_id)
    ordered = some.order_by(*(order if upwards else (one.desc() for one in order)))
    rows = await db.execute(ordered.limit(most))
    return [OnBoard(*row) for row in rows]


async def join(db: AsyncSession, student_id: int, **values: object) -> None:
    """Put a pupil on the board, who may have no streak yet."""
    statement = insert_for(db)(Streak).values(student_id=student_id, **values)
    await db.execute(
        statement.on_conflict_do_update(index_elements=[Streak.student_id], set_=values)
    )


async def change(db: AsyncSession, student_id: int, **values: object) -> None:
    """Set columns of a pupil on the board; of another one nothing."""
    await db.execute(
        update(Streak)
        .where(Streak.student_id == student_id, Streak.board_grade.is_not(None))
        .values(**values),
        execution_options={"synchronize_session": False},
    )


_SOLVED_ALONE = (
    select(func.count())
    .select_from(table_of(Session).join(table_of(Response), R.session_id == S.id))
    .where(
        S.student_id == K.student_id,
        S.date.between(bindparam("first", type_=S.date.type), bindparam("last", type_=S.date.type)),
        R.is_correct.is_(True),
        R.hints_used == 0,
        or_(R.hints_viewed.is_(None), json_length(R.hints_viewed) == 0),
    )
    .scalar_subquery()
)
_COUNT_WEEK = Prepared(
    update(table_of(Streak))
    .where(K.student_id == bindparam("student"), K.board_grade.is_not(None))
    .values(solved_week=bindparam("first", type_=S.date.type), solved_alone=_SOLVED_ALONE)
)


async def count_week(db: AsyncSession, student_id: int, week: date) -> None:
    """Count what a pupil on the board has solved without help in a week."""
    span = {"first": week, "last": week + timedelta(days=6)}
    await run(db, _COUNT_WEEK, {"student": student_id, **span})
