"""The grader: a typed answer, the stored one, its type and options, to a verdict."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from src.answers.copying import is_copied
from src.answers.limits import MAX_POWERS
from src.answers.options import read_options
from src.answers.reading.text import fold, odd_letters
from src.answers.second_look import looks
from src.answers.types.algebraic import grade_expression
from src.answers.types.choices import grade_choice
from src.answers.types.inequality import grade_inequality
from src.answers.types.lists import grade_list, grade_tuple
from src.answers.types.measure import grade_money, grade_quantity, in_unit_asked
from src.answers.types.numeric import Asked, grade_number, grade_percent
from src.answers.types.ratios import grade_ratio
from src.answers.types.sets import grade_set
from src.answers.types.words import grade_boolean, grade_text, is_chatter
from src.answers.verdicts import (
    CORRECT,
    WRONG,
    AnswerKeyError,
    AnswerType,
    GradableProblem,
    Outcome,
    UnreadableError,
    Verdict,
    wrong_form,
)

_GRADERS: dict[AnswerType, Callable[[str, Asked], Verdict]] = {
    AnswerType.NUMBER: grade_number,
    AnswerType.PERCENT: grade_percent,
    AnswerType.MONEY: grade_money,
    AnswerType.QUANTITY: grade_quantity,
    AnswerType.RATIO: grade_ratio,
    AnswerType.EXPRESSION: grade_expression,
    AnswerType.INEQUALITY: grade_inequality,
    AnswerType.TUPLE: grade_tuple,
    AnswerType.SET: grade_set,
    AnswerType.LIST: grade_list,
    AnswerType.BOOLEAN: grade_boolean,
    AnswerType.CHOICE: grade_choice,
    AnswerType.TEXT: grade_text,
}
_POWER = re.compile(r"(?:\^|\*\*)[ (-]*(\d+)")
_RIGHT = frozenset({Outcome.CORRECT, Outcome.WRONG_FORM})
_MOST_LOOKS = 4  # one after the other
_BEYOND = frozenset({"too_complex", "too_many_tokens", "too_deep", "number_too_large"})
_MULTILINE = frozenset({AnswerType.TUPLE, AnswerType.LIST, AnswerType.SET, AnswerType.INEQUALITY})


def grade(
    typed: str,
    stored: str,
    answer_type: AnswerType | str,
    options: Mapping[str, Any] | None = None,
) -> Verdict:
    """Judge a typed answer.

    Args:
        typed: what the pupil typed, any text at all.
        stored: the right answer, as its author wrote it.
        answer_type: one of the thirteen types.
        options: what the question asks beyond the value; docs/answers.md lists them.

    Raises:
        AnswerKeyError: the stored answer, its type or its options cannot be read.
    """
    return judge(typed, type_of(answer_type), Asked(stored, read_options(options)))


def type_of(answer_type: AnswerType | str) -> AnswerType:
    """Return the type.

    Raises:
        AnswerKeyError: there is no such type.
    """
    try:
        return AnswerType(answer_type)
    except ValueError as error:
        raise AnswerKeyError(f"unknown answer type: {answer_type!r}") from error


def judge(typed: str, answer_type: AnswerType, asked: Asked) -> Verdict:
    """Judge a typed answer to what is asked; `grade` and `grade_problem` say how to get there."""
    return judge_as_read(typed, answer_type, asked)[0]


def judge_as_read(typed: str, answer_type: AnswerType, asked: Asked) -> tuple[Verdict, str]:
    """Judge a typed answer, and return also the folded text that the verdict is about."""
    try:
        text = _fold_typed(typed)
    except UnreadableError as error:
        return Verdict(Outcome.UNREADABLE, error.reason), typed
    verdict = _judge_folded(text, answer_type, asked)
    if verdict.outcome in _RIGHT:
        return verdict, text
    verdict, read = _look_again(text, verdict, answer_type, asked)
    if verdict.outcome not in _RIGHT and (reason := odd_letters(typed)):
        return Verdict(Outcome.UNREADABLE, reason), text
    return verdict, read


def _judge_folded(text: str, answer_type: AnswerType, asked: Asked) -> Verdict:
    if "\n" in text and answer_type not in _MULTILINE:
        return Verdict(Outcome.UNREADABLE, "several_lines")
    try:
        if answer_type is AnswerType.NUMBER and (quantity := in_unit_asked(text, asked)):
            answer_type, asked = AnswerType.QUANTITY, quantity
        verdict = _GRADERS[answer_type](text, asked)
    except UnreadableError as error:
        return Verdict(Outcome.UNREADABLE, error.reason, error.reading)
    if verdict.outcome is Outcome.WRONG_FORM and "=" in text:
        verdict = _best_side(text, answer_type, asked) or verdict
    if verdict is CORRECT and is_copied(text, asked, answer_type):
        return wrong_form("copied_from_question")
    return verdict


def _best_side(text: str, answer_type: AnswerType, asked: Asked) -> Verdict | None:
    """Return CORRECT where a side of a true chain has the form asked for: 3/4 = 0.75."""
    for side in text.split("=")[:-1]:
        if side.strip() and _judge_folded(side.strip(), answer_type, asked) is CORRECT:
            return CORRECT
    return None


def _look_again(
    text: str, first: Verdict, answer_type: AnswerType, asked: Asked, *, left: int = _MOST_LOOKS
) -> tuple[Verdict, str]:
    """Hold the other readings against the stored answer before the first is called wrong."""
    if first is WRONG and answer_type is not AnswerType.BOOLEAN and is_chatter(text):
        return Verdict(Outcome.UNREADABLE, "no_answer"), text
    if not left or first.reason in _BEYOND:  # no spelling makes it shorter
        return first, text
    for look in looks(text, answer_type, asked):
        if look.text == text:
            continue
        verdict = _judge_folded(look.text, answer_type, asked)
        if verdict.outcome in _RIGHT:
            final = verdict if look.sure else Verdict(Outcome.UNREADABLE, look.reason)
            return _show(final, look.shown), look.text
        if look.sure:  # what else can be meant is sought in the plainer text
            final, read = _look_again(look.text, verdict, answer_type, asked, left=left - 1)
            return _show(final, look.shown), read
    return first, text


def _show(verdict: Verdict, reading: str | None) -> Verdict:
    if not reading or verdict.reading:
        return verdict
    shown = re.sub(r"\^\((\w+)\)", r"^\1", reading).replace("*", "×")
    return replace(verdict, reading=shown)


def _fold_typed(typed: str) -> str:
    text = fold(typed)
    if "^" in text or "**" in text:
        _check_powers(text)
    return text


def _check_powers(text: str) -> None:
    exponents = _POWER.findall(text)
    if any(len(digits) > 3 for digits in exponents):
        raise UnreadableError("exponent_too_large")
    if sum(int(digits) for digits in exponents) > MAX_POWERS:
        raise UnreadableError("too_complex")


def grade_problem(typed: str, problem: GradableProblem) -> Verdict:
    """Judge a typed answer to a problem, with its options, its choices and its question.

    Raises:
        AnswerKeyError: the stored answer, its type or its options cannot be read.
    """
    return judge(typed, type_of(problem.answer_type), asked_of(problem))


def asked_of(problem: GradableProblem) -> Asked:
    """Return what a problem asks: its stored answer, its options with choices, its question."""
    raw = dict(problem.answer_options or {})
    if problem.choices:
        columns = [list(texts) for texts in problem.choices.values()]
        raw["choices"] = [tuple(text for text in row if text) for row in zip_longest(*columns)]
    question = re.sub(r"\s+", " ", f"{problem.question_en} . {problem.question_bn}")
    return Asked(problem.answer, read_options(raw), question)
