"""Every kind is drawn in both languages, small, white beneath, in the bundled font."""

import io
import re
from itertools import product
from xml.etree import ElementTree as ET

import pytest
from PIL import Image, ImageChops

from src.figures.canvas import Canvas, crosses
from src.figures.describe import describe
from src.figures.drawing import PIXELS, digest, draw_png, draw_svg, lay_out, rasterise
from src.figures.kinds import Figure, read_figure
from src.figures.writing import FONT, width_of, write, write_number
from src.language import Language
from tests.unit.figures.samples import KINDS, both, sample

EACH = [*product(KINDS, Language)]


def texts_of(svg: str) -> list[str]:
    root = ET.fromstring(svg)
    return ["".join(node.itertext()) for node in root.iter() if node.tag.endswith("}text")]


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_a_figure_is_drawn(kind: str, language: Language) -> None:
    figure = read_figure(sample(kind))
    svg = draw_svg(figure, language)
    png = draw_png(svg)
    with Image.open(io.BytesIO(png)) as image:
        width, height = image.size
        corner = image.convert("L").tobytes()[0]
        colours = len(image.convert("RGB").getcolors() or ())
    assert width == PIXELS
    assert 0.15 < height / width < 1.2
    assert corner >= 252
    assert colours > 4
    assert len(png) < 20_000


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_digits_are_of_the_language(kind: str, language: Language) -> None:
    texts = texts_of(draw_svg(read_figure(sample(kind)), language))
    other = "[0-9]" if language is Language.BN else "[\u0980-\u09ff]"
    assert texts
    assert not [text for text in texts if re.search(other, text)]


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_the_alternative_text_is_in_the_picture_and_in_the_language(
    kind: str, language: Language
) -> None:
    figure = read_figure(sample(kind))
    told = describe(figure, language)
    title = ET.fromstring(draw_svg(figure, language)).find("{*}title")
    assert title is not None
    assert title.text == told
    assert "{" not in told
    other = "[0-9]" if language is Language.BN else "[\u0980-\u09ff]"
    assert not re.search(other, told)


def test_the_alternative_text_tells_what_is_written_and_no_more() -> None:
    told = describe(read_figure(sample("geometry")), Language.EN)
    assert "segment AB is marked 6 cm" in told
    assert "angle CAB is marked 60°" in told
    assert "angle ACB is a right angle" in told
    assert "30" not in told
    line = read_figure(
        {"kind": "number_line", "start": 0, "end": 2, "step": 0.25, "numbered": [0, 1, 2]}
        | {"marks": [{"at": 0.75, "label": "P"}]}
    )
    assert "P: a dot at stroke 3 after 0" in describe(line, Language.EN)
    assert "0.75" not in describe(line, Language.EN)


def ink_width(text: str, size: float) -> float:
    canvas = Canvas(60)
    canvas.text(text, 180, 30, size)
    with Image.open(io.BytesIO(rasterise(canvas.svg(""), 720))) as image:
        page = image.convert("L")
        box = ImageChops.invert(page).point(lambda value: 255 if value > 80 else 0).getbbox()
    assert box is not None
    return (box[2] - box[0]) / 2


@pytest.mark.parametrize(
    "text",
    [
        *("Not drawn to scale", "35°", "x", "ABC", "12 cm", "−4", "√2"),
        *("শিক্ষার্থীর সংখ্যা", "গণসংখ্যা", "স্কেল মেনে আঁকা নয়", "বৃহস্পতি", "১২ সেমি", "ক্ষেত্রফল"),
        *("উচ্চতা", "প্রস্থ", "ব্যাসার্ধ", "৪০ জন শিক্ষার্থী", "চিত্র ৩", "মঙ্গল", "ঘণ্টা", "দৈর্ঘ্য"),
    ],
)
def test_the_width_of_a_text_is_that_of_its_ink(text: str) -> None:
    reckoned, inked = width_of(text, 18), ink_width(text, 18)
    assert inked - 2 <= reckoned <= inked * 1.25 + 5


def test_conjuncts_are_shaped() -> None:
    # Unshaped, the vowel sign of কি stands after its letter, and ক্ষ is three signs wide.
    assert ink_width("ক্ষ", 18) < ink_width("কষ", 18) * 0.75


@pytest.mark.parametrize(
    ("value", "english", "bangla"),
    [
        (3, "3", "৩"),
        (-2.5, "−2.5", "−২.৫"),
        (0.1 + 0.2, "0.3", "০.৩"),
        (9999, "9999", "৯৯৯৯"),
        (1234567, "12,34,567", "১২,৩৪,৫৬৭"),
    ],
)
def test_numbers_are_written_as_in_bangladesh(value: float, english: str, bangla: str) -> None:
    assert write_number(value, Language.EN) == english
    assert write_number(value, Language.BN) == bangla


def test_minus_signs_and_not_hyphens() -> None:
    assert write("-3", Language.BN) == "−৩"
    assert write("40-49", Language.EN) == "40-49"


def test_a_text_is_placed_where_it_lies_over_nothing() -> None:
    canvas = Canvas(100)
    canvas.text("taken", 100, 50)
    canvas.line((0, 70), (360, 70))
    canvas.place("B", [(100, 50), (102, 70), (200, 40)])
    assert (canvas.texts[-1].x, canvas.texts[-1].y) == (200, 40)


def test_what_is_drawn_has_one_name_and_another_figure_another() -> None:
    figure = sample("bar")
    assert digest(figure) == digest(dict(reversed(figure.items())))
    assert digest(figure) != digest(sample("bar", step=10))


def test_what_is_written_cannot_break_the_picture() -> None:
    svg = draw_svg(read_figure(sample("table", title=both('<b> & "', "<b> &"))), Language.EN)
    assert texts_of(svg)[0] == '<b> & "'


def test_the_axes_hold_the_scale_and_the_rest_is_told() -> None:
    texts = lay_out(read_figure(sample("bar", show_values=True)), Language.EN).texts
    assert {text.text for text in texts if text.scale} == {"0", "5", "10", "15", "20"}
    assert {"12", "20", "15"} <= {text.text for text in texts if not text.scale}


def test_the_font_is_small() -> None:
    assert FONT.stat().st_size < 300_000
    assert "SIL Open Font License" in FONT.with_name("OFL.txt").read_text(encoding="utf-8")


RICH = {
    "ring": {
        "kind": "geometry",
        "points": {"O": [0, 0], "A": [3, 0], "B": {"from": "O", "angle": 60, "length": 3}}
        | {"c": {"rays": [["A", 90], ["B", 0]]}},
        "segments": [
            {"of": "OA", "arrows": "both"},
            {"of": "OB", "arrows": "end", "dashed": True},
            {"of": "Ac", "label": "x"},
        ],
        "circles": [{"centre": "O", "radius": 3, "fill": True}],
        "arcs": [{"of": "AOB", "fill": True}],
        "filled": ["OAB"],
        "angles": [
            {"of": "AOB", "label": "y"},
            {"of": "AOB", "reflex": True, "label": "300°"},
            {"of": "OAc", "right": True},
        ],
        "dots": "O",
        "place": {"A": "se"},
        "to_scale": False,
        "told": both("a circle", "একটি বৃত্ত"),
    },
    "jumps": sample(
        "number_line",
        jumps=[{"start": 0, "end": 3, "label": "+3"}, {"start": 3, "end": -2}],
        ranges=[{"start": 1, "end": 2}],
        marks=[{"at": 1, "open": True}],
    ),
    "two series": sample(
        "bar",
        show_values=True,
        x=both("Name", "নাম"),
        series=[
            {"name": both("Girls", "ছাত্রী"), "values": [9, 5, 7]},
            {"name": both("Boys", "ছাত্র"), "values": [3, 12, 1]},
        ],
    ),
    "long names": sample(
        "line",
        show_values=True,
        categories=[both("A rather long name", "বেশ লম্বা একটি নাম")] * 4,
        series=[{"name": both("a", "ক"), "values": [1, 4, 2, 5]}],
    ),
    "pie": sample("pie", title=both("Ways", "উপায়"), to_scale=False),
    "values": sample("histogram", show_values=True, x=both("Marks", "নম্বর")),
    "three": {
        "kind": "venn",
        "sets": ["A", "B", "C"],
        "regions": {"1": "5", "12": "3", "123": "1", "0": "8"},
        "shaded": ["13", "0", "123"],
    },
    "sticks": {
        "kind": "pattern",
        "unit": "stick",
        "steps": [{"sticks": "squares", "count": 2}, {"sticks": "triangles", "count": 3}],
    },
    "tiles": {"kind": "pattern", "unit": "tile", "align": "centre", "steps": [{"rows": [1, 3]}]},
    "titled": sample("table", title=both("Marks", "নম্বর")),
    "paper": sample(
        "grid",
        axes=False,
        lines=False,
        shapes=[{"points": [[0, 0], [3, 3]], "open": True, "dashed": True, "label": "k"}],
    ),
}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", RICH)
def test_whatever_a_kind_may_hold_is_drawn_and_told(name: str, language: Language) -> None:
    figure = read_figure(RICH[name])
    svg = draw_svg(figure, language)
    ET.fromstring(svg)
    assert not re.search(r"nan|inf", svg)
    assert len(describe(figure, language)) > 20


def test_what_marks_a_figure_is_told() -> None:
    told = {name: describe(read_figure(RICH[name]), Language.EN) for name in RICH}
    assert "a circle; points O, A, B" in told["ring"]
    assert "circle with centre O" in told["ring"]
    assert "Not drawn to scale" in told["ring"]
    assert "an arrow from 0 to 3 is marked +3" in told["jumps"]
    assert "Girls: Mitu 9, Rafi 5, Shila 7; Boys: Mitu 3" in told["two series"]
    assert "only in A: 5; only in both A, B: 3; in all three: 1; outside: 8" in told["three"]
    assert "Fig. 1: 2 joined squares of sticks" in told["sticks"]


def narrow() -> Figure:
    """A flat triangle, whose sheet is no whole number of units high."""
    third = {"rays": [["b", 34], ["c", 146]]}
    told = {"en": "a flat triangle", "bn": "একটি চ্যাপ্টা ত্রিভুজ"}
    parts = {"points": {"b": [0, 0], "c": [6, 0], "a": third}, "segments": ["bc", "ab", "ac"]}
    asked = [{"of": "abc", "label": "?"}, {"of": "acb", "label": "?"}]
    return read_figure({"kind": "geometry", **parts, "angles": asked, "told": told})


def test_the_last_row_of_a_picture_is_white() -> None:
    svg = draw_svg(narrow(), Language.EN)
    height = float(svg.partition('height="')[2].partition('"')[0])
    with Image.open(io.BytesIO(draw_png(svg))) as picture:
        last = picture.convert("L").crop((0, picture.height - 1, PIXELS, picture.height))
    assert height % 1
    assert min(last.tobytes()) > 250


def test_a_sign_in_a_narrow_angle_touches_no_side() -> None:
    sheet = lay_out(narrow(), Language.EN)
    signs = [text for text in sheet.texts if text.text == "?"]
    assert len(signs) == 2
    for sign in signs:
        left, top, right, bottom = sign.box
        wide = (left - 2, top - 2, right + 2, bottom + 2)
        assert not any(crosses(line, wide) for line in sheet.lines)
