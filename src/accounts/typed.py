"""Reads what a pupil types at a step of the registration instead of tapping. Pure."""

import unicodedata

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


def read_grade(text: str) -> int | None:
    """Return the grade that is named alone or as in "class 8", in any script; None if unclear."""
    words = [word for word in _plain(text).split() if word not in _words(_AROUND_A_GRADE)]
    found = [grade for grade, names in _GRADES.items() if words and set(words) <= _words(names)]
    return found[0] if found else None


def read_yes_or_no(text: str) -> bool | None:
    """Return a plain yes or no in either language; None for anything else."""
    said = _plain(text)
    if said in _phrases(_YES):
        return True
    return False if said in _phrases(_NO) else None


def read_language(text: str) -> str | None:
    """Return the code of a language named by a word; None for anything else."""
    said = _plain(text)
    return next((code for code, names in _LANGUAGES.items() if said in _phrases(names)), None)


def _plain(text: str) -> str:
    """Return the words in lower case without punctuation; digits of any script are equal."""
    signs = unicodedata.normalize("NFC", text).casefold()
    kept = (
        sign if unicodedata.category(sign)[0] in "LMN" else "" if sign in "'’" else " "
        for sign in signs
    )
    return " ".join("".join(kept).split())


def _words(names: str) -> set[str]:
    return {_plain(name) for name in names.split()}


def _phrases(names: str) -> set[str]:
    return {_plain(name) for name in names.split("|")}
