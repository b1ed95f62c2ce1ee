"""Write exact numbers the way a problem's text writes them."""

import re
from collections.abc import Callable
from fractions import Fraction

_PLACES = re.compile(r"dec([0-6])")


class CannotWrite(ValueError):  # noqa: N818 - names a state
    """A value has no rendering in the format that was asked for."""


def write_number(value: Fraction, style: str = "") -> str:
    """Return a value in Latin digits.

    Args:
        value: Any exact number.
        style: A format of ``docs/content-format.md``; ``whole`` and ``western`` are for numbers
            that were found in a text.

    Raises:
        CannotWrite: The value does not fit the format.
        KeyError: There is no such format; see ``is_style``.
    """
    if match := _PLACES.fullmatch(style):
        return _write_decimal(value, int(match[1]))
    return STYLES[style](value)


def is_style(style: str) -> bool:
    """Return whether there is such a format."""
    return style in STYLES or _PLACES.fullmatch(style) is not None


def _write_plain(value: Fraction) -> str:
    return str(value)


def _write_whole(value: Fraction) -> str:
    if value < 0 or value.denominator != 1:
        raise CannotWrite(f"{value} stands where a whole number without a sign was")
    return str(value)


def _write_decimal(value: Fraction, places: int | None = None) -> str:
    exact = next((n for n in range(7) if (value * 10**n).denominator == 1), None)
    if exact is None or (places is not None and exact > places):
        raise CannotWrite(f"{value} has no exact decimal of the length asked for")
    shown = exact if places is None else places
    digits = str(abs(int(value * 10**shown))).rjust(shown + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-shown]}.{digits[-shown:]}" if shown else digits)


def _write_unsigned_decimal(value: Fraction) -> str:
    if value < 0:
        raise CannotWrite(f"{value} stands where a number without a sign was")
    return _write_decimal(value)


def _write_grouped(value: Fraction) -> str:
    whole = _write_whole(value)
    head, tail = whole[:-3], whole[-3:]
    return re.sub(r"(?<=\d)(?=(\d\d)+$)", ",", head) + "," + tail if head else tail


def _write_western(value: Fraction) -> str:
    return f"{int(_write_whole(value)):,}"


def _write_coefficient(value: Fraction) -> str:
    if value == 0:
        raise CannotWrite("a coefficient is 0")
    return {1: "", -1: "-"}.get(int(value), str(value)) if abs(value) == 1 else str(value)


def _write_signed(value: Fraction) -> str:
    if value == 0:
        raise CannotWrite("a term with a sign is 0")
    return f"{'-' if value < 0 else '+'} {abs(value)}"


def _write_signed_coefficient(value: Fraction) -> str:
    signed = _write_signed(value)
    return signed[:-1] if abs(value) == 1 else signed


def _write_bracketed(value: Fraction) -> str:
    return f"({value})" if value < 0 else str(value)


def _write_mixed(value: Fraction) -> str:
    whole, rest = divmod(abs(value), 1)
    sign = "-" if value < 0 else ""
    return sign + " ".join(str(part) for part in (whole, rest) if part) if value else "0"


STYLES: dict[str, Callable[[Fraction], str]] = {
    "": _write_plain,
    "whole": _write_whole,
    "dec": _write_decimal,
    "plaindec": _write_unsigned_decimal,
    "group": _write_grouped,
    "western": _write_western,
    "coef": _write_coefficient,
    "signed": _write_signed,
    "signcoef": _write_signed_coefficient,
    "paren": _write_bracketed,
    "mixed": _write_mixed,
    "num": lambda value: str(value.numerator),
    "den": lambda value: str(value.denominator),
    "abs": lambda value: str(abs(value)),
}
