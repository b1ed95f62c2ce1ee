"""Who needs a word, and why: flags computed from the rows, and ended by the same rows.

A flag is a reason to talk to a pupil, never a score and never stored. Each carries since when it
holds, the numbers behind it, and what they are held against. Struggling and idle are kept apart.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median, quantiles

from src.insights.practice import (
    EARLIER,
    LATER,
    LEAST_IN_WINDOW,
    PracticeAnswer,
    chance_of_drop,
)
from src.insights.stuck import IN_A_ROW, WITHIN, right_in_a_row

MOST_FLAGS = 5
# Too few answers to say anything of a pupil.
LEAST_KNOWN = 10
_LEAST_ON_TOPIC = 5
# As many answers a topic's share is drawn towards that of all topics; fewer pupils are no norm.
_TOPIC_PRIOR = 8
_LEAST_FOR_NORM = 8
_TOPIC_WINDOW = timedelta(days=28)
# Right first tries of one who is stuck on a topic, a Beta distribution; of one who is not, a Beta
# about the own share elsewhere, of so much weight; and how rare it is to be stuck.
_STUCK = (3.0, 9.0)
_ABLE_WEIGHT = 12.0
_LEAST_ABLE = 0.5
_STUCK_IS_RARE = 0.1
_SURE_STUCK = 0.5
_LEAST_AWAY = 4
_AWAY_TIMES = 2
_DROP = 0.1
_SURE_DROP = 0.9
_SURE_ELSEWHERE = 0.75
_RUSHED = 10
_OF_THE_USUAL_TIME = 1 / 3
_RUSHED_RIGHT = 0.4
_OPEN_DISPUTES = 2


class FlagKind(StrEnum):
    """Why to talk to a pupil, in the order in which they are shown."""

    STUCK = "stuck"
    AWAY = "away"
    FALLING = "falling"
    RUSHING = "rushing"
    DISPUTES = "disputes"


@dataclass(frozen=True, slots=True)
class Flag:
    """A reason to talk to a pupil.

    Attributes:
        pupil: Who.
        kind: Why.
        since: The local day since which it holds.
        topic: What about; empty where it is about all.
        evidence: The numbers behind it, by name.
    """

    pupil: str
    kind: FlagKind
    since: date
    topic: str
    evidence: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PupilRecord:
    """What flags are computed from.

    Attributes:
        pupil: Who.
        answers: Closed problems, oldest first.
        open_disputes: How many answers the pupil defends that nobody has settled.
        disputes_since: The local day of the oldest of them.
    """

    pupil: str
    answers: Sequence[PracticeAnswer]
    open_disputes: int = 0
    disputes_since: date | None = None


@dataclass(frozen=True, slots=True)
class ClassReview:
    """Who needs a word, and of whom nothing can be said yet.

    Attributes:
        flags: Every flag, the gravest kinds first; a page shows `MOST_FLAGS`.
        too_little_data: Pupils with fewer than ten answers.
    """

    flags: list[Flag]
    too_little_data: list[str]


def analyze_at_risk_students(
    pupils: Sequence[PupilRecord],
    now: datetime,
    holidays: AbstractSet[date] = frozenset(),
    offsets: Mapping[str, float] | None = None,
) -> ClassReview:
    """Review a class.

    Args:
        pupils: Those of one class; times are compared between them.
        now: The current instant, aware.
        holidays: Days without school: nobody is away on them.
        offsets: By how much topics are easier than others; see `topic_offsets`.
    """
    usual, norms = _usual_seconds(pupils), offsets or {}
    flags: list[Flag] = []
    unknown: list[str] = []
    for record in pupils:
        if len(record.answers) < LEAST_KNOWN:
            unknown.append(record.pupil)
        flags += _flags_of(record, now, holidays, usual, norms)
    order = list(FlagKind)
    return ClassReview(sorted(flags, key=lambda f: (order.index(f.kind), f.since)), unknown)


def _flags_of(
    record: PupilRecord,
    now: datetime,
    holidays: AbstractSet[date],
    usual: Mapping[int, float],
    offsets: Mapping[str, float],
) -> Iterator[Flag]:
    if len(record.answers) >= LEAST_KNOWN:
        yield from _away(record, now, holidays)
        # Wrong answers in haste say nothing of a topic, and a fall everywhere nothing of one topic.
        found = list(_rushing(record, usual)) or list(_falling(record, usual))
        yield from found or _stuck(record, now, offsets)
    if record.open_disputes >= _OPEN_DISPUTES:
        evidence = {"open": float(record.open_disputes)}
        since = record.disputes_since or now.date()
        yield Flag(record.pupil, FlagKind.DISPUTES, since, "", evidence)


def _stuck(record: PupilRecord, now: datetime, offsets: Mapping[str, float]) -> Iterator[Flag]:
    """Yield the topics on which practice alone does not get a pupil anywhere."""
    # In their own zone two instants are compared without asking for its offset.
    since = now.astimezone(record.answers[-1].at.tzinfo) - _TOPIC_WINDOW
    recent = [answer for answer in record.answers if answer.at >= since]
    for topic in sorted({answer.topic for answer in recent}):
        last = [answer for answer in recent if answer.topic == topic][-WITHIN:]
        right = [answer.first_right for answer in last]
        if len(last) < _LEAST_ON_TOPIC or right_in_a_row(right) >= IN_A_ROW:
            continue
        elsewhere = _share_elsewhere(recent, topic)
        able = _moved(elsewhere, offsets.get(topic, 0.0))
        chance = chance_of_being_stuck(sum(right), len(right), able)
        if chance >= _SURE_STUCK:
            evidence = {"right": float(sum(right)), "answers": float(len(right))}
            evidence |= {"elsewhere": elsewhere, "chance": chance}
            yield Flag(record.pupil, FlagKind.STUCK, last[0].at.date(), topic, evidence)


def _share_elsewhere(recent: Sequence[PracticeAnswer], topic: str) -> float:
    """Return the share right on all other topics, drawn towards three in four."""
    others = [answer.first_right for answer in recent if answer.topic != topic]
    return (sum(others) + 6) / (len(others) + 8)


def topic_offsets(pupils: Iterable[PupilRecord]) -> dict[str, float]:
    """Return by how much topics are easier than all, in logits, where enough pupils met them.

    What is hard for everybody makes nobody stuck: it is to be taught again.
    """
    by_topic: dict[str, list[bool]] = defaultdict(list)
    met: dict[str, set[str]] = defaultdict(set)
    for record in pupils:
        for answer in record.answers:
            by_topic[answer.topic].append(answer.first_right)
            met[answer.topic].add(record.pupil)
    everything = [right for rights in by_topic.values() for right in rights]
    mean = (sum(everything) + 3) / (len(everything) + 4)
    return {
        topic: _logit((sum(rights) + _TOPIC_PRIOR * mean) / (len(rights) + _TOPIC_PRIOR))
        - _logit(mean)
        for topic, rights in by_topic.items()
        if len(met[topic]) >= _LEAST_FOR_NORM
    }


def _moved(share: float, logits: float) -> float:
    """Return a share that is moved by some logits."""
    return 1 / (1 + math.exp(-_logit(share) - logits))


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


def chance_of_being_stuck(right: int, answers: int, able: float) -> float:
    """Return the chance that a pupil is stuck on a topic, by Bayes over two beta-binomials.

    Args:
        right: First tries on the topic that were right.
        answers: First tries on it.
        able: The share of first tries that one like them who is not stuck gets right.
    """
    able = max(able, _LEAST_ABLE)
    a, b = _ABLE_WEIGHT * able, _ABLE_WEIGHT * (1 - able)
    stuck = math.log(_STUCK_IS_RARE) + _log_evidence(right, answers, *_STUCK)
    other = math.log(1 - _STUCK_IS_RARE) + _log_evidence(right, answers, a, b)
    return 1 / (1 + math.exp(other - stuck))


def _log_evidence(right: int, answers: int, a: float, b: float) -> float:
    return _log_beta(a + right, b + answers - right) - _log_beta(a, b)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _away(record: PupilRecord, now: datetime, holidays: AbstractSet[date]) -> Iterator[Flag]:
    """Yield a flag for who has been silent for longer than twice their own rhythm."""
    days = sorted({answer.at.date() for answer in record.answers})
    gaps = [_school_days(a, b, holidays) for a, b in pairwise(days)]
    own = quantiles(gaps, n=5)[-1] if len(gaps) > 1 else 1.0
    # The days of answers are those of their own zone, such as the pupil's; so is today.
    today = now.astimezone(record.answers[-1].at.tzinfo).date()
    silent = _school_days(days[-1], today, holidays)
    patience = max(_LEAST_AWAY, own * _AWAY_TIMES)
    if silent > patience:
        evidence = {"days": float(silent), "usual_gap": own}
        yield Flag(record.pupil, FlagKind.AWAY, days[-1], "", evidence)


def _school_days(first: date, last: date, holidays: AbstractSet[date]) -> int:
    """Return how many days lie between two, without holidays; 0 for a clock that runs ahead."""
    between = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(day not in holidays for day in between)


def _falling(record: PupilRecord, usual: Mapping[int, float]) -> Iterator[Flag]:
    """Yield a flag for who gets less right than before, everywhere and not by haste."""
    for size in (LEAST_IN_WINDOW, LATER):
        later = record.answers[-size:]
        earlier = record.answers[-size - EARLIER : -size]
        if min(len(later), len(earlier)) < LEAST_IN_WINDOW:
            continue
        before, now = [a.first_right for a in earlier], [a.first_right for a in later]
        chance = chance_of_drop(before, now, _DROP)
        if chance >= _SURE_DROP and _fell_everywhere(earlier, later) and not _hasty(later, usual):
            shares = {"before": sum(before) / len(before), "now": sum(now) / len(now)}
            evidence = shares | {"answers": float(size), "chance": chance}
            yield Flag(record.pupil, FlagKind.FALLING, later[0].at.date(), "", evidence)
            return


def _fell_everywhere(earlier: Sequence[PracticeAnswer], later: Sequence[PracticeAnswer]) -> bool:
    """Return whether a fall is likely also without the topic that fell most.

    Where all is one topic there is no other to look at.
    """
    return all(
        chance_of_drop(_without(earlier, topic), _without(later, topic), _DROP) >= _SURE_ELSEWHERE
        for topic in {answer.topic for answer in later}
        if len(_without(later, topic)) >= _LEAST_ON_TOPIC
    )


def _without(answers: Sequence[PracticeAnswer], topic: str) -> list[bool]:
    return [answer.first_right for answer in answers if answer.topic != topic]


def _hasty(answers: Sequence[PracticeAnswer], usual: Mapping[int, float]) -> bool:
    """Return whether most of the latest answers that were wrong took a third of the usual time."""
    wrong = [a for a in answers[-_RUSHED:] if not a.first_right and a.problem in usual]
    hasty = sum(a.seconds <= _OF_THE_USUAL_TIME * usual[a.problem] for a in wrong)
    return 2 * hasty > len(wrong)


def _rushing(record: PupilRecord, usual: Mapping[int, float]) -> Iterator[Flag]:
    """Yield a flag for who takes a third of the others' time and is mostly wrong."""
    last = [answer for answer in record.answers if answer.problem in usual][-_RUSHED:]
    if len(last) < _RUSHED:
        return
    pace = median(answer.seconds / usual[answer.problem] for answer in last)
    right = sum(answer.first_right for answer in last)
    if pace <= _OF_THE_USUAL_TIME and right < _RUSHED_RIGHT * _RUSHED:
        evidence = {"pace": pace, "right": float(right), "answers": float(_RUSHED)}
        yield Flag(record.pupil, FlagKind.RUSHING, last[0].at.date(), "", evidence)


def _usual_seconds(pupils: Iterable[PupilRecord]) -> dict[int, float]:
    """Return the median time that pupils take for each problem.

    Of one that two have done it is its own; else that of its topic, if enough pupils met that.
    """
    by_problem, by_topic = _taken(pupils)
    medians = {
        topic: _median_of(taken)
        for topic, taken in by_topic.items()
        if len(taken) >= _LEAST_FOR_NORM
    }
    usual = {}
    for problem, (topic, taken) in by_problem.items():
        if len(taken) > 1:
            usual[problem] = _median_of(taken)
        elif topic in medians:
            usual[problem] = medians[topic]
    # Of what most did within a second nobody can be said to have rushed it.
    return {problem: seconds for problem, seconds in usual.items() if seconds}


_Taken = dict[str, list[int]]


def _taken(
    pupils: Iterable[PupilRecord],
) -> tuple[dict[int, tuple[str, _Taken]], dict[str, _Taken]]:
    """Return how many seconds each pupil took, by problem and by topic."""
    by_problem: dict[int, tuple[str, _Taken]] = {}
    by_topic: dict[str, _Taken] = defaultdict(lambda: defaultdict(list))
    for record in pupils:
        for answer in record.answers:
            _, taken = by_problem.setdefault(answer.problem, (answer.topic, {}))
            taken.setdefault(record.pupil, []).append(answer.seconds)
            by_topic[answer.topic][record.pupil].append(answer.seconds)
    return by_problem, by_topic


def _median_of(taken: _Taken) -> float:
    return median(second for seconds in taken.values() for second in seconds)
