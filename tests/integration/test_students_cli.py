"""`dars students show` and `dars audit` on both databases."""

import asyncio
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from src import clock, database
from src.models import AuditAction
from src.settings import get_settings
from tests.fixtures.factories import (
    make_attempt,
    make_export,
    make_problem,
    make_response,
    make_session,
    make_streak,
    make_student,
)


async def dars(*words: str) -> Result:
    await database.dispose()
    return await asyncio.to_thread(CliRunner().invoke, app, words)


@pytest.fixture
async def pupil(database_url: str) -> int:
    """The Telegram id of a pupil who typed three answers to a problem."""
    async with database.session_scope() as db:
        student = make_student(telegram_id=987_654_321, name="Zubaida")
        problem = make_problem(external_id="G6-ODD-001")
        db.add_all([student, problem])
        await db.flush()
        practice = make_session(student_id=student.id)
        db.add_all([practice, make_streak(student_id=student.id, current_streak=4)])
        await db.flush()
        values = {"attempts": 3, "hints_used": 1, "closed_at": clock.now(), "content_version": 2}
        given = make_response(session_id=practice.id, problem_id=problem.id, **values)
        db.add(given)
        await db.flush()
        for number, typed in enumerate(("1/2", "১/৩", "\x1b[2J"), 1):
            db.add(make_attempt(response_id=given.id, number=number, typed=typed))
    return 987_654_321


async def test_one_pupil_is_shown_without_the_name_and_the_look_is_noted(pupil: int) -> None:
    found = json.loads((await dars("students", "show", str(pupil), "--format", "json")).output)
    assert (found["streak"], found["asked"][0]["problem"]) == (4, "G6-ODD-001")
    assert found["asked"][0]["typed"] == ["1/2", "১/৩", "\x1b[2J"]
    assert found["asked"][0]["version"] == 2
    said = (await dars("students", "show", str(pupil))).output
    assert "1/2 | ১/৩" in said
    assert "\x1b" not in said
    assert "Zubaida" not in said + json.dumps(found)
    subject = f"student:{found['student']}"
    events = json.loads((await dars("audit", "--subject", subject, "--format", "json")).output)
    assert [event["action"] for event in events] == ["look", "look"]
    assert (await dars("audit", "--action", AuditAction.ERASE)).output == "Nothing.\n"
    assert "operator" in (await dars("audit", "--most", "1")).output


async def test_the_number_that_the_report_of_costs_names_can_be_looked_up(pupil: int) -> None:
    found = json.loads((await dars("students", "show", str(pupil), "--format", "json")).output)
    words = ("students", "show", str(found["student"]), "--number", "--format", "json")
    assert json.loads((await dars(*words)).output)["student"] == found["student"]
    assert "number 4242" in str((await dars("students", "show", "4242", "--number")).exception)


@pytest.mark.usefixtures("database_url")
async def test_who_is_not_known_is_told() -> None:
    result = await dars("students", "show", "42")
    assert "nobody with the Telegram id 42 is known" in str(result.exception)


async def test_an_account_is_exported_moved_shut_out_and_erased_each_noted(
    pupil: int, tmp_path: Path
) -> None:
    file = tmp_path / "pupil.zip"
    assert "bytes" in (await dars("students", "export", str(pupil), str(file))).output
    with zipfile.ZipFile(file) as archive:
        tables = json.loads(archive.read("data.json"))
    assert [row["name"] for row in tables["students"]] == ["Zubaida"]
    assert file.stat().st_mode & 0o077 == 0
    again = await dars("students", "export", str(pupil), str(file))
    assert (again.exit_code, "cannot be written" in again.output) == (2, True)
    nobody = await dars("students", "export", "4711", str(tmp_path / "nobody.zip"))
    assert "nobody with the Telegram id" in str(nobody.exception)
    assert [one.name for one in tmp_path.glob("*.zip")] == ["pupil.zip"]
    assert "Shut out" in (await dars("students", "block", str(pupil))).output
    assert "Let in" in (await dars("students", "block", str(pupil), "--undo")).output
    assert "belongs to 77" in (await dars("students", "move", str(pupil), "77", "--yes")).output
    gone = await dars("students", "move", str(pupil), "78", "--yes")
    assert "nobody with the Telegram id" in str(gone.exception)
    stopped = await asyncio.to_thread(CliRunner().invoke, app, ["students", "erase", "77"], "n\n")
    assert stopped.exit_code == 1
    assert "Deleted" in (await dars("students", "erase", "77", "--yes")).output
    events = json.loads((await dars("audit", "--subject", "person", "--format", "json")).output)
    assert {event["actor"] for event in events} == {"operator"}
    found = [event["action"] for event in reversed(events)]
    assert found == ["export", "block", "unblock", "move", "erase"]


async def test_nothing_moves_to_an_account_that_has_something(pupil: int) -> None:
    async with database.session_scope() as db:
        db.add(make_student(telegram_id=88))
    result = await dars("students", "move", str(pupil), "88", "--yes")
    assert "has something of its own" in str(result.exception)


@pytest.mark.usefixtures("database_url")
async def test_what_is_over_its_limit_is_pruned_and_again_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with database.session_scope() as db:
        student = make_student()
        db.add(student)
        await db.flush()
        await db.refresh(student)
        for days in (1, 31):
            then = clock.now() - timedelta(days=days)
            db.add(make_export(person_id=student.person_id, asked_at=then, sent_at=then))
    said = (await dars("db", "prune")).output
    assert "requests for data: 1" in said
    assert "requests for data: 0" in (await dars("db", "prune")).output
    monkeypatch.setenv("DARS_KEEP_EXPORTS_DAYS", "1")
    get_settings.cache_clear()
    assert "requests for data: 1" in (await dars("db", "prune")).output
    get_settings.cache_clear()
