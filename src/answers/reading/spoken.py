"""Maths in words, as it is said and dictated: x square plus five x, তিন চতুর্থাংশ, 3 by 4.

The words become digits and signs. What is no maths stays where it stands, so that a word is never
taken for a product of its letters.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from src.answers.reading.number_words import (
    ALONE,
    OFFSETS,
    PARTS,
    read_words,
    scale_value,
    starts_number,
    word_value,
)
from src.answers.reading.romanised import number_word

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[a-zA-Z]+|[ঀ-৥]+|\S")
_LONGEST_RUN = 10
_LETTER_NAMES = {
    "এক্স": "x", "ওয়াই": "y", "জেড": "z", "এ": "a", "বি": "b", "সি": "c", "ডি": "d", "ই": "e",
    "এন": "n",
    "এম": "m", "পি": "p", "কিউ": "q", "আর": "r", "এস": "s", "টি": "t", "কে": "k", "এল": "l",
    "এইচ": "h",
}  # fmt: skip
_BETWEEN = {  # two operands
    "+": "plus|প্লাস|যোগ|jog",
    "*": "times|into|multiplied by|ইন্টু|ইনটু|টাইমস|গুণ|গুণন|gun",
    "/": "by|over|upon|divided by|out of|bai|বাই|ওভার|আপন|ভাগ|ডিভাইডেড বাই",
    "=": "equals|equal to|is equal to|equal|ইকুয়াল|ইকুয়ালস|ইকুয়াল টু|সমান|সমান সমান|soman",
    "^": "to the power|to the power of|raised to|raised to the power|raised to the power of|power|"
    "power of|to the|টু দি পাওয়ার|টু দ্য পাওয়ার|টু দা পাওয়ার|পাওয়ার|এর পাওয়ার|এর ঘাত|ঘাত|er ghat|er power|"
    "ghat",
    "\0": "ভাগের|vager|bhager",  # the denominator first
}
_MINUS = "minus|negative|মাইনাস|ঋণাত্মক|বিয়োগ|biyog|minas|mainas"
_RAISED = {
    "^2": "squared|square|sqr|sq|স্কয়ার|স্কোয়ার|স্কয়ারড|বর্গ|borgo|barga",
    "^3": "cubed|cube|cub|কিউব|ঘন|ghono|ghon",
}
_WHOLE = "whole|hole|হোল|all"
_ANYWHERE = {
    "(": "open bracket|bracket open|ব্র্যাকেট শুরু|বন্ধনী শুরু",
    ")": "close bracket|bracket close|closed bracket|ব্র্যাকেট শেষ|বন্ধনী শেষ",
    ",": "comma|কমা",
}
_NOT_EQUAL = frozenset({"or", "not", "বা", "than"})  # greater than or equal to
_POINT = frozenset({"point", "দশমিক", "পয়েন্ট", "doshomik", "decimal"})
_ROOTS = frozenset({"root", "রুট", "মূল"})
_AND = frozenset({"and", "ও", "এবং"})
_EQUALS = frozenset({"=", "equals", "equal", "is", "সমান", "soman", "ইকুয়াল", "ইকুয়ালস"})
_POWERS = {"third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "nth": "n"}
_OF_ATOM = re.compile(
    r"(?:the )?(square|cube) of (\d+|[a-zA-Z]|\([^()]*\))(?![a-zA-Z\d])", re.IGNORECASE
)
_TAILLESS = re.compile(r"(?<=\d/)(\d+) (?:ভাগ|অংশ|vag|bhag|ongsho)(?![ঀ-৥a-z])")
_SWAPPED = re.compile(r"(\d+) ?\0 ?(\d+)(?: (?:ভাগ|অংশ|vag|bhag|ongsho)(?![ঀ-৥a-z]))?")
_DECIMAL = re.compile(r"(?:(?<![\d.,])(\d+) ?)?\1?\x01 ?(\d+(?: \d(?![\d/]))*)")


def _phrases(table: dict[str, str]) -> dict[tuple[str, ...], str]:
    return {
        tuple(phrase.split()): sign for sign, said in table.items() for phrase in said.split("|")
    }


def _raised() -> dict[tuple[str, ...], str]:
    """X square, x এর বর্গ, x-এর বর্গ, (a+b) whole square."""
    bare = _phrases(_RAISED)
    led = {(*lead, *words): sign for words, sign in bare.items() for lead in (
        ("এর",), ("er",), ("-", "এর"), ("-", "er"), ("-",))}  # fmt: skip
    whole = {
        (lead, *words): f"whole{sign}" for words, sign in bare.items() for lead in _WHOLE.split("|")
    }
    return bare | led | whole


_SIGNS = {
    "between": _phrases(_BETWEEN),
    "minus": _phrases({"-": _MINUS}),
    "raised": _raised(),
    "anywhere": _phrases(_ANYWHERE),
}
_FIRST_WORDS = frozenset(words[0] for table in _SIGNS.values() for words in table)
_LONGEST_PHRASE = 5


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    spaced: bool


@lru_cache(maxsize=2048)
def write_out(text: str, *, powers: bool = True, letters: str = "") -> str | None:
    """Write what is said in words with digits and signs; None where no word says maths.

    Args:
        text: folded.
        powers: whether `square` and `cube` raise; off where they belong to units.
        letters: the letters whose Bangla names (এক্স) are read.
    """
    if not any(c.isalpha() for c in text):
        return None
    said = _OF_ATOM.sub(r"\2 \1d", text) if powers else text
    writer = _Writer(said, powers=powers, letters=letters)
    written = writer.write()
    return written if writer.changed or said != text else None


class _Writer:
    """Goes through the words from left to right; `out` is what has been written."""

    def __init__(self, text: str, *, powers: bool, letters: str) -> None:
        self.tokens: list[_Word] = []
        end = 0
        for match in _TOKEN.finditer(text):
            self.tokens.append(_Word(match[0], match.start() > end))
            end = match.end()
        names = {name: own for name, own in _LETTER_NAMES.items() if own in letters.lower()}
        plain = [names.get(t.text, t.text.lower()) for t in self.tokens]
        english = bool({"least", "most"} & set(plain))  # "at" is eight, but not in at least
        self.words = [w if english and w == "at" else number_word(w) for w in plain]
        self.names = names
        self.powers = powers
        self.changed = False
        self.out: list[str] = []

    def write(self) -> str:
        at = 0
        while at < len(self.tokens):
            at = self._sign(at) or self._number(at) or self._keep(at)
        text = "".join(self.out).strip()
        text = _DECIMAL.sub(_decimal, text)
        return _TAILLESS.sub(r"\1", _SWAPPED.sub(r"\2/\1", text)).replace("\1", "point")

    def _keep(self, at: int) -> int:
        token = self.tokens[at]
        name = self.names.get(token.text)
        if token.text.isascii() and not self.words[at].isascii() and scale_value(self.words[at]):
            name = self.words[at]  # 5 hajar
        self.changed |= name is not None
        self._put(name or token.text, spaced=token.spaced and not self._times_letter(at))
        return at + 1

    def _times_letter(self, at: int) -> bool:
        """`five x` is 5x."""
        word = self.words[at]
        digits = bool(self.out) and self.out[-1][-1].isdigit() and self.changed
        factor = len(word) == 1 and word.isalpha() and self._word(at + 1) not in _EQUALS
        return digits and factor and self._is_number(at - 1)

    def _is_number(self, at: int) -> bool:
        return at >= 0 and (starts_number(self.words[at]) or self.words[at] in PARTS)

    def _put(self, text: str, *, spaced: bool) -> None:
        self.out.append(f" {text}" if spaced and self.out else text)

    def _phrase(self, at: int, table: str) -> tuple[str, int] | None:
        if self.words[at] not in _FIRST_WORDS:
            return None
        for size in range(min(_LONGEST_PHRASE, len(self.words) - at), 0, -1):
            sign = _SIGNS[table].get(tuple(self.words[at : at + size]))
            if sign is not None:
                return sign, at + size
        return None

    def _sign(self, at: int) -> int | None:
        if found := self._phrase(at, "raised"):
            return self._raise(*found)
        found = self._phrase(at, "between")
        if found and not (found[0] == "=" and at and self.words[at - 1] in _NOT_EQUAL):
            return self._join(*found) or self._plus(*found)
        if (found := self._phrase(at, "minus")) and self._begins(found[1]):
            return self._minus(found[1])
        if found := self._phrase(at, "anywhere"):
            self._put(found[0], spaced=False)
            self.changed = True
            return found[1]
        return self._point(at)

    def _plus(self, sign: str, after: int) -> int | None:
        return self._minus(after, "+") if sign == "+" and self._begins(after) else None

    def _minus(self, after: int, sign: str = "-") -> int:
        self.changed = True
        between = self._ended()
        self._put(sign, spaced=between)
        if not between and after < len(self.tokens):
            self.tokens[after] = _Word(self.tokens[after].text, spaced=False)
        return after

    def _raise(self, sign: str, after: int) -> int | None:
        if not self.powers or not self._ended() or self._word(after) in _ROOTS:
            return None
        if sign.startswith("whole") and not self.out[-1].endswith(")"):
            self._bracket()
        self.out.append(sign.removeprefix("whole"))
        self.changed = True
        return after

    def _bracket(self) -> None:
        """Put all since the last equals sign into brackets."""
        start = max((i for i, piece in enumerate(self.out) if piece.strip() == "="), default=-1) + 1
        self.out[start:] = ["(" + "".join(self.out[start:]).strip() + ")"]

    def _join(self, sign: str, after: int) -> int | None:
        ordinal = _POWERS.get(self._word(after)) if sign == "^" else None
        if not self._ended() or not (ordinal or self._begins(after)):
            return None
        self.changed = True
        tight = sign in "/^\0"
        self._put(sign, spaced=not tight)
        if ordinal:
            self.out.append(ordinal)
            return after + 1 + (self._word(after + 1) == "power")
        if tight and after < len(self.tokens):
            self.tokens[after] = _Word(self.tokens[after].text, spaced=False)
        return after

    def _point(self, at: int) -> int | None:
        if self.words[at] not in _POINT or not self._is_numeric(at + 1):
            return None
        self.changed = True
        self._put("\1", spaced=bool(self.out) and not self.out[-1][-1].isdigit())
        return at + 1

    def _word(self, at: int) -> str:
        return self.words[at] if at < len(self.words) else ""

    def _is_numeric(self, at: int) -> bool:
        word = self._word(at)
        return word[:1].isdigit() or starts_number(word) or word in ALONE

    def _ended(self) -> bool:
        """Return whether an operand stands before: a number, a letter, a bracket, a power."""
        last = "".join(self.out[-2:]).rstrip()
        if not last or not (last[-1].isalnum() or last[-1] in ")π"):
            return False
        return not re.search(r"[a-zA-Z]{4,}$|[ঀ-৥]{2,}$", last)

    def _begins(self, at: int) -> bool:
        """Return whether an operand follows."""
        word = self._word(at)
        single = len(word) == 1 and (word.isalnum() or word in "(√∛π-+.")
        short = word.isascii() and word.isalpha() and len(word) <= 3
        named = word in _ROOTS | _POINT | {"pi", "পাই", "sqrt", "square", "cube", "minus", "মাইনাস"}
        return self._is_numeric(at) or single or short or named

    def _number(self, at: int) -> int | None:
        token = self.tokens[at]
        if token.text[0].isdigit():
            return self._part(at, token.text, at + 1)
        after_article = self._word(at + 1) in ALONE or scale_value(self._word(at + 1)) is not None
        start = at + (self.words[at] in {"a", "an"} and after_article)
        value, after = self._value(start)
        if value is None:
            return None
        self.changed = True
        return self._part(at, _spell(value), after)

    def _value(self, at: int) -> tuple[Fraction | None, int]:
        word = self.words[at]
        if word in ALONE and not starts_number(word):
            scale = scale_value(self._word(at + 1))
            if scale:
                return ALONE[word] * scale, at + 2
            return ALONE[word], at + 1 + (self._word(at + 1) in {"of", "an", "a"})
        if self._is_scale_alone(at):
            return Fraction(scale_value(word) or 0), at + 1
        run = self._run(at)
        found = read_words([self.words[i] for i in run]) if run else None
        if found is None or (word in OFFSETS and found[1] < 2):
            return self._quarter_alone(at), at + 1
        return found[0], run[found[1] - 1] + 1

    def _is_scale_alone(self, at: int) -> bool:
        """A hundred; হাজার without a number before it is half a number."""
        scale = scale_value(self.words[at])
        return scale is not None and scale >= 100 and at > 0 and self.words[at - 1] in {"a", "an"}

    def _quarter_alone(self, at: int) -> Fraction | None:
        """পৌনে alone is 3/4 and সোয়া 5/4."""
        offset = OFFSETS.get(self.words[at])
        alone = offset is not None and offset.denominator == 4 and not self._word(at + 1)
        return 1 + offset if offset is not None and alone else None

    def _run(self, at: int) -> list[int]:
        """Return the places of the words in a row; a hyphen between two is passed over."""
        run = [at] if starts_number(self.words[at]) else []
        while run and len(run) < _LONGEST_RUN:
            step = 2 if self._word(run[-1] + 1) == "-" else 1
            following = self._word(run[-1] + step)
            known = starts_number(following) or scale_value(following) or following in _AND
            if not known:
                break
            run.append(run[-1] + step)
        return run

    def _part(self, at: int, number: str, after: int) -> int:
        """Write a number; three fourths and ৩ চতুর্থাংশ are fractions."""
        hyphen = self._word(after) == "-"
        bottom = PARTS.get(self._word(after + hyphen))
        if bottom and number.isdigit():
            self.changed = True
            number, after = f"{number}/{bottom}", after + hyphen + 1
        self._put(number, spaced=self.tokens[at].spaced)
        return after


def _spell(value: Fraction) -> str:
    whole, rest = divmod(value.numerator, value.denominator)
    part = f"{rest}/{value.denominator}" if rest else ""
    return f"{whole} {part}".strip() if whole or not part else part


def _decimal(match: re.Match[str]) -> str:
    digits = match[2].replace(" ", "")
    return f"{match[1] or ''}.{digits}"


def speaks(word: str) -> bool:
    """Return whether a lower-case word says a number or a sign."""
    return starts_number(word) or word_value(number_word(word)) is not None or word in _FIRST_WORDS
