"""The grader: typed answer and stored answer to a verdict. Pure: no I/O, no clock."""

from src.answers.diagnose import Mistake, diagnose, normalise_key
from src.answers.grade import grade, grade_problem
from src.answers.leaks.detector import contains_answer
from src.answers.near import near_miss
from src.answers.verdicts import (
    AnswerKeyError,
    AnswerType,
    GradableProblem,
    Outcome,
    StepCard,
    Verdict,
)

__all__ = [
    "AnswerKeyError",
    "AnswerType",
    "GradableProblem",
    "Mistake",
    "Outcome",
    "StepCard",
    "Verdict",
    "contains_answer",
    "diagnose",
    "grade",
    "grade_problem",
    "near_miss",
    "normalise_key",
]
