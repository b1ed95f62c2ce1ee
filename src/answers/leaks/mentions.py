"""Find the numbers that a running text mentions: digits, words, parts, percents, units."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from src.answers.reading.literals import spell_vulgar
from src.answers.reading.number_words import (
    ALONE,
    ORDINAL_ENDINGS,
    PARTS,
    WEAK,
    read_words,
    scale_value,
    starts_number,
)
from src.answers.reading.romanised import number_word
from src.answers.reading.text import fold
from src.answers.reading.units import Unit, is_counter, parse_unit
from src.answers.verdicts import UnreadableError
from src.bangla import one_spelling

MAX_TEXT = 2000
_CHUNK = 100
_MAX_DIGITS = 18
_SHORTEST_ROMANISED = 5  # of a Bangla word in Latin letters: at and tin are English
_PERCENT_AFTER = frozenset({"%", "percent", "শতাংশ", "পারসেন্ট", "পার্সেন্ট"})
_PERCENT_BEFORE = frozenset({"শতকরা"})
_MINUS_WORDS = frozenset({"minus", "negative", "মাইনাস", "ঋণাত্মক"})
_PER_BEFORE = frozenset({"ঘণ্টায়", "ঘন্টায়", "মিনিটে", "সেকেন্ডে"})
_STEP_WORDS = (
    "step hint rule part figure fig equation grade class chapter question problem no number type "
    "ধাপ ধাপে সংকেত সমীকরণ সমীকরণে চিত্র চিত্রে নিয়ম শ্রেণি অধ্যায় প্রশ্ন নং অংশ"
)
_FOLLOW_STEP = frozenset(_STEP_WORDS.split())
_TOKEN = re.compile(
    r"\d{1,3}(?:,\d{2,3})*,\d{3}(?!\d|,\d)(?:\.\d+)?|\d+(?:\.\d+)?|(?<!\d)\.\d+|[a-z]+|[ঀ-৥]+|\n|[^\s]"
)


class Form(StrEnum):
    """How a number is written."""

    PLAIN = "plain"
    FRACTION = "fraction"
    WORD = "word"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text with its place; `spaced` tells whether a blank comes before it."""

    text: str
    start: int
    end: int
    spaced: bool

    @property
    def is_digits(self) -> bool:
        """Whether it is a number in digits."""
        return self.text[0].isdecimal() or (self.text[0] == "." and len(self.text) > 1)


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in a text, from token `first` up to and without token `last`."""

    value: Fraction
    form: Form
    first: int
    last: int
    denominator: int = 1  # as written
    unit: Unit | None = None
    weak: bool = False  # একটি, one, নয়: seldom meant as the number
    embedded: bool = False  # an exponent, a coefficient, a part of a fraction, a step number


def fold_text(text: str) -> str:
    """Fold a running text as the grader folds an answer, in lower case; newlines stay."""
    lines = (
        "".join(c for c in line if c == "\t" or unicodedata.category(c) not in {"Cc", "Cf"})
        for line in one_spelling(text[:MAX_TEXT]).splitlines()
    )
    # Kept apart from a slash: 1/2 is a number, 1 ÷ 2 is still to be done.
    parted = (line.replace("÷", " | ") for line in lines)
    folded = (" ".join(_fold_word(word) for word in line.split()) for line in parted)
    return spell_vulgar("\n".join(folded)).lower()


def _fold_word(word: str) -> str:
    pieces = (word[at : at + _CHUNK] for at in range(0, len(word), _CHUNK))
    return "".join(_fold_piece(piece) for piece in pieces)


def _fold_piece(piece: str) -> str:
    try:
        return fold(piece)
    except UnreadableError:
        return ""


def tokenise(folded: str) -> list[Token]:
    """Split a folded text into numbers, words and signs."""
    tokens: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(folded):
        tokens.append(Token(match[0], match.start(), match.end(), match.start() > end))
        end = match.end()
    return tokens


def find_mentions(tokens: Sequence[Token]) -> list[Mention]:
    """Return the numbers of a text from left to right; parts of larger ones are marked embedded."""
    return list(_Scanner(tokens).scan())


class _Scanner:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens

    def text(self, at: int) -> str:
        text = self.tokens[at].text if 0 <= at < len(self.tokens) else ""
        return text if len(text) < _SHORTEST_ROMANISED else number_word(text)

    def scan(self) -> Iterator[Mention]:
        at = 0
        while at < len(self.tokens):
            mention = self._digits(at) if self.tokens[at].is_digits else self._words(at)
            if mention is None:
                at += 1
                continue
            yield self._finish(mention)
            if mention.denominator > 1 and mention.form is Form.FRACTION:
                yield from self._components(mention)
            at = mention.last

    def _components(self, mention: Mention) -> Iterator[Mention]:
        for at in range(mention.first, mention.last):
            if self.tokens[at].is_digits:
                value = _exact(self.text(at))
                yield Mention(value, Form.PLAIN, at, at + 1, embedded=True)

    def _digits(self, at: int) -> Mention:
        value = _exact(self.text(at))
        if fraction := self._fraction(at):
            return fraction
        after = at + 1
        part = self._fraction(at + 1) if self._is_number(at + 1) else None
        if part is not None and self.tokens[at + 1].spaced and part.value < 1:  # 3 1/2
            return Mention(value + part.value, Form.FRACTION, at, part.last, part.denominator)
        if scale := scale_value(self.text(after)):
            return self._scaled(at, value * scale, after + 1)
        if self.text(after) == "দশমিক" and self._is_number(after + 1):
            digits = self.text(after + 1)
            return Mention(Fraction(f"{self.text(at)}.{digits}"), Form.PLAIN, at, after + 2)
        return self._in_words_of_parts(self._and_a_half(Mention(value, Form.PLAIN, at, after)))

    def _is_number(self, at: int) -> bool:
        return at < len(self.tokens) and self.tokens[at].is_digits

    def _fraction(self, at: int) -> Mention | None:
        if not (self.text(at + 1) in {"/", "বাই", "bai", "upon"} and self._is_number(at + 2)):
            return None
        top, bottom = _exact(self.text(at)), _exact(self.text(at + 2))
        if not bottom or top.denominator != 1 or bottom.denominator != 1:
            return None
        return Mention(top / bottom, Form.FRACTION, at, at + 3, bottom.numerator)

    def _scaled(self, first: int, total: Fraction, at: int) -> Mention:
        """2 কোটি 50 লক্ষ: further pieces follow the first."""
        while self._is_number(at) and (scale := scale_value(self.text(at + 1))):
            total, at = total + _exact(self.text(at)) * scale, at + 2
        return Mention(total, Form.WORD, first, at)

    def _words(self, at: int) -> Mention | None:
        word = self.text(at)
        if not word[0].isalpha():
            return None
        if not starts_number(word):
            return self._word_alone(at)
        run = self._run(at)
        found = read_words([self.text(i) for i in run])
        if found is None:
            return self._word_alone(at)
        value, used = found
        last = run[used - 1] + 1
        mention = Mention(value, Form.WORD, at, last, weak=used == 1 and word in WEAK)
        return self._in_words_of_parts(self._and_a_half(self._point(mention)))

    def _run(self, at: int) -> list[int]:
        """Return the places of up to eight words in a row; a hyphen between two is passed over."""
        run = [at]
        while len(run) < 8:
            step = 2 if self.text(run[-1] + 1) == "-" else 1
            following = self.text(run[-1] + step)
            if not (following and following[0].isalpha()):
                break
            run.append(run[-1] + step)
        return run

    def _word_alone(self, at: int) -> Mention | None:
        value = ALONE.get(self.text(at))
        if value is None:
            return None
        if scale := scale_value(self.text(at + 1)):
            return Mention(value * scale, Form.WORD, at, at + 2)
        return Mention(value, Form.WORD, at, at + 1)

    def _point(self, mention: Mention) -> Mention:
        """Zero point five, শূন্য দশমিক পাঁচ."""
        if self.text(mention.last) not in {"point", "দশমিক"}:
            return mention
        digits, at = "", mention.last + 1
        while found := read_words([self.text(at)]):
            digits, at = digits + str(found[0]), at + 1
        if not digits:
            return mention
        value = mention.value + Fraction(int(digits), 10 ** len(digits))
        return Mention(value, Form.WORD, mention.first, at)

    def _and_a_half(self, mention: Mention) -> Mention:
        """Two and a half, 3 and a quarter."""
        at = mention.last
        if (self.text(at), self.text(at + 1)) not in {("and", "a"), ("and", "one")}:
            return mention
        part = ALONE.get(self.text(at + 2))
        if part is None or part >= 1:
            return mention
        return Mention(mention.value + part, Form.WORD, mention.first, at + 3)

    def _in_words_of_parts(self, mention: Mention) -> Mention:
        """Three quarters, 13 out of 20, 20 ভাগের 13 ভাগ, তিন চতুর্থাংশ."""
        at = mention.last + (self.text(mention.last) == "-")
        if (bottom := PARTS.get(self.text(at))) and mention.value.denominator == 1:
            return self._part(mention, mention.value, bottom, at + 1)
        other = self._second_part(at, mention)
        if other is None:
            return mention
        if self.text(at) != "ভাগের":
            return self._part(mention, mention.value, other.value.numerator, other.last)
        if self.text(other.last) not in {"ভাগ", "অংশ"}:
            return mention
        return self._part(mention, other.value, mention.value.numerator, other.last + 1)

    def _second_part(self, at: int, first: Mention) -> Mention | None:
        """Return the 20 of 13 out of 20, the four of three by four, the 13 of 20 ভাগের 13 ভাগ."""
        word = self.text(at)
        if word == "out" and self.text(at + 1) == "of":
            return self._operand(at + 2)
        if word in {"over", "upon", "bai", "বাই", "ভাগের"} or (
            word == "by" and first.form is Form.WORD
        ):
            return self._operand(at + 1)  # 8 by 6 in digits is a size
        return None

    def _operand(self, at: int) -> Mention | None:
        if self._is_number(at):
            return Mention(_exact(self.text(at)), Form.PLAIN, at, at + 1)
        if not self.text(at)[:1].isalpha():
            return None
        run = self._run(at)
        found = read_words([self.text(i) for i in run])
        return Mention(found[0], Form.WORD, at, run[found[1] - 1] + 1) if found else None

    def _part(self, mention: Mention, top: Fraction, bottom: int, last: int) -> Mention:
        if bottom < 2:  # one by one
            return mention
        return Mention(top / bottom, Form.FRACTION, mention.first, last, bottom)

    def _finish(self, mention: Mention) -> Mention:
        """Add what stands around the number: sign, percent, unit, and whether it is only a part."""
        before, after = self.text(mention.first - 1), self.text(mention.last)
        value, form, last = mention.value, mention.form, mention.last
        if before in _MINUS_WORDS or (before == "-" and not self._is_operand(mention.first - 2)):
            value = -value
        if after == "per" and self.text(last + 1) == "cent":
            value, form, last = value / 100, Form.PERCENT, last + 2
        elif after in _PERCENT_AFTER:
            value, form, last = value / 100, Form.PERCENT, last + 1
        elif before in _PERCENT_BEFORE:
            value, form = value / 100, Form.PERCENT
        per = before if before in _PER_BEFORE else ""
        unit, last = self._unit(last, per) if form is not Form.PERCENT else (None, last)
        return Mention(
            value,
            form,
            mention.first,
            last,
            mention.denominator,
            unit,
            weak=mention.weak and unit is None,
            embedded=self._is_embedded(mention, unit),
        )

    def _is_operand(self, at: int) -> bool:
        """Whether a minus after this token takes away: 10 - 7, x - 7, (a) - 7."""
        text = self.text(at)
        if not text:
            return False
        return text in {")", "]"} or text[0].isdecimal() or (len(text) == 1 and text.isalpha())

    def _unit(self, at: int, per: str = "") -> tuple[Unit | None, int]:
        """Read the longest unit that follows; counters such as টি are passed over.

        Args:
            at: The token after the number.
            per: What stands before the number in `ঘণ্টায় 42 কিমি`.
        """
        if is_counter(self.text(at)):
            return None, at + 1
        for size in (4, 3, 2, 1):
            pieces = self.tokens[at : at + size]
            if len(pieces) < size or any(_ends_unit(piece) for piece in pieces):
                continue
            if not (pieces[0].text[0].isalpha() or pieces[0].text[0] in "°৳"):
                return None, at
            words = " ".join(piece.text for piece in pieces)
            unit = parse_unit(f"{per} {words}") if per else parse_unit(words)
            if unit is not None and unit.dimensions:
                return unit, at + size
        return None, at

    def _is_embedded(self, mention: Mention, unit: Unit | None) -> bool:
        before, after = self.text(mention.first - 1), self.text(mention.last)
        if before == "^" or (before == "(" and self.text(mention.first - 2) == "^"):
            return True
        if mention.form is not Form.PLAIN:
            return False
        glued = mention.last < len(self.tokens) and not self.tokens[mention.last].spaced
        if glued and (
            after in ORDINAL_ENDINGS or after in {"^", "("} or self._is_letter(after, unit)
        ):
            return True
        if before in {"√", "∛"} or (
            self._is_letter(before, None) and self._is_glued(mention.first)
        ):
            return True
        return self._is_step_number(mention)

    def _is_glued(self, at: int) -> bool:
        return at < len(self.tokens) and not self.tokens[at].spaced

    def _is_letter(self, text: str, unit: Unit | None) -> bool:
        return len(text) == 1 and text.isalpha() and unit is None

    def _is_step_number(self, mention: Mention) -> bool:
        """Step 2, ধাপ ২, (1) at the start of a line, 1. at the start of a line."""
        before, after = self.text(mention.first - 1), self.text(mention.last)
        if before == "(" and after == ")":
            before = self.text(mention.first - 2)
        if before in _FOLLOW_STEP:
            return True
        return before in {"", "\n"} and after in {".", ")", "।"} and mention.value < 10


def _ends_unit(token: Token) -> bool:
    return token.text in {"\n", ",", ";", "="} or (token.spaced and token.is_digits)


def _exact(digits: str) -> Fraction:
    bare = digits.replace(",", "")
    return Fraction(bare) if len(bare) <= _MAX_DIGITS + 1 else Fraction(0)
