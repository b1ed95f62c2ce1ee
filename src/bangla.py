"""One spelling for Bangla that looks the same, whichever keyboard or converter wrote it."""

import re
import unicodedata

# Drawn alike: Windows' danda, a converter's broken vowels, ব with a dot for র.
_ALIKE = (
    (re.compile("\u09f7"), "\u0964"),
    (re.compile("\u09be\u09c7"), "\u09cb"),
    (re.compile("\u09d7\u09c7"), "\u09cc"),
    (re.compile("\u0985\u09be"), "\u0986"),
    (re.compile("\u0993\u09d7"), "\u0994"),
    (re.compile("([\u09be-\u09cc\u09d7])\u09bc"), "\u09bc\\1"),
    (re.compile("([\u0981-\u0983])([\u09be-\u09cc\u09d7])"), r"\2\1"),
    (re.compile("([\u0981\u09bc\u09be-\u09cd])\\1+"), r"\1"),
    (re.compile("\u09ac\u09bc"), "\u09b0"),
)
_KHANDA_TA = re.compile(
    "\u09a4\u09cd(?:\u200d(?![\u09af\u09ac\u09b0])|\u200c?(?![\u200c\u200d\u0980-\u09ff]))"
)
# A joiner only chooses between two ways to draw the same letters.
_JOINERS = re.compile(
    "(?<=[\u0980-\u09ff])[\u200c\u200d]+(?=[\u0980-\u09ff])|(?<=\u09cd)[\u200c\u200d]"
)
# Two letters of a flag, or any sign with the marks on it, over hasants and joiners into the next.
_MARKS = (
    "[\u0300-\u036f\u0981-\u0983\u09bc\u09be-\u09cc\u09d7\u09e2\u09e3"
    "\u200c\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]"
)
_SIGN = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}"
    f"|(?s:.){_MARKS}*(?:(?:\u09cd[\u200c\u200d]?|\u200d)[^\\s]?{_MARKS}*)*"
)


def one_spelling(text: str) -> str:
    """Return a text in NFC in which Bangla that looks the same is the same."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", _JOINERS.sub("", _KHANDA_TA.sub("\u09ce", text)))
    for pattern, plain in _ALIKE:
        text = pattern.sub(plain, text)
    return unicodedata.normalize("NFC", text)


def without_joiners(text: str) -> str:
    """Return a text without the joiners inside Bangla words, which are no hidden characters."""
    return text if text.isascii() else _JOINERS.sub("", text)


def count_signs(text: str) -> int:
    """Return how many signs a reader sees: letters with all that is written onto them count once.

    The extended grapheme clusters of UAX 29, as far as Bangla and the emoji of Dars need them: a
    vowel sign, a joiner and what a hasant binds belong to the letter before.
    """
    if text.isascii():
        return len(text)
    return len(_SIGN.findall(text))
