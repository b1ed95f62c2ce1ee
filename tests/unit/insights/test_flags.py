"""Flags: raised by rows, ended by rows, and of one pupil only."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from benchmarks.classes import START, simulate_class
from src.insights.flags import (
    FlagKind,
    PupilRecord,
    analyze_at_risk_students,
    chance_of_being_stuck,
    topic_offsets,
)
from src.insights.practice import PracticeAnswer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
# None of the simulated problems: times are held against others on the same problem.
_numbers = count(10_000)


def answers(
    signs: str, *, topic: str = "ratio", first_day: int = 0, seconds: int = 60, a_day: int = 5
) -> list[PracticeAnswer]:
    """Answers as signs: 1 right, 0 wrong; so many a day from a day on."""
    return [
        PracticeAnswer(
            NOON + timedelta(days=first_day + n // a_day, minutes=n),
            topic,
            next(_numbers),
            sign == "1",
            0,
            seconds,
        )
        for n, sign in enumerate(signs)
    ]


def kinds(
    *records: PupilRecord, day: int = 8, holidays: Sequence[date] = ()
) -> dict[str, list[FlagKind]]:
    now = NOON + timedelta(days=day)
    review = analyze_at_risk_students(records, now, frozenset(holidays))
    return {r.pupil: [f.kind for f in review.flags if f.pupil == r.pupil] for r in records}


def test_stuck_begins_and_ends_by_the_same_rows() -> None:
    elsewhere = answers("1101110111", topic="angles", first_day=4)
    tried = answers("0010000100", first_day=6)
    stuck = PupilRecord("a", [*elsewhere, *tried])
    assert kinds(stuck) == {"a": [FlagKind.STUCK]}
    [flag] = analyze_at_risk_students([stuck], NOON + timedelta(days=8)).flags
    assert (flag.topic, flag.since) == ("ratio", date(2026, 3, 7))
    assert (flag.evidence["right"], flag.evidence["answers"]) == (2, 10)
    there = PupilRecord("a", [*stuck.answers, *answers("111", first_day=8)])
    assert kinds(there) == {"a": []}


def test_the_chance_of_being_stuck_rises_with_wrong_answers() -> None:
    chances = [chance_of_being_stuck(right, 10, 0.75) for right in range(11)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.9
    assert chances[6] < 0.05


def test_away_is_longer_than_the_own_rhythm_and_holidays_are_no_absence() -> None:
    daily = PupilRecord("daily", answers("1" * 30, a_day=5))
    weekly = PupilRecord("weekly", answers("1" * 30, a_day=5))
    weekly = replace(
        weekly,
        answers=[
            replace(a, at=NOON + timedelta(days=7 * (n // 5))) for n, a in enumerate(weekly.answers)
        ],
    )
    assert kinds(daily, day=9) == {"daily": []}
    assert kinds(daily, day=10) == {"daily": [FlagKind.AWAY]}
    week = [date(2026, 3, 6) + timedelta(days=n) for n in range(5)]
    assert kinds(daily, day=10, holidays=week) == {"daily": []}
    assert kinds(weekly, day=45) == {"weekly": []}
    assert kinds(weekly, day=52) == {"weekly": [FlagKind.AWAY]}


def test_a_clock_that_runs_ahead_makes_nobody_absent() -> None:
    assert kinds(PupilRecord("a", answers("1" * 30)), day=-3) == {"a": []}


def test_a_fall_over_all_topics_is_no_stuck_topic() -> None:
    before, after = "1101111011" * 4, "0100010000" * 3
    falling = PupilRecord("a", answers(before + after, topic="ratio"))
    assert kinds(falling, day=14) == {"a": [FlagKind.FALLING]}
    back = PupilRecord("a", answers(before + after + "1111011110" * 4))
    assert kinds(back, day=22) == {"a": []}


def test_rushing_is_held_against_the_time_of_others_on_the_same_problems() -> None:
    slow = answers("1101110111" * 2)
    quick = [replace(a, first_right=n % 5 == 0, seconds=4) for n, a in enumerate(slow)]
    others = [PupilRecord(name, slow) for name in ("b", "c", "d")]
    found = kinds(PupilRecord("a", quick), *others, day=4)
    assert found == {"a": [FlagKind.RUSHING], "b": [], "c": [], "d": []}
    right = [replace(a, seconds=4) for a in slow]
    assert kinds(PupilRecord("a", right), *others, day=4)["a"] == [], "quick and right is no fault"


def test_two_open_disputes_are_a_flag_whatever_else_is_known() -> None:
    assert kinds(PupilRecord("a", [], open_disputes=2)) == {"a": [FlagKind.DISPUTES]}
    assert kinds(PupilRecord("a", [], open_disputes=1)) == {"a": []}


def test_too_little_data_is_a_state() -> None:
    review = analyze_at_risk_students([PupilRecord("a", answers("000000000"))], NOON)
    assert review.flags == []
    assert review.too_little_data == ["a"]


@pytest.mark.parametrize("seed", range(3))
def test_an_answer_of_one_pupil_changes_no_flag_of_another(seed: int) -> None:
    now = START + timedelta(days=40)
    records = [
        PupilRecord(pupil.name, [answer for answer in pupil.answers if answer.at < now])
        for pupil in simulate_class(seed, pupils=10)
    ]
    before = analyze_at_risk_students(records, now).flags
    more = answers("0" * 20, first_day=30)
    changed = [replace(records[0], answers=[*records[0].answers, *more]), *records[1:]]
    after = analyze_at_risk_students(changed, now).flags
    name = records[0].pupil
    assert [f for f in before if f.pupil != name] == [f for f in after if f.pupil != name]


def test_a_fall_that_is_one_topic_alone_is_being_stuck_on_it() -> None:
    good = [answers("1101111011" * 4, topic=topic) for topic in ("sets", "angles")]
    stuck = answers("1101111011" * 2) + answers("0000100000" * 2, first_day=5)
    record = PupilRecord("a", sorted([*good[0], *good[1], *stuck], key=lambda each: each.at))
    assert FlagKind.FALLING not in kinds(record, day=14).get("a", [])


def test_what_is_hard_for_everybody_makes_nobody_stuck() -> None:
    easy, hard = "1101111011", "0010010001"
    class_ = [
        PupilRecord(str(n), answers(easy, topic="sets") + answers(hard, topic="ratio"))
        for n in range(10)
    ]
    offsets = topic_offsets(class_)
    assert offsets["ratio"] < -0.9 < 0 < offsets["sets"]
    assert topic_offsets(class_[:5]) == {}
    now = class_[0].answers[-1].at
    assert analyze_at_risk_students(class_, now).flags != []
    assert analyze_at_risk_students(class_, now, offsets=offsets).flags == []


def test_nobody_rushes_what_takes_nobody_a_second() -> None:
    quick = answers("0" * 10, seconds=0)
    found = kinds(PupilRecord("a", quick), PupilRecord("b", quick))
    assert FlagKind.RUSHING not in {*found["a"], *found["b"]}
