"""What the estimates and flags of Dars are worth on any log of answers.

Everything is prequential: a chance is stated before its answer is seen, and learnt from afterwards.
Nothing is fitted beforehand; the constants are those that pupils of Dars meet.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from src.insights.answer_log import LoggedAnswer
from src.insights.intervals import Coverage, interval_coverage
from src.insights.scores import (
    FlagScore,
    Prediction,
    PredictionScore,
    score_flags,
    score_predictions,
)
from src.insights.stuck import WITHIN, gets_there, is_stuck
from src.mastery.rules import (
    NEW_PROBLEM,
    NEW_PUPIL,
    NEW_SKILL,
    Rating,
    Ratings,
    after_first_try,
    chance_of_right,
)

# More than 3 wrong of the first 7: the rule of Kolibri's "needs help".
_KOLIBRI_WRONG, _KOLIBRI_OF = 3, 7
# A pupil of whom nothing is known: the mean weighs two answers.
_MEAN_WEIGHT = 2


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores of the estimate, the interval and the flag next to their baselines.

    Attributes:
        pupils: How many pupils the log holds.
        skills: How many skills.
        estimate: The estimate of mastery, over all answers.
        later_half: The same over the half of the pupils who came later, when problems are known.
        pupil_mean: The baseline: each pupil's own share right so far.
        next_answers: How often the 80 % range for the share right of the next 35 answers held.
        stuck: The flag "stuck": no three right in a row within ten answers on a skill.
        kolibri: The baseline: more than 3 wrong of the first 7.
    """

    pupils: int
    skills: int
    estimate: PredictionScore
    later_half: PredictionScore
    pupil_mean: PredictionScore
    next_answers: Coverage
    stuck: FlagScore
    kolibri: FlagScore


def evaluate(log: Sequence[LoggedAnswer]) -> Evaluation:
    """Run mastery, prediction and flags over a log, in its order."""
    chances, afterwards = _stated(log)
    predictions = _paired(log, chances)
    pupils = list(dict.fromkeys(answer.pupil for answer in log))
    later = set(pupils[len(pupils) // 2 :])
    cases = _cases(log, afterwards)
    return Evaluation(
        len(pupils),
        len({answer.skill for answer in log}),
        score_predictions(predictions),
        score_predictions([p for p, a in zip(predictions, log, strict=True) if a.pupil in later]),
        score_predictions(_paired(log, _means(log))),
        interval_coverage(_by_pupil(log)),
        score_flags((is_stuck(case.answers, case.chances), case.needed) for case in cases),
        score_flags((_kolibri(case.answers), case.needed) for case in cases),
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """The first answers of a pupil on a skill, and whether practice alone did not suffice."""

    answers: Sequence[bool]
    chances: Sequence[float]
    needed: bool


def _stated(log: Sequence[LoggedAnswer]) -> tuple[list[float], list[float]]:
    """Return the chance stated before each answer, and that of another right one after it."""
    pupils: dict[str, Rating] = defaultdict(lambda: NEW_PUPIL)
    skills: dict[tuple[str, str], Rating] = defaultdict(lambda: NEW_SKILL)
    problems: dict[str, Rating] = defaultdict(lambda: NEW_PROBLEM)
    before, after = [], []
    for answer in log:
        who, what = answer.pupil, (answer.pupil, answer.skill)
        ratings = Ratings(pupils[who], skills[what], problems[answer.skill])
        before.append(chance_of_right(ratings))
        ratings = after_first_try(ratings, is_correct=answer.is_correct)
        after.append(chance_of_right(ratings))
        pupils[who], skills[what] = ratings.pupil, ratings.skill
        problems[answer.skill] = ratings.problem
    return before, after


def _means(log: Iterable[LoggedAnswer]) -> list[float]:
    """Return each pupil's share right before each answer, drawn towards that of all so far."""
    seen: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    right, total = 1, 2
    means = []
    for answer in log:
        own = seen[answer.pupil]
        means.append((own[0] + _MEAN_WEIGHT * right / total) / (own[1] + _MEAN_WEIGHT))
        own[0], own[1] = own[0] + answer.is_correct, own[1] + 1
        right, total = right + answer.is_correct, total + 1
    return means


def _paired(log: Iterable[LoggedAnswer], chances: Iterable[float]) -> list[Prediction]:
    return [Prediction(c, a.is_correct) for c, a in zip(chances, log, strict=True)]


def _by_pupil(log: Iterable[LoggedAnswer]) -> list[list[bool]]:
    answers: dict[str, list[bool]] = defaultdict(list)
    for answer in log:
        answers[answer.pupil].append(answer.is_correct)
    return list(answers.values())


def _cases(log: Sequence[LoggedAnswer], chances: Sequence[float]) -> list[_Case]:
    """Return every pupil and skill of which it is known whether practice alone sufficed."""
    found: dict[tuple[str, str], list[tuple[bool, float]]] = defaultdict(list)
    for answer, chance in zip(log, chances, strict=True):
        found[answer.pupil, answer.skill].append((answer.is_correct, chance))
    cases = []
    for steps in found.values():
        answers, after = zip(*steps[:WITHIN], strict=True)
        if (there := gets_there(answers)) is not None:
            cases.append(_Case(answers, after, needed=not there))
    return cases


def _kolibri(answers: Sequence[bool]) -> bool:
    first = answers[:_KOLIBRI_OF]
    return len(first) - sum(first) > _KOLIBRI_WRONG
