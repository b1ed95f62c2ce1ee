"""Venn diagrams, tables and patterns."""

from itertools import pairwise

from src.figures.canvas import COLOURS, FILL, SIZE, SMALL, WIDTH, Canvas, Point
from src.figures.kinds import Pattern, PatternStep, Table, Venn
from src.figures.words import FIGURE
from src.figures.writing import width_of, write, write_number
from src.language import Language

_TWO: tuple[Point, ...] = ((138, 118), (222, 118))
_THREE: tuple[Point, ...] = ((138, 112), (222, 112), (180, 182))
_REGIONS_OF_TWO: dict[str, Point] = {
    "1": (100, 118),
    "12": (180, 118),
    "2": (260, 118),
    "0": (38, 196),
}
_REGIONS_OF_THREE: dict[str, Point] = {
    "1": (106, 92),
    "2": (254, 92),
    "3": (180, 226),
    "12": (180, 80),
    "13": (130, 158),
    "23": (230, 158),
    "123": (180, 134),
    "0": (38, 256),
}


def draw_venn(figure: Venn, language: Language) -> Canvas:
    """Draw two or three circles in a rectangle."""
    three = len(figure.sets) == 3
    centres, radius = (_THREE, 74.0) if three else (_TWO, 74.0)
    canvas = Canvas(282 if three else 222)
    _shade(canvas, figure, centres, radius)
    frame = [(12.0, 12.0), (WIDTH - 12, 12.0), (WIDTH - 12, canvas.height - 10)]
    canvas.path([*frame, (12.0, canvas.height - 10)], closed=True, width=1.5)
    for centre in centres:
        canvas.circle(centre, radius, colour=COLOURS[0])
    for region, words in figure.regions.items():
        at = (_REGIONS_OF_THREE if three else _REGIONS_OF_TWO)[region]
        canvas.text(write(words, language), *at, SIZE)
    for number, words in enumerate(figure.sets):
        text = write(words, language)
        canvas.text(text, *_name_at(number, centres, radius, width_of(text, SIZE)), SIZE)
    if figure.universe is not None:
        text = write(figure.universe, language)
        canvas.text(text, WIDTH - 20 - width_of(text, SMALL) / 2, canvas.height - 24, SMALL)
    return canvas


def _name_at(number: int, centres: tuple[Point, ...], radius: float, wide: float) -> Point:
    x, y = centres[number]
    if number == 2:
        return min(x + radius + 6 + wide / 2, WIDTH - 16 - wide / 2), y + radius - 12
    side = -1 if number == 0 else 1
    edge = x + side * (radius * 0.55)
    place = edge + side * wide / 2
    return min(max(place, 18 + wide / 2), WIDTH - 18 - wide / 2), y - radius - 6 + 4


def _shade(canvas: Canvas, figure: Venn, centres: tuple[Point, ...], radius: float) -> None:
    """Shade regions in narrow rows: in each, the stretches whose points are in the region."""
    if not figure.shaded:
        return
    wanted, step = set(figure.shaded), 2.0
    y = 14.0
    while y < canvas.height - 12:
        begun: float | None = None
        x = 14.0
        while x <= WIDTH - 14:
            inside = "".join(
                str(n)
                for n, (cx, cy) in enumerate(centres, 1)
                if (x - cx) ** 2 + (y - cy) ** 2 < radius**2
            )
            shaded = (inside or "0") in wanted and x < WIDTH - 14
            if shaded and begun is None:
                begun = x
            if not shaded and begun is not None:
                canvas.line((begun, y), (x, y), colour=FILL, width=step + 0.4, solid=False)
                begun = None
            x += 1.0
        y += step


def draw_table(figure: Table, language: Language) -> Canvas:
    """Draw a table as wide as the sheet, its columns as wide as they need."""
    rows = [[write(cell, language) for cell in row] for row in (figure.header, *figure.rows)]
    columns = range(len(figure.header))
    need = [max(width_of(row[n], SMALL) for row in rows if n < len(row)) + 16 for n in columns]
    space = max(0.0, WIDTH - 24 - sum(need)) / len(need)
    wide = [width + space for width in need]
    above = 36.0 if figure.title else 12.0
    canvas = Canvas(above + 30 * len(rows) + 12)
    left, right = 12.0, 12.0 + sum(wide)
    if figure.title:
        canvas.text(write(figure.title, language), WIDTH / 2, 18, SIZE)
    head = [(left, above), (right, above), (right, above + 30), (left, above + 30)]
    canvas.path(head, closed=True, fill="#e5e7eb", width=0)
    for number in range(len(rows) + 1):
        y = above + 30 * number
        canvas.line((left, y), (right, y), width=1, solid=False)
    edges = [left + sum(wide[:n]) for n in range(len(wide) + 1)]
    for x in edges:
        canvas.line((x, above), (x, above + 30 * len(rows)), width=1, solid=False)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            x = edges[column] + wide[column] / 2
            canvas.text(text, x, above + 15 + 30 * number, SMALL)
    return canvas


def draw_pattern(figure: Pattern, language: Language) -> Canvas:
    """Draw the steps of a pattern side by side."""
    size = _cell(figure)
    tall = max(_extent(step)[1] for step in figure.steps) * size
    canvas = Canvas(tall + 62)
    gap = (WIDTH - sum(_extent(step)[0] * size for step in figure.steps)) / (len(figure.steps) + 1)
    left = gap
    for number, step in enumerate(figure.steps, 1):
        wide, high = _extent(step)
        _draw_step(canvas, figure, step, (left, 18 + tall - high * size), size)
        text = FIGURE.in_(language).format(write_number(number, language))
        canvas.text(text, left + wide * size / 2, tall + 42, 13, scale=True)
        left += wide * size + gap
    return canvas


def _cell(figure: Pattern) -> float:
    wide = sum(_extent(step)[0] for step in figure.steps)
    tall = max(_extent(step)[1] for step in figure.steps)
    return min(30.0, (WIDTH - 22.0 * (len(figure.steps) + 1)) / wide, 160 / tall)


def _extent(step: PatternStep) -> Point:
    """Return how many cells wide and high a step is."""
    if step.sticks == "squares":
        return step.count, 1
    if step.sticks == "triangles":
        return (step.count + 1) / 2, 0.87
    return max([1, *step.rows]), max(1, len(step.rows))


def _draw_step(canvas: Canvas, figure: Pattern, step: PatternStep, at: Point, size: float) -> None:
    if step.sticks is not None:
        for a, b in _sticks(step):
            ends = [(at[0] + x * size, at[1] + y * size) for x, y in (a, b)]
            canvas.line(ends[0], ends[1], colour="#92400e", width=3)
            for end in ends:
                canvas.dot(end, 3, fill="#92400e")
        return
    widest = max(step.rows)
    for row, count in enumerate(step.rows):
        shift = (widest - count) / 2 if figure.align == "centre" else 0
        for column in range(count):
            x, y = at[0] + (column + shift) * size, at[1] + row * size
            if figure.unit == "dot":
                canvas.dot((x + size / 2, y + size / 2), size * 0.32, fill=COLOURS[0])
            else:
                corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
                canvas.path(corners, closed=True, fill=FILL, width=1.5)


def _sticks(step: PatternStep) -> list[tuple[Point, Point]]:
    if step.sticks == "squares":
        found: list[tuple[Point, Point]] = [((0, 0), (0, 1))]
        for n in range(step.count):
            found += [((n, 0), (n + 1, 0)), ((n, 1), (n + 1, 1)), ((n + 1, 0), (n + 1, 1))]
        return found
    tips: list[Point] = [(n / 2, 0.87 * ((n + 1) % 2)) for n in range(step.count + 2)]
    sides = [*pairwise(tips)]
    return [*sides, *zip(tips, tips[2:], strict=False)]
