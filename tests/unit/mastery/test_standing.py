"""What a pupil can do in a topic, in a word."""

from dataclasses import replace
from datetime import date, timedelta

from src.mastery.memory import Memory, Skill, Word, standing_in
from src.mastery.reviews import after_review

DAY = date(2026, 11, 29)
BEFORE = DAY - timedelta(days=400)
STRONG = Skill(
    average=0.9,
    answers=5,
    strong_on=BEFORE,
    mastered_on=DAY,
    review=after_review(None, is_right=True, day=DAY),
)
DUE = replace(STRONG, review=after_review(None, is_right=True, day=BEFORE))
WEAK, WEAKER = Skill(average=0.5, answers=3), Skill(average=0.2, answers=3)


def words(skills: dict[tuple[str, str], Skill], practised: tuple[str, ...] = ()) -> dict[str, Word]:
    topics: dict[str, list[str]] = {"a": ["1", "2"], "b": ["1"], "c": ["1"], "d": ["1"]}
    found = standing_in(Memory(skills=skills), topics, DAY, practised)
    return {one.topic: one.word for one in found}


def test_the_weakest_stands_first_and_the_new_last() -> None:
    found = words({("b", "1"): STRONG, ("c", "1"): WEAK, ("d", "1"): WEAKER})
    assert list(found.items()) == [
        ("d", Word.GROWING),
        ("c", Word.GROWING),
        ("b", Word.STRONG),
        ("a", Word.NEW),
    ]


def test_a_topic_is_strong_when_all_of_it_is() -> None:
    assert words({("a", "1"): STRONG})["a"] is Word.GROWING
    assert words({("a", "1"): STRONG, ("a", "2"): STRONG})["a"] is Word.STRONG
    assert words({("a", "1"): DUE, ("a", "2"): STRONG})["a"] is Word.DUE


def test_what_was_practised_today_is_not_new() -> None:
    assert words({}, practised=("b",))["b"] is Word.GROWING
