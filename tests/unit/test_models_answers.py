"""The tables accept what the grader says: the models may not import it."""

from enum import StrEnum

import pytest
from sqlalchemy import CheckConstraint

from src.answers import AnswerType, Outcome
from src.models import Base


@pytest.mark.parametrize(
    ("table", "check", "values"),
    [
        ("problems", "ck_problems_answer_type", AnswerType),
        ("attempts", "ck_attempts_verdict", Outcome),
        ("responses", "ck_responses_last_verdict", Outcome),
    ],
)
def test_a_check_names_the_values_of_the_grader(
    table: str, check: str, values: type[StrEnum]
) -> None:
    [condition] = [
        str(constraint.sqltext)
        for constraint in Base.metadata.tables[table].constraints
        if isinstance(constraint, CheckConstraint) and constraint.name == check
    ]
    assert sorted(condition.split("'")[1::2]) == sorted(values)
