"""Grades a choice: by its letter, by its text, or by both."""

import re

from src.answers.reading.algebra import equal
from src.answers.reading.literals import Number, parse_number
from src.answers.reading.text import fold, word_set
from src.answers.reading.wording import peel
from src.answers.types.measure import Measure, read_measure
from src.answers.types.numeric import Asked
from src.answers.types.words import FILLER, words_of
from src.answers.verdicts import CORRECT, WRONG, AnswerKeyError, UnreadableError, Verdict

_LETTERS = {
    **dict(zip("abcd", "ABCD", strict=True)),
    **dict(zip("কখগঘ", "ABCD", strict=True)),
    **dict(zip(("ka", "kha", "ga", "gha"), "ABCD", strict=True)),
    "কা": "A",
}
_OPTION = re.compile(
    r"^(?:option|opt|choice|অপশন|বিকল্প|নং|no\.?)? ?(?:is |হলো |হল )?"
    r"[(\[{]? ?(?P<letter>kha|gha|ka|ga|কা|[a-dA-Dকখগঘ]) ?"
    r"(?:[)\]}.:।/,-]+|(?= |$)) ?(?:নং|no\.?)? ?(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_CLOSING = word_set("is correct right option choice সঠিক অপশন নম্বর নং টা টি")


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
    if set(words_of(rest)) & _LETTERS.keys():
        raise UnreadableError("not_a_choice")
    if rest and words_of(rest) and not _says_it_is_the_answer(rest):
        if (other := _by_text(rest, choices)) is None:
            raise UnreadableError("not_a_choice")
        if other != letter:
            raise UnreadableError("letter_and_text_differ")
    return letter


def _says_it_is_the_answer(rest: str) -> bool:
    return set(words_of(rest)) <= FILLER | _CLOSING


def _by_text(typed: str, choices: tuple[tuple[str, ...], ...]) -> str | None:
    """Return the letter of the one choice with this text, or with this value."""
    spelled = {_spelled(typed), _spelled(peel(typed))}
    same = [any(_spelled(fold(text)) in spelled for text in texts) for texts in choices]
    if not any(same) and (value := _value(typed)):
        same = [any(_same_value(value, _value(fold(text))) for text in texts) for texts in choices]
    return chr(ord("A") + same.index(True)) if same.count(True) == 1 else None


def _spelled(text: str) -> str:
    bare = re.sub(r"\^\((\d+)\)", r"^\1", text.casefold().replace("**", "^"))
    return re.sub(r"\s+", "", bare).strip(".।,;")


def _value(text: str) -> tuple[Number | None, Measure | None]:
    """Return the number, and the quantity where there is a unit."""
    text = peel(text).replace("**", "^")
    try:
        if number := parse_number(text):
            return number, None
        measure = read_measure(text)
    except UnreadableError:
        return None, None
    return (measure.number if measure.unit else None), measure


def _same_value(
    typed: tuple[Number | None, Measure | None], choice: tuple[Number | None, Measure | None]
) -> bool:
    """`15` stands for the choice `15 cm`, and `0.15 m` too."""
    if typed[1] and choice[1] and typed[1].unit and choice[1].unit:
        same_kind = typed[1].unit.dimensions == choice[1].unit.dimensions
        return same_kind and equal(typed[1].value, choice[1].value)
    if typed[0] is None or choice[0] is None or (typed[1] and not choice[1]):
        return False
    return (typed[0].value, typed[0].percent) == (choice[0].value, choice[0].percent)
