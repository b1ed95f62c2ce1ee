"""Finds the time zone that a pupil means by a place."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from zoneinfo import available_timezones

from src.accounts.places import DISTRICTS, ELSEWHERE, HOME_ZONE
from src.bangla import one_spelling

LONGEST_PLACE = 64
# A shorter name, such as that of the UK, may be a part of any sentence.
_SHORTEST_IN_SENTENCE = 4
_WORD_ENDS = re.compile(r"[\s,;:।.!?/()\"-]+")
# "In" a place: ঢাকায়, সিলেটে, রাজশাহীতে, দুবাইয়ে.
_LOCATIVES = tuple(one_spelling(end) for end in ("য়ে", "য়", "তে", "ে"))


def find_timezone(text: str) -> str | None:
    """Return the IANA name that a pupil means by a name or a place; None if there is none.

    Args:
        text: Such as ``Asia/Dhaka``, ``dhaka``, ``ঢাকায়``, ``New York`` or ``Sylhet, Bangladesh``.
    """
    text = one_spelling(text).strip(" \t\n.,;:!?।'\"")
    if not text or len(text) > LONGEST_PLACE:
        return None
    whole, part = _letters(text), _letters(text.partition(",")[0])
    aliases, cities = _aliases(), _cities()
    if whole in aliases:
        return aliases[whole]
    named = _named().get(text.casefold().replace(" ", "_"))
    return named or cities.get(whole) or aliases.get(part) or cities.get(part) or _mentioned(text)


def _mentioned(text: str) -> str | None:
    """Return the zone of the places in a sentence where it is one."""
    words = _WORD_ENDS.split(text)
    stems = [stem for word in words for stem in _stems(_letters(word))]
    pairs = [_letters(first + second) for first, second in pairwise(words)]
    aliases = _aliases()
    zones = {
        aliases[name]
        for name in (*stems, *pairs)
        if len(name) >= _SHORTEST_IN_SENTENCE and name in aliases
    }
    return zones.pop() if len(zones) == 1 else None


def _stems(word: str) -> Iterator[str]:
    yield word
    for end in _LOCATIVES:
        if word.endswith(end):
            yield word.removesuffix(end)


def _letters(text: str) -> str:
    """Return the letters and digits with their marks, in lower case: what tells names apart."""
    folded = one_spelling(text.casefold())
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LMN")


@cache
def _aliases() -> Mapping[str, str]:
    home = {_letters(name): HOME_ZONE for line in DISTRICTS for name in line.split(",")}
    elsewhere = {
        _letters(name): zone for zone, names in ELSEWHERE.items() for name in names.split(",")
    }
    return elsewhere | home


@cache
def _named() -> Mapping[str, str]:
    # The signs of Etc/GMT+6 are turned round: it is six hours behind.
    places = sorted(z for z in available_timezones() if not z.startswith("Etc/") and z != "Factory")
    return {zone.casefold(): zone for zone in places}


@cache
def _cities() -> Mapping[str, str]:
    return {_letters(z.rpartition("/")[2]): z for z in _named().values() if "/" in z}
