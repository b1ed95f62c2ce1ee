"""Other ways to read what was typed, tried when the first way did not find a right answer.

A teacher who sees 23/29/31/37 where four primes are asked does not read it as a fraction. Each look
spells the text in another way. A sure one is judged as if it had been typed; one that is not only
saves a right answer from being called wrong: the pupil is asked again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import factorial

from src.answers.reading.number_words import OFFSETS
from src.answers.types.algebraic import stored_expression
from src.answers.verdicts import AnswerType


@dataclass(frozen=True, slots=True)
class Look:
    """Another spelling of an answer; `reason` is why to ask again when it is not sure."""

    text: str
    reason: str | None = None

    @property
    def sure(self) -> bool:
        """Whether nothing else can be meant."""
        return self.reason is None


_LISTED = frozenset({AnswerType.LIST, AnswerType.SET, AnswerType.TUPLE})
# After a lead word `:-` is one sign, as in "Answer:-"; only without a space may it hold a minus.
_COLON_DASH = re.compile(r"^(?P<lead>[^\d:=<>+*/-]{1,40}?) ?(?P<sign>:-|-:)(?P<space> ?)(?=\S)")
_OFFSET = re.compile(rf"(?P<word>{'|'.join(OFFSETS)}) ?(?P<whole>\d{{1,6}})(?![\d.,/:])")
_FACTORIAL = re.compile(r"(?P<number>1?\d)!")
_DOTS = re.compile(r"(?<=\d) ?(?:…|\.\.+)$")
_HEART = re.compile(r" ?<3+$")
_NUMBERING = re.compile(r"(?:^|[ ,;]+)\d{1,2}(?:\)|\.(?= )) ?(?=\S)")
_LIST_SIGNS = [re.compile(rf"(?<=[\w)]) ?{re.escape(sign)} ?(?=[\w(])") for sign in "/-+|।"]
_LETTERS = r"a-zA-Zঀ-৥"
_LONE_X = re.compile(r"(?<=[\w)]) [xX] (?=[\w(√])|(?<=\)) ?[xX] ?(?=\()")
_BY = re.compile(r" by ", re.IGNORECASE)
_WORD_BEFORE_BRACKET = re.compile(rf"^([{_LETTERS}]{{2,}})(?=\()")


def looks(text: str, answer_type: AnswerType, stored: str) -> Iterator[Look]:
    """Yield the other readings of a folded text, each in whole."""
    if match := _COLON_DASH.match(text):
        glued = match["sign"] == ":-" and not match["space"]
        plain = f"{match['lead']}: {text[match.end() :]}"
        yield Look(plain, "dash_or_minus" if glued else None)
    if match := _OFFSET.search(text):
        value = Fraction(match["whole"]) + OFFSETS[match["word"]]
        yield Look(f"{text[: match.start()]}{float(value)}{text[match.end() :]}")
    if match := _FACTORIAL.fullmatch(text):
        yield Look(str(factorial(int(match["number"]))), "unevaluated")
    if text.endswith("!") and (calm := text.rstrip(" !")):
        yield Look(calm)
    if (bare := _DOTS.sub("", text)) != text:
        yield Look(bare, "recurring_unclear")
    if answer_type in _LISTED:
        yield from _lists(text)
    if answer_type is AnswerType.EXPRESSION:
        yield from _expressions(text, stored_expression(stored)[2])


def _lists(text: str) -> Iterator[Look]:
    """Numbers with a heart behind them, numbered, or set apart by a sign that also calculates."""
    bare = _HEART.sub("", text)
    spelled = [bare, _NUMBERING.sub(", ", bare).strip(", ")]
    spelled += [sign.sub(", ", bare) for sign in _LIST_SIGNS]
    yield from (Look(other, "list_unclear") for other in spelled if other != text)


def _expressions(text: str, letters: str) -> Iterator[Look]:
    """X for a multiplication sign, `by` for a fraction stroke, and words that are no letters."""
    if len(sides := _BY.split(text)) == 2:
        yield Look("({})/({})".format(*sides), "words")
    if (bare := _without_stray_words(text, letters)) != text:
        yield Look(bare, "words")
    if (times := _LONE_X.sub("*", text)) != text:
        yield Look(times)
    if "x" in text.lower() and "x" not in letters.lower():
        yield Look(re.sub("[xX]", "*", text), "power_or_product")


def _without_stray_words(text: str, letters: str) -> str:
    """Drop words that share no letter with the stored answer; a single letter may be a factor."""
    own = set(letters.lower()) | {"x"}
    kept: list[str] = []
    before = ""
    for word in _WORD_BEFORE_BRACKET.sub(r"\1 ", text).split(" "):
        stray = re.fullmatch(rf"[{_LETTERS}.]+", word) and not set(word.lower()) & own
        if not stray or (len(word) == 1 and len(before) == 1):
            kept.append(word)
        before = word
    return " ".join(kept)
