"""Which five problems a session brings, and why: docs/decisions/0011.

Slots are filled in this order: the parts of a creative question, which come one after another;
families that were missed, two at most; what the pupil wishes for, or else one mastered sub-topic
that is due for another look; then a mix by difficulty. A warm-up or a stretch then takes the place
of one problem of the mix. At the end a problem that looks at a mistake which the pupil was told of
may take the place of one like it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from random import Random

from src.mastery.memory import MissedBefore, NextSession
from src.practice.rules import (
    DIFFICULTIES,
    PROBLEMS_IN_SESSION,
    Candidate,
    PastAnswer,
    difficulty_mix,
    expected_accuracy,
)

FAMILY_RESTS = timedelta(days=14)
PROBLEM_RESTS = timedelta(days=30)
MOST_MISSED = 2
# A creative question takes three of five places: as seldom as this, and not of a beginner.
STEM_RESTS = timedelta(days=7)
STEM_FROM = 2 * PROBLEMS_IN_SESSION
# As many answers make the estimate of what is right for a pupil.
RECENT = 30
# Two sessions under this share bring a warm-up.
LOW_SHARE = 0.4
MOST_PASSED_OVER = 3


class Slot(StrEnum):
    """Why a problem is among the five."""

    STEM = "stem"
    MISSED = "missed"
    MISTAKE = "mistake"
    WISH = "wish"
    REVIEW = "review"
    MIX = "mix"
    WARM_UP = "warm_up"
    STRETCH = "stretch"


@dataclass(frozen=True, slots=True)
class Pick:
    """A chosen problem.

    Attributes:
        problem: The problem.
        slot: What chose it.
        passed_over: What the slot would have taken next: families, or sub-topics for a review.
    """

    problem: Candidate
    slot: Slot
    passed_over: tuple[str, ...] = ()


def choose(
    candidates: Sequence[Candidate],
    past: Sequence[PastAnswer],
    *,
    now: datetime,
    seed: int,
    wanted: NextSession = NextSession(),  # noqa: B008 - frozen
) -> list[Pick]:
    """Choose the five problems of a session.

    Args:
        candidates: Every active problem of the pupil's grade; at least five.
        past: The pupil's closed responses, newest first.
        now: The current instant, aware.
        seed: Makes the choice reproducible.
        wanted: What is due and wished for.

    Returns:
        Five, in the order in which they are asked.
    """
    shelf = _Shelf(candidates, past, now, Random(seed))  # noqa: S311 - variety, not secrecy
    picks = _stem(shelf, wanted)
    picks += _missed(shelf, wanted, picks)
    if wanted.wish is None:
        picks += _review(shelf, wanted.due, picks)
    picks += _mix(shelf, picks, wanted.wish)
    return _in_asking_order(_adjusted(shelf, picks))


class _Shelf:
    """The problems, in a random order, and what the pupil has done with them."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        past: Sequence[PastAnswer],
        now: datetime,
        rng: Random,
    ) -> None:
        self.rng, self.past, self.now = rng, past, now
        self.problems = sorted(candidates, key=lambda c: c.id)
        rng.shuffle(self.problems)
        self.asked = Counter(answer.problem_id for answer in past)
        self.met = Counter(answer.family for answer in past)
        self.practised = Counter(c.topic for c in candidates for _ in range(self.asked[c.id]))
        # Parts come with their stem; where there is next to nothing else, each stands alone.
        loose = [c for c in self.problems if c.stem is None]
        self.loose = loose if len(loose) >= PROBLEMS_IN_SESSION else self.problems
        self.rested = rested(self.loose, past, now)
        self._latest = {a.problem_id: a.answered_at for a in reversed(past)}

    def is_since(self, candidate: Candidate, rest: timedelta) -> bool:
        """Return whether a problem was asked in the time for which it should rest."""
        at = self._latest.get(candidate.id)
        return at is not None and self.now - at < rest

    def nearness(self, candidate: Candidate, picks: Iterable[Pick]) -> tuple[int, ...]:
        """Rank a candidate: the least alike to what is chosen, then what was met least often.

        A family counts before its topic: otherwise a topic of few families shows them three times
        while those of a large one are never met.
        """
        chosen = [pick.problem for pick in picks]
        return (
            sum(c.subtopic == candidate.subtopic for c in chosen),
            sum(c.topic == candidate.topic for c in chosen),
            self.met[candidate.family],
            self.asked[candidate.id],
            self.practised[candidate.topic],
        )

    def take(
        self,
        pool: Sequence[Candidate],
        picks: Sequence[Pick],
        slot: Slot,
        rank: Callable[[Candidate], int],
    ) -> Pick:
        """Take the best of a pool, of which some must be left, by a rank and then by nearness."""
        ids = {pick.problem.id for pick in picks}
        families = {pick.problem.family for pick in picks}
        order = sorted(
            (c for c in pool if c.id not in ids),
            key=lambda c: (c.family in families, rank(c), *self.nearness(c, picks)),
        )
        others = dict.fromkeys(c.family for c in order if c.family != order[0].family)
        return Pick(order[0], slot, tuple(others)[:MOST_PASSED_OVER])


def rested(
    candidates: Sequence[Candidate],
    past: Sequence[PastAnswer],
    now: datetime,
    *,
    families: bool = True,
) -> list[Candidate]:
    """Leave out problems and families asked lately; give back the oldest if too few remain.

    Args:
        candidates: In the order that they keep.
        past: The pupil's closed responses, newest first.
        now: The current instant, aware.
        families: Whether variants of what was asked lately rest too.
    """
    own: dict[int, datetime] = {}
    kin: dict[str, datetime] = {}
    for answer in past:
        if now - answer.answered_at < PROBLEM_RESTS:
            own.setdefault(answer.problem_id, answer.answered_at)
        if families and now - answer.answered_at < FAMILY_RESTS:
            kin.setdefault(answer.family, answer.answered_at)

    def resting(candidate: Candidate) -> tuple[bool, float, float]:
        mine, family = own.get(candidate.id), kin.get(candidate.family)
        since = [instant.timestamp() for instant in (mine, family) if instant is not None]
        return bool(since), float(mine is not None), max(since, default=0.0)

    order = sorted(candidates, key=resting)
    free = sum(not resting(c)[0] for c in order)
    return order[: max(free, PROBLEMS_IN_SESSION)]


def _stem(shelf: _Shelf, wanted: NextSession) -> list[Pick]:
    """Take what is left of a stem that was begun lately, or else begin one that is rested."""
    stems: dict[str, list[Candidate]] = {}
    for candidate in sorted(shelf.problems, key=lambda c: c.part):
        if candidate.stem is not None and wanted.wish in {None, candidate.topic}:
            stems.setdefault(candidate.stem, []).append(candidate)
    begun = [parts for parts in stems.values() if any(shelf.is_since(c, STEM_RESTS) for c in parts)]
    for parts in begun:
        left = [c for c in parts if not shelf.is_since(c, PROBLEM_RESTS)]
        if left and left == parts[-len(left) :]:
            return [Pick(part, Slot.STEM) for part in left]
    if begun or len(shelf.past) < STEM_FROM or _has_two_low_sessions(shelf.past):
        return []
    return _new_stem(shelf, stems)


def _new_stem(shelf: _Shelf, stems: Mapping[str, Sequence[Candidate]]) -> list[Pick]:
    """Take all parts of the stem that was asked least, of those none of which was asked lately."""
    openers = {
        parts[0].id: stem
        for stem, parts in stems.items()
        if not any(shelf.is_since(c, PROBLEM_RESTS) for c in parts)
    }
    pool = [c for c in shelf.problems if c.id in openers]
    if not pool:
        return []
    first = shelf.take(pool, [], Slot.STEM, lambda c: shelf.asked[c.id]).problem
    others = tuple(stem for number, stem in openers.items() if number != first.id)
    return [Pick(c, Slot.STEM, others[:MOST_PASSED_OVER]) for c in stems[openers[first.id]]]


def _missed(shelf: _Shelf, wanted: NextSession, picks: Sequence[Pick]) -> list[Pick]:
    """Take families that were missed and are due, as a variant where there is one."""
    taken = {pick.problem.family for pick in picks}
    due = [m for m in wanted.missed if m.family not in taken]
    pools = {m: _comes_again(shelf.problems, m, wanted.wish) for m in due}
    askable = [missed for missed, pool in pools.items() if pool]
    chosen: list[Pick] = []
    for missed in askable[:MOST_MISSED]:
        before = [*picks, *chosen]
        rank = _another_than(shelf, missed.problem_id)
        chosen.append(shelf.take(pools[missed], before, Slot.MISSED, rank))
    left = tuple(m.family for m in askable[MOST_MISSED:])
    return [replace(pick, passed_over=left[:MOST_PASSED_OVER]) for pick in chosen]


def _another_than(shelf: _Shelf, problem_id: int) -> Callable[[Candidate], int]:
    """Rank a variant that has rested, in another scene first; then the problem; then the others."""
    scene = next((c.scene for c in shelf.problems if c.id == problem_id), None)

    def rank(candidate: Candidate) -> int:
        if candidate.id == problem_id:
            return 2
        return 3 if shelf.is_since(candidate, PROBLEM_RESTS) else int(candidate.scene == scene)

    return rank


def _near_to(level: int) -> Callable[[Candidate], int]:
    return lambda candidate: abs(candidate.difficulty - level)


def _comes_again(
    problems: Sequence[Candidate], missed: MissedBefore, wish: str | None
) -> list[Candidate]:
    """Return the problems of a missed family that are no harder than the one missed."""
    family = [c for c in problems if c.family == missed.family and wish in {None, c.topic}]
    level = next((c.difficulty for c in family if c.id == missed.problem_id), DIFFICULTIES[-1])
    return [c for c in family if c.difficulty <= level]


def _review(shelf: _Shelf, due: Sequence[tuple[str, str]], picks: Sequence[Pick]) -> list[Pick]:
    """Take a problem of the first sub-topic that is due and has one that is rested."""
    if len(picks) >= PROBLEMS_IN_SESSION:
        return []
    taken = {pick.problem.family for pick in picks}
    pools = {
        skill: pool
        for skill in due
        if (pool := [c for c in shelf.rested if _skill(c) == skill and c.family not in taken])
    }
    if not pools:
        return []
    skill, *others = pools
    passed_over = tuple(": ".join(other) for other in others[:MOST_PASSED_OVER])
    pick = shelf.take(pools[skill], picks, Slot.REVIEW, _near_to(DIFFICULTIES[0]))
    return [replace(pick, passed_over=passed_over)]


def _skill(candidate: Candidate) -> tuple[str, str]:
    return candidate.topic, candidate.subtopic


def _mix(shelf: _Shelf, picks: Sequence[Pick], wish: str | None) -> list[Pick]:
    """Fill the five with a mix of difficulties that suits the pupil, from the topic of a wish."""
    pool, slot = shelf.rested, Slot.MIX
    if wish is not None:
        of_topic = [c for c in shelf.loose if c.topic == wish]
        wished = rested(of_topic, shelf.past, shelf.now, families=False)
        if len({c.id for c in wished} | {p.problem.id for p in picks}) >= PROBLEMS_IN_SESSION:
            pool, slot = wished, Slot.WISH
    chosen = list(picks)
    for level in _levels(shelf, pool, picks):
        chosen.append(shelf.take(pool, chosen, slot, _near_to(level)))
    return chosen[len(picks) :]


def _levels(shelf: _Shelf, pool: Sequence[Candidate], picks: Sequence[Pick]) -> list[int]:
    """Return the difficulties of the places that are left, in a random order."""
    taken = [pick.problem for pick in picks]
    everything = {c.id: c for c in (*pool, *taken)}.values()
    chances = expected_accuracy(shelf.past[:RECENT])
    mix = difficulty_mix(chances, Counter(c.difficulty for c in everything))
    wanted = Counter(mix) - Counter(c.difficulty for c in taken)
    # What is missed and comes again is hard enough: of too many places the hardest go.
    levels = sorted(wanted.elements())[: PROBLEMS_IN_SESSION - len(taken)]
    shelf.rng.shuffle(levels)
    return levels


def _adjusted(shelf: _Shelf, picks: list[Pick]) -> list[Pick]:
    """Let a warm-up or a stretch take the place of one problem of the mix."""
    places = [n for n, pick in enumerate(picks) if pick.slot in {Slot.MIX, Slot.WISH}]
    if not places:
        return picks
    hardest = max(places, key=lambda n: picks[n].problem.difficulty)
    if _has_two_low_sessions(shelf.past):
        picks[hardest] = _warm_up(shelf, picks)
    elif _has_five_in_a_row(shelf.past):
        picks[hardest] = _stretch(shelf, picks, hardest)
    return picks


def _warm_up(shelf: _Shelf, picks: Sequence[Pick]) -> Pick:
    """Return an easy problem of a topic in which the pupil did best of late."""
    topics = {c.id: c.topic for c in shelf.problems}
    right = Counter(topics.get(a.problem_id) for a in shelf.past[:RECENT] if a.is_correct)
    easiest = min(c.difficulty for c in shelf.rested)
    pool = [c for c in shelf.rested if c.difficulty == easiest]
    ids = {pick.problem.id for pick in picks}
    usable = [c for c in pool if c.id not in ids] or shelf.rested
    return shelf.take(usable, picks, Slot.WARM_UP, lambda c: -right[c.topic])


def _stretch(shelf: _Shelf, picks: Sequence[Pick], place: int) -> Pick:
    """Return a problem a step harder than the hardest of the mix; that one if it is hardest."""
    before = picks[place]
    ids = {pick.problem.id for pick in picks}
    harder = [
        c
        for c in shelf.rested
        if c.difficulty == before.problem.difficulty + 1
        and c.id not in ids
        and (before.slot is Slot.MIX or c.topic == before.problem.topic)
    ]
    if not harder:
        is_hard = before.problem.difficulty == DIFFICULTIES[-1]
        return replace(before, slot=Slot.STRETCH) if is_hard else before
    others = [pick for n, pick in enumerate(picks) if n != place]
    return shelf.take(harder, others, Slot.STRETCH, _near_to(before.problem.difficulty + 1))


def _has_two_low_sessions(past: Sequence[PastAnswer]) -> bool:
    sessions = [list(found) for _, found in groupby(past, key=lambda a: a.session_id)][:2]
    return len(sessions) == 2 and all(
        sum(a.is_correct for a in found) < LOW_SHARE * len(found) for found in sessions
    )


def _has_five_in_a_row(past: Sequence[PastAnswer]) -> bool:
    latest = past[:PROBLEMS_IN_SESSION]
    return len(latest) == PROBLEMS_IN_SESSION and all(answer.is_unaided for answer in latest)


def _in_asking_order(picks: Sequence[Pick]) -> list[Pick]:
    """Open with a warm-up or the easiest and close with anything but the hardest.

    Both ends are remembered; what was missed opens only where nothing else is as easy. The parts
    of a stem follow one another.
    """
    stem = [pick for pick in picks if pick.slot is Slot.STEM]
    order = sorted(
        (pick for pick in picks if pick.slot is not Slot.STEM),
        key=lambda p: (p.slot is not Slot.WARM_UP, p.problem.difficulty, p.slot is Slot.MISSED),
    )
    first, *rest = order
    return [first, *stem, *rest[1:], *rest[:1]]


def missed_first(picks: Sequence[Pick]) -> list[Pick]:
    """Return the same five, but what was missed opens: the pupil asked to try it again."""
    return sorted(picks, key=lambda pick: pick.slot is not Slot.MISSED)


def variant_of_missed(
    family: Sequence[Candidate],
    missed: Candidate,
    *,
    past: Sequence[int] = (),
    without: Collection[int] = (),
) -> Candidate | None:
    """Return the problem with which to try a missed one again; None where there is none to ask.

    None is harder than the one missed. One that was never asked comes first, then what was asked
    longest ago.

    Args:
        family: What may be asked of its family.
        missed: The problem that was missed.
        past: Ids of the problems that the pupil has closed, newest first.
        without: Ids of problems that must not come.
    """
    pool = [c for c in family if c.difficulty <= missed.difficulty and c.id not in without]
    ago = {problem_id: n for n, problem_id in reversed(list(enumerate(past)))}
    return max(pool, key=lambda c: (ago.get(c.id, len(past)), -c.id), default=None)


def opened_by(picks: Sequence[Pick], first: Candidate) -> list[Pick]:
    """Return the five with a problem at their head that the pupil asked for.

    It takes the place of one of its family, or else of the last of the mix.
    """
    kin = [n for n, pick in enumerate(picks) if pick.problem.family == first.family]
    mix = [n for n, pick in enumerate(picks) if pick.slot in {Slot.MIX, Slot.WISH}]
    taken = (kin or mix[::-1] or [len(picks) - 1])[0]
    return [Pick(first, Slot.MISSED), *picks[:taken], *picks[taken + 1 :]]


def with_check(
    picks: Sequence[Pick], check: int, candidates: Mapping[int, Candidate]
) -> list[Pick]:
    """Put a problem that looks at a mistake among the five, where another one is like it.

    It takes the place of one of its family, or else of its topic, or else of the middle one; the
    first stays where it can: it is there to begin with something easy.

    Args:
        picks: The five, in the order in which they are asked.
        check: The problem's id.
        candidates: What may be asked, by id.
    """
    if check in {pick.problem.id for pick in picks} or check not in candidates:
        return list(picks)
    new = candidates[check]

    def likeness(index: int) -> tuple[bool, bool, bool, bool, int]:
        old = picks[index].problem
        place = abs(index - PROBLEMS_IN_SESSION // 2)
        is_free = picks[index].slot is not Slot.STEM
        return is_free, old.family == new.family, index > 0, old.topic == new.topic, -place

    taken = max(range(len(picks)), key=likeness)
    return [*picks[:taken], Pick(new, Slot.MISTAKE), *picks[taken + 1 :]]


def as_columns(picks: Sequence[Pick]) -> Mapping[str, object]:
    """Return the columns of a session that say what was chosen and why."""
    slots = [pick.slot for pick in picks]
    return {
        "problem_ids": [pick.problem.id for pick in picks],
        "picks": [{"slot": p.slot.value, "passed_over": list(p.passed_over)} for p in picks],
        "stretch_index": slots.index(Slot.STRETCH) if Slot.STRETCH in slots else None,
    }
