"""The names under which pupils stand on the board: two words of these lists, in both languages.

Words are only added: a name that somebody carries must stay readable.
"""

from random import Random

from src.language import Bilingual

_FIRST = (
    "brave সাহসী|bright উজ্জ্বল|calm শান্ত|clever চতুর|cheerful হাসিখুশি"
    "|curious কৌতূহলী|daring দুরন্ত|eager উৎসাহী|early ভোরের|fast দ্রুত"
    "|gentle কোমল|golden সোনালি|green সবুজ|happy খুশি|honest সৎ"
    "|keen মনোযোগী|kind দয়ালু|lively প্রাণবন্ত|lucky ভাগ্যবান|merry আমুদে"
    "|mighty পরাক্রমী|patient ধৈর্যশীল|quick চটপটে|quiet নীরব|red লাল"
    "|shining ঝলমলে|silver রুপালি|steady অবিচল|strong শক্তিশালী|sunny রোদেলা"
    "|swift ক্ষিপ্র|wise জ্ঞানী"
)
_SECOND = (
    "tiger বাঘ|deer হরিণ|doyel দোয়েল|shapla শাপলা|hilsa ইলিশ"
    "|river নদী|boat নৌকা|kite ঘুড়ি|star তারা|moon চাঁদ"
    "|sun সূর্য|cloud মেঘ|rain বৃষ্টি|rainbow রংধনু|mango আম"
    "|jackfruit কাঁঠাল|lychee লিচু|banyan বটগাছ|bamboo বাঁশ|jasmine জুঁই"
    "|rose গোলাপ|sunflower সূর্যমুখী|parrot টিয়া|eagle ঈগল|owl পেঁচা"
    "|kingfisher মাছরাঙা|dolphin শুশুক|elephant হাতি|squirrel কাঠবিড়ালি|firefly জোনাকি"
    "|butterfly প্রজাপতি|turtle কচ্ছপ"
)


def _read(words: str) -> dict[str, str]:
    pairs = (one.partition(" ") for one in words.split("|"))
    return {english: bangla for english, _, bangla in pairs}


FIRST, SECOND = _read(_FIRST), _read(_SECOND)
OFFERED_AT_ONCE = 4


def is_name(code: str) -> bool:
    """Return whether a code such as ``brave-tiger`` is a name of ours."""
    first, _, second = code.partition("-")
    return first in FIRST and second in SECOND


def name_of(code: str) -> Bilingual:
    """Return a name in both languages: Brave Tiger, সাহসী বাঘ."""
    first, _, second = code.partition("-")
    return Bilingual(f"{first} {second}".title(), f"{FIRST[first]} {SECOND[second]}")


def offer(seed: int, page: int) -> list[str]:
    """Return some names to pick from; others on the next page."""
    rng = Random(f"{seed}:{page}")  # noqa: S311 - variety, not secrecy
    first, second = (rng.sample(list(words), OFFERED_AT_ONCE) for words in (FIRST, SECOND))
    return [f"{one}-{other}" for one, other in zip(first, second, strict=True)]
