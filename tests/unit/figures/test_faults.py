"""Faults of every kind, twenty of each, are found; the right figures have none."""

from math import cos, radians, sin
from typing import Any

import pytest

from src.figures.faults import examine
from src.figures.kinds import read_figure
from tests.unit.figures.samples import KINDS, both, sample


def codes(data: dict[str, Any]) -> set[str]:
    return {fault.code for fault in examine(read_figure(data)).faults}


def corner(drawn: float, said: float, **more: Any) -> dict[str, Any]:
    tip = [4 * cos(radians(drawn)), 4 * sin(radians(drawn))]
    angles = [{"of": "AOB", "label": f"{said:g}°"}]
    points = {"O": [0, 0], "A": [5, 0], "B": tip}
    return {
        "kind": "geometry",
        "points": points,
        "segments": ["OA", "OB"],
        "angles": angles,
        **more,
    }


def sides(drawn: float, said: float) -> dict[str, Any]:
    return {
        "kind": "geometry",
        "points": {"A": [0, 0], "B": [10, 0], "C": [0, drawn], "D": [10, drawn]},
        "segments": [
            {"of": "AB", "label": both("10 m", "১০ মি")},
            {"of": "AC", "label": both(f"{said:g} m", f"{said:g} মি".translate(BANGLA))},
        ],
    }


BANGLA = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_figure_has_no_fault(kind: str) -> None:
    assert examine(read_figure(sample(kind))).faults == []


@pytest.mark.parametrize("drawn", range(20, 160, 7))
def test_a_wrong_angle_is_found(drawn: int) -> None:
    assert codes(corner(drawn, drawn)) == set()
    assert codes(corner(drawn, drawn + 1.5)) == set()
    assert codes(corner(drawn, drawn + 3)) == {"figure_scale"}
    assert codes(corner(drawn, drawn + 3, to_scale=False)) == set()


@pytest.mark.parametrize("said", range(3, 23))
def test_a_wrong_length_is_found(said: int) -> None:
    assert codes(sides(said, said)) == set()
    assert codes(sides(said * 1.05, said)) == {"figure_scale"}


@pytest.mark.parametrize("turn", range(4, 24))
def test_a_false_right_angle_is_found(turn: int) -> None:
    data = corner(90 - turn, 0)
    data["angles"] = [{"of": "AOB", "right": True}]
    assert codes(data) == {"figure_scale"}


@pytest.mark.parametrize("longer", range(1, 21))
def test_false_marks_of_equality_are_found(longer: int) -> None:
    data = corner(60, 60)
    data["segments"] = [{"of": "OA", "marks": 1}, {"of": "OB", "marks": 1}]
    data["points"]["A"] = [4, 0]
    assert codes(data) == set()
    data["points"]["A"] = [4 + longer * 0.15, 0]
    assert codes(data) == {"figure_scale"}


@pytest.mark.parametrize("value", range(1, 21))
def test_a_wrong_slice_is_found(value: int) -> None:
    share = 100 * value / 40
    slices = [
        {"label": "A", "value": value, "note": f"{share:g}%"},
        {"label": "B", "value": 40 - value},
    ]
    assert codes({"kind": "pie", "slices": slices}) == set()
    slices[0]["note"] = f"{share + 2:g}%"
    assert codes({"kind": "pie", "slices": slices}) == {"figure_scale"}


@pytest.mark.parametrize("shift", range(20))
def test_texts_that_lie_over_each_other_are_found(shift: int) -> None:
    data = corner(60, 60)
    data["notes"] = [{"at": [3, 2], "text": "24"}, {"at": [3 + shift / 60, 2], "text": "36"}]
    assert "figure_overlap" in codes(data)
    data["notes"][1]["at"] = [4.5, 2]
    assert codes(data) == set()


@pytest.mark.parametrize("length", range(41, 61))
def test_a_text_that_leaves_the_picture_is_found(length: int) -> None:
    assert codes(sample("bar", title=both("W" * length, "ব"))) == {"figure_overlap"}


@pytest.mark.parametrize("digit", "0123456789")
@pytest.mark.parametrize("kind", ["bar", "histogram"])
def test_latin_digits_in_bangla_are_found(kind: str, digit: str) -> None:
    assert codes(sample(kind, title=both("Class", f"শ্রেণি {digit}"))) == {"figure_script"}


@pytest.mark.parametrize("kind", ["bar", "line", "histogram", "table", "pie"])
@pytest.mark.parametrize("title", [both("বই", "বই"), "Books read", "পড়া বই", both("日 Books", "বই")])
def test_a_text_of_the_wrong_language_is_found(kind: str, title: Any) -> None:
    assert codes(sample(kind, title=title)) == {"figure_script"}


@pytest.mark.parametrize(
    "data",
    [
        sample("geometry", segments=["AX"]),
        sample("geometry", segments=["AA"]),
        sample("geometry", dots="Q"),
        sample("geometry", points={"A": [0, 0], "B": [0, 0], "C": [1, 1]}, angles=[]),
        sample("geometry", circles=[{"centre": "O", "radius": 2}]),
        sample("number_line", end=-6),
        sample("number_line", step=0.01),
        sample("number_line", marks=[{"at": 7}]),
        sample("number_line", ranges=[{"start": 2, "end": 8}]),
        sample("bar", categories=["1", "2"]),
        sample("bar", step=0.1),
        sample("line", top=20),
        sample("line", top=33),
        sample("histogram", values=[4, 8, 9]),
        sample("histogram", edges=[30, 30, 40]),
        sample("grid", x=[0, 40]),
        sample("grid", points=[{"at": [9, 0]}]),
        sample("grid", mirror=[[0, 0]]),
        sample("venn", regions={"3": "4"}),
        sample("venn", shaded=["123"]),
        sample("table", rows=[["1"]]),
        sample("pattern", steps=[{"rows": []}]),
        sample("pattern", unit="stick"),
        sample("protractor", centre="A"),
    ],
)
def test_a_figure_that_makes_no_sense_is_found(data: dict[str, Any]) -> None:
    assert codes(data) == {"figure_sense"}


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({}, "discriminator"),
        ({"kind": "cube"}, "kind"),
        (sample("bar", colour="red"), "colour"),
        (sample("pie", slices=[{"label": "A", "value": -1}] * 2), "slices 0 value"),
        (sample("geometry", points={"AB": [0, 0]}), "points"),
        ("a circle", "dictionary"),
    ],
)
def test_what_is_no_figure_is_refused_with_its_place(data: Any, where: str) -> None:
    with pytest.raises(ValueError, match=where):
        read_figure(data)
