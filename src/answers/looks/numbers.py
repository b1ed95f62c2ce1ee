"""Other readings of numbers: 1(1/2), two numbers for one, an equation before its solution."""

import re
from collections.abc import Iterator

from src.answers.looks.look import Look
from src.answers.reading.algebra import Evaluator, Function, constant, equal
from src.answers.reading.grammar import Tree, parse_expression
from src.answers.reading.literals import parse_number
from src.answers.reading.text import VULGAR
from src.answers.reading.unit_table import UNITS
from src.answers.reading.units import look_up
from src.answers.reading.wording import one_slip, peel
from src.answers.verdicts import UnreadableError

_MIXED_IN_BRACKETS = re.compile(
    r"(?<![\d./)])(?P<whole>\d{1,9}) ?\( ?(?P<top>\d{1,9}) ?/ ?(?P<bottom>\d{1,9}) ?\)(?![\d(])"
)
_MIXED_WITH_SIGN = re.compile(
    r"(?<![\d./])(?P<whole>\d{1,9})[-.](?P<top>\d{1,9}) ?/ ?(?P<bottom>\d{1,9})(?![\d./])"
)
_VULGAR_IN_BRACKETS = re.compile(rf"\( ?([{''.join(VULGAR)}]) ?\)")
_TWO = re.compile(r"(?<![\d.,/])(?P<one>\d[\d.]*)(?: ?, ?| )(?P<two>\d[\d.]*)(?![\d.,/ ]*[\d/])")
_LESS = re.compile(
    r" ?(?:কমেছে|কমলো|কমল|কমে গেছে|কম|নিচে|"
    r"komeche|komse|kom|decreased|decrease|fell|less|below|down)$",
    re.IGNORECASE,
)
_STEPS = re.compile(
    r" ?(?:[;\n⇒∴]|=>|->|,(?! ?\d{2,3}\b)|(?<![a-zA-Zঀ-৥])(?:so|then|therefore|hence|tai|সুতরাং|তাই|"
    r"অতএব|তাহলে|বা|or)(?![a-zA-Zঀ-৥]))+ ?"
)
_SOLVED = re.compile(r"(?P<letter>[a-zA-Zক-হ]) ?= ?(?P<value>[^=]+)")
_MOST_STEPS = 6
_LONG_WORD = re.compile(r"(?<![a-zA-Z])[a-zA-Z]{5,16}(?![a-zA-Z])")
_UNIT_NAMES = [name for name, (dimensions, _) in UNITS.items() if len(name) > 4 and dimensions]
_UNIT_NAMES = [name for name in _UNIT_NAMES if name.isascii() and name.isalpha()]


def number_looks(text: str, form: str | None) -> Iterator[Look]:
    """Yield the other readings of a text where one number is asked.

    Args:
        text: folded.
        form: the form asked for; where it is a mixed number, 1-1/2 is no difference.
    """
    if (mixed := _spell_mixed(text, _MIXED_IN_BRACKETS)) != text:
        yield Look(mixed, shown=mixed)
    if (mixed := _spell_mixed(text, _MIXED_WITH_SIGN)) != text:
        yield Look(mixed, None if form == "mixed" else "mixed_unclear", shown=mixed)
    if (down := _LESS.sub("", text)) != text and re.match(r"\d", down):
        yield Look(f"-{down}", "sign_in_words")
    yield from _either_of_two(text)


def mixed_parts(text: str) -> Iterator[Look]:
    """Yield 3 1/2 for 3(1/2) among other parts, where a product is as likely."""
    if (mixed := _spell_mixed(text, _MIXED_IN_BRACKETS)) != text:
        yield Look(mixed, "mixed_unclear")


def unit_looks(text: str) -> Iterator[Look]:
    """Yield the text with the unit that a long word misspells by one letter: 60 dgree."""
    for word in _LONG_WORD.findall(text):
        near = {UNITS[name]: name for name in _UNIT_NAMES if one_slip(word.lower(), name)}
        if not look_up(word.lower()) and len(near) == 1:
            plain = text.replace(word, next(iter(near.values())))
            yield Look(plain, shown=plain)


def _spell_mixed(text: str, pattern: re.Pattern[str]) -> str:
    text = _VULGAR_IN_BRACKETS.sub(r" \1", text)
    return pattern.sub(_as_mixed, text)


def _as_mixed(match: re.Match[str]) -> str:
    if not 0 < int(match["top"]) < int(match["bottom"]):
        return match[0]
    return "{whole} {top}/{bottom}".format(**match.groupdict())


def _either_of_two(text: str) -> Iterator[Look]:
    """450,270 and 450 270 may be two numbers of which one is asked."""
    if match := _TWO.search(text):
        pair = f"{match['one']}, {match['two']}"
        for number in (match["one"], match["two"]):
            one = text[: match.start()] + number + text[match.end() :]
            yield Look(one, "several_answers", shown=pair)


def solution_after_steps(text: str) -> Look | None:
    """Return `x = 13` of `7x = 91, x = 13`, where the value solves all that stands before."""
    if "=" not in text:
        return None
    steps = [step.strip(" .।,") for step in _STEPS.split(text) if step.strip(" .।,")]
    solved = _SOLVED.fullmatch(steps[-1]) if 1 < len(steps) <= _MOST_STEPS else None
    if solved is None:
        return None
    try:
        value = parse_number(peel(solved["value"]))
        if value is None or not all(
            _holds(step, solved["letter"], constant(value.value)) for step in steps[:-1]
        ):
            return None
    except UnreadableError:
        return None
    return Look(steps[-1])


def _holds(step: str, letter: str, value: Function) -> bool:
    """Return whether an equation in the letter, and nothing else, is true for its value."""
    sides = [_replaced(parse_expression(peel(side, names=False)), letter, value)
             for side in step.split("=")]  # fmt: skip
    if len(sides) < 2 or letter.lower() not in step.lower():
        return False
    values = [Evaluator().evaluate(side) for side in sides]
    return all(v.constant() is not None and equal(v, values[0]) for v in values)


def _replaced(tree: Tree, letter: str, value: Function) -> Tree:
    if tree[0] == "var" and tree[1].lower() == letter.lower():
        exact = value.constant()
        assert exact is not None
        size = ("div", ("num", str(abs(exact.numerator))), ("num", str(exact.denominator)))
        return ("neg", size) if exact < 0 else size
    return tuple(_replaced(p, letter, value) if isinstance(p, tuple) else p for p in tree)
