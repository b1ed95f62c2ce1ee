"""Grades answers in words: true or false, and text."""

import re
from functools import lru_cache

from src.answers.numeric import Asked
from src.answers.text import fold, word_set
from src.answers.verdicts import CORRECT, WRONG, AnswerKeyError, UnreadableError, Verdict
from src.answers.wording import NEGATION, peel

_TRUE = word_set(
    "ha hae thik sotto sothik shothik true t yes y yeah yep correct right ok "
    "হ্যাঁ হ্যা হাঁ হা জি জ্বি ঠিক সত্য সত্যি জ্বী সঠিক শুদ্ধ ✓ ✔ ✅ ☑ √"
)
_FALSE = word_set(
    "vul bhul mittha na false f no n nope wrong incorrect untrue "
    "না নাহ মিথ্যা ভুল অসত্য বেঠিক অশুদ্ধ ✗ ✘ ❌ ✕ × *"
)
FILLER = word_set(
    "it is that's this that the its it's statement a an i think sir ans answer "
    "উক্তিটি উক্তি কথাটি কথা বাক্যটি এটি এটা হলো হল হবে হয় আছে স্যার উত্তর একটি একটা"
)
_REFUSALS = word_set("no nope n na না")
_ADJECTIVES = word_set("ঠিক সত্য সত্যি সঠিক শুদ্ধ")
_NEGATES = word_set("not noy isn't নয় নহে")
# Spellings that pupils and keyboards mix up, and that never tell two terms of school maths apart.
_CONFUSED = str.maketrans("ীূণষসযৎঙ", "িুনশশজতং", "ঁ")
_ARTICLES = word_set("a an the it is it's its this that of এটি এটা ইহা একটি একটা হলো হল হবে হয় এই")
_SUBJECT = re.compile(
    r"^(?:(?:(?:the|this|these|those|both|two|they|that) )*(?:[a-z]+ )?(?:is|are) (?:called )?"
    r"|(?:এরা|এগুলো|তারা|কোণ দুইটি|কোণ দুটি|কোণদ্বয়|[ঀ-৥]+টি) (?:পরস্পর )?)",
    re.IGNORECASE,
)
_MIN_MISSPELT = 7


def words_of(text: str) -> list[str]:
    """Return the words, without punctuation and case."""
    return re.findall(r"[^\s.,;:।!?()\[\]{}\"]+", text.casefold())


def read_boolean(text: str) -> bool:
    """Read true or false in either language.

    Raises:
        UnreadableError: not_true_or_false.
    """
    words = [word for word in words_of(text) if word not in FILLER]
    negated = False
    if len(words) > 1 and words[0] in _REFUSALS and set(words[1:]) <= _NEGATES | _REFUSALS:
        words = words[:1]  # "no, it is not" says no once
    while len(words) > 1 and (words[0] in _NEGATES or words[-1] in _NEGATES):
        words = words[1:] if words[0] in _NEGATES else words[:-1]
        negated = not negated
    if len(words) == 2 and words[1] == "না" and words[0] in _ADJECTIVES:  # সত্য না
        words, negated = words[:1], not negated
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


def grade_text(typed: str, asked: Asked) -> Verdict:
    """Grade a word or phrase against the stored one and the option `accept`."""
    accepted = _accepted((asked.stored, *asked.options.accept))
    candidates = {phrase_of(typed), phrase_of(peel(typed)), phrase_of(_SUBJECT.sub("", typed))} - {
        ""
    }
    if not candidates:
        raise UnreadableError("no_words")
    if candidates & _NO_ANSWER:
        raise UnreadableError("no_answer")
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
    """One slip in a Latin phrase of seven letters or more; the first letter must be right."""
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


_UNANSWERED = (
    "i don't know|i dont know|don't know|dont know|idk|no idea|not sure|skip|help|hint|pass|"
    "জানি না|জানিনা|আমি জানি না|পারি না|পারিনা|পারছি না|বুঝি না|বুঝিনা|বুঝতে পারছি না"
)
_NO_ANSWER = frozenset(map(phrase_of, _UNANSWERED.split("|")))
