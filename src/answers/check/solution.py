"""Holds a stored answer against its `solution_check`, written from the question by the author."""

import re
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from src.answers.check.calculator import Calculator, parse_check
from src.answers.check.values import Ratio, Value, as_set, same, set_key
from src.answers.grade import asked_of
from src.answers.reading.algebra import Function, constant
from src.answers.reading.text import fold
from src.answers.types.algebraic import stored_expression
from src.answers.types.inequality import read_relations, stored_solution
from src.answers.types.lists import stored_list
from src.answers.types.measure import stored_measure
from src.answers.types.numeric import Asked, stored_number
from src.answers.types.ratios import stored_ratio
from src.answers.types.sets import stored_set
from src.answers.types.words import read_boolean
from src.answers.verdicts import AnswerKeyError, AnswerType, GradableProblem, UnreadableError

_UNCOMPUTABLE = {AnswerType.TEXT, AnswerType.CHOICE, AnswerType.BOOLEAN}
_MAX_LENGTH = 1_000
_ANSWER = re.compile(r"(?<![a-z])ans")


def check_solution(check: str, problem: GradableProblem) -> list[str]:
    """Return what is wrong with an answer according to its check, in words; empty when it holds.

    Args:
        check: clauses joined by `;`, each `value: EXPR`, `verify: RELATION`, `truth: RELATION`,
            `which: RELATION | RELATION …` (one for each choice), `slip: RELATION | RELATION …`
            (one for each step) or `fact: TEXT`.
        problem: the problem with its stored answer.
    """
    clauses = [clause.strip() for clause in check.split(";") if clause.strip()]
    if not clauses:
        return ["solution_check is empty"]
    if len(check) > _MAX_LENGTH:
        return [f"solution_check is longer than {_MAX_LENGTH} characters"]
    try:
        asked, answer_type = asked_of(problem), AnswerType(problem.answer_type)
    except ValueError as error:
        return [str(error)]
    return [fault for clause in clauses if (fault := _fault(clause, asked, answer_type))]


def _fault(clause: str, asked: Asked, answer_type: AnswerType) -> str | None:
    kind, colon, body = (part.strip() for part in clause.partition(":"))
    judge = _CLAUSES.get(kind)
    if judge is None or not colon or not body:
        return f"{clause!r} is no clause: write {', '.join(f'{name}:' for name in _CLAUSES)}"
    try:
        return judge(body, asked, answer_type)
    except UnreadableError as error:
        return f"{clause!r} cannot be evaluated: {error.reason}"
    except AnswerKeyError as error:
        return str(error)


def _judge_value(body: str, asked: Asked, answer_type: AnswerType) -> str | None:
    if answer_type is AnswerType.INEQUALITY:
        agrees = read_relations(fold(body))[0] == stored_solution(asked.stored)
        return None if agrees else f"value: {body} is not the answer {asked.stored}"
    names = names_of(asked, answer_type)
    value = Calculator({}).value(parse_check(body))
    if _is_answer(value, names["ans"], asked):
        return None
    return f"value: {body} is {_shown(value)}, but the answer is {asked.stored}"


def _is_answer(value: Value, answer: Value, asked: Asked) -> bool:
    if isinstance(answer, Ratio) and isinstance(value, Function) and len(answer.parts) == 2:
        return same(Ratio((value, constant(1))), answer)
    if (
        isinstance(answer, tuple)
        and isinstance(value, tuple | frozenset)
        and not asked.options.ordered
    ):
        if isinstance(value, frozenset):
            return as_set(answer) == value and len(answer) == len(value)
        return Counter(map(set_key, value)) == Counter(map(set_key, answer))
    return same(value, answer)


def _shown(value: Value) -> str:
    if isinstance(value, Function):
        exact = value.constant()
        return "another expression" if exact is None else str(exact)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_shown, value))}]"
    return "another ratio" if isinstance(value, Ratio) else "another set"


def _judge_verify(body: str, asked: Asked, answer_type: AnswerType) -> str | None:
    tree = parse_check(body)
    if tree[0] != "relation" and tree[0] != "call":
        return f"verify: {body} is no relation"
    if Calculator(_names_in(body, asked, answer_type)).holds(tree):
        return None
    return f"verify: {body} does not hold for the answer {asked.stored}"


def _judge_truth(body: str, asked: Asked, answer_type: AnswerType) -> str | None:
    if answer_type is not AnswerType.BOOLEAN:
        return "truth: is for boolean answers only"
    truth = Calculator({}).holds(parse_check(body))
    try:
        expected = read_boolean(fold(asked.stored))
    except UnreadableError:
        return f"stored answer {asked.stored!r} is not true or false"
    return None if truth is expected else f"truth: {body} is {str(truth).lower()}"


def _judge_which(body: str, asked: Asked, answer_type: AnswerType) -> str | None:
    choices = len(asked.options.choices)
    if answer_type is not AnswerType.CHOICE:
        return "which: is for choices only"
    hold = _hold(body)
    if len(hold) != choices:
        return f"which: has {len(hold)} relations for {choices} choices"
    right = [letter for letter, holds in zip("ABCD", hold, strict=False) if holds]
    if right == [asked.stored.strip().upper()]:
        return None
    return f"which: holds for {', '.join(right) or 'none'}, but the answer is {asked.stored}"


def _judge_slip(body: str, asked: Asked, answer_type: AnswerType) -> str | None:
    hold = _hold(body)
    if answer_type is not AnswerType.CHOICE or len(hold) + 1 != len(asked.options.choices):
        return "slip: wants a relation for each step, and choices for the steps and for no slip"
    found = "ABCD"[hold.index(False) if False in hold else len(hold)]
    if found == asked.stored.strip().upper():
        return None
    return f"slip: the first step that does not hold is {found}, but the answer is {asked.stored}"


def _hold(body: str) -> list[bool]:
    return [Calculator({}).holds(parse_check(relation)) for relation in body.split("|")]


def _names_in(body: str, asked: Asked, answer_type: AnswerType) -> Mapping[str, Value]:
    """Return what a relation may name; of a word it may say why it is that word."""
    try:
        return names_of(asked, answer_type)
    except UnreadableError:
        if _ANSWER.search(body):
            raise
        return {}


def _judge_fact(body: str, asked: Asked, answer_type: AnswerType) -> str | None:
    del body, asked
    if answer_type in _UNCOMPUTABLE:
        return None
    return f"fact: is for text, choice and boolean, not for {answer_type}: write value: or verify:"


_CLAUSES = {
    "value": _judge_value,
    "verify": _judge_verify,
    "truth": _judge_truth,
    "which": _judge_which,
    "slip": _judge_slip,
    "fact": _judge_fact,
}


def names_of(asked: Asked, answer_type: AnswerType) -> Mapping[str, Value]:
    """Return the answer as `ans`, its parts as `ans1` …, and what the options call them.

    Raises:
        AnswerKeyError: the stored answer cannot be read.
        UnreadableError: it is of a type that has no value.
    """
    answer = answer_value(asked, answer_type)
    names: dict[str, Value] = {"ans": answer}
    parts = _parts(answer)
    names |= {f"ans{index}": part for index, part in enumerate(parts, start=1)}
    names |= dict(zip(asked.options.vars, parts, strict=False))
    if asked.options.var:
        names[asked.options.var] = answer
    return names


def _parts(answer: Value) -> tuple[Value, ...]:
    if isinstance(answer, Ratio):
        return answer.parts
    if isinstance(answer, frozenset):
        numbers = sorted(element for element in answer if isinstance(element, Fraction))
        return tuple(constant(number) for number in numbers)
    return answer if isinstance(answer, tuple) else ()


def answer_value(asked: Asked, answer_type: AnswerType) -> Value:
    """Return the value of the stored answer; see the guide to problems for each type."""
    stored = asked.stored
    if answer_type in {AnswerType.MONEY, AnswerType.QUANTITY}:
        return _in_its_unit(stored, asked, money=answer_type is AnswerType.MONEY)
    if answer_type is AnswerType.CHOICE:
        return _choice_value(asked)
    if reader := _READERS.get(answer_type):
        return reader(stored)
    raise UnreadableError(f"a {answer_type} has no value: write truth: or fact:")


def _percent(stored: str) -> Value:
    number = stored_number(stored)
    return constant(number.value if number.percent else number.value / 100)


def _elements(stored: str) -> Value:
    return tuple(_element(part) for part in stored_list(stored))


def _element(part: str) -> Value:
    try:
        return constant(stored_number(part).value)
    except AnswerKeyError:
        return stored_expression(part)[1]


def _set(stored: str) -> Value:
    elements = stored_set(stored)
    if any(isinstance(element, str) and len(element) > 1 for element in elements):
        raise UnreadableError("a set of words has no value")
    letters = {e: Function({((e, 1),): 1}) for e in elements if isinstance(e, str)}
    return frozenset(set_key(letters[e]) if isinstance(e, str) else e for e in elements)


def _in_its_unit(stored: str, asked: Asked, *, money: bool) -> Value:
    measure = stored_measure(stored, asked.options.unit, money=money)
    assert measure.unit is not None
    return Calculator({}).times(measure.value, constant(1 / measure.unit.factor))


def _choice_value(asked: Asked) -> Value:
    index = "ABCD".find(asked.stored.strip().upper())
    if not 0 <= index < len(asked.options.choices):
        raise AnswerKeyError(f"stored answer {asked.stored!r} is not the letter of a choice")
    text = asked.options.choices[index][0]
    for read in (_number, lambda t: _in_its_unit(t, asked, money=False), _expression):
        try:
            return read(text)
        except AnswerKeyError:
            continue
    raise UnreadableError(f"the choice {text!r} has no value: write fact:")


def _number(stored: str) -> Value:
    return constant(stored_number(stored).value)


def _expression(stored: str) -> Value:
    return stored_expression(stored)[1]


def _ratio(stored: str) -> Value:
    return Ratio(tuple(constant(part) for part in stored_ratio(stored)))


_READERS = {
    AnswerType.NUMBER: _number,
    AnswerType.PERCENT: _percent,
    AnswerType.EXPRESSION: _expression,
    AnswerType.RATIO: _ratio,
    AnswerType.TUPLE: _elements,
    AnswerType.LIST: _elements,
    AnswerType.SET: _set,
}
