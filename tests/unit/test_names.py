"""docs/names.md tells the truth: every name that is said to be here is here."""

import importlib
import re
import runpy
from operator import attrgetter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/names.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| name in")
]
PLACES = sorted({place for _, here, *_ in ROWS for place in re.findall(r"`([^`]+)`", here)})
NAMES = [place for place in PLACES if ":" in place]
COMMANDS = [place for place in PLACES if place.startswith("dars ")]
SCRIPTS = [place for place in PLACES if place.startswith("scripts.")]


def test_each_name_is_somewhere_or_has_a_reason() -> None:
    titles = [row[0] for row in ROWS if row[0].startswith("**")]
    assert len(titles) == 5
    assert [row[0] for row in ROWS if row[0] not in titles and not (row[1] or row[2])] == []
    assert len(NAMES) > 40


@pytest.mark.parametrize("place", NAMES)
def test_a_name_can_be_imported(place: str) -> None:
    module, _, name = place.partition(":")
    assert attrgetter(name)(importlib.import_module(module)) is not None


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_says_what_it_does(command: str) -> None:
    shown = CliRunner().invoke(app, [*command.split()[1:], "--help"])
    assert shown.exit_code == 0, shown.output
    assert "Usage" in shown.output


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_says_what_it_does(
    script: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", [script, "--help"])
    with pytest.raises(SystemExit) as end:
        runpy.run_module(script, run_name="__main__")
    assert not end.value.code
    assert "usage" in capsys.readouterr().out.lower()
