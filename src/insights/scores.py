"""How good predictions were: ranking, log loss, calibration; how good flags were."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

_BINS = 10


@dataclass(frozen=True, slots=True)
class Prediction:
    """A chance that was stated before an answer, and the answer.

    Attributes:
        chance: Of a right answer, above 0 and below 1.
        is_correct: Whether it was right.
    """

    chance: float
    is_correct: bool


@dataclass(frozen=True, slots=True)
class PredictionScore:
    """What a run of predictions was worth; None where there is nothing to say.

    Attributes:
        answers: How many were scored.
        auc: The chance that a right answer was given a higher chance than a wrong one.
        log_loss: The mean of ``-log(chance of what happened)``.
        calibration_error: The mean gap between chance and share right, over ten bins of chances.
    """

    answers: int
    auc: float | None
    log_loss: float | None
    calibration_error: float | None


@dataclass(frozen=True, slots=True)
class FlagScore:
    """What a flag was worth.

    Attributes:
        cases: How many could have been flagged.
        base_rate: The share of them that needed the flag.
        precision: The share of flags that were needed; None without a flag.
        recall: The share of the needed that were raised; None where none was.
    """

    cases: int
    base_rate: float | None
    precision: float | None
    recall: float | None


def score_predictions(predictions: Sequence[Prediction]) -> PredictionScore:
    """Score predictions of answers."""
    if not predictions:
        return PredictionScore(0, None, None, None)
    losses = [-math.log(p.chance if p.is_correct else 1 - p.chance) for p in predictions]
    return PredictionScore(
        len(predictions),
        _auc(predictions),
        math.fsum(losses) / len(losses),
        _calibration_error(predictions),
    )


def score_flags(cases: Iterable[tuple[bool, bool]]) -> FlagScore:
    """Score flags: pairs of whether it was raised and whether it was needed."""
    found = list(cases)
    raised, needed = sum(flag for flag, _ in found), sum(need for _, need in found)
    both = sum(flag and need for flag, need in found)
    return FlagScore(
        len(found), _share(needed, len(found)), _share(both, raised), _share(both, needed)
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _auc(predictions: Sequence[Prediction]) -> float | None:
    """Return the area under the curve by ranks, equal chances sharing theirs (Mann-Whitney)."""
    right = sum(p.is_correct for p in predictions)
    wrong = len(predictions) - right
    if not right or not wrong:
        return None
    before, ranks = 0, 0.0
    ordered = sorted(predictions, key=lambda p: p.chance)
    for _, equal in groupby(ordered, key=lambda p: p.chance):
        tied = [p.is_correct for p in equal]
        ranks += sum(tied) * (before + (len(tied) + 1) / 2)
        before += len(tied)
    return (ranks - right * (right + 1) / 2) / (right * wrong)


def _calibration_error(predictions: Sequence[Prediction]) -> float:
    gaps = [0.0] * _BINS
    for p in predictions:
        gaps[min(int(p.chance * _BINS), _BINS - 1)] += p.chance - p.is_correct
    return math.fsum(map(abs, gaps)) / len(predictions)
