"""Reads what a pupil types at a step of the registration instead of tapping. Pure."""

import unicodedata

from src.bangla import one_spelling

# Nobody needs more for a choice; what is longer is none.
LONGEST_READ = 100
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
_NO = "no|n|nope|not now|later|na|না|এখন না|এখন নয়|পরে|রাজি না|রাজি নই|আমি রাজি না|আমি রাজি নই"
_LANGUAGES = {
    "en": "english|en|eng|ingreji|ইংরেজি|ইংরেজী|ইংলিশ",
    "bn": "bangla|bengali|bn|বাংলা|বাঙলা",
}


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
