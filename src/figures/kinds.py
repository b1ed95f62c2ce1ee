"""What a figure may hold; ``docs/figures.md`` shows each kind."""

import json
from collections.abc import Sequence
from math import cos, radians, sin
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from src.language import Language

Coordinate = Annotated[float, Field(ge=-10_000, le=10_000)]
Place = tuple[Coordinate, Coordinate]
Amount = Annotated[float, Field(ge=0, le=1_000_000)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
Compass = Literal["n", "ne", "e", "se", "s", "sw", "w", "nw"]
Line = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}$")]
Corner = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{3}$")]
Outline = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{3,12}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]$")]
_FLAT = 1e-6


class _Part(BaseModel):
    """A part of a figure: nothing in it that is not known, nothing that changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Pair(_Part):
    """A text that differs between the languages."""

    en: Short
    bn: Short


class Telling(_Part):
    """A sentence in both languages."""

    en: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    bn: Annotated[str, StringConstraints(min_length=1, max_length=200)]


Words = Short | Pair
"""One text for both languages (its digits are written in the language), or a pair."""


def say(words: Words, language: Language) -> str:
    """Return a text in a language, as it stands in the data."""
    if isinstance(words, str):
        return words
    return words.bn if language is Language.BN else words.en


class Turn(_Part):
    """A point seen from one that stands before it, at an angle and a distance."""

    model_config = ConfigDict(populate_by_name=True)

    start: Name = Field(alias="from")
    angle: Coordinate
    length: float = Field(gt=0, le=10_000)


class Meet(_Part):
    """The point where two rays meet, each from a point that stands before it, at an angle."""

    rays: tuple[tuple[Name, Coordinate], tuple[Name, Coordinate]]


class Segment(_Part):
    """A segment between two points.

    Attributes:
        of: The names of its ends, as in ``AB``.
        label: What is written at it; a length with a unit must be that of the drawing.
        marks: Strokes across it; segments with as many are equally long.
        dashed: Whether the line is dashed.
        arrows: At no end, at the second, or at both.
    """

    of: Line
    label: Words | None = None
    marks: int = Field(0, ge=0, le=3)
    dashed: bool = False
    arrows: Literal["none", "end", "both"] = "none"


class Circle(_Part):
    """A circle about a point, filled, or a hole in one that is."""

    centre: Name
    radius: float = Field(gt=0, le=10_000)
    fill: bool = False
    hole: bool = False


class Arc(_Part):
    """The arc of a circle from the first point to the third, anticlockwise about the second."""

    of: Corner
    fill: bool = False


class Angle(_Part):
    """An angle at the second of three points.

    Attributes:
        of: The three points, as in ``ABC``.
        label: What is written in it; degrees must be those of the drawing.
        marks: Arcs; angles with as many (from 2) are equal.
        right: Drawn as a small square.
        reflex: The larger of the two angles.
    """

    of: Corner
    label: Words | None = None
    marks: int = Field(1, ge=1, le=3)
    right: bool = False
    reflex: bool = False


class Note(_Part):
    """A text at a place."""

    at: Place
    text: Words


class Geometry(_Part):
    """Points, and what joins them. Capital letters are written, small ones only help to draw.

    ``told`` says in words what those who see no picture cannot know from the names of the points.
    """

    kind: Literal["geometry"]
    points: dict[Name, Place | Turn | Meet] = Field(min_length=1, max_length=24)
    segments: list[Line | Segment] = Field(default_factory=list, max_length=40)
    filled: list[Outline] = Field(default_factory=list, max_length=8)
    circles: list[Circle] = Field(default_factory=list, max_length=6)
    arcs: list[Arc] = Field(default_factory=list, max_length=6)
    angles: list[Angle] = Field(default_factory=list, max_length=12)
    notes: list[Note] = Field(default_factory=list, max_length=12)
    dots: str = Field("", pattern=r"^[A-Za-z]*$", max_length=24)
    place: dict[Name, Compass] = Field(default_factory=dict)
    to_scale: bool = True
    told: Telling | None = None

    def places(self) -> dict[str, tuple[float, float]]:
        """Return where each point is, y upwards.

        Raises:
            ValueError: A point is seen from none that stands before it, or the rays do not meet.
        """
        at: dict[str, tuple[float, float]] = {}
        for name, given in self.points.items():
            at[name] = _locate(name, given, at)
        return at


def _locate(
    name: str, given: Place | Turn | Meet, at: dict[str, tuple[float, float]]
) -> tuple[float, float]:
    try:
        if isinstance(given, Turn):
            (x, y), turn = at[given.start], radians(given.angle)
            return x + given.length * cos(turn), y + given.length * sin(turn)
        if isinstance(given, Meet):
            return _meet([(at[start], angle) for start, angle in given.rays])
    except KeyError as error:
        raise ValueError(f"{name} is seen from {error}, which does not stand before it") from None
    except ZeroDivisionError:
        raise ValueError(f"the rays to {name} do not meet") from None
    return given


def _meet(rays: Sequence[tuple[tuple[float, float], float]]) -> tuple[float, float]:
    """Return where two lines cross, each a point and a direction in degrees."""
    ((x, y), first), ((other_x, other_y), second) = rays
    a, b = (cos(radians(first)), sin(radians(first))), (cos(radians(second)), sin(radians(second)))
    slope = a[0] * b[1] - a[1] * b[0]
    if abs(slope) < _FLAT:
        raise ZeroDivisionError
    along = ((other_x - x) * b[1] - (other_y - y) * b[0]) / slope
    return x + along * a[0], y + along * a[1]


class Mark(_Part):
    """A point on a number line, with what is written above it."""

    at: Coordinate
    label: Words | None = None
    open: bool = False


class Jump(_Part):
    """An arrow over a number line."""

    start: Coordinate
    end: Coordinate
    label: Words | None = None


class Range(_Part):
    """A thick stretch of a number line."""

    start: Coordinate
    end: Coordinate


class NumberLine(_Part):
    """A line with a stroke at every step, numbered at ``numbered`` or at every stroke."""

    kind: Literal["number_line"]
    start: Coordinate
    end: Coordinate
    step: float = Field(1, gt=0)
    numbered: list[Coordinate] | None = None
    marks: list[Mark] = Field(default_factory=list, max_length=12)
    jumps: list[Jump] = Field(default_factory=list, max_length=8)
    ranges: list[Range] = Field(default_factory=list, max_length=4)


class Series(_Part):
    """One value for each category, drawn in one colour."""

    name: Words
    values: list[Amount]


class _Axes(_Part):
    title: Words | None = None
    x: Words | None = None
    y: Words | None = None
    step: float = Field(gt=0)
    top: Amount | None = None
    show_values: bool = False


class Bars(_Axes):
    """A bar for each category, or one for each of several series."""

    kind: Literal["bar"]
    categories: list[Words] = Field(min_length=2, max_length=12)
    series: list[Series] = Field(min_length=1, max_length=3)


class Lines(_Axes):
    """A line graph."""

    kind: Literal["line"]
    categories: list[Words] = Field(min_length=2, max_length=12)
    series: list[Series] = Field(min_length=1, max_length=3)


class Histogram(_Axes):
    """Touching bars over classes, with the frequency polygon where it is wanted."""

    kind: Literal["histogram"]
    edges: list[Coordinate] = Field(min_length=3, max_length=13)
    values: list[Amount] = Field(min_length=2, max_length=12)
    polygon: bool = False


class Slice(_Part):
    """A slice of a pie; ``note`` stands in it, and degrees or per cents must be those drawn."""

    label: Words
    value: float = Field(gt=0, le=1_000_000)
    note: Words | None = None


class Pie(_Part):
    """A pie chart."""

    kind: Literal["pie"]
    slices: list[Slice] = Field(min_length=2, max_length=8)
    title: Words | None = None
    to_scale: bool = True


class Spot(_Part):
    """A point of a grid."""

    at: Place
    label: Words | None = None


class Shape(_Part):
    """An outline on a grid, or a path where it is open."""

    points: list[Place] = Field(min_length=2, max_length=24)
    fill: bool = False
    open: bool = False
    dashed: bool = False
    label: Words | None = None


class Grid(_Part):
    """Squared paper, with axes or without."""

    kind: Literal["grid"]
    x: tuple[int, int]
    y: tuple[int, int]
    axes: bool = True
    lines: bool = True
    points: list[Spot] = Field(default_factory=list, max_length=16)
    shapes: list[Shape] = Field(default_factory=list, max_length=12)
    mirror: list[Place] = Field(default_factory=list, max_length=2)
    note: Words | None = None


class Venn(_Part):
    """Two or three sets in a universe.

    Attributes:
        sets: Their names.
        regions: What stands in each region: ``1`` is only in the first, ``12`` in the first two,
            ``0`` in none.
        shaded: The regions that are shaded.
        universe: The name of the rectangle.
    """

    kind: Literal["venn"]
    sets: list[Words] = Field(min_length=2, max_length=3)
    regions: dict[Literal["0", "1", "2", "3", "12", "13", "23", "123"], Words] = Field(
        default_factory=dict
    )
    shaded: list[Literal["0", "1", "2", "3", "12", "13", "23", "123"]] = Field(default_factory=list)
    universe: Words | None = None


class Table(_Part):
    """A table with a header."""

    kind: Literal["table"]
    header: list[Words] = Field(min_length=1, max_length=8)
    rows: list[list[Words]] = Field(min_length=1, max_length=10)
    title: Words | None = None


class PatternStep(_Part):
    """One figure of a pattern: rows of dots or tiles, or joined shapes of sticks."""

    rows: list[Annotated[int, Field(ge=0, le=12)]] = Field(default_factory=list, max_length=10)
    sticks: Literal["squares", "triangles"] | None = None
    count: int = Field(0, ge=0, le=10)


class Pattern(_Part):
    """Figures side by side, each numbered."""

    kind: Literal["pattern"]
    unit: Literal["dot", "tile", "stick"]
    steps: list[PatternStep] = Field(min_length=1, max_length=6)
    align: Literal["left", "centre"] = "left"


class Protractor(_Part):
    """A protractor whose scale is read from the right, with rays from its centre.

    Attributes:
        rays: The name of a point on each ray, and its degrees.
        centre: The name of the centre.
    """

    kind: Literal["protractor"]
    rays: dict[Name, Annotated[float, Field(ge=0, le=180)]] = Field(min_length=1, max_length=5)
    centre: Name = "O"


Figure = Annotated[
    Geometry
    | NumberLine
    | Bars
    | Lines
    | Histogram
    | Pie
    | Grid
    | Venn
    | Table
    | Pattern
    | Protractor,
    Field(discriminator="kind"),
]
_READER: TypeAdapter[Figure] = TypeAdapter(Figure)


def read_figure(data: Any) -> Figure:
    """Return the figure that a piece of JSON describes.

    Raises:
        ValueError: It describes none; the message is for its author.
    """
    try:
        return _READER.validate_python(data)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        place = " ".join(str(part) for part in found["loc"][1:])
        raise ValueError(f"{place}: {found['msg']}" if place else found["msg"]) from None


def schema_text() -> str:
    """Return the JSON Schema of a figure, as ``docs/figure.schema.json`` holds it."""
    return json.dumps(_READER.json_schema(), indent=2, ensure_ascii=False) + "\n"
