"""What a hint from a model must be before a pupil sees it. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, Protocol

from src.answers import GradableProblem, contains_answer
from src.hints.masking import mask
from src.language import Bilingual, Language

LONGEST = 220

_REFUSALS = re.compile(
    r"\bI(?:['’]m| am) (?:sorry|unable|not able)|\bI (?:can(?:['’]t|not)|won['’]t|will not)\b"
    r"|\bas an? (?:AI|language|assistant)|\bunable to (?:help|assist)|\bagainst my\b"
    r"|দুঃখিত|ক্ষমা কর|সাহায্য করতে পারছি না|সাহায্য করতে পারব না|আমি পারব না|ভাষা মডেল",
    re.IGNORECASE,
)
_ABOUT_ITSELF = re.compile(
    r"\b(?:system prompt|prompt|instructions?|pupil_text|language model|AI model|Claude|Anthropic"
    r"|developer mode|jailbreak|DAN)\b|</?[A-Za-z]+>|নির্দেশাবলি|সিস্টেম প্রম্পট|প্রম্পট",
)
_JUDGES = re.compile(
    r"\b(?:wrong|incorrect|not (?:quite )?(?:right|correct)|mistaken?|your answer|your mistake"
    r"|isn['’]t (?:right|correct))\b|ভুল|ঠিক নয়|ঠিক নয়|সঠিক নয়|সঠিক নয়|ঠিক হয়নি|ঠিক হয়নি",
    re.IGNORECASE,
)
_LATIN_DIGITS = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
_TRUTHS = re.compile(r"\b(?:true|false)\b|সত্য|মিথ্যা")
_CALLS_ANSWER = re.compile(r"\b(?:answers?|results?|solutions?)\b|উত্তর|ফলাফল|সমাধান")
_ENDS = re.compile(r"[.?!।…)\]”\"’']\s*$")
_LATIN = re.compile(r"[A-Za-z]{4,}")
_NUMBER = re.compile(r"\d{1,15}")
_BANGLA = re.compile(r"[\u0980-\u09ff]{2,}")
# Words of mathematics: a text about something else has none of them.
_MATHS = (
    "number numbers digit digits value step steps answer problem question fraction fractions "
    "numerator denominator denominators percent percentage ratio multiply divide subtract equal "
    "equals equation expression term terms factor factors multiple multiples common sign unit "
    "units angle angles side sides length area radius triangle square power powers average "
    "median mode mean total difference product quotient remainder formula calculate "
    "check simplify compare count whole part parts same both first next each "
    "times plus minus half round "
    "সংখ্যা সংখ্যার অঙ্ক মান ধাপ উত্তর প্রশ্ন ভগ্নাংশ লব হর শতকরা অনুপাত গুণ ভাগ যোগ বিয়োগ বিয়োগ "
    "সমান সমীকরণ রাশি পদ উৎপাদক গুণিতক গুণনীয়ক চিহ্ন একক কোণ বাহু দৈর্ঘ্য ক্ষেত্রফল ব্যাসার্ধ "
    "ত্রিভুজ বর্গ ঘাত গড় গড় মধ্যক প্রচুরক মোট পার্থক্য সূত্র হিসাব তুলনা গণনা পূর্ণ অংশ প্রথমে "
    "দুটি একই অর্ধেক নিয়ম নিয়ম"
)


class HintFault(StrEnum):
    """What is wrong with a hint; the value is what the model is told."""

    EMPTY = "it is empty"
    TOO_LONG = "it is longer than 200 characters"
    HIDDEN = "it has control characters or invisible characters"
    LANGUAGE = "it is not in the language that was asked for"
    CUT_OFF = "it breaks off in the middle of a sentence"
    REFUSAL = "it refuses; a hint about the problem is always possible"
    ABOUT_ITSELF = "it speaks about the task or about you instead of the problem"
    CONTACT = "it has a link, a name or a number to call"
    ECHO = "it repeats what the pupil typed"
    OFF_TOPIC = "it is not about the problem"
    JUDGES = "it calls something wrong; give the next idea without a judgement"
    LEAK = "it gives the final answer away, or a form of it"


class Laddered(GradableProblem, Protocol):
    """A problem with its ladder."""

    @property
    def hints(self) -> Sequence[Mapping[str, str]]:
        """The three steps, each in English and Bangla."""

    @property
    def figure(self) -> Mapping[str, Any] | None:
        """The picture as data, if there is one."""


def find_fault(
    text: str, problem: Laddered, language: Language, typed: str | None, *, may_judge: bool
) -> HintFault | None:
    """Return the first thing that is wrong with a hint; None: it may be shown.

    Args:
        text: What the model said.
        problem: The problem.
        language: ``en`` or ``bn``.
        typed: What the pupil typed, if anything.
        may_judge: Whether there is an answer that the grader found wrong.
    """
    stripped = text.strip()
    if not stripped:
        return HintFault.EMPTY
    if len(stripped) > LONGEST:
        return HintFault.TOO_LONG
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Co", "Cs", "Cn"} for sign in _visible(text)):
        return HintFault.HIDDEN
    if _names_choice(stripped, problem) or _tells_stored(stripped, problem):
        return HintFault.LEAK
    if contains_answer(stripped, problem, language):
        return HintFault.LEAK
    return _fault_of_manner(stripped, problem, language, typed, may_judge=may_judge)


def _names_choice(text: str, problem: Laddered) -> bool:
    """Return whether a text names the right choice at all, which a hint never needs to.

    Authors may name one for comparison; in a model's hint that cannot be told from a leak.
    """
    at = "ABCD".find(problem.answer.strip().upper())
    if not problem.choices or at < 0:
        return False
    # "A triangle" at the beginning of a sentence is an article.
    text = re.sub(r"(^|[.?!:]\s+)A(?=\s[a-z])", r"\1", text)
    letter = _alone("ABCD"[at])
    if re.search(letter, text) or re.search(_alone("কখগঘ"[at]), text):
        return True
    wordings = (texts[at].strip().casefold() for texts in problem.choices.values())
    return any(word and re.search(_alone(re.escape(word)), text.casefold()) for word in wordings)


def _tells_stored(text: str, problem: Laddered) -> bool:
    """Return whether a text has what is stored, or calls it the answer if the question shows it."""
    folded = _folded(text)
    if problem.answer_type == "choice":
        return False
    if problem.answer_type == "boolean":
        return _TRUTHS.search(folded) is not None
    stored = _alone(re.escape(_folded(problem.answer)))
    questions = _folded(f"{problem.question_en}\n{problem.question_bn}")
    if not re.search(stored, questions) and re.search(stored, folded):
        return True
    told = rf"(?:\b(?:is|be|equals?|get)|=|হলো|হল|হয়|হয়|হবে)\s*{stored}"
    if re.search(told, folded):
        return True
    return _CALLS_ANSWER.search(folded) is not None and re.search(stored, folded) is not None


def _folded(text: str) -> str:
    return text.strip().translate(_LATIN_DIGITS).casefold()


def _alone(pattern: str) -> str:
    return rf"(?<![\w\u0980-\u09ff]){pattern}(?![\w\u0980-\u09ff])"


def _visible(text: str) -> str:
    # Bangla writes some conjuncts with joiners; they are checked away, not forbidden.
    return text.strip().replace("\u200c", "").replace("\u200d", "").replace("\n", "")


def _fault_of_manner(
    text: str, problem: Laddered, language: Language, typed: str | None, *, may_judge: bool
) -> HintFault | None:
    is_there = {
        HintFault.REFUSAL: _REFUSALS.search(text) is not None,
        HintFault.LANGUAGE: not is_in_language(text, language),
        HintFault.CUT_OFF: _ENDS.search(text) is None,
        HintFault.ABOUT_ITSELF: _ABOUT_ITSELF.search(text) is not None,
        HintFault.CONTACT: mask(text) != text,
        HintFault.ECHO: typed is not None and _echoes(text, typed),
        HintFault.OFF_TOPIC: not _is_about(text, problem, language),
        HintFault.JUDGES: not may_judge and _JUDGES.search(text) is not None,
    }
    return next((fault for fault, found in is_there.items() if found), None)


def is_in_language(text: str, language: Language) -> bool:
    """Return whether letters are those of a language, apart from variables and Greek."""
    letters = [sign for sign in text if sign.isalpha() and not "\u0370" <= sign <= "\u03ff"]
    if not letters:
        return False
    bangla = sum("\u0980" <= sign <= "\u09ff" for sign in letters)
    latin = sum(sign.isascii() for sign in letters)
    if language is Language.BN:
        return bangla >= 0.6 * len(letters) and bangla + latin >= 0.95 * len(letters)
    return bangla == 0 and latin >= 0.9 * len(letters)


def _echoes(text: str, typed: str, longest: int = 24) -> bool:
    """Return whether a text repeats a stretch of the typed one too long to be chance."""
    said, told = _squeezed(text), _squeezed(typed)
    if len(told) < longest:
        return False
    return any(told[at : at + longest] in said for at in range(len(told) - longest + 1))


def _squeezed(text: str) -> str:
    return " ".join(text.casefold().split())


def _is_about(text: str, problem: Laddered, language: Language) -> bool:
    ladder = "\n".join(hint[language] for hint in problem.hints)
    question = Bilingual(problem.question_en, problem.question_bn).in_(language)
    return bool(_stems(text) & (_stems(f"{question}\n{ladder}") | _stems(_MATHS)))


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    """Return the numbers and the beginnings of words: Bangla puts its endings at the end."""
    latin = (word[:6] for word in _LATIN.findall(text.casefold()))
    bangla = (word[:5] for word in _BANGLA.findall(text))
    numbers = (str(int(digits)) for digits in _NUMBER.findall(text))
    return frozenset((*latin, *bangla, *numbers))
