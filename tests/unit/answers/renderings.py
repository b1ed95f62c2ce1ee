"""The ways in which pupils write one exact number."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

SCRIPTS = ("0123456789", "০১২৩৪৫৬৭৮৯", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９")
LEADS = ("", "x = ", "Ans: ", "উত্তর: ", "উত্তরঃ ", "= ", "The answer is ", "∴ ")
TAILS = ("", ".", "।", " ", " টি", "\n")
MINUS = ("-", "−", "–", "- ")
VULGAR = {Fraction(1, 2): "½", Fraction(1, 4): "¼", Fraction(3, 4): "¾", Fraction(1, 3): "⅓"}


def in_script(text: str, digits: str) -> str:
    return text.translate(str.maketrans("0123456789", digits))


def grouped(whole: int, style: str) -> str:
    digits = str(whole)
    if style == "plain" or len(digits) < 4:
        return digits
    if style in {"western", "spaces"}:
        return f"{whole:,}".replace(",", " " if style == "spaces" else ",")
    head, tail = digits[:-3], digits[-3:]
    pairs = [head[max(0, i - 2) : i] for i in range(len(head), 0, -2)]
    return ",".join([*pairs[::-1], tail])


def terminates(value: Fraction) -> bool:
    bottom = value.denominator
    for prime in (2, 5):
        while bottom % prime == 0:
            bottom //= prime
    return bottom == 1


def decimal(value: Fraction) -> str:
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"


def unsigned(value: Fraction) -> list[str]:
    """Return every way to write a value of 0 or more, in ASCII digits."""
    whole, rest = divmod(value.numerator, value.denominator)
    part = Fraction(rest, value.denominator)
    ways = []
    if terminates(value):
        exact = decimal(value)
        ways += [exact, exact + ("0" if "." in exact else ".0"), decimal(value * 100) + "%"]
        if value:
            ways.append(f"{decimal(value / 100)}×10^2")
    if part:
        ways += [
            f"{value.numerator}/{value.denominator}",
            f"{value.numerator} ÷ {value.denominator}",
        ]
        ways.append(f"{3 * value.numerator}/{3 * value.denominator}")
        if whole:
            ways += [f"{whole} {part}", f"{whole} পূর্ণ {part}"]
        if part in VULGAR:
            ways.append(f"{whole or ''}{VULGAR[part]}")
    else:
        ways += [grouped(whole, style) for style in ("plain", "western", "indian", "spaces")]
        if whole and whole % 1000 == 0:
            ways += [f"{decimal(Fraction(whole, 10**5))} লক্ষ", f"{whole // 1000} হাজার"]
    return ways


@st.composite
def numbers(draw: st.DrawFn) -> Fraction:
    kind = draw(st.sampled_from(("small", "whole", "fraction", "decimal")))
    if kind == "small":
        return Fraction(draw(st.integers(-20, 20)))
    if kind == "whole":
        return Fraction(draw(st.integers(-(10**9), 10**9)))
    if kind == "fraction":
        return Fraction(draw(st.integers(-500, 500)), draw(st.integers(1, 60)))
    return Fraction(draw(st.integers(-(10**6), 10**6)), 10 ** draw(st.integers(0, 4)))


def canonical(value: Fraction) -> str:
    return str(value)


@st.composite
def written(draw: st.DrawFn, value: Fraction) -> str:
    """One way to write the value, in one script, with words around it."""
    body = draw(st.sampled_from(unsigned(abs(value))))
    sign = draw(st.sampled_from(MINUS)) if value < 0 else ""
    text = in_script(sign + body, draw(st.sampled_from(SCRIPTS)))
    return draw(st.sampled_from(LEADS)) + text + draw(st.sampled_from(TAILS))
