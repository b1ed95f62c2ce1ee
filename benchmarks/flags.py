"""Whom flags name in simulated classes whose truth is known, next to the base rate.

On the day for which each kind has its aim: away and rushing 7 days after they began, stuck when
there are ten answers on the topic, falling after 14 days. Figures of a simulation: real pupils are
not so clear cut, and precision follows the base rate.
"""

from collections import Counter
from datetime import timedelta

from benchmarks.classes import START, SimulatedPupil, simulate_class
from src.insights.flags import FlagKind, PupilRecord, analyze_at_risk_students
from src.insights.practice import Trend, calculate_grade_momentum

CLASSES = 20
# How many days after it began a pupil must be named; others are looked at on one day.
AIMS = {FlagKind.AWAY: 7, FlagKind.RUSHING: 7, FlagKind.STUCK: 14, FlagKind.FALLING: 14}
ONE_DAY = 37


def record_of(pupil: SimulatedPupil, day: int) -> PupilRecord:
    """Return what is known of a pupil up to a day."""
    end = START + timedelta(days=day)
    return PupilRecord(pupil.name, [answer for answer in pupil.answers if answer.at < end])


def flagged(pupils: list[SimulatedPupil], kind: FlagKind, day: int) -> set[tuple[str, str]]:
    """Return whom a kind of flag names on a day, with the topic."""
    now = START + timedelta(days=day)
    review = analyze_at_risk_students([record_of(pupil, day) for pupil in pupils], now)
    return {(flag.pupil, flag.topic) for flag in review.flags if flag.kind is kind}


def score(classes: list[list[SimulatedPupil]], kind: FlagKind) -> Counter[str]:
    """Count whom a kind of flag names, rightly and wrongly."""
    counts: Counter[str] = Counter()
    for pupils in classes:
        planted = [pupil for pupil in pupils if pupil.kind == kind]
        for pupil in planted:
            topic = pupil.topic if kind is FlagKind.STUCK else ""
            named = flagged(pupils, kind, pupil.since + AIMS[kind])
            counts["right"] += (pupil.name, topic) in named
        names = {pupil.name for pupil in planted}
        steady = {pupil.name for pupil in pupils if pupil.kind == "steady"}
        named = flagged(pupils, kind, ONE_DAY)
        counts["wrong"] += sum(name not in names for name, _ in named)
        counts["steady named"] += len({name for name, _ in named} & steady)
        counts.update(planted=len(planted), steady=len(steady), pupils=len(pupils))
    return counts


def main() -> None:
    """Print precision and recall of each kind, and how many steady pupils seem to change."""
    classes = [simulate_class(seed) for seed in range(CLASSES)]
    for kind, days in AIMS.items():
        n = score(classes, kind)
        print(
            f"{kind:8} after {days:2} days: precision {n['right'] / (n['right'] + n['wrong']):.2f}"
            f"  recall {n['right'] / n['planted']:.2f}  base rate {n['planted'] / n['pupils']:.2f}"
            f"  steady pupils named {n['steady named'] / n['steady']:.1%}"
        )
    steady = [record_of(p, 60) for pupils in classes for p in pupils if p.kind == "steady"]
    words = Counter(calculate_grade_momentum(record.answers).trend for record in steady)
    changed = (words[Trend.RISING] + words[Trend.FALLING]) / len(steady)
    print(f"momentum of {len(steady)} steady pupils: {changed:.1%} rising or falling")


if __name__ == "__main__":
    main()
