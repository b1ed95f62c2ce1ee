"""Numbers written as words, in English and in Bangla: twenty-one, দুইটি, চারের, আড়াই."""

import unicodedata
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

_Value = TypeVar("_Value")

_ENGLISH_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_BANGLA = (
    "শূন্য এক দুই তিন চার পাঁচ ছয় সাত আট নয় দশ এগারো বারো তেরো চৌদ্দ পনেরো ষোলো সতেরো আঠারো উনিশ "
    "বিশ একুশ বাইশ তেইশ চব্বিশ পঁচিশ ছাব্বিশ সাতাশ আটাশ ঊনত্রিশ ত্রিশ একত্রিশ বত্রিশ তেত্রিশ চৌত্রিশ "
    "পঁয়ত্রিশ ছত্রিশ সাঁইত্রিশ আটত্রিশ ঊনচল্লিশ চল্লিশ একচল্লিশ বিয়াল্লিশ তেতাল্লিশ চুয়াল্লিশ পঁয়তাল্লিশ "
    "ছেচল্লিশ সাতচল্লিশ আটচল্লিশ ঊনপঞ্চাশ পঞ্চাশ একান্ন বায়ান্ন তিপ্পান্ন চুয়ান্ন পঞ্চান্ন ছাপ্পান্ন সাতান্ন "
    "আটান্ন ঊনষাট ষাট একষট্টি বাষট্টি তেষট্টি চৌষট্টি পঁয়ষট্টি ছেষট্টি সাতষট্টি আটষট্টি ঊনসত্তর সত্তর একাত্তর "
    "বাহাত্তর তিয়াত্তর চুয়াত্তর পঁচাত্তর ছিয়াত্তর সাতাত্তর আটাত্তর ঊনআশি আশি একাশি বিরাশি তিরাশি চুরাশি "
    "পঁচাশি ছিয়াশি সাতাশি অষ্টাশি ঊননব্বই নব্বই একানব্বই বিরানব্বই তিরানব্বই চুরানব্বই পঁচানব্বই ছিয়ানব্বই "
    "সাতানব্বই আটানব্বই নিরানব্বই"
)
_BANGLA_VARIANTS = {
    "শুন্য": 0, "দু": 2, "পাচ": 5, "ছ": 6, "এগার": 11, "তের": 13, "চোদ্দ": 14, "পনের": 15, "ষোল": 16,
    "সতের": 17, "আঠার": 18, "ঊনিশ": 19, "কুড়ি": 20, "পচিশ": 25, "উনত্রিশ": 29, "তিরিশ": 30,
    "পয়ত্রিশ": 35, "সাইত্রিশ": 37, "উনচল্লিশ": 39, "পয়তাল্লিশ": 45, "উনপঞ্চাশ": 49, "উনষাট": 59,
    "একষট্টি": 61, "পয়ষট্টি": 65, "উনসত্তর": 69, "পচাত্তর": 75, "উনআশি": 79, "ঊনাশি": 79, "উনাশি": 79,
    "পচাশি": 85, "আটাশি": 88, "উননব্বই": 89, "নব্বুই": 90, "পচানব্বই": 95,
}  # fmt: skip
# Endings that leave a number word a number: counters, cases, emphasis.
_COUNTERS = ("টি", "টা", "টো", "টে", "জন", "খানা", "খানি", "বার", "গুলো")
_CASES = ("", "র", "ের", "য়ের", "এর", "কে", "তে", "ে", "য়ে", "ই", "ও", "টাই", "টিই")
_ORDINALS = ("য়", "ম", "র্থ", "ষ্ঠ", "শে", "ই", "লা", "রা", "ঠা", "তম")

SCALES: Mapping[str, int] = {
    "hundred": 100, "thousand": 10**3, "lakh": 10**5, "lac": 10**5, "crore": 10**7,
    "million": 10**6, "dozen": 12, "ডজন": 12, "হালি": 4,
    "শ": 100, "শো": 100, "শত": 100, "হাজার": 10**3, "লক্ষ": 10**5, "লাখ": 10**5, "কোটি": 10**7,
}  # fmt: skip
_PARTS_ENGLISH = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6,
    "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
    "twentieth": 20, "hundredth": 100,
}  # fmt: skip
_PARTS_BANGLA = {
    "দ্বিতীয়াংশ": 2, "তৃতীয়াংশ": 3, "চতুর্থাংশ": 4, "পঞ্চমাংশ": 5, "ষষ্ঠাংশ": 6, "সপ্তমাংশ": 7,
    "অষ্টমাংশ": 8, "নবমাংশ": 9, "দশমাংশ": 10, "দ্বাদশাংশ": 12, "বিংশাংশ": 20, "শতাংশ ভাগ": 100,
}  # fmt: skip
_ALONE = {
    "half": Fraction(1, 2), "অর্ধেক": Fraction(1, 2), "আধা": Fraction(1, 2), "সিকি": Fraction(1, 4),
    "quarter": Fraction(1, 4), "দেড়": Fraction(3, 2), "আড়াই": Fraction(5, 2), "dozen": Fraction(12),
    "ডজন": Fraction(12), "হালি": Fraction(4),
}  # fmt: skip
_OFFSETS = {"সাড়ে": Fraction(1, 2), "সোয়া": Fraction(1, 4), "পৌনে": Fraction(-1, 4)}


def _nfc(table: Mapping[str, _Value]) -> dict[str, _Value]:
    return {unicodedata.normalize("NFC", word): value for word, value in table.items()}


def _inflected(table: Mapping[str, int]) -> dict[str, int]:
    """Return every word with every ending; the bare word wins where two meet."""
    endings = [*_CASES, *(counter + case for counter in _COUNTERS for case in _CASES)]
    forms = {word + ending: value for word, value in table.items() for ending in endings}
    return _nfc(forms | dict(table))


def _english() -> dict[str, int]:
    table = {word: value for value, word in enumerate(_ENGLISH_SMALL.split())}
    return table | {word: 20 + 10 * at for at, word in enumerate(_ENGLISH_TENS.split())}


def _bangla() -> dict[str, int]:
    words = {word: value for value, word in enumerate(_BANGLA.split())} | _BANGLA_VARIANTS
    forms = _inflected(words)
    hundreds = {
        word + shape: 100 * value
        for word, value in words.items()
        if 0 < value < 100
        for shape in ("শ", "শো", "শত")
    }
    # দু and ছ are numbers only with a counter.
    for word in (
        "দু",
        "ছ",
        "ছর",
        "ছের",
        "ছে",
        "ছতে",
        "ছকে",
        "ছই",
        "ছও",
        "দুর",
        "দুকে",
        "দুতে",
        "দুও",
        "দুই",
    ):
        forms.pop(word, None)
    cased = {word + end: value for word, value in hundreds.items() for end in (*_CASES, "টি", "টা")}
    return forms | {"দুই": 2} | _nfc(cased)


UNITS_WORDS: Mapping[str, int] = _english()
BANGLA_CARDINALS: Mapping[str, int] = _nfc(
    {word: value for value, word in enumerate(_BANGLA.split())} | _BANGLA_VARIANTS
)
BANGLA_WORDS: Mapping[str, int] = _bangla()
PARTS: Mapping[str, int] = (
    _PARTS_ENGLISH
    | {f"{word}s": value for word, value in _PARTS_ENGLISH.items() if not word.startswith("hal")}
    | _inflected(_PARTS_BANGLA)
)
ALONE: Mapping[str, Fraction] = _nfc(
    _ALONE
    | {
        word + ending: value
        for word, value in _ALONE.items()
        if not word.isascii()
        for ending in _CASES
    }
)
OFFSETS: Mapping[str, Fraction] = _nfc(_OFFSETS)
ORDINAL_ENDINGS = frozenset(_nfc(dict.fromkeys(_ORDINALS, 0))) | {"st", "nd", "rd", "th"}
# Words that are seldom the number: "which one", একটি is "a", নয় is "is not".
WEAK = frozenset(
    word for word, value in (*UNITS_WORDS.items(), *BANGLA_WORDS.items()) if value == 1
) | {unicodedata.normalize("NFC", "নয়")}


def word_value(word: str) -> int | None:
    """Return what a lower-case number word below a hundred (in Bangla also hundreds) is worth."""
    value = UNITS_WORDS.get(word)
    return value if value is not None else BANGLA_WORDS.get(word)


def starts_number(word: str) -> bool:
    """Return whether a lower-case word can begin a number."""
    return word in UNITS_WORDS or word in BANGLA_WORDS or word in OFFSETS


def scale_value(word: str) -> int | None:
    """Return the scale of a word such as hundred, thousands, হাজার or কোটির."""
    if word in SCALES:
        return SCALES[word]
    for ending in ("s", "র", "ের", "টি", "টা"):
        if word.endswith(ending) and word.removesuffix(ending) in SCALES:
            return SCALES[word.removesuffix(ending)]
    return None


def read_words(words: Sequence[str]) -> tuple[Fraction, int] | None:
    """Read the longest number at the start of a run of words.

    Args:
        words: Lower-case words; a hyphen does not stand between them.

    Returns:
        The value and how many words it took, or None when the first word starts no number.
    """
    if len(words) > 1 and words[0] in OFFSETS:
        return _read_offset(words)
    total, part, used = 0, 0, 0
    for at, word in enumerate(words):
        value, scale = word_value(word), scale_value(word)
        # A zero stands alone: behind a point, "zero five" is two digits.
        joins = not used or bool(value and (total or part))
        if value is not None and joins and _fits(part, value):
            part += value
        elif scale is not None and (part or (used == 0 and at)):
            total, part = (total, part * scale) if scale == 100 else (total + part * scale, 0)
        elif word in {"and", "ও"} and 0 < at == used and scale_value(words[at - 1]):
            if at + 1 == len(words) or word_value(words[at + 1]) is None:
                break
        else:
            break
        used = at + 1
    return (Fraction(total + part), used) if used else None


def _read_offset(words: Sequence[str]) -> tuple[Fraction, int] | None:
    """সাড়ে তিন is 3 1/2, সাড়ে চারশত 450, সাড়ে চার হাজার 4500."""
    value, offset = word_value(words[1]), OFFSETS[words[0]]
    if value is None:
        return None
    if value and value % 100 == 0:
        return value + offset * 100, 2
    scale = scale_value(words[2]) if len(words) > 2 else None
    return ((value + offset) * scale, 3) if scale else (value + offset, 2)


def _fits(part: int, value: int) -> bool:
    """Whether a word may follow what is collected: twenty one, two hundred five, not two three."""
    if part == 0:
        return True
    if part % 100 == 0:
        return value < 100
    return part % 10 == 0 and part % 100 >= 20 and 0 < value < 10
