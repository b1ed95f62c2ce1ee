"""A sheet that figures are drawn on: it remembers where lines and texts are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from math import atan2, cos, degrees, hypot, pi, sin

from src.figures.writing import FAMILY, width_of

WIDTH = 360.0
SIZE = 18.0
SMALL = 15.0
INK, GREY, PALE, FILL = "#1f2937", "#6b7280", "#b8c0cc", "#cfe3ff"
START = ' text-anchor="start"'
COLOURS = ("#2563eb", "#e07b00", "#6b7280")

# Between what is written and a line, where there is room.
_CLEAR = 2.5

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Text:
    """A text on the sheet.

    Attributes:
        text: As it is shown.
        x: Its middle.
        y: Its middle.
        size: Height of the font.
        scale: Whether it belongs to the scale of an axis, which holds every number anyway.
        leads: Whether `x` is its left end and not its middle.
    """

    text: str
    x: float
    y: float
    size: float
    scale: bool = False
    leads: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what is inked."""
        wide, tall = width_of(self.text, self.size), self.size * 0.46
        left = self.x if self.leads else self.x - wide / 2
        return left, self.y - tall, left + wide, self.y + tall


@dataclass(slots=True)
class Canvas:
    """A sheet of ``WIDTH`` by ``height`` units, y downwards."""

    height: float
    shapes: list[str] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    lines: list[tuple[Point, Point]] = field(default_factory=list)

    def line(
        self,
        a: Point,
        b: Point,
        *,
        colour: str = INK,
        width: float = 2,
        dashed: bool = False,
        solid: bool = True,
    ) -> None:
        """Draw a line; ``solid`` ones keep texts away."""
        dash = ' stroke-dasharray="6 5"' if dashed else ""
        end = f'" stroke="{colour}" stroke-width="{_n(width)}"{dash}/>'
        data = f"M{_n(a[0])} {_n(a[1])}L{_n(b[0])} {_n(b[1])}"
        # One path for lines of one style that follow each other: drawn in a third of the time.
        if self.shapes and self.shapes[-1].endswith(end) and "fill" not in self.shapes[-1]:
            data = self.shapes.pop().removeprefix('<path d="').removesuffix(end) + data
        self.shapes.append(f'<path d="{data}{end}')
        if solid:
            self.lines.append((a, b))

    def path(
        self,
        points: Sequence[Point],
        *,
        closed: bool = False,
        fill: str = "none",
        colour: str = INK,
        width: float = 2,
        dashed: bool = False,
    ) -> None:
        """Draw a path through points."""
        data = "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
        dash = ' stroke-dasharray="6 5"' if dashed else ""
        stroke = f' stroke="{colour}" stroke-width="{_n(width)}"' if width else ""
        self.shapes.append(
            f'<path d="M{data}{"Z" if closed else ""}" fill="{fill}"{stroke}{dash}/>'
        )
        if width:
            ends = [*points[1:], points[0]] if closed else points[1:]
            self.lines += zip(points, ends, strict=False)

    def circle(
        self, centre: Point, radius: float, *, fill: str = "none", colour: str = INK
    ) -> None:
        """Draw a circle."""
        self.shapes.append(
            f'<circle cx="{_n(centre[0])}" cy="{_n(centre[1])}" r="{_n(radius)}" fill="{fill}" '
            f'stroke="{colour}" stroke-width="2"/>'
        )
        ring = [on_circle(centre, radius, step * 15) for step in range(25)]
        self.lines += pairwise(ring)

    def dot(self, centre: Point, radius: float = 4, *, fill: str = INK, ring: str = "") -> None:
        """Draw a dot."""
        stroke = f' stroke="{ring}" stroke-width="2"' if ring else ""
        self.shapes.append(
            f'<circle cx="{_n(centre[0])}" cy="{_n(centre[1])}" r="{_n(radius)}" '
            f'fill="{fill}"{stroke}/>'
        )

    def arrow(self, tip: Point, start: Point, *, colour: str = INK, size: float = 9) -> None:
        """Draw the head of an arrow that comes from ``start``."""
        back = degrees(atan2(tip[1] - start[1], start[0] - tip[0]))
        wings = [on_circle(tip, size, back + turn) for turn in (-25, 25)]
        self.path([tip, *wings], closed=True, fill=colour, colour=colour, width=0)

    def text(
        self, text: str, x: float, y: float, size: float = SIZE, *, scale: bool = False
    ) -> None:
        """Write a text around its middle."""
        self.texts.append(Text(text, x, y, size, scale))

    def lead(self, text: str, x: float, y: float, size: float = SIZE) -> None:
        """Write a text that begins at a place."""
        self.texts.append(Text(text, x, y, size, leads=True))

    def place(self, text: str, places: Iterable[Point], size: float = SIZE) -> None:
        """Write a text at the first of some places where it is best to read."""
        options = [Text(text, x, y, size) for x, y in places]
        best = min(enumerate(options), key=lambda item: (self._crowding(item[1]), item[0]))[1]
        self.texts.append(best)

    def _crowding(self, text: Text) -> float:
        left, top, right, bottom = box = text.box
        others = sum(overlap(box, other.box) for other in self.texts)
        outside = max(0, 2 - left) + max(0, 2 - top)
        outside += max(0, right - WIDTH + 2) + max(0, bottom - self.height + 2)
        crossed = sum(crosses(line, box) for line in self.lines)
        # A sign that only just misses a line reads as if it belonged to it.
        wide = (left - _CLEAR, top - _CLEAR, right + _CLEAR, bottom + _CLEAR)
        touched = sum(crosses(line, wide) for line in self.lines) - crossed
        return others * 100 + outside * 100 + crossed + touched * 0.3

    def svg(self, alternative: str) -> str:
        """Return the sheet as SVG."""
        texts = "".join(
            f'<text x="{_n(t.x)}" y="{_n(t.y + t.size * 0.36)}" font-size="{_n(t.size)}"'
            f"{START if t.leads else ''}>{escape(t.text, quote=False)}</text>"
            for t in self.texts
        )
        shapes = "".join(self.shapes)
        # White under the lines: a chat may be dark.
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(WIDTH)} {_n(self.height)}" '
            f'width="{_n(WIDTH)}" height="{_n(self.height)}" role="img">'
            f"<title>{escape(alternative, quote=False)}</title>"
            f'<rect width="{_n(WIDTH)}" height="{_n(self.height)}" fill="#fff"/>'
            f'<g fill="none" stroke-linecap="round" stroke-linejoin="round">{shapes}</g>'
            f'<g font-family="{FAMILY}" text-anchor="middle" fill="{INK}" stroke="#fff" '
            f'stroke-width="3" stroke-linejoin="round" paint-order="stroke">{texts}</g></svg>'
        )


def on_circle(centre: Point, radius: float, angle: float) -> Point:
    """Return the point of a circle at an angle in degrees, anticlockwise from the right."""
    turn = angle * pi / 180
    return centre[0] + radius * cos(turn), centre[1] - radius * sin(turn)


def distance(a: Point, b: Point) -> float:
    """Return how far two points are apart."""
    return hypot(a[0] - b[0], a[1] - b[1])


def overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    """Return the area that two boxes share."""
    wide = min(a[2], b[2]) - max(a[0], b[0])
    tall = min(a[3], b[3]) - max(a[1], b[1])
    return max(wide, 0) * max(tall, 0)


def crosses(line: tuple[Point, Point], box: tuple[float, float, float, float]) -> bool:
    """Return whether a line goes through a box (Liang and Barsky, 1984)."""
    (x, y), (to_x, to_y) = line
    left, top, right, bottom = box
    # Most lines are far away: no division for them.
    if (x < left and to_x < left) or (x > right and to_x > right):
        return False
    if (y < top and to_y < top) or (y > bottom and to_y > bottom):
        return False
    first, last = 0.0, 1.0
    for move, low, high, at in (
        (to_x - x, left, right, x),
        (to_y - y, top, bottom, y),
    ):
        if not move:
            if not low <= at <= high:
                return False
            continue
        enter, leave = sorted(((low - at) / move, (high - at) / move))
        first, last = max(first, enter), min(last, leave)
    return first <= last


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
