"""Estimates of what a pupil can do: ratings with their doubt, moved by each first try.

The chance of a right first try is a logistic function of *pupil + skill - problem*, as in Elo
rating of pupils and items (Pelanek 2016, "Applications of the Elo rating system in adaptive
educational systems"). Each of the three carries a variance, as Glicko does (Glickman 1999): what is
little known moves far, what is well known hardly, and a prediction from little knowledge stays near
one half.
Practice itself lifts a skill a little, right or wrong: it is why pupils practise.
"""

import math
from dataclasses import dataclass

# How fast what is known of a pupil or a skill grows old, as variance for each answer.
_PUPIL_DRIFT = 0.005
_SKILL_DRIFT = 0.02
# What one answer teaches, in logits.
_GAIN = 0.06
_LEAST_CHANCE = 0.01


@dataclass(frozen=True, slots=True)
class Rating:
    """A belief about a pupil, a pupil's skill or a problem.

    Attributes:
        value: The best guess, in logits.
        variance: The doubt about it, in squared logits.
    """

    value: float
    variance: float


NEW_PUPIL = Rating(0.0, 0.6)
NEW_SKILL = Rating(0.0, 0.6)
# An average pupil gets two in three right.
NEW_PROBLEM = Rating(-0.7, 0.5)


@dataclass(frozen=True, slots=True)
class Ratings:
    """What is believed of the three that meet in an answer: who, what about, and which problem."""

    pupil: Rating = NEW_PUPIL
    skill: Rating = NEW_SKILL
    problem: Rating = NEW_PROBLEM

    @property
    def advantage(self) -> float:
        """How far the pupil is above the problem, in logits."""
        return self.pupil.value + self.skill.value - self.problem.value

    @property
    def variance(self) -> float:
        """The doubt about the advantage."""
        return self.pupil.variance + self.skill.variance + self.problem.variance


def chance_of_right(ratings: Ratings) -> float:
    """Return the chance that the first try is right, between 0.01 and 0.99.

    The mean of a logistic function over a normal belief (MacKay 1992: the argument shrinks by
    the square root of ``1 + pi * variance / 8``).
    """
    shrunk = ratings.advantage / math.sqrt(1 + math.pi * ratings.variance / 8)
    return min(max(_logistic(shrunk), _LEAST_CHANCE), 1 - _LEAST_CHANCE)


def after_first_try(ratings: Ratings, *, is_correct: bool) -> Ratings:
    """Return what is believed after a first try.

    One step of an extended Kalman filter for a logistic observation: each rating moves by its share
    of the doubt. Only first tries count: later ones were helped by the verdict on the one before.

    Args:
        ratings: What was believed before.
        is_correct: Whether the first try was right, without help.
    """
    guess = _logistic(ratings.advantage)
    weight = guess * (1 - guess)
    shrink = 1 + weight * ratings.variance
    surprise, certainty = (is_correct - guess) / shrink, weight / shrink
    return Ratings(
        _moved(ratings.pupil, surprise, certainty, _PUPIL_DRIFT),
        _moved(ratings.skill, surprise, certainty, _SKILL_DRIFT, gain=_GAIN),
        _moved(ratings.problem, -surprise, certainty),
    )


def _moved(
    rating: Rating, surprise: float, certainty: float, drift: float = 0.0, gain: float = 0.0
) -> Rating:
    return Rating(
        rating.value + rating.variance * surprise + gain,
        rating.variance - rating.variance**2 * certainty + drift,
    )


def _logistic(logits: float) -> float:
    return 1 / (1 + math.exp(-logits)) if logits >= 0 else 1 - 1 / (1 + math.exp(logits))
