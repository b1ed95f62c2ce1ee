"""A plain problem, as the grader sees one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class PlainProblem:
    answer: str
    answer_type: str = "number"
    question_en: str = "How many?"
    question_bn: str = "কত?"
    answer_options: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, Sequence[str]] | None = None
    misconceptions: Sequence[Mapping[str, str]] = ()
