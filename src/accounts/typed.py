"""Reads what a pupil types in the place of a tap: a class, yes or no, a language, an hour. Pure."""

import re
import unicodedata
from datetime import time

from src.bangla import one_spelling

# Nobody needs more for a choice; what is longer is none.
LONGEST_READ = 100
LONGEST_FIRST_NAME = 30
_GRADES = {
    6: "6 6th six sixth vi ৬ ৬ষ্ঠ ছয় ষষ্ঠ choy shoshtho",
    7: "7 7th seven seventh vii ৭ ৭ম সাত সপ্তম sat shoptom",
    8: "8 8th eight eighth viii ৮ ৮ম আট অষ্টম at oshtom",
}
_AROUND_A_GRADE = (
    "class grade standard std in i am i'm im my is the a of reading read"
    " ক্লাস ক্লাসে ক্লাসের শ্রেণি শ্রেণী শ্রেণিতে শ্রেণীতে আমি পড়ি এ"
)
_YES = (
    "yes|y|yeah|yep|ok|okay|sure|i agree|agree|agreed|yes that is all right|that is all right"
    "|all right|fine|ha|hae|hyan|ji|jee|thik ache|raji|ami raji|হ্যাঁ|হ্যা|হাঁ|হা|জি|জ্বি|জী|জ্বী"
    "|ঠিক আছে|রাজি|আমি রাজি|হ্যাঁ আমি রাজি|হ্যাঁ রাজি|জি রাজি|ওকে|আচ্ছা"
)
_NO = (
    "no|n|nope|not now|later|no thanks|no thank you|no thx|na|na thanks|na dhonnobad|না|না ধন্যবাদ"
    "|এখন না|এখন নয়|পরে|রাজি না|রাজি নই|আমি রাজি না|আমি রাজি নই"
)
_LANGUAGES = {
    "en": "english|en|eng|ingreji|ইংরেজি|ইংরেজী|ইংলিশ",
    "bn": "bangla|bengali|bn|বাংলা|বাঙলা",
}


# A reminder comes in the waking hours; 7 alone is seven in the evening then.
FIRST_HOUR, LAST_HOUR = 8, 20
_MORNING = "am a m in the morning sokal sokale shokal vor bhor vore সকাল সকালে সকালবেলা ভোর ভোরে এএম"
_LATER = (
    "pm p m in the evening afternoon night tonight bikal bikel bikele bikale dupur dupure shondha"
    " shondhay sondha sondhay rat rate ratre noon midday"
    " বিকাল বিকেল বিকেলে বিকালে দুপুর দুপুরে সন্ধ্যা সন্ধ্যায় সন্ধা সন্ধায় রাত রাতে পিএম"
)
_AROUND_AN_HOUR = (
    "at o clock oclock every day everyday daily ta tay tar time remind me please baje bajay dike"
    " টা টায় টার সময় বাজে প্রতিদিন রোজ দিকে মিনিট মিনিটে"
)
_HOURS = (
    "1 one ek এক|2 two dui দুই দুটা|3 three tin তিন|4 four char চার|5 five pach panch পাঁচ|6 six choy"
    " soy ছয়|7 seven sat shat সাত|8 eight at আট|9 nine noy নয়|10 ten dosh দশ|11 eleven egaro এগারো|12"
    " twelve baro বারো"
)
_CLOCK = re.compile(
    r"(\d{1,2})(?:\s*[:.]\s*(\d{2})|\s*(?:টা|ta)\s*(\d{1,2})\s*(?:মিনিট|min)\w*)?(?!\d)"
)
_COUNTED = re.compile(r"(?<=.)(?:টা|টায়|টার|ta|tay)$".replace("য়", "য\u09bc"))
_NO_REMINDERS = (
    "no reminders|no reminder|off|never|none|dont remind me|no need|lagbe na|dorkar nai|bondho"
    "|mone koriye dio na|mone koriye dite hobe na|লাগবে না|দরকার নাই|দরকার নেই|বন্ধ"
    "|মনে করিয়ে দিতে হবে না|মনে করিয়ে দিও না"
)
_KEEP = (
    "na thak|না থাক|no keep everything|keep everything|keep|cancel|না সব থাকুক|সব থাকুক|থাকুক|thakuk|thak|থাক"
)
_ERASE = (
    "yes delete everything|yes delete|yes delete it|yes delete it all|yes im sure|yes i am sure"
    "|i am sure|im sure|delete|delete it|হ্যাঁ সব মুছে ফেলো|হ্যাঁ মুছে ফেলো|হ্যাঁ মুছে দাও|মুছে ফেলো|মুছে দাও"
    "|সব মুছে ফেলো|ha muche felo|muche felo|ha delete koro|delete koro"
)


def _plain(text: str) -> str:
    """Return the words in lower case without punctuation; nothing of what is too long to read."""
    if len(text) > LONGEST_READ:
        return ""
    signs = one_spelling(text).casefold()
    kept = (
        sign if unicodedata.category(sign)[0] in "LMN" else "" if sign in "'’" else " "
        for sign in signs
    )
    return " ".join("".join(kept).split())


def _phrases(names: str, between: str = "|") -> frozenset[str]:
    return frozenset(_plain(name) for name in names.split(between))


_GRADE_WORDS = {grade: _phrases(names, " ") for grade, names in _GRADES.items()}
_FILLING = _phrases(_AROUND_A_GRADE, " ")
_YES_WORDS, _NO_WORDS = _phrases(_YES), _phrases(_NO)
_LANGUAGE_WORDS = {code: _phrases(names) for code, names in _LANGUAGES.items()}


def read_grade(text: str) -> int | None:
    """Return the grade that is named alone or as in "class 8", in any script; None if unclear."""
    words = set(_plain(text).split()) - _FILLING
    grades = (grade for grade, names in _GRADE_WORDS.items() if words <= names)
    return next(grades, None) if words else None


def read_yes_or_no(text: str) -> bool | None:
    """Return a plain yes or no in either language; None for anything else."""
    said = _plain(text)
    if said in _YES_WORDS:
        return True
    return False if said in _NO_WORDS else None


def read_language(text: str) -> str | None:
    """Return the code of a language named by a word; None for anything else."""
    said = _plain(text)
    return next((code for code, names in _LANGUAGE_WORDS.items() if said in names), None)


_PART_OF_DAY = {0: _phrases(_MORNING, " "), 12: _phrases(_LATER, " ")}
_HOUR_OF = {
    word: hour
    for hour, names in enumerate(_HOURS.split("|"), start=1)
    for word in _phrases(names, " ")
}
# They stand in both.
_VAGUE = _PART_OF_DAY[0] & _PART_OF_DAY[12]
_BESIDE_AN_HOUR = _phrases(_AROUND_AN_HOUR, " ")
_WITHOUT = _phrases(_NO_REMINDERS) | _NO_WORDS
_KEPT, _ERASED = _phrases(_KEEP) | _NO_WORDS, _phrases(_ERASE) | _YES_WORDS


def wants_no_reminders(text: str) -> bool:
    """Return whether reminders are declined in plain words."""
    return _plain(text) in _WITHOUT


def read_erasure(text: str) -> bool | None:
    """Return whether everything is to be deleted, said to the question for it; None if unclear."""
    said = _plain(text)
    if said in _ERASED:
        return True
    return False if said in _KEPT else None


def read_clock(text: str) -> time | None:
    """Return the time of day that is named, within the hours of reminders; None for another text.

    Of two that a bare hour can mean it is the one in those hours, and of two such the later one.
    """
    if len(text) > LONGEST_READ:
        return None
    digits = "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in one_spelling(text)
    )
    found = _CLOCK.search(digits)
    rest = _plain(_CLOCK.sub(" ", digits, count=1)).split()
    words = [_COUNTED.sub("", word) for word in rest]
    hour = int(found[1]) if found else _pop_hour(words)
    if hour is None or hour > 23 or not _is_about_time(words):
        return None
    minute = int(found[2] or found[3] or 0) if found else 0
    at = _in_waking_hours(hour, words)
    return None if at is None or minute > 59 else time(at, minute)


def _pop_hour(words: list[str]) -> int | None:
    """Take the one hour that is written as a word out of some words, and return it."""
    hours = [word for word in words if word in _HOUR_OF]
    if len(hours) != 1:
        return None
    words.remove(hours[0])
    return _HOUR_OF[hours[0]]


def _is_about_time(words: list[str]) -> bool:
    known = _BESIDE_AN_HOUR.union(*_PART_OF_DAY.values())
    return set(words) <= known


def _in_waking_hours(hour: int, words: list[str]) -> int | None:
    named = [start for start, names in _PART_OF_DAY.items() if names & set(words) - _VAGUE]
    starts = named if len(named) == 1 and hour <= 12 else [0, 12]
    could = {start + hour % 12 for start in starts} if hour <= 12 else {hour}
    return max((at for at in could if FIRST_HOUR <= at <= LAST_HOUR), default=None)


def read_name(text: str) -> str | None:
    """Return a first name as it is typed; None for what is none: too long, or without a letter."""
    name = " ".join(text.split())
    if len(text) > LONGEST_READ or not 0 < len(name) <= LONGEST_FIRST_NAME:
        return None
    has_letter = any(unicodedata.category(sign)[0] == "L" for sign in name)
    is_plain = all(unicodedata.category(sign)[0] in "LMZP" or sign in "'’" for sign in name)
    return name if has_letter and is_plain and not set("<>{}[]/\\@#") & set(name) else None
