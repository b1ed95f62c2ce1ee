"""`dars content show|export|fix|retire|release|regrade`, and imports of the files after them."""

import asyncio
import csv
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from cli.main import app
from src import clock, database
from src.accounts import service as accounts
from src.models import AuditAction, AuditEvent, Problem, Response, Session
from src.practice import service as practice
from tests.fixtures.factories import make_attempt, make_problem, make_session, make_student
from tests.integration.test_disputes import one
from tests.unit.content.good import good_cells, numbered_cells, write_csv

ID = "G6-EXAMPLE-001"


async def dars(*words: object, status: int = 0) -> str:
    """Run `dars content` beside the loop of the test, and return what it prints."""
    await database.dispose()
    arguments = ["content", *map(str, words)]
    result = await asyncio.to_thread(CliRunner().invoke, app, arguments)
    assert result.exit_code == status, (result.output, result.exception)
    return result.output


@pytest.fixture
async def files(database_url: str, tmp_path: Path) -> Path:
    """A folder with two problems, imported."""
    folder = tmp_path / "library"
    folder.mkdir()
    write_csv(folder / "problems-grade-6.csv", [good_cells(), numbered_cells(2)])
    await dars("import", folder)
    return folder


async def respond(typed: list[str], **response: Any) -> int:
    """Have a pupil give wrong answers to the problem; return the response's id."""
    now = clock.now()
    async with database.session_scope() as db:
        problem = await db.scalar(select(Problem.id).where(Problem.external_id == ID))
        others = [make_problem() for _ in range(4)]
        student = make_student()
        db.add_all([*others, student])
        await db.flush()
        ids = [problem, *(other.id for other in others)]
        session = make_session(student_id=student.id, problem_ids=ids, current_index=1)
        db.add(session)
        await db.flush()
        values = {"closed_at": now, "last_verdict": "wrong", "content_version": 1}
        values |= {"attempts": len(typed), "student_answer": typed[-1]} | response
        given = Response(session_id=session.id, problem_id=problem, **values)
        db.add(given)
        await db.flush()
        verdict = values["last_verdict"]
        db.add_all(
            make_attempt(response_id=given.id, number=number, typed=text, verdict=verdict)
            for number, text in enumerate(typed, 1)
        )
        return given.id


async def test_what_was_fixed_stays_fixed_after_an_import_of_the_files(files: Path) -> None:
    await respond(["80", "84"], is_correct=True, last_verdict="correct")
    said = await dars("fix", ID, "--set", "solution_en=Take 35% of 240: that is 84.")
    assert "content_version  1" in said
    said = await dars("import", files)
    assert f"kept  {ID}: taken over by an operator on" in said
    assert (await one(Problem, external_id=ID)).solution_en == "Take 35% of 240: that is 84."
    summary = json.loads(await dars("import", files, "--format", "json"))
    assert (summary["unchanged"], len(summary["kept"]), summary["refused"]) == (1, 1, 0)
    await dars("release", ID)
    assert json.loads(await dars("import", files, "--format", "json"))["changed"] == 1


async def test_what_was_retired_is_not_served_again(files: Path) -> None:
    assert "would be retired" in await dars("retire", ID, "--dry-run")
    assert (await one(Problem, external_id=ID)).retired_at is None
    assert await dars("retire", ID) == "1 retired\n"
    assert f"kept  {ID}" in await dars("import", files)
    stored = await one(Problem, external_id=ID)
    assert (stored.status, stored.retired_at is None) == ("retired", False)
    assert (await one(AuditEvent)).action is AuditAction.RETIRE
    await dars("fix", ID, "--set", "status=active")
    assert (await one(Problem, external_id=ID)).retired_at is None


async def test_a_newer_version_is_kept_and_the_rest_is_imported(files: Path) -> None:
    own = write_csv(files.parent / "own.csv", [good_cells(content_version="2")])
    await dars("import", own)
    write_csv(files / "problems-grade-6.csv", [good_cells(), numbered_cells(3)])
    summary = json.loads(await dars("import", files, "--format", "json"))
    assert summary["kept"] == [f"{ID}: stored with content_version 2, the file has 1"]
    assert summary["added"] == 1


async def test_an_import_can_take_over(files: Path) -> None:
    own = write_csv(files.parent / "own.csv", [good_cells(status="retired")])
    await dars("import", own, "--take-over")
    await dars("import", files)
    assert (await one(Problem, external_id=ID)).status == "retired"
    own = write_csv(files.parent / "own.csv", [good_cells()])
    await dars("import", own, "--take-over")
    assert (await one(Problem, external_id=ID)).status == "active"


async def test_a_corrected_key_judges_again_what_was_given(files: Path) -> None:
    wrong = await respond(["80", "95", "7"])
    skipped = await respond(["95"], skipped=True)
    before = await respond(["84"], is_correct=True, last_verdict="correct")
    await dars(*("fix", ID, "--set", "answer=95"), status=1)  # the texts say 84
    texts = {name: text.replace("84", "95") for name, text in good_cells().items()}
    changed = [name for name, text in good_cells().items() if text != texts[name]]
    texts["solution_check"], changed = "value: 95", [*changed, "solution_check"]
    words = [word for name in changed for word in ("--set", f"{name}={texts[name]}")]
    said = await dars("fix", ID, *words)
    assert "content_version  2" in said
    assert f"dars content regrade {ID} --dry-run" in said
    expected = f"{ID}: 3 answered by an older version, 2 become right, 1 were right by it"
    assert expected in await dars("regrade", ID, "--dry-run")
    assert not (await one(Response, id=wrong)).is_correct
    assert expected in await dars("regrade", ID)
    for response_id in (wrong, skipped):
        response = await one(Response, id=response_id)
        assert (response.is_correct, response.skipped) == (True, False)
        assert (response.last_verdict, response.content_version) == ("correct", 2)
        assert (await one(Session, id=response.session_id)).problems_correct == 1
    stays = await one(Response, id=before)
    assert (stays.is_correct, stays.content_version) == (True, 1)
    assert "1 answered by an older version, 0 become right" in await dars("regrade", ID)
    event = await one(AuditEvent, action=AuditAction.FIX)
    assert event.detail["content_version"] == 2
    shown = json.loads(await dars("show", ID, "--format", "json"))
    assert (shown["answered"], shown["solved"], shown["judged_by_older"]) == (3, 3, 1)


async def test_a_dry_run_of_a_fix_changes_nothing(files: Path) -> None:
    said = await dars("fix", ID, "--set", "difficulty=3", "--dry-run")
    assert "difficulty  3" in said
    assert "Dry run" in said
    stored = await one(Problem, external_id=ID)
    assert (stored.difficulty == 3, stored.taken_over_at) == (False, None)


async def test_what_is_exported_can_be_imported(files: Path) -> None:
    file = files.parent / "out.csv"
    await dars("export", "--to", file)
    with file.open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["external_id"] for row in rows] == [ID, "G6-MANY-000-002"]
    again = [row | {"solution_check": good_cells()["solution_check"]} for row in rows]
    write_csv(file, again)
    assert json.loads(await dars("import", file, "--format", "json"))["unchanged"] == 2
    await dars("retire", ID)
    printed = await dars("export", "--taken-over")
    assert [row["external_id"] for row in csv.DictReader(printed.splitlines())] == [ID]


@pytest.mark.usefixtures("database_url")
async def test_an_unknown_problem_or_column_is_named() -> None:
    await database.dispose()
    for words, said in (
        (["show", "G6-NO-001"], "no problem G6-NO-001 is stored"),
        (["export", "G6-NO-001"], "no problem G6-NO-001 is stored"),
        (["fix", "G6-NO-001", "--set", "anser=3"], "--set anser: there is no such column"),
    ):
        result = await asyncio.to_thread(CliRunner().invoke, app, ["content", *words])
        assert said in str(result.exception)


@pytest.mark.usefixtures("database_url")
async def test_an_answer_keeps_the_version_that_judged_it() -> None:
    async with database.session_scope() as db:
        db.add_all(make_problem(content_version=7) for _ in range(5))
        student = make_student()
        db.add(student)
        await db.flush()
        number = student.id
    async with database.session_scope() as db:
        pupil = await accounts.find_student(db, number)
        assert pupil is not None
        await practice.start_or_resume(db, pupil, None, clock.now())
        place = await practice.active_place(db, number)
        assert place is not None
        await practice.submit_answer(db, pupil, place, "-12345", clock.now())
    assert (await one(Response)).content_version == 7
