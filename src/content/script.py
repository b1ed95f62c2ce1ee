"""Questions about the letters and digits of a text: which script, which digits, what is hidden."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from src.bangla import one_spelling, without_joiners

_BANGLA_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
# The taka sign stands in the Bangla block and belongs to both languages.
_BANGLA = re.compile(r"[\u0980-\u09f2\u09f4-\u09ff]")
_BANGLA_LETTER = re.compile(r"[\u0981-\u09e3]")
# × and ÷ stand among the Latin letters and are none.
_LATIN_LETTER = re.compile(r"[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]")
# A variable or a product of some (x, ab), a point or a figure (O, ABCD), a unit: the same in
# every language. Short English words of the same letters are words.
_SYMBOL = re.compile(
    r"(?<![A-Za-z])(?!(?:an|and|any|am|by|my|bad|bar|can|car|cap|day|man|map|may|pay|ran)(?![a-z]))"
    r"(?:[A-Za-z]|[A-Z]{2,4}|[a-dm-np-rx-z]{2,3}|cm|mm|km|kg|ml|mL)(?![A-Za-z])"
)
_LATIN_DIGIT = re.compile(r"[0-9]")
_DIGIT = re.compile(r"\d")
_PLAIN = re.compile(r"[\x20-\x7e\u0981-\u09fb\u0964×÷−–—²³√π°△∠“”‘’…৳]*")
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def to_bangla_digits(text: str) -> str:
    """Return a text with its Latin digits written in Bangla."""
    return text.translate(_BANGLA_DIGITS)


def count_digits(text: str) -> Counter[int]:
    """Count the digits of a text by value, whatever their script."""
    return Counter(unicodedata.decimal(digit) for digit in _DIGIT.findall(text))


def has_bangla(text: str) -> bool:
    """Return whether a text holds a letter, sign or digit of Bangla."""
    return _BANGLA.search(text) is not None


def has_latin_digits(text: str) -> bool:
    """Return whether a text holds a digit from 0 to 9."""
    return _LATIN_DIGIT.search(text) is not None


def bangla_share(text: str) -> float:
    """Return which share of the letters is Bangla; 1 when there are none.

    Variables, names of points and Latin units count on neither side: a line of symbols is as good
    Bangla as it is good English, and counting them made authors write words around every one.
    """
    words = _SYMBOL.sub(" ", text)
    bangla = len(_BANGLA_LETTER.findall(words))
    latin = len(_LATIN_LETTER.findall(words))
    return bangla / (bangla + latin) if bangla + latin else 1.0


def hidden_characters(text: str, *, line_breaks: bool) -> Iterator[str]:
    """Name the control, zero-width and unassigned characters of a text, each once.

    The joiners with which Bangla writes some conjuncts are no hidden characters.

    Args:
        text: Any text.
        line_breaks: Whether a line feed is allowed.
    """
    if _PLAIN.fullmatch(text):
        return
    for sign in sorted(set(without_joiners(text))):
        if unicodedata.category(sign) in _HIDDEN and not (line_breaks and sign == "\n"):
            yield f"U+{ord(sign):04X}"


def fold_text(text: str) -> str:
    """Return a text so that two spellings of the same question are equal: case, spaces, digits."""
    folded = one_spelling(text).casefold()
    return "".join(to_bangla_digits(folded).split())
