"""Reads one number with what pupils put around it: working, counting words, nouns."""

import re
from fractions import Fraction

from src.answers.reading.algebra import Evaluator, Function, approximate_function, equal
from src.answers.reading.grammar import parse_expression
from src.answers.reading.literals import SCALES, Kind, Number, parse_number
from src.answers.reading.text import VULGAR
from src.answers.reading.units import is_counter, look_up
from src.answers.reading.wording import NEGATION, has_number_words, peel
from src.answers.verdicts import UnreadableError

_FIRST_WORD = re.compile(r"^(?P<word>[a-zA-Zঀ-৥.]+) ")
_NO_UNITS_IN_PROSE = {"in", "are", "a", "second", "chain", "no", "times", "mon", "d", "s", "h", "t"}
_GAINS = {"profit", "gain", "interest", "লাভ", "মুনাফা"}
_OPPOSITES = {"profit": "loss", "loss": "profit", "লাভ": "ক্ষতি", "ক্ষতি": "লাভ"}
_LAST_WORD = re.compile(r" ?(?P<word>°[cCfF]?|[a-zA-Zঀ-৥.]+)$")
_WORD = re.compile(r"°[cf]?|[a-zA-Zঀ-৥]+")
_SEVERAL = re.compile(r"[,;\n]|(?<![a-zA-Zঀ-৥])(?:or|and|but|বা|অথবা|ও|এবং|কিংবা|কিন্তু)(?![a-zA-Zঀ-৥])")
_STEM_ENDINGS = ("es", "s", "গুলো", "গুলি", "ের", "কে", "টি", "টা", "ে", "র")
_LETTER_LAST = re.compile(r"^(?P<value>[^=]*\d[^=]*?) ?= ?(?P<letter>[a-zA-Zক-হ])$")
_OF_WHOLE = re.compile(
    r" ?(?:(?:part|portion) )?of (?:the |a |an |his |her |their |my |whole |total )*[a-z]+$",
    re.IGNORECASE,
)
_LETTER_IS = re.compile(r"^(?P<letter>[a-zA-Zঀ-হα-ω]) ?= ?(?=\S)")


def read_value(
    text: str, *, var: str | None = None, question: str = "", counts: bool = True
) -> Number | Function:
    """Read a folded text as one number; a `Function` is an irrational constant such as √2 or 3π.

    Args:
        text: folded.
        var: the letter that may stand before `=`.
        question: its nouns and its unit may stand behind the number.
        counts: whether counting words (টি, জন, °) may.

    Raises:
        UnreadableError: with the reason why it is not one number.
    """
    if reversed_sides := _LETTER_LAST.match(text):
        text = f"{reversed_sides['letter']} = {reversed_sides['value']}"
    check_letter(text, var)
    text = last_side(peel(text).replace("**", "^"))
    number = parse_number(text) or _without_tail(text, question, counts=counts)
    return number if number is not None else evaluate_constant(text)


def check_letter(text: str, var: str | None) -> None:
    """Refuse `y = 5` where x was asked."""
    match = _LETTER_IS.match(text)
    if match and var and match["letter"].lower() != var.lower():
        raise UnreadableError("other_variable")


def last_side(text: str) -> str:
    """Return what stands after the last `=` of a true chain such as 12×13 = 156."""
    if "=" not in text:
        return text
    *working, last = (side.strip() for side in text.split("="))
    last = peel(last)
    try:
        values = [_side_value(side) for side in (*working, last)]
    except UnreadableError as error:
        raise UnreadableError("unsolved_equation") from error
    if not all(equal(value, values[-1]) for value in values[:-1]):
        raise UnreadableError("unsolved_equation")
    return last


def _side_value(side: str) -> Function:
    if (number := parse_number(side)) is not None:
        return Function({(): number.value.numerator}, {(): number.value.denominator})
    if (number := _without_tail(side, "", counts=True)) is not None:
        return Function({(): number.value.numerator}, {(): number.value.denominator})
    return Evaluator().evaluate(parse_expression(side, x_is_times=True))


def _without_tail(text: str, question: str, *, counts: bool) -> Number | None:
    """Read the number among counting words (টি, জন) and words of the question (mangoes, profit)."""
    if (number := parse_number(_OF_WHOLE.sub("", text))) is not None:
        return number
    for pattern in (_LAST_WORD, _FIRST_WORD):
        for _ in range(4):
            match = pattern.search(text)
            if match is None or match.end() - match.start() == len(text):
                break
            rest = (text[: match.start()] + text[match.end() :]).strip()
            counted = counts and _counts(match["word"], rest)
            if not counted and not _says_nothing(match["word"], question):
                break
            text = rest
            if (number := parse_number(text)) is not None:
                return number
    return None


def _counts(word: str, rest: str) -> bool:
    """Return whether a word counts, or follows one that does: ২৪টি, ৮ জন ছাত্র, 23°."""
    if word == "°" or is_counter(word):
        return True
    counter = _LAST_WORD.search(rest)
    return counter is not None and is_counter(counter["word"]) and _is_noun(word.lower())


def _is_noun(word: str) -> bool:
    other = word in SCALES or NEGATION.fullmatch(word) or has_number_words(word) or look_up(word)
    return len(word) > 1 and not other


def _says_nothing(word: str, question: str) -> bool:
    word = word.strip(".").lower()
    if not question and word in _GAINS:
        return True
    if look_up(word):
        return _same_unit_asked(word, question)
    opposite = _OPPOSITES.get(word)
    standing = _is_noun(word) and _stands_in(word, question)
    return standing and not (opposite and _stands_in(opposite, question))


def _stands_in(word: str, question: str) -> bool:
    """Return whether the question has the word, perhaps inflected; short ones must be whole."""
    stems = {word, *(word.removesuffix(ending) for ending in _STEM_ENDINGS)}
    long = "|".join(re.escape(stem) for stem in stems if len(stem) >= 3) or "(?!)"
    whole = "|".join(re.escape(stem) for stem in stems if len(stem) >= 2) or "(?!)"
    pattern = rf"(?<![a-zঀ-৥])(?:(?:{long})|(?:{whole})(?![a-zঀ-৥]))"
    return re.search(pattern, question.lower()) is not None


def _same_unit_asked(word: str, question: str) -> bool:
    """A unit is harmless when the question knows it, and no other unit of its dimension."""
    unit = look_up(word)
    tokens = set(_WORD.findall(question.lower())) - _NO_UNITS_IN_PROSE
    known = [found for token in tokens if (found := look_up(token))]
    alike = {found.factor for found in known if unit and found.dimensions == unit.dimensions}
    return unit is not None and alike == {unit.factor}


def evaluate_constant(text: str) -> Number | Function:
    """Carry out arithmetic that the pupil left undone.

    Raises:
        UnreadableError: when the text is not arithmetic.
    """
    if has_number_words(text):
        raise UnreadableError("number_words")
    if not any(c.isdigit() or c in VULGAR for c in text) and "π" not in text:
        raise UnreadableError("not_a_number")
    for sign, reason in ((":", "ratio"), ("<", "relation"), (">", "relation")):
        if sign in text:
            raise UnreadableError(reason)
    if _SEVERAL.search(text.lower()):
        raise UnreadableError("several_answers")
    value = Evaluator().evaluate(parse_expression(_percent_free(text), x_is_times=True))
    if value.letters():
        raise UnreadableError(_word_reason(text))
    exact = value.constant()
    return value if exact is None else Number(exact, Kind.SUM)


def _percent_free(text: str) -> str:
    if "%" in text:
        raise UnreadableError("not_a_number")
    return text


def _word_reason(text: str) -> str:
    tail = _LAST_WORD.search(text)
    return (
        "unexpected_unit"
        if tail and tail.start("word") and look_up(tail["word"].lower())
        else "letters"
    )


def approximate(value: Number | Function) -> Fraction:
    """Return a rational value; π and roots to the precision of a float."""
    if isinstance(value, Number):
        return value.value
    return approximate_function(value)
