"""Pure decisions of a practice session: how hard its problems are, and what follows a verdict."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from itertools import pairwise

from src.answers import Outcome, Verdict

PROBLEMS_IN_SESSION = 5
MAX_ATTEMPTS = 3
LADDER_STEPS = 3
# A poor connection, or an impatient thumb, sends an answer twice.
SENT_TWICE_WITHIN = timedelta(seconds=15)
TAPPED_TWICE_WITHIN = timedelta(seconds=10)
SENT_TWICE = Verdict(Outcome.UNREADABLE, "sent_twice")
SAME_AGAIN = Verdict(Outcome.UNREADABLE, "same_again")
# What was asked again is kept so often for a problem: enough to see where somebody is stuck.
MOST_ASKED_AGAIN = 20
SESSION_LIFETIME = timedelta(hours=24)
# Longer than this nobody thinks about one problem: the pupil was away.
LONGEST_TIME_SPENT = timedelta(minutes=30)
TARGET_ACCURACY = 0.78
DIFFICULTIES = (1, 2, 3)
# What an average pupil gets right at each difficulty before anything is known of this one,
# and how many answers that belief weighs.
PRIOR_ACCURACY: Mapping[int, float] = {1: 0.85, 2: 0.70, 3: 0.50}
PRIOR_WEIGHT = 6
# By so large a share, at least, a harder problem is taken to be solved less often.
STEP_DOWN = 0.05


@dataclass(frozen=True, slots=True)
class Candidate:
    """A problem that could be asked, as far as choosing cares.

    Attributes:
        id: The problem's id.
        family: The id that it shares with its number-swapped variants.
        topic: Its topic.
        subtopic: Its sub-topic.
        difficulty: 1, 2 or 3.
        stem: Of a part of a creative question, what it shares with the other parts.
        part: Which part, from 1; 0 for any other problem.
        scene: What a variant tells in the place of its base's story.
    """

    id: int
    family: str
    topic: str
    subtopic: str
    difficulty: int
    stem: str | None = None
    part: int = 0
    scene: str | None = None


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """A closed response of the pupil.

    Attributes:
        problem_id: Which problem.
        family: Its family, as in `Candidate`.
        difficulty: 1, 2 or 3.
        is_correct: Whether it was solved.
        answered_at: When, aware.
        session_id: Of its session.
        is_unaided: Whether it was solved at the first try without help.
    """

    problem_id: int
    family: str
    difficulty: int
    is_correct: bool
    answered_at: datetime
    session_id: int = 0
    is_unaided: bool = False


def session_seed(student_id: int, day: date, ordinal: int) -> int:
    """Return the seed of a pupil's n-th session, the same for the same arguments on any machine."""
    text = f"{student_id}:{day.isoformat()}:{ordinal}".encode()
    return int.from_bytes(blake2b(text, digest_size=7).digest())


def expected_accuracy(past: Iterable[PastAnswer]) -> dict[int, float]:
    """Estimate the chance of a right answer at each difficulty from recent answers.

    The mean of a Beta posterior: the prior counts as `PRIOR_WEIGHT` answers. Who fails easy
    problems fails harder ones sooner, and a few lucky hard answers say nothing about easy ones: so
    the estimate falls with difficulty, at each step by a share of `STEP_DOWN` at least.
    """
    right: Counter[int] = Counter()
    seen: Counter[int] = Counter()
    for answer in past:
        seen[answer.difficulty] += 1
        right[answer.difficulty] += answer.is_correct
    chances = {
        d: (PRIOR_ACCURACY[d] * PRIOR_WEIGHT + right[d]) / (PRIOR_WEIGHT + seen[d])
        for d in DIFFICULTIES
    }
    for easier, harder in pairwise(DIFFICULTIES):
        chances[harder] = min(chances[harder], chances[easier] * (1 - STEP_DOWN))
    return chances


def difficulty_mix(chances: Mapping[int, float], available: Mapping[int, int]) -> dict[int, int]:
    """Choose how many problems of each difficulty bring the expected accuracy nearest the target.

    Of mixes that are equally near, the easier one. A chance that falls makes no mix harder, since
    the mixes stand on a ladder on which each step makes one problem harder and nothing easier.

    Args:
        chances: Expected accuracy at each difficulty, falling.
        available: How many problems there are at each; enough for a session in total.

    Returns:
        A count for each difficulty, five in total.
    """

    def distance(mix: tuple[int, ...]) -> float:
        mean = sum(n * chances[d] for d, n in zip(DIFFICULTIES, mix, strict=True))
        return abs(mean / PROBLEMS_IN_SESSION - TARGET_ACCURACY)

    best = min(_mixes(available), key=distance)
    return dict(zip(DIFFICULTIES, best, strict=True))


def _mixes(available: Mapping[int, int]) -> Iterator[tuple[int, ...]]:
    """Yield mixes from the easiest to the hardest, each with one problem a little harder.

    Of the ways to go on, the one that keeps the mix most varied, and then the easy problems.
    """
    room = [available.get(d, 0) for d in DIFFICULTIES]
    easiest = min(room[0], PROBLEMS_IN_SESSION)
    middle = min(room[1], PROBLEMS_IN_SESSION - easiest)
    mix: tuple[int, ...] = (easiest, middle, PROBLEMS_IN_SESSION - easiest - middle)
    yield mix
    while harder := _harder(mix, room, by=1) or _harder(mix, room, by=2):
        mix = min(harder, key=max)
        yield mix


def _harder(mix: tuple[int, ...], room: Sequence[int], *, by: int) -> list[tuple[int, ...]]:
    """Return the mixes in which one problem is harder by so many steps."""
    return [
        tuple(n - (level == low) + (level == low + by) for level, n in enumerate(mix))
        for low in reversed(range(len(mix) - by))
        if mix[low] and mix[low + by] < room[low + by]
    ]


@dataclass(frozen=True, slots=True)
class NextStep:
    """What follows a judged answer.

    Attributes:
        attempts: Attempts used, after this one.
        closed: Whether the problem is over.
        is_correct: Whether it was solved.
    """

    attempts: int
    closed: bool
    is_correct: bool


def after_verdict(outcome: Outcome, attempts: int) -> NextStep:
    """Decide what follows a verdict, given the attempts used before it.

    An unreadable answer and a right one in the wrong form cost no attempt.
    """
    if outcome is Outcome.CORRECT:
        return NextStep(attempts + 1, closed=True, is_correct=True)
    if outcome is Outcome.WRONG:
        used = attempts + 1
        return NextStep(used, closed=used >= MAX_ATTEMPTS, is_correct=False)
    return NextStep(attempts, closed=False, is_correct=False)


def asks_confidence(seed: int, index: int) -> bool:
    """Return whether a right answer at this position is followed by "how sure were you?".

    About one in three, and never two in a row within a session.
    """
    return (seed + index) % 3 == 0
