import csv
import io
import json
from itertools import count
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.answers import app
from src.answers.score import COLUMNS, CaseFileError, judge, read_cases
from src.errors import ContentError

Row = dict[str, str]


def _row(**changes: str) -> Row:
    row = dict(
        zip(
            COLUMNS, ("c-1", "digits", "number", "{}", "42", '"42"', "1", "0", "0", ""), strict=True
        )
    )
    return row | changes


def _text(*rows: Row) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _judge(*rows: Row) -> dict[str, object]:
    ticks = count(step=1_000_000)
    return judge(read_cases(_text(*rows)), lambda: next(ticks)).as_dict()


def test_accepted_and_wrongly_accepted_are_counted_by_category() -> None:
    report = _judge(
        _row(),
        _row(id="c-2", typed_json='"41"'),
        _row(id="c-3", category="sign", should_match="0", typed_json='"42"'),
        _row(id="c-4", category="sign", should_match="0", typed_json='"-42"'),
    )
    assert report["should_match"] == 2
    assert report["accepted"] == 1
    assert report["wrongly_accepted"] == 1
    assert report["by_category"] == {
        "digits": {"should_match": 2, "accepted": 1, "should_not_match": 0, "wrongly_accepted": 0},
        "sign": {"should_match": 0, "accepted": 0, "should_not_match": 2, "wrongly_accepted": 1},
    }
    assert [row["id"] for row in report["failing"]] == ["c-2", "c-3"]  # type: ignore[attr-defined]  # as_dict is JSON


def test_contested_cases_are_counted_apart_and_never_fail() -> None:
    report = _judge(_row(contested="1", typed_json='"43"'))
    assert report["should_match"] == 0
    assert report["failing"] == []
    assert report["contested"] == {
        "should_match": 1, "accepted": 0, "should_not_match": 0, "wrongly_accepted": 0,
    }  # fmt: skip


def test_without_a_verdict_anything_but_correct_will_do() -> None:
    report = _judge(_row(should_match="0", typed_json='"what?"'))
    assert report["failing"] == []
    assert report["verdicts_labelled"] == 0


def test_a_labelled_verdict_is_compared_exactly() -> None:
    report = _judge(
        _row(should_match="0", typed_json='"what?"', verdict="wrong"),
        _row(id="c-2", should_match="0", typed_json='"84/2"', verdict="wrong_form"),
    )
    assert (report["verdicts_met"], report["verdicts_labelled"]) == (1, 2)
    assert [row["got"] for row in report["failing"]] == ["unreadable"]  # type: ignore[attr-defined]  # as_dict is JSON


def test_a_stored_answer_that_cannot_be_read_fails_its_case() -> None:
    report = _judge(_row(stored="forty", should_match="0"))
    assert [row["got"] for row in report["failing"]] == ["key_fault"]  # type: ignore[attr-defined]  # as_dict is JSON


def test_cpu_time_is_reported_in_milliseconds() -> None:
    assert _judge(_row(), _row(id="c-2"))["cpu_ms"] == {"p50": 1.0, "p99": 1.0, "max": 1.0}


def test_a_byte_order_mark_and_an_empty_options_cell_are_fine() -> None:
    assert read_cases("\ufeff" + _text(_row(options="")))[0].options == {}


def test_a_file_without_cases_is_a_report_of_nothing() -> None:
    empty = ",".join(COLUMNS) + "\n"
    assert judge(read_cases(empty), lambda: 0).as_dict()["cpu_ms"] == {"p50": 0, "p99": 0, "max": 0}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"options": "[]"}, "row 2, column options: expected a JSON object"),
        ({"options": "{"}, "row 2, column options"),
        ({"typed_json": "42"}, "row 2, column typed_json: expected a JSON string"),
        ({"should_match": "yes"}, "row 2, column should_match: expected 0 or 1, found 'yes'"),
        ({"answer_type": "essay"}, "row 2, column answer_type"),
        ({"verdict": "fine"}, "row 2, column verdict"),
    ],
)
def test_a_bad_cell_is_named_with_its_row(changes: Row, message: str) -> None:
    with pytest.raises(CaseFileError, match=message.replace("[", r"\[")):
        read_cases(_text(_row(**changes)))


def test_missing_columns_are_named() -> None:
    with pytest.raises(CaseFileError, match="columns are missing: stored, contested"):
        read_cases(_text({name: "" for name in COLUMNS if name not in {"stored", "contested"}}))


def test_the_command_prints_a_table(tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text(_text(_row(), _row(id="c-2", typed_json='"4\\u0000"')), encoding="utf-8")
    result = CliRunner().invoke(app, ["score", str(file)], env={"COLUMNS": "160"})
    assert result.exit_code == 0
    assert "2 cases" in result.stdout
    assert "50.0%" in result.stdout
    assert "1 failing" in result.stdout
    assert "4\\u0000" in result.stdout


def test_the_command_prints_json(tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text(_text(_row(typed_json='"৪২"')), encoding="utf-8")
    result = CliRunner().invoke(app, ["score", str(file), "--format", "json"])
    assert json.loads(result.stdout)["accepted"] == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file"),
        (b"id,category\n1,2\n", "columns are missing"),
        (b"\xff\xfe\x00", "not UTF-8 at byte 0"),
        (b'id,"category\n', "not a CSV file"),
    ],
)
def test_a_bad_file_is_an_error_that_names_it(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    file = tmp_path / "bad.csv"
    if content is not None:
        file.write_bytes(content)
    result = CliRunner().invoke(app, ["score", str(file)])
    assert result.exit_code == 1
    assert isinstance(result.exception, ContentError)
    assert str(file) in str(result.exception)
    assert message in str(result.exception)
