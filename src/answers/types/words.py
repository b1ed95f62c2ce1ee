"""Grades answers in words: true or false, and text."""

import re
from collections.abc import Set
from functools import lru_cache
from itertools import pairwise

from src.answers.reading.literals import SCALES
from src.answers.reading.text import fold, word_set
from src.answers.reading.wording import NEGATION, NUMBER_WORDS, peel
from src.answers.types.numeric import Asked
from src.answers.types.spelling import (
    bangla_names,
    counted,
    doubted,
    heard,
    misspelt,
    romanised_name,
    said_in_latin,
)
from src.answers.verdicts import (
    CORRECT,
    WRONG,
    AnswerKeyError,
    Outcome,
    UnreadableError,
    Verdict,
)

_TRUE = word_set(
    "ha haa hae hya hyan hea ji jee thik sotto sotti sothik shothik jabe parbe "
    "true t yes y yeah yep correct right ok "
    "হ্যাঁ হ্যা হাঁ হা জি জী জ্বি ঠিক সত্য সত্যি জ্বী সঠিক শুদ্ধ যাবে পারবে ✓ ✔ ✅ ☑ √ 👍"
)
_FALSE = word_set(
    "vul bhul mittha na false f no n nope wrong incorrect untrue "
    "না নাহ মিথ্যা ভুল অসত্য বেঠিক অশুদ্ধ ✗ ✘ ❌ ✕ × * 👎"
)
FILLER = word_set(
    "it is that's this that the its it's statement a an i think sir ans answer "
    "mone hoy amar bro vai bhai apu maam miss মনে আমার ভাই আপু ম্যাম মিস "
    "উক্তিটি উক্তি কথাটি কথা বাক্যটি এটি এটা হলো হল হবে হয় আছে স্যার উত্তর একটি একটা"
)
_REFUSALS = word_set("no nope n na না")
_ADJECTIVES = word_set("ঠিক সত্য সত্যি সঠিক শুদ্ধ যাবে পারবে thik sotto sotti sothik jabe parbe")
_NEGATES = word_set("not noy isn't নয় নহে")
# Spellings that pupils and keyboards mix up, and that never tell two terms of school maths apart.
_CONFUSED = str.maketrans("ীূণষসযৎঙ", "িুনশশজতং", "ঁ")
_ARTICLES = word_set("a an the it is it's its this that of এটি এটা ইহা একটি একটা হলো হল হবে হয় এই")
_SUBJECT = re.compile(
    r"^(?:(?:(?:the|this|these|those|both|two|they|that) )*(?:[a-z]+ )?(?:is|are) (?:called )?"
    r"|(?:এরা|এগুলো|তারা|কোণ দুইটি|কোণ দুটি|কোণদ্বয়|[ঀ-৥]+টি) (?:পরস্পর )?)",
    re.IGNORECASE,
)
_ONE_NAME = {"lac": "lakh", "lacs": "lakh", "lakhs": "lakh", "লাখ": "লক্ষ", "লাখের": "লক্ষের"}
_WRITTEN = re.compile(r"[a-zA-Z\dঀ-৥]")
_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]*>")


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
    if len(words) == 2 and words[1] in {"না", "na"} and words[0] in _ADJECTIVES:  # সত্য না
        words, negated = words[:1], not negated
    if len(words) > 1 and words[-1] in _REFUSALS and words[0] in _FALSE - _REFUSALS:
        raise UnreadableError("not_true_or_false")  # "ভুল না": not wrong, or wrong and no?
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
    if NEGATION.search(typed):  # before য় and জ় become one
        return WRONG
    if _sounds_right(candidates, accepted):
        return CORRECT
    if name := romanised_name(candidates, bangla_names((asked.stored, *asked.options.accept))):
        return Verdict(Outcome.CORRECT, reading=name)
    if not _WRITTEN.search(typed) or _MARKUP.search(typed):
        raise UnreadableError("no_words")
    rivals = candidates & (_RIVALS - accepted)
    if not rivals and any(doubted(c, a) for c in candidates for a in accepted):
        raise UnreadableError("misspelt")
    return _grade_sentence(phrase_of(peel(typed)), accepted)


def _sounds_right(candidates: Set[str], accepted: Set[str]) -> bool:
    """Return whether a phrase is an accepted one but for blanks, silent letters or one slip."""
    if {_joined(heard(c)) for c in candidates} & {_joined(heard(a)) for a in accepted}:
        return True
    if any(phrase_of(said) in accepted for c in candidates if (said := said_in_latin(c))):
        return True
    return any(misspelt(c, a) for c in candidates for a in accepted)


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
    return " ".join(counted([_ONE_NAME.get(word, word) for word in words])).translate(_CONFUSED)


def _joined(phrase: str) -> str:
    """Return a phrase without its spaces, but for those that keep two numbers apart."""
    return re.sub(r"(?<!\d) | (?!\d)", "", phrase)


def _grade_sentence(phrase: str, accepted: frozenset[str]) -> Verdict:
    """Grade a phrase that may hold an accepted one among other words.

    Raises:
        UnreadableError: it does, and the other words are no rival answers.
    """
    known = "|".join(map(re.escape, sorted(accepted, key=len, reverse=True)))
    words = re.sub(rf"(?<!\S)(?:{known})(?!\S)", _FOUND, phrase).split()
    if _FOUND not in words or _counts_on(words, accepted):
        return WRONG
    if set(words) == {_FOUND}:
        return CORRECT
    if set(words) <= {_FOUND} | _RIVALS | _EITHER:  # rhombus, square or kite
        return WRONG
    raise UnreadableError("words")


def _counts_on(words: list[str], accepted: frozenset[str]) -> bool:
    """Return whether a number goes on before or behind: hundred thousand, 10 lakh for lakh."""
    if not any(_COUNTING & set(phrase.split()) for phrase in accepted):
        return False
    pairs = [pair for pair in pairwise(words) if _FOUND in pair]
    return any(w.isdigit() or w.removesuffix("s") in _COUNTING for pair in pairs for w in pair)


def is_chatter(text: str) -> bool:
    """Return whether a folded text greets, or says that there is no answer."""
    return phrase_of(text) in _NO_ANSWER | _GREETINGS


def _phrases(texts: str) -> frozenset[str]:
    return frozenset(phrase_of(fold(text)) for text in texts.split("|"))


_FOUND = "\0"
_NO_ANSWER = _phrases(
    "i don't know|i dont know|don't know|dont know|idk|no idea|not sure|skip|help|hint|pass|"
    "জানি না|জানিনা|আমি জানি না|পারি না|পারিনা|পারছি না|বুঝি না|বুঝিনা|বুঝতে পারছি না"
)
_GREETINGS = _phrases(
    "hi|hii|hello|helo|hlw|hey|salam|assalamu alaikum|good morning|ok|okay|thanks|thank you|bye|"
    "test|হাই|হ্যালো|হেলো|সালাম|আসসালামু আলাইকুম|ওকে|আচ্ছা|ধন্যবাদ|শুভ সকাল"
)
_COUNTING = _phrases("|".join(NUMBER_WORDS | SCALES.keys()))
_EITHER = _phrases("or|and|nor|either|both|ba|বা|অথবা|নাকি|কিংবা|ও|এবং|আর")
# Named beside the right one, these are guesses.
_RIVALS = _phrases(
    "acute|obtuse|straight|reflex|complementary|supplementary|adjacent|vertical|opposite|"
    "equilateral|isosceles|scalene|square|rectangle|rhombus|parallelogram|trapezium|kite|circle|"
    "pentagon|hexagon|cube|cuboid|cone|cylinder|sphere|"
    "সূক্ষ্মকোণ|স্থূলকোণ|সমকোণ|সরলকোণ|প্রবৃদ্ধকোণ|পূরক|সম্পূরক|সন্নিহিত|বিপ্রতীপ|সমবাহু|সমদ্বিবাহু|বিষমবাহু|"
    "বর্গ|বর্গক্ষেত্র|আয়ত|আয়তক্ষেত্র|রম্বস|সামান্তরিক|ট্রাপিজিয়াম|ঘুড়ি|বৃত্ত|"
    "একক|দশক|শতক|সহস্র|অযুত|নিযুত"
)
