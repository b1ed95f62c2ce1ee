"""Grades answers of several parts: ratio, tuple, set, list."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

from src.answers.algebra import Function
from src.answers.literals import Kind, Number
from src.answers.numeric import Asked, compare, stored_number
from src.answers.options import Options
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
_NAMED = re.compile(r"(?<![a-zA-Zঀ-৥])([a-zA-Zঀ-হ]) ?= ?")
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
    text = peel(_strip_ratio_names(peel(typed, colon=False)), colon=False)
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
    text = _ordering_signs(_peel_name(typed))
    found = readings(text, len(expected))
    return _best(found, lambda parts: _grade_list_parts(parts, expected, asked))


def _grade_list_parts(parts: list[str], expected: Sequence[str], asked: Asked) -> Verdict:
    parts = [_strip_name(part) for part in parts]
    if asked.options.ordered:
        return _grade_in_order(parts, expected, asked)
    return _grade_any_order(parts, expected, asked)


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
    names = [name.lower() for name in asked.options.vars] or list("xyz")[: len(expected)]
    text = re.sub(r"^[A-Z] ?(?=\()", "", _peel_name(typed))
    if match := _NAMES_FIRST.match(text):
        text = text[match.end() :]
        names = [name.lower() for name in match.groups() if name] if asked.options.vars else names
    found = readings(text, len(expected))
    order = _order_of(names, asked.options.vars, len(expected))
    return _best(found, lambda parts: _grade_tuple_parts(parts, expected, order, asked))


def _order_of(names: Sequence[str], asked: Sequence[str], count: int) -> list[str]:
    del asked
    return list(names)[:count]


def _grade_tuple_parts(
    parts: list[str], expected: Sequence[str], names: Sequence[str], asked: Asked
) -> Verdict:
    matches = [_NAMED.match(part) for part in parts]
    if any(matches):
        if not all(matches) or len(parts) != len(expected):
            raise UnreadableError("names_unclear")
        values = {m[1].lower(): part[m.end() :] for m, part in zip(matches, parts, strict=True) if m}
        if set(values) != set(names):
            raise UnreadableError("other_variable")
        parts = [values[name] for name in names]
    return _grade_in_order(parts, expected, replace(asked, options=_plain(asked.options)))


def _plain(options: Options) -> Options:
    return replace(options, var=None, vars=())


def _peel_name(typed: str) -> str:
    """Take off lead-ins but keep `x = 2, y = 3` and `x = 2 or 3`."""
    text = typed.strip(" ।.;:,⇒∴=")
    if re.match(r"[a-zA-Zঀ-হ] ?[=,]|\(", text):
        return text
    return peel(text)


# Sets ----------------------------------------------------------------------------------------


def grade_set(typed: str, asked: Asked) -> Verdict:
    """Grade a set: order and repetition do not matter."""
    expected = stored_set(asked.stored)
    text = _set_text(typed)
    if _is_empty_set(text):
        return CORRECT if not expected else WRONG
    if text.startswith(("(", "[")) and text.endswith((")", "]")):
        verdict = _grade_set_text(text[1:-1], expected, asked)
        return wrong_form("set_braces") if verdict is CORRECT else verdict
    return _grade_set_text(_unbracket(text), expected, asked)


def _grade_set_text(text: str, expected: frozenset[object], asked: Asked) -> Verdict:
    if any(c in text for c in "{}…:|") or ".." in text:
        raise UnreadableError("not_a_set")
    found = readings(text, max(2, len(expected)))
    folds_case = not any(isinstance(e, str) and e.swapcase() in expected for e in expected if e)
    return _best(found, lambda parts: _same_set(parts, expected, asked, folds_case=folds_case))


def _same_set(
    parts: list[str], expected: frozenset[object], asked: Asked, *, folds_case: bool
) -> Verdict:
    elements: set[object] = set()
    verdict = CORRECT
    for part in parts:
        element = _element(part, asked)
        if isinstance(element, Function):
            return WRONG
        if isinstance(element, Number):
            verdict = wrong_form("unevaluated") if element.kind is Kind.SUM else verdict
            elements.add(element.value)
        else:
            elements.add(element)
    if folds_case:
        same = {_folded(e) for e in elements} == {_folded(e) for e in expected}
    else:
        same = elements == expected
    return verdict if same else WRONG


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
