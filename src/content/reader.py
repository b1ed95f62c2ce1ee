"""Read problems from CSV and JSON Lines, one at a time, and say where a row cannot be read."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TextIO

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from src.content.damage import find_damage, has_typographic_quotes
from src.content.faults import Fault, Finding, Severity, Source
from src.content.rows import (
    COLUMNS,
    JSON_COLUMNS,
    OPTIONAL_COLUMNS,
    ProblemRow,
    column_of,
    from_cells,
)
from src.content.sheets import (
    SAVE_AS,
    find_sheets,
    find_wrong_kind,
    read_header,
    without_empty_end,
)

NAMES = ("problems-*.csv", "problems-*.jsonl", "variants-*.csv", "variants-*.jsonl")
"""What a folder is searched for; a file that is named on its own may have any name."""
OTHER_FILES = frozenset(
    {"goals.csv", "misconception-map.csv", "plan.csv", "review-answers.csv", "template.csv"}
)
_LINE_LIMIT = 131_072
_SURROGATE = re.compile("[\ud800-\udfff]")


class ParsedRow(NamedTuple):
    """A problem and where it stands."""

    source: Source
    problem: ProblemRow


def find_files(paths: Iterable[Path]) -> Iterator[Path | Fault]:
    """List the files of problems: each path that is a file, and in folders those of ``NAMES``.

    Yields:
        Paths in a fixed order; a fault for a path that does not exist or a folder without
        problems, a warning for a CSV file of a folder that is not read because of its name.
    """
    for path in paths:
        if path.is_dir():
            yield from _search(path)
        elif path.is_file():
            yield path
        else:
            yield Fault(str(path), 0, None, "no_file", "there is no such file or folder")


def _search(folder: Path) -> Iterator[Path | Fault]:
    found = [path for name in NAMES for path in sorted(folder.glob(name))]
    yield from found
    if not found:
        yield Fault(str(folder), 0, None, "no_file", f"holds none of: {', '.join(NAMES)}")
    for path in sorted({*folder.glob("*.csv"), *folder.glob("*.jsonl")} - set(found)):
        if path.name not in OTHER_FILES:
            message = f"not read: the name is none of {', '.join(NAMES)}"
            yield Fault(str(path), 0, None, "not_read", message, Severity.WARNING)
    for path in find_sheets(folder):
        yield Fault(str(path), 0, None, "not_read", f"not read: {SAVE_AS}", Severity.WARNING)


def estimate_rows(paths: Iterable[Path]) -> int:
    """Estimate how many rows files and folders hold: quickly, for a progress bar."""
    lines = 0
    for path in find_files(paths):
        if isinstance(path, Path):
            with path.open("rb") as file:
                lines += sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    return lines


def read_file(path: Path) -> Iterator[ParsedRow | Fault]:
    """Read one file row by row; the name's ending (``.jsonl`` or other) decides the format.

    Yields:
        A problem for each row that can be read, otherwise its faults; memory stays bounded.
    """
    if wrong := find_wrong_kind(path):
        yield wrong
        return
    # Bytes that are not UTF-8 become lone surrogates, so the very cell can be named.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = _read_jsonl if path.suffix == ".jsonl" else _read_csv
        yield from reader(str(path), file)


def _read_csv(name: str, file: TextIO) -> Iterator[ParsedRow | Fault]:
    number = 0
    try:
        header = read_header(name, file)
        if isinstance(header, Fault):
            yield header
            return
        faults = [*_check_header(name, header.cells)]
        yield from faults
        if any(fault.code != "extra_column" for fault in faults):
            return
        file.seek(0)
        rows = csv.reader(file, strict=True, delimiter=header.delimiter)
        for number, cells in enumerate(rows, start=1):
            if number > 1 and any(cell.strip() for cell in cells):
                yield from _parse_cells(Source(name, number), header.cells, cells)
    except csv.Error as error:
        message = f"is not a CSV row: {error}; is a quote not closed?"
        yield Fault(name, number + 1, None, "bad_csv", message)


def _check_header(name: str, header: list[str]) -> Iterator[Fault]:
    for column in COLUMNS:
        if column not in header and column not in OPTIONAL_COLUMNS:
            yield Fault(name, 1, column, "missing_column", f"the column {column} is missing")
        elif header.count(column) > 1:
            yield Fault(name, 1, column, "double_column", f"the column {column} stands twice")
    for column in header:
        if column not in COLUMNS:
            shown = _printable(column)
            yield Fault(name, 1, shown, "extra_column", f"the column {shown!r} is not known")


def _parse_cells(source: Source, header: list[str], row: list[str]) -> Iterator[ParsedRow | Fault]:
    row = without_empty_end(row, keep=len(header))
    if len(row) != len(header):
        message = f"has {len(row)} cells, the header {len(header)}: is a comma not in quotes?"
        yield Fault.at(source, Finding(None, "ragged_row", message))
        return
    given = {name: _one_line_end(cell) for name, cell in zip(header, row, strict=True)}
    cells = dict.fromkeys(OPTIONAL_COLUMNS, "") | given
    faults = [*_find_bad_bytes(cells)] or [*find_damage(cells)]
    parsed: dict[str, Any] = {}
    for column in JSON_COLUMNS:
        if cells[column].strip():
            try:
                parsed[column] = _load_json(cells[column])
            except (ValueError, RecursionError) as error:
                faults.append(Finding(column, "bad_json", _explain_json(cells[column], error)))
    if faults:
        yield from (Fault.at(source, fault) for fault in faults)
    else:
        yield from _validate(source, from_cells(cells, parsed))


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _explain_json(text: str, error: Exception) -> str:
    if has_typographic_quotes(text):
        return 'is not JSON: it holds typographic quotes (“ ”); write straight ones (")'
    return f"is not JSON: {_printable(str(error))}"


def _read_jsonl(name: str, file: TextIO) -> Iterator[ParsedRow | Fault]:
    number = 0
    while line := file.readline(_LINE_LIMIT):
        number += 1
        source = Source(name, number)
        if len(line) == _LINE_LIMIT and not line.endswith("\n"):
            yield Fault.at(source, Finding(None, "bad_json", "the line is too long"))
            return
        if line.strip():
            yield from _parse_line(source, line)


def _parse_line(source: Source, line: str) -> Iterator[ParsedRow | Fault]:
    bad = [*_find_bad_bytes({"": line})]
    if bad:
        yield Fault.at(source, bad[0]._replace(column=None))
        return
    try:
        values = _load_json(line)
    except (ValueError, RecursionError) as error:
        yield Fault.at(source, Finding(None, "bad_json", _explain_json(line, error)))
        return
    yield from _validate(source, values)


def _validate(source: Source, values: object) -> Iterator[ParsedRow | Fault]:
    try:
        yield ParsedRow(source, ProblemRow.model_validate(values, from_attributes=False))
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            yield Fault.at(source, _explain(detail))


def _explain(detail: ErrorDetails) -> Finding:
    kind, context = detail["type"], detail.get("ctx", {})
    column = column_of(detail["loc"])
    inner = [str(part + 1) if isinstance(part, int) else part for part in detail["loc"][1:]]
    where = f"item {' '.join(inner)}: " if inner and column == detail["loc"][0] else ""
    code, message = _EXPLAINED.get(kind, ("bad_value", detail["msg"].removeprefix("Value error, ")))
    if kind == "missing" or (kind == "string_too_short" and not where):
        code = "missing_hint" if column and column.startswith("hint") else "empty"
    shown = _printable(where + message.format_map(_Context(context)))
    return Finding(column and _printable(column), code, shown)


_EXPLAINED = {
    "missing": ("empty", "is missing"),
    "string_too_short": ("empty", "is empty"),
    "string_too_long": ("too_long", "is longer than {max_length} characters"),
    "too_short": ("bad_length", "needs at least {min_length} items"),
    "too_long": ("bad_length", "has more than {max_length} items"),
    "int_parsing": ("bad_number", "is not a whole number in Latin digits"),
    "int_type": ("bad_number", "is not a whole number"),
    "int_from_float": ("bad_number", "is not a whole number"),
    "greater_than_equal": ("out_of_range", "must be at least {ge}"),
    "less_than_equal": ("out_of_range", "must be at most {le}"),
    "enum": ("unknown_value", "must be one of {expected}"),
    "string_pattern_mismatch": ("bad_pattern", "does not match {pattern}"),
    "dict_type": ("bad_json", "must be a JSON object"),
    "list_type": ("bad_json", "must be a JSON array"),
    "string_type": ("bad_value", "must be text"),
    "extra_forbidden": ("extra_column", "is not a known field"),
    "model_type": ("bad_json", "must be a JSON object"),
}


class _Context(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return key


def _find_bad_bytes(cells: Mapping[str, str]) -> Iterator[Finding]:
    for column, text in cells.items():
        if place := _SURROGATE.search(text):
            before = text[: place.start()][-20:]
            message = f"is not UTF-8 after {before!r}; save the file as CSV UTF-8"
            yield Finding(column, "bad_utf8", message)


def _load_json(text: str) -> Any:
    return json.loads(text, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()[:120]
