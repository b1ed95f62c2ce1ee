"""Imports on both databases: what changes, what is refused, and that it is all or nothing."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from src.content.faults import RefusedContent
from src.content.mistakes import MAP_NAME, MisconceptionRow
from src.content.rows import ProblemRow
from src.content.service import ImportSummary, import_rows, import_spool, load_library
from src.content.spool import Spool
from src.models import Misconception, Problem
from tests.fixtures.factories import make_response, make_session, make_student
from tests.unit.content.good import CONTENT, good_problem, numbered


async def stored(db: AsyncSession, external_id: str = "G6-EXAMPLE-001") -> Problem:
    statement = select(Problem).where(Problem.external_id == external_id)
    return (await db.execute(statement.execution_options(populate_existing=True))).scalar_one()


async def answer(db: AsyncSession, problem: Problem) -> None:
    student = make_student()
    db.add(student)
    await db.flush()
    practice = make_session(student_id=student.id)
    db.add(practice)
    await db.flush()
    db.add(make_response(session_id=practice.id, problem_id=problem.id))
    await db.flush()


async def test_new_rows_are_added_with_every_column(db: AsyncSession) -> None:
    row = good_problem()

    summary = await import_rows(db, [row, numbered(2)])

    assert summary == ImportSummary(added=2)
    again = ProblemRow.model_validate(await stored(db))
    assert again == row.model_copy(update={"solution_check": ""})


async def test_a_choice_problem_keeps_its_choices(db: AsyncSession) -> None:
    choices = {"en": ["84", "156", "35"], "bn": ["৮৪", "১৫৬", "৩৫"]}
    row = good_problem(answer="A", answer_type="choice", choices=choices, misconceptions=[])

    await import_rows(db, [row])

    assert (await stored(db)).choices == choices


async def test_joiners_inside_bangla_words_are_stored_as_they_are(db: AsyncSession) -> None:
    hints = [{"en": "A rally.", "bn": f"{number} র\u200d্যালি ক্\u200cষ"} for number in "১২৩"]

    await import_rows(db, [good_problem(hints=hints)])

    assert [hint["bn"] for hint in (await stored(db)).hints] == [hint["bn"] for hint in hints]


async def test_the_second_time_nothing_changes(db: AsyncSession) -> None:
    rows = [numbered(number) for number in range(5)]
    await import_rows(db, rows)
    before = (await stored(db, "G6-MANY-000-003")).updated_at

    assert await import_rows(db, rows) == ImportSummary(unchanged=5)
    assert (await stored(db, "G6-MANY-000-003")).updated_at == before


@pytest.mark.parametrize(
    "change",
    [
        {"question_en": "Another text?"},
        {"answer_options": {"form": "lowest_terms"}},
        {"misconceptions": []},
        {"variant_of": "G6-EXAMPLE-002"},
        {"estimated_time_minutes": 9},
        {"status": "draft"},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_a_change_in_any_column_is_seen(db: AsyncSession, change: dict[str, Any]) -> None:
    await import_rows(db, [good_problem()])
    identity = (await stored(db)).id

    summary = await import_rows(db, [good_problem(**change), numbered(7)])

    assert summary == ImportSummary(added=1, changed=1)
    problem = await stored(db)
    assert problem.id == identity
    for name, value in change.items():
        assert getattr(problem, name) == value


async def test_a_row_is_retired_once_and_only_by_its_status(db: AsyncSession) -> None:
    await import_rows(db, [good_problem(), numbered(1)])

    assert await import_rows(db, [numbered(1)]) == ImportSummary(unchanged=1)
    assert (await stored(db)).retired_at is None
    assert await import_rows(db, [good_problem(status="retired")]) == ImportSummary(retired=1)
    retired_at = (await stored(db)).retired_at
    assert retired_at is not None
    late = good_problem(status="retired", question_en="Mended?")
    assert await import_rows(db, [late]) == ImportSummary(changed=1)
    assert (await stored(db)).retired_at == retired_at


async def test_a_retired_row_can_come_back(db: AsyncSession) -> None:
    await import_rows(db, [good_problem(status="retired")])
    assert (await stored(db)).retired_at is not None

    assert await import_rows(db, [good_problem()]) == ImportSummary(changed=1)

    assert (await stored(db)).retired_at is None


@pytest.mark.parametrize(
    "change",
    [
        {"answer": "85"},
        {"answer_type": "text"},
        {"answer_options": {"tol": "1"}},
        {"choices": {"en": ["84", "1"], "bn": ["৮৪", "১"]}},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_an_answered_problem_is_judged_anew_only_by_a_new_version(
    db: AsyncSession, change: dict[str, Any]
) -> None:
    await import_rows(db, [good_problem()])
    await answer(db, await stored(db))

    with pytest.raises(RefusedContent) as refusal:
        await import_rows(db, [numbered(1), good_problem(**change)])
    (fault,) = refusal.value.faults
    assert (fault.code, fault.row, fault.column) == ("changed_answer", 2, "content_version")
    assert (await db.execute(select(Problem.external_id))).scalars().all() == ["G6-EXAMPLE-001"]

    newer = good_problem(**change, content_version=2)
    assert await import_rows(db, [newer]) == ImportSummary(changed=1)


async def test_an_answered_problem_takes_better_words_at_once(db: AsyncSession) -> None:
    await import_rows(db, [good_problem()])
    await answer(db, await stored(db))

    assert (await import_rows(db, [good_problem(solution_en="Better.")])).changed == 1


async def test_the_answer_of_a_problem_that_nobody_met_changes_freely(db: AsyncSession) -> None:
    await import_rows(db, [good_problem()])

    assert await import_rows(db, [good_problem(answer="85")]) == ImportSummary(changed=1)


async def test_an_older_version_never_overwrites_a_newer_one(db: AsyncSession) -> None:
    await import_rows(db, [good_problem(content_version=3)])

    summary = await import_rows(db, [good_problem(content_version=2), numbered(1)])

    assert summary.kept == ("G6-EXAMPLE-001: stored with content_version 3, the file has 2",)
    assert summary.added == 1
    assert (await stored(db)).content_version == 3


async def test_a_dry_run_counts_and_writes_nothing(db: AsyncSession) -> None:
    await import_rows(db, [good_problem(), numbered(1), numbered(2)])
    changes = [
        good_problem(status="retired"),
        numbered(1, difficulty=3),
        numbered(2),
        numbered(3),
    ]

    summary = await import_rows(db, changes, dry_run=True)

    assert summary == ImportSummary(added=1, changed=1, unchanged=1, retired=1, dry_run=True)
    assert await import_rows(db, [good_problem(), numbered(1)]) == ImportSummary(unchanged=2)
    assert len((await db.execute(select(Problem.id))).all()) == 3


async def test_rows_may_be_imported_twice_in_one_transaction(db: AsyncSession) -> None:
    await import_rows(db, [good_problem()])
    await import_rows(db, [numbered(1)])
    await db.rollback()

    assert (await db.execute(text("SELECT count(*) FROM problems"))).scalar_one() == 0


async def test_misconceptions_come_with_the_library_and_are_written_once(
    db: AsyncSession, tmp_path: Path
) -> None:
    for path in (CONTENT / "misconceptions.toml", *CONTENT.glob("problems-grade-6*.csv")):
        (tmp_path / path.name).symlink_to(path)
    header, *lines = (CONTENT / MAP_NAME).read_text(encoding="utf-8").splitlines()
    mapped = [header, *(line for line in lines if line.startswith("G6"))]
    (tmp_path / MAP_NAME).write_text("\n".join(mapped), encoding="utf-8")
    await load_library(db, tmp_path)

    first = {one.id: one.updated_at for one in await db.scalars(select(Misconception))}
    await load_library(db, tmp_path)
    again = {one.id: one.updated_at for one in await db.scalars(select(Misconception))}

    assert first == again
    entries = (await stored(db, "G6-NUM-PLACE-001")).misconceptions
    assert {one["id"] for one in entries} == {"place-names"}
    assert "place-names" in first
    parts = [await stored(db, f"G6-STEM-01-00{part}") for part in (1, 2, 3)]
    assert [(one.stem, one.part) for one in parts] == [("G6-STEM-01", part) for part in (1, 2, 3)]


async def test_a_changed_lesson_is_stored(db: AsyncSession) -> None:
    names = {"name": {"en": "A name", "bn": "একটি নাম"}, "id": "a-name", "topic": "sets"}
    for lesson in ("This holds. Do this.", "That holds. Do that."):
        row = MisconceptionRow(**names, lesson_en=lesson, lesson_bn="এটি ঠিক। এটি করো।")
        with Spool() as spool:
            spool.misconceptions = [row]
            await import_spool(db, spool)

    found = await db.scalar(select(Misconception).execution_options(populate_existing=True))
    assert found is not None
    assert found.lesson_en == "That holds. Do that."
