"""An operator's work with a mirrored school, as they type it, with the stand-in school."""

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from sandbox.canvas.run import RunningSchool, start
from sandbox.canvas.seed import token_of
from src import clock, database
from src.errors import DarsError
from src.settings import get_settings
from src.storage.keyring import make_key
from tests.acceptance.school_client import Person


@pytest.fixture(scope="module")
def school() -> Iterator[RunningSchool]:
    running = start()
    yield running
    running.stop()


class Operator:
    """Somebody at a terminal with a database of their own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.key = make_key().get_secret_value()

    def type(self, *words: object, given: str = "", code: int = 0) -> str:
        """Run a command; return all that it prints and complains of."""
        database.configure(self.url)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DARS_SECRET_KEYS", self.key)
            get_settings.cache_clear()
            done = CliRunner().invoke(app, ["canvas", *map(str, words)], input=given)
        get_settings.cache_clear()
        database.configure()
        error = done.exception
        assert error is None or isinstance(error, DarsError | SystemExit), repr(error)
        complaint = f"dars: {error}" if isinstance(error, DarsError) else ""
        assert done.exit_code == code, done.output + complaint
        return done.output + complaint

    def read(self, *words: object) -> Any:
        return json.loads(self.type(*words, "--format", "json"))


@pytest.fixture(scope="module")
def operator(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, school: RunningSchool
) -> Operator:
    """An operator who has connected the school as its teacher and mirrored it."""
    file = tmp_path_factory.mktemp("operator") / "dars.db"
    shutil.copyfile(sqlite_template, file)
    made = Operator(f"sqlite:///{file}")
    said = made.type("connect", school.url, "--label", "school", given=token_of("farida"))
    assert "Farida Akter" in said
    rehearsed = made.read("sync", "school", "--dry-run")
    said = made.type("sync", "school")
    assert "3 courses with 4 students" in said
    assert f"{rehearsed['counts']['added']} rows added" in said
    return made


def test_a_second_sync_changes_nothing(operator: Operator) -> None:
    result = operator.read("sync", "school")
    assert (result["counts"]["added"], result["counts"]["changed"]) == (0, 0)
    assert result["requests"] > 9


def test_verify_finds_what_moved_and_a_sync_of_the_course_takes_it(
    operator: Operator, school: RunningSchool
) -> None:
    teacher = Person(school, "farida")
    operator.type("sync", "school")
    assert "0 differences" in operator.type("verify", "school")
    maths = teacher.courses()["MATH 7"]
    task = teacher.tasks(maths)["Homework 6: fractions"]
    path = f"courses/{maths['id']}/assignments/{task['id']}"
    teacher.send("PUT", path, assignment__due_at="2031-01-01T10:00:00Z")
    said = operator.type("verify", "school", code=1)
    assert "due_at" in said
    assert "2031-01-01 16:00" in said
    assert "Times of Asia/Dhaka." in said
    operator.type("sync", "school", "--course", maths["id"])
    assert "0 differences" in operator.type("verify", "school")


def test_show_note_and_curriculum(operator: Operator, school: RunningSchool) -> None:
    teacher = Person(school, "farida")
    maths = teacher.courses()["MATH 7"]
    users = {one["login_id"]: one["id"] for one in teacher.people()}
    operator.type("note", "school", "student", users["john"], "asks good questions")
    operator.type("note", "school", "course", maths["id"], "room 12")
    operator.type("curriculum", "school", "course", maths["id"], "algebra_1")
    page = operator.read("show", "school", "student", users["john"])
    assert (page["name"], page["notes"]) == ("John Baroi", "asks good questions")
    assert {one["course_code"] for one in page["courses"]} >= {"MATH 7"}
    course = operator.read("show", "school", "course", maths["id"])
    assert (course["curriculum"], len(course["students"])) == ("algebra_1", 4)
    task = teacher.tasks(maths)["Homework 1: fractions"]
    shown = operator.type("show", "school", "assignment", task["id"])
    assert "Homework 1: fractions" in shown
    assert "আয়েশা" in shown
    assert "no student 5" in operator.type("note", "school", "student", 5, "x", code=1)


def test_a_curriculum_that_nobody_follows_is_taken_and_said_to_be_new(
    operator: Operator, school: RunningSchool
) -> None:
    maths = Person(school, "farida").courses()["MATH 7"]
    operator.type("curriculum", "school", "course", maths["id"], "algebra_1")
    said = operator.type("curriculum", "school", "course", maths["id"], "algbra_1")
    assert "'algbra_1' is new here; in use are: algebra_1" in " ".join(said.split())
    assert "new here" not in operator.type(
        "curriculum", "school", "course", maths["id"], "algbra_1"
    )
    operator.type("curriculum", "school", "course", maths["id"])


def test_deletions_are_a_persons(operator: Operator, school: RunningSchool) -> None:
    teacher = Person(school, "farida")
    history = teacher.courses()["HIST 7"]
    made = teacher.send(
        "POST", f"courses/{history['id']}/assignments", assignment__name="Soon gone"
    ).body
    operator.type("sync", "school")
    refused = operator.type("deletions", "school", "--ask", "assignment", made["id"], code=1)
    assert "is there at the school" in refused
    teacher.send("DELETE", f"courses/{history['id']}/assignments/{made['id']}")
    assert operator.read("sync", "school")["counts"]["gone"] == 1
    [gone] = operator.read("deletions", "school")
    assert (gone["request"], gone["canvas_id"]) == (None, made["id"])
    [asked] = operator.read("deletions", "school", "--ask", "assignment", made["id"])
    operator.type("deletions", "--approve", asked["request"])
    assert operator.read("deletions", "school") == []
    assert "is mirrored" in operator.type("show", "school", "assignment", made["id"], code=1)


def test_an_export_holds_history_and_notes(operator: Operator, tmp_path: Path) -> None:
    operator.type("export", "school", tmp_path / "csv")
    with (tmp_path / "csv" / "canvas_students.csv").open(encoding="utf-8", newline="") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    assert "John Baroi" in names
    headers = {
        file.stem: file.read_text(encoding="utf-8").splitlines()[0].split(",")
        for file in (tmp_path / "csv").glob("*.csv")
    }
    assert headers["assignment_metadata"] == ["canvas_assignment_id", "notes", "tags"]
    assert all("canvas_" in ",".join(names) for names in headers.values())
    assert (tmp_path / "csv" / "canvas_students.csv").stat().st_mode & 0o077 == 0
    operator.type("export", "school", tmp_path / "lines", "--format", "jsonl")
    lines = (tmp_path / "lines" / "assignment_scores.jsonl").read_text(encoding="utf-8")
    assert len([json.loads(line) for line in lines.splitlines()]) > 20
    assert "cannot be written" in operator.type("export", "school", tmp_path / "csv", code=2)


def test_a_student_who_was_erased_stays_so(operator: Operator, school: RunningSchool) -> None:
    users = {one["login_id"]: one["id"] for one in Person(school, "farida").people()}
    operator.type("erase", "school", users["mina"], given="n\n", code=1)
    operator.type("erase", "school", users["mina"], "--yes")
    operator.type("sync", "school")
    assert "is mirrored" in operator.type("show", "school", "student", users["mina"], code=1)
    assert "0 differences" in operator.type("verify", "school")


def test_a_bundle_from_a_file(operator: Operator, tmp_path: Path) -> None:
    course = {"id": 77, "name": "From a file"}
    bundle = {"fetched_at": "2026-03-02T06:00:00Z", "contents": [{"course": course}]}
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(bundle))
    said = operator.type("sync", "school", "--from", file, code=1)
    assert "not in the file" in said
    assert "From a file" in operator.type("show", "school", "course", 77)
    assert "cannot be read" in operator.type("sync", "school", "--from", tmp_path, code=1)


DENVER = {
    "id": 4100,
    "name": "From Denver",
    "time_zone": "America/Denver",
    "enrollments": [{"type": "teacher", "enrollment_state": "active"}],
}
DUE = {"id": "1", "base": True, "due_at": "2026-05-29T05:59:59Z", "lock_at": None}


def test_a_deadline_is_shown_on_the_day_that_it_has_in_its_zone(
    operator: Operator, tmp_path: Path
) -> None:
    """Rule 13: 05:59:59 UTC on Friday is the end of Thursday in Denver."""
    task = {"id": 4101, "course_id": 4100, "name": "Essay", "due_at": DUE["due_at"]}
    parts = {"assignments": [task | {"all_dates": [DUE]}]}
    file = tmp_path / "denver.json"
    at = clock.now().isoformat()
    contents = [{"course": DENVER, **parts}]
    file.write_text(json.dumps({"fetched_at": at, "contents": contents}))
    operator.type("sync", "school", "--from", file, code=1)
    shown = " ".join(operator.type("show", "school", "assignment", 4101).split())
    assert "2026-05-28 23:59" in shown
    assert "all: due 2026-05-28 23:59" in shown
    assert "Times of America/Denver." in shown
    assert "05:59" not in shown
    assert operator.read("show", "school", "assignment", 4101)["due_at"].endswith("05:59:59+00:00")
