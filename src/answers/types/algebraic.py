"""Grades expressions: equality of rational functions first, then the form that was asked for."""

import re
from functools import lru_cache

from src.answers.reading.algebra import Evaluator, Function, equal
from src.answers.reading.grammar import Tree, parse_expression, spell_expression
from src.answers.reading.polynomials import Budget
from src.answers.reading.text import fold
from src.answers.reading.units import parse_unit
from src.answers.reading.wording import has_number_words, peel
from src.answers.types.forms import fault_of_expression
from src.answers.types.number_for_pi import has_number_for_pi
from src.answers.types.numeric import Asked
from src.answers.verdicts import (
    CORRECT,
    WRONG,
    AnswerKeyError,
    UnreadableError,
    Verdict,
    wrong_form,
)

_WORD = re.compile(r"[a-zA-Z]{3,}|[ক-হ][ঀ-৥]*[া-্][ঀ-৥]*")
_UNIT_TAILS = (
    re.compile(r"(?<=[\dπ)])(?P<unit>[a-zA-Zঀ-৥.]{2,}(?:\^ ?\(?[23]\)?|[23])?)$"),
    re.compile(r" (?P<unit>[a-zA-Zঀ-৥.°]{2,}(?:/[a-zA-Zঀ-৥.]+)?(?: ?\^ ?\(?[23]\)?|[23])?)$"),
    re.compile(r" (?P<unit>[a-zA-Zঀ-৥.]{2,} [a-zA-Zঀ-৥.]{2,})$"),
)
_PRIME_LIST = re.compile(r"[\d^() ]+(?:[,;][\d^() ]+)+")
# Two letters that are a word more often than a product.
_SHORT_WORDS = re.compile(r"(?<![a-zA-Z])(?:sq|by|cu|er|ki|is|to)(?![a-zA-Z])", re.IGNORECASE)


@lru_cache(maxsize=4096)
def stored_expression(stored: str) -> tuple[Tree, Function, str]:
    """Read the stored expression: tree, value, and its letters in the case that was typed.

    Raises:
        AnswerKeyError: it cannot be read.
    """
    try:
        tree = parse_expression(peel(fold(stored)))
        return tree, Evaluator().evaluate(tree), "".join(sorted(_letters_of(tree)))
    except UnreadableError as error:
        raise AnswerKeyError(f"stored answer {stored!r} is unreadable: {error.reason}") from error


def _letters_of(tree: Tree) -> set[str]:
    if tree[0] == "var":
        return set() if tree[1] == "π" else {tree[1]}
    return {letter for part in tree[1:] if isinstance(part, tuple) for letter in _letters_of(part)}


def fold_case(text: str, letters: str) -> str:
    """Give the letters the case of the stored ones, unless the stored answer uses both cases."""
    if len({letter.lower() for letter in letters}) < len(letters):
        return text
    cases = {letter.swapcase(): letter for letter in letters}
    return "".join(cases.get(c, c) for c in text)


def grade_expression(typed: str, asked: Asked) -> Verdict:
    """Grade an algebraic expression."""
    stored_tree, stored, letters = stored_expression(asked.stored)
    tree = read_expression(typed, letters, form=asked.options.form)
    budget = Budget()
    value = Evaluator(budget).evaluate(tree)
    if not equal(value, stored, budget):
        return _unequal(tree, stored, budget)
    reason = fault_of_expression(tree, stored_tree, asked.options.form, budget)
    return wrong_form(reason) if reason else CORRECT


def read_expression(typed: str, letters: str, *, form: str | None = None) -> Tree:
    """Read a folded text as an expression in about these letters.

    Raises:
        UnreadableError: with the reason.
    """
    text = fold_case(peel(typed), letters)
    if has_number_words(text):
        raise UnreadableError("number_words")
    text = _without_unit(text, letters)
    x_is_times = "x" not in letters.lower()
    if form == "prime_factors" and _PRIME_LIST.fullmatch(text):
        return ("pos", parse_expression(re.sub("[,;]", "*", text)))  # a list is no product
    if "=" in text:
        return _last_of_chain(text, letters, x_is_times=x_is_times)
    check_words(text, letters)
    return parse_expression(text, x_is_times=x_is_times)


def _last_of_chain(text: str, letters: str, *, x_is_times: bool) -> Tree:
    """Read what stands after the last `=`, when all sides are the same."""
    sides = [side for side in text.split("=") if side.strip()]
    if not sides:
        raise UnreadableError("not_an_expression")
    for side in sides:
        check_words(side, letters)
    trees = [parse_expression(side, x_is_times=x_is_times) for side in sides]
    budget = Budget()
    values = [Evaluator(budget).evaluate(tree) for tree in trees]
    if not all(equal(value, values[-1], budget) for value in values[:-1]):
        raise UnreadableError("sides_differ")
    return trees[-1]


def _without_unit(text: str, letters: str) -> str:
    """Take off a unit such as cm², taka or বর্গ সেমি that is no product of the stored letters."""
    for pattern in reversed(_UNIT_TAILS):
        match = pattern.search(text)
        if match is None or not match.start() or parse_unit(match["unit"]) is None:
            continue
        if not set(re.sub(r"[^a-zA-Zঀ-৥]", "", match["unit"])) <= set(letters):
            return text[: match.start()]
    return text


def check_words(text: str, letters: str) -> None:
    """Refuse words of three letters and more that are no product of the stored letters."""
    spelled = spell_expression(text)
    for word in (*_WORD.findall(spelled), *_SHORT_WORDS.findall(spelled)):
        if not set(word.lower()) <= set(letters.lower()) | {"π"}:
            raise UnreadableError("words")


def _unequal(tree: Tree, stored: Function, budget: Budget) -> Verdict:
    """1/2x is (1/2)·x; where 1/(2x) would have been right, ask what is meant."""
    other = _divide_by_all(tree)
    if other != tree and equal(Evaluator(budget).evaluate(other), stored, budget):
        raise UnreadableError("ambiguous_division")
    places = len(tree[1].partition(".")[2]) if tree[0] == "num" else 2
    if has_number_for_pi(Evaluator(budget).evaluate(tree), stored, places, budget):
        return wrong_form("in_pi")
    return WRONG


def _divide_by_all(tree: Tree) -> Tree:
    """Return the reading in which a product without sign binds tighter than `/`."""
    parts = tuple(_divide_by_all(part) if isinstance(part, tuple) else part for part in tree)
    if parts[0] == "imul" and parts[1][0] == "div":
        return ("div", parts[1][1], ("imul", parts[1][2], parts[2]))
    return parts
