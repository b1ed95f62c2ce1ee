"""Traps in words and in signs that stand for others: near what is said, and not it."""

import random
from collections.abc import Iterator
from fractions import Fraction

from tests.corpus.trapping import Trap, in_some_script


def _split(words: str) -> list[str]:
    return words.split()


ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = _split("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
BANGLA = _split(
    "শূন্য এক দুই তিন চার পাঁচ ছয় সাত আট নয় দশ এগারো বারো তেরো চৌদ্দ পনেরো ষোলো সতেরো "
    "আঠারো উনিশ বিশ একুশ বাইশ তেইশ চব্বিশ পঁচিশ ছাব্বিশ সাতাশ আটাশ ঊনত্রিশ ত্রিশ একত্রিশ "
    "বত্রিশ তেত্রিশ চৌত্রিশ পঁয়ত্রিশ ছত্রিশ সাঁইত্রিশ আটত্রিশ ঊনচল্লিশ চল্লিশ"
)
ROMAN = _split(
    "shunno ek dui tin char pach choy sat at noy dosh egaro baro tero choddo ponero sholo "
    "shotero atharo unish bish ekush baish teish chobbish pochish chabbish satash atash "
    "unotrish trish"
)
PARTS = {2: "half", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth"}
BANGLA_PARTS = {3: "তৃতীয়াংশ", 4: "চতুর্থাংশ", 5: "পঞ্চমাংশ", 6: "ষষ্ঠাংশ", 7: "সপ্তমাংশ", 8: "অষ্টমাংশ"}


def in_english(value: int) -> str:
    if value < 20:
        return [*ONES, *TEENS][value]
    tens, ones = divmod(value, 10)
    return TENS[tens - 2] + (f" {ONES[ones]}" if ones else "")


def number_words(rng: random.Random) -> Iterator[Trap]:
    value, other = rng.sample(range(100), 2)
    yield Trap("another number word", "number", str(value), in_english(other))
    yield Trap("minus said", "number", str(value or 7), f"minus {in_english(value or 7)}")
    yield Trap(
        "two numbers said", "number", str(value), f"{in_english(value)} or {in_english(other)}"
    )
    yield Trap("another price said", "money", str(value), f"{in_english(other)} taka")
    small, wrong = rng.sample(range(len(ROMAN)), 2)
    yield Trap("another Bangla number", "number", str(small), BANGLA[wrong])
    yield Trap("another romanised number", "number", str(small), ROMAN[wrong])
    yield Trap("word of scale left out", "number", str(small * 1000 or 5000), BANGLA[small or 5])
    if value % 10 and value > 20:
        yield Trap(
            "tens and ones turned",
            "number",
            str(value),
            in_english(value % 10 * 10 + value // 10)
            if value % 10 * 10 + value // 10 != value
            else in_english(value - 1),
        )


def parts_said(rng: random.Random) -> Iterator[Trap]:
    bottom = rng.choice(list(BANGLA_PARTS))
    top = rng.randrange(1, bottom)
    other = rng.choice([n for n in range(1, 9) if n != top])
    stored = str(Fraction(top, bottom))
    slips = {
        "another part said": (Fraction(other, bottom), f"{in_english(other)} {PARTS[bottom]}s"),
        "another Bangla part": (Fraction(other, bottom), f"{BANGLA[other]} {BANGLA_PARTS[bottom]}"),
        "turned round by": (Fraction(bottom, top), f"{bottom} by {top}"),
        "another by": (Fraction(other, bottom), in_some_script(rng, f"{other} বাই {bottom}")),
        "of the parts turned": (Fraction(bottom, top), f"{BANGLA[top]} ভাগের {BANGLA[bottom]}"),
        "point for by": (Fraction(f"{top}.{bottom}"), f"{top} point {bottom}"),
        "half more": (Fraction(2 * top + 1, 2), f"সাড়ে {BANGLA[top]}"),
        "quarter less": (Fraction(4 * bottom - 1, 4), f"পৌনে {BANGLA[bottom]}"),
    }
    for kind, (value, typed) in slips.items():
        if value != Fraction(top, bottom):
            yield Trap(kind, "number", stored, typed)


def powers_said(rng: random.Random) -> Iterator[Trap]:
    a, b = rng.randrange(2, 10), rng.randrange(2, 10)
    square, cube = (
        rng.choice(["square", "squared", "sq", "এর বর্গ"]),
        rng.choice(["cube", "cubed", "এর ঘন"]),
    )
    stored = f"{a}x^2+{b}y"
    typed = {
        "cube for square": f"{a}x {cube} + {b}y",
        "square of the other": f"{a}x + {b}y {square}",
        "square left out": f"{a}x + {b}y",
        "square twice": f"{a}x {square} + {b}y {square}",
        "minus for plus said": f"{a}x {square} minus {b}y",
        "coefficient changed in words": f"{in_english(a + 1)} x {square} plus {b} y",
    }
    for kind, text in typed.items():
        yield Trap(kind, "expression", stored, in_some_script(rng, text))


def times_for_x(rng: random.Random) -> Iterator[Trap]:
    a, b = rng.randrange(2, 10), rng.randrange(1, 10)
    for kind, typed in {
        "× as x, sign flipped": f"{a}×-{b}",
        "× as x, coefficient changed": f"{a + 1}×+{b}",
        "× as x, number changed": f"{a}×+{b + 1}",
        "× between numbers": f"{a}×{b}",
    }.items():
        yield Trap(kind, "expression", f"{a}x+{b}", in_some_script(rng, typed))


def mixed_in_brackets(rng: random.Random) -> Iterator[Trap]:
    bottom = rng.randrange(2, 9)
    whole, top = rng.randrange(2, 9), rng.randrange(1, bottom)
    value = whole + Fraction(top, bottom)
    for kind, (w, t, b) in {
        "bracketed, whole changed": (whole + 1, top, bottom),
        "bracketed, bottom changed": (whole, top, bottom + 1),
    }.items():
        if w + Fraction(t, b) != value:
            yield Trap(kind, "number", str(value), in_some_script(rng, f"{w}({t}/{b})"))
    yield Trap("a difference", "number", str(value), f"{whole} - {top}/{bottom}")
    yield Trap("bracketed, sign", "number", str(value), f"-{whole}({top}/{bottom})")


def chains(rng: random.Random) -> Iterator[Trap]:
    bottom = rng.choice([2, 4, 5, 8, 10, 20, 25])
    top = rng.choice([n for n in range(1, bottom) if Fraction(n, bottom).denominator == bottom])
    right, wrong = Fraction(top, bottom), Fraction(top, bottom) + Fraction(rng.randrange(1, 9), 100)
    options = {"form": "lowest_terms"}
    yield Trap("chain, wrong last", "number", str(right), f"{right} = {float(wrong)}", options)
    yield Trap("chain, wrong first", "number", str(right), f"{float(wrong)} = {right}", options)
    yield Trap("chain, wrong middle", "number", str(right), f"{right} = {wrong} = {right}", options)
    x = rng.randrange(2, 20)
    factor = rng.randrange(2, 9)
    yield Trap("steps, wrong end", "number", str(x), f"{factor}x = {factor * (x + 1)}, x = {x + 1}")
    yield Trap("steps that do not hold", "number", str(x), f"{factor}x = {factor * x + 1}, x = {x}")


def parts_left_out(rng: random.Random) -> Iterator[Trap]:
    a, b = rng.sample(range(2, 900), 2)
    for kind, typed in {
        "first part alone": f"{a}", "second part alone": f"{b}", "parts run together": f"{a}{b}",
        "parts turned": f"{b}, {a}", "parts turned by name": f"x {b} y {a}",
        "first part twice": f"{a}, {a}",
    }.items():  # fmt: skip
        yield Trap(kind, "tuple", f"({a}, {b})", in_some_script(rng, typed))
    if a > 99 and b > 99:
        yield Trap("two shares for one", "money", str(a), f"{a},{b}")


def romanised_names(rng: random.Random) -> Iterator[Trap]:
    names = {
        "সমদ্বিবাহু": "somodibahu", "সমবাহু": "somobahu", "বিষমবাহু": "bishombahu",
        "স্থূলকোণ": "sthulokon", "সূক্ষ্মকোণ": "sukkhokon", "সমকোণ": "somokon",
        "সরলকোণ": "sorolkon", "আয়তক্ষেত্র": "ayotokhetro", "বর্গক্ষেত্র": "borgokhetro",
        "রম্বস": "rombos", "নিযুত": "nijut", "অযুত": "ojut",
    }  # fmt: skip
    stored, other = rng.sample(list(names), 2)
    yield Trap("another romanised name", "text", stored, names[other])
    yield Trap("romanised and denied", "text", stored, f"{names[stored]} na")


def rates(rng: random.Random) -> Iterator[Trap]:
    speed = rng.randrange(11, 99)
    for kind, typed in {
        "a length for a speed": f"{speed} km", "another length": f"{speed + 1} km",
        "metres for kilometres": f"{speed} m", "a time for a speed": f"{speed} h",
        "said, another speed": f"{in_english(speed - 1)} km per hour",
    }.items():  # fmt: skip
        yield Trap(kind, "quantity", f"{speed} km/h", in_some_script(rng, typed))


FAMILIES = (
    number_words,
    parts_said,
    powers_said,
    times_for_x,
    mixed_in_brackets,
    chains,
    parts_left_out,
    romanised_names,
    rates,
)
