"""Templates: which sets of numbers are taken, how texts are written, what authors are told."""

import re
import tomllib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from src.content.cells import join_cells, split_cells
from src.content.checks import check_row
from src.content.faults import RefusedContent, is_fault
from src.content.rows import ProblemRow
from src.content.templates import Template, read_templates
from src.content.variants import Batch, make_variants
from src.language import Language
from tests.unit.content.good import ROOT, good_problem

EXAMPLE: dict[str, Any] = {
    "base": "G6-EXAMPLE-001",
    "where": ["mod(n*p, 100) = 0", "one != part"],
    "keep": [1, 100],
    "parameters": {
        "n": {"base": 240, "from": 120, "to": 600, "step": 20},
        "p": {"base": 35, "values": [15, 25, 35, 45, 55, 65]},
    },
    "derived": {"one": "n/100", "part": "n*p/100", "rest": "n - part", "taken": "n - p"},
}


MINIMAL = "[[template]]\nbase = 'G6-A-001'\nparameters.a = { base = 1, values = [1] }\n"


def make(
    base: ProblemRow | None = None, /, *, seed: int = 1, count: int = 4, **changes: Any
) -> Batch:
    template = Template.model_validate({**EXAMPLE, **changes})
    problems = {"G6-EXAMPLE-001": base or good_problem()}
    (batch,) = make_variants([template], problems, seed=seed, count=count)
    return batch


def algebra() -> ProblemRow:
    """A problem whose signs and coefficients change with its numbers."""
    return good_problem(
        question_en="Simplify: 3x + 2x - 7 + 4",
        question_bn="রাশিটি সরল করে লেখো: ৩x + ২x - ৭ + ৪",
        answer="5x-3",
        answer_type="expression",
        hints=[
            {"en": "Which terms are alike?", "bn": "কোন পদগুলো সদৃশ পদ?"},
            {"en": "Gather the terms with x.", "bn": "x যুক্ত পদগুলো একত্র করো।"},
            {"en": "Add the numbers.", "bn": "সংখ্যাগুলো যোগ করো।"},
        ],
        solution_en="5x - 3",
        solution_bn="উত্তরটি হলো ৫x - ৩",
        solution_check="verify: ans = 3x + 2x - 7 + 4",
        misconceptions=[],
    )


def make_algebra(**changes: Any) -> Batch:
    shown = "{a:coef}x {b:signcoef}x {c:signed} {d:signed}"
    result = "{a + b:coef}x {c + d:signed}"
    template = {
        "keep": [],
        "derived": {},
        "where": ["a + b != 0", "c + d != 0"],
        "parameters": {
            "a": {"base": 3, "from": -3, "to": 4},
            "b": {"base": 2, "from": -3, "to": 4},
            "c": {"base": -7, "from": -9, "to": 9},
            "d": {"base": 4, "from": -9, "to": 9},
        },
        "texts": {
            "question_en": f"Simplify: {shown}",
            "question_bn": f"রাশিটি সরল করে লেখো: {shown}",
            "answer": "{a + b:coef}x-{-c - d}",
            "solution_en": result,
            "solution_bn": f"উত্তরটি হলো {result}",
            "solution_check": "verify: ans = {a}x + {b:paren}x + {c:paren} + {d:paren}",
            **changes.pop("texts", {}),
        },
    }
    return make(algebra(), **{**template, **changes})


def test_the_example_of_the_guide_gives_its_variants(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "content-format.md").read_text(encoding="utf-8")
    path = tmp_path / "templates-grade-6.toml"
    path.write_text(re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)[0], encoding="utf-8")

    (template,) = read_templates(path)

    assert template == Template.model_validate(EXAMPLE)


def test_the_numbers_of_every_cell_are_swapped_in_both_scripts() -> None:
    batch = make(
        parameters={"n": {"base": 240, "values": [1200]}, "p": {"base": 35, "values": [15]}}
    )

    (variant,) = batch.variants
    assert (variant.external_id, variant.variant_of) == ("G6-EXAMPLE-001-V01", "G6-EXAMPLE-001")
    assert variant.question_en.startswith("A farmer in Bogura picked 1200 guavas. He packed 15%")
    assert "১২০০টি পেয়ারা" in variant.question_bn
    assert variant.hint(3, Language.EN) == "1% of 1200 guavas is 12 guavas. Multiply 12 by 15."
    assert variant.hint(2, Language.BN).startswith("১৫% মানে প্রতি ১০০টিতে ১৫টি।")
    assert (variant.answer, variant.solution_check) == ("180", "verify: ans/1200 = 15/100")
    assert [item["answer"] for item in variant.misconceptions] == ["1020", "1185"]


def test_decimals_stay_decimals() -> None:
    batch = make(
        parameters={"n": {"base": 240, "values": [460]}, "p": {"base": 35, "values": [45]}}
    )

    assert "৪.৬টি" in batch.variants[0].hint(3, Language.BN)


def test_variants_pass_all_checks_and_differ() -> None:
    batch = make(count=30)

    assert len(batch.variants) == 30
    assert len({variant.question_en for variant in batch.variants}) == 30
    assert good_problem().question_en not in {variant.question_en for variant in batch.variants}
    assert [f for variant in batch.variants for f in check_row(variant)] == []


def test_the_same_seed_gives_the_same_variants() -> None:
    assert make(seed=7).variants == make(seed=7).variants
    assert make(seed=7).variants != make(seed=8).variants


def test_two_templates_do_not_make_the_same_question() -> None:
    template = Template.model_validate(
        {**EXAMPLE, "parameters": {**EXAMPLE["parameters"], "n": {"base": 240, "values": [300]}}}
    )
    twin = good_problem(external_id="G6-EXAMPLE-002", question_bn="একটি অন্য প্রশ্ন: ২৪০ ও ৩৫?")
    problems = {"G6-EXAMPLE-001": good_problem(), "G6-EXAMPLE-002": twin}
    other = template.model_copy(update={"base": "G6-EXAMPLE-002"})

    first, second = make_variants([template, other], problems, seed=1, count=9)

    assert len(first.variants) == 6
    assert second.variants == []


def test_count_and_version_of_a_template_come_first() -> None:
    assert {variant.content_version for variant in make(content_version=3).variants} == {3}
    template = Template.model_validate({**EXAMPLE, "count": 2})
    (batch,) = make_variants([template], {"G6-EXAMPLE-001": good_problem()}, seed=1, count=9)
    assert (batch.asked, len(batch.variants)) == (2, 2)


def test_sets_that_fail_a_check_are_thrown_away_and_counted() -> None:
    numbers = {"n": {"base": 240, "values": [200, 240]}, "p": {"base": 35, "values": [50]}}

    batch = make(parameters=numbers)

    # Half of it: what is left over is the answer itself.
    assert batch.variants == []
    assert batch.refused.keys() <= {"misconception_is_answer", "answer_in_hint"}
    assert batch.example.startswith("n = ")


def test_values_that_do_not_fit_their_place_are_thrown_away() -> None:
    batch = make(
        where=[],
        parameters={"n": {"base": 240, "values": [230]}, "p": {"base": 35, "values": [35]}},
    )

    assert batch.refused == {"does_not_fit": 1}
    assert "161/2" in batch.example


def test_signs_and_coefficients_follow_the_numbers() -> None:
    batch = make_algebra(
        parameters={
            "a": {"base": 3, "values": [1]},
            "b": {"base": 2, "values": [-2]},
            "c": {"base": -7, "values": [-9]},
            "d": {"base": 4, "values": [1]},
        },
    )

    (variant,) = batch.variants
    assert variant.question_en == "Simplify: x - 2x - 9 + 1"
    assert variant.question_bn == "রাশিটি সরল করে লেখো: x - ২x - ৯ + ১"
    assert variant.answer == "-x-8"
    assert variant.solution_en == "-x - 8"


def test_a_coefficient_of_nothing_is_thrown_away() -> None:
    batch = make_algebra(
        where=[],
        parameters={
            "a": {"base": 3, "values": [0]},
            "b": {"base": 2, "values": [2]},
            "c": {"base": -7, "values": [-9]},
            "d": {"base": 4, "values": [1]},
        },
    )

    assert batch.refused == {"does_not_fit": 1}


def test_the_numbers_of_a_cell_can_be_listed_instead_of_kept() -> None:
    listed = {
        "hint2_en": "p p 100 p 100 n",
        "hint2_bn": "p 100 p p 100 n",
        "solution_en": "p n p 100 n part part",
        "solution_bn": "n p p 100 n n*p/100 part",
        "solution_check": "n p 100",
    }

    batch = make(
        keep=[], numbers={**listed, "hint3_en": "1 n one one p", "hint3_bn": "n 1 one one p"}
    )

    assert len(batch.variants) == 4


def test_one_list_may_stand_for_both_languages() -> None:
    batch = make(numbers={"question": "n p"})

    assert len(batch.variants) == 4


def wrong_templates() -> Iterator[tuple[str, dict[str, Any], str]]:
    yield "a number without a name", {"keep": [100]}, "hint3_en: the number 1 in '1% of 240"
    yield "a number with two meanings", {"keep": [1, 100, 35]}, "may be p, a number to keep"
    yield "an unknown base", {"base": "G6-NOTHING-001"}, "there is no such problem"
    yield "a formula in unknown names", {"where": ["m > 1"]}, "m is no name here"
    yield "a product without a sign", {"where": ["np > 1"]}, "np is no name here; products need"
    yield "a condition that is none", {"where": ["n + p"]}, "is no condition"
    yield "a formula that cannot be read", {"where": ["n +"]}, "cannot be read"
    yield "a formula without a value", {"derived": {"one": "n/0"}}, "has no value"
    yield "an irrational value", {"derived": {"one": "sqrt(2)"}}, "is not a rational number"
    yield "a cell that the problem has not", {"texts": {"choice1_en": "x"}}, "has no such cell"
    yield "numbers of no cell", {"numbers": {"choice1": "n"}}, "has no such cell"
    yield (
        "too few numbers",
        {"numbers": {"hint3": "n p"}},
        "has 5 numbers (1 240 2.4 2.4 35), 2 are",
    )
    yield "a number in the wrong place", {"numbers": {"hint3": "1 p one one n"}}, "p is 35 in the"
    yield "an open brace", {"texts": {"hint3_en": "{n of it"}}, "a brace is not closed"
    yield "an empty placeholder", {"texts": {"hint3_en": "{} of it"}}, "a brace is not closed"
    yield "an unknown format", {"texts": {"hint3_en": "{n:roman}"}}, "there is no format roman"
    yield (
        "a text that differs",
        {"texts": {"hint3_en": "Take {n}."}},
        "with the base values this gives",
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [(changes, message) for _, changes, message in wrong_templates()],
    ids=[kind for kind, _, _ in wrong_templates()],
)
def test_an_author_is_told_what_is_wrong(changes: dict[str, Any], message: str) -> None:
    batch = make(**changes)

    assert batch.variants == []
    assert message in "\n".join(batch.faults)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[template]]\nbase = ", "is not TOML"),
        ("[[template]]\nbase = 'G6-A-001'", "G6-A-001: parameters: Field required"),
        (
            "[[template]]\nbase = 'G6-A-001'\nparameters.a = { base = 1 }",
            "G6-A-001: parameters.a: needs either from and to, or values",
        ),
        (
            "[[template]]\nbase = 'G6-A-001'\nparameters.a = { base = 1, from = 9, to = 1 }",
            "gives",
        ),
        (
            f"{MINIMAL}derived.a = '1'",
            "a is a parameter and a derived value",
        ),
        (
            f"{MINIMAL}texts.hint4_en = '1'",
            "hint4_en is not a cell",
        ),
        ("[[template]]\nbase = 'G6-A-001'\nremark = 1", "G6-A-001: remark"),
        ("template = 1", "template"),
    ],
)
def test_a_file_of_templates_that_cannot_be_read_is_explained(
    text: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "templates-grade-6.toml"
    path.write_text(text)

    with pytest.raises(RefusedContent) as refusal:
        read_templates(path)

    assert message in str(refusal.value)
    assert all(map(is_fault, refusal.value.faults))


def test_decimal_parameters_are_exact() -> None:
    values = tomllib.loads(
        "a = { base = 0.3, from = 0.1, to = 0.5, step = 0.1 }", parse_float=Fraction
    )
    template = Template.model_validate({"base": "G6-A-001", "parameters": values})

    assert [*template.parameters["a"].options()] == [Fraction(n, 10) for n in range(1, 6)]


def test_many_numbers_are_drawn_and_not_listed() -> None:
    wide = {
        "n": {"base": 240, "from": 100, "to": 9000, "step": 100},
        "p": {"base": 35, "from": 1, "to": 99},
    }

    assert len(make(parameters={**wide, "q": {"base": 7, "from": 1, "to": 90}}).variants) == 4


def test_grouped_numbers_stay_grouped_and_lists_are_no_groups() -> None:
    texts = {
        "question_en": "Of 1,200 people 35% came. How many?",
        "question_bn": "১,২০০ জনের ৩৫% এসেছিল। কত জন এসেছিল?",
        "answer": "420",
        "solution_en": "420",
        "solution_bn": "উত্তর হলো ৪২০",
        "solution_check": "verify: ans = max(420, 35); verify: ans/1200 = 35/100",
        "misconceptions": [],
        "hints": [
            {"en": "What does % mean?", "bn": "% দিয়ে কী বোঝায়?"},
            {"en": "Multiply.", "bn": "গুণ করো।"},
            {"en": "Divide.", "bn": "ভাগ করো।"},
        ],
    }
    batch = make(
        good_problem(**texts),
        keep=[100],
        derived={"part": "n*p/100"},
        where=[],
        parameters={"n": {"base": 1200, "values": [125000]}, "p": {"base": 35, "values": [40]}},
    )

    (variant,) = batch.variants
    assert "Of 1,25,000 people" in variant.question_en
    assert "১,২৫,০০০ জনের" in variant.question_bn
    assert variant.solution_check.startswith("verify: ans = max(50000, 40)")


def test_cells_are_taken_apart_and_put_together_again() -> None:
    problem = good_problem(
        answer="A",
        answer_type="choice",
        answer_options={},
        choices={"en": ["84", "156"], "bn": ["৮৪", "১৫৬"]},
    )

    assert ProblemRow.model_validate(join_cells(problem, split_cells(problem))) == problem


def charted() -> ProblemRow:
    """A problem whose numbers stand in its picture only."""
    chart = {
        "kind": "bar",
        "step": 2,
        "y": {"en": "Books", "bn": "বই"},
        "categories": [{"en": "Mitu", "bn": "মিতু"}, {"en": "Rafi", "bn": "রাফি"}],
        "series": [{"name": {"en": "Books", "bn": "বই"}, "values": [8, 6]}],
    }
    return good_problem(
        question_en="How many books are there?",
        question_bn="মোট কয়টি বই আছে?",
        answer="14",
        hints=[
            {"en": "Which bars are there?", "bn": "কোন কোন স্তম্ভ আছে?"},
            {"en": "Read both bars.", "bn": "দুটি স্তম্ভই পড়ো।"},
            {"en": "Add 8 and 6.", "bn": "৮ ও ৬ যোগ করো।"},
        ],
        solution_en="8 + 6 = 14 books.",
        solution_bn="৮ + ৬ = ১৪টি বই।",
        solution_check="value: 8 + 6",
        misconceptions=[],
        figure=chart,
    )


def test_numbers_that_stand_only_in_the_picture_make_variants() -> None:
    values = {"base": 8, "values": [4, 6, 8, 10, 12]}
    batch = make(
        charted(),
        where=["a != b"],
        keep=[],
        parameters={"a": values, "b": values | {"base": 6}},
        derived={"s": "a + b"},
        numbers={"figure": "2 a b"},
    )

    assert batch.faults == []
    assert len(batch.variants) == 4
    assert {variant.question_en for variant in batch.variants} == {"How many books are there?"}
    shown = [variant.figure["series"][0]["values"] for variant in batch.variants if variant.figure]
    assert [8, 6] not in shown
    assert len({tuple(values) for values in shown}) == 4


STALL = {
    "name": "stall",
    "texts": {
        "question_en": "Of {n} cups of tea that a stall sold today, {p}% had milk. How many is it?",
        "question_bn": "একটি দোকানে আজ {n} কাপ চা বিক্রি হলো, তার {p}% দুধ চা। দুধ চা কত কাপ?",
        "solution_en": "{p}% of {n} = {p}/100 × {n} = {part}. It is {part} cups.",
        "solution_bn": "{n} এর {p}% = {p}/১০০ × {n} = {part}। দুধ চা {part} কাপ।",
        "hint2_en": "{p}% means {p} out of every 100. Write {p}/100, then multiply it by {n}.",
        "hint2_bn": "{p}% মানে প্রতি ১০০ কাপে {p} কাপ। {p}/১০০ লিখে তাকে {n} দিয়ে গুণ করো।",
    },
}


def test_scenes_are_told_in_turn_and_the_story_of_the_base_last() -> None:
    batch = make(scenes=[STALL])

    assert batch.faults == []
    assert [variant.scene for variant in batch.variants] == ["stall", None, "stall", None]
    assert ["tea" in variant.question_en for variant in batch.variants] == [True, False] * 2
    alone = make(scenes=[STALL], base_story=False)
    assert {variant.scene for variant in alone.variants} == {"stall"}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            {"question_en": "A farmer in Sylhet picked {n} guavas. He packed {p}% of them in a "
                "basket. How many guavas did he pack?"},
            "of its words are the problem's",
        ),
        ({"choice1_en": "{n}"}, "the problem has no such cell"),
        ({"hint1_en": "{unknown}"}, "stall: hint1_en"),
        ({"hint1_en": "{n"}, "a brace is not closed"),
    ],
)  # fmt: skip
def test_a_scene_that_does_not_fit_is_a_fault(texts: dict[str, str], expected: str) -> None:
    batch = make(scenes=[STALL | {"texts": STALL["texts"] | texts}])  # type: ignore[operator]

    assert [fault for fault in batch.faults if expected in fault]
    assert batch.variants == []


def test_a_scene_tells_the_question_and_the_solution() -> None:
    with pytest.raises(ValueError, match="does not tell solution_bn"):
        make(scenes=[{"name": "stall", "texts": dict.fromkeys(list(STALL["texts"])[:3], "x")}])
    with pytest.raises(ValueError, match="is not a cell"):
        make(scenes=[STALL | {"texts": STALL["texts"] | {"hint9_en": "x"}}])  # type: ignore[operator]
