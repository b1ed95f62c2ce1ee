"""Grades answers of several parts: lists and ordered pairs."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from src.answers.reading.algebra import Function
from src.answers.reading.literals import Number
from src.answers.reading.text import fold
from src.answers.reading.values import read_value
from src.answers.reading.wording import has_number_words, peel
from src.answers.types.numeric import Asked, compare, stored_number
from src.answers.verdicts import (
    CORRECT,
    WRONG,
    AnswerKeyError,
    Outcome,
    UnreadableError,
    Verdict,
)

MAX_PARTS = 30
_AND = r"(?<![a-zA-Zঀ-৥])(?:and|or|ও|এবং|বা|অথবা|আর)(?![a-zA-Zঀ-৥])|&"
_SEPARATOR = re.compile(rf" ?(?:[,;\n]\s*(?:{_AND})|[,;\n]|{_AND}) ?")
_WIDE = re.compile(rf" ?(?:, |[;\n]\s*|{_AND}) ?")
_NAMED = re.compile(r"(?<![a-zA-Zঀ-৥])([a-zA-Zঀ-হ]) ?(?:=|:|is |হলো |হল ) ?")
_NAMES_FIRST = re.compile(r"^\(? ?([a-zA-Zঀ-হ]) ?, ?([a-zA-Zঀ-হ])(?: ?, ?([a-zA-Zঀ-হ]))? ?\)? ?= ?")


def readings(text: str, count: int) -> list[list[str]]:
    """Return the ways to split a text into parts; a comma may also group digits."""
    text = unbracket(text)
    splits = [_SEPARATOR.split(text)]
    if _SEPARATOR.search(text) and _WIDE.search(text) and re.search(r"\d,\d", text):
        splits.append(_WIDE.split(text))
    if ";" in text or "\n" in text:
        splits.append(re.split(r"[;\n]", text))
    if len(splits[0]) == 1 and " " in text and count > 1:
        splits = [_split_at_spaces(text, count)]
    cleaned = [[part.strip() for part in split] for split in splits]
    return [split for split in cleaned if all(split) and len(split) <= MAX_PARTS]


def _split_at_spaces(text: str, count: int) -> list[str]:
    named = [piece for piece in re.split(r" (?=[a-zA-Zঀ-হ] ?=)", text) if piece]
    if len(named) > 1:
        return named
    return [text] if re.search(r"[+*=(]", text) else text.split()


def unbracket(text: str) -> str:
    """Take off the brackets around the whole: (2, 3) and ((2, 3))."""
    if text.startswith("((") and text.endswith("))") and text.count("(") == 2:
        text = text[1:-1]
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
    if len(expected) == 2 and asked.options.ordered:  # without an order, how many is the question
        _ask_for_the_rest(typed, 2)
    grade_parts = _grade_in_order if asked.options.ordered else _grade_any_order
    return best_of(
        _list_readings(typed, expected), lambda parts: grade_parts(parts, expected, asked)
    )


def _ask_for_the_rest(typed: str, count: int) -> None:
    """Ask for all parts where only one number is given: 35 or x = 35 for (35, 27).

    Raises:
        UnreadableError: part_missing, whether the one is right or wrong.
    """
    text = peel(typed)
    if count > 1 and re.fullmatch(r"(?:[a-zA-Z] ?= ?)?[-+]? ?\d[\d./]*°?", text):
        raise UnreadableError("part_missing", text)


def _list_readings(typed: str, expected: Sequence[str]) -> list[list[str]]:
    found = readings(_ordering_signs(_peel_name(typed)), len(expected))
    return [[_strip_name(part) for part in parts] for parts in found]


def _grade_in_order(parts: Sequence[str], expected: Sequence[str], asked: Asked) -> Verdict:
    if len(parts) != len(expected):
        _refuse_words(parts, expected, asked)
        return WRONG
    verdicts = [_grade_element(a, b, asked) for a, b in zip(parts, expected, strict=True)]
    return _all_of(verdicts)


def _grade_any_order(parts: Sequence[str], expected: Sequence[str], asked: Asked) -> Verdict:
    remaining, verdicts = list(expected), []
    for part in parts:
        graded = [(_grade_element(part, other, asked), other) for other in remaining]
        match = next((pair for pair in graded if pair[0].outcome is not Outcome.WRONG), None)
        if match is None:
            _refuse_words([part], expected, asked)
            return WRONG
        verdicts.append(match[0])
        remaining.remove(match[1])
    return WRONG if remaining else _all_of(verdicts)


def _all_of(verdicts: Sequence[Verdict]) -> Verdict:
    if WRONG in verdicts:
        return WRONG
    return next((verdict for verdict in verdicts if verdict is not CORRECT), CORRECT)


def best_of(found: Sequence[list[str]], judge: Callable[[list[str]], Verdict]) -> Verdict:
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


def read_element(part: str, asked: Asked) -> Number | Function | str:
    """Read one part: a number, or else a word or letter."""
    try:
        return read_value(part, question=asked.question)
    except UnreadableError:
        if re.fullmatch(r"[a-zA-Zঀ-৥][a-zA-Zঀ-৥ '-]{0,39}", part) and not has_number_words(part):
            return part
        raise


def _refuse_words(parts: Sequence[str], expected: Sequence[str], asked: Asked) -> None:
    """Where numbers are asked, `none` is no answer; a single letter is a wrong one."""
    words = [e for part in parts if isinstance(e := read_element(part, asked), str) and len(e) > 1]
    if words and all(any(c.isdigit() for c in stored) for stored in expected):
        raise UnreadableError("words")


def _grade_element(part: str, expected: str, asked: Asked) -> Verdict:
    typed = read_element(part, asked)
    try:
        stored = stored_number(expected)
    except AnswerKeyError:
        same = isinstance(typed, str) and typed.casefold() == peel(fold(expected)).casefold()
        return CORRECT if same else WRONG
    if isinstance(typed, str):
        _refuse_words([part], [expected], asked)
        return WRONG
    return compare(typed, stored, asked.options)


@lru_cache(maxsize=1024)
def stored_list(stored: str) -> tuple[str, ...]:
    """Split the stored answer into its parts.

    Raises:
        AnswerKeyError: it is not a list.
    """
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
    _ask_for_the_rest(typed, len(expected))
    unnamed = replace(asked, options=replace(asked.options, var=None, vars=()))
    return best_of(
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
    bare = re.sub(r"(?:, ?)?(?:…|\.\.+)$", "", typed.lstrip(" ;:,⇒∴="))
    text = peel(bare, colon=False, names=False)
    return text if re.match(r"[a-zA-Zঀ-হ] ?(?:[=:,]|is )|\(", text) else peel(text)


def read_parts(typed: str, asked: Asked, *, named: bool = False) -> list[Number | Function | str]:
    """Read the parts of a list, or of a tuple (`named`) in the stored order.

    Raises:
        UnreadableError: it is not a list.
    """
    expected = stored_list(asked.stored)
    found = _tuple_readings(typed, expected, asked) if named else _list_readings(typed, expected)
    fault = UnreadableError("not_a_list")
    for parts in found:
        try:
            return [read_element(part, asked) for part in parts]
        except UnreadableError as error:
            fault = error
    raise fault
