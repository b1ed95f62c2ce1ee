"""A figure in words: for who hears the screen, and for a model that sees no picture."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from src.figures import kinds, words
from src.figures.writing import write, write_number
from src.language import Bilingual, Language


def describe(figure: kinds.Figure, language: Language) -> str:
    """Return what a picture shows, in one line.

    It says what eyes would see and no more: an angle without a number gets none.
    """
    teller = _Teller(language)
    parts = [part for part in _TELLERS[figure.kind](teller, figure) if part]
    return words.BEGINS.in_(language) + "; ".join(parts) + "।."[language is Language.EN]


class _Teller:
    """Says things in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def say(self, text: Bilingual, *parts: object) -> str:
        return text.in_(self._language).format(*parts)

    def number(self, value: float) -> str:
        return write_number(value, self._language)

    def write(self, text: kinds.Words) -> str:
        return write(text, self._language)

    def tell(self, text: kinds.Telling) -> str:
        return Bilingual(text.en, text.bn).in_(self._language)

    def list(self, items: Sequence[object]) -> str:
        return ", ".join(str(item) for item in items)

    def place(self, at: kinds.Place) -> str:
        return f"({self.number(at[0])}, {self.number(at[1])})"

    def places(self, points: Sequence[kinds.Place]) -> str:
        return self.list([self.place(point) for point in points])


def _geometry(t: _Teller, figure: kinds.Geometry) -> Iterator[str]:
    if figure.told is not None:
        yield t.tell(figure.told)
    names = [name for name in figure.points if name.isupper()]
    if names:
        yield t.say(words.POINTS, t.list(names))
    yield from (t.say(words.CIRCLE, c.centre) for c in figure.circles if c.centre.isupper())
    yield from (t.say(words.ARC, *arc.of) for arc in figure.arcs if arc.of.isupper())
    segments = [s if isinstance(s, kinds.Segment) else kinds.Segment(of=s) for s in figure.segments]
    yield from _segments(t, segments)
    yield from _angles(t, figure.angles)
    yield from _equals(t, segments, figure.angles)
    yield from (t.say(words.SHADED, outline) for outline in figure.filled if outline.isupper())
    yield from (t.say(words.THERE, t.write(note.text)) for note in figure.notes)
    if not figure.to_scale:
        yield t.say(words.NOT_TO_SCALE)


def _segments(t: _Teller, segments: Sequence[kinds.Segment]) -> Iterator[str]:
    for segment in segments:
        kind = {"none": words.SEGMENT, "end": words.RAY, "both": words.STRAIGHT}[segment.arrows]
        if segment.of.isupper():
            yield _marked(t, t.say(kind, segment.of), segment.label)
        elif segment.label is not None:
            yield t.say(words.LENGTH, t.write(segment.label))


def _angles(t: _Teller, angles: Sequence[kinds.Angle]) -> Iterator[str]:
    for angle in angles:
        named = angle.of.isupper()
        if angle.right:
            yield t.say(words.RIGHT, angle.of) if named else t.say(words.A_RIGHT_ANGLE)
        elif angle.label is not None:
            what = t.say(words.ANGLE, angle.of) if named else t.say(words.AN_ANGLE)
            yield _marked(t, what, angle.label)


def _marked(t: _Teller, what: str, label: kinds.Words | None) -> str:
    return what if label is None else t.say(words.MARKED, what, t.write(label))


def _equals(
    t: _Teller, segments: Sequence[kinds.Segment], angles: Sequence[kinds.Angle]
) -> Iterator[str]:
    for marks in (1, 2, 3):
        same = [s.of for s in segments if s.marks == marks and s.of.isupper()]
        if len(same) > 1:
            yield t.say(words.EQUAL, " = ".join(same))
        equal = [f"∠{a.of}" for a in angles if a.marks == marks > 1 and a.of.isupper()]
        if len(equal) > 1:
            yield t.say(words.EQUAL, " = ".join(equal))


def _number_line(t: _Teller, figure: kinds.NumberLine) -> Iterator[str]:
    ends = t.number(figure.start), t.number(figure.end)
    if figure.numbered is None:
        yield t.say(words.NUMBER_LINE, *ends, t.say(words.EVERY, t.number(figure.step)))
    else:
        yield t.say(words.NUMBER_LINE, *ends, _share(t, figure))
        yield t.say(words.NUMBERED, t.list([t.number(value) for value in figure.numbered]))
    for mark in figure.marks:
        place = _stroke(t, figure, mark.at)
        dot = t.say(words.OPEN_MARK if mark.open else words.MARK, place)
        yield f"{t.write(mark.label)}: {dot}" if mark.label is not None else dot
    for stretch in figure.ranges:
        yield t.say(words.RANGE, t.number(stretch.start), t.number(stretch.end))
    for jump in figure.jumps:
        arrow = t.say(words.JUMP, t.number(jump.start), t.number(jump.end))
        yield _marked(t, arrow, jump.label)


def _share(t: _Teller, figure: kinds.NumberLine) -> str:
    """Say how far apart unnumbered strokes are without the arithmetic that is asked for."""
    numbered = sorted(figure.numbered or [figure.start, figure.end])
    gap = numbered[1] - numbered[0] if len(numbered) > 1 else figure.end - figure.start
    parts = round(gap / figure.step)
    return t.say(words.PARTS, t.number(parts))


def _stroke(t: _Teller, figure: kinds.NumberLine, value: float) -> str:
    """Return where a dot is: its number where that is written, otherwise which stroke it is."""
    if figure.numbered is None or value in figure.numbered:
        return t.number(value)
    before = max((n for n in figure.numbered if n < value), default=figure.start)
    number = (value - before) / figure.step
    return t.say(words.STROKE, t.number(round(number, 2)), t.number(before))


def _axes(t: _Teller, figure: kinds.Bars | kinds.Lines | kinds.Histogram) -> Iterator[str]:
    if figure.title:
        yield t.write(figure.title)
    named = [t.write(axis) for axis in (figure.x, figure.y) if axis]
    if named:
        yield t.say(words.AXES, t.list(named))


def _chart(t: _Teller, figure: kinds.Bars | kinds.Lines) -> Iterator[str]:
    yield t.say(words.BAR if figure.kind == "bar" else words.LINE)
    yield from _axes(t, figure)
    for series in figure.series:
        pairs = zip(figure.categories, series.values, strict=False)
        told = t.list([f"{t.write(name)} {t.number(value)}" for name, value in pairs])
        yield f"{t.write(series.name)}: {told}" if len(figure.series) > 1 else told


def _histogram(t: _Teller, figure: kinds.Histogram) -> Iterator[str]:
    yield t.say(words.HISTOGRAM)
    yield from _axes(t, figure)
    classes = zip(figure.edges, figure.edges[1:], figure.values, strict=False)
    yield t.list([f"{t.number(a)}–{t.number(b)}: {t.number(value)}" for a, b, value in classes])
    if figure.polygon:
        yield t.say(words.POLYGON)


def _pie(t: _Teller, figure: kinds.Pie) -> Iterator[str]:
    yield t.say(words.PIE)
    if figure.title:
        yield t.write(figure.title)
    for part in figure.slices:
        yield f"{t.write(part.label)}: {t.write(part.note)}" if part.note else t.write(part.label)
    if not figure.to_scale:
        yield t.say(words.NOT_TO_SCALE)


def _grid(t: _Teller, figure: kinds.Grid) -> Iterator[str]:
    yield t.say(words.AXES_GRID if figure.axes else words.GRID)
    for spot in figure.points:
        yield t.say(
            words.POINT_AT, "" if spot.label is None else t.write(spot.label), t.place(spot.at)
        )
    for shape in figure.shapes:
        kind = words.PATH if shape.open else words.FILLED if shape.fill else words.SHAPE
        yield _marked(t, t.say(kind, t.places(shape.points)), shape.label)
    if figure.mirror:
        yield t.say(words.MIRROR, t.places(figure.mirror))
    if figure.note:
        yield t.write(figure.note)


def _venn(t: _Teller, figure: kinds.Venn) -> Iterator[str]:
    names = [t.write(name) for name in figure.sets]
    yield t.say(words.VENN, t.list(names))
    if figure.universe:
        yield t.write(figure.universe)
    for region, text in figure.regions.items():
        yield f"{_region(t, region, names)}: {t.write(text)}"
    for region in figure.shaded:
        yield t.say(words.SHADED, _region(t, region, names))


def _region(t: _Teller, region: str, names: Sequence[str]) -> str:
    if region == "0":
        return t.say(words.OUTSIDE)
    if len(region) == 3:
        return t.say(words.ALL_THREE)
    inside = [names[int(number) - 1] for number in region if int(number) <= len(names)]
    return t.say(words.ONLY if len(region) == 1 else words.BOTH, t.list(inside))


def _table(t: _Teller, figure: kinds.Table) -> Iterator[str]:
    if figure.title:
        yield t.write(figure.title)
    yield t.say(words.TABLE, t.list([t.write(cell) for cell in figure.header]))
    for row in figure.rows:
        yield t.list([t.write(cell) for cell in row])


def _pattern(t: _Teller, figure: kinds.Pattern) -> Iterator[str]:
    yield f"{t.say(words.PATTERN)}, {t.say(words.UNITS[figure.unit])}"
    for number, step in enumerate(figure.steps, 1):
        if step.sticks is None:
            shape = t.say(words.ROWS, t.list([t.number(count) for count in step.rows]))
        else:
            kind = words.SQUARES if step.sticks == "squares" else words.TRIANGLES
            shape = t.say(kind, t.number(step.count))
        yield f"{t.say(words.FIGURE, t.number(number))}: {shape}"


def _protractor(t: _Teller, figure: kinds.Protractor) -> Iterator[str]:
    yield t.say(words.PROTRACTOR, figure.centre)
    for name, degrees in figure.rays.items():
        yield t.say(words.RAY_AT, figure.centre + name, t.number(degrees))


_TELLERS: dict[str, Callable[[_Teller, Any], Iterator[str]]] = {
    "geometry": _geometry,
    "number_line": _number_line,
    "bar": _chart,
    "line": _chart,
    "histogram": _histogram,
    "pie": _pie,
    "grid": _grid,
    "venn": _venn,
    "table": _table,
    "pattern": _pattern,
    "protractor": _protractor,
}
