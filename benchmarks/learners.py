"""Logs of simulated pupils, by three kinds of truth that the estimates do not assume.

`tracing`: Bayesian knowledge tracing with the parameters of skills fitted to the public
ASSISTments 2009 log; who gets three in a row often goes on to the next skill. `drifting`: talent
and skills walk at random and rise with practice. `neither`: practice by a power law, forgetting
overnight, days without effort, problems of uneven difficulty, guessing.

``python -m benchmarks.learners KIND SEED`` prints a log that ``dars insights evaluate`` reads.
"""

import csv
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random

Answer = tuple[int, int, int, bool]
_PARAMETERS = Path(__file__).parent / "data/bkt-params-assistments2009.csv"


def tracing(seed: int, pupils: int = 400) -> Iterator[Answer]:
    """Yield pupil, skill, order and whether right, from knowledge tracing."""
    rng = Random(seed)
    with _PARAMETERS.open(encoding="utf-8") as file:
        skills = [{k: float(row[k]) for k in _KEYS} for row in csv.DictReader(file)]
    for pupil in range(pupils):
        talent, order = rng.gauss(0, 0.7), 0
        for skill in rng.sample(range(len(skills)), k=rng.randint(3, 25)):
            for is_right in _traced(rng, skills[skill], talent):
                yield pupil, skill, order, is_right
                order += 1


_KEYS = ("prior", "learn", "guess", "slip")


def _traced(rng: Random, skill: Mapping[str, float], talent: float) -> Iterator[bool]:
    knows = rng.random() < _chance(_logit(skill["prior"]) + talent)
    row = 0
    for _ in range(max(1, int(rng.expovariate(0.1)))):
        chance = 1 - skill["slip"] if knows else skill["guess"]
        is_right = rng.random() < _chance(_logit(chance) + 0.3 * talent + rng.gauss(0, 0.5))
        yield is_right
        row = row + 1 if is_right else 0
        knows = knows or rng.random() < skill["learn"] * math.exp(0.5 * talent)
        if row >= 3 and rng.random() < 0.6:
            return


def drifting(seed: int, pupils: int = 300) -> Iterator[Answer]:
    """Yield pupil, skill, order and whether right, from skills that walk."""
    rng = Random(seed)
    difficulty = [rng.gauss(-0.5, 0.9) for _ in range(60)]
    for pupil in range(pupils):
        talent, own = rng.gauss(0, 1), {s: rng.gauss(0, 0.6) for s in rng.sample(range(60), 20)}
        skill = next(iter(own))
        for order in range(int(rng.lognormvariate(4, 0.8))):
            skill = rng.choice(list(own)) if rng.random() < 0.12 else skill
            yield (
                pupil,
                skill,
                order,
                rng.random() < _chance(talent + own[skill] - difficulty[skill]),
            )
            own[skill] += 0.08 + rng.gauss(0, 0.12)
            talent += rng.gauss(0, 0.03)


def neither(seed: int, pupils: int = 300) -> Iterator[Answer]:
    """Yield pupil, skill, order and whether right, from practice, forgetting and bad days."""
    rng = Random(seed)
    difficulty = [rng.gauss(0, 0.8) for _ in range(40)]
    for pupil in range(pupils):
        talent, pace, order = rng.gauss(0.3, 0.9), rng.uniform(0.16, 0.96), 0
        practised = dict.fromkeys(rng.sample(range(40), 15), 0.0)
        for _ in range(rng.randint(4, 40)):
            effort = -1.2 if rng.random() < 0.12 else 0.0
            practised = {skill: amount * 0.93 for skill, amount in practised.items()}
            today = rng.sample(list(practised), 2)
            for _ in range(rng.randint(5, 12)):
                skill = today[rng.random() < 0.4]
                strength = talent + pace * math.log1p(practised[skill]) - difficulty[skill] + effort
                chance = 0.05 + 0.92 * _chance(strength + rng.gauss(0, 0.7))
                yield pupil, skill, order, rng.random() < chance
                practised[skill], order = practised[skill] + 1, order + 1


def _logit(chance: float) -> float:
    kept = min(max(chance, 0.01), 0.99)
    return math.log(kept / (1 - kept))


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


KINDS: Mapping[str, Callable[..., Iterator[Answer]]] = {
    "tracing": tracing,
    "drifting": drifting,
    "neither": neither,
}


def as_csv(answers: Iterator[Answer]) -> Iterator[str]:
    """Yield the lines of a log."""
    yield "pupil,skill,order,correct\n"
    for pupil, skill, order, is_right in answers:
        yield f"{pupil},{skill},{order},{int(is_right)}\n"


if __name__ == "__main__":
    sys.stdout.writelines(as_csv(KINDS[sys.argv[1]](int(sys.argv[2]))))
