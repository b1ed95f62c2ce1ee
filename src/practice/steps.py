"""A problem step by step: small questions on the way, each judged, none costs a try."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from src.answers import Outcome, StepCard, grade_problem
from src.errors import StaleAction
from src.language import Bilingual
from src.practice import queries
from src.practice.results import Place, ProblemCard, ResponseChange

OFFERED_AFTER = 2
"""So many wrong answers, and the steps are offered."""
TRIES = 2
"""So many wrong answers to a step, and its answer is shown: a step is help, no test."""
LONGEST_STORED = 500


@dataclass(frozen=True, slots=True)
class StepAsked:
    """A step that a pupil is asked.

    Attributes:
        number: From 1.
        total: How many there are.
        text: The question.
    """

    number: int
    total: int
    text: Bilingual


@dataclass(frozen=True, slots=True)
class StepTaken:
    """What came of an answer to a step.

    Attributes:
        outcome: The grader's verdict.
        shown: The answer of the step, where it was shown because of wrong ones.
        asked: The step that is asked next, or once more; None when all are done.
    """

    outcome: Outcome
    shown: str | None
    asked: StepAsked | None


def offers_steps(problem: ProblemCard, attempts: int) -> bool:
    """Return whether to offer the steps of a problem after so many wrong answers."""
    return bool(problem.steps) and attempts == OFFERED_AFTER


def current_step(place: Place) -> StepAsked | None:
    """Return the step at which the pupil is; None where they answer the problem itself."""
    at = place.opened.step_at
    return None if at is None else _asked(place.problem, at)


async def begin(db: AsyncSession, place: Place) -> StepAsked:
    """Begin with the steps of the current problem, or go on with them.

    Raises:
        StaleAction: The problem has none.
    """
    asked = _asked(place.problem, place.opened.step_at or 1)
    if asked is None:
        raise StaleAction
    changed: ResponseChange = {"with_steps": True, "step_at": asked.number}
    await queries.save_response(db, place.session_id, place.problem.id, changed)
    return asked


async def answer(db: AsyncSession, place: Place, typed: str, at: datetime) -> StepTaken:
    """Judge an answer to the step at which the pupil is."""
    number, response_id = place.opened.step_at, place.opened.response_id
    assert number is not None
    assert response_id is not None
    card = card_of((place.problem.steps or ())[number - 1])
    outcome = grade_problem(typed, card).outcome
    row = {"step": number, "typed": typed.replace("\0", "")[:LONGEST_STORED], "verdict": outcome}
    await queries.add_step(db, response_id, at=at, **row)
    wrong = await queries.count_wrong_at_step(db, response_id, number)
    is_over = outcome is Outcome.CORRECT or (outcome is Outcome.WRONG and wrong >= TRIES)
    if not is_over:
        return StepTaken(outcome, None, _asked(place.problem, number))
    following = _asked(place.problem, number + 1)
    step_at = following.number if following else None
    await queries.update_response(db, response_id, step_at=step_at)
    shown = None if outcome is Outcome.CORRECT else card.answer
    return StepTaken(outcome, shown, following)


def card_of(step: Mapping[str, Any]) -> StepCard:
    """Return a stored step as the grader reads it."""
    return StepCard(step["en"], step["bn"], step["answer"], step["type"], step["options"])


def _asked(problem: ProblemCard, number: int) -> StepAsked | None:
    steps = problem.steps or ()
    if not 1 <= number <= len(steps):
        return None
    step = steps[number - 1]
    return StepAsked(number, len(steps), Bilingual(step["en"], step["bn"]))
