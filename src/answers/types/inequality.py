"""Grades inequalities: the interval of a solved one, and the form "the letter stands alone"."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from src.answers.reading.algebra import Evaluator, Function
from src.answers.reading.grammar import Tree, parse_expression
from src.answers.reading.polynomials import Polynomial
from src.answers.reading.text import fold
from src.answers.reading.wording import peel, peel_tail
from src.answers.types.algebraic import check_words, fold_case
from src.answers.types.numeric import Asked
from src.answers.verdicts import (
    CORRECT,
    WRONG,
    AnswerKeyError,
    UnreadableError,
    Verdict,
    wrong_form,
)

_SPELLINGS = (
    (re.compile(r"≯"), "≤"),
    (re.compile(r"≮"), "≥"),
    (re.compile(r"= ?>|> ?="), "≥"),
    (re.compile(r"= ?<|< ?="), "≤"),
    (re.compile(r"!=|=/=|< ?>"), "≠"),
    (
        re.compile(
            r"\b(?:is )?(?:greater than or equal to|at least|not less than)\b", re.IGNORECASE
        ),
        "≥",
    ),
    (
        re.compile(
            r"\b(?:is )?(?:less than or equal to|at most|not greater than)\b", re.IGNORECASE
        ),
        "≤",
    ),
    (re.compile(r"\b(?:is )?(?:greater|more|bigger|larger) than\b", re.IGNORECASE), ">"),
    (re.compile(r"\b(?:is )?(?:less|smaller) than\b", re.IGNORECASE), "<"),
)
_BANGLA_RELATION = re.compile(
    r"^(?P<letter>[a-zA-Z]),?(?: ?-?এর মান)?,? (?P<number>-?[\d./]+) ?-?(?:এর|র)? ?(?:চেয়ে|থেকে) "
    r"(?P<word>বড়|বেশি|ছোট|কম)$"
)
_JOINT = re.compile(r",|;|\n|(?<![a-zA-Zঀ-৥])(?:and|এবং|ও|আর)(?![a-zA-Zঀ-৥])|&+")
_RELATION = re.compile(r"([<>≤≥≠=])")
_LEAD = re.compile(r"^[:⇒∴ ]*(?:(?:ans(?:wer)?|উত্তর|solution|সমাধান)[ .:=]*)?", re.IGNORECASE)
# As romanised Bangla: a product of n and a nowhere in the library, a denial in any chat.
_DENIED = re.compile(r"(?<![a-zA-Z])(?:na|no|not|noy)$", re.IGNORECASE)
_MIRROR = {"<": ">", ">": "<", "≤": "≥", "≥": "≤", "=": "=", "≠": "≠"}


@dataclass(frozen=True, slots=True)
class Solution:
    """What relations say together: for one letter an interval, else the relations themselves."""

    letter: str
    low: tuple[Fraction, bool] | None = None
    high: tuple[Fraction, bool] | None = None
    other: frozenset[object] = frozenset()


def read_relations(text: str) -> tuple[Solution, bool]:
    """Return the solution, and whether it was written solved for the letter.

    Raises:
        UnreadableError: with the reason.
    """
    text = _spell_relations(text)
    relations = [relation for piece in _JOINT.split(text) for relation in _relations(piece)]
    solved = all(_is_solved(left, right) for left, _, right in relations)
    return _solve([(_subtract(left, right), sign) for left, sign, right in relations]), solved


def _spell_relations(text: str) -> str:
    for pattern, sign in _SPELLINGS:
        text = pattern.sub(sign, text)
    return text


def _relations(piece: str) -> list[tuple[Tree, str, Tree]]:
    sides = _RELATION.split(piece)
    if len(sides) < 3:
        raise UnreadableError("no_relation")
    trees = [parse_expression(side.strip(), x_is_times=False) for side in sides[::2]]
    return list(zip(trees, sides[1::2], trees[1:], strict=False))


def _subtract(left: Tree, right: Tree) -> Function:
    return Evaluator().evaluate(("sub", left, right))


def _is_solved(left: Tree, right: Tree) -> bool:
    number = right if left[0] == "var" else left if right[0] == "var" else None
    if number is None:
        return False
    value = Evaluator().evaluate(number).constant()
    while number[0] in {"neg", "pos"}:
        number = number[1]
    if number[0] == "div":
        return value is not None and value.denominator != 1 and not _has_sums(number)
    return value is not None and number[0] in {"num", "add"}


def _has_sums(tree: Tree) -> bool:
    return any(
        part[0] in {"div", "mul", "imul", "pow"} for part in tree[1:] if isinstance(part, tuple)
    )


def _solve(relations: list[tuple[Function, str]]) -> Solution:
    letters = {letter for difference, _ in relations for letter in difference.letters()}
    bounds = [_bound(difference, sign) for difference, sign in relations]
    if len(letters) != 1 or not all(bounds):
        keys = frozenset(_normal(difference, sign) for difference, sign in relations)
        return Solution("", other=keys)
    letter = letters.pop()
    low = high = None
    other: set[object] = set()
    for sign, value in filter(None, bounds):
        if sign in ">≥":
            low = max(filter(None, (low, (value, sign == ">"))))
        elif sign in "<≤":
            high = min(filter(None, (high, (value, sign == "≤"))))
        else:
            other.add((sign, value))
    return Solution(letter, low, high, frozenset(other))


def _bound(difference: Function, sign: str) -> tuple[str, Fraction] | None:
    """Solve a·x + b < 0 for x."""
    if set(difference.bottom) != {()}:
        return None
    linear = [mono for mono in difference.top if mono]
    if len(linear) != 1 or len(linear[0]) != 1 or linear[0][0][1] != 1:
        return None
    slope = difference.top[linear[0]] * difference.bottom[()]
    value = Fraction(-difference.top.get((), 0), difference.top[linear[0]])
    return (_MIRROR[sign] if slope < 0 else sign), value


def _normal(difference: Function, sign: str) -> object:
    """Relations of several letters: the same up to a positive factor and the side."""
    top: Polynomial = difference.top
    if not top or set(difference.bottom) != {()}:
        raise UnreadableError("relation_unclear")
    lead = top[max(top)]
    scaled = frozenset((mono, Fraction(c, lead)) for mono, c in top.items())
    return scaled, (_MIRROR[sign] if lead * difference.bottom[()] < 0 else sign)


@lru_cache(maxsize=1024)
def stored_solution(stored: str) -> Solution:
    """Read the stored inequality.

    Raises:
        AnswerKeyError: it cannot be read.
    """
    try:
        return read_relations(peel(fold(stored), colon=False))[0]
    except UnreadableError as error:
        raise AnswerKeyError(f"stored answer {stored!r} is unreadable: {error.reason}") from error


def grade_inequality(typed: str, asked: Asked) -> Verdict:
    """Grade an inequality: equal solutions are correct, when the letter stands alone."""
    expected = stored_solution(asked.stored)
    solution, solved = read_inequality(typed, asked)
    if solution != expected:
        return WRONG
    return CORRECT if solved or not expected.letter else wrong_form("unsolved")


def read_inequality(typed: str, asked: Asked) -> tuple[Solution, bool]:
    """Return the typed solution, and whether it was written solved.

    Raises:
        UnreadableError: it is not an inequality.
    """
    letter = stored_solution(asked.stored).letter
    text = peel_tail(_LEAD.sub("", peel_tail(typed)).rstrip(" .।,;"))
    if _DENIED.search(text):
        raise UnreadableError("words")
    if match := _BANGLA_RELATION.match(text):
        sign = ">" if match["word"] in {"বড়", "বেশি"} else "<"
        text = f"{match['letter']} {sign} {match['number']}"
    check_words(_spell_relations(_JOINT.sub(" ", text)), letter)
    if re.match(r"[<>≤≥]", text) and letter:
        text = letter + text
    return read_relations(fold_case(text, letter))
