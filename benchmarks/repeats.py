"""Does a pupil meet the same again? Simulated pupils practise daily with Dars' own choice.

Counts what was solved and comes again: the same problem within 30 days, and its family within a
week. What was missed is meant to come again, as another variant where there is one.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from benchmarks.selection import START, Pupil, read_library, read_skills
from src.mastery.memory import ClosedTry, count_in, next_session
from src.practice.choosing import Pick, choose
from src.practice.rules import Candidate, PastAnswer, session_seed

PROBLEM_RESTS, FAMILY_RESTS = timedelta(days=30), timedelta(days=7)


@dataclass
class Found:
    """What came again of what was solved, and what was asked in all.

    Attributes:
        problems: Solved problems asked again too soon, by the slot that chose them.
        families: The same of families.
        slots: Everything that was asked, by slot.
        met: How many families each pupil met.
    """

    problems: Counter[str] = field(default_factory=Counter)
    families: Counter[str] = field(default_factory=Counter)
    slots: Counter[str] = field(default_factory=Counter)
    met: list[int] = field(default_factory=list)


def practise(library: Sequence[Candidate], pupils: int, days: int, grade: int) -> Found:
    """Let pupils of a grade practise every day."""
    rng, found, skills = Random(grade), Found(), read_skills()
    topics = sorted({c.topic for c in library})
    skill_of = {topic: rng.choice(skills) for topic in topics}
    for number in range(pupils):
        pupil = Pupil(rng.gauss(0.3, 0.7), Random(number))
        solved: dict[int, date] = {}
        kin: dict[str, date] = {}
        for day in range(days):
            now = START + timedelta(days=day)
            seed = session_seed(number, now.date(), day)
            wanted = next_session(pupil.memory, now.date())
            picks = choose(library, pupil.past, now=now, seed=seed, wanted=wanted)
            _count(found, picks, solved, kin, now.date())
            for pick in picks:
                problem = pick.problem
                right = pupil.answer(problem, skill_of[problem.topic])
                solved[problem.id] = kin[problem.family] = now.date() if right else date.min
                _note(pupil, problem, right=right, day=day)
        found.met.append(len({answer.family for answer in pupil.past}))
    return found


def _count(
    found: Found,
    picks: Sequence[Pick],
    solved: dict[int, date],
    kin: dict[str, date],
    today: date,
) -> None:
    for pick in picks:
        slot, problem = pick.slot.value, pick.problem
        found.slots[slot] += 1
        if today - solved.get(problem.id, date.min) < PROBLEM_RESTS:
            found.problems[slot] += 1
        if today - kin.get(problem.family, date.min) < FAMILY_RESTS:
            found.families[slot] += 1


def _note(pupil: Pupil, problem: Candidate, *, right: bool, day: int) -> None:
    now = START + timedelta(days=day)
    answer = PastAnswer(problem.id, problem.family, problem.difficulty, right, now, day, right)
    pupil.past.insert(0, answer)
    tried = ClosedTry(
        *(day + 1, now.date(), problem.id, problem.family, problem.topic),
        *(problem.subtopic, problem.difficulty, right, right, False),
    )
    count_in(pupil.memory, [tried])


def main() -> int:
    """Print what came again in each grade; 1 if anything did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pupils", type=int, default=20)
    parser.add_argument("--days", type=int, default=60)
    options = parser.parse_args()
    again = 0
    for grade in (6, 7, 8):
        library = read_library(grade)
        found = practise(library, options.pupils, options.days, grade)
        families = len({c.family for c in library})
        again += found.problems.total() + found.families.total()
        print(
            f"grade {grade}: of {found.slots.total()} problems in {options.days} days, solved "
            f"before and asked again within 30 days: {dict(found.problems) or 0}; their family "
            f"within 7 days: {dict(found.families) or 0}; families met "
            f"{min(found.met)}-{max(found.met)} of {families}; by slot {dict(found.slots)}"
        )
    return int(again > 0)


if __name__ == "__main__":
    raise SystemExit(main())
