"""What a row knows without a database."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import inspect, make_url

from src import clock
from src.models import Base, CostRecord, Hint, Session, Streak, Student, to_money
from src.models.relationships import WITHOUT_RELATIONSHIP
from src.models.types import Money, UtcDateTime
from tests.fixtures import factories
from tests.fixtures.factories import make_problem, make_session, make_student

SQLITE = make_url("sqlite://").get_dialect()()
POSTGRESQL = make_url("postgresql+asyncpg://").get_dialect()()
DHAKA_NOON = datetime(2026, 11, 21, 12, tzinfo=timezone(timedelta(hours=6)))

# In a fixed order: the registry has none, and two workers must collect alike.
MODELS = sorted((m.class_ for m in Base.registry.mappers), key=lambda model: model.__name__)


def test_a_pupil_needs_only_a_telegram_id() -> None:
    student = Student(telegram_id=1)
    assert (student.language, student.timezone, student.nudges_enabled) == (
        "bn",
        "Asia/Dhaka",
        True,
    )
    assert student.nudge_time.isoformat() == "18:00:00"


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(TypeError, match="Student has no column 'nick'"):
        Student(nick="A")


def test_defaults_that_can_change_are_not_shared() -> None:
    first, second = Streak(student_id=1), Streak(student_id=2)
    first.add_milestone(3)
    assert second.milestones_achieved == []


@pytest.mark.parametrize("model", MODELS)
def test_there_is_a_factory_for_each_model(model: type[Base]) -> None:
    name = "".join(f"_{c.lower()}" if c.isupper() else c for c in model.__name__)
    assert isinstance(getattr(factories, f"make{name}")(), model)


@pytest.mark.parametrize("model", MODELS)
def test_repr_tells_the_key_and_nothing_else(model: type[Base]) -> None:
    keys = [column.name for column in inspect(model).primary_key]
    row = model(**dict.fromkeys(keys, 17))
    assert repr(row) == f"{model.__name__}({', '.join(f'{key}=17' for key in keys)})"


@pytest.mark.parametrize("model", MODELS)
def test_relationships_have_both_sides_and_never_load_by_themselves(model: type[Base]) -> None:
    for relationship in inspect(model).relationships:
        assert relationship.lazy == "raise"
        assert relationship.back_populates is not None


def test_every_foreign_key_has_its_relationship_or_a_reason_for_none() -> None:
    keys, related = set(), set()
    for model in MODELS:
        columns = model.metadata.tables[model.__tablename__].columns
        keys |= {str(column) for column in columns if column.foreign_keys}
        for relationship in inspect(model).relationships:
            related |= {str(column) for column in relationship.local_columns if column.foreign_keys}
    assert keys - related == set(WITHOUT_RELATIONSHIP)


@pytest.mark.parametrize("model", MODELS)
def test_every_table_knows_when_its_rows_were_made_and_changed(model: type[Base]) -> None:
    assert {"created_at", "updated_at"} <= set(inspect(model).columns.keys())


@pytest.mark.parametrize(
    ("status", "passed", "expired"),
    [
        ("active", timedelta(hours=23, minutes=59), False),
        ("active", timedelta(hours=24), True),
        ("completed", timedelta(days=9), False),
        ("expired", timedelta(0), True),
    ],
)
def test_a_session_expires_unless_it_is_complete(
    status: str, passed: timedelta, expired: bool
) -> None:
    practice = make_session(status=status, expires_at=DHAKA_NOON + timedelta(hours=24))
    assert practice.is_expired(DHAKA_NOON + passed) is expired


def test_accuracy_is_the_share_of_all_five_problems() -> None:
    assert Session().get_accuracy() == 0
    assert make_session(problems_correct=4).get_accuracy() == 0.8


def test_a_milestone_counts_once() -> None:
    streak = Streak(student_id=1, current_streak=3)
    assert streak.add_milestone(3)
    assert not streak.add_milestone(3)
    assert streak.milestones_achieved == [3]


@pytest.mark.parametrize(
    ("current", "achieved", "following"),
    [
        (0, [], 3),
        (3, [3], 7),
        (1, [3, 7], 14),
        (99, [], 100),
        (100, [3, 7, 14, 30, 50, 100], 200),
        (0, [3, 7, 14, 30, 50, 100, 200], 300),
        (250, [], 300),
    ],
)
def test_the_next_milestone_is_above_the_streak_and_new(
    current: int, achieved: list[int], following: int
) -> None:
    streak = Streak(student_id=1, current_streak=current, milestones_achieved=achieved)
    assert streak.get_next_milestone() == following


def test_a_problem_speaks_both_languages() -> None:
    problem = make_problem(
        question_en="Which?",
        question_bn="কোনটি?",
        solution_en="This one.",
        solution_bn="এটি।",
        choices={"en": ["one", "two"], "bn": ["এক", "দুই"]},
    )
    assert [problem.get_question(language) for language in ("en", "bn")] == ["Which?", "কোনটি?"]
    assert [problem.get_solution(language) for language in ("en", "bn")] == ["This one.", "এটি।"]
    assert problem.get_choices("bn") == ["এক", "দুই"]
    assert make_problem().get_choices("bn") == []


def test_the_ladder_has_three_typed_steps() -> None:
    hints = make_problem().get_hints()
    assert hints[2] == Hint(3, "Add 2/4 and 1/4.", "২/৪ ও ১/৪ যোগ করো।")
    assert hints[2].get_text("bn") == hints[2].bn


@pytest.mark.parametrize(
    ("given", "exact"),
    [
        (0.0015, "0.0015"),
        (0.1, "0.1"),
        (1e-07, "0.0000001"),
        ("0.0000015", "0.0000015"),
        (3, "3"),
        (Decimal("0.00000000001"), "0.0000000001"),
        (Decimal("0.00000000010"), "0.0000000001"),
    ],
)
def test_money_is_exact_and_never_rounded_down(given: Decimal | float | str, exact: str) -> None:
    assert to_money(given) == Decimal(exact)


@pytest.mark.parametrize("given", [float("nan"), float("inf"), Decimal("NaN")])
def test_money_is_finite(given: Decimal | float) -> None:
    with pytest.raises(ValueError, match="finite"):
        to_money(given)


def test_a_cost_is_exact_from_the_start() -> None:
    assert CostRecord(cost_usd=0.0015).cost_usd == Decimal("0.0015")


def test_money_is_a_whole_number_where_there_are_no_decimals() -> None:
    assert Money().process_bind_param(0.0015, SQLITE) == 15_000_000
    assert Money().process_bind_param(0.0015, POSTGRESQL) == Decimal("0.0015")


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(DHAKA_NOON.replace(tzinfo=None), SQLITE)


def test_an_instant_is_stored_in_utc() -> None:
    stored = UtcDateTime().process_bind_param(DHAKA_NOON, SQLITE)
    assert stored is not None
    assert stored.isoformat() == "2026-11-21T06:00:00+00:00"


def test_timestamps_come_from_the_clock() -> None:
    clock.shift(timedelta(days=400))
    try:
        made = make_student().created_at
    finally:
        clock.shift(timedelta())
    assert made - datetime.now(UTC) > timedelta(days=399)
