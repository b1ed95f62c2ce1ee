"""Step three: numbers as people write them, read by regular expressions into exact fractions."""

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from src.answers.limits import MAX_DIGITS, MAX_EXPONENT
from src.answers.reading.text import VULGAR
from src.answers.verdicts import UnreadableError


class Kind(StrEnum):
    """How a number was written."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    FRACTION = "fraction"
    MIXED = "mixed"
    SCIENTIFIC = "scientific"
    RECURRING = "recurring"
    SUM = "sum"  # arithmetic that was not carried out


@dataclass(frozen=True, slots=True)
class Number:
    """An exact value and how it was written; `denominator` is the one that was typed."""

    value: Fraction
    kind: Kind
    denominator: int = 1
    numerator: int = 0
    mantissa: Fraction | None = None
    percent: bool = False


SCALES = {
    "hundred": 100, "শত": 100, "শ": 100,
    "thousand": 10**3, "হাজার": 10**3, "সহস্র": 10**3,
    "lakh": 10**5, "lakhs": 10**5, "lac": 10**5, "lacs": 10**5, "লক্ষ": 10**5, "লাখ": 10**5,
    "crore": 10**7, "crores": 10**7, "কোটি": 10**7,
    "million": 10**6, "মিলিয়ন": 10**6, "billion": 10**9, "বিলিয়ন": 10**9,
}  # fmt: skip
PERCENT_WORDS = "percent|per cent|percentage|pct|p\\.c|শতাংশ|পার্সেন্ট|পারসেন্ট|পার্সেণ্ট|percents"

_GROUPED = r"[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d?(?:,\d{2})+,\d{3}"
_SPACED = r"[1-9]\d{0,2}(?: \d{3})+|[1-9]\d?(?: \d{2})+ \d{3}"
_INTEGER = rf"(?:{_GROUPED}|\d+)"
_DECIMAL = rf"(?:(?:{_GROUPED}|{_SPACED}|\d+)(?:\.\d*)?|\.\d+)"
_SIGN = r"(?P<sign>[+-] ?)?"

_PLAIN = re.compile(rf"{_SIGN}(?P<body>{_DECIMAL})")
_FRACTION = re.compile(
    rf"{_SIGN}\(?(?P<top>[+-]? ?{_INTEGER})\)? ?/ ?\(?(?P<bottom>[+-]? ?{_INTEGER})\)?"
)
_MIXED = re.compile(
    rf"{_SIGN}(?P<whole>{_INTEGER})"
    rf"(?: | ?(?:পূর্ণ|পুর্ণ|পূর্ন|পুর্ন|সমস্ত|whole|and|ও|&|\+) ?(?:and )?)"
    rf"\(?(?P<top>{_INTEGER}) ?/ ?(?P<bottom>{_INTEGER})\)?"
)
_SCIENTIFIC = re.compile(
    rf"{_SIGN}(?:(?P<body>{_DECIMAL})(?: ?[*x·] ?10 ?\^ ?|e)|(?P<bare>10 ?\^ ?))"
    r"\(?(?P<power>[+-]? ?\d{1,4})\)?"
)
_ELLIPSIS = re.compile(rf"{_SIGN}(?P<whole>\d+)\.(?P<digits>\d{{2,}}?)(?:\.\.+|…)")
_DOTTED = re.compile(rf"{_SIGN}(?P<whole>\d+)\.(?P<fixed>\d*?)(?P<cycle>\d\u0307(?:\d*\d\u0307)?)")
_SCALE = re.compile(
    rf"(?<![a-z\u0980-\u09e5])(?:{'|'.join(sorted(SCALES, reverse=True))})(?![a-z\u0980-\u09e5])"
)
_PERCENT = re.compile(rf"(?:%|(?<![a-z])(?:{PERCENT_WORDS}))$")
_POINT = re.compile(r"(?<=\d)[·।](?=\d)")
_VULGAR = re.compile("[" + "".join(VULGAR) + "]")
_SIGN_WORD = re.compile(r"^(?:minus|negative|মাইনাস|ঋণাত্মক|বিয়োগ) ?(?=[\d.½])")


@lru_cache(maxsize=4096)
def parse_number(text: str) -> Number | None:
    """Read a folded text as one number, or return None when it is not one.

    Raises:
        UnreadableError: too_many_digits, exponent_too_large or division_by_zero.
    """
    text = spell_vulgar(text).strip().lower()
    if not any(c.isdigit() for c in text):
        return None
    text = _SIGN_WORD.sub("-", text)
    if (bracketed := _unbracket(text)) is not None:
        text = bracketed
    percent = _PERCENT.search(text)
    number = _parse_unscaled(text[: percent.start()].rstrip() if percent else text)
    if number is None or percent is None:
        return number
    return Number(
        number.value / 100, number.kind, number.denominator, number.numerator, None, percent=True
    )


def spell_vulgar(text: str) -> str:
    """Write ½ as a fraction set apart by spaces, so that 1½ stays one and a half."""
    if text.isascii():
        return text
    spelled = _VULGAR.sub(lambda match: " {}/{} ".format(*VULGAR[match[0]]), text)
    return re.sub(r"  +", " ", spelled)


def _unbracket(text: str) -> str | None:
    if text.startswith("(") and text.endswith(")") and "(" not in text[1:] and "/" not in text:
        return text[1:-1].strip()
    return None


def _parse_unscaled(text: str) -> Number | None:
    if match := _SCIENTIFIC.fullmatch(text):
        return _scientific(match)
    text = _POINT.sub(".", text)
    for pattern, read in _READERS:
        if match := pattern.fullmatch(text):
            return read(match)
    return _scaled(text) if _SCALE.search(text) else None


def _integer(digits: str) -> int:
    bare = digits.replace(",", "").replace(" ", "")
    if len(bare) > MAX_DIGITS + 1:
        raise UnreadableError("too_many_digits")
    return int(bare)


def _decimal(body: str) -> Fraction:
    whole, _, part = body.replace(",", "").replace(" ", "").partition(".")
    if len(whole) + len(part) > MAX_DIGITS:
        raise UnreadableError("too_many_digits")
    return Fraction(int((whole + part) or "0"), 10 ** len(part))


def _signed(match: re.Match[str], value: Fraction) -> Fraction:
    return -value if (match["sign"] or "").startswith("-") else value


def _plain(match: re.Match[str]) -> Number:
    body = match["body"]
    kind = Kind.DECIMAL if "." in body.rstrip(".") else Kind.INTEGER
    return Number(_signed(match, _decimal(body)), kind)


def _fraction(match: re.Match[str]) -> Number:
    top, bottom = _integer(match["top"]), _integer(match["bottom"])
    if bottom == 0:
        raise UnreadableError("division_by_zero")
    return Number(_signed(match, Fraction(top, bottom)), Kind.FRACTION, abs(bottom), abs(top))


def _mixed(match: re.Match[str]) -> Number | None:
    if match["sign"] and "+" in match[0][1:]:
        return None  # -3+1/2 is a sum, not a mixed number
    whole, top, bottom = (_integer(match[name]) for name in ("whole", "top", "bottom"))
    if not 0 < top < bottom:
        raise UnreadableError("mixed_number")
    return Number(_signed(match, whole + Fraction(top, bottom)), Kind.MIXED, bottom, top)


def _scientific(match: re.Match[str]) -> Number:
    power = int(match["power"].replace(" ", ""))
    if abs(power) > MAX_EXPONENT:
        raise UnreadableError("exponent_too_large")
    mantissa = _decimal(match["body"]) if match["body"] else Fraction(1)
    value = _signed(match, mantissa * Fraction(10) ** power)
    return Number(value, Kind.SCIENTIFIC, mantissa=mantissa if match["body"] else None)


def _recurring(match: re.Match[str], whole: str, fixed: str, cycle: str) -> Number:
    if len(whole) + len(fixed) + len(cycle) > MAX_DIGITS:
        raise UnreadableError("too_many_digits")
    tail = Fraction(int(cycle), 10 ** len(cycle) - 1) / 10 ** len(fixed)
    value = int(whole) + Fraction(int(fixed or "0"), 10 ** len(fixed)) + tail
    return Number(_signed(match, value), Kind.RECURRING)


def _dotted(match: re.Match[str]) -> Number:
    cycle = match["cycle"].replace("\u0307", "")
    return _recurring(match, match["whole"], match["fixed"], cycle)


def _ellipsis(match: re.Match[str]) -> Number:
    """0.1666... recurs in the shortest block of which at least two copies end the digits."""
    digits = match["digits"]
    if len(digits) > MAX_DIGITS:
        raise UnreadableError("too_many_digits")
    for size in range(1, len(digits) // 2 + 1):
        cycle = digits[-size:]
        if digits.endswith(cycle * 2):
            fixed = digits.removesuffix(cycle * 2)
            while fixed.endswith(cycle):
                fixed = fixed.removesuffix(cycle)
            return _recurring(match, match["whole"], fixed, cycle)
    raise UnreadableError("recurring_unclear")


_READERS = (
    (_PLAIN, _plain),
    (_FRACTION, _fraction),
    (_MIXED, _mixed),
    (_DOTTED, _dotted),
    (_ELLIPSIS, _ellipsis),
)


def _scaled(text: str) -> Number | None:
    """Read 2 কোটি 50 লক্ষ: pieces of falling scale, the last perhaps without one."""
    negative = text.startswith("-")
    total, ceiling, start = Fraction(0), Fraction(10**12), 1 if negative else 0
    for match in _SCALE.finditer(text):
        scale = Fraction(SCALES[match[0]])
        value = _scale_piece(text[start : match.start()].strip(" ,"))
        if value is None or value * scale >= ceiling:
            return None
        total, ceiling, start = total + value * scale, scale, match.end()
    rest = text[start:].strip(" ,")
    if rest:
        value = _scale_piece(rest.removeprefix("and ").removeprefix("ও ").removeprefix("এবং "))
        if value is None or value >= ceiling:
            return None
        total += value
    kind = Kind.INTEGER if total.denominator == 1 else Kind.DECIMAL
    return Number(-total if negative else total, kind)


def _scale_piece(piece: str) -> Fraction | None:
    for pattern, read in ((_PLAIN, _plain), (_MIXED, _mixed), (_FRACTION, _fraction)):
        if (match := pattern.fullmatch(piece)) and not match["sign"]:
            number = read(match)
            return number.value if number else None
    return None
