"""Grades answers in words: boolean, choice, text."""

import re
from functools import lru_cache

from src.answers.literals import Number, parse_number
from src.answers.numeric import Asked
from src.answers.text import fold
from src.answers.verdicts import CORRECT, WRONG, AnswerKeyError, UnreadableError, Verdict
from src.answers.wording import NEGATION, peel

_TRUE = frozenset(
    "true t yes y yeah yep correct right ok হ্যাঁ হ্যা হাঁ হা জি জ্বি ঠিক সত্য সঠিক শুদ্ধ ✓ ✔ ✅ ☑ √".split()
)
_FALSE = frozenset("false f no n nope wrong incorrect untrue না নাহ মিথ্যা ভুল অসত্য বেঠিক অশুদ্ধ ✗ ✘ ❌ ✕ × *".split())
_FILLER = frozenset(
    "it is that's this that the its it's statement উক্তিটি উক্তি কথাটি কথা বাক্যটি এটি এটা হলো হল হবে হয় আছে a an i think"
    " sir স্যার উত্তর ans answer একটি একটা".split()
)
_NEGATES = frozenset("not isn't নয় নয় নহে".split())
_LETTERS = {**dict(zip("abcd", "ABCD", strict=True)), **dict(zip("কখগঘ", "ABCD", strict=True))}
_OPTION = re.compile(
    r"^(?:option|opt|choice|অপশন|বিকল্প|নং|no\.?)? ?[(\[{]? ?(?P<letter>[a-dA-Dকখগঘ]) ?(?:[)\]}.:।/-]+|(?= |$)) ?(?:নং|no\.?)? ?(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)


def words_of(text: str) -> list[str]:
    """Return the words, without punctuation and case."""
    return re.findall(r"[^\s.,;:।!?()\[\]{}\"]+", text.casefold())


# Boolean -------------------------------------------------------------------------------------


def read_boolean(text: str) -> bool:
    """Read true or false in either language.

    Raises:
        UnreadableError: not_true_or_false.
    """
    words = [word for word in words_of(text) if word not in _FILLER]
    negated = False
    while words and (words[0] in _NEGATES or words[-1] in _NEGATES):
        words = words[1:] if words[0] in _NEGATES else words[:-1]
        negated = not negated
    if len(words) > 1 and words[-1] == "না" and words[0] not in _FALSE:  # সত্য না
        words, negated = words[:-1], not negated
    values = {True if word in _TRUE else False if word in _FALSE else None for word in words}
    if len(values) != 1 or None in values:
        raise UnreadableError("not_true_or_false")
    return values.pop() is not negated


def grade_boolean(typed: str, asked: Asked) -> Verdict:
    """Grade true or false."""
    try:
        expected = read_boolean(fold(asked.stored))
    except UnreadableError as error:
        raise AnswerKeyError(f"stored answer {asked.stored!r} is not true or false") from error
    return CORRECT if read_boolean(typed) == expected else WRONG


# Choice --------------------------------------------------------------------------------------


def grade_choice(typed: str, asked: Asked) -> Verdict:
    """Grade a choice by its letter, by its text, or by both when they agree."""
    stored = _LETTERS.get(asked.stored.strip().casefold())
    choices = asked.options.choices
    if stored is None or (choices and ord(stored) - ord("A") >= len(choices)):
        raise AnswerKeyError(f"stored answer {asked.stored!r} is not the letter of a choice")
    return CORRECT if read_choice(typed, choices) == stored else WRONG


def read_choice(typed: str, choices: tuple[tuple[str, ...], ...]) -> str:
    """Return the letter that was chosen.

    Raises:
        UnreadableError: not_a_choice, or letter_and_text_differ.
    """
    if (chosen := _by_text(typed, choices)) is not None:
        return chosen
    text = peel(typed, colon=False)
    match = _OPTION.match(text) or _OPTION.match(typed)
    if match is None:
        raise UnreadableError("not_a_choice")
    letter, rest = _LETTERS[match["letter"].casefold()], match["rest"].strip(" .।-:")
    if choices and ord(letter) - ord("A") >= len(choices):
        raise UnreadableError("not_a_choice")
    if rest and words_of(rest) and not _says_it_is_the_answer(rest):
        if (other := _by_text(rest, choices)) is None:
            raise UnreadableError("not_a_choice")
        if other != letter:
            raise UnreadableError("letter_and_text_differ")
    return letter


def _says_it_is_the_answer(rest: str) -> bool:
    known = _FILLER | {"is", "correct", "right", "option", "choice", "সঠিক", "অপশন", "নম্বর", "নং", "টা", "টি"}
    return set(words_of(rest)) <= known


def _by_text(typed: str, choices: tuple[tuple[str, ...], ...]) -> str | None:
    spelled = {_spelled(typed), _spelled(peel(typed))}
    number = _number(typed)
    found = []
    for index, texts in enumerate(choices):
        same = any(_spelled(fold(text)) in spelled for text in texts)
        if same or (number is not None and any(_number(fold(t)) == number for t in texts)):
            found.append(chr(ord("A") + index))
    return found[0] if len(found) == 1 else None


def _spelled(text: str) -> str:
    return re.sub(r"\s+", "", text.casefold()).strip(".।,;")


def _number(text: str) -> tuple[object, bool] | None:
    try:
        number: Number | None = parse_number(peel(text).replace("**", "^"))
    except UnreadableError:
        return None
    return None if number is None else (number.value, number.percent)


# Text ----------------------------------------------------------------------------------------

_CONFUSED = str.maketrans({"ী": "ি", "ূ": "ু", "ণ": "ন", "ষ": "শ", "স": "শ", "য": "জ", "ৎ": "ত", "ঙ": "ং", "ঁ": ""})
_ARTICLES = frozenset("a an the it is its it's this that এটি এটা ইহা একটি একটা হলো হল হবে হয় of এই".split())
_MIN_MISSPELT = 7


def grade_text(typed: str, asked: Asked) -> Verdict:
    """Grade a word or phrase against the stored one and the option `accept`."""
    accepted = _accepted((asked.stored, *asked.options.accept))
    candidates = {phrase_of(typed), phrase_of(peel(typed))} - {""}
    if not candidates:
        raise UnreadableError("no_words")
    if candidates & accepted:
        return CORRECT
    if any(NEGATION.search(candidate) for candidate in candidates):
        return WRONG
    close = any(_misspelt(c, a) for c in candidates for a in accepted)
    return CORRECT if close else WRONG


@lru_cache(maxsize=1024)
def _accepted(texts: tuple[str, ...]) -> frozenset[str]:
    try:
        phrases = frozenset(phrase_of(fold(text)) for text in texts)
    except UnreadableError as error:
        raise AnswerKeyError(f"an accepted text is unreadable: {error.reason}") from error
    if "" in phrases:
        raise AnswerKeyError("an accepted text has no words")
    return phrases


def phrase_of(text: str) -> str:
    """Return the words that carry meaning, in one spelling."""
    words = words_of(re.sub(r"[-_/'`*]", " ", text))
    while len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in _ARTICLES:
        words = words[:-1]
    return " ".join(words).translate(_CONFUSED)


def _misspelt(typed: str, accepted: str) -> bool:
    """One slip in a Latin phrase of seven letters or more; the first letter and short words must be right."""
    if len(accepted) < _MIN_MISSPELT or not accepted.isascii() or typed[:1] != accepted[:1]:
        return False
    if any(c.isdigit() for c in accepted + typed):
        return False
    return _one_slip(typed, accepted)


def _one_slip(left: str, right: str) -> bool:
    """One letter more, less or other, or two neighbours swapped."""
    if abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    rest, other = left[start:], right[start:]
    swapped = rest[:2] == other[:2][::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]
