"""What the grader answers, and the two ways in which reading a text can fail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class AnswerType(StrEnum):
    """The kinds of answer that a problem can ask for."""

    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    QUANTITY = "quantity"
    RATIO = "ratio"
    EXPRESSION = "expression"
    INEQUALITY = "inequality"
    TUPLE = "tuple"
    SET = "set"
    LIST = "list"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    TEXT = "text"


class Outcome(StrEnum):
    """What a fair teacher says about a typed answer."""

    CORRECT = "correct"
    WRONG = "wrong"
    WRONG_FORM = "wrong_form"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome, and for `wrong_form` and `unreadable` a stable reason in snake_case.

    `reading` is what was read in the place of what was typed, where the pupil should see it: 3/4
    for "three fourths". It is no part of the verdict.
    """

    outcome: Outcome
    reason: str | None = None
    reading: str | None = field(default=None, compare=False)


CORRECT = Verdict(Outcome.CORRECT)
WRONG = Verdict(Outcome.WRONG)


def wrong_form(reason: str) -> Verdict:
    """Return the verdict for a right value in a form that was not asked for."""
    return Verdict(Outcome.WRONG_FORM, reason)


class UnreadableError(Exception):
    """The text cannot be read as an answer of the asked type; `reason` says why."""

    def __init__(self, reason: str, reading: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reading = reading


class AnswerKeyError(ValueError):
    """The stored answer or its options cannot be read: the fault of the problem's author."""


class GradableProblem(Protocol):
    """What the grader needs to know about a problem."""

    @property
    def answer(self) -> str:
        """The right answer; for a choice its letter."""

    @property
    def answer_type(self) -> AnswerType | str:
        """One of the thirteen types."""

    @property
    def answer_options(self) -> Mapping[str, Any]:
        """What the question asks beyond the value."""

    @property
    def choices(self) -> Mapping[str, Sequence[str]] | None:
        """The texts to choose from, by language."""

    @property
    def question_en(self) -> str:
        """The question in English."""

    @property
    def question_bn(self) -> str:
        """The question in Bangla."""

    @property
    def misconceptions(self) -> Sequence[Mapping[str, str]]:
        """Typical wrong answers: answer, name, en, bn."""


@dataclass(frozen=True, slots=True)
class StepCard:
    """A step on the way to an answer, judged like a problem: satisfies `GradableProblem`."""

    question_en: str
    question_bn: str
    answer: str
    answer_type: AnswerType | str
    answer_options: Mapping[str, Any]
    choices: None = None
    misconceptions: tuple[()] = ()
