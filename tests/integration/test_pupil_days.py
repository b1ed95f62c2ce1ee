"""The days of pupils are equal to the rows, whatever is done to those."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Integer, case, cast, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock, database
from src.models import Problem, PupilDay, Response, Session, SessionStatus, Student
from src.storage import schema
from tests.fixtures.factories import make_problem, make_response, make_session, make_student

SUMS = ("asked", "first_right", "solved", "hints", "seconds", "finished")
TOPICS = ("fractions", "ratio", "geometry")


async def stored(db: AsyncSession) -> dict[tuple[Any, ...], tuple[int, ...]]:
    days = await db.scalars(select(PupilDay))
    found = {
        (day.student_id, day.local_day, day.topic): tuple(getattr(day, name) for name in SUMS)
        for day in days
    }
    return {key: sums for key, sums in found.items() if any(sums)}


async def counted(db: AsyncSession) -> dict[tuple[Any, ...], tuple[int, ...]]:
    first = case((Response.is_correct & (Response.attempts == 1), 1), else_=0)
    rows = await db.execute(
        select(
            Session.student_id,
            Session.date,
            Problem.topic,
            func.count(),
            func.sum(first),
            func.sum(cast(Response.is_correct, Integer)),
            func.sum(Response.hints_used),
            func.sum(Response.time_spent_seconds),
            func.count(Response.closed_at),
        )
        .join_from(Response, Session, Response.session_id == Session.id)
        .join(Problem, Problem.id == Response.problem_id)
        .group_by(Session.student_id, Session.date, Problem.topic)
    )
    return {tuple(row[:3]): tuple(row[3:]) for row in rows}


def anything(chance: random.Random) -> dict[str, Any]:
    return {
        "is_correct": chance.random() < 0.5,
        "attempts": chance.randint(0, 3),
        "hints_used": chance.randint(0, 3),
        "time_spent_seconds": chance.randint(0, 900),
        "closed_at": chance.choice([None, clock.now()]),
    }


@pytest.mark.parametrize("seed", range(3))
async def test_days_are_equal_to_the_rows(db: AsyncSession, seed: int) -> None:
    chance, today = random.Random(seed), clock.now().date()
    problems = [make_problem(topic=topic) for topic in TOPICS for _ in range(3)]
    students = [make_student() for _ in range(3)]
    db.add_all([*problems, *students])
    await db.flush()
    sessions = [
        make_session(
            student_id=student.id,
            date=today - timedelta(days=chance.randint(0, 2)),
            status=SessionStatus.COMPLETED,
            completed_at=clock.now(),
        )
        for student in students
        for _ in range(4)
    ]
    db.add_all(sessions)
    await db.flush()
    responses = [
        make_response(session_id=session.id, problem_id=problem.id, **anything(chance))
        for session in sessions
        for problem in chance.sample(problems, 4)
    ]
    db.add_all(responses)
    await db.flush()
    assert await stored(db) == await counted(db) != {}
    for response in chance.sample(responses, 20):
        change = update(Response).where(Response.id == response.id).values(**anything(chance))
        await db.execute(change)
    await db.execute(delete(Response).where(Response.id == responses[0].id))
    assert await stored(db) == await counted(db)
    await db.execute(delete(Session).where(Session.id == sessions[1].id))
    assert await stored(db) == await counted(db)
    await db.execute(delete(Student).where(Student.id == students[2].id))
    assert await stored(db) == await counted(db) != {}
    gone = select(func.count()).where(PupilDay.student_id == students[2].id)
    assert await db.scalar(gone) == 0


@pytest.mark.usefixtures("database_url")
async def test_what_is_rolled_back_counts_for_nothing() -> None:
    async with database.session_scope() as db:
        student, problem = make_student(), make_problem()
        db.add_all([student, problem])
        await db.flush()
        practice = make_session(student_id=student.id)
        db.add(practice)
        await db.flush()
        db.add(make_response(session_id=practice.id, problem_id=problem.id))
        await db.flush()
        assert len(await stored(db)) == 1
        await db.rollback()
    async with database.read_scope() as db:
        assert await stored(db) == {}


@pytest.mark.usefixtures("database_url")
async def test_the_migration_sums_up_what_there_is() -> None:
    async with database.session_scope() as db:
        student, problems = make_student(), [make_problem(topic=topic) for topic in TOPICS]
        db.add_all([student, *problems])
        await db.flush()
        practice = make_session(student_id=student.id)
        db.add(practice)
        await db.flush()
        chance = random.Random(1)
        for problem in problems:
            values = anything(chance)
            db.add(make_response(session_id=practice.id, problem_id=problem.id, **values))
    await schema.downgrade(database.get_engine(), "0018")
    await schema.upgrade(database.get_engine())
    async with database.read_scope() as db:
        assert await stored(db) == await counted(db) != {}
