"""Other ways to read what was typed, tried when the first way did not find a right answer.

A teacher who sees 23/29/31/37 where four primes are asked does not read it as a fraction. Each look
spells the text in another way. A sure one is judged as if it had been typed; one that is not only
saves a right answer from being called wrong: the pupil is asked again.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from math import factorial

from src.answers.looks.algebra import expression_looks, times_as_x, whole_term_raised
from src.answers.looks.look import Look
from src.answers.looks.numbers import (
    mixed_parts,
    number_looks,
    solution_after_steps,
    unit_looks,
)
from src.answers.looks.parts import list_looks, pair_looks
from src.answers.reading.number_words import OFFSETS
from src.answers.reading.spoken import write_out
from src.answers.types.algebraic import stored_expression
from src.answers.types.inequality import stored_solution
from src.answers.types.numeric import Asked
from src.answers.verdicts import AnswerType

_LISTED = frozenset({AnswerType.LIST, AnswerType.SET, AnswerType.TUPLE})
_MEASURED = frozenset({AnswerType.QUANTITY, AnswerType.MONEY})
_ONE_NUMBER = _MEASURED | {AnswerType.NUMBER, AnswerType.PERCENT}
_OF_NUMBERS = _LISTED | {AnswerType.RATIO, AnswerType.INEQUALITY}
_UNSPOKEN = frozenset({AnswerType.TEXT, AnswerType.BOOLEAN})
# After a lead word `:-` is one sign, as in "Answer:-"; only without a space may it hold a minus.
_COLON_DASH = re.compile(r"^(?P<lead>[^\d:=<>+*/-]{1,40}?) ?(?P<sign>:-|-:)(?P<space> ?)(?=\S)")
# Behind a colon a minus stands right before its number: only a blank makes a dash of it.
_DASH = re.compile(
    r"^(?:ans(?:wer)?|result|u(?:t)?tor|উত্তর|উত্তরটি|উঃ|উ|সমাধান)(?:[ .]*- ?|[ .:ঃ]*- )(?=\S)",
    re.IGNORECASE,
)
_BACKSLASH = re.compile(r"(?<=[\d)]) ?\\ ?(?=[\d(])")
_OFFSET = re.compile(rf"(?P<word>{'|'.join(OFFSETS)}) ?(?P<whole>\d{{1,6}})(?![\d.,/:])")
_FACTORIAL = re.compile(r"(?P<number>1?\d)!")
_IN_DIGITS = re.compile(
    r"in (?:digits|figures|numerals)|অঙ্কে লেখ|অংকে লেখ|সংখ্যায় লেখ", re.IGNORECASE
)
_DOTS = re.compile(r"(?<=\d) ?(?:…|\.\.+)$")


def looks(text: str, answer_type: AnswerType, asked: Asked) -> Iterator[Look]:
    """Yield the other readings of a folded text, each in whole."""
    if answer_type in _ONE_NUMBER and (solved := solution_after_steps(text)):
        yield solved
    if "\n" in text and answer_type in _ONE_NUMBER:
        return
    if match := _COLON_DASH.match(text):
        glued = match["sign"] == ":-" and not match["space"]
        plain = f"{match['lead']}: {text[match.end() :]}"
        yield Look(plain, "dash_or_minus" if glued else None)
    if match := _DASH.match(text):
        yield Look(text[match.end() :], "dash_or_minus")
    if "\\" in text and answer_type not in _UNSPOKEN:
        plain = _BACKSLASH.sub("/", text)
        yield Look(plain, shown=plain)
    if match := _OFFSET.search(text):
        value = Fraction(match["whole"]) + OFFSETS[match["word"]]
        yield Look(f"{text[: match.start()]}{float(value)}{text[match.end() :]}")
    if answer_type not in _UNSPOKEN and (written := _written_out(text, answer_type, asked)):
        if answer_type is AnswerType.EXPRESSION and (other := whole_term_raised(written)):
            yield other
        in_digits = answer_type is AnswerType.NUMBER and _IN_DIGITS.search(asked.question)
        yield Look(written, "number_words" if in_digits else None, shown=written)
    if match := _FACTORIAL.fullmatch(text):
        yield Look(str(factorial(int(match["number"]))), "unevaluated")
    if text.endswith("!") and (calm := text.rstrip(" !")):
        yield Look(calm)
    if (bare := _DOTS.sub("", text)) != text:
        yield Look(bare, "recurring_unclear")
    yield from _of_type(text, answer_type, asked)


def _written_out(text: str, answer_type: AnswerType, asked: Asked) -> str | None:
    powers = answer_type not in _MEASURED
    if answer_type is AnswerType.RATIO:
        text = text.replace(" টু ", " to ")
    return write_out(text, powers=powers, letters=_letters(answer_type, asked))


def _letters(answer_type: AnswerType, asked: Asked) -> str:
    """Return the letters that the answer may hold."""
    if answer_type is AnswerType.EXPRESSION:
        return stored_expression(asked.stored)[2]
    if answer_type is AnswerType.INEQUALITY:
        return stored_solution(asked.stored).letter
    if answer_type is AnswerType.TUPLE:
        return "".join(asked.options.vars) or "xyz"
    return asked.options.var or "x" if answer_type is AnswerType.NUMBER else ""


def _of_type(text: str, answer_type: AnswerType, asked: Asked) -> Iterator[Look]:
    if answer_type in _ONE_NUMBER:
        yield from number_looks(text, asked.options.form)
    if answer_type in _OF_NUMBERS:
        yield from mixed_parts(text)
    if answer_type in _MEASURED:
        yield from unit_looks(text)
    if answer_type is AnswerType.TUPLE:
        yield from pair_looks(text)
    if answer_type in _LISTED:
        yield from list_looks(text)
    if answer_type is AnswerType.EXPRESSION:
        yield from expression_looks(text, _letters(answer_type, asked))
    elif answer_type in {AnswerType.INEQUALITY, AnswerType.TUPLE, AnswerType.NUMBER}:
        yield from times_as_x(text, _letters(answer_type, asked))
