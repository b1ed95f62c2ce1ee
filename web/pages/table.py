"""The table of pupils: the same cells on the screen, as CSV and as a workbook."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlencode

from pydantic import BaseModel
from starlette.responses import Response
from xlsxwriter import Workbook

from src.teaching.report import ClassReport, Figures, MemberFigures
from web.words import Words

NOTHING = "–"
"""Stands where nothing was asked: that is not nought."""
Cell = str | int | date
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Column(StrEnum):
    """By what the table can be sorted."""

    NAME = "name"
    TOPIC = "topic"
    ASKED = "asked"
    ALONE = "alone"
    SHARE = "share"
    SOLVED = "solved"
    HINTS = "hints"
    LAST = "last"


ALL, EACH = "all", "each"
"""All topics together; each in a row of its own."""


class View(BaseModel):
    """What was asked for in the address; what makes no sense there is left out."""

    topic: str = ALL
    sort: str = Column.NAME
    order: str = "up"


def view_of(report: ClassReport, asked: View) -> View:
    """Return what is shown for what was asked."""
    topic = asked.topic if asked.topic in {ALL, EACH, *report.topics} else ALL
    sort = asked.sort if asked.sort in set(Column) else Column.NAME
    return View(topic=topic, sort=sort, order="down" if asked.order == "down" else "up")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: whose it is, and its cells."""

    pupil: MemberFigures
    cells: Sequence[Cell]


class Table:
    """The table of a class under a view."""

    def __init__(self, report: ClassReport, view: View, t: Words) -> None:
        self.report, self.view, self._t = report, view, t
        with_topic = view.topic == EACH
        self.columns = [c for c in Column if with_topic or c is not Column.TOPIC]
        self.rows = self._sorted([self._row(*each) for each in self._cells()])

    def _cells(self) -> list[tuple[MemberFigures, str, Figures]]:
        view, members = self.view, self.report.members
        if view.topic == ALL:
            return [(one, "", one.all) for one in members]
        topics = self.report.topics if view.topic == EACH else [view.topic]
        return [
            (one, topic, one.topics.get(topic, Figures())) for one in members for topic in topics
        ]

    def _row(self, pupil: MemberFigures, topic: str, figures: Figures) -> Row:
        values: dict[Column, Cell] = {
            Column.NAME: f"{pupil.name} ({pupil.label})" if pupil.label else pupil.name,
            Column.TOPIC: self._t.topic(topic) if topic else "",
            Column.ASKED: figures.asked,
            Column.ALONE: figures.alone if figures.asked else NOTHING,
            Column.SHARE: NOTHING if figures.share is None else figures.share,
            Column.SOLVED: figures.solved if figures.asked else NOTHING,
            Column.HINTS: figures.hints if figures.asked else NOTHING,
            Column.LAST: figures.last_day or NOTHING,
        }
        return Row(pupil, [values[column] for column in self.columns])

    def _sorted(self, rows: list[Row]) -> list[Row]:
        """Sort by a column; rows without a value there come last, however it is sorted."""
        if self.view.sort not in self.columns:
            return rows
        at = self.columns.index(Column(self.view.sort))
        known = [row for row in rows if row.cells[at] != NOTHING]
        rest = [row for row in rows if row.cells[at] == NOTHING]
        return sorted(known, key=lambda row: _key(row.cells[at]), reverse=self._is_down) + rest

    @property
    def _is_down(self) -> bool:
        return self.view.order == "down"

    @property
    def headings(self) -> list[str]:
        """The words above the columns."""
        return [self._t(f"column-{column}") for column in self.columns]

    def shown(self, cell: Cell) -> str:
        """Write a cell for the screen, in the digits of the language."""
        return self._t.digits(str(cell)) if isinstance(cell, int | date) else cell

    def link(self, column: Column) -> str:
        """Return where a heading leads: sorted by it, and the other way round the second time."""
        again = self.view.sort == column and not self._is_down
        return self._query(sort=column, order="down" if again else "up") + "#table"

    def sorting(self, column: Column) -> str:
        """Return how a column is sorted, as ``aria-sort`` says it."""
        if self.view.sort != column:
            return "none"
        return "descending" if self._is_down else "ascending"

    def file(self, form: str) -> str:
        """Return where the same table is as a file."""
        return f"/classes/{self.report.card.id}/table.{form}{self._query()}"

    def _query(self, **changed: str) -> str:
        return "?" + urlencode(self.view.model_dump() | changed)

    def as_csv(self) -> Response:
        """Return the table as CSV that a spreadsheet reads as UTF-8 and never as formulas."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(self.headings)
        writer.writerows([_harmless(cell) for cell in row.cells] for row in self.rows)
        return self._file(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", "csv")

    def as_xlsx(self) -> Response:
        """Return the table as a workbook whose texts are texts."""
        data = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with Workbook(data, options) as book:
            sheet = book.add_worksheet()
            days = book.add_format({"num_format": "yyyy-mm-dd"})
            sheet.write_row(0, 0, self.headings, book.add_format({"bold": True}))
            sheet.freeze_panes(1, 1)
            for number, row in enumerate(self.rows, 1):
                for place, cell in enumerate(row.cells):
                    if isinstance(cell, date):
                        sheet.write_datetime(number, place, cell, days)
                    elif isinstance(cell, int):
                        sheet.write_number(number, place, cell)
                    else:
                        sheet.write_string(number, place, cell)
            sheet.autofit()
        return self._file(data.getvalue(), _XLSX, "xlsx")

    def _file(self, body: bytes, kind: str, form: str) -> Response:
        name = f"class-{self.report.card.id}-{self.report.until.isoformat()}.{form}"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(body, media_type=kind, headers=headers)


def _key(cell: Cell) -> tuple[int, int, str]:
    if isinstance(cell, date):
        return 0, cell.toordinal(), ""
    return (0, cell, "") if isinstance(cell, int) else (1, 0, cell.casefold())


def _harmless(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
