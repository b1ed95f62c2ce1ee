"""Commands are imported when they are run, and say in the list what they say themselves."""

import subprocess
import sys

import pytest

from cli.lazy import load
from cli.main import COMMANDS, main

HEAVY = ("sqlalchemy", "pydantic", "rich", "telegram", "alembic", "anthropic", "structlog")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_the_list_is_the_help_of_the_command(name: str) -> None:
    entry = COMMANDS[name]
    assert load(name, entry).get_short_help_str(200) == entry.help


def test_the_list_is_in_order() -> None:
    assert list(COMMANDS) == sorted(COMMANDS)


def test_help_imports_nothing_that_is_not_needed() -> None:
    code = f"""
import sys
from cli.main import main
try:
    main(["--help"])
except SystemExit:
    print(sorted(name for name in {HEAVY} if name in sys.modules), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Dars: a practice tutor" in done.stdout
    assert done.stderr.strip() == "[]"


def test_help_needs_no_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DARS_NONSENSE", "1")
    with pytest.raises(SystemExit) as end:
        main(["secrets", "--help"])
    assert not end.value.code
    assert "Usage" in capsys.readouterr().out


def test_a_command_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help", "nonsense"])
    assert not end.value.code
    with pytest.raises(SystemExit):
        main(["nonsense"])
    assert "nonsense" in capsys.readouterr().err
