"""The library's own words, each in one line: what a pupil is told who asks what a word means.

In `terms.csv` names stand between bars: English, Bangla, Bangla in Latin letters. A meaning is
compared with the answer of the problem before it is told.
"""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

from src.bangla import one_spelling
from src.language import Bilingual

_FILE = Path(__file__).with_name("terms.csv")
_LONGEST = 80
_ABBREVIATIONS = frozenset({"hcf", "gcd", "gcf", "lcm"})
_LEAD = "an?|the|does|do|did|is|are|was|u|you|mean|meaning|meant|definition|of|by|word|term"
_LEADS = rf"(?:(?:{_LEAD})\s+)*"
_TAILS = r"(?:\s+(?:means?|meaning|called|again|exactly|actually))*"
_BOLE = "(?:কাকে|kake|kaake) (?:বলে|bole)"
_MEANS = "(?:মানে|অর্থ|mane|maane|ortho)(?:টা| ta)?"
_WHAT = "(?:কী|কি|ki|kii|কিসের|what)"
_ASKED = re.compile(
    rf"(?:what|wht|wat|whats|define|explain|meaning)(?: s)?\s+{_LEADS}(?P<en>.+?){_TAILS}"
    rf"|(?P<bn>.+?)(?: জিনিস| jinis)?(?:টা| ta)?\s+(?:{_BOLE}|{_MEANS}(?: {_WHAT})?|{_WHAT}|means?"
    rf"|(?:বলতে|bolte) {_WHAT} (?:বোঝায়|বুঝায়|বোঝো|bojhay|bujhay))(?: জিনিস| jinis)?"
    rf"|{_BOLE}\s+(?P<behind>.+)"
)
_CALLS = "sir|vai|bhai|bhaiya|apu|madam|miss|স্যার|ভাই|ভাইয়া|আপু"
_POLITE = re.compile(
    rf"^(?:(?:{_CALLS}|please|pls|plz|hey|hi|but|so|accha|আচ্ছা|tell me)\s+)+"
    rf"|(?:\s+(?:{_CALLS}|please|pls|plz|abar|আবার|bolo|bolen|বলো|বলেন))+$"
)
# With "the" it is this problem's own that is asked for: what is the sum?
_OWN = re.compile(r"what (?:is|s|are) the (?!meaning|definition)")


def _key(name: str) -> str:
    words = re.sub(r"[^\w\u0980-\u09e5]+", " ", one_spelling(name).casefold())
    return " ".join(words.split())


def read_terms() -> list[tuple[list[str], Bilingual]]:
    """Return each term with its names, English ones first."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return [(row["names"].split("|"), Bilingual(row["en"], row["bn"])) for row in rows]


_MEANINGS: Mapping[str, Bilingual] = {
    _key(name): meaning for names, meaning in read_terms() for name in names
}


def asked_term(text: str, *, outright: bool = False) -> tuple[str, Bilingual] | None:
    """Return the term that a text asks the meaning of, as it was named, and its meaning.

    None where it asks for none, or for one that is not in the list.

    Args:
        text: What was typed, of any length.
        outright: Whether it must ask in words: a name with a question mark may be an answer.
    """
    if len(text) > _LONGEST:
        return None
    said = _POLITE.sub("", _key(text))
    if said in _MEANINGS and text.rstrip().endswith(("?", "？")) and not outright:
        return _shown(said), _MEANINGS[said]
    found = None if _OWN.match(said) else _ASKED.fullmatch(said)
    named = next(filter(None, found.groups()), "") if found else ""
    for name in (named, named.removesuffix("s")):
        if name in _MEANINGS:
            return _shown(name), _MEANINGS[name]
    return None


def _shown(name: str) -> str:
    return name.upper() if name in _ABBREVIATIONS else name
