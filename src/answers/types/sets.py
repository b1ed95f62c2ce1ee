"""Grades sets."""

import re
from functools import lru_cache

from src.answers.reading.algebra import Function
from src.answers.reading.literals import Kind, Number
from src.answers.reading.text import fold, word_set
from src.answers.reading.wording import peel, peel_tail
from src.answers.types.lists import best_of, read_element, readings, unbracket
from src.answers.types.numeric import Asked
from src.answers.verdicts import (
    CORRECT,
    WRONG,
    AnswerKeyError,
    UnreadableError,
    Verdict,
    wrong_form,
)

_EMPTY_SETS = word_set("∅ ø φ ϕ {} () empty null void") | {
    "{ }", "empty set", "the empty set", "null set", "void set",
    "ফাঁকা সেট", "ফাকা সেট", "শূন্য সেট", "ফাঁকা",
}  # fmt: skip


def grade_set(typed: str, asked: Asked) -> Verdict:
    """Grade a set: order and repetition do not matter."""
    expected = stored_set(asked.stored)
    found = _set_readings(_set_text(typed), len(expected))
    verdict = best_of(found, lambda parts: _same_set(parts, expected, asked))
    bracketed = re.fullmatch(r"\(.*\)|\[.*\]", _set_text(typed))
    return wrong_form("set_braces") if verdict is CORRECT and bracketed else verdict


def _set_readings(text: str, count: int) -> list[list[str]]:
    if _is_empty_set(text):
        return [[]]
    text = unbracket(text)
    if any(c in text for c in "{}…:|") or ".." in text:
        raise UnreadableError("not_a_set")
    return readings(text, max(2, count))


def read_set(typed: str, asked: Asked) -> list[Number | Function | str]:
    """Read the elements of a set.

    Raises:
        UnreadableError: it is not a set.
    """
    found = _set_readings(_set_text(typed), len(stored_set(asked.stored)))
    if not found:
        raise UnreadableError("not_a_set")
    return [read_element(part, asked) for part in found[0]]


def _same_set(parts: list[str], expected: frozenset[object], asked: Asked) -> Verdict:
    read = [read_element(part, asked) for part in parts]
    if any(isinstance(element, Function) for element in read):
        return WRONG
    words = [e for e in read if isinstance(e, str) and len(e) > 1]
    if words and not any(isinstance(e, str) for e in expected):
        raise UnreadableError("words")
    elements: set[object] = {e.value if isinstance(e, Number) else e for e in read}
    letters = {e for e in expected if isinstance(e, str)}
    if not any(e != e.swapcase() and e.swapcase() in letters for e in letters):
        elements, expected = set(map(_folded, elements)), frozenset(map(_folded, expected))
    if elements != expected:
        return WRONG
    undone = any(isinstance(e, Number) and e.kind is Kind.SUM for e in read)
    return wrong_form("unevaluated") if undone else CORRECT


def _folded(element: object) -> object:
    return element.casefold() if isinstance(element, str) else element


def _set_text(typed: str) -> str:
    text = _without_words_behind(typed.strip(" ।.;:,=⇒∴"))
    name, equals, rest = text.rpartition("=")
    if equals and "{" not in name:
        text = rest.strip()
    return text if text.startswith(("{", "(", "[")) else peel(text)


def _without_words_behind(text: str) -> str:
    """`{1, 2, 3} হবে`, `{1, 2, 3}?`, `({1, 2, 3})`."""
    if text.startswith("({") and text.endswith("})"):
        text = text[1:-1]
    end = text.rfind("}") + 1
    tail = text[end:].strip()
    return text[:end] if end and tail and not peel_tail(f"0 {tail}").strip("0 ") else text


def _is_empty_set(text: str) -> bool:
    return text.casefold() in {e.casefold() for e in _EMPTY_SETS}


@lru_cache(maxsize=1024)
def stored_set(stored: str) -> frozenset[object]:
    """Read the stored set: fractions and words.

    Raises:
        AnswerKeyError: it is not a set.
    """
    try:
        text = _set_text(fold(stored))
        if _is_empty_set(text):
            return frozenset()
        found = readings(unbracket(text), 2)
        elements = [read_element(part, Asked(stored)) for part in (found[0] if found else [])]
    except UnreadableError as error:
        raise AnswerKeyError(f"stored answer {stored!r} is unreadable: {error.reason}") from error
    if not elements or any(isinstance(element, Function) for element in elements):
        raise AnswerKeyError(f"stored answer {stored!r} is not a set")
    return frozenset(e.value if isinstance(e, Number) else e for e in elements)
