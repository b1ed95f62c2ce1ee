"""What a word of the library means is told to who asks, in one line."""

import pytest

from src.answers.hearing.terms import asked_term, read_terms


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("what does HCF mean", "HCF"),
        ("what is HCF?", "HCF"),
        ("HCF?", "HCF"),
        ("hcf mane ki", "HCF"),
        ("sir, HCF ki?", "HCF"),
        ("গসাগু মানে কী?", "গসাগু"),
        ("গ.সা.গু. কাকে বলে", "গ সা গু"),
        ("লসাগু কী", "লসাগু"),
        ("lsagu ki jinis", "lsagu"),
        ("what's a rhombus", "rhombus"),
        ("what is the meaning of perimeter", "perimeter"),
        ("what do you mean by coefficient", "coefficient"),
        ("define isosceles triangle", "isosceles triangle"),
        ("meaning of ratio", "ratio"),
        ("what are like terms", "like terms"),
        ("পরিসীমা বলতে কী বোঝায়", "পরিসীমা"),
        ("সহগ কাকে বলে স্যার", "সহগ"),
        ("kake bole moulik songkha", "moulik songkha"),
        ("numerator means?", "numerator"),
        ("factor ta ki", "factor"),
    ],
)
def test_who_asks_for_a_word_is_told_it(said: str, named: str) -> None:
    found = asked_term(said)
    assert found
    assert found[0] == named


@pytest.mark.parametrize(
    "said",
    ["what is the answer", "what is the sum?", "what is 5", "7 ki", "keno", "x mane ki", "HCF",
     "area is 24", "ratio 3:4", "uttor ki", "কী", "", "what is " + "a" * 90],
)  # fmt: skip
def test_who_does_not_ask_for_one_is_not(said: str) -> None:
    assert asked_term(said) is None


def test_a_name_with_a_question_mark_may_be_an_answer() -> None:
    assert asked_term("acute angle?")
    assert asked_term("acute angle?", outright=True) is None
    assert asked_term("what is an acute angle?", outright=True)


def test_no_name_stands_for_two_things() -> None:
    terms = read_terms()
    names = [name for mine, _ in terms for name in mine]
    assert len(terms) > 100
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
    for _, meaning in terms:
        assert meaning.en.isascii()
        assert not meaning.bn.isascii()
        assert not meaning.en.endswith(".")
        assert not meaning.bn.endswith("।")
