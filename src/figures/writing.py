"""How a picture writes: digits of the language, and how wide a text is in the bundled font."""

import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from src.figures.kinds import Words, say
from src.language import Language

FONT = Path(__file__).parent / "font" / "dars-sans.ttf"
FAMILY = "Dars Sans"
_UNITS, _USUAL = 1000, 600
# What is left of a letter that is joined to the one before it: স্প stays wide, a ra goes below.
_JOINED = {"র": 0.0, "য": 0.5}
_USUALLY_JOINED = 0.7
_VIRAMA = "\u09cd"
_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
_MINUS = re.compile(r"(?<![\w)০-৯])-(?=[\d০-৯])")


@cache
def _advances() -> dict[str, int]:
    widths: dict[str, int] = json.loads(FONT.with_name("advances.json").read_text(encoding="utf-8"))
    return widths


def write(words: Words, language: Language) -> str:
    """Return a text as a picture shows it: minus signs, and digits of the language."""
    text = _MINUS.sub("−", say(words, language))
    return text.translate(_DIGITS) if language is Language.BN else text


def write_number(value: float, language: Language) -> str:
    """Return a number without needless decimals, lakhs and thousands parted from 10,000 on."""
    exact = f"{value:.10g}"
    whole, point, rest = exact.lstrip("-").partition(".")
    if len(whole) > 4:
        whole = re.sub(r"(?<=\d)(?=(\d\d)+$)", ",", whole[:-3]) + "," + whole[-3:]
    return write(("-" if value < 0 else "") + whole + point + rest, language)


def width_of(text: str, size: float) -> float:
    """Return how wide a text is at most, in the units of its size.

    Letters that Bangla joins are reckoned one by one, the second at a part of its width, which is
    never far from what shaping gives: the tests measure the ink.
    """
    widths = _advances()
    # A ra that is joined to what follows stands over it and takes no place.
    letters = text.replace("র" + _VIRAMA, "")
    total = float(widths.get(letters[:1], _USUAL)) if letters else 0.0
    for before, sign in pairwise(letters):
        part = _JOINED.get(sign, _USUALLY_JOINED) if before == _VIRAMA else 1.0
        total += widths.get(sign, _USUAL) * part
    return total * size / _UNITS


def lacks(text: str) -> list[str]:
    """Return the signs of a text that the font does not have."""
    return [sign for sign in text if sign not in _advances()]
