"""Traps on sets, lists, true or false, choices and words."""

import random
from collections.abc import Iterator

from tests.corpus.trapping import BANGLA, Trap, in_some_script

_YES = ("true", "True", "yes", "T", "হ্যাঁ", "সত্য", "ঠিক", "সঠিক")
_NO = ("false", "False", "no", "F", "না", "মিথ্যা", "ভুল")
_SHAPES = (
    ("rhombus", "রম্বস"), ("square", "বর্গ"), ("rectangle", "আয়ত"), ("parallelogram", "সামান্তরিক"),
    ("trapezium", "ট্রাপিজিয়াম"), ("kite", "ঘুড়ি"), ("circle", "বৃত্ত"), ("pentagon", "পঞ্চভুজ"),
    ("cube", "ঘনক"), ("cone", "কোণক"), ("cylinder", "বেলন"), ("sphere", "গোলক"),
)  # fmt: skip
_LATIN, _LETTERS = "ABCD", "কখগঘ"


def members(rng: random.Random) -> Iterator[Trap]:
    inside = rng.sample(range(1, 60), rng.randrange(2, 6))
    stored = "{" + ",".join(map(str, inside)) + "}"
    new = rng.choice([n for n in range(1, 60) if n not in inside])
    slips = {
        "missing": inside[1:],
        "extra": [*inside, new],
        "changed": [new, *inside[1:]],
        "negative": [-inside[0], *inside[1:]],
        "glued": [int("".join(map(str, inside[:2]))), *inside[2:]],
    }
    for kind, slip in slips.items():
        if set(slip) != set(inside):
            inner = rng.choice((",", ", ")).join(map(str, slip))
            typed = in_some_script(rng, rng.choice(("{%s}", "A={%s}")) % inner)
            yield Trap(f"set: {kind}", "set", stored, typed)


def order(rng: random.Random) -> Iterator[Trap]:
    items = sorted(rng.sample(range(-30, 80), rng.randrange(3, 6)))
    options, stored = {"ordered": True}, ", ".join(map(str, items))
    shuffled = rng.sample(items, len(items))
    at = rng.randrange(len(items))
    slips = {
        "reversed": items[::-1],
        "shuffled": shuffled,
        "missing": items[:at] + items[at + 1 :],
        "extra": [*items, items[-1] + 1],
        "doubled": [*items, items[-1]],
        "changed": [*items[:at], items[at] + 100, *items[at + 1 :]],
        "signs lost": [abs(n) for n in items],
    }
    for kind, slip in slips.items():
        if slip != items:
            typed = in_some_script(rng, rng.choice((", ", ",", "; ")).join(map(str, slip)))
            yield Trap(f"list: {kind}", "list", stored, typed, options)


def roots(rng: random.Random) -> Iterator[Trap]:
    one, two = rng.sample(range(-20, 21), 2)
    options, stored = {"ordered": False}, f"{one}, {two}"
    slips = [[one], [two], [one, two, 0], [-one, -two], [one, two + 1], [one + two]]
    for slip in slips:
        if sorted(slip) != sorted([one, two]):
            typed = in_some_script(rng, ", ".join(map(str, slip)))
            yield Trap("roots", "list", stored, rng.choice(("", "x=")) + typed, options)


def truth(rng: random.Random) -> Iterator[Trap]:
    stored, wrong, right = rng.choice((("true", _NO, _YES), ("false", _YES, _NO)))
    yield Trap(
        "boolean: opposite", "boolean", stored, rng.choice(wrong) + rng.choice(("", ".", "।", "!"))
    )
    both = rng.sample([rng.choice(wrong), rng.choice(right)], 2)
    yield Trap("boolean: both", "boolean", stored, rng.choice((" ", "/", " or ", " বা ")).join(both))


def choice(rng: random.Random) -> Iterator[Trap]:
    values = rng.sample(range(10, 99), 4)
    right = rng.randrange(4)
    options = {"choices": [str(value) for value in values]}
    for at in range(4):
        if at == right:
            continue
        letter = rng.choice((_LATIN, _LATIN.lower(), _LETTERS))[at]
        own = rng.choice((_LATIN, _LETTERS))[right]
        yield Trap(
            "choice: letter",
            "choice",
            _LATIN[right],
            rng.choice(("%s", "(%s)", "%s)")) % letter,
            options,
        )
        yield Trap(
            "choice: value", "choice", _LATIN[right], in_some_script(rng, str(values[at])), options
        )
        clash = f"{own}) {str(values[at]).translate(BANGLA)}"
        yield Trap("choice: letter and value differ", "choice", _LATIN[right], clash, options)
        yield Trap("choice: two letters", "choice", _LATIN[right], f"{own}, {letter}", options)


def word(rng: random.Random) -> Iterator[Trap]:
    (english, bangla), (other, other_bangla) = rng.sample(_SHAPES, 2)
    options = {"accept": [english, bangla]}
    for text in (
        other,
        other_bangla,
        other.upper(),
        f"It is a {other}",
        f"এটি {other_bangla}",
        f"not {english}",
        f"{bangla} নয়",
    ):
        yield Trap("text", "text", english, text, options)


FAMILIES = (members, order, roots, truth, choice, word)
