"""One figure of each kind, right in every way."""

from copy import deepcopy
from typing import Any


def both(en: str, bn: str) -> dict[str, str]:
    return {"en": en, "bn": bn}


_SAMPLES: dict[str, dict[str, Any]] = {
    "geometry": {
        "points": {"A": [0, 0], "B": [6, 0], "C": [1.5, 2.598]},
        "segments": [
            {"of": "AB", "label": both("6 cm", "৬ সেমি")},
            {"of": "AC", "label": both("3 cm", "৩ সেমি")},
            "BC",
        ],
        "angles": [{"of": "CAB", "label": "60°"}, {"of": "ACB", "right": True}],
    },
    "number_line": {"start": -5, "end": 5, "marks": [{"at": -2, "label": "A"}]},
    "bar": {
        "title": both("Books read", "পড়া বই"),
        "y": both("Books", "বই"),
        "step": 5,
        "categories": [both("Mitu", "মিতু"), both("Rafi", "রাফি"), both("Shila", "শিলা")],
        "series": [{"name": both("Books", "বই"), "values": [12, 20, 15]}],
    },
    "line": {
        "x": both("Time", "সময়"),
        "step": 5,
        "categories": [both("6 am", "সকাল ৬টা"), both("9 am", "সকাল ৯টা")],
        "series": [{"name": both("Temperature", "তাপমাত্রা"), "values": [22, 25]}],
    },
    "histogram": {"step": 2, "edges": [30, 40, 50], "values": [4, 8], "polygon": True},
    "pie": {
        "slices": [
            {"label": both("On foot", "হেঁটে"), "value": 3, "note": "270°"},
            {"label": both("Bicycle", "সাইকেলে"), "value": 1, "note": "25%"},
        ]
    },
    "grid": {
        "x": [-5, 5],
        "y": [-4, 4],
        "points": [{"at": [2, 3], "label": "A"}],
        "shapes": [{"points": [[1, -1], [4, -1], [4, -3]], "fill": True}],
        "mirror": [[-4, -4], [-4, 4]],
        "note": both("1 square = 1 cm²", "১ ঘর = ১ বর্গসেমি"),
    },
    "venn": {
        "sets": [both("Cricket", "ক্রিকেট"), both("Kabaddi", "কাবাডি")],
        "regions": {"1": "18", "12": "x", "2": "12", "0": "5"},
        "shaded": ["12"],
        "universe": both("40 pupils", "৪০ জন শিক্ষার্থী"),
    },
    "table": {"header": [both("Marks", "নম্বর"), "x"], "rows": [["40–49", "2"], ["50–59", "7"]]},
    "pattern": {"unit": "dot", "steps": [{"rows": [1]}, {"rows": [1, 2]}]},
    "protractor": {"rays": {"A": 20, "B": 75}},
}
KINDS = tuple(_SAMPLES)


def sample(kind: str, **changes: Any) -> dict[str, Any]:
    """Return the JSON of a figure, some of it changed."""
    return {"kind": kind, **deepcopy(_SAMPLES[kind]), **changes}
