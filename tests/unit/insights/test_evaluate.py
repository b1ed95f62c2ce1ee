"""``dars insights evaluate``: from a file to scores."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.learners import KINDS, as_csv
from cli.insights import app
from src.errors import InvalidReport
from src.insights.answer_log import LoggedAnswer, read_log
from src.insights.evaluate import evaluate

HEAD = "pupil,skill,order,correct\n"


@pytest.mark.parametrize("kind", KINDS)
def test_the_estimate_beats_the_pupils_mean_and_the_flag_the_usual_rule(kind: str) -> None:
    found = evaluate(read_log("".join(as_csv(KINDS[kind](11, 150)))))
    ours, mean = found.estimate, found.pupil_mean
    assert ours.auc is not None and mean.auc is not None  # noqa: PT018
    assert ours.log_loss is not None and mean.log_loss is not None  # noqa: PT018
    assert ours.calibration_error is not None
    assert ours.auc > mean.auc + 0.02
    assert ours.log_loss < mean.log_loss
    assert ours.calibration_error <= 0.05
    assert found.next_answers.coverage is not None
    assert 0.75 <= found.next_answers.coverage <= 0.85
    stuck, usual = found.stuck, found.kolibri
    assert stuck.precision is not None and usual.precision is not None  # noqa: PT018
    assert stuck.recall is not None and usual.recall is not None  # noqa: PT018
    assert stuck.precision > usual.precision
    assert stuck.recall > usual.recall


def test_a_chance_is_stated_before_its_answer_is_seen() -> None:
    log = read_log("".join(as_csv(KINDS["drifting"](2, 20))))[:400]
    flipped = [*log[:-1], LoggedAnswer(log[-1].pupil, log[-1].skill, not log[-1].is_correct)]
    a, b = evaluate(log).estimate, evaluate(flipped).estimate
    assert a.log_loss is not None and b.log_loss is not None  # noqa: PT018
    # Only the last answer differs, so do only its loss and nothing stated before it.
    assert abs(a.log_loss - b.log_loss) * 400 < 4.7


def test_answers_come_in_their_order() -> None:
    numbers = HEAD + "p,s,10,1\np,s,9,0\np,s,9.5,true\n"
    assert [a.is_correct for a in read_log(numbers)] == [False, True, True]
    instants = HEAD + "p,s,2026-03-01T10:00:00+06:00,1\np,s,2026-03-01T03:00:00Z,0\n"
    assert [a.is_correct for a in read_log(instants)] == [False, True]
    big = HEAD + "p,s,9007199254740993,1\np,s,9007199254740992,0\n"
    assert [a.is_correct for a in read_log(big)] == [False, True]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no column pupil, skill, order, correct"),
        ("pupil,skill,order\na,b,1\n", "no column correct"),
        (HEAD, "holds no answer"),
        (HEAD + "a,b,1,2\n", "line 2: correct is '2'"),
        (HEAD + "a,b,1,\n", "line 2: correct is empty"),
        (HEAD + "a,b,1\n", "line 2: correct is empty"),
        (HEAD + "a,b,soon,1\n", "line 2: order is 'soon'"),
        (HEAD + "a,b,nan,1\n", "line 2: order is 'nan'"),
        (HEAD + f"a,b,-{'9' * 400},1\n", "line 2: order is '-9999"),
        (HEAD + f"a,b,{'9' * 5000},1\n", "line 2: order is '9999"),
        (HEAD + "a,b,1,1\na,b,2026-01-01,1\n", "mixes numbers and instants"),
        (HEAD + "a" * 200_000 + ",b,1,1\n", "not a CSV file"),
    ],
)
def test_a_log_that_cannot_be_read_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(InvalidReport, match=words):
        read_log(text)


def test_the_command_prints_json_and_a_table(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("".join(as_csv(KINDS["tracing"](4, 40))), encoding="utf-8-sig")
    run = CliRunner().invoke(app, ["evaluate", str(file), "--format", "json"])
    found = json.loads(run.output)
    assert {"auc", "log_loss", "calibration_error", "interval_coverage"} <= found.keys()
    assert found["flags"].keys() == {"cases", "base_rate", "precision", "recall"}
    assert found["baselines"].keys() == {"pupil_mean", "more_than_3_wrong_of_7"}
    table = CliRunner().invoke(app, ["evaluate", str(file)])
    assert f"{found['auc']:.3f}" in table.output


def test_one_answer_is_a_log_of_which_little_can_be_said(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(HEAD + "a,b,1,1\n", encoding="utf-8")
    found = json.loads(CliRunner().invoke(app, ["evaluate", str(file), "--format", "json"]).output)
    assert found["answers"] == 1
    assert found["auc"] is None
    assert found["flags"]["cases"] == 0


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    binary = tmp_path / "log.bin"
    binary.write_bytes(b"\xff\xfe\x00")
    for file in (tmp_path / "none.csv", binary):
        run = CliRunner().invoke(app, ["evaluate", str(file)])
        assert isinstance(run.exception, InvalidReport)
        assert str(file) in str(run.exception)
