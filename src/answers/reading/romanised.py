"""Bangla words in Latin letters, and English words in Bangla letters, as phones and thumbs write.

Nobody spells romanised Bangla in one way: somodibahu, samadwibahu, shomodbibahu. A Bangla word is
turned into a pattern that matches its spellings.
"""

import re
from functools import lru_cache

from src.answers.reading.number_words import (
    ALONE,
    BANGLA_CARDINALS,
    PARTS,
    UNITS_WORDS,
    scale_value,
)
from src.answers.reading.text import word_set

# Bangla letters to what is written for them; the empty spelling last.
_CONSONANTS = {
    "ক": "k|c|q", "খ": "kh|k", "গ": "g", "ঘ": "gh|g", "ঙ": "ng|n", "চ": "ch|c",
    "ছ": "chh|ch|sh|s|c",
    "জ": "j|z", "ঝ": "jh|j|z", "ঞ": "n", "ট": "t", "ঠ": "th|t", "ড": "d", "ঢ": "dh|d", "ণ": "n",
    "ত": "t", "থ": "th|t", "দ": "d", "ধ": "dh|d", "ন": "n", "প": "p", "ফ": "ph|f", "ব": "b|v",
    "ভ": "bh|v|b", "ম": "m", "য": "j|z", "র": "r", "ল": "l", "শ": "sh|s", "ষ": "sh|s", "স": "s|sh",
    "হ": "h", "ড়": "r|d|rh", "ঢ়": "rh|r", "য়": "y|i|e|",
    "ৎ": "t", "ং": "ng|n|m", "ঃ": "h|", "ঁ": "n|",
}  # fmt: skip
_VOWELS = {
    "অ": "o|a", "আ": "aa|a", "া": "aa|a", "ই": "ee|i|e", "ি": "ee|i|e", "ঈ": "ee|i", "ী": "ee|i|y",
    "উ": "oo|u|o", "ু": "oo|u|o", "ঊ": "oo|u|o", "ূ": "oo|u|o", "ঋ": "ri", "ৃ": "ri", "এ": "ae|e|a",
    "ে": "ae|e|a", "ঐ": "oi|ai", "ৈ": "oi|ai", "ও": "oo|o|u", "ো": "oo|o|u", "ঔ": "ou|au|ow",
    "ৌ": "ou|au|ow",
}  # fmt: skip
_JOINED = {
    "ক্ষ": "kkh|kh|ksh|kk|x", "জ্ঞ": "ggy|gg|gy|gn|g", "্য": "y|j|a|e|", "্ব": "w|b|v|", "্ম": "m|",
    "্র": "r", "্": "",
}  # fmt: skip
_PIECE = re.compile("ক্ষ|জ্ঞ|্য|্ব|্ম|্র|[ড-য]়|[ঀ-৥]", re.DOTALL)
_SPOKEN_ENGLISH = {
    "জিরো": "zero", "ওয়ান": "one", "টু": "two", "থ্রি": "three", "থ্রী": "three", "ফোর": "four",
    "ফাইভ": "five", "ফাইব": "five", "সিক্স": "six", "সেভেন": "seven", "এইট": "eight", "নাইন": "nine",
    "টেন": "ten", "ইলেভেন": "eleven", "টুয়েলভ": "twelve", "থার্টিন": "thirteen", "ফোরটিন": "fourteen",
    "ফিফটিন": "fifteen", "সিক্সটিন": "sixteen", "সেভেনটিন": "seventeen", "এইটিন": "eighteen",
    "নাইনটিন": "nineteen", "টুয়েন্টি": "twenty", "টোয়েন্টি": "twenty", "থার্টি": "thirty",
    "ফোরটি": "forty",
    "ফর্টি": "forty", "ফিফটি": "fifty", "সিক্সটি": "sixty", "সেভেন্টি": "seventy", "এইটি": "eighty",
    "নাইন্টি": "ninety", "হান্ড্রেড": "hundred", "থাউজেন্ড": "thousand", "হাফ": "half",
}  # fmt: skip
# Where two numbers are spelt alike, the usual one; and words that carry a number on.
_USUAL = {
    "ek": "এক", "dui": "দুই", "duita": "দুই", "tin": "তিন", "char": "চার", "pach": "পাঁচ", "panch": "পাঁচ",
    "choy": "ছয়", "soy": "ছয়", "chhoy": "ছয়", "sat": "সাত", "saat": "সাত", "at": "আট", "aat": "আট",
    "noy": "নয়", "dosh": "দশ", "das": "দশ", "shat": "ষাট", "shaat": "ষাট", "kuri": "কুড়ি",
    "sho": "শ", "shoto": "শত", "hajar": "হাজার", "hazar": "হাজার", "lokkho": "লক্ষ",
    "lakkho": "লক্ষ",
    "lokho": "লক্ষ", "koti": "কোটি",
    "hali": "হালি", "dojon": "ডজন", "eksho": "একশ", "ekshoto": "একশত",
    "sare": "সাড়ে", "saare": "সাড়ে", "sharey": "সাড়ে", "poune": "পৌনে", "pone": "পৌনে",
    "pouney": "পৌনে", "soya": "সোয়া", "sowa": "সোয়া", "shoya": "সোয়া", "der": "দেড়", "derh": "দেড়",
    "arai": "আড়াই", "aray": "আড়াই", "ardhek": "অর্ধেক", "ordhek": "অর্ধেক", "adha": "আধা",
    "siki": "সিকি",
    "ditiyangsho": "দ্বিতীয়াংশ", "tritiyangsho": "তৃতীয়াংশ", "choturthangsho": "চতুর্থাংশ",
    "ponchomangsho": "পঞ্চমাংশ", "shoshthangsho": "ষষ্ঠাংশ", "soptomangsho": "সপ্তমাংশ",
    "ostomangsho": "অষ্টমাংশ", "doshomangsho": "দশমাংশ",
}  # fmt: skip
_HUNDRED = re.compile(r"([a-z]{2,8}?)(?:shoto|sho)")
_CARDINALS = frozenset(BANGLA_CARDINALS)
_SHORTEST, _LONGEST = 3, 20


@lru_cache(maxsize=2048)
def spellings(bangla: str) -> re.Pattern[str]:
    """Return a pattern for the ways to write a Bangla word or phrase in Latin letters."""
    return re.compile("[ -]?".join(map(_pattern, bangla.split())))


def _pattern(word: str) -> str:
    pieces = _PIECE.findall(word)
    pattern = ""
    for at, piece in enumerate(pieces):
        following = pieces[at + 1] if at + 1 < len(pieces) else ""
        pattern += _spelt(piece)
        bare = piece in _CONSONANTS and piece not in "ৎংঃঁ"
        if (bare or piece in _JOINED) and piece != "্" and not _binds(following):
            pattern += "[oa]?"
    return pattern


def _binds(piece: str) -> bool:
    """Return whether a sign takes the place of the vowel that a consonant has of itself."""
    return piece.startswith("্") or "া" <= piece <= "ৌ"


def _spelt(piece: str) -> str:
    if piece in _CONSONANTS:
        options = _CONSONANTS[piece]
        return f"(?:{options}){{1,2}}" if not options.endswith("|") else f"(?:{options})"
    return f"(?:{_VOWELS.get(piece) or _JOINED.get(piece) or ''})"


def sounds_like(latin: str, bangla: str) -> bool:
    """Return whether lower-case Latin letters spell a Bangla word or phrase."""
    return len(latin) <= 60 and spellings(bangla).fullmatch(latin) is not None


@lru_cache(maxsize=2048)
def number_word(word: str) -> str:
    """Return the Bangla or English number word that a word is another spelling of, else itself."""
    if not word.isascii():
        return _SPOKEN_ENGLISH.get(word, word)
    if word in _USUAL:
        return _USUAL[word]
    if not _SHORTEST <= len(word) <= _LONGEST or word in _NO_NUMBERS or _is_english(word):
        return word
    if (
        word.endswith(("ti", "ta"))
        and len(word) > 5
        and (base := number_word(word[:-2])) in _CARDINALS
    ):
        return base
    names = _BY_INITIAL.get(word[0], ())
    if hundred := _HUNDRED.fullmatch(word):
        name = number_word(hundred[1])
        return name if name.isascii() else f"{name}শ"
    values = {BANGLA_CARDINALS[name]: name for name in names if sounds_like(word, name)}
    return next(iter(values.values())) if len(values) == 1 else word


def _is_english(word: str) -> bool:
    known = word in UNITS_WORDS or word in PARTS or word in ALONE
    return known or scale_value(word) is not None


def _by_initial() -> dict[str, list[str]]:
    """Group the number words by the Latin letters that they can begin with."""
    groups: dict[str, list[str]] = {}
    for name in BANGLA_CARDINALS:
        first = _PIECE.findall(name)[0]
        for spelt in {option[:1] for option in (_CONSONANTS | _VOWELS)[first].split("|")}:
            groups.setdefault(spelt, []).append(name)
        spellings(name)  # compiled on import, so that no answer pays for it
    return groups


_BY_INITIAL = _by_initial()
# English, however Bangla it may sound.
_NO_NUMBERS = word_set(
    "taka ton tons min mon din second seconds she ones say says sun shoe shoes saves save trees "
    "tree nai naai nay ney the then than this that so some same sum sums is are set sets side sides"
)
