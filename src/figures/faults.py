"""What is wrong with a figure: sums that do not add up, and a picture that would mislead."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from src.figures import kinds
from src.figures.canvas import WIDTH, Canvas, Text, distance, overlap
from src.figures.charts import turns
from src.figures.drawing import lay_out
from src.figures.geometry import spread
from src.figures.writing import lacks, write
from src.language import Bilingual, Language

LARGEST_TURN = 2.0
LARGEST_STRETCH = 0.03
_DEGREES = re.compile(r"(\d+(?:\.\d+)?) ?°")
_LENGTH = re.compile(r"(\d+(?:\.\d+)?) ?(mm|cm|m|km|মিমি|সেমি|মি|মিটার|কিমি)?")
_PER_CENT = re.compile(r"(\d+(?:\.\d+)?) ?%")
_METRES = {"mm": 0.001, "cm": 0.01, "m": 1, "km": 1000, "": 1}
_LATIN = re.compile("[A-Za-z]{3,}")
_BANGLA = re.compile("[\u0981-\u09fb]")
_HAIR = 1e-6


class FigureFault(NamedTuple):
    """What is wrong.

    Attributes:
        code: ``figure_…``, for programs.
        message: For the author.
    """

    code: str
    message: str


class Examined(NamedTuple):
    """A figure as it was drawn for the checks.

    Attributes:
        faults: What is wrong with it on its own.
        told: In each language what the picture says in words, but for the scales of its axes.
    """

    faults: list[FigureFault]
    told: dict[Language, list[str]]


def examine(figure: kinds.Figure) -> Examined:
    """Return all that is wrong with a figure on its own, and what it says once it is drawn."""
    broken = [*_SENSE.get(figure.kind, lambda _: ())(figure)]
    broken += _check_scripts(figure)
    if broken:
        return Examined(broken, {})
    scale = _SCALE.get(figure.kind)
    found, told = [*scale(figure)] if scale else [], {}
    for language in Language:
        sheet = lay_out(figure, language)
        found += _check_sheet(sheet, language)
        told[language] = _told(figure, sheet, language)
    return Examined(found, told)


def _told(figure: kinds.Figure, sheet: Canvas, language: Language) -> list[str]:
    shown = [text.text for text in sheet.texts if not text.scale]
    told = figure.told if isinstance(figure, kinds.Geometry) else None
    return [*shown, Bilingual(told.en, told.bn).in_(language)] if told else shown


# --- the sheet


def _check_sheet(canvas: Canvas, language: Language) -> Iterator[FigureFault]:
    for one, other in combinations(canvas.texts, 2):
        if overlap(_shrunk(one), _shrunk(other)) > 0:
            message = f"{language}: {one.text!r} lies over {other.text!r}"
            yield FigureFault("figure_overlap", message)
    for text in canvas.texts:
        left, top, right, bottom = text.box
        if left < 0 or top < 0 or right > WIDTH or bottom > canvas.height:
            yield FigureFault("figure_overlap", f"{language}: {text.text!r} leaves the picture")
        for sign in lacks(text.text):
            message = f"{language}: the font has no {sign!r} (U+{ord(sign):04X})"
            yield FigureFault("figure_script", message)


def _shrunk(text: Text) -> tuple[float, float, float, float]:
    left, top, right, bottom = text.box
    return left + 0.5, top + 0.5, right - 0.5, bottom - 0.5


# --- languages


def _check_scripts(figure: kinds.Figure) -> Iterator[FigureFault]:
    for text in _pairs(figure.model_dump()):
        if _BANGLA.search(text["en"]):
            yield FigureFault("figure_script", f"Bangla in the English text {text['en']!r}")
        if re.search("[0-9]", text["bn"]):
            yield FigureFault("figure_script", f"Latin digits in {text['bn']!r}; write ০-৯")
    for shared in _shared(figure.model_dump()):
        if _BANGLA.search(shared) or _LATIN.search(_units_apart(shared)):
            message = f"{shared!r} is a word: write it in both languages"
            yield FigureFault("figure_script", message)


def _units_apart(text: str) -> str:
    return re.sub(r"\b[A-Z]+\b", "", text)


def _pairs(data: Any) -> Iterator[dict[str, str]]:
    if isinstance(data, dict):
        if data.keys() == {"en", "bn"}:
            yield data
        else:
            for value in data.values():
                yield from _pairs(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _pairs(value)


_SHARED = frozenset({"label", "text", "title", "x", "y", "note", "name", "universe"})
_LISTS = frozenset({"categories", "sets", "header", "rows", "regions"})


def _shared(data: Any, key: str = "") -> Iterator[str]:
    if isinstance(data, str):
        if key in _SHARED | _LISTS:
            yield data
    elif isinstance(data, dict) and data.keys() != {"en", "bn"}:
        for name, value in data.items():
            yield from _shared(value, key if key in _LISTS else name)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _shared(value, key)


# --- sense


def _geometry_sense(figure: kinds.Geometry) -> Iterator[FigureFault]:
    segments = [s if isinstance(s, str) else s.of for s in figure.segments]
    used = [*segments, *figure.filled, *(a.of for a in figure.angles), *(a.of for a in figure.arcs)]
    used += [*(circle.centre for circle in figure.circles), *figure.place]
    for names in (*used, figure.dots):
        for name in names:
            if name not in figure.points:
                yield FigureFault("figure_sense", f"{names}: there is no point {name}")
        if len(set(names)) < len(names):
            yield FigureFault("figure_sense", f"{names} names a point twice")
    try:
        at = figure.places()
    except ValueError as error:
        yield FigureFault("figure_sense", str(error))
        return
    shown = "".join(used)
    if figure.told is None and shown != shown.upper():
        message = "names that are not written tell nothing: say in told what is to be seen"
        yield FigureFault("figure_sense", message)
    for one, other in combinations(at, 2):
        if distance(at[one], at[other]) < _HAIR:
            yield FigureFault("figure_sense", f"{one} and {other} are one point")


def _line_sense(figure: kinds.NumberLine) -> Iterator[FigureFault]:
    if figure.end <= figure.start or (figure.end - figure.start) / figure.step > 60:
        yield FigureFault(
            "figure_sense", "the line needs an end after its start, 60 strokes at most"
        )
        return
    places = [mark.at for mark in figure.marks] + [*(figure.numbered or ())]
    places += [end for jump in figure.jumps for end in (jump.start, jump.end)]
    places += [end for part in figure.ranges for end in (part.start, part.end)]
    for place in places:
        if not figure.start <= place <= figure.end:
            yield FigureFault("figure_sense", f"{place:g} is not on the line")


def _chart_sense(figure: kinds.Bars | kinds.Lines) -> Iterator[FigureFault]:
    for series in figure.series:
        if len(series.values) != len(figure.categories):
            message = f"{len(figure.categories)} categories, {len(series.values)} values"
            yield FigureFault("figure_sense", message)
    yield from _axis_sense(figure, [value for s in figure.series for value in s.values])


def _axis_sense(
    figure: kinds.Bars | kinds.Lines | kinds.Histogram, values: Sequence[float]
) -> Iterator[FigureFault]:
    top = figure.top or max(values, default=0)
    if top / figure.step > 14 or top <= 0:
        yield FigureFault("figure_sense", "the axis needs a top above 0 and 14 steps at most")
    if figure.top and (figure.top < max(values) or abs(figure.top % figure.step) > _HAIR):
        yield FigureFault("figure_sense", "top is below a value, or no whole number of steps")


def _histogram_sense(figure: kinds.Histogram) -> Iterator[FigureFault]:
    if len(figure.edges) != len(figure.values) + 1:
        yield FigureFault("figure_sense", "there is one edge more than values")
    elif sorted(set(figure.edges)) != figure.edges:
        yield FigureFault("figure_sense", "the edges must grow")
    yield from _axis_sense(figure, figure.values)


def _grid_sense(figure: kinds.Grid) -> Iterator[FigureFault]:
    (left, right), (low, high) = figure.x, figure.y
    if not (0 < right - left <= 24 and 0 < high - low <= 24):
        yield FigureFault("figure_sense", "the paper must be 1 to 24 squares wide and high")
        return
    places = [spot.at for spot in figure.points] + [*figure.mirror]
    places += [point for shape in figure.shapes for point in shape.points]
    for x, y in places:
        if not (left <= x <= right and low <= y <= high):
            yield FigureFault("figure_sense", f"({x:g}, {y:g}) is not on the paper")
    if len(figure.mirror) == 1:
        yield FigureFault("figure_sense", "a mirror line needs two points")


def _venn_sense(figure: kinds.Venn) -> Iterator[FigureFault]:
    for region in (*figure.regions, *figure.shaded):
        if len(figure.sets) < 3 and "3" in region:
            yield FigureFault("figure_sense", f"there is no region {region} of two sets")


def _table_sense(figure: kinds.Table) -> Iterator[FigureFault]:
    for number, row in enumerate(figure.rows, 1):
        if len(row) != len(figure.header):
            message = f"row {number} has {len(row)} cells, the header {len(figure.header)}"
            yield FigureFault("figure_sense", message)


def _pattern_sense(figure: kinds.Pattern) -> Iterator[FigureFault]:
    for number, step in enumerate(figure.steps, 1):
        sticks = step.sticks is not None
        whole = step.count > 0 if sticks else any(step.rows)
        if sticks != (figure.unit == "stick") or (sticks and step.rows) or not whole:
            message = f"step {number}: sticks need a shape and a count, dots and tiles rows"
            yield FigureFault("figure_sense", message)


def _protractor_sense(figure: kinds.Protractor) -> Iterator[FigureFault]:
    if figure.centre in figure.rays:
        yield FigureFault("figure_sense", "the centre and a ray have one name")


_SENSE: dict[str, Callable[[Any], Iterator[FigureFault]]] = {
    "geometry": _geometry_sense,
    "number_line": _line_sense,
    "bar": _chart_sense,
    "line": _chart_sense,
    "histogram": _histogram_sense,
    "grid": _grid_sense,
    "venn": _venn_sense,
    "table": _table_sense,
    "pattern": _pattern_sense,
    "protractor": _protractor_sense,
}


# --- scale


def _geometry_scale(figure: kinds.Geometry) -> Iterator[FigureFault]:
    if figure.to_scale:
        yield from _check_angles(figure)
        yield from _check_lengths(figure)
    yield from _check_marks(figure)


def _check_angles(figure: kinds.Geometry) -> Iterator[FigureFault]:
    for angle in figure.angles:
        drawn = spread(angle, figure.places(), down=False)[1]
        said = 90.0 if angle.right else _read(_DEGREES, angle.label)
        if said is not None and abs(drawn - said) > LARGEST_TURN:
            message = f"the angle {angle.of} is said to be {said:g}°, but drawn with {drawn:.0f}°"
            yield FigureFault("figure_scale", f"{message}; draw it so, or set to_scale to false")


def _check_lengths(figure: kinds.Geometry) -> Iterator[FigureFault]:
    at = figure.places()
    said = [
        (segment.of, metres, distance(*(at[name] for name in segment.of)))
        for segment in figure.segments
        if isinstance(segment, kinds.Segment) and (metres := _metres(segment.label))
    ]
    if not said:
        return
    first, metres, drawn = max(said, key=lambda item: item[1])
    for name, long, length in said:
        if abs(length / drawn - long / metres) > LARGEST_STRETCH * long / metres:
            message = f"{name} is said to be {long / metres:.2f} of {first}, but drawn with"
            message += f" {length / drawn:.2f}; draw it so, or set to_scale to false"
            yield FigureFault("figure_scale", message)


def _check_marks(figure: kinds.Geometry) -> Iterator[FigureFault]:
    """Marks of equality are checked also where nothing else is to scale, but for small slips."""
    if not figure.to_scale:
        return
    at = figure.places()
    for marks in (1, 2, 3):
        lengths = [
            distance(*(at[name] for name in segment.of))
            for segment in figure.segments
            if isinstance(segment, kinds.Segment) and segment.marks == marks
        ]
        if lengths and max(lengths) > min(lengths) * (1 + LARGEST_STRETCH):
            yield FigureFault("figure_scale", f"segments with {marks} marks differ in length")
        sweeps = [
            spread(angle, at, down=False)[1] for angle in figure.angles if angle.marks == marks > 1
        ]
        if sweeps and max(sweeps) - min(sweeps) > LARGEST_TURN:
            yield FigureFault("figure_scale", f"angles with {marks} arcs differ")


def _read(pattern: re.Pattern[str], label: kinds.Words | None) -> float | None:
    found = pattern.fullmatch(write(label, Language.EN)) if label is not None else None
    return float(found[1]) if found else None


def _metres(label: kinds.Words | None) -> float | None:
    found = _LENGTH.fullmatch(write(label, Language.EN)) if label is not None else None
    return float(found[1]) * _METRES[found[2] or ""] if found else None


def _pie_scale(figure: kinds.Pie) -> Iterator[FigureFault]:
    if not figure.to_scale:
        return
    for (_, sweep), part in zip(turns(figure), figure.slices, strict=True):
        said = _read(_DEGREES, part.note)
        if said is None and (share := _read(_PER_CENT, part.note)) is not None:
            said = share * 3.6
        if said is not None and abs(said - sweep) > LARGEST_TURN:
            label = write(part.label, Language.EN)
            message = f"{label} is said to be {said:g}°, but drawn with {sweep:.0f}°"
            yield FigureFault("figure_scale", message)


_SCALE: dict[str, Callable[[Any], Iterator[FigureFault]]] = {
    "geometry": _geometry_scale,
    "pie": _pie_scale,
}
