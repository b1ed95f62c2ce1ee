"""`dars canvas` and `dars secrets` as an operator types them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from sandbox.canvas.run import RunningSchool, start
from sandbox.canvas.seed import token_of
from src.errors import DarsError
from src.settings import get_settings
from src.storage.keyring import make_key
from tests.acceptance.school_client import Person

TOKEN = token_of("farida")
KEY = make_key().get_secret_value()


@pytest.fixture(scope="module")
def school() -> Iterator[RunningSchool]:
    """The stand-in school."""
    running = start()
    yield running
    running.stop()


class Operator:
    """Types commands; the settings are the environment's, and may be others for one command."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch

    def dars(self, *words: str, typed: str = "", **variables: str) -> tuple[int, str, str]:
        """Return the exit code, what was printed, and the complaint."""
        with self.patch.context() as patch:
            for name, value in ({"DARS_SECRET_KEYS": KEY} | variables).items():
                patch.setenv(name, value)
            get_settings.cache_clear()
            done = CliRunner().invoke(app, words, input=typed)
        get_settings.cache_clear()
        error = done.exception
        assert error is None or isinstance(error, DarsError | SystemExit), repr(error)
        complaint = str(error) if isinstance(error, DarsError) else done.stderr
        assert TOKEN not in done.output + complaint
        return done.exit_code, done.stdout, complaint

    def status(self) -> list[dict[str, Any]]:
        """Return what the command of that name says."""
        found: list[dict[str, Any]] = json.loads(
            self.dars("canvas", "status", "--format", "json")[1]
        )
        return found


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Operator:
    """An operator with a fresh database."""
    assert database_url
    return Operator(monkeypatch)


def test_a_school_is_offered_and_no_longer(operator: Operator) -> None:
    address = "https://canvas.school.example"
    add = ("canvas", "school", "add", f"{address}/login", "--name", "Padma School")
    assert operator.dars(*add)[:2] == (
        0,
        "Padma School is offered to pupils: by a token or a calendar link.\n",
    )
    code, _, complaint = operator.dars(*add, "--client-id", "170000000000001")
    assert (code, "missing on the standard input" in complaint) == (2, True)
    code, said, _ = operator.dars(*add, "--client-id", "170000000000001", typed="sesame-7\n")
    assert (code, "its own log-in" in said, "sesame-7" in said) == (0, True, False)
    listed = operator.dars("canvas", "school", "list", "--format", "json")[1]
    row = {"name": "Padma School", "address": address, "has_key": True}
    assert json.loads(listed) == [row]
    assert operator.dars("canvas", "school", "remove", address)[0] == 0
    assert operator.dars("canvas", "school", "remove", address)[0] == 1
    assert json.loads(operator.dars("canvas", "school", "list", "--format", "json")[1]) == []


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


def test_nothing_is_said_to_be_next_where_nothing_will_be_asked(
    operator: Operator, school: RunningSchool
) -> None:
    people = Person(school).people()
    john = next(one["id"] for one in people if one["login_id"] == "john")
    token = Person(school).post("tokens", {"user_id": john})["token"]
    connect = ("canvas", "connect", school.url, "--label", "john")
    assert operator.dars(*connect, typed=token)[0] == 0
    assert operator.status()[0]["next_sync_at"]
    Person(school).post("faults", {"revoke": [token]})
    assert operator.dars("canvas", "sync", "john")[0] == 1
    [row] = operator.status()
    assert (row["state"], row["next_sync_at"]) == ("refused", None)


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


def test_a_school_without_tokens_is_connected_by_its_calendar(
    operator: Operator, school: RunningSchool
) -> None:
    """Rule 33: the address is a secret, shown nowhere; it opens no courses."""
    people = Person(school).people()
    feed = next(one["feed"] for one in people if one["login_id"] == "mina")
    connect = ("canvas", "connect", school.url, "--feed", "--label", "mina")
    for _ in range(2):
        code, said, _ = operator.dars(*connect, typed=f" {school.url}{feed}\n")
        assert (code, said) == (0, "mina is connected by its calendar address: dates only.\n")
    [row] = operator.status()
    assert (row["kind"], row["state"]) == ("feed", "connected")
    assert feed not in operator.dars("canvas", "status", "--format", "json")[1]
    code, _, error = operator.dars("canvas", "sync", "mina")
    assert (code, "dates only" in error) == (1, True)
    code, _, error = operator.dars(*connect, typed=f"{school.url}/feeds/calendars/user_x.ics\n")
    assert (code, feed in error) == (1, False)
    other = ("canvas", "connect", "https://canvas.example", "--feed", "--label", "other")
    code, _, error = operator.dars(*other, typed=f"{school.url}{feed}\n")
    assert (code, "another school" in error) == (1, True)


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


def test_of_a_very_long_answer_the_table_shows_the_beginning(operator: Operator) -> None:
    users = json.dumps([{"id": number, "name": f"N{number}"} for number in range(1, 1102)])
    read = ("canvas", "read", "-", "--kind", "users")
    code, said, _ = operator.dars(*read, typed=users)
    assert (code, "N1000 " in said, "N1001" in said) == (0, True, False)
    assert "the first 1000 are shown" in said
    assert "1101 rows, 0 refused" in said
    _, said, _ = operator.dars(*read, "--format", "json", typed=users)
    assert len(json.loads(said)["rows"]) == 1101
