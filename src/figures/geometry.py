"""Points, segments, circles and angles on a sheet."""

from collections.abc import Iterator, Sequence
from math import atan2, degrees

from src.figures import words
from src.figures.canvas import (
    COLOURS,
    FILL,
    GREY,
    SIZE,
    SMALL,
    WIDTH,
    Canvas,
    Point,
    distance,
    on_circle,
)
from src.figures.kinds import Angle, Arc, Geometry, Segment
from src.figures.writing import width_of, write
from src.language import Language

_MARGIN = 34.0
_TALLEST = 250.0
_RADIUS = 26.0
_SQUARE = 13.0
_COMPASS = {"e": 0, "ne": 45, "n": 90, "nw": 135, "w": 180, "sw": 225, "s": 270, "se": 315}


def draw_geometry(figure: Geometry, language: Language) -> Canvas:
    """Draw points and what joins them, as large as fits."""
    fit = _Fit(figure)
    canvas = Canvas(fit.height + (0 if figure.to_scale else 24))
    at = {name: fit.put(place) for name, place in figure.places().items()}
    for outline in figure.filled:
        canvas.path([at[name] for name in outline], closed=True, fill=FILL, width=0)
    for circle in figure.circles:
        fill = FILL if circle.fill else "#fff" if circle.hole else "none"
        canvas.circle(at[circle.centre], circle.radius * fit.scale, fill=fill)
    for arc in figure.arcs:
        _draw_arc(canvas, arc, at)
    segments = [s if isinstance(s, Segment) else Segment(of=s) for s in figure.segments]
    for segment in segments:
        _draw_segment(canvas, segment, at)
    radii = [*_radii(figure.angles, at)]
    for angle, radius in zip(figure.angles, radii, strict=True):
        _draw_angle(canvas, angle, at, radius)
    for name in figure.dots:
        canvas.dot(at[name])
    for note in figure.notes:
        canvas.text(write(note.text, language), *fit.put(note.at), SIZE)
    for angle, radius in zip(figure.angles, radii, strict=True):
        if angle.label is not None:
            text = write(angle.label, language)
            canvas.place(text, _places_in(angle, at, radius, text), SMALL)
    for segment in segments:
        if segment.label is not None:
            text = write(segment.label, language)
            canvas.place(text, _places_along(segment, at, text), SMALL)
    _name_points(canvas, figure, at)
    if not figure.to_scale:
        canvas.text(words.NOT_TO_SCALE.in_(language), WIDTH / 2, canvas.height - 14, SMALL)
    return canvas


class _Fit:
    """Turns coordinates with y upwards into places on the sheet."""

    def __init__(self, figure: Geometry) -> None:
        places = figure.places()
        corners = [*places.values(), *(note.at for note in figure.notes)]
        for circle in figure.circles:
            x, y = places[circle.centre]
            corners += [
                (x - circle.radius, y - circle.radius),
                (x + circle.radius, y + circle.radius),
            ]
        for arc in figure.arcs:
            corners += _arc_points(arc, places)
        self._left = min(x for x, _ in corners)
        self._top = max(y for _, y in corners)
        wide = max(max(x for x, _ in corners) - self._left, 1e-9)
        tall = max(self._top - min(y for _, y in corners), 1e-9)
        self.scale = min((WIDTH - 2 * _MARGIN) / wide, _TALLEST / tall)
        self._indent = (WIDTH - wide * self.scale) / 2
        self.height = max(tall * self.scale + 2 * _MARGIN, 110.0)
        self._down = (self.height - tall * self.scale) / 2

    def put(self, place: Point) -> Point:
        """Return where a point of the figure is on the sheet."""
        x = self._indent + (place[0] - self._left) * self.scale
        return x, self._down + (self._top - place[1]) * self.scale


def direction(a: Point, b: Point, *, down: bool = False) -> float:
    """Return the direction from a to b in degrees, anticlockwise from the right."""
    tall = a[1] - b[1] if down else b[1] - a[1]
    return degrees(atan2(tall, b[0] - a[0]))


def _arc_points(arc: Arc, at: dict[str, Point], *, down: bool = False) -> list[Point]:
    start, centre, end = (at[name] for name in arc.of)
    first = direction(centre, start, down=down)
    sweep = (direction(centre, end, down=down) - first) % 360 or 360
    radius, steps = distance(centre, start), max(2, int(sweep / 3))
    turns = [first + sweep * step / steps for step in range(steps + 1)]
    points = [on_circle(centre, radius, turn) for turn in turns]
    return points if down else [(x, 2 * centre[1] - y) for x, y in points]


def _draw_arc(canvas: Canvas, arc: Arc, at: dict[str, Point]) -> None:
    points = _arc_points(arc, at, down=True)
    if arc.fill:
        canvas.path([at[arc.of[1]], *points], closed=True, fill=FILL, width=0)
    canvas.path(points)


def _draw_segment(canvas: Canvas, segment: Segment, at: dict[str, Point]) -> None:
    a, b = (at[name] for name in segment.of)
    canvas.line(a, b, dashed=segment.dashed, colour=GREY if segment.dashed else "#1f2937")
    if segment.arrows != "none":
        canvas.arrow(b, a)
    if segment.arrows == "both":
        canvas.arrow(a, b)
    along, across = direction(a, b, down=True), direction(a, b, down=True) + 90
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    for number in range(segment.marks):
        centre = on_circle(middle, (number - (segment.marks - 1) / 2) * 5, along)
        canvas.line(on_circle(centre, 6, across), on_circle(centre, -6, across), solid=False)


def spread(angle: Angle, at: dict[str, Point], *, down: bool) -> tuple[float, float]:
    """Return where an angle begins and how far it reaches, in degrees, anticlockwise."""
    p, vertex, q = (at[name] for name in angle.of)
    first, last = direction(vertex, p, down=down), direction(vertex, q, down=down)
    sweep = (last - first) % 360
    if (sweep > 180) != angle.reflex:
        first, sweep = last, 360 - sweep
    return first, sweep


def _radii(angles: Sequence[Angle], at: dict[str, Point]) -> Iterator[float]:
    """Keep apart the arcs of angles that lie over each other."""
    for number, angle in enumerate(angles):
        same = (other for other in angles[:number] if other.of[1] == angle.of[1])
        yield _RADIUS + 9 * sum(_share(angle, other, at) for other in same)


def _share(one: Angle, other: Angle, at: dict[str, Point]) -> bool:
    (a, wide), (b, narrow) = spread(one, at, down=True), spread(other, at, down=True)
    return (b - a) % 360 < wide - 1 or (a - b) % 360 < narrow - 1


def _draw_angle(canvas: Canvas, angle: Angle, at: dict[str, Point], radius: float) -> None:
    first, sweep = spread(angle, at, down=True)
    vertex = at[angle.of[1]]
    if angle.right:
        corner = on_circle(vertex, _SQUARE * 2**0.5, first + sweep / 2)
        sides = [on_circle(vertex, _SQUARE, first), on_circle(vertex, _SQUARE, first + sweep)]
        canvas.path([sides[0], corner, sides[1]], colour=COLOURS[0], width=1.6)
        return
    steps = max(2, int(sweep / 6))
    for ring in range(angle.marks):
        arc = [
            on_circle(vertex, radius - 4 * ring, first + sweep * step / steps)
            for step in range(steps + 1)
        ]
        canvas.path(arc, colour=COLOURS[0], width=1.6)


def _places_in(angle: Angle, at: dict[str, Point], radius: float, text: str) -> Iterator[Point]:
    """Places for the label of an angle: along the bisector first, then beside it."""
    first, sweep = spread(angle, at, down=True)
    reach = radius + 4 + width_of(text, SMALL) / 2
    for further in (0, 6, 12, 20, 30, 42):
        for part in (0.5, 0.4, 0.6, 0.3, 0.7):
            yield on_circle(at[angle.of[1]], reach + further, first + sweep * part)


def _places_along(segment: Segment, at: dict[str, Point], text: str) -> Iterator[Point]:
    a, b = (at[name] for name in segment.of)
    across = direction(a, b, down=True) + 90
    centre = [sum(point[axis] for point in at.values()) / len(at) for axis in (0, 1)]
    for further in (0, 5, 11):
        for part in (0.5, 0.4, 0.6, 0.3, 0.7):
            middle = (a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part)
            sides = [_beside(middle, turn, text, further) for turn in (across, across + 180)]
            yield from sorted(sides, key=lambda place: -distance(place, (centre[0], centre[1])))


def _beside(middle: Point, turn: float, text: str, further: float) -> Point:
    tip = on_circle((0, 0), 1, turn)
    reach = abs(tip[0]) * width_of(text, SMALL) / 2 + abs(tip[1]) * SMALL * 0.46
    reach += 6 + further
    return middle[0] + tip[0] * reach, middle[1] + tip[1] * reach


def _name_points(canvas: Canvas, figure: Geometry, at: dict[str, Point]) -> None:
    middle = [sum(point[axis] for point in at.values()) / len(at) for axis in (0, 1)]
    for name in filter(str.isupper, figure.points):
        away = direction((middle[0], middle[1]), at[name], down=True)
        turns = [away + turn for turn in (0, 45, -45, 90, -90, 135, -135, 180)]
        if name in figure.place:
            turns = [_COMPASS[figure.place[name]]]
        places = [on_circle(at[name], reach, turn) for reach in (15, 19) for turn in turns]
        canvas.place(name, places)
