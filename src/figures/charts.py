"""Bars, lines, histograms and pies."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from src.figures.canvas import (
    COLOURS,
    PALE,
    SIZE,
    SMALL,
    WIDTH,
    Canvas,
    on_circle,
)
from src.figures.kinds import Bars, Histogram, Lines, Pie, Series, Words
from src.figures.words import NOT_TO_SCALE
from src.figures.writing import width_of, write, write_number
from src.language import Language

_PIE = ("#2563eb", "#f59e0b", "#10b981", "#ef4444", "#8b5cf6", "#14b8a6", "#6b7280", "#ec4899")
_HIGH = 180.0
_HAIR = 1e-9


class _Frame:
    """The axes of a chart: where a value and a category stand."""

    def __init__(self, figure: Bars | Lines | Histogram, language: Language, most: float) -> None:
        self.language = language
        self.top = figure.top or -(-most // figure.step) * figure.step
        steps = range(int(self.top / figure.step + _HAIR) + 1)
        self.ticks = [figure.step * step for step in steps]
        widest = max(width_of(write_number(tick, language), SMALL) for tick in self.ticks)
        self.left, self.right = widest + 14, WIDTH - 12
        self.above = 16.0 + (28 if figure.title else 0) + (24 if figure.y else 0)

    def y(self, value: float) -> float:
        """Return how far down a value stands."""
        return self.above + _HIGH * (1 - value / self.top)

    def begin(self, figure: Bars | Lines | Histogram, below: float) -> Canvas:
        """Draw the axes with their numbers and titles."""
        foot = self.above + _HIGH + below
        canvas = Canvas(foot + (26 if figure.x else 4))
        if figure.title:
            canvas.text(write(figure.title, self.language), WIDTH / 2, 18, SIZE)
        if figure.y:
            text = write(figure.y, self.language)
            canvas.text(text, 6 + width_of(text, SMALL) / 2, self.above - 24, SMALL)
        if figure.x:
            text = write(figure.x, self.language)
            canvas.text(text, WIDTH / 2, foot + 10, SMALL)
        for tick in self.ticks:
            y = self.y(tick)
            canvas.line((self.left, y), (self.right, y), colour=PALE, width=1, solid=False)
            number = write_number(tick, self.language)
            x = self.left - 6 - width_of(number, SMALL) / 2
            canvas.text(number, x, y, SMALL, scale=True)
        canvas.line((self.left, self.y(self.top)), (self.left, self.y(0)), solid=False)
        canvas.line((self.left, self.y(0)), (self.right, self.y(0)), solid=False)
        return canvas

    def value(self, canvas: Canvas, x: float, value: float) -> None:
        """Write a value over its bar or point."""
        canvas.text(write_number(value, self.language), x, self.y(value) - 11, SMALL)


def draw_bars(figure: Bars, language: Language) -> Canvas:
    """Draw a bar for each category and series."""
    frame = _Frame(figure, language, _most(figure.series))
    canvas, width = _begin(figure, frame)
    bar = width * 0.64 / len(figure.series)
    for number, series in enumerate(figure.series):
        for place, value in enumerate(series.values):
            left = frame.left + width * (place + 0.18) + bar * number
            corners = [(left, frame.y(0)), (left, frame.y(value))]
            corners += [(left + bar, frame.y(value)), (left + bar, frame.y(0))]
            canvas.path(corners, closed=True, fill=COLOURS[number], width=0)
            if figure.show_values:
                frame.value(canvas, left + bar / 2, value)
    return canvas


def draw_lines(figure: Lines, language: Language) -> Canvas:
    """Draw a line graph."""
    frame = _Frame(figure, language, _most(figure.series))
    canvas, width = _begin(figure, frame)
    for number, series in enumerate(figure.series):
        points = [
            (frame.left + width * (place + 0.5), frame.y(value))
            for place, value in enumerate(series.values)
        ]
        canvas.path(points, colour=COLOURS[number])
        for point, value in zip(points, series.values, strict=True):
            canvas.dot(point, fill=COLOURS[number])
            if figure.show_values:
                frame.value(canvas, point[0], value)
    return canvas


def _begin(figure: Bars | Lines, frame: _Frame) -> tuple[Canvas, float]:
    """Draw the axes with the names of the categories and series; the width of a category."""
    width = (frame.right - frame.left) / len(figure.categories)
    named = len(figure.series) > 1
    below = 26.0 + (26 if named else 0)
    texts = [write(words, frame.language) for words in figure.categories]
    size = min(SMALL, *(SMALL * (width - 4) / width_of(text, SMALL) for text in texts))
    rows = 2 if size < 11 else 1
    canvas = frame.begin(figure, below + 18 * (rows - 1))
    for place, text in enumerate(texts):
        x = frame.left + width * (place + 0.5)
        y = frame.y(0) + 14 + 18 * (place % rows)
        half = width_of(text, SMALL) / 2
        x = min(max(x, half + 2), WIDTH - half - 2)
        canvas.text(text, x, y, SMALL if rows == 2 else size)
    if named:
        _legend(canvas, [(s.name, COLOURS[n]) for n, s in enumerate(figure.series)], frame, rows)
    return canvas, width


def _legend(canvas: Canvas, names: Sequence[tuple[Words, str]], frame: _Frame, rows: int) -> None:
    x, y = frame.left, frame.y(0) + 18 + 20 * rows
    for words, colour in names:
        text = write(words, frame.language)
        canvas.path(
            [(x, y - 6), (x + 12, y - 6), (x + 12, y + 6), (x, y + 6)],
            closed=True,
            fill=colour,
            width=0,
        )
        canvas.text(text, x + 18 + width_of(text, SMALL) / 2, y, SMALL)
        x += 36 + width_of(text, SMALL)


def draw_histogram(figure: Histogram, language: Language) -> Canvas:
    """Draw touching bars over classes."""
    frame = _Frame(figure, language, max(figure.values))
    canvas = frame.begin(figure, 28)
    first, last = figure.edges[0], figure.edges[-1]
    unit = (frame.right - frame.left - 24) / (last - first)
    at = [frame.left + 12 + (edge - first) * unit for edge in figure.edges]
    for left, right, value in zip(at, at[1:], figure.values, strict=False):
        corners = [(left, frame.y(0)), (left, frame.y(value))]
        corners += [(right, frame.y(value)), (right, frame.y(0))]
        canvas.path(corners, closed=True, fill="#93c5fd", width=1.5)
        if figure.show_values:
            frame.value(canvas, (left + right) / 2, value)
    for x, edge in zip(at, figure.edges, strict=True):
        canvas.text(write_number(edge, language), x, frame.y(0) + 14, SMALL, scale=True)
    if figure.polygon:
        middles = [(left + right) / 2 for left, right in pairwise(at)]
        points = [(x, frame.y(v)) for x, v in zip(middles, figure.values, strict=False)]
        canvas.path(points, colour=COLOURS[1])
    return canvas


def draw_pie(figure: Pie, language: Language) -> Canvas:
    """Draw a pie, its first slice from the top, clockwise."""
    above = 34.0 if figure.title else 12.0
    canvas = Canvas(
        above + 206 + 26 * (-(-len(figure.slices) // 2)) + (0 if figure.to_scale else 24)
    )
    centre, radius = (WIDTH / 2, above + 98), 96.0
    if figure.title:
        canvas.text(write(figure.title, language), WIDTH / 2, 18, SIZE)
    for (start, sweep), part, colour in zip(turns(figure), figure.slices, _PIE, strict=False):
        steps = max(2, int(sweep / 3))
        ring = [on_circle(centre, radius, start - sweep * n / steps) for n in range(steps + 1)]
        canvas.path([centre, *ring], closed=True, fill=colour, colour="#fff")
        if part.note is not None:
            _note(canvas, write(part.note, language), on_circle(centre, 62, start - sweep / 2))
    _name_slices(canvas, figure, language, above + 214)
    if not figure.to_scale:
        canvas.text(NOT_TO_SCALE.in_(language), WIDTH / 2, canvas.height - 12, SMALL)
    return canvas


def turns(figure: Pie) -> Iterator[tuple[float, float]]:
    """Yield where each slice begins and how far it reaches, degrees."""
    total, start = sum(part.value for part in figure.slices), 90.0
    for part in figure.slices:
        sweep = 360 * part.value / total
        yield start, sweep
        start -= sweep


def _note(canvas: Canvas, text: str, at: tuple[float, float]) -> None:
    # A white plate: the colours of the slices are of every brightness.
    half = width_of(text, SMALL) / 2 + 4
    corners = [(-half, -10), (half, -10), (half, 10), (-half, 10)]
    plate = [(at[0] + x, at[1] + y) for x, y in corners]
    canvas.path(plate, closed=True, fill="#fff", width=0)
    canvas.text(text, *at, SMALL)


def _name_slices(canvas: Canvas, figure: Pie, language: Language, top: float) -> None:
    for number, (part, colour) in enumerate(zip(figure.slices, _PIE, strict=False)):
        x, y = 24 + (number % 2) * WIDTH / 2, top + 26 * (number // 2)
        corners = [(x, y - 7), (x + 14, y - 7), (x + 14, y + 7), (x, y + 7)]
        canvas.path(corners, closed=True, fill=colour, width=0)
        text = write(part.label, language)
        canvas.text(text, x + 22 + width_of(text, SMALL) / 2, y, SMALL)


def _most(series: Sequence[Series]) -> float:
    return max(max(one.values) for one in series) or 1
