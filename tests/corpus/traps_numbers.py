"""Traps on numbers, fractions, percents and ratios."""

import math
import random
from collections.abc import Iterator
from fractions import Fraction

from tests.corpus.trapping import Trap, in_some_script, misread

_LEADS = ("", "", "", "x=", "x = ", "Ans: ", "উত্তর: ", "= ")


def whole(rng: random.Random) -> Iterator[Trap]:
    value = rng.randrange(12, 10 ** rng.randrange(2, 8))
    slips = misread(rng, str(value))
    slips |= {"one more": str(value + 1), "one less": str(value - 1), "sign": f"-{value}"}
    slips |= {"point moved": f"{value // 10}.{value % 10}", "double": str(2 * value)}
    for kind, typed in slips.items():
        if typed and Fraction(typed) != value:
            text = rng.choice(_LEADS) + in_some_script(rng, typed)
            yield Trap(f"whole: {kind}", "number", str(value), text)
    yield Trap("whole: percent sign", "number", str(value), in_some_script(rng, f"{value}%"))


def decimal(rng: random.Random) -> Iterator[Trap]:
    places = rng.randrange(1, 4)
    value = rng.randrange(1, 10**5)
    stored = f"{value // 10**places}.{value % 10**places:0{places}}"
    typed = {kind: slip for kind, slip in misread(rng, stored).items() if slip.count(".") == 1}
    typed["point forgotten"] = stored.replace(".", "")
    typed["point moved"] = str(value) + "0"
    typed["sign"] = "-" + stored
    for kind, slip in typed.items():
        if slip[0] != "." and slip[-1] != "." and Fraction(slip) != Fraction(stored):
            yield Trap(f"decimal: {kind}", "number", stored, in_some_script(rng, slip))


def fraction(rng: random.Random) -> Iterator[Trap]:
    value = Fraction(rng.randrange(1, 60), rng.randrange(2, 40))
    if value.denominator == 1:
        return
    top, bottom = value.numerator, value.denominator
    slips = {
        "inverse": (bottom, top),
        "top changed": (top + rng.choice((-1, 1, 2)), bottom),
        "bottom changed": (top, bottom + rng.choice((1, 2, 10))),
        "sign": (-top, bottom),
        "added": (top + bottom, bottom),
    }
    for kind, (a, b) in slips.items():
        if Fraction(a, b) != value:
            yield Trap(f"fraction: {kind}", "number", str(value), in_some_script(rng, f"{a}/{b}"))
    for kind, text in (("glued", f"{top}{bottom}"), ("as a decimal point", f"{top}.{bottom}")):
        if Fraction(text) != value:
            yield Trap(f"fraction: {kind}", "number", str(value), in_some_script(rng, text))


def lowest_terms(rng: random.Random) -> Iterator[Trap]:
    value = Fraction(rng.randrange(1, 30), rng.randrange(2, 30))
    if value.denominator == 1:
        return
    by = rng.randrange(2, 13)
    text = f"{value.numerator * by}/{value.denominator * by}"
    form = {"form": "lowest_terms"}
    yield Trap("unreduced", "number", str(value), in_some_script(rng, text), form)


def mixed(rng: random.Random) -> Iterator[Trap]:
    part = Fraction(rng.randrange(1, 12), rng.randrange(2, 13))
    ones = rng.randrange(1, 20)
    if part.denominator == 1 or part > 1:
        return
    value, top, bottom = ones + part, part.numerator, part.denominator
    slips = {
        "whole part lost": (f"{top}/{bottom}", part),
        "glued": (f"{ones}{top}/{bottom}", Fraction(int(f"{ones}{top}"), bottom)),
        "inverse part": (f"{ones} {bottom}/{top}", ones + 1 / part),
        "multiplied": (f"{ones * top}/{bottom}", ones * part),
        "whole part changed": (f"{ones + 1} {top}/{bottom}", value + 1),
        "whole part subtracted": (f"-{ones} {top}/{bottom}", -value),
    }
    for kind, (typed, worth) in slips.items():
        if worth != value:
            yield Trap(f"mixed: {kind}", "number", str(value), in_some_script(rng, typed))


def question_copied(rng: random.Random) -> Iterator[Trap]:
    a, b = rng.randrange(11, 400), rng.randrange(2, 60)
    sign = rng.choice(("+", "-", "−", "×", "*", " x "))
    results = {"+": a + b, "-": a - b, "−": a - b}
    answer = results.get(sign, a * b)
    for text in (f"{a}{sign}{b}", f"{a} {sign} {b}", f"({a}){sign}({b})"):
        yield Trap("question copied", "number", str(answer), in_some_script(rng, text))
    for wrong in {a + b, a - b, b - a, a * b} - {answer}:
        yield Trap("wrong operator", "number", str(answer), in_some_script(rng, str(wrong)))
    yield Trap("root left", "number", str(b), in_some_script(rng, f"√{b * b}"))
    yield Trap("power left", "number", str(b * b), in_some_script(rng, f"{b}²"))
    yield Trap("power flattened", "number", str(b * b), in_some_script(rng, f"{b}2"))


def percent(rng: random.Random) -> Iterator[Trap]:
    value = rng.randrange(2, 200)
    slips = {kind: text for kind, text in misread(rng, str(value)).items() if text}
    slips |= {"tenth": f"{value // 10}.{value % 10}", "one more": str(value + 1)}
    slips |= {"hundredth": f"0.{value:02}" if value < 100 else f"{value / 100}"}
    if value != 100 - value:
        slips["the rest"] = str(100 - value)
    for kind, text in slips.items():
        if Fraction(text) != value:
            typed = in_some_script(rng, text) + rng.choice(("%", " %", "", " শতাংশ"))
            yield Trap(f"percent: {kind}", "percent", f"{value}%", typed)


def ratio(rng: random.Random) -> Iterator[Trap]:
    parts = [rng.randrange(1, 40) for _ in range(rng.choice((2, 2, 3)))]
    common = math.gcd(*parts)
    parts = [part // common for part in parts]
    stored, colon = ":".join(map(str, parts)), rng.choice((":", " : ", "ঃ", " ঃ "))
    at, by = rng.randrange(len(parts)), rng.randrange(2, 9)
    slips = {
        "order": parts[::-1],
        "part changed": [*parts[:at], parts[at] + by, *parts[at + 1 :]],
        "part missing": parts[:-1],
        "part added": [*parts, sum(parts)],
        "one part multiplied": [parts[0] * by, *parts[1:]],
    }
    for kind, slip in slips.items():
        if len(slip) > 1 and [part * parts[0] for part in slip] != [p * slip[0] for p in parts]:
            typed = in_some_script(rng, colon.join(map(str, slip)))
            yield Trap(f"ratio: {kind}", "ratio", stored, typed)
    unreduced = in_some_script(rng, colon.join(str(part * by) for part in parts))
    yield Trap("ratio: unreduced", "ratio", stored, unreduced, {"form": "lowest_terms"})


def scientific(rng: random.Random) -> Iterator[Trap]:
    head, power = rng.randrange(11, 99), rng.randrange(4, 10)
    if head % 10 == 0:
        return
    stored, form = str(head * 10 ** (power - 1)), {"form": "scientific"}
    front, times = f"{head // 10}.{head % 10}", rng.choice(("×", "*", " × "))
    wrong = {
        "exponent": f"{front}{times}10^{power + rng.choice((-1, 1))}",
        "negative exponent": f"{front}{times}10^-{power}",
        "power of the front": f"{front}^{power}",
        "digits swapped": f"{head % 10}.{head // 10}{times}10^{power}",
        "point left out": f"{head}{times}10^{power}",
    }
    for kind, text in wrong.items():
        if kind != "digits swapped" or head // 10 != head % 10:
            yield Trap(f"scientific: {kind}", "number", stored, in_some_script(rng, text))
    for kind, text in {"plain": stored, "front": f"{head}{times}10^{power - 1}"}.items():
        yield Trap(f"scientific form: {kind}", "number", stored, in_some_script(rng, text), form)


def tolerance(rng: random.Random) -> Iterator[Trap]:
    places = rng.randrange(1, 3)
    step = Fraction(1, 10**places)
    value = Fraction(rng.randrange(100, 9999), 10**places)
    tol = step / 2
    for kind, off in (("above", step), ("below", -step), ("far", 10 * step)):
        typed = in_some_script(rng, f"{float(value + off):.{places}f}")
        options = {"tol": f"{float(tol):.{places + 1}f}"}
        stored = f"{float(value):.{places}f}"
        yield Trap(f"tolerance: {kind}", "number", stored, typed, options)


FAMILIES = (
    whole, decimal, fraction, lowest_terms, mixed, question_copied, percent, ratio, scientific,
    tolerance,
)  # fmt: skip
