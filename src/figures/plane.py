"""Squared paper, number lines and protractors."""

from src.figures.canvas import (
    COLOURS,
    FILL,
    GREY,
    PALE,
    SIZE,
    SMALL,
    WIDTH,
    Canvas,
    Point,
    on_circle,
)
from src.figures.kinds import Grid, NumberLine, Protractor
from src.figures.writing import width_of, write, write_number
from src.language import Language

_LARGEST_CELL = 34.0
_TALLEST = 300.0
_HAIR = 1e-9


def draw_grid(figure: Grid, language: Language) -> Canvas:
    """Draw squared paper and what is on it."""
    paper = _Paper(figure)
    canvas = Canvas(paper.height + (26 if figure.note else 0))
    # The lines of the paper lie over what is filled: they are there to be counted.
    for shape in filter(lambda shape: shape.fill, figure.shapes):
        corners = [paper.put(point) for point in shape.points]
        canvas.path(corners, closed=True, fill=FILL, width=0)
    paper.rule(canvas, figure)
    if figure.axes:
        paper.number(canvas, figure, language)
    for shape in figure.shapes:
        corners = [paper.put(point) for point in shape.points]
        canvas.path(corners, closed=not shape.open, colour=COLOURS[0], dashed=shape.dashed)
    if figure.mirror:
        a, b = (paper.put(point) for point in figure.mirror)
        canvas.line(a, b, colour="#dc2626", width=2.5, dashed=True)
    for shape in figure.shapes:
        if shape.label is not None:
            middle = [sum(p[axis] for p in shape.points) / len(shape.points) for axis in (0, 1)]
            x, y = paper.put((middle[0], middle[1]))
            canvas.place(write(shape.label, language), [(x, y), (x, y - 9), (x, y + 9)])
    for spot in figure.points:
        canvas.dot(paper.put(spot.at))
    for spot in figure.points:
        if spot.label is not None:
            text = write(spot.label, language)
            reach = 9 + width_of(text, SIZE) / 2
            places = [on_circle(paper.put(spot.at), reach, turn) for turn in (45, 135, 315, 225)]
            canvas.place(text, places)
    if figure.note:
        canvas.text(write(figure.note, language), WIDTH / 2, canvas.height - 14, SMALL)
    return canvas


class _Paper:
    """Where the points of a grid are on the sheet."""

    def __init__(self, figure: Grid) -> None:
        (self.left, self.right), (self.low, self.high) = figure.x, figure.y
        margin = 26.0 if figure.axes else 12.0
        wide, tall = self.right - self.left, self.high - self.low
        self.cell = min(_LARGEST_CELL, (WIDTH - 2 * margin) / wide, _TALLEST / tall)
        self.indent = (WIDTH - wide * self.cell) / 2
        self.above = margin
        self.height = tall * self.cell + 2 * margin

    def put(self, point: Point) -> Point:
        """Return where a point of the grid is."""
        x = self.indent + (point[0] - self.left) * self.cell
        return x, self.above + (self.high - point[1]) * self.cell

    def rule(self, canvas: Canvas, figure: Grid) -> None:
        """Draw the lines of the paper."""
        if not figure.lines:
            return
        for x in range(self.left, self.right + 1):
            ends = self.put((x, self.low)), self.put((x, self.high))
            canvas.line(*ends, colour=PALE, width=1, solid=False)
        for y in range(self.low, self.high + 1):
            ends = self.put((self.left, y)), self.put((self.right, y))
            canvas.line(*ends, colour=PALE, width=1, solid=False)

    def number(self, canvas: Canvas, figure: Grid, language: Language) -> None:
        """Draw the axes with their numbers and names."""
        axis_x = min(max(0, self.left), self.right)
        axis_y = min(max(0, self.low), self.high)
        ends = self.put((self.left, axis_y)), self.put((self.right, axis_y))
        canvas.line(*ends, width=1.6, solid=False)
        canvas.arrow((ends[1][0] + 9, ends[1][1]), ends[0])
        canvas.text("x", ends[1][0] + 16, ends[1][1] - 3, SMALL, scale=True)
        ends = self.put((axis_x, self.low)), self.put((axis_x, self.high))
        canvas.line(*ends, width=1.6, solid=False)
        canvas.arrow((ends[1][0], ends[1][1] - 9), ends[0])
        canvas.text("y", ends[1][0] + 11, ends[1][1] - 14, SMALL, scale=True)
        every = 1 if self.cell >= 20 else 2 if self.cell >= 11 else 5
        for x in range(self.left, self.right + 1):
            if x != axis_x and x % every == 0:
                at = self.put((x, axis_y))
                canvas.text(write_number(x, language), at[0], at[1] + 10, 12, scale=True)
        for y in range(self.low, self.high + 1):
            if y != axis_y and y % every == 0:
                text = write_number(y, language)
                at = self.put((axis_x, y))
                canvas.text(text, at[0] - 5 - width_of(text, 12) / 2, at[1], 12, scale=True)
        at = self.put((axis_x, axis_y))
        canvas.text(write_number(0, language), at[0] - 8, at[1] + 10, 12, scale=True)


def draw_number_line(figure: NumberLine, language: Language) -> Canvas:
    """Draw a number line with its marks and jumps."""
    above = 26.0 + (34 if any(m.label is not None for m in figure.marks) else 0)
    above += 44 if figure.jumps else 0
    canvas = Canvas(above + 48)
    unit = (WIDTH - 64) / (figure.end - figure.start)

    def put(value: float) -> Point:
        return 32 + (value - figure.start) * unit, above

    for stretch in figure.ranges:
        canvas.line(put(stretch.start), put(stretch.end), colour=COLOURS[0], width=7)
    canvas.line((12, above), (WIDTH - 12, above), solid=False)
    canvas.arrow((WIDTH - 8, above), (0, above))
    canvas.arrow((8, above), (WIDTH, above))
    strokes = round((figure.end - figure.start) / figure.step + _HAIR)
    ticks = [figure.start + figure.step * number for number in range(strokes + 1)]
    for tick in ticks:
        x = put(tick)[0]
        canvas.line((x, above - 7), (x, above + 7), width=1.6, solid=False)
    for value in ticks if figure.numbered is None else figure.numbered:
        canvas.text(write_number(value, language), put(value)[0], above + 22, SMALL, scale=True)
    longest = max((abs(jump.end - jump.start) for jump in figure.jumps), default=1)
    for jump in figure.jumps:
        high = 34 * max(0.5, abs(jump.end - jump.start) / longest)
        _jump(canvas, put(jump.start), put(jump.end), high)
        if jump.label is not None:
            x = (put(jump.start)[0] + put(jump.end)[0]) / 2
            canvas.text(write(jump.label, language), x, above - 56, SMALL)
    for mark in figure.marks:
        ring = COLOURS[0] if mark.open else ""
        canvas.dot(put(mark.at), 5.5, fill="#fff" if mark.open else COLOURS[0], ring=ring)
        if mark.label is not None:
            canvas.text(write(mark.label, language), put(mark.at)[0], above - 22, SIZE)
    return canvas


def _jump(canvas: Canvas, start: Point, end: Point, high: float) -> None:
    (x, y), (to_x, _) = start, end
    middle, half = (x + to_x) / 2, (to_x - x) / 2
    arc = []
    for turn in range(0, 181, 6):
        at = on_circle((middle, y - 8), 1, 180 - turn)
        arc.append((middle + (at[0] - middle) * half, y - 8 + (at[1] - y + 8) * high))
    canvas.path(arc, colour=COLOURS[1])
    canvas.arrow((to_x, y - 6), arc[-4], colour=COLOURS[1])


def draw_protractor(figure: Protractor, language: Language) -> Canvas:
    """Draw a protractor of one scale, read from the right, and the rays."""
    canvas = Canvas(212)
    centre, radius = (WIDTH / 2, 176.0), 140.0
    rim = [on_circle(centre, radius, turn) for turn in range(0, 181, 4)]
    canvas.path(rim, closed=True, colour=GREY, width=1.4)
    for turn in range(0, 181, 5):
        long = 12 if turn % 10 == 0 else 7
        ends = on_circle(centre, radius, turn), on_circle(centre, radius - long, turn)
        canvas.line(*ends, colour=GREY, width=1, solid=False)
    for turn in range(0, 181, 10):
        x, y = on_circle(centre, radius - 22, turn)
        canvas.text(
            write_number(turn, language), x, y - (4 if turn % 180 == 0 else 0), 10.5, scale=True
        )
    for name, degrees in figure.rays.items():
        tip = on_circle(centre, radius + 14, degrees)
        canvas.line(centre, tip, colour=COLOURS[0])
        canvas.arrow(tip, centre, colour=COLOURS[0])
        x, y = on_circle(centre, radius + 27, degrees)
        canvas.text(name, x, y, SIZE)
    canvas.dot(centre)
    canvas.text(figure.centre, centre[0], centre[1] + 18, SIZE)
    return canvas
