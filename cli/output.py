"""How commands print: a table or lines to read, or JSON to process.

What is printed may be a pupil's words or a cell of somebody's file: a terminal would obey the signs
in it that move the cursor, rename the window or turn the line around. They are shown, not sent.
"""

import json
import os
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text


class OutputFormat(StrEnum):
    """How a report is printed."""

    TABLE = "table"
    JSON = "json"


Output = Annotated[
    OutputFormat, typer.Option("--format", help="A table to read or JSON to process.")
]
# Bangla is written with these two; they join letters and move nothing.
_JOINERS = "\u200c\u200d"
_ASTRAL = 0xFFFF
_UNBOUNDED = 1_000_000


def visible(text: str, *, but: str = "") -> str:
    """Return a text with every sign that a terminal hides or obeys written as its number.

    Args:
        text: Any text.
        but: Signs that stay as they are.
    """
    kept = _JOINERS + but
    return "".join(sign if sign.isprintable() or sign in kept else _number(sign) for sign in text)


def _number(sign: str) -> str:
    code = ord(sign)
    return f"\\U{code:08x}" if code > _ASTRAL else f"\\u{code:04x}"


class Report(Table):
    """A table that shows each text as it is: no sign of it is obeyed, no mark of rich's read."""

    def add_column(self, header: RenderableType = "", *args: Any, **more: Any) -> None:
        """Add a column; what does not fit goes on in the next line, so that no id is cut."""
        super().add_column(_cell(header), *args, **{"overflow": "fold"} | more)

    def add_row(self, *cells: RenderableType | None, **more: Any) -> None:
        """Add a row; what is to have a style is a `Text`."""
        super().add_row(*map(_cell, cells), **more)


def _cell(value: Any) -> Any:
    return Text(visible(value)) if isinstance(value, str) else value


def print_table(table: Report) -> None:
    """Print a table."""
    console = Console()
    # Without a terminal rich assumes 80 columns; a table is only as wide as what is in it.
    (console if console.is_terminal else Console(width=_UNBOUNDED)).print(table)


def say(text: str, *, to_errors: bool = False) -> None:
    """Print a line, or some."""
    typer.echo(visible(text, but="\n"), err=to_errors)


def print_json(value: Any) -> None:
    """Print a value as JSON; it may end on a terminal too."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    typer.echo(re.sub(r"[^\n]", lambda sign: _as_json(sign[0]), text))


def _as_json(sign: str) -> str:
    return sign if visible(sign) == sign else json.dumps(sign)[1:-1]


def new_file(file: Path) -> int:
    """Make a file that only its owner may read, and that was not there; return it opened.

    Raises:
        typer.BadParameter: It is there already, or cannot be made.
    """
    try:
        return os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be written: {error.strerror}") from None
