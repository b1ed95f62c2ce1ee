"""Do pupils learn more by one choice of problems than by another? Simulated pupils, a known truth.

Three kinds of truth answer what they are asked: `tracing` (knowledge tracing with slips and
overnight forgetting, with parameters of skills fitted to the public ASSISTments 2009 log),
`drifting` (talent and skills that rise with practice and fall without) and `neither` (a power law
of practice, forgetting, bad days, guessing). Four choices: Dars; Dars as it was before families
that were missed came back; at random; OATutor's rule (Bayesian knowledge tracing for each
sub-topic, what is at .95 left out, then the lowest).

A sub-topic is truly known where a problem of middle difficulty would be solved with a chance of
`KNOWN` or more. Problems to mastery: what a pupil is asked until `SHARE_TO_KNOW` of the sub-topics
that were unknown at first are known; who does not get there counts with all that were asked.
"""

import argparse
import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from benchmarks.selection import START, Skill, read_library, read_skills
from src.mastery.memory import ClosedTry, Memory, Word, count_in, next_session, word_for
from src.practice.choosing import choose
from src.practice.rules import (
    Candidate,
    PastAnswer,
    difficulty_mix,
    expected_accuracy,
    session_seed,
)

KNOWN = 0.7
SHARE_TO_KNOW = 0.6
LOGIT = {1: -0.7, 2: 0.0, 3: 0.8}
Key = tuple[str, str]


class Learner:
    """A pupil with a truth for each sub-topic; subclasses say how it moves.

    Args:
        keys: The sub-topics.
        skills: Parameters of skills to draw from.
        seed: Makes the pupil reproducible.
    """

    def __init__(self, keys: Sequence[Key], skills: Sequence[Skill], seed: int) -> None:
        self.rng = Random(seed)
        self.talent = self.rng.gauss(0.2, 0.7)
        self.own = {key: self.begin(self.rng.choice(skills)) for key in keys}

    def begin(self, skill: Skill) -> "Truth":
        """Return the truth of a sub-topic before any practice."""
        return Truth(skill, self.rng.random() < skill.prior, self.rng.gauss(-0.4, 0.9))

    def chance(self, key: Key, difficulty: int = 2) -> float:
        """Return the chance of a right answer."""
        raise NotImplementedError

    def practise(self, key: Key) -> None:
        """Learn from a problem."""
        raise NotImplementedError

    def sleep(self) -> None:
        """Forget overnight."""


@dataclass
class Truth:
    """The truth of a sub-topic: whether it is known, how well, how much it was practised."""

    skill: Skill
    knows: bool
    level: float
    practised: float = 0.0


class Tracing(Learner):
    """Knowledge tracing, with forgetting."""

    def chance(self, key: Key, difficulty: int = 2) -> float:
        """Return the chance by slip or guess, shifted by talent and difficulty."""
        truth = self.own[key]
        base = 1 - truth.skill.slip if truth.knows else truth.skill.guess
        base = min(max(base, 0.05), 0.95)
        return _logistic(math.log(base / (1 - base)) + 0.5 * self.talent - LOGIT[difficulty])

    def practise(self, key: Key) -> None:
        """Perhaps come to know it."""
        truth = self.own[key]
        truth.knows = truth.knows or self.rng.random() < truth.skill.learn

    def sleep(self) -> None:
        """Perhaps forget what is known."""
        for truth in self.own.values():
            truth.knows = truth.knows and self.rng.random() > 0.004


class Drifting(Learner):
    """Skills that rise with practice and fall without."""

    def chance(self, key: Key, difficulty: int = 2) -> float:
        """Return the chance by talent and level."""
        return _logistic(self.talent + self.own[key].level - LOGIT[difficulty])

    def practise(self, key: Key) -> None:
        """Rise, by a step that differs."""
        self.own[key].level += 0.18 + self.rng.gauss(0, 0.12)

    def sleep(self) -> None:
        """Fall a little."""
        for truth in self.own.values():
            truth.level -= 0.004


class Neither(Learner):
    """A power law of practice, forgetting, bad days and guessing."""

    effort = 0.0

    def chance(self, key: Key, difficulty: int = 2) -> float:
        """Return the chance by what is left of the practice."""
        truth = self.own[key]
        strength = truth.level + 1.1 * math.log1p(truth.practised) - LOGIT[difficulty]
        return 0.05 + 0.92 * _logistic(self.talent + strength + self.effort)

    def practise(self, key: Key) -> None:
        """Add to the practice."""
        self.own[key].practised += 1

    def sleep(self) -> None:
        """Lose some of it, and draw what the next day is like."""
        self.effort = -1.2 if self.rng.random() < 0.12 else 0.0
        for truth in self.own.values():
            truth.practised *= 0.985


@dataclass
class Course:
    """A pupil who practises by a choice, and what was asked.

    Attributes:
        library: The problems.
        past: Newest first.
        memory: What Dars knows.
        traced: What OATutor believes of each sub-topic.
    """

    library: Sequence[Candidate]
    number: int
    past: list[PastAnswer] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)
    traced: dict[Key, float] = field(default_factory=dict)


def by_dars(course: Course, day: int) -> list[Candidate]:
    """Choose as Dars does."""
    now = START + timedelta(days=day)
    wanted = next_session(course.memory, now.date())
    seed = session_seed(course.number, now.date(), day)
    picks = choose(course.library, course.past[:400], now=now, seed=seed, wanted=wanted)
    return [pick.problem for pick in picks]


def as_before(course: Course, day: int) -> list[Candidate]:
    """Choose as Dars did: what was solved rests for 14 days, topics are spread."""
    now, rng = START + timedelta(days=day), Random(session_seed(course.number, START.date(), day))
    past = course.past[:200]
    rests = {a.family for a in past if a.is_correct and now - a.answered_at < timedelta(days=14)}
    fresh = [c for c in course.library if c.family not in rests]
    rng.shuffle(fresh)
    mix = difficulty_mix(expected_accuracy(past[:30]), Counter(c.difficulty for c in fresh))
    asked = Counter(a.problem_id for a in past)
    practised = Counter(c.topic for c in course.library for _ in range(asked[c.id]))
    chosen: list[Candidate] = []
    for level in rng.sample([d for d, n in mix.items() for _ in range(n)], k=5):
        pool = [c for c in fresh if c.difficulty == level and c not in chosen]
        chosen.append(
            min(
                pool,
                key=lambda c: (
                    sum(x.family == c.family for x in chosen),
                    sum(x.subtopic == c.subtopic for x in chosen),
                    sum(x.topic == c.topic for x in chosen),
                    *(asked[c.id], practised[c.topic]),
                ),
            )
        )
    return chosen


def at_random(course: Course, day: int) -> list[Candidate]:
    """Choose any five."""
    return Random(session_seed(course.number, START.date(), day)).sample(list(course.library), 5)


def by_oatutor(course: Course, day: int) -> list[Candidate]:
    """Take the sub-topics believed least known, but for those at .95; ties at random."""
    rng = Random(session_seed(course.number, START.date(), day))
    pool = [c for c in course.library if course.traced.get(_key(c), 0.3) < 0.95]
    asked = {a.problem_id for a in course.past}
    order = sorted(
        pool if len(pool) >= 5 else course.library,
        key=lambda c: (c.id in asked, course.traced.get(_key(c), 0.3), rng.random()),
    )
    return order[:5]


def _trace(known: float, *, is_right: bool) -> float:
    """Return OATutor's belief after an answer: its fixed slip, guess and learning."""
    slip, guess, learn = 0.1, 0.2, 0.15
    right, wrong = known * (1 - slip), known * slip
    after = right / (right + (1 - known) * guess)
    if not is_right:
        after = wrong / (wrong + (1 - known) * (1 - guess))
    return after + (1 - after) * learn


CHOICES: dict[str, Callable[[Course, int], list[Candidate]]] = {
    "Dars": by_dars,
    "before": as_before,
    "random": at_random,
    "OATutor": by_oatutor,
}
KINDS: dict[str, type[Learner]] = {
    "tracing": Tracing,
    "drifting": Drifting,
    "neither": Neither,
}


@dataclass
class Found:
    """What came of one pupil."""

    to_mastery: int
    false_mastery: float | None
    post_test: float
    unmet: int
    repeats: int
    days_until_repeat: list[int]


def study(learner: Learner, course: Course, choice: str, days: int) -> Found:
    """Let a pupil practise, and test them 30 days later."""
    keys = list(learner.own)
    unknown = [key for key in keys if learner.chance(key) < KNOWN]
    reached, met, unmet, repeats, gaps = 0, set[str](), 0, 0, list[int]()
    last: dict[int, tuple[int, bool]] = {}
    for day in range(days):
        for problem in CHOICES[choice](course, day):
            right = learner.rng.random() < learner.chance(_key(problem), problem.difficulty)
            learner.practise(_key(problem))
            if problem.id in last:
                before, was_right = last[problem.id]
                gaps.append(day - before)
                repeats += day - before < 30 and was_right
            last[problem.id] = day, right
            met.add(problem.family)
            _note(course, problem, day, is_right=right)
            known = sum(learner.chance(key) >= KNOWN for key in unknown)
            if not reached and known >= SHARE_TO_KNOW * len(unknown):
                reached = len(course.past)
        learner.sleep()
        if day == 27:
            unmet = len({c.family for c in course.library} - met)
    strong = [
        k for k, s in course.memory.skills.items() if word_for(s, START.date()) is Word.STRONG
    ]
    false = [learner.chance(key) < KNOWN for key in strong]
    for _ in range(30):
        learner.sleep()
    return Found(
        reached or len(course.past),
        statistics.mean(false) if false else None,
        statistics.mean(learner.chance(key) for key in keys),
        *(unmet, repeats, gaps),
    )


def _note(course: Course, problem: Candidate, day: int, *, is_right: bool) -> None:
    now = START + timedelta(days=day)
    course.past.insert(
        0,
        PastAnswer(
            *(problem.id, problem.family, problem.difficulty, is_right, now, day + 1, is_right)
        ),
    )
    tried = ClosedTry(
        *(day + 1, now.date(), problem.id, problem.family, problem.topic, problem.subtopic),
        *(problem.difficulty, is_right, is_right, False),
    )
    count_in(course.memory, [tried])
    key = _key(problem)
    course.traced[key] = _trace(course.traced.get(key, 0.3), is_right=is_right)


def _key(problem: Candidate) -> Key:
    return problem.topic, problem.subtopic


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def studies(kind: str, choice: str, grade: int, pupils: int, days: int) -> Iterator[Found]:
    """Yield what came of each pupil of a kind."""
    library, skills = read_library(grade), read_skills()
    keys = sorted({_key(c) for c in library})
    for number in range(pupils):
        learner = KINDS[kind](keys, skills, number)
        yield study(learner, Course(library, number), choice, days)


def main() -> None:
    """Print the table for each kind of pupils."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pupils", type=int, default=10)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--grade", type=int, default=7)
    options = parser.parse_args()
    for kind in KINDS:
        print(f"{kind}: {options.pupils} pupils of grade {options.grade}, {options.days} days")
        for choice in CHOICES:
            found = list(studies(kind, choice, options.grade, options.pupils, options.days))
            print(f"  {choice:8} {_line(found)}")


def _line(found: Sequence[Found]) -> str:
    false = [one.false_mastery for one in found if one.false_mastery is not None]
    gaps = [gap for one in found for gap in one.days_until_repeat]
    return (
        f"problems to mastery {statistics.mean(one.to_mastery for one in found):5.0f}"
        f"  false mastery {statistics.mean(false) if false else 0:4.0%}"
        f"  post-test {statistics.mean(one.post_test for one in found):.1%}"
        f"  unmet after 28 days {statistics.mean(one.unmet for one in found):4.1f}"
        f"  days until a repeat {statistics.median(gaps) if gaps else 0:3.0f}"
        f"  solved ones within 30 days {sum(one.repeats for one in found)}"
    )


if __name__ == "__main__":
    main()
