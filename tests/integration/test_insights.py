"""What is said of pupils and students: each number is what a plain count of the rows says."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, func, select

from sandbox.canvas.run import RunningSchool, start
from src import clock, database
from src.canvas.sync import full_canvas_sync
from src.insights import analyze_at_risk_students, generate_performance_insights, grades
from src.insights.flags import FlagKind
from src.insights.service import answers_of, courses_of, records_of
from src.insights.weights import PieceMark, kept_of, total_of
from src.models import Attempt, CanvasEnrollment, PupilDay, Response
from tests.fixtures.factories import (
    make_attempt,
    make_dispute,
    make_problem,
    make_response,
    make_session,
    make_student,
)
from tests.fixtures.schools import MONDAY, bundle, content, fetch, network, new_target, task, work

pytestmark = pytest.mark.usefixtures("database_url")
ZONE = "Asia/Dhaka"


@pytest.fixture
def school() -> Iterator[RunningSchool]:
    running = start()
    yield running
    running.stop()


async def practised(days: int, seed: int = 16) -> int:
    """Save a pupil who closed five problems a day, the last of them after midnight."""
    dice = Random(seed)
    async with database.session_scope() as db:
        problems = [make_problem(topic=f"topic {n % 3}") for n in range(5)]
        student = make_student()
        db.add_all([student, *problems])
        await db.flush()
        for day in range(days):
            begun = datetime.combine(
                date(2026, 3, 1) + timedelta(days=day), datetime.min.time(), ZoneInfo(ZONE)
            ) + timedelta(hours=23, minutes=58)
            practice = make_session(
                student_id=student.id,
                problem_ids=[problem.id for problem in problems],
                date=begun.date(),
                status="completed",
                started_at=begun,
            )
            db.add(practice)
            await db.flush()
            for n, problem in enumerate(problems):
                right, tries, hints = dice.random() < 0.7, dice.randint(1, 3), dice.randint(0, 1)
                db.add(
                    make_response(
                        session_id=practice.id,
                        problem_id=problem.id,
                        is_correct=right,
                        attempts=tries,
                        hints_used=hints,
                        time_spent_seconds=30,
                        closed_at=begun + timedelta(minutes=n),
                    )
                )
        return student.id


async def test_each_number_said_of_practice_is_that_of_a_query() -> None:
    student = await practised(days=6)
    async with database.session_scope() as db:
        said = generate_performance_insights((await answers_of(db, [student]))[student])
        days = await db.scalar(
            select(func.count(PupilDay.local_day.distinct())).where(PupilDay.student_id == student)
        )
        alone = (Response.is_correct, Response.attempts == 1, Response.hints_used == 0)
        right = await db.scalar(select(func.count()).select_from(Response).where(*alone))
        helped = await db.scalar(
            select(func.count()).select_from(Response).where(Response.hints_used > 0)
        )
    told = {one.key: one.values for one in said}
    assert len(said) <= 5
    assert told["insight-overall"] == {"right": right, "answers": 30, "days": days}
    assert told["insight-hints"] == {"helped": helped, "answers": 30}
    assert days == 6, "a session after midnight belongs to the day on which it began"


async def test_an_answer_that_was_right_after_all_is_a_right_first_try() -> None:
    student = await practised(days=1)
    async with database.session_scope() as db:
        one = await db.scalar(select(Response).order_by(Response.id).limit(1))
        assert one is not None
        one.is_correct, one.attempts, one.hints_used = True, 2, 1
        attempt = make_attempt(response_id=one.id, verdict="correct")
        db.add(attempt)
        await db.flush()
        assert (await answers_of(db, [student]))[student][0].first_right
        await db.delete(await db.get_one(Attempt, attempt.id))
        await db.flush()
        assert not (await answers_of(db, [student]))[student][0].first_right


async def test_what_flags_read_is_two_statements_and_counts_open_disputes() -> None:
    student, other = await practised(days=3), await practised(days=1, seed=3)
    async with database.session_scope() as db:
        for response_id in await db.scalars(select(Response.id).order_by(Response.id).limit(2)):
            db.add(make_dispute(response_id=response_id))
    asked: list[str] = []
    event.listen(
        database.get_engine().sync_engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: asked.append(statement),
    )
    async with database.read_scope() as db:
        records = await records_of(db, [student, other])
    assert len([one for one in asked if one.startswith("SELECT")]) == 2
    assert [(one.pupil, one.open_disputes) for one in records] == [
        (str(student), 2),
        (str(other), 0),
    ]
    review = analyze_at_risk_students(records, clock.now())
    assert (str(student), FlagKind.DISPUTES) in {(f.pupil, f.kind) for f in review.flags}
    async with database.read_scope() as db:
        later = await answers_of(db, [student], clock.now() + timedelta(days=1))
    assert later == {student: []}


async def test_grades_are_worked_out_as_the_school_does(school: RunningSchool) -> None:
    """Weights and dropped marks: what is marked comes to the current score of each seat."""
    target = await new_target()
    async with network() as net:
        found = await fetch(net, school.url)
    await full_canvas_sync(found, target, found.fetched_at)
    async with database.read_scope() as db:
        seats = list(await db.scalars(select(CanvasEnrollment)))
        assert len(seats) > 8
        for seat in seats:
            records = await courses_of(
                db, target.connection_id, [seat.canvas_user_id], seat.canvas_course_id
            )
            [record] = records[seat.canvas_user_id]
            marks = [
                PieceMark(one.assignment, one.group, one.score or 0.0, one.points)
                for one in record.graded
            ]
            total = total_of(
                kept_of(marks, record.groups), record.groups, weighs=record.weighs_groups
            )
            expected = None if seat.current_score is None else seat.current_score / 100
            assert total == (None if expected is None else pytest.approx(expected, abs=1e-4))


async def test_what_is_missing_open_and_excused_is_told_apart_and_counted() -> None:
    target = await new_target()
    lost = {"workflow_state": "unsubmitted", "score": None, "grade": None}
    due = "2026-03-01T17:59:00Z"
    online, paper = ["online_text_entry"], ["on_paper"]
    tasks = [
        *(task(n, due_at=due) for n in (21, 22, 23, 24, 25)),
        task(26, due_at=due, submission_types=online),
        task(27, due_at=due, submission_types=paper),
        task(28, due_at=due),
    ]
    done = [work(n, 1, score=8.0) for n in (21, 22, 23, 24, 25)]
    done[0] |= {"late": True}
    done += [
        work(26, 1, **lost, missing=True),
        work(27, 1, **lost, missing=True),
        work(28, 1, **lost, excused=True),
    ]
    whole = bundle(content(assignments=tasks, submissions=done))
    await full_canvas_sync(whole, target, MONDAY)
    async with database.read_scope() as db:
        found = await courses_of(db, target.connection_id, [1, 2])
    assert found[2] == []
    [record] = found[1]
    assert [one.assignment for one in record.work if one.is_missing] == [26]
    assert [one.assignment for one in record.work if one.is_open] == [27]
    told = {
        one.key: one.values
        for one in grades.generate_performance_insights(record, date(2026, 3, 2))
    }
    assert told["insight-grade-now"] == {"course": "Mathematics", "percent": 80, "graded": 5}
    assert told["insight-work-missing"] == {"course": "Mathematics", "missing": 1, "due": 7}
    assert told["insight-work-late"] == {"course": "Mathematics", "late": 1, "due": 7}
    assert told["insight-work-open"] == {"course": "Mathematics", "open": 1}
    forecast = grades.predict_final_grade(record)
    assert forecast.expected is not None
    assert forecast.expected.expected == pytest.approx(0.8 * 6 / 7)
