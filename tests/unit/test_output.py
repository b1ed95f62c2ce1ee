"""Nothing that a command prints is obeyed by the terminal."""

import ast
import json
import unicodedata
from pathlib import Path

import pytest

from cli.output import Report, print_json, print_table, say

ROOT = Path(__file__).resolve().parents[2]
# Rename the window, clear it, C1 forms of both, ring, return, turn around, nothing, a lone half.
DANGEROUS = "\x1b]0;PWNED\x07\x1b[2J\x9b2J\x9d0;x\x9c\b\r\x7f\u202e\u2066\u2028\ufeff\U000e0041"
WORDS = "[bold]৩/৪[/bold] :smile: ক্‍ষ"


def obeyed(text: str) -> list[str]:
    return [
        sign
        for sign in text
        if sign not in "\n\u200d" and unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp"}
    ]


def test_a_table_shows_texts_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    table = Report("what", title="Found")
    table.add_column(DANGEROUS)
    table.add_row(WORDS, f"a{DANGEROUS}\nb")
    print_table(table)
    shown = capsys.readouterr().out
    assert obeyed(shown) == []
    for part in (WORDS, "\\u001b]0;PWNED\\u0007", "\\u009b2J", "\\u202e", "\\U000e0041"):
        assert part in shown


def test_lines_are_no_different(capsys: pytest.CaptureFixture[str]) -> None:
    say(f"two\nlines {WORDS} {DANGEROUS}")
    say(DANGEROUS, to_errors=True)
    shown = capsys.readouterr()
    assert shown.out.startswith(f"two\nlines {WORDS} \\u001b]0;")
    assert obeyed(shown.out + shown.err) == []


def test_json_says_the_same_in_other_signs(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"typed": [DANGEROUS, WORDS, 'a "quoted" \\ word\n']}
    print_json(value)
    shown = capsys.readouterr().out
    assert (json.loads(shown), obeyed(shown)) == (value, [])
    assert "৩/৪" in shown


def test_no_command_goes_past_it() -> None:
    found = []
    for path in sorted((ROOT / "cli").glob("*.py")):
        names = {
            alias.name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        if names & {"Table", "escape", "Markup"} and path.name != "output.py":
            found.append(path.name)
    assert found == []


def test_no_cell_is_cut_where_no_one_watches(capsys: pytest.CaptureFixture[str]) -> None:
    table = Report("id", "what")
    table.add_row("G8-PAT-NUM-001-V02", "x" * 500)
    print_table(table)
    out = capsys.readouterr().out
    assert "G8-PAT-NUM-001-V02" in out
    assert "x" * 500 in out
    assert max(map(len, out.splitlines())) < 600
