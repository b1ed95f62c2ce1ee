"""A log of answers as a CSV file: who answered what, in which order, and whether it was right."""

import csv
import io
import math
from dataclasses import dataclass
from datetime import UTC, datetime

from src.errors import InvalidReport

COLUMNS = ("pupil", "skill", "order", "correct")
_RIGHT = {"1": True, "1.0": True, "true": True, "0": False, "0.0": False, "false": False}
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """The first try of a pupil at a problem.

    Attributes:
        pupil: Who, by any name.
        skill: What it was about, by any name.
        is_correct: Whether it was right.
    """

    pupil: str
    skill: str
    is_correct: bool


def read_log(text: str) -> list[LoggedAnswer]:
    """Read a log; answers come in their order, equal ones as they stand in the file.

    Args:
        text: A CSV file with the columns `COLUMNS`, others ignored. ``order`` holds numbers, or
            instants in ISO 8601 (without an offset: UTC); ``correct`` holds 1, 0, true or false.

    Raises:
        InvalidReport: A column is missing, a cell cannot be read, or there is no answer.
    """
    try:
        placed = _read_rows(text)
    except csv.Error as error:
        raise InvalidReport(f"this is not a CSV file: {error}") from None
    if not placed:
        raise InvalidReport("the file holds no answer")
    if len({order.is_instant for order, _ in placed}) > 1:
        raise InvalidReport("column order mixes numbers and instants")
    return [answer for _, answer in sorted(placed, key=lambda row: row[0].position)]


@dataclass(frozen=True, slots=True)
class _Order:
    position: float
    is_instant: bool


def _read_rows(text: str) -> list[tuple[_Order, LoggedAnswer]]:
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise InvalidReport(f"the file has no column {', '.join(missing)}")
    return [_read_row(row, rows.line_num) for row in rows]


def _read_row(row: dict[str, str | None], line: int) -> tuple[_Order, LoggedAnswer]:
    cells = {name: (row[name] or "").strip() for name in COLUMNS}
    for name, cell in cells.items():
        if not cell:
            raise InvalidReport(f"line {line}: {name} is empty")
    right = _RIGHT.get(cells["correct"].lower())
    if right is None:
        raise InvalidReport(f"line {line}: correct is {cells['correct'][:_SHOWN]!r}, not 0 or 1")
    return _read_order(cells["order"], line), LoggedAnswer(cells["pupil"], cells["skill"], right)


def _read_order(cell: str, line: int) -> _Order:
    number = _number(cell)
    if number is not None:
        return _Order(number, is_instant=False)
    try:
        instant = datetime.fromisoformat(cell)
    except ValueError:
        raise InvalidReport(
            f"line {line}: order is {cell[:_SHOWN]!r}, neither a number nor an instant"
        ) from None
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return _Order(aware.timestamp(), is_instant=True)


def _number(cell: str) -> float | None:
    """Read a whole number exactly, as an id of 19 digits needs; None for anything else."""
    try:
        number = int(cell) if cell.lstrip("+-").isdigit() else float(cell)
        return number if math.isfinite(number) else None
    except (ValueError, OverflowError):
        return None
