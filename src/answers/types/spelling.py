"""How near a typed word is to a stored one: slips, silent letters, Bangla in Latin letters."""

import re
from collections.abc import Iterable
from functools import lru_cache

from src.answers.reading.number_words import WEAK, scale_value, word_value
from src.answers.reading.romanised import number_word, sounds_like
from src.answers.reading.text import fold
from src.answers.reading.wording import one_slip

_MIN_MISSPELT, _MIN_DOUBTED = 7, 5
_SCALE_NAMES = {10**3: "thousand", 10**5: "lakh", 10**6: "million", 10**7: "crore"}
_PLACES = frozenset(
    [
        "place",
        "places",
        "ঘর",
        "ঘরে",
        "ঘরের",
        "ঘরটি",
        "স্থান",
        "স্থানে",
        "স্থানের",
        "ghor",
        "ghore",
        "sthan",
        "sthane",
    ]
)
_JOINED_SCALE = re.compile("^([ঀ-৥]{2,})((?:লক্ষ|লাখ|কোটি|হাজার)(?:ের|ে)?)$")
_BANGLA = re.compile("[ঀ-৥][ঀ-৥ ]*")
# A ব that is joined to another letter is not heard.
_SILENT = "্ব"
_INFLECTIONS = ("ি", "ী", "াকার", "াকৃতি", "ভুজ", "র", "ের", "টি", "টা", "ে", "য়", "ীয়", "ই")
# Names that one may be mistaken for another when they are written in Latin letters.
_NAMES = [
    "সূক্ষ্মকোণ",
    "স্থূলকোণ",
    "সমকোণ",
    "সরলকোণ",
    "প্রবৃদ্ধকোণ",
    "পূরক কোণ",
    "সম্পূরক কোণ",
    "সন্নিহিত কোণ",
    "বিপ্রতীপ কোণ",
    "সমবাহু",
    "সমদ্বিবাহু",
    "বিষমবাহু",
    "বর্গ",
    "বর্গক্ষেত্র",
    "আয়ত",
    "আয়তক্ষেত্র",
    "রম্বস",
    "সামান্তরিক",
    "ট্রাপিজিয়াম",
    "ঘুড়ি",
    "বৃত্ত",
    "একক",
    "দশক",
    "শতক",
    "সহস্র",
    "অযুত",
    "নিযুত",
    "লক্ষ",
    "কোটি",
]


def counted(words: list[str]) -> list[str]:
    """Return words in which numbers are digits and scales have one name: দশ লাখের is 10 lakh."""
    parted = (part for word in words for part in _JOINED_SCALE.sub(r"\1 \2", word).split())
    plain = [_as_counted(word) for word in parted]
    while len(plain) > 1 and plain[-1] in _PLACES and plain[-2] in _SCALE_NAMES.values():
        plain.pop()
    return plain


def _as_counted(word: str) -> str:
    if (name := _SCALE_NAMES.get(scale_value(word) or 0)) is not None:
        return name
    value = word_value(word) if word not in WEAK else None
    return word if value is None else str(value)


def said_in_latin(phrase: str) -> str | None:
    """Return `দশ lakh` for `dosh lakh`; None where no scale follows a number."""
    words = phrase.split()
    if not phrase.isascii() or not any(scale_value(word) for word in map(number_word, words)):
        return None
    return " ".join(map(number_word, words))


def misspelt(typed: str, accepted: str) -> bool:
    """One slip in a Latin phrase of seven letters or more; the first letter must be right."""
    if len(accepted) < _MIN_MISSPELT or not accepted.isascii() or typed[:1] != accepted[:1]:
        return False
    return _has_no_digit(typed, accepted) and one_slip(typed, accepted)


def doubted(typed: str, accepted: str) -> bool:
    """A letter too many or too few in a shorter word, or an ending, which may be another word."""
    if typed[:1] != accepted[:1] or not _has_no_digit(typed, accepted):
        return False
    if not accepted.isascii():
        return _doubted_bangla(typed, accepted)
    alike = len(typed) != len(accepted) and one_slip(typed, accepted)
    return len(accepted) >= _MIN_DOUBTED and alike


def _doubted_bangla(typed: str, accepted: str) -> bool:
    if typed.startswith(accepted) and typed.removeprefix(accepted) in _INFLECTIONS:
        return True
    return len(accepted) >= _MIN_DOUBTED - 1 and one_slip(typed, accepted)


def heard(phrase: str) -> str:
    """Return a Bangla phrase without what is not heard or hard to see: সমদিবাহু, ক্ষেএ."""
    return phrase.replace(_SILENT, "").replace("ত্র", "এ")


def _has_no_digit(*texts: str) -> bool:
    return not any(c.isdigit() for text in texts for c in text)


@lru_cache(maxsize=1024)
def bangla_names(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the accepted texts that are Bangla words."""
    folded = (fold(text) for text in texts)
    return tuple(text for text in folded if _BANGLA.fullmatch(text))


def romanised_name(typed: Iterable[str], names: tuple[str, ...]) -> str | None:
    """Return the Bangla name that Latin letters spell, and no other name of school maths."""
    for phrase in typed:
        latin = phrase.replace("-", " ")
        if not latin.isascii() or len(latin) < 4:
            continue
        found = [name for name in names if sounds_like(latin, name)]
        others = (name for name in _NAMES if name not in names and sounds_like(latin, name))
        if found and next(others, None) is None:
            return found[0]
    return None
