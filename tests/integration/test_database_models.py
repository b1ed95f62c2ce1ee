"""What the tables keep and what they refuse, on both databases."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import Connection, Enum, func, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError, InvalidRequestError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from src import clock
from src.models import (
    Attempt,
    Base,
    CostRecord,
    OutboxMessage,
    Person,
    Problem,
    ReceivedUpdate,
    Response,
    Session,
    SessionStatus,
    Streak,
    Student,
)
from tests.fixtures.factories import (
    make_attempt,
    make_cost_record,
    make_outbox_message,
    make_problem,
    make_received_update,
    make_response,
    make_session,
    make_streak,
    make_student,
)


async def save(db: AsyncSession, *rows: Base) -> None:
    db.add_all(rows)
    await db.flush()


async def make_family(db: AsyncSession) -> tuple[Student, Session, Response, CostRecord]:
    """Save a pupil with everything that can belong to one."""
    student, problem = make_student(), make_problem()
    await save(db, student, problem)
    practice = make_session(student_id=student.id)
    await save(db, practice, make_streak(student_id=student.id))
    response = make_response(session_id=practice.id, problem_id=problem.id)
    cost = make_cost_record(
        student_id=student.id, session_id=practice.id, problem_id=problem.id, grade=7
    )
    await save(
        db,
        response,
        cost,
        make_outbox_message(student_id=student.id),
    )
    await save(db, make_attempt(response_id=response.id))
    await db.commit()
    return student, practice, response, cost


async def count(db: AsyncSession, model: type[Base]) -> int:
    return await db.scalar(select(func.count()).select_from(model)) or 0


async def test_the_smallest_rows_are_accepted(db: AsyncSession) -> None:
    await save(db, Student(telegram_id=1, name="A", grade=7))
    await save(
        db,
        Session(
            student_id=1,
            date=date(2026, 11, 21),
            problem_ids=[1, 2, 3, 4, 5],
            expires_at=clock.now() + timedelta(hours=24),
        ),
        Streak(student_id=1),
        ReceivedUpdate(bot_id=1, update_id=1),
    )
    practice = await db.get(Session, 1)
    assert practice is not None
    assert practice.status is SessionStatus.ACTIVE


async def test_a_cost_as_designed_is_an_exact_decimal(db: AsyncSession) -> None:
    await save(db, Student(telegram_id=1, name="A", grade=7))
    record = CostRecord(
        student_id=1,
        operation="hint_generation",
        api_provider="claude",
        input_tokens=100,
        output_tokens=50,
        cost_usd=0.0015,
    )
    await save(db, record)
    await db.refresh(record)
    assert isinstance(record.cost_usd, Decimal)
    assert record.cost_usd == Decimal("0.0015")
    assert (record.status, record.cache_read_tokens, record.model) == ("settled", 0, None)


async def test_a_sum_of_costs_is_exact(db: AsyncSession) -> None:
    costs = ["0.1", "0.2", "0.0000000001", "999999.9999999999", "0.0000015"]
    await db.execute(insert(CostRecord), [{"cost_usd": Decimal(cost)} for cost in costs])
    assert await db.scalar(select(func.sum(CostRecord.cost_usd))) == sum(map(Decimal, costs))
    assert await db.scalar(select(func.max(CostRecord.cost_usd))) == Decimal("999999.9999999999")


async def test_costs_are_compared_and_added_as_dollars(db: AsyncSession) -> None:
    await save(db, make_cost_record(cost_usd="0.25"))
    cost = CostRecord.cost_usd
    assert await db.scalar(select(cost + Decimal("0.5"))) == Decimal("0.75")
    assert await db.scalar(select(cost).where(cost > Decimal("0.3"))) is None
    nothing = select(func.coalesce(func.sum(cost), Decimal(0))).where(cost > 1)
    assert await db.scalar(nothing) == 0


async def test_an_instant_comes_back_aware_and_in_utc(db: AsyncSession) -> None:
    dhaka = timezone(timedelta(hours=6))
    student = make_student(last_active_at=datetime(2026, 11, 21, 3, 4, 5, 678, tzinfo=dhaka))
    await save(db, student)
    await db.refresh(student)
    assert student.last_active_at is not None
    assert student.last_active_at.isoformat() == "2026-11-20T21:04:05.000678+00:00"


async def test_an_instant_without_a_zone_is_refused(db: AsyncSession) -> None:
    db.add(make_student(last_active_at=datetime(2026, 11, 21)))  # noqa: DTZ001 - the fault
    with pytest.raises(StatementError, match="time zone"):
        await db.flush()


async def test_instants_are_ordered_across_zones(db: AsyncSession) -> None:
    dhaka = timezone(timedelta(hours=6))
    early, late = datetime(2026, 1, 1, 1, tzinfo=dhaka), datetime(2026, 1, 1, 0, tzinfo=UTC)
    await save(db, make_student(last_active_at=early), make_student(last_active_at=late))
    found = await db.scalars(select(Student.last_active_at).order_by(Student.last_active_at))
    assert found.all() == [early, late]


async def test_updated_at_moves_with_every_update(db: AsyncSession) -> None:
    begun = clock.now()
    student = make_student(updated_at=begun - timedelta(days=300))
    await save(db, student)
    await db.execute(update(Student).values(grade=8))
    await db.refresh(student)
    assert student.updated_at >= begun


async def test_a_row_without_timestamps_gets_them_from_the_database(db: AsyncSession) -> None:
    await db.execute(
        text(
            "INSERT INTO received_updates (bot_id, update_id, status, attempts, replies) "
            "VALUES (1, 1, 'done', 1, '[]')"
        )
    )
    row = await db.scalar(select(ReceivedUpdate))
    assert row is not None
    assert abs(row.created_at - clock.now()) < timedelta(days=1)


async def test_json_is_kept_and_null_is_null(db: AsyncSession) -> None:
    await save(db, make_problem(answer_options={"form": "lowest_terms"}, choices=None))
    problem = await db.scalar(select(Problem).where(Problem.choices.is_(None)))
    assert problem is not None
    await db.refresh(problem)
    assert problem.answer_options == {"form": "lowest_terms"}
    assert problem.get_hints()[0].bn == "ভাগগুলো কি সমান মাপের?"


async def test_lists_that_grow_in_place_are_saved(db: AsyncSession) -> None:
    student, _, response, _ = await make_family(db)
    streak = await db.get(Streak, student.id)
    assert streak is not None
    streak.add_milestone(3)
    response.hints_viewed.append({"step": 1, "source": "authored"})
    await db.commit()
    await db.refresh(streak)
    await db.refresh(response)
    assert streak.milestones_achieved == [3]
    assert response.hints_viewed == [{"step": 1, "source": "authored"}]


async def test_a_relationship_is_loaded_only_when_asked_for(db: AsyncSession) -> None:
    await make_family(db)
    db.expunge_all()
    student = await db.scalar(select(Student))
    assert student is not None
    with pytest.raises(InvalidRequestError, match="lazy='raise'"):
        _ = student.sessions
    query = select(Student).options(selectinload(Student.sessions).selectinload(Session.responses))
    student = await db.scalar(query.execution_options(populate_existing=True))
    assert student is not None
    assert [len(practice.responses) for practice in student.sessions] == [1]


async def test_erasing_a_pupil_takes_all_of_theirs_and_leaves_the_ledger(db: AsyncSession) -> None:
    student, _, _, cost = await make_family(db)
    await db.delete(student)
    await db.commit()
    theirs = (Student, Person, Session, Response, Attempt, Streak, OutboxMessage)
    assert [await count(db, model) for model in theirs] == [0] * 7
    await db.refresh(cost)
    assert (cost.student_id, cost.session_id) == (None, None)
    assert (cost.cost_usd, cost.grade) == (Decimal("0.0015"), 7)


async def test_deleting_a_session_takes_its_responses_and_leaves_the_ledger(
    db: AsyncSession,
) -> None:
    student, practice, _, cost = await make_family(db)
    await db.delete(practice)
    await db.commit()
    await db.refresh(cost)
    assert (await count(db, Response), cost.student_id, cost.session_id) == (0, student.id, None)


async def test_a_problem_that_was_answered_cannot_be_deleted(db: AsyncSession) -> None:
    await make_family(db)
    problem = await db.scalar(select(Problem))
    await db.delete(problem)
    with pytest.raises(IntegrityError):
        await db.flush()


async def test_hidden_rows_stay_but_are_not_visible(db: AsyncSession) -> None:
    now = clock.now()
    await save(db, make_student(), make_student(deleted_at=now), make_student(blocked_at=now))
    await save(db, make_problem(external_id="G7-A-001"), make_problem(retired_at=now))
    assert await count(db, Student) == 3
    assert len((await db.scalars(select(Student).where(Student.visible()))).all()) == 2
    visible = await db.scalars(select(Problem.external_id).where(Problem.visible()))
    assert visible.all() == ["G7-A-001"]


async def test_a_pupil_has_one_active_session(db: AsyncSession) -> None:
    await save(db, make_student(), make_student())
    await save(db, make_session(student_id=1), make_session(student_id=2))
    await save(db, make_session(student_id=1, status="completed"))
    await save(db, make_session(student_id=1, status="expired"))
    db.add(make_session(student_id=1))
    with pytest.raises(IntegrityError, match=r"idx_sessions_one_active|sessions\.student_id"):
        await db.flush()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (make_student(telegram_id=5), make_student(telegram_id=5)),
        (make_problem(external_id="G7-A-001"), make_problem(external_id="G7-A-001")),
        (make_received_update(update_id=5), make_received_update(update_id=5)),
    ],
    ids=["telegram_id", "external_id", "update_id"],
)
async def test_what_names_a_row_is_unique(db: AsyncSession, first: Base, second: Base) -> None:
    names = [column.key for column in inspect(type(first)).column_attrs if column.key != "id"]
    values = [{name: getattr(row, name) for name in names} for row in (first, second)]
    await db.execute(insert(type(first)), values[:1])
    with pytest.raises(IntegrityError):
        await db.execute(insert(type(first)), values[1:])


async def test_a_problem_is_answered_once_a_session(db: AsyncSession) -> None:
    _, practice, response, _ = await make_family(db)
    db.add(make_response(session_id=practice.id, problem_id=response.problem_id))
    with pytest.raises(IntegrityError):
        await db.flush()


async def test_a_pupil_is_nudged_once_a_local_day(db: AsyncSession) -> None:
    student, *_ = await make_family(db)
    db.add(make_outbox_message(student_id=student.id))
    with pytest.raises(IntegrityError):
        await db.flush()


OUT_OF_RANGE: list[tuple[type[Base], str, object]] = [
    (Student, "grade", 5),
    (Student, "grade", 9),
    (Student, "language", "fr"),
    (Student, "name", "x" * 101),
    (Problem, "grade", 9),
    (Problem, "difficulty", 0),
    (Problem, "difficulty", 4),
    (Problem, "content_version", 0),
    (Problem, "estimated_time_minutes", 0),
    (Problem, "status", "gone"),
    (Problem, "answer_type", "poem"),
    (Problem, "hints", "[1, 2]"),
    (Session, "problem_ids", "[1, 2, 3, 4]"),
    (Session, "problem_ids", "[1, 2, 3, 4, 5, 6]"),
    (Session, "problems_correct", 6),
    (Session, "problems_correct", -1),
    (Session, "current_index", 6),
    (Session, "total_time_seconds", -1),
    (Session, "status", "paused"),
    (Response, "attempts", -1),
    (Response, "hints_used", -1),
    (Response, "time_spent_seconds", -1),
    (Response, "confidence_level", "sure"),
    (Response, "last_verdict", "maybe"),
    (Response, "student_answer", "x" * 501),
    (Attempt, "number", 0),
    (Attempt, "hints_used", -1),
    (Attempt, "seconds", -1),
    (Attempt, "verdict", "maybe"),
    (Attempt, "typed", "x" * 501),
    (Streak, "current_streak", -1),
    (Streak, "longest_streak", -1),
    (Streak, "freezes", 3),
    (OutboxMessage, "kind", "advert"),
    (OutboxMessage, "outcome", "lost"),
    (CostRecord, "operation", "chat"),
    (CostRecord, "api_provider", "other"),
    (CostRecord, "status", "open"),
    (CostRecord, "input_tokens", -1),
    (CostRecord, "output_tokens", -1),
    (CostRecord, "cache_read_tokens", -1),
    (CostRecord, "cache_write_tokens", -1),
    (CostRecord, "cost_usd", -1),
    (CostRecord, "latency_ms", -1),
    (CostRecord, "grade", 5),
]


async def test_every_range_and_every_choice_is_kept_by_the_database(db: AsyncSession) -> None:
    """Past the models: what raw SQL may not store, nothing can."""
    await make_family(db)
    accepted = []
    for model, column, value in OUT_OF_RANGE:
        literal = f"'{value}'" if isinstance(value, str) else value
        statement = f"UPDATE {model.__tablename__} SET {column} = {literal}"
        try:
            async with db.begin_nested():
                await db.execute(text(statement))
        except StatementError:
            continue
        accepted.append(statement)
    assert accepted == []


async def test_an_enum_refuses_other_values_before_they_reach_the_database(
    db: AsyncSession,
) -> None:
    db.add(make_student(language="fr"))
    with pytest.raises(StatementError, match="not among the defined enum values"):
        await db.flush()


ENUM_COLUMNS = [
    (table.name, column.name, column.type)
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, Enum)
]


async def test_the_checks_in_the_database_name_the_values_of_the_enums(db: AsyncSession) -> None:
    """Alembic compares CHECKs by name only: a value that was forgotten is found here."""

    def read_checks(connection: Connection) -> dict[str, str]:
        inspector = inspect(connection)
        return {
            str(check["name"]): check["sqltext"]
            for table in Base.metadata.tables
            for check in inspector.get_check_constraints(table)
        }

    checks = await (await db.connection()).run_sync(read_checks)
    expected: dict[str, list[str]] = {}
    found: dict[str, list[str]] = {}
    for table, _, enum in ENUM_COLUMNS:
        name = f"ck_{table}_{enum.name}"
        values: Any = enum.enum_class
        assert issubclass(values, StrEnum)
        expected[name] = sorted(values)
        found[name] = sorted(checks[name].split("'")[1::2])
    assert found == expected
    assert len(expected) == len(ENUM_COLUMNS) >= 10
