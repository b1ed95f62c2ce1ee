"""Traps on quantities and money: the unit, the conversion, the currency."""

import random
from collections.abc import Iterator
from fractions import Fraction

from tests.corpus.trapping import Trap, in_some_script, misread

# Name -> (dimension, size in the smallest unit of the dimension).
_UNITS = {
    "mm": ("length", 1), "cm": ("length", 10), "m": ("length", 1000), "km": ("length", 10**6),
    "সেমি": ("length", 10), "মিটার": ("length", 1000), "কিমি": ("length", 10**6),
    "cm²": ("area", 1), "m²": ("area", 10**4), "বর্গ সেমি": ("area", 1), "বর্গমিটার": ("area", 10**4),
    "cm³": ("volume", 1), "m³": ("volume", 10**6), "L": ("volume", 1000), "mL": ("volume", 1),
    "লিটার": ("volume", 1000), "ঘন সেমি": ("volume", 1),
    "g": ("mass", 1), "kg": ("mass", 1000), "গ্রাম": ("mass", 1), "কেজি": ("mass", 1000),
    "s": ("time", 1), "min": ("time", 60), "h": ("time", 3600), "day": ("time", 86400),
    "মিনিট": ("time", 60), "ঘণ্টা": ("time", 3600), "দিন": ("time", 86400),
    "°": ("angle", 1), "km/h": ("speed", 5), "m/s": ("speed", 18), "কিমি/ঘণ্টা": ("speed", 5),
}  # fmt: skip
_STORED = (
    "cm",
    "m",
    "km",
    "cm²",
    "m²",
    "cm³",
    "L",
    "g",
    "kg",
    "min",
    "h",
    "day",
    "°",
    "km/h",
    "m/s",
)
_PAIRS = (
    ("m", "cm", 100),
    ("km", "m", 1000),
    ("kg", "g", 1000),
    ("h", "min", 60),
    ("L", "mL", 1000),
)
_OTHER_MONEY = ("$", "€", "₹", "£")


def _worth(number: Fraction, unit: str) -> tuple[str, Fraction]:
    dimension, size = _UNITS[unit]
    return dimension, number * size


def unit(rng: random.Random) -> Iterator[Trap]:
    number, name = rng.randrange(2, 900), rng.choice(_STORED)
    stored = f"{number}{name}" if name == "°" else f"{number} {name}"
    for other in rng.sample(sorted(_UNITS), 6):
        if _worth(Fraction(number), other) != _worth(Fraction(number), name):
            typed = in_some_script(rng, str(number)) + rng.choice((" ", "")) + other
            yield Trap("quantity: other unit", "quantity", stored, typed)
    for kind, text in misread(rng, str(number)).items():
        if text and int(text) != number:
            typed = in_some_script(rng, text) + rng.choice((f" {name}", name, ""))
            yield Trap(f"quantity: {kind}", "quantity", stored, typed)


def compound(rng: random.Random) -> Iterator[Trap]:
    big, small, size = rng.choice(_PAIRS)
    whole, rest = rng.randrange(1, 30), rng.randrange(1, size)
    total = whole * size + rest
    stored = f"{total} {small}"
    slips = {
        "parts swapped": (f"{rest} {big} {whole} {small}", rest * size + whole),
        "small part dropped": (f"{whole} {big}", whole * size),
        "big part dropped": (f"{rest} {small}", rest),
        "written side by side": (f"{whole}{rest} {small}", int(f"{whole}{rest}")),
        "ten times the small part": (f"{whole} {big} {rest}0 {small}", whole * size + rest * 10),
        "total in the big unit": (f"{total} {big}", total * size),
        "converted the wrong way": (f"{total * size} {small}", total * size),
    }
    for kind, (text, worth) in slips.items():
        if worth != total:
            typed = in_some_script(rng, text)
            yield Trap(f"quantity: {kind}", "quantity", stored, typed)


def money(rng: random.Random) -> Iterator[Trap]:
    taka, options = rng.randrange(5, 9000), {"unit": "BDT"}
    stored = str(taka)
    for kind, text in misread(rng, stored).items():
        if text and int(text) != taka:
            digits = in_some_script(rng, text)
            typed = rng.choice(
                (digits, f"{digits} টাকা", f"৳{digits}", f"Tk. {digits}", f"{digits}/-")
            )
            yield Trap(f"money: {kind}", "money", stored, typed, options)
    digits = in_some_script(rng, stored)
    yield Trap("money: currency", "money", stored, rng.choice(_OTHER_MONEY) + digits, options)
    yield Trap("money: paisa", "money", stored, f"{digits} পয়সা", options)
    yield Trap("money: percent", "money", stored, f"{digits}%", options)


def paisa(rng: random.Random) -> Iterator[Trap]:
    taka, rest = rng.randrange(2, 500), rng.randrange(1, 100)
    stored, options = f"{taka}.{rest:02}", {"unit": "BDT"}
    slips = {
        "tens": (f"{taka} টাকা {rest}0 পয়সা", 100 * taka + 10 * rest),
        "place": (f"{taka}.{rest}", 100 * taka + (rest if rest > 9 else 10 * rest)),
        "swapped": (f"{rest} টাকা {taka} পয়সা", 100 * rest + taka),
        "dropped": (f"{taka} টাকা", 100 * taka),
        "glued": (f"{taka}{rest:02} টাকা", 100 * int(f"{taka}{rest:02}")),
    }
    for kind, (text, worth) in slips.items():
        if worth != 100 * taka + rest:
            typed = in_some_script(rng, text)
            yield Trap(f"money: paisa {kind}", "money", stored, typed, options)


FAMILIES = (unit, compound, money, paisa)
