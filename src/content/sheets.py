"""What kind of file it is: one to read, and with which separator, or one to save again."""

import csv
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

from src.content.faults import Fault
from src.content.rows import COLUMNS, trim

SAVE_AS = "save it as CSV UTF-8, separated by commas"
SHEETS = (".xlsx", ".xls", ".xlsm", ".ods", ".numbers", ".tsv")
"""Endings of the files that spreadsheets write beside CSV."""
_READ = ",;\t"
_LINE_LIMIT = 65_536
_ZIPPED = {
    "xl/workbook.xml": "an Excel workbook (.xlsx)",
    "content.xml": "an OpenDocument spreadsheet (.ods)",
    "Index/Document.iwa": "a Numbers spreadsheet",
}
_BEGINNINGS = {
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)",
    b"%PDF": "a PDF",
    b"<": "a web page or an XML file",
}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Header(NamedTuple):
    """The first row of a CSV file.

    Attributes:
        cells: The names of the columns, without empty ones at the end.
        delimiter: What stands between the cells.
    """

    cells: list[str]
    delimiter: str


def find_wrong_kind(path: Path) -> Fault | None:
    """Return what to say about a file that is no text in UTF-8 at all."""
    with path.open("rb") as file:
        start = file.read(512)
    kind = _zipped(path) if start.startswith(b"PK\x03\x04") else _begun(start)
    if kind:
        return wrong_kind(str(path), kind)
    if start.startswith(_UTF_16) or start[:64].count(0) * 3 > len(start[:64]):
        return Fault(str(path), 1, None, "bad_utf8", f"is UTF-16; {SAVE_AS}")
    return None


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return "a damaged ZIP archive"
    return next((kind for name, kind in _ZIPPED.items() if name in names), "a ZIP archive")


def _begun(start: bytes) -> str | None:
    return next((kind for begin, kind in _BEGINNINGS.items() if start.startswith(begin)), None)


def wrong_kind(name: str, kind: str) -> Fault:
    """Say that a file is of a kind that is not read."""
    return Fault(name, 0, None, "wrong_kind", f"is {kind}, not CSV; {SAVE_AS}")


def read_header(name: str, file: TextIO, known: Collection[str] = COLUMNS) -> Header | Fault:
    """Read the first row, as far as the separator can be told.

    Args:
        name: Of the file, for faults.
        file: Open at its start.
        known: The columns that it should have.

    Raises:
        csv.Error: The row is not CSV.
    """
    line = file.readline(_LINE_LIMIT)
    if line.lower().lstrip('"').startswith("sep="):
        return wrong_kind(name, f"headed by {line.strip()!r}, a line for Excel alone")
    file.seek(0)
    delimiter = max(_READ + "|", key=lambda sign: _count_known(line, sign, known))
    if delimiter == "|":
        return wrong_kind(name, "separated by |")
    cells = [trim(cell) for cell in next(csv.reader(file, strict=True, delimiter=delimiter), [])]
    return Header(without_empty_end(cells), delimiter)


def _count_known(line: str, delimiter: str, known: Collection[str]) -> int:
    return sum(trim(cell).strip('"') in known for cell in line.split(delimiter))


def without_empty_end(cells: list[str], *, keep: int = 0) -> list[str]:
    """Return a row without the empty cells behind its last column."""
    end = len(cells)
    while end > keep and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def find_sheets(folder: Path) -> Iterator[Path]:
    """List the files of a folder that a spreadsheet wrote and that are not read."""
    return (path for path in sorted(folder.iterdir()) if path.suffix.lower() in SHEETS)
