"""What practice says of one pupil: where it goes, what to expect, with its doubt beside it.

Two windows are compared and nothing is extrapolated: a change between two windows says the opposite
of the next change more often than not.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from src.insights.intervals import (
    LEAST_ANSWERS,
    Errors,
    Interval,
    errors_of,
    interval_coverage,
    predict,
)

# The later window and the one before it, in answers.
LATER, EARLIER = 40, 80
LEAST_IN_WINDOW = 20
LEAST_DAYS = 5
_SURE = 0.95
# The 80 % range of a normal distribution.
_Z80 = 1.2816


@dataclass(frozen=True, slots=True)
class PracticeAnswer:
    """A closed problem of a pupil.

    Attributes:
        at: When it was closed, aware.
        topic: Its topic.
        problem: Its id.
        first_right: Whether the first try was right, without help.
        hints: How many hints were taken.
        seconds: How long it took.
    """

    at: datetime
    topic: str
    problem: int
    first_right: bool
    hints: int
    seconds: int


class Trend(StrEnum):
    """Where a share goes, as far as it can be said."""

    RISING = "rising"
    FALLING = "falling"
    NO_CLEAR_CHANGE = "no_clear_change"
    TOO_LITTLE_DATA = "too_little_data"


@dataclass(frozen=True, slots=True)
class Momentum:
    """Two windows compared; numbers are None with too little data.

    Attributes:
        trend: The word.
        earlier: The share right in the earlier window.
        later: The share right in the later window.
        change: The difference, with its 80 % range: -1 to 1.
        answers: How many answers stand in the two windows.
        window: The first and the last local day of the two; None where there is none.
    """

    trend: Trend
    earlier: float | None
    later: float | None
    change: Interval | None
    answers: int
    window: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """The share right of the next 35 answers.

    Attributes:
        expected: With its 80 % range; None where too little is known.
        answers: How many answers it rests on.
        days: On how many days they were given.
        coverage: How often such ranges held lately; None where that was not measured.
        window: The first and the last local day of those answers; None where there is none.
    """

    expected: Interval | None
    answers: int
    days: int
    coverage: float | None
    window: tuple[date, date] | None = None


def calculate_grade_momentum(answers: Sequence[PracticeAnswer]) -> Momentum:
    """Compare the last 40 answers of a pupil with up to 80 before them.

    Args:
        answers: All of the pupil, oldest first.
    """
    later = [a.first_right for a in answers[-LATER:]]
    earlier = [a.first_right for a in answers[-LATER - EARLIER : -LATER]]
    seen = len(later) + len(earlier)
    window = _window(answers[-LATER - EARLIER :])
    if min(len(later), len(earlier)) < LEAST_IN_WINDOW:
        return Momentum(Trend.TOO_LITTLE_DATA, None, None, None, seen, window)
    change = change_between(earlier, later)
    fell = chance_of_drop(earlier, later, 0.0)
    trend = Trend.NO_CLEAR_CHANGE
    if max(fell, 1 - fell) >= _SURE:
        trend = Trend.FALLING if fell >= _SURE else Trend.RISING
    return Momentum(trend, _share(earlier), _share(later), change, seen, window)


def _window(answers: Sequence[PracticeAnswer]) -> tuple[date, date] | None:
    days = [answer.at.date() for answer in answers]
    return (min(days), max(days)) if days else None


def change_between(earlier: Sequence[bool], later: Sequence[bool]) -> Interval:
    """Return the difference of two shares with its 80 % range, by the normal approximation.

    Each share is the mean of a Beta posterior with one right and one wrong before anything is seen.
    """
    (first, first_variance), (second, second_variance) = _posterior(earlier), _posterior(later)
    middle, doubt = second - first, _Z80 * math.sqrt(first_variance + second_variance)
    return Interval(max(middle - doubt, -1.0), middle, min(middle + doubt, 1.0))


def chance_of_drop(earlier: Sequence[bool], later: Sequence[bool], points: float) -> float:
    """Return the chance that a share fell by at least so much, 0 to 1."""
    (first, first_variance), (second, second_variance) = _posterior(earlier), _posterior(later)
    standard = math.sqrt(first_variance + second_variance)
    return 0.5 * math.erfc((points - (first - second)) / (standard * math.sqrt(2)))


def predict_final_grade(
    answers: Sequence[PracticeAnswer],
    mean: float,
    errors: Errors,
    *,
    coverage: float | None = None,
) -> Forecast:
    """Return the share of the next 35 answers that a pupil is expected to get right.

    Args:
        answers: All of the pupil, oldest first.
        mean: The share that all pupils get right.
        errors: By how much such predictions missed for others; see `intervals.errors_of`.
        coverage: How often such ranges held lately.
    """
    days = len({answer.at.date() for answer in answers})
    expected = None
    if len(answers) >= LEAST_ANSWERS and days >= LEAST_DAYS:
        expected = predict([answer.first_right for answer in answers], mean, errors)
    return Forecast(expected, len(answers), days, coverage, _window(answers))


def forecast_each(
    pupils: Mapping[int, Sequence[PracticeAnswer]],
) -> dict[int, Forecast]:
    """Return for each of some pupils what to expect; how wide the range is, the others say.

    Args:
        pupils: Those of one class with all of their answers, oldest first.
    """
    tries = {pupil: [one.first_right for one in answers] for pupil, answers in pupils.items()}
    known = [right for answers in tries.values() for right in answers]
    mean = sum(known) / len(known) if known else 0.0
    coverage = interval_coverage(list(tries.values())).coverage
    missed = {pupil: errors_of([answers], mean) for pupil, answers in tries.items()}
    return {
        pupil: predict_final_grade(answers, mean, _of_others(missed, pupil), coverage=coverage)
        for pupil, answers in pupils.items()
    }


def _of_others(missed: Mapping[int, Errors], pupil: int) -> Errors:
    """Return by how much predictions missed for all but one."""
    others = [errors for other, errors in missed.items() if other != pupil]
    steps = {step for errors in others for step in errors}
    return {step: [one for errors in others for one in errors[step]] for step in steps}


@dataclass(frozen=True, slots=True)
class Insight:
    """A sentence to be said: the key of its text, and the numbers in it.

    Attributes:
        key: Of a Fluent text.
        values: What stands in it; each equals a figure of the pupil's page.
    """

    key: str
    values: Mapping[str, int | str]


_MOST_INSIGHTS = 5
_LEAST_ON_TOPIC = 5


def generate_performance_insights(answers: Sequence[PracticeAnswer]) -> list[Insight]:
    """Return at most five things worth saying of a pupil's last 40 answers, each with its count.

    Args:
        answers: All of the pupil, oldest first.
    """
    recent = answers[-LATER:]
    if len(recent) < _LEAST_ON_TOPIC:
        return [Insight("insight-too-little", {"answers": len(recent)})]
    found = [_overall(recent), *_by_topic(recent), *_trend(answers), *_helped(recent)]
    return found[:_MOST_INSIGHTS]


def _overall(recent: Sequence[PracticeAnswer]) -> Insight:
    right = sum(answer.first_right for answer in recent)
    days = len({answer.at.date() for answer in recent})
    return Insight("insight-overall", {"right": right, "answers": len(recent), "days": days})


def _by_topic(recent: Sequence[PracticeAnswer]) -> list[Insight]:
    """Name the strongest and the weakest topic, where they differ."""
    tallies = {
        topic: [a.first_right for a in recent if a.topic == topic]
        for topic in sorted({answer.topic for answer in recent})
    }
    known = {topic: tried for topic, tried in tallies.items() if len(tried) >= _LEAST_ON_TOPIC}
    ordered = sorted(known, key=lambda topic: _share(known[topic]))
    if len(ordered) < 2 or _share(known[ordered[0]]) == _share(known[ordered[-1]]):
        return []
    return [
        Insight(key, {"topic": topic, "right": sum(known[topic]), "answers": len(known[topic])})
        for key, topic in (("insight-strong", ordered[-1]), ("insight-hard", ordered[0]))
    ]


def _trend(answers: Sequence[PracticeAnswer]) -> list[Insight]:
    momentum = calculate_grade_momentum(answers)
    if momentum.trend not in {Trend.RISING, Trend.FALLING}:
        return []
    assert momentum.earlier is not None
    assert momentum.later is not None
    shares = {"before": round(100 * momentum.earlier), "now": round(100 * momentum.later)}
    return [Insight(f"insight-{momentum.trend}", shares)]


def _helped(recent: Sequence[PracticeAnswer]) -> list[Insight]:
    helped = sum(answer.hints > 0 for answer in recent)
    return [Insight("insight-hints", {"helped": helped, "answers": len(recent)})] if helped else []


def _posterior(answers: Sequence[bool]) -> tuple[float, float]:
    """Return mean and variance of a Beta posterior."""
    seen, mean = len(answers) + 2, (sum(answers) + 1) / (len(answers) + 2)
    return mean, mean * (1 - mean) / (seen + 1)


def _share(answers: Sequence[bool]) -> float:
    return sum(answers) / len(answers)
