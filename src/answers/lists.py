"""Grades answers of several parts: ratio, tuple, set, list."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from math import gcd

from src.answers.algebra import Function
from src.answers.literals import Kind, Number
from src.answers.numeric import Asked, compare, stored_number
from src.answers.text import fold
from src.answers.values import read_value
from src.answers.verdicts import (
    CORRECT,
    WRONG,
    AnswerKeyError,
    Outcome,
    UnreadableError,
    Verdict,
    wrong_form,
)
from src.answers.wording import has_number_words, peel

_RATIO_WORD = re.compile(r" ?(?:is to|to|অনুপাত|ঃ|::) ?")
_AND = r"(?<![a-zA-Zঀ-৥])(?:and|or|ও|এবং|বা|অথবা|আর)(?![a-zA-Zঀ-৥])|&"
_SEPARATOR = re.compile(rf" ?(?:[,;\n]\s*(?:{_AND})|[,;\n]|{_AND}) ?")
_WIDE = re.compile(rf" ?(?:, |[;\n]\s*|{_AND}) ?")
_NAMED = re.compile(r"(?<![a-zA-Zঀ-৥])([a-zA-Zঀ-হ]) ?(?:=|:|is |হলো |হল ) ?")
_NAMES_FIRST = re.compile(r"^\(? ?([a-zA-Zঀ-হ]) ?, ?([a-zA-Zঀ-হ])(?: ?, ?([a-zA-Zঀ-হ]))? ?\)? ?= ?")
_EMPTY_SETS = frozenset(
    "∅ ø φ Φ ϕ Ø {} { } () empty null void".split()
    + ["{ }", "empty set", "the empty set", "null set", "void set", "ফাঁকা সেট", "ফাকা সেট", "শূন্য সেট", "ফাঁকা"]
)
_MAX_PARTS = 30


# Ratio ---------------------------------------------------------------------------------------


def grade_ratio(typed: str, asked: Asked) -> Verdict:
    """Grade a ratio: proportional parts are equal; `lowest_terms` asks for whole numbers."""
    expected = stored_ratio(asked.stored)
    parts = read_ratio(typed, len(expected), asked.question)
    values = _exact(parts)
    if len(values) == 1:
        alike = len(expected) == 2 and expected[1] and values[0] == expected[0] / expected[1]
        return wrong_form("ratio_form") if alike else WRONG
    if len(values) != len(expected):
        return WRONG
    if not any(values):
        raise UnreadableError("not_a_ratio")
    if any(values[0] * b != expected[0] * a for a, b in zip(values, expected, strict=True)):
        return WRONG
    if any(isinstance(part, Number) and part.kind is Kind.SUM for part in parts):
        return wrong_form("unevaluated")
    lowest = all(v.denominator == 1 for v in values) and gcd(*(int(v) for v in values)) == 1
    return wrong_form("lowest_terms") if asked.options.form and not lowest else CORRECT


def read_ratio(typed: str, count: int, question: str = "") -> list[Number | Function]:
    """Read `3:4`, `3 to 4`, and `3/4` where two parts are asked."""
    text = _unbracket(peel(_strip_ratio_names(peel(typed, colon=False)), colon=False))
    parts = [part for part in _RATIO_WORD.sub(":", text).split(":")]
    if len(parts) == 1 and count == 2 and (match := re.fullmatch(r"(\d+) ?/ ?(\d+)", text)):
        parts = [match[1], match[2]]
    if len(parts) > _MAX_PARTS or not all(part.strip() for part in parts):
        raise UnreadableError("not_a_ratio")
    return [read_value(part, question=question) for part in parts]


def _strip_ratio_names(text: str) -> str:
    """`a : b = 3 : 4` and `ছেলে : মেয়ে = ৩ : ৪` name the parts first."""
    names, equals, rest = text.partition("=")
    return rest if equals and not any(c.isdigit() for c in names) else text


def _exact(parts: Sequence[Number | Function]) -> list[Fraction]:
    if any(isinstance(part, Function) for part in parts):
        raise UnreadableError("not_a_ratio")
    return [part.value for part in parts if isinstance(part, Number)]


@lru_cache(maxsize=1024)
def stored_ratio(stored: str) -> list[Fraction]:
    try:
        values = _exact(read_ratio(fold(stored), 2))
    except UnreadableError as error:
        raise AnswerKeyError(f"stored answer {stored!r} is unreadable: {error.reason}") from error
    if len(values) < 2 or not all(values):
        raise AnswerKeyError(f"stored answer {stored!r} is not a ratio of two or more parts")
    return values


# Lists and tuples ----------------------------------------------------------------------------


def readings(text: str, count: int) -> list[list[str]]:
    """Return the ways to split a text into parts; a comma may also group digits."""
    text = _unbracket(text)
    splits = [_SEPARATOR.split(text)]
    if _SEPARATOR.search(text) and _WIDE.search(text) and re.search(r"\d,\d", text):
        splits.append(_WIDE.split(text))
    if ";" in text or "\n" in text:
        splits.append(re.split(r"[;\n]", text))
    if len(splits[0]) == 1 and " " in text and count > 1:
        splits = [_split_at_spaces(text, count)]
    cleaned = [[part.strip() for part in split] for split in splits]
    return [split for split in cleaned if all(split) and len(split) <= _MAX_PARTS]


def _split_at_spaces(text: str, count: int) -> list[str]:
    named = [piece for piece in re.split(r" (?=[a-zA-Zঀ-হ] ?=)", text) if piece]
    if len(named) > 1:
        return named
    return [text] if re.search(r"[+*=(]", text) else text.split()


def _unbracket(text: str) -> str:
    for left, right in ("()", "[]", "{}"):
        if text.startswith(left) and text.endswith(right) and text.count(left) == 1:
            return text[1:-1].strip()
    return text


def _strip_name(part: str) -> str:
    return _NAMED.sub("", part, count=1) if _NAMED.match(part) else part


def _ordering_signs(text: str) -> str:
    """`-3 < -1 < 0` lists three numbers in order."""
    for sign in "<>⇒":
        if sign in text and not set("<>⇒") - {sign} & set(text):
            return text.replace(sign, ",")
    return text


def grade_list(typed: str, asked: Asked) -> Verdict:
    """Grade a list, in the stored order unless the option `ordered` is false."""
    expected = stored_list(asked.stored)
    grade_parts = _grade_in_order if asked.options.ordered else _grade_any_order
    return _best(
        _list_readings(typed, expected), lambda parts: grade_parts(parts, expected, asked)
    )


def _list_readings(typed: str, expected: Sequence[str]) -> list[list[str]]:
    found = readings(_ordering_signs(_peel_name(typed)), len(expected))
    return [[_strip_name(part) for part in parts] for parts in found]


def _grade_in_order(parts: Sequence[str], expected: Sequence[str], asked: Asked) -> Verdict:
    if len(parts) != len(expected):
        for part in parts:
            _element(part, asked)
        return WRONG
    verdicts = [_grade_element(a, b, asked) for a, b in zip(parts, expected, strict=True)]
    return _all_of(verdicts)


def _grade_any_order(parts: Sequence[str], expected: Sequence[str], asked: Asked) -> Verdict:
    remaining, verdicts = list(expected), []
    for part in parts:
        graded = [(_grade_element(part, other, asked), other) for other in remaining]
        match = next((pair for pair in graded if pair[0].outcome is not Outcome.WRONG), None)
        if match is None:
            _element(part, asked)
            return WRONG
        verdicts.append(match[0])
        remaining.remove(match[1])
    return WRONG if remaining else _all_of(verdicts)


def _all_of(verdicts: Sequence[Verdict]) -> Verdict:
    if WRONG in verdicts:
        return WRONG
    return next((verdict for verdict in verdicts if verdict is not CORRECT), CORRECT)


def _best(found: Sequence[list[str]], judge: Callable[[list[str]], Verdict]) -> Verdict:
    """Return the best verdict over the readings; unreadable only when every reading is."""
    verdict, fault = None, UnreadableError("not_a_list")
    for parts in found:
        try:
            candidate = judge(parts)
        except UnreadableError as error:
            fault = error
            continue
        if verdict is None or candidate is CORRECT:
            verdict = candidate
    if verdict is None:
        raise fault
    return verdict


def _element(part: str, asked: Asked) -> Number | Function | str:
    """Read one part: a number, or else a word or letter."""
    try:
        return read_value(part, question=asked.question)
    except UnreadableError:
        if re.fullmatch(r"[a-zA-Zঀ-৥ '-]{1,40}", part) and not has_number_words(part):
            return part
        raise


def _grade_element(part: str, expected: str, asked: Asked) -> Verdict:
    typed = _element(part, asked)
    try:
        stored = stored_number(expected)
    except AnswerKeyError:
        same = isinstance(typed, str) and typed.casefold() == peel(fold(expected)).casefold()
        return CORRECT if same else WRONG
    if isinstance(typed, str):
        return WRONG
    return compare(typed, stored, asked.options)


@lru_cache(maxsize=1024)
def stored_list(stored: str) -> tuple[str, ...]:
    try:
        found = readings(fold(stored), 2)
    except UnreadableError as error:
        raise AnswerKeyError(f"stored answer {stored!r} is unreadable: {error.reason}") from error
    if not found:
        raise AnswerKeyError(f"stored answer {stored!r} is not a list")
    return tuple(found[0])


def grade_tuple(typed: str, asked: Asked) -> Verdict:
    """Grade an ordered pair or triple, by position or by the names of the option `vars`."""
    expected = stored_list(asked.stored)
    unnamed = replace(asked, options=replace(asked.options, var=None, vars=()))
    return _best(
        _tuple_readings(typed, expected, asked),
        lambda parts: _grade_in_order(parts, expected, unnamed),
    )


def _tuple_readings(typed: str, expected: Sequence[str], asked: Asked) -> list[list[str]]:
    """Split into parts in the stored order, whatever order their names came in."""
    stored_names = [name.lower() for name in asked.options.vars] or list("xyz")[: len(expected)]
    text = re.sub(r"^[A-Z] ?(?=\()", "", _peel_name(typed))
    names = stored_names
    if match := _NAMES_FIRST.match(text):
        names = [name.lower() for name in match.groups() if name]
        text = text[match.end() :]
        if not asked.options.vars:
            stored_names = sorted(names)
    found = readings(text, len(expected))
    return [_in_stored_order(parts, names, stored_names) for parts in found]


def _in_stored_order(
    parts: list[str], names: Sequence[str], stored_names: Sequence[str]
) -> list[str]:
    matches = [match for part in parts if (match := _NAMED.match(part))]
    if matches and len(matches) != len(parts):
        raise UnreadableError("names_unclear")
    if matches:
        names = [match[1].lower() for match in matches]
        parts = [part[match.end() :] for match, part in zip(matches, parts, strict=True)]
    elif list(names) == list(stored_names) or len(names) != len(parts):
        return parts
    if sorted(names) != sorted(stored_names):
        raise UnreadableError("other_variable")
    by_name = dict(zip(names, parts, strict=True))
    return [by_name[name] for name in stored_names]


def _peel_name(typed: str) -> str:
    """Take off lead-ins but keep `x = 2, y = 3` and `x = 2 or 3`."""
    text = typed.strip(" ।.;:,⇒∴=")
    text = peel(text, colon=False, names=False)
    return text if re.match(r"[a-zA-Zঀ-হ] ?(?:[=:,]|is )|\(", text) else peel(text)


def read_parts(
    typed: str, asked: Asked, *, named: bool = False
) -> list[Number | Function | str]:
    """Read the parts of a list, or of a tuple (`named`) in the stored order.

    Raises:
        UnreadableError: it is not a list.
    """
    expected = stored_list(asked.stored)
    found = _tuple_readings(typed, expected, asked) if named else _list_readings(typed, expected)
    fault = UnreadableError("not_a_list")
    for parts in found:
        try:
            return [_element(part, asked) for part in parts]
        except UnreadableError as error:
            fault = error
    raise fault


# Sets ----------------------------------------------------------------------------------------


def grade_set(typed: str, asked: Asked) -> Verdict:
    """Grade a set: order and repetition do not matter."""
    expected = stored_set(asked.stored)
    found = _set_readings(_set_text(typed), len(expected))
    verdict = _best(found, lambda parts: _same_set(parts, expected, asked))
    bracketed = re.fullmatch(r"\(.*\)|\[.*\]", _set_text(typed))
    return wrong_form("set_braces") if verdict is CORRECT and bracketed else verdict


def _set_readings(text: str, count: int) -> list[list[str]]:
    if _is_empty_set(text):
        return [[]]
    text = _unbracket(text)
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
    return [_element(part, asked) for part in found[0]]


def _same_set(parts: list[str], expected: frozenset[object], asked: Asked) -> Verdict:
    read = [_element(part, asked) for part in parts]
    if any(isinstance(element, Function) for element in read):
        return WRONG
    elements = {e.value if isinstance(e, Number) else e for e in read}
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
    text = typed.strip(" ।.;:,=⇒∴")
    name, equals, rest = text.rpartition("=")
    if equals and "{" not in name:
        text = rest.strip()
    return text if text.startswith(("{", "(", "[")) else peel(text)


def _is_empty_set(text: str) -> bool:
    return text.casefold() in {e.casefold() for e in _EMPTY_SETS}


@lru_cache(maxsize=1024)
def stored_set(stored: str) -> frozenset[object]:
    try:
        text = _set_text(fold(stored))
        if _is_empty_set(text):
            return frozenset()
        found = readings(_unbracket(text), 2)
        elements = [_element(part, Asked(stored)) for part in (found[0] if found else [])]
    except UnreadableError as error:
        raise AnswerKeyError(f"stored answer {stored!r} is unreadable: {error.reason}") from error
    if not elements or any(isinstance(element, Function) for element in elements):
        raise AnswerKeyError(f"stored answer {stored!r} is not a set")
    return frozenset(e.value if isinstance(e, Number) else e for e in elements)
