"""Each insight is a sentence in both languages, and holds its numbers."""

import random

import pytest

from src.insights import generate_performance_insights, grades
from src.insights.sentences import say
from src.language import Language
from src.words import Words
from tests.unit.insights.test_grades import TODAY, course, work
from tests.unit.insights.test_practice import answers


@pytest.mark.parametrize("language", list(Language))
def test_every_insight_is_a_sentence_with_all_its_numbers(language: Language) -> None:
    t, dice = Words(language, []), random.Random(16)
    lost, late = work([None], is_missing=True), work([6], is_late=True)
    found = [
        *generate_performance_insights(answers("111")),
        *generate_performance_insights(answers("1110" * 15 + "0100" * 10, hints=1)),
        *generate_performance_insights(answers("0100" * 15 + "1110" * 10, ["sets", "data"])),
        *grades.generate_performance_insights(course(work([5])), TODAY),
        *grades.generate_performance_insights(
            course(work([9, 8, 9, 10, 9, 8, 5, 4, 5, 6, 5]), lost, late, work([None])), TODAY
        ),
        *grades.generate_performance_insights(
            course(work([dice.randint(2, 4) for _ in range(10)] + [9] * 5)), TODAY
        ),
    ]
    assert len({one.key for one in found}) == 14, "every text there is"
    for one in found:
        said = say(t, one)
        assert said.endswith((".", "।"))
        for name, value in one.values.items():
            if isinstance(value, int):
                assert t.number(value) in said
            else:
                assert (t.topic(value) if name == "topic" else value) in said
    assert any(t.topic("sets") in say(t, one) for one in found)
