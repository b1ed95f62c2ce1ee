"""Four weeks of practice and every topic on one sheet. Pure: its words are given."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from src.figures.canvas import FILL, GREY, SMALL, WIDTH, Canvas

# Grows when the same sheet is drawn in another way: what bots have uploaded is stale then.
SHEET_STYLE = 1
DAYS_IN_A_WEEK = 7
_MARGIN, _LINE, _CELL, _RADIUS = 18.0, 23.0, 33.0, 14.0
_TITLE = 20.0
MOST_DOTS = 3
_DONE = "#1d4ed8"


@dataclass(frozen=True, slots=True)
class SheetDay:
    """A day of the last four weeks: its number in the month, and whether there was practice."""

    number: str
    practised: bool


@dataclass(frozen=True, slots=True)
class SheetGroup:
    """Topics for which one word holds.

    Attributes:
        word: The word, such as "growing".
        dots: How much of it is there: 0 to 3 filled dots.
        topics: Their names.
    """

    word: str
    dots: int
    topics: Sequence[str]


@dataclass(frozen=True, slots=True)
class PracticeSheet:
    """What is drawn, in the words and digits of the pupil's language.

    Attributes:
        title: At the head.
        lines: Below it: the streak, the days.
        weekdays: Short names of the days of the columns.
        days: Four weeks, the last of them today.
        groups: The topics, the weakest first.
        alternative: The sheet in words.
    """

    title: str
    lines: Sequence[str]
    weekdays: Sequence[str]
    days: Sequence[SheetDay]
    groups: Sequence[SheetGroup]
    alternative: str = ""

    @property
    def digest(self) -> str:
        """A name for what the sheet looks like: 32 hexadecimal digits."""
        text = json.dumps([SHEET_STYLE, asdict(self)], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def as_json(sheet: PracticeSheet) -> dict[str, Any]:
    """Return a sheet as JSON."""
    return asdict(sheet)


def read_sheet(kept: Mapping[str, Any]) -> PracticeSheet:
    """Return a sheet from JSON."""
    days = [SheetDay(**day) for day in kept["days"]]
    groups = [SheetGroup(**group) for group in kept["groups"]]
    return PracticeSheet(**{**kept, "days": days, "groups": groups})


def draw_sheet(sheet: PracticeSheet) -> str:
    """Return a sheet as SVG."""
    rows = sum(1 + len(group.topics) for group in sheet.groups)
    weeks = len(sheet.days) // DAYS_IN_A_WEEK
    below = _MARGIN + _TITLE + _LINE * len(sheet.lines)
    calendar = _LINE + _CELL * weeks
    height = below + calendar + 2 * _MARGIN + _LINE * rows + 8 * len(sheet.groups)
    canvas = Canvas(height)
    canvas.lead(sheet.title, _MARGIN, _MARGIN + _TITLE / 2, _TITLE)
    for number, line in enumerate(sheet.lines):
        canvas.lead(line, _MARGIN, _MARGIN + _TITLE + _LINE * (number + 0.6), SMALL)
    _draw_days(canvas, sheet, below + _MARGIN)
    _draw_groups(canvas, sheet.groups, below + calendar + 2 * _MARGIN)
    return canvas.svg(sheet.alternative)


def _draw_days(canvas: Canvas, sheet: PracticeSheet, top: float) -> None:
    wide = (WIDTH - 2 * _MARGIN) / DAYS_IN_A_WEEK
    columns = [_MARGIN + wide * (n + 0.5) for n in range(DAYS_IN_A_WEEK)]
    for name, x in zip(sheet.weekdays, columns, strict=True):
        canvas.text(name, x, top + _LINE / 2 - 4, 13)
    for number, day in enumerate(sheet.days):
        row, column = divmod(number, DAYS_IN_A_WEEK)
        centre = columns[column], top + _LINE + _CELL * (row + 0.5)
        if day.practised:
            canvas.dot(centre, _RADIUS, fill=FILL, ring=_DONE)
        elif number == len(sheet.days) - 1:
            canvas.dot(centre, _RADIUS, fill="#fff", ring=GREY)
        canvas.text(day.number, *centre, 14)


def _draw_groups(canvas: Canvas, groups: Sequence[SheetGroup], top: float) -> None:
    y = top + _LINE / 2
    for group in groups:
        for number in range(MOST_DOTS):
            fill = _DONE if number < group.dots else "#fff"
            canvas.dot((_MARGIN + 6 + 15 * number, y), 5, fill=fill, ring=_DONE)
        canvas.lead(group.word, _MARGIN + 54, y, 17)
        y += _LINE
        for topic in group.topics:
            canvas.lead(topic, _MARGIN + 54, y, SMALL)
            y += _LINE
        y += 8
