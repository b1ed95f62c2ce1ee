"""Are five chosen problems neither too hard nor too easy? Simulated pupils with a known truth.

Each pupil knows each topic or not and learns it by practice, as in Bayesian knowledge tracing; the
parameters of a topic are those of a skill fitted to the public ASSISTments 2009 log
(``benchmarks/data``). Difficulty 1 and 3 shift the chance of a right answer by a logit of one half
up and one down; a pupil's talent shifts it too.
"""

import argparse
import csv
import math
import statistics
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from src.content.library import check_paths
from src.content.reader import ParsedRow
from src.content.rows import ProblemRow
from src.mastery.memory import ClosedTry, Memory, count_in, next_session
from src.practice.choosing import choose
from src.practice.rules import Candidate, PastAnswer, session_seed

ROOT = Path(__file__).resolve().parents[1]
PARAMETERS = ROOT / "benchmarks/data/bkt-params-assistments2009.csv"
SHIFT = {1: 0.5, 2: 0.0, 3: -1.0}
START = datetime(2026, 1, 4, 12, tzinfo=UTC)
WANTED = (0.70, 0.85)
REST = timedelta(days=14)


@dataclass(frozen=True)
class Skill:
    """Knowledge-tracing parameters: chances of knowing at first, learning, guessing, slipping."""

    prior: float
    learn: float
    guess: float
    slip: float


@dataclass
class Pupil:
    """A pupil with a talent and what they know so far."""

    talent: float
    rng: Random
    knows: dict[str, bool] = field(default_factory=dict)
    past: list[PastAnswer] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)

    def answer(self, problem: Candidate, skill: Skill) -> bool:
        """Answer a problem, and maybe learn its topic."""
        known = self.knows.setdefault(problem.topic, self.rng.random() < skill.prior)
        chance = 1 - skill.slip if known else skill.guess
        chance = min(max(chance, 0.02), 0.98)
        logit = math.log(chance / (1 - chance)) + SHIFT[problem.difficulty] + self.talent
        self.knows[problem.topic] = known or self.rng.random() < skill.learn
        return self.rng.random() < 1 / (1 + math.exp(-logit))


def read_skills() -> list[Skill]:
    """Read the parameters of every skill with enough answers."""
    with PARAMETERS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = ("prior", "learn", "guess", "slip")
    return [Skill(**{name: float(row[name]) for name in names}) for row in rows]


def read_library(grade: int) -> list[Candidate]:
    """Read the problems of a grade as they are chosen from."""
    found = check_paths([ROOT / "content"], check=lambda _: ())
    problems = [item.problem for item in found if isinstance(item, ParsedRow)]
    return [as_candidate(number, p) for number, p in enumerate(problems) if p.grade == grade]


def as_candidate(number: int, p: ProblemRow) -> Candidate:
    """Return a problem of the files as it is chosen from."""
    family = p.variant_of or p.external_id
    place = (p.topic, p.subtopic, p.difficulty)
    return Candidate(number, family, *place, p.stem, p.part or 0, p.scene)


def simulate(grade: int, pupils: int, sessions: int) -> tuple[list[float], list[float], int]:
    """Return each pupil's share of right answers, that of each week, and repeats within 14 days."""
    library = {c.id: c for c in read_library(grade)}
    rng = Random(grade)
    skills = read_skills()
    topics = sorted({c.topic for c in library.values()})
    skill_of = {topic: rng.choice(skills) for topic in topics}
    shares, weeks, repeats = [], [Counter[bool]() for _ in range(-(-sessions // 7))], 0
    for number in range(pupils):
        pupil = Pupil(rng.gauss(0.3, 0.7), Random(number))
        for day in range(sessions):
            now = START + timedelta(days=day)
            seed = session_seed(number, now.date(), day)
            picks = choose(
                list(library.values()),
                pupil.past,
                now=now,
                seed=seed,
                wanted=next_session(pupil.memory, now.date()),
            )
            chosen = [pick.problem.id for pick in picks]
            recent = {
                p.problem_id for p in pupil.past if p.is_correct and p.answered_at > now - REST
            }
            repeats += len(recent & set(chosen))
            for problem_id in chosen:
                problem = library[problem_id]
                right = pupil.answer(problem, skill_of[problem.topic])
                weeks[day // 7][right] += 1
                answer = PastAnswer(
                    problem_id, problem.family, problem.difficulty, right, now, day, right
                )
                pupil.past.insert(0, answer)
                tried = ClosedTry(
                    *(day + 1, now.date(), problem_id, problem.family, problem.topic),
                    *(problem.subtopic, problem.difficulty, right, right, False),
                )
                count_in(pupil.memory, [tried])
            pupil.past = pupil.past[:400]
        shares.append(sum(p.is_correct for p in pupil.past) / len(pupil.past))
    return shares, [week[True] / week.total() for week in weeks], repeats


def main() -> None:
    """Print the shares for each grade."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pupils", type=int, default=60)
    parser.add_argument("--sessions", type=int, default=35)
    options = parser.parse_args()
    low, high = WANTED
    for grade in (6, 7, 8):
        shares, weeks, repeats = simulate(grade, options.pupils, options.sessions)
        within = sum(low <= share <= high for share in shares) / len(shares)
        print(
            f"grade {grade}: right {statistics.mean(shares):.1%} on average (wanted {low:.0%}-"
            f"{high:.0%}), {within:.0%} of pupils within, by week "
            f"{' '.join(f'{week:.0%}' for week in weeks)}; solved problems asked again within "
            f"14 days: {repeats}"
        )


if __name__ == "__main__":
    main()
