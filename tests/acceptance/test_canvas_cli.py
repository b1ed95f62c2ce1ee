"""`dars canvas` and `dars secrets` as an operator types them, in processes of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.canvas.run import RunningSchool, start
from sandbox.canvas.seed import token_of
from src.storage.keyring import make_key

ROOT = Path(__file__).resolve().parents[2]
TOKEN = token_of("farida")
KEY = make_key().get_secret_value()


@pytest.fixture(scope="module")
def school() -> Iterator[RunningSchool]:
    running = start()
    yield running
    running.stop()


class Operator:
    """Runs `dars` in a folder with a database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.variables = {"DATABASE_URL": url, "PYTHONPATH": str(ROOT), "DARS_SECRET_KEYS": KEY}

    def dars(self, *words: str, typed: str = "", **variables: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-c", "from cli.main import main; main()", *words],
            cwd=self.folder,
            env=os.environ | self.variables | variables,
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert TOKEN not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout, done.stderr

    def status(self, **variables: str) -> list[dict[str, Any]]:
        _, said, _ = self.dars("canvas", "status", "--format", "json", **variables)
        found: list[dict[str, Any]] = json.loads(said)
        return found


@pytest.fixture
def operator(database_url: str, tmp_path: Path) -> Operator:
    return Operator(database_url, tmp_path)


def test_a_school_is_connected_looked_at_rotated_and_let_go(
    operator: Operator, school: RunningSchool
) -> None:
    page = f"{school.url}/courses/12"
    connect = ("canvas", "connect", page, "--label", "office")
    code, said, _ = operator.dars(*connect, typed=f" {TOKEN}\n")
    assert (code, said) == (0, "office is connected as Farida Akter.\n")
    [row] = operator.status()
    assert (row["owner"], row["school"], row["state"]) == ("office", school.url, "connected")
    new = operator.dars("secrets", "key")[1].strip()
    code, said, _ = operator.dars("secrets", "rotate", DARS_SECRET_KEYS=f"{new},{KEY}")
    assert (code, said) == (0, "1 encrypted anew, 0 were already\n")
    code, said, error = operator.dars("secrets", "rotate")
    assert (code, "cannot be read" in error) == (1, True)
    assert operator.dars("canvas", "disconnect", "office", DARS_SECRET_KEYS="")[0] == 0
    assert operator.status()[0]["state"] == "disconnected"
    assert "office" in operator.dars("canvas", "status")[1]
    code, _, error = operator.dars("canvas", "disconnect", "nobody")
    assert (code, "no connection 'nobody'" in error) == (1, True)


def test_what_cannot_be_connected_is_told_why(operator: Operator, school: RunningSchool) -> None:
    def refusal(address: str, token: str, **variables: str) -> str:
        code, _, error = operator.dars("canvas", "connect", address, typed=token, **variables)
        assert code == 1
        return error

    assert "DARS_SECRET_KEYS is not set" in refusal(school.url, TOKEN, DARS_SECRET_KEYS="")
    assert "twice" in refusal(school.url, TOKEN * 2)
    assert "no token" in refusal(school.url, "")
    assert "refuses the token" in refusal(school.url, "7~" + "x1" * 30)
    assert "https://" in refusal(school.url, TOKEN, DARS_ENV="production")
    assert "not public" in refusal("https://10.0.0.1", TOKEN)
    assert operator.status() == []


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """An answer as a school would send it to us: one of three rows is wrong."""
    rows = [
        {"id": 77520000000029520, "course_id": 5, "name": "Essay", "due_at": None, "x": [1]},
        {"id": 6, "course_id": 5, "name": "Map\u202e", "due_at": "tomorrow"},
        {"id": 7, "course_id": 5, "name": "Poem", "due_at": "2026-05-28T23:59:59-06:00"},
    ]
    path = tmp_path / "assignments.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def test_a_recorded_answer_is_read_as_a_sync_would(operator: Operator, recorded: Path) -> None:
    read = ("canvas", "read", str(recorded), "--kind", "assignments")
    code, said, _ = operator.dars(*read, "--format", "json")
    found = json.loads(said)
    assert code == 1
    assert [row["id"] for row in found["rows"]] == ["77520000000029520", "7"]
    assert found["rows"][1]["due_at"] == "2026-05-29T05:59:59Z"
    reason = "due_at: expected an instant"
    assert found["faults"] == [{"index": 1, "canvas_id": 6, "reason": reason}]
    code, said, error = operator.dars(*read)
    assert (code, "Essay" in said, "2 rows, 1 refused" in said) == (1, True, True)
    assert error == f"row 2: {reason}\n"


def test_an_answer_may_come_through_a_pipe_and_be_one_object(operator: Operator) -> None:
    read = ("canvas", "read", "-", "--kind", "courses", "--format", "json")
    code, said, _ = operator.dars(*read, typed='{"id": 1, "access_restricted_by_date": true}')
    assert (code, len(json.loads(said)["rows"])) == (0, 1)
    code, _, error = operator.dars(*read, typed="<html>")
    assert (code, "is not JSON" in error) == (1, True)
    code, _, error = operator.dars("canvas", "read", "none.json", "--kind", "users")
    assert (code, "cannot be read" in error) == (1, True)
