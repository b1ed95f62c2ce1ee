"""Hears what a pupil wants who types no answer. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from src.answers.hearing.lexicon import Sense, Senses, senses_of
from src.answers.reading.wording import NUMBER_WORDS
from src.answers.verdicts import AnswerType, Outcome
from src.bangla import one_spelling

LONGEST_SAYING = 160
_MOST_WORDS = 24


class Want(StrEnum):
    """What a pupil wants who types no answer."""

    HINT = "hint"
    EXPLAIN = "explain"
    STUCK = "stuck"
    ANSWER = "answer"
    SKIP = "skip"
    THANKS = "thanks"
    FEELING = "feeling"
    GREETING = "greeting"
    WHO = "who"
    HARDER = "harder"
    EASIER = "easier"
    MISTAKES = "mistakes"
    PROGRESS = "progress"
    BANGLA = "bangla"
    ENGLISH = "english"
    YES = "yes"
    NO = "no"
    MORE = "more"
    WAIT = "wait"
    DISPUTE = "dispute"


_OF_TWO_WORDS = frozenset({AnswerType.BOOLEAN, AnswerType.CHOICE})
# Words of sayings that are names as well: a right angle.
_NAMES_TOO = frozenset({"right", "simple", "full"})
_PICTURES = {
    Want.SKIP: "⏭⏩",
    Want.HINT: "💡",
    Want.STUCK: "🤷😕🤔❓❔🆘😵😖🤯",
    Want.FEELING: "🥺😭😢😡😞😔😩😫😓😟🙁☹😠😤💔😴🥱😒🙄😣😥😰🤬😂🤣😆😅😐😑😶",
    Want.THANKS: "🙏❤😊👏🎉🥰😍😁😀😄😃🙂😘💖💕😇🤗🌹💯🔥🥳😎✨⭐🌟",
    Want.YES: "👍👌✅✔☑🆗",
    Want.NO: "👎❌✖✘",
    Want.GREETING: "👋",
}
_BESIDE_NUMBERS = frozenset({Want.HINT, Want.EXPLAIN, Want.STUCK, Want.SKIP, Want.MORE, Want.WAIT})
# What nobody says by chance: with one of these a text is no name of a shape.
_PLAIN = frozenset(
    {Want.HINT, Want.STUCK, Want.EXPLAIN, Want.ANSWER, Want.SKIP, Want.BANGLA, Want.ENGLISH}
)
_FEWEST_PLAIN = 2
_PICTURE_OF = {sign: want for want, signs in _PICTURES.items() for sign in signs}
_EMOTICONS = re.compile(r"(?<!\w)[:;=]['-]?[(/|\[](?!\w)|(?<!\w)[:;=]['-]?[)D\]](?!\w)")
_MATHS = re.compile(r"[=+×÷*/^<>√%°π²³≤≥{}\\$৳_]|\d\s*[.:,-]\s*\d|(?<!\w)-\s*\d")
_WORD = re.compile(r"[^\W\d_]+(?:[^\W\d_]|[\u0981-\u0983\u09bc-\u09cd\u09d7])*|\d+")
# They count; one and এক are more often no number: next one, এক মিনিট.
_COUNTING = NUMBER_WORDS - {"one", "এক", "একটি", "and", "point", "half", "বার"}
# Words that mean something else together.
_IDIOMS = (
    (re.compile(r"\bg[ai]v(?:e|ing) up\b"), "giveup"),
    (re.compile(r"\bsee (?:you|ya|u)\b"), "bye"),
    (re.compile(r"\b(?:how are|how r|hows it|whats up|what is up|hru)\b"), "hello"),
    (re.compile(r"\bhow am i doing\b"), "score"),
    (re.compile(r"\bnot really\b"), "no"),
    (re.compile(r"\b(?:thats|that is|its) enough\b|\benough for (?:today|now)\b"), "bye"),
    (re.compile(r"\bar (?:korbo|porbo) (?:na|nah)\b|(?<!\w)আর করব[োা]? না(?!\w)"), "bye"),
    (re.compile(r"\bkal(?:ke)? (?:baki(?:ta)? )?korbo(?: baki(?: ta)?)?\b"), "bye"),
    (re.compile(r"\bshow me how (?:its|it is|to do it|this is) ?(?:done)?\b"), "show solution"),
    (re.compile(r"\b(?:amar|my) (?:obostha|obosta|situation) (?:ki|kemon|kmn)\b"), "score"),
    (re.compile(r"\bki kor(?:o|os|en|cho|so|chen)\b"), "hello"),
    (re.compile(r"\bক[িী] কর(?:ো|ছ|ছো|েন)(?!\w)"), "hello"),
    (re.compile(r"\b(?:have|need|got|must) (?:to )?go\b"), "bye"),
    (re.compile(r"\boh no+\b"), "sad"),
    (re.compile(r"\bnot (?:now|yet|today)\b"), "no"),
    (re.compile("ডোন্ট নো"), "idk"),
    (re.compile(r"\bkotha (?=theke|thike)"), "koi "),
    (re.compile(r"\bhal (?:chere|chhere|chara|charl)\w*|(?<!\w)হাল ছ(?:েড়|াড়)\w*"), "giveup "),
)
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_LETTERS = re.compile(r"[a-z]+|[\u0980-\u09e5\u09f0-\u09ff]+|\d+")


@dataclass(frozen=True, slots=True)
class _Said:
    """A saying, taken apart.

    Attributes:
        parts: What each word contributes; an empty set for an unknown one.
        marked: Whether there is a question mark.
        numbers: How many numbers stand in it.
    """

    parts: Sequence[Senses]
    marked: bool
    numbers: int

    def has(self, *any_of: Sense) -> bool:
        """Return whether a word contributes one of these."""
        return any(not part.isdisjoint(any_of) for part in self.parts)

    def only(self, *of: Sense) -> bool:
        """Return whether every word contributes one of these or is there for company."""
        kept = {*of, Sense.FILL, Sense.PEOPLE}
        return all(not part.isdisjoint(kept) for part in self.parts)

    @property
    def unknown(self) -> int:
        """How many words are not known."""
        return sum(not part for part in self.parts)

    @property
    def asks(self) -> bool:
        """Whether there is a question mark or a word that asks."""
        return self.marked or self.has(Sense.WHY, Sense.ASK, Sense.HOW, Sense.HOWMUCH)

    @property
    def denies(self) -> bool:
        """Whether there is a "not"."""
        return self.has(Sense.NO, Sense.NOT)


def hear_beside(
    text: str, outcome: Outcome, answer_type: AnswerType | str, stored: str
) -> Want | None:
    """Return what a text wants that was typed while an answer is waited for; None: it is one.

    What the grader reads is an answer, right or wrong. It takes many a word for one, as a product
    of letters or a misspelt number: there only a saying is heard of which every word is known.

    Args:
        text: What was typed, of any length.
        outcome: What the grader says to it.
        answer_type: The type of the answer that is wanted.
        stored: The right answer.
    """
    if outcome is Outcome.UNREADABLE:
        return hear(text)
    if outcome is not Outcome.WRONG:
        return None
    if answer_type == AnswerType.TEXT:
        # A question mark behind a name asks whether it is right.
        bare = text.rstrip(" ?？")
        named = not _NAMES_TOO.isdisjoint(_LETTERS.findall(bare.casefold()))
        return None if named else hear(bare, surely=True) or _hear_plainly(text)
    if answer_type in _OF_TWO_WORDS or not _are_words(text, stored):
        return None
    return hear(text, surely=True)


def _hear_plainly(text: str) -> Want | None:
    """Return what is said outright although a word of it is not known: hint dao jaldi."""
    if len(text) > LONGEST_SAYING or "://" in text:
        return None
    said = _take_apart(_folded(text), exactly=True)
    if said.numbers or 2 * said.unknown >= len(said.parts) or len(said.parts) < _FEWEST_PLAIN:
        return None
    known = replace(said, parts=[part for part in said.parts if part])
    want = next((rule.want for rule in _RULES if rule.fits(known)), None)
    return want if want in _PLAIN else None


def asks_for_another(text: str) -> bool:
    """Return whether a text that wants more speaks of questions, not of hints."""
    return _take_apart(_folded(text), exactly=False).has(Sense.MATHS)


def _folded(text: str) -> str:
    return re.sub("['’‘`]", "", one_spelling(text).casefold())


def _are_words(text: str, stored: str) -> bool:
    """Return whether a text is neither a number nor made of the letters that are asked for."""
    letters = re.findall(r"[^\W\d_]", text.casefold())
    return (
        len(letters) > 1
        and not re.search(r"\d", text)
        and not set(letters) <= set(stored.casefold())
    )


def hear(text: str, *, surely: bool = False) -> Want | None:
    """Return what a text wants that is no answer; None where nothing is heard.

    Args:
        text: What was typed, of any length. That it is not an answer is for the grader to say.
        surely: Whether every word must be known, as it is written.
    """
    if len(text) > LONGEST_SAYING or "://" in text:
        return None
    folded = _folded(text)
    said, picture = _take_apart(folded, exactly=surely), _picture(folded)
    if surely and (said.unknown or said.numbers):
        return None
    if not said.parts:
        return None if said.numbers else picture or (Want.EXPLAIN if said.marked else None)
    beside_maths = _MATHS.search(_EMOTICONS.sub("", folded)) is not None
    want = next((r.want for r in (_BESIDE_MATHS if beside_maths else _RULES) if r.fits(said)), None)
    if want is None and not beside_maths:
        want = picture if said.only() else Want.EXPLAIN if said.asks else None
    return None if said.numbers and want not in _BESIDE_NUMBERS else want


def _picture(text: str) -> Want | None:
    found = (_PICTURE_OF[sign] for sign in text if sign in _PICTURE_OF)
    sad = _EMOTICONS.search(text)
    first = next(found, None)
    if first or not sad:
        return first
    return Want.THANKS if sad[0][-1] in ")d]" else Want.FEELING


def _take_apart(text: str, *, exactly: bool) -> _Said:
    bare = _DRAWN_OUT.sub(r"\1", _EMOTICONS.sub(" ", text))
    for idiom, word in _IDIOMS:
        bare = idiom.sub(word, bare)
    words = _LETTERS.findall(bare)[:_MOST_WORDS]
    letters = [word for word in words if not (word.isdigit() or _counts(word))]
    parts = [part for word in letters for part in senses_of(word, exactly=exactly)]
    marked = "?" in text or "？" in text
    return _Said(_last_wish(_without_urging(parts)), marked, len(words) - len(letters))


def _counts(word: str) -> bool:
    """Return whether a word is a number: five, পাঁচ, পাঁচটা."""
    return word in _COUNTING or re.sub("ট[াি]$", "", word) in _COUNTING


def _without_urging(parts: Sequence[Senses]) -> Sequence[Senses]:
    """Leave out a "na" that denies nothing: dao na, বলে দেন না."""
    urges = len(parts) > 1 and Sense.NO in parts[-1] and Sense.SHOW in parts[-2]
    return parts[:-1] if urges else parts


def _last_wish(parts: Sequence[Senses]) -> Sequence[Senses]:
    """Of hard and easy, leave the one said last: "eta kothin, easy dao", "too easy, give hard"."""
    levels = [part & {Sense.HARD, Sense.EASY} for part in parts]
    last: Senses = next((level for level in reversed(levels) if level), frozenset())
    return [part - (levels[i] - last) for i, part in enumerate(parts)]


P = Sense


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a saying must have for a meaning.

    Attributes:
        want: The meaning.
        has: Groups of parts; of each one must be there.
        only: No word may contribute nothing of these; empty where any others may stand beside.
        lacks: None of these may be there.
        denies: Whether there must or must not be a "not"; None where it makes no difference.
        asks: Whether it must or must not be a question; None where it makes no difference.
    """

    want: Want
    has: tuple[tuple[Sense, ...], ...]
    only: tuple[Sense, ...] = ()
    lacks: tuple[Sense, ...] = ()
    denies: bool | None = None
    asks: bool | None = None

    def fits(self, said: _Said) -> bool:
        """Return whether a saying may mean it."""
        return (
            all(said.has(*group) for group in self.has)
            and self.denies in (None, said.denies)
            and self.asks in (None, said.asks)
            and not said.has(*self.lacks)
            and (not self.only or said.only(*self.only))
        )


def _rule(
    want: Want,
    *has: Sense | tuple[Sense, ...],
    only: tuple[Sense, ...] = (),
    lacks: tuple[Sense, ...] = (),
    denies: bool | None = None,
    asks: bool | None = None,
) -> _Rule:
    groups = tuple(group if isinstance(group, tuple) else (group,) for group in has)
    return _Rule(want, groups, only, lacks, denies, asks)


_ABLE = (P.UNDERSTAND, P.CAN, P.KNOW)
_GIVE = (P.SHOW, P.WANT)
_LANGUAGE_TALK = (
    *(P.BANGLA, P.ENGLISH, P.SHOW, P.ASK, P.MATHS, P.CAN, P.YOU, P.DO, P.WANT, P.KNOW),
    *(P.UNDERSTAND, P.NO, P.NOT, P.EXPLAIN, P.MORE, P.WHY, P.OTHER),
)
_LEAVING = (
    *(P.LATER, P.BYE, P.DO, P.DID, P.COME, P.NO, P.NOT, P.MORE, P.NICE, P.CAN, P.WANT),
    *(P.SHOW, P.GREET, P.MATHS, P.START, P.YES, P.AGAIN),
)
_SKIPPING = (
    P.BYE,
    P.SKIP,
    P.NEXT,
    P.OTHER,
    P.SHOW,
    P.WANT,
    P.MATHS,
    P.MORE,
    P.CAN,
    P.DO,
    P.START,
    P.BAD,
    P.NO,
    P.NOT,
)
_SHOWING = (P.SHOW, P.DO, P.YOU, P.WANT, P.ASK, P.HOW)
_CLAIMS = (P.MY, P.WAS, P.ANSWER, P.PEOPLE, P.SURE, P.TOO, P.THIS, P.CHECK)
_CLAIMING = (*_CLAIMS, P.RIGHT, P.KNOW, P.YES, P.AGAIN, P.CHECK)
_ASSENT = (P.YES, P.START, P.SURE, P.RIGHT)
# Beside signs of mathematics only what is said plainly is heard.
_BESIDE_MATHS: Sequence[_Rule] = (
    _rule(Want.HINT, P.HINT),
    _rule(Want.STUCK, _ABLE, denies=True),
    _rule(Want.EXPLAIN, (P.EXPLAIN, P.HELP)),
)
# The first that fits is meant: what is said plainly stands before what is only likely.
_RULES: Sequence[_Rule] = (
    _rule(Want.NO, P.HINT, P.WANT, lacks=(P.CAN,), denies=True),
    _rule(Want.HINT, P.HINT),
    # Who does not understand one language wants the other.
    _rule(Want.ENGLISH, P.BANGLA, only=_LANGUAGE_TALK, denies=True),
    _rule(Want.BANGLA, P.BANGLA, only=_LANGUAGE_TALK),
    _rule(Want.BANGLA, P.ENGLISH, only=_LANGUAGE_TALK, denies=True),
    _rule(Want.ENGLISH, P.ENGLISH, only=_LANGUAGE_TALK),
    _rule(Want.YES, P.RIGHT, P.YES, only=(P.RIGHT, P.YES), asks=False),
    _rule(Want.WHO, P.NAME, P.YOU),
    _rule(Want.WHO, P.WHO, P.YOU),
    _rule(Want.WHO, P.WHO, only=(P.WHO, P.ASK, P.TALK, P.MY)),
    _rule(Want.WHO, P.YOU, (P.ASK, P.BOT), only=(P.YOU, P.ASK, P.BOT, P.NO, P.TALK)),
    _rule(Want.WHO, P.YOU, P.AGE),
    _rule(Want.WHO, P.YOU, P.WHY, only=(P.YOU, P.WHY, P.AGE)),
    _rule(Want.WHO, P.BOT, only=(P.BOT, P.YOU, P.ASK, P.NO), lacks=(P.GREET, P.GOOD, P.BAD)),
    _rule(Want.WHO, P.YOU, P.CAN, P.ASK, only=(P.YOU, P.CAN, P.ASK, P.DO)),
    _rule(Want.MISTAKES, P.WRONGS, lacks=(P.WHY, P.HOW, P.RIGHT, P.YOU), denies=False),
    _rule(Want.MISTAKES, P.WRONG, P.MY, lacks=(P.WHY, P.HOW, P.RIGHT, P.YOU), denies=False),
    _rule(Want.MISTAKES, P.WRONG, P.ASK, P.DID, lacks=(P.WHY, P.HOW, P.YOU), denies=False),
    _rule(Want.MISTAKES, P.WRONG, P.ANSWER, P.SHOW, lacks=(P.WHY, P.HOW, P.YOU), denies=False),
    _rule(Want.MISTAKES, P.WRONG, P.WHICH, lacks=(P.WHY, P.HOW, P.RIGHT, P.YOU), denies=False),
    _rule(
        Want.PROGRESS,
        P.SCORE,
        only=(P.SCORE, P.MY, P.ASK, P.HOWMUCH, P.SHOW, P.WANT, P.WHY, P.HOW, P.COUNT),
    ),
    _rule(Want.PROGRESS, P.RIGHT, (P.ASK, P.HOW), P.COUNT),
    _rule(
        Want.PROGRESS,
        *((P.ASK, P.HOW), P.COUNT, (P.CAN, P.DID)),
        only=(P.ASK, P.HOW, P.COUNT, P.CAN, P.DID, P.MY, P.MATHS),
        denies=False,
    ),
    _rule(Want.DISPUTE, P.OBJECT),
    _rule(Want.DISPUTE, P.WRONG, (P.NO, P.NOT, P.YOU), lacks=(P.WHY, P.ASK)),
    _rule(Want.PROGRESS, P.KEMON, (P.DO, P.DID), only=(P.KEMON, P.DO, P.DID, P.ASK)),
    _rule(Want.DISPUTE, P.RIGHT, P.WRONG),
    _rule(Want.DISPUTE, P.CHECK, only=_CLAIMING, denies=False, asks=False),
    _rule(Want.DISPUTE, P.RIGHT, _CLAIMS, only=_CLAIMING, denies=False, asks=False),
    _rule(Want.HARDER, P.HARDER),
    _rule(
        Want.EASIER, P.HARD, (P.PLEASE, P.TOO), only=(P.HARD, P.NOT, P.TOO, P.PLEASE), denies=True
    ),
    _rule(Want.HARDER, P.HARD, (*_GIVE, P.SOME), denies=False),
    _rule(Want.HARDER, P.HARD, (P.MORE, P.PLEASE), denies=False, asks=False),
    _rule(Want.EASIER, P.EASIER),
    _rule(Want.EASIER, P.EASY, _GIVE),
    _rule(Want.EASIER, P.EASY, (P.MORE, P.MATHS, P.DO, P.CAN), lacks=(P.TOO,)),
    _rule(Want.EASIER, P.HARD, denies=True, only=(P.HARD, P.NO, P.NOT, P.TOO, P.MATHS)),
    _rule(Want.HARDER, P.EASY, denies=False),
    _rule(Want.FEELING, (P.NICE, P.GOOD), (P.LIKE, P.HEAD), denies=True),
    _rule(Want.FEELING, P.BAD, (P.YOU, P.TOO, P.MATHS, P.BOT)),
    _rule(Want.FEELING, (P.FEEL, P.PAIN), lacks=(P.SHOW,)),
    _rule(Want.SKIP, P.SKIP, only=_SKIPPING, denies=False),
    _rule(Want.SKIP, P.NEXT, only=_SKIPPING, denies=False, asks=False),
    _rule(Want.SKIP, P.NEXT, P.SHOW, only=_SKIPPING),
    _rule(Want.SKIP, P.OTHER, (P.MATHS, P.SHOW, P.MORE, P.NO), only=_SKIPPING),
    # "Parbo na, porer ta" wants the next; about the next step it is a question.
    _rule(
        Want.SKIP,
        (P.SKIP, P.NEXT),
        only=(*_SKIPPING, *_ABLE),
        lacks=(P.NOT, P.WANT, P.MATHS),
        asks=False,
    ),
    _rule(Want.STUCK, P.CONFUSED, lacks=(P.FEEL,)),
    _rule(Want.STUCK, (*_ABLE, P.HEAD), denies=True),
    _rule(Want.SKIP, (P.DO, P.MATHS), only=(P.NO, P.NOT, P.DO, P.WANT, P.MATHS), denies=True),
    _rule(Want.STUCK, P.HARD),
    _rule(Want.EXPLAIN, P.EXPLAIN),
    # A question of one's own is answered; who only wants help or a start gets the next hint.
    _rule(Want.HINT, P.HELP, lacks=(P.WHY, P.HOW)),
    _rule(Want.EXPLAIN, P.HELP),
    _rule(Want.HINT, P.START, (P.WHY, P.ASK, P.HOW), lacks=(P.ANSWER,)),
    _rule(Want.EXPLAIN, P.AGAIN, P.SHOW),
    _rule(Want.ANSWER, P.ANSWER, only=(P.ANSWER, P.MORE), lacks=(P.HOW,)),
    _rule(Want.ANSWER, P.ANSWER, _GIVE),
    _rule(Want.ANSWER, P.ANSWER, lacks=(P.HOW,), asks=True),
    _rule(Want.ANSWER, P.ANSWER, P.CAN, P.YOU),
    _rule(Want.ANSWER, P.HOWMUCH, only=(P.HOWMUCH, P.SHOW, P.ASK)),
    _rule(Want.NO, P.NO, only=(P.NO, P.LATER, P.THANK), asks=False),
    _rule(Want.WAIT, (P.LATER, P.BYE, P.COME), only=_LEAVING, asks=False),
    _rule(Want.MORE, P.MORE, only=(P.MORE, P.SHOW, P.WANT, P.MATHS, P.START, P.SOME)),
    _rule(Want.THANKS, P.THANK, denies=False),
    _rule(Want.THANKS, P.GOOD, P.BOT, denies=False),
    _rule(Want.GREETING, P.GREET, only=(P.GREET, P.YOU, P.ASK, P.NICE, P.WHY)),
    _rule(Want.ANSWER, P.SHOW, only=_SHOWING, denies=False),
    _rule(Want.ANSWER, P.DO, P.YOU, only=_SHOWING, lacks=(P.HOW,), denies=False),
    _rule(Want.ANSWER, P.DO, only=_SHOWING, denies=False, asks=False),
    _rule(Want.THANKS, P.NICE, P.YOU, lacks=(P.WHY, P.ASK), denies=False),
    _rule(Want.THANKS, P.NICE, only=(P.NICE, P.YOU, P.TOO, P.LIKE, P.MATHS)),
    _rule(Want.NO, P.NOT, P.WANT, only=(P.NOT, P.WANT, P.LATER), asks=False),
    _rule(Want.NO, P.NO, only=(P.NO, P.THANK, P.WANT, P.LATER, P.YOU), asks=False),
    _rule(Want.YES, _ASSENT, only=(*_ASSENT, P.MY, P.DO, P.SHOW), denies=False, asks=False),
    _rule(Want.YES, P.UNDERSTAND, only=(P.UNDERSTAND, P.YES, P.CAN), denies=False, asks=False),
)
