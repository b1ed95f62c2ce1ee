"""Step five: units of measurement and money, in both languages, to dimension and factor."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from src.answers.reading.unit_table import COUNTERS, CUBIC, SQUARE, UNITS, Dimensions

_NFC_UNITS = {unicodedata.normalize("NFC", name): unit for name, unit in UNITS.items()}
_MAX_POWER = 3
_ENDINGS = ("গুলো", "গুলি", "টিতে", "য়", "ে", "ের", "র", "তে", "কে", "টি", "টা")
_PER = frozenset({"/", "per", "প্রতি", "a", "an"})
_WORD = re.compile(
    r"[a-z]+(?:\.(?=[a-z]))?|(?:[ঀ-৥]|\.(?=[ঀ-৥]))+|°[cf](?![a-z])|[°%৳$€£₹]"
    r"|\^ ?\(? ?-?\d\)?|-?\d|/|\*|\(|\)"
)
_JOINED = re.compile(r"^(বর্গ|ঘন|ব)(.+)$")


@dataclass(frozen=True, slots=True)
class Unit:
    """A dimension, as sorted (base, power) pairs, and the factor to base units."""

    dimensions: Dimensions
    factor: Fraction


BARE = Unit((), Fraction(1))


def look_up(word: str) -> Unit | None:
    """Return the unit of one word, also with a Bangla case ending (ঘণ্টায়, দিনে)."""
    bare = word.replace(".", "").replace("ঃ", "")
    for candidate in (word, bare, *(bare.removesuffix(e) for e in _ENDINGS if bare.endswith(e))):
        if found := _NFC_UNITS.get(candidate):
            return Unit(*found)
    return None


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit | None:
    """Read a unit such as `sq. cm`, `cm²`, `কিমি/ঘণ্টা` or `km per hour`; None when it is not one."""
    words = _split(text.strip().lower())
    return _Reader(words).read() if words else None


def _split(text: str) -> list[str] | None:
    """Split into words, or None when something is left over."""
    words: list[str] = []
    position = 0
    while position < len(text):
        if text[position] in " .":
            position += 1
            continue
        match = _WORD.match(text, position)
        if match is None:
            return None
        words.append(match[0].replace(".", ""))
        position = match.end()
    return _join_initials(words)


def _join_initials(words: list[str]) -> list[str]:
    """Put c. m. and কি. মি. together, where only the whole is a unit."""
    joined: list[str] = []
    for word in words:
        if joined and _may_be_initials(joined[-1], word) and look_up(joined[-1] + word):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _may_be_initials(first: str, second: str) -> bool:
    bangla = all("ঀ" <= c <= "৥" for c in first + second)
    return bangla or (len(first) == len(second) == 1 and first.isalpha() and second.isalpha())


class _Reader:
    """Reads words from left to right: factors, a power after a unit, `/` before a divisor."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.powers: Counter[str] = Counter()
        self.factor = Fraction(1)
        self.sign = 1
        self.prefix = 1  # square, cubic
        self.last: tuple[Dimensions, Fraction, int] | None = None

    def read(self) -> Unit | None:
        if not all(self._take(word) for word in self._per_first()) or self.last is None:
            return None
        if self.prefix != 1 or (self.sign == -1 and self.words[-1] in _PER):
            return None
        return Unit(tuple(sorted((d, p) for d, p in self.powers.items() if p)), self.factor)

    def _per_first(self) -> list[str]:
        """`ঘণ্টায় কিমি` and `প্রতি ঘণ্টায় কিমি` name the divisor first."""
        words = self.words
        if words[-1] in {"celsius", "সেলসিয়াস", "fahrenheit", "ফারেনহাইট"}:  # degrees celsius
            return words[-1:]
        if len(words) > 1 and words[-1] in SQUARE | CUBIC:  # cm sq
            return [words[-1], *words[:-1]]
        if words[0] == "প্রতি" and len(words) > 2:
            return [*words[2:], "/", words[1]]
        if len(words) == 2 and words[0] in {"ঘণ্টায়", "ঘন্টায়", "মিনিটে", "সেকেন্ডে"}:
            return [words[1], "/", words[0]]
        return words

    def _take(self, word: str) -> bool:
        if word in _PER and self.last:
            self.sign = -1
            return True
        if word in {"*", "(", ")"}:
            return True
        if word.rstrip("ঃ") in SQUARE | CUBIC:
            self.prefix = 2 if word.rstrip("ঃ") in SQUARE else 3
            return True
        if word in {"squared", "cubed"} or word[0] == "^" or word[-1].isdigit():
            return self._raise(word)
        return self._multiply(word)

    def _multiply(self, word: str) -> bool:
        unit = look_up(word)
        if unit is None and (joined := _JOINED.match(word)):
            self.prefix = 3 if joined[1] == "ঘন" else 2
            unit = look_up(joined[2])
        if unit is None:
            return False
        self.last = (unit.dimensions, unit.factor, self.sign)
        self._apply(self.prefix)
        self.prefix = 1
        return True

    def _raise(self, word: str) -> bool:
        """A power after a unit that has been counted once already."""
        power = {"squared": 2, "cubed": 3}.get(word) or int(re.sub(r"[^\d-]", "", word))
        if self.last is None or not -_MAX_POWER <= power <= _MAX_POWER or power == 0:
            return False
        self._apply(power - 1)
        return True

    def _apply(self, times: int) -> None:
        assert self.last is not None
        dimensions, factor, sign = self.last
        for dimension, power in dimensions:
            self.powers[dimension] += power * times * sign
        self.factor *= factor ** (times * sign)


def is_counter(text: str) -> bool:
    """Return whether a word only counts (টি, জন, pieces) and so carries no unit."""
    return text.strip(" .").lower() in COUNTERS
