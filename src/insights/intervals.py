"""How many of the next problems a pupil will get right: a range that holds in 8 of 10 cases.

The middle is the share right of the last 70 answers, drawn towards the mean of all pupils. The
width is not derived from a model: it is the error that the same prediction made for other pupils
with about as many answers (split conformal prediction, Vovk et al. 2005). The trend between
two windows makes the prediction worse; it is left out.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

AHEAD = 35
LEAST_ANSWERS = 25
CONFIDENCE = 0.8
_WINDOW = 70
# How many answers the mean of all pupils weighs.
_PRIOR_WEIGHT = 8
# With fewer errors of others than this, no width can be stated.
LEAST_ERRORS = 20
# Errors are kept apart by how many answers stood behind the prediction.
_STEPS = (25, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class Interval:
    """An expected share of right answers with its 80 % range, all between 0 and 1."""

    low: float
    expected: float
    high: float

    def holds(self, share: float) -> bool:
        """Return whether a share lies in the range, ends included."""
        return self.low <= share <= self.high


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often ranges held what came; None where there were none.

    Attributes:
        intervals: How many ranges were stated.
        coverage: The share of them that held.
        half_width: Half their mean width.
    """

    intervals: int
    coverage: float | None
    half_width: float | None


Errors = Mapping[int, Sequence[float]]


def expected_share(answers: Sequence[bool], mean: float) -> float:
    """Return the share of the next answers that a pupil is expected to get right.

    Args:
        answers: The pupil's first tries so far, oldest first.
        mean: The share that all pupils get right.
    """
    window = answers[-_WINDOW:]
    return (sum(window) + _PRIOR_WEIGHT * mean) / (len(window) + _PRIOR_WEIGHT)


def predict(answers: Sequence[bool], mean: float, errors: Errors) -> Interval | None:
    """Predict the share right of the next 35 answers.

    Args:
        answers: The pupil's first tries so far, oldest first.
        mean: The share that all pupils get right.
        errors: What `errors_of` found for other pupils.

    Returns:
        The range, or None with too few answers or too few other pupils to know its width.
    """
    step = _step(len(answers))
    if step is None or (width := _quantile(errors.get(step, ()))) is None:
        return None
    middle = expected_share(answers, mean)
    return Interval(max(middle - width, 0.0), middle, min(middle + width, 1.0))


def errors_of(pupils: Iterable[Sequence[bool]], mean: float) -> dict[int, list[float]]:
    """Return by how much predictions missed, by how many answers stood behind them."""
    errors: dict[int, list[float]] = {step: [] for step in _STEPS}
    for answers in pupils:
        for seen, share in _outcomes(answers):
            step = _step(seen)
            assert step is not None
            errors[step].append(abs(expected_share(answers[:seen], mean) - share))
    # In order: whoever asks for a quantile sorts them again, which then costs next to nothing.
    return {step: sorted(missed) for step, missed in errors.items()}


def interval_coverage(pupils: Sequence[Sequence[bool]]) -> Coverage:
    """Return how often ranges hold: each half of the pupils is predicted by the other's errors."""
    halves = pupils[::2], pupils[1::2]
    stated: list[tuple[Interval, float]] = []
    for known, others in (halves, halves[::-1]):
        stated += _predicted(others, known)
    if not stated:
        return Coverage(0, None, None)
    return Coverage(
        len(stated),
        fmean(interval.holds(share) for interval, share in stated),
        fmean(interval.high - interval.low for interval, _ in stated) / 2,
    )


def _predicted(
    pupils: Sequence[Sequence[bool]], known: Sequence[Sequence[bool]]
) -> Iterator[tuple[Interval, float]]:
    seen_by_known = [is_correct for answers in known for is_correct in answers]
    if not seen_by_known:
        return
    mean = fmean(seen_by_known)
    errors = errors_of(known, mean)
    for answers in pupils:
        for seen, share in _outcomes(answers):
            if (interval := predict(answers[:seen], mean, errors)) is not None:
                yield interval, share


def _outcomes(answers: Sequence[bool]) -> Iterator[tuple[int, float]]:
    """Yield each moment of prediction, 35 answers apart, with what came after it."""
    for seen in range(LEAST_ANSWERS, len(answers) - AHEAD + 1, AHEAD):
        yield seen, fmean(answers[seen : seen + AHEAD])


def _step(seen: int) -> int | None:
    return max((step for step in _STEPS if step <= seen), default=None)


def _quantile(errors: Sequence[float]) -> float | None:
    """Return the error that 8 of 10 others stay within, with the correction for few of them."""
    rank = math.ceil((len(errors) + 1) * CONFIDENCE)
    return sorted(errors)[rank - 1] if len(errors) >= LEAST_ERRORS else None
