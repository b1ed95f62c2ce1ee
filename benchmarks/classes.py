"""Simulated classes whose truth is known: who is stuck, away, falling, rushing, and who is steady.

Written before the rules that look for them. A pupil practises on most days at an own rhythm, five
problems a day over the topics of a class; each topic is known to some degree that grows slowly.
What is planted begins on a day that nobody tells the rules.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from src.insights.practice import PracticeAnswer

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOPICS = tuple(f"topic-{n}" for n in range(8))
KINDS = ("steady", "steady", "steady", "steady", "stuck", "away", "falling", "rushing")
_PROBLEMS = 40


@dataclass(frozen=True)
class SimulatedPupil:
    """A pupil, what is planted, and what they did.

    Attributes:
        name: A number, as a text.
        kind: One of `KINDS`.
        topic: On which topic a stuck pupil is stuck.
        since: From which day it holds, counted from the start.
        answers: In their order.
    """

    name: str
    kind: str
    topic: str
    since: int
    answers: tuple[PracticeAnswer, ...]


def simulate_class(seed: int, pupils: int = 30, days: int = 60) -> list[SimulatedPupil]:
    """Return a class; the same for the same arguments on any machine."""
    rng = Random(seed)
    difficulty = [rng.gauss(0, 0.4) for _ in range(_PROBLEMS * len(TOPICS))]
    kinds = [KINDS[n % len(KINDS)] for n in range(pupils)]
    return [_simulate(rng, str(n), kind, difficulty, days) for n, kind in enumerate(kinds)]


def _simulate(
    rng: Random, name: str, kind: str, difficulty: list[float], days: int
) -> SimulatedPupil:
    talent = rng.gauss(1.1, 0.4)
    if kind == "falling":
        talent = max(talent, 1.1)
    pupil = SimulatedPupil(name, kind, rng.choice(TOPICS), rng.randint(20, 30), ())
    levels = {topic: talent + rng.gauss(0, 0.4) for topic in TOPICS}
    rhythm, pace = rng.uniform(0.6, 0.95), rng.lognormvariate(math.log(55), 0.25)
    answers: list[PracticeAnswer] = []
    for day in range(days):
        if rng.random() > rhythm or (kind == "away" and day >= pupil.since):
            continue
        answers += _practise(rng, pupil, levels, difficulty, day, pace)
    return replace(pupil, answers=tuple(answers))


def _practise(
    rng: Random,
    pupil: SimulatedPupil,
    levels: dict[str, float],
    difficulty: list[float],
    day: int,
    pace: float,
) -> Iterator[PracticeAnswer]:
    planted = day >= pupil.since
    at = START + timedelta(days=day, minutes=rng.randint(0, 240))
    topics = rng.sample(TOPICS, 5)
    if planted and pupil.kind == "stuck" and pupil.topic not in topics:
        topics[2] = pupil.topic
    for topic in topics:
        problem = TOPICS.index(topic) * _PROBLEMS + rng.randrange(_PROBLEMS)
        strength = levels[topic] - difficulty[problem]
        seconds = pace * rng.lognormvariate(0, 0.4)
        if planted and pupil.kind == "stuck" and topic == pupil.topic:
            strength = -1.3
        if planted and pupil.kind == "falling":
            strength -= 1.6
        if planted and pupil.kind == "rushing":
            strength, seconds = -1.2, seconds * 0.12
        right = rng.random() < 1 / (1 + math.exp(-strength))
        hints = 0 if right or rng.random() < 0.4 else rng.randint(1, 3)
        at += timedelta(seconds=seconds)
        yield PracticeAnswer(at, topic, problem, right, hints, max(1, round(seconds)))
        levels[topic] += 0.01
