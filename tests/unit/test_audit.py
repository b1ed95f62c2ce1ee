"""What `make audit` says of what pip-audit says."""

import json
import sys
from pathlib import Path

import pytest

from scripts.audit import FOUND, NOT_ASKED, SAFE, main

FINE = {"name": "a", "version": "1", "vulns": []}
SKIPPED = {"name": "b", "skip_reason": "Dependency not found on PyPI"}
BAD = {"name": "c", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["3"]}]}


@pytest.mark.parametrize(
    ("told", "status", "said"),
    [
        ([FINE, {**FINE, "version": "2"}], SAFE, "Nothing is known against the 2 packages"),
        ([FINE, BAD, SKIPPED], FOUND, "c 2: CVE-1, mended in 3"),
        ([FINE, SKIPPED], NOT_ASKED, "Not audited: the service could not be asked about 1 of 2"),
        ([SKIPPED], NOT_ASKED, "Not audited: the service could not be asked about 1 of 1"),
        ([], NOT_ASKED, "Not audited"),
    ],
)
def test_what_nobody_was_asked_about_is_not_called_safe(
    told: list[object],
    status: int,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = tmp_path / "answer.py"
    answer.write_text(f"print({json.dumps({'dependencies': told})!r})")
    assert main([sys.executable, str(answer)]) == status
    shown = capsys.readouterr()
    assert said in shown.out + shown.err


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import sys; sys.exit('ConnectionError: no route')", "no route"),
        ("print('<html>')", "gave no answer"),
        ("print('[]')", "gave no answer"),
    ],
)
def test_a_service_that_is_away_is_one_line(
    code: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = tmp_path / "answer.py"
    answer.write_text(code)
    assert main([sys.executable, str(answer)]) == NOT_ASKED
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("Not audited: ")
    assert said in line


def test_without_the_program_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["/none/pip-audit"]) == NOT_ASKED
    assert "Not audited: pip-audit cannot run" in capsys.readouterr().err
