"""The board: who stands where, who does not, and who is gone from it."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock
from src.clock import local_day
from src.errors import StaleAction
from src.models import Streak
from src.streaks import board
from src.streaks.board import BOARD_CONSENT_VERSION, Board, Ranked
from tests.fixtures.factories import (
    make_problem,
    make_response,
    make_session,
    make_streak,
    make_student,
)

DHAKA = "Asia/Dhaka"


async def add(
    db: AsyncSession, name: str, streak: int, *, grade: int = 7, days_ago: int = 0, solved: int = 0
) -> int:
    """Put a pupil on the board whose last day was some days ago; return who."""
    student = make_student(grade=grade)
    db.add(student)
    await db.flush()
    now = clock.now()
    last = now - timedelta(days=days_ago)
    db.add(
        make_streak(
            student_id=student.id,
            current_streak=streak,
            longest_streak=streak,
            last_practice_date=local_day(last, DHAKA) if streak else None,
            last_timezone=DHAKA,
            last_completed_at=last if streak else None,
        )
    )
    if solved:
        await solve(db, student.id, solved, now)
    await db.flush()
    await board.join(db, student.id, grade=grade, name=name, at=now, timezone=DHAKA)
    return student.id


async def solve(db: AsyncSession, student_id: int, count: int, at: datetime) -> None:
    """Add solved problems without help, and as many with a hint."""
    session = make_session(student_id=student_id, date=local_day(at, DHAKA), status="completed")
    db.add(session)
    await db.flush()
    for number in range(2 * count):
        problem = make_problem()
        db.add(problem)
        await db.flush()
        with_hint = {"hints_used": 1, "hints_viewed": [{"step": 1}]} if number % 2 else {}
        row = {"session_id": session.id, "problem_id": problem.id, "attempts": 1}
        db.add(make_response(**row, is_correct=True, closed_at=at, **with_hint))


async def seen(db: AsyncSession, student_id: int, by: Ranked = Ranked.STREAK) -> Board:
    found = await board.look(db, student_id, by, clock.now(), DHAKA)
    assert found is not None
    return found


def shown(some: Board) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    return tuple([(one.place, one.name) for one in lines] for lines in (some.top, some.around))  # type: ignore[return-value]


async def test_own_place_and_neighbours_and_no_end(db: AsyncSession) -> None:
    names = ["brave-tiger", "calm-deer", "fast-river", "kind-star", "keen-moon", "wise-owl"]
    ids = [await add(db, name, 20 - n) for n, name in enumerate(names)]
    me = await add(db, "quiet-boat", 10)
    lower = [
        await add(db, "red-kite", 5),
        await add(db, "red-rose", 3),
        await add(db, "red-sun", 2),
    ]
    assert shown(await seen(db, me)) == (
        [(1, "brave-tiger"), (2, "calm-deer"), (3, "fast-river")],
        [(5, "keen-moon"), (6, "wise-owl"), (7, "quiet-boat"), (8, "red-kite"), (9, "red-rose")],
    )
    own = [one for one in (await seen(db, me)).around if one.is_own]
    assert [(one.name, one.value) for one in own] == [("quiet-boat", 10)]
    # Who is among the first stands there alone.
    top, around = shown(await seen(db, ids[0]))
    assert (top[0], around) == ((1, "brave-tiger"), [])
    _, last = shown(await seen(db, lower[-1]))
    assert last == [(8, "red-kite"), (9, "red-rose"), (10, "red-sun")]


async def test_the_same_days_share_a_place(db: AsyncSession) -> None:
    first, second = await add(db, "brave-tiger", 4), await add(db, "calm-deer", 4)
    third = await add(db, "wise-owl", 3)
    for who in (first, second, third):
        assert {(one.place, one.name) for one in (await seen(db, who)).top} == {
            (1, "brave-tiger"),
            (1, "calm-deer"),
            (3, "wise-owl"),
        }


async def test_a_dead_streak_keeps_its_number_and_has_no_place(db: AsyncSession) -> None:
    me = await add(db, "wise-owl", 2)
    dead = await add(db, "brave-tiger", 300, days_ago=9)
    assert shown(await seen(db, me)) == ([(1, "wise-owl")], [])
    [*_, own] = (await seen(db, dead)).around
    assert (own.place, own.value, own.is_own) == (2, 0, True)


async def test_only_those_of_the_grade_who_joined_are_there(db: AsyncSession) -> None:
    me = await add(db, "wise-owl", 2)
    other = await add(db, "brave-tiger", 9, grade=8)
    stranger = make_student()
    db.add(stranger)
    await db.flush()
    db.add(make_streak(student_id=stranger.id, current_streak=99))
    await db.flush()
    assert await board.look(db, stranger.id, Ranked.STREAK, clock.now(), DHAKA) is None
    assert shown(await seen(db, me)) == ([(1, "wise-owl")], [])
    await board.change_grade(db, other, 7)
    assert shown(await seen(db, me))[0] == [(1, "brave-tiger"), (2, "wise-owl")]
    await board.change_grade(db, stranger.id, 7)
    assert await board.name_on_board(db, stranger.id) is None


async def test_what_was_solved_without_help_this_week_counts(db: AsyncSession) -> None:
    me = await add(db, "wise-owl", 1, solved=2)
    other = await add(db, "brave-tiger", 1, solved=3)
    assert [(o.name, o.value) for o in (await seen(db, me, Ranked.SOLVED)).top] == [
        ("brave-tiger", 3),
        ("wise-owl", 2),
    ]
    # Of another week nothing counts.
    old = date(2000, 1, 3)
    await db.execute(update(Streak).where(Streak.student_id == other).values(solved_week=old))
    assert [o.name for o in (await seen(db, me, Ranked.SOLVED)).top] == ["wise-owl"]


async def test_who_leaves_is_gone_at_once(db: AsyncSession) -> None:
    me, other = await add(db, "wise-owl", 2, solved=1), await add(db, "brave-tiger", 9)
    row = (await db.scalars(select(Streak).where(Streak.student_id == me))).one()
    assert (row.board_name, row.board_consent_version) == ("wise-owl", BOARD_CONSENT_VERSION)
    await board.leave(db, me)
    assert shown(await seen(db, other)) == ([(1, "brave-tiger")], [])
    await db.refresh(row)
    kept = (row.board_grade, row.board_name, row.board_joined_at, row.board_consent_version)
    assert kept == (None, None, None, None)
    assert (row.solved_week, row.solved_alone, row.current_streak) == (None, 0, 2)


async def test_a_name_is_one_of_ours(db: AsyncSession) -> None:
    student = make_student()
    db.add(student)
    await db.flush()
    for name in ("Mitu", "brave-", "-tiger", "brave-tiger-x", "", "tiger-brave"):
        with pytest.raises(StaleAction):
            await board.join(db, student.id, grade=7, name=name, at=clock.now(), timezone=DHAKA)
    # Who has no streak yet can join.
    await board.join(db, student.id, grade=7, name="brave-tiger", at=clock.now(), timezone=DHAKA)
    assert [one.value for one in (await seen(db, student.id)).around] == [0]


async def test_a_class_has_a_board_of_its_own(db: AsyncSession) -> None:
    me, mate = await add(db, "wise-owl", 2), await add(db, "brave-tiger", 5, grade=8)
    await add(db, "calm-deer", 9)
    stranger = make_student()
    db.add(stranger)
    await db.flush()
    db.add(make_streak(student_id=stranger.id, current_streak=99))
    ids = [me, mate, stranger.id]
    found = await board.look(db, me, Ranked.STREAK, clock.now(), DHAKA, among=ids)
    assert found is not None
    # Who has not joined the board is not there, though they are in the class.
    assert shown(found) == ([(1, "brave-tiger"), (2, "wise-owl")], [])
