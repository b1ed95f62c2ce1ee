"""Figures of problems: what tells the answer, what does not fit, and how templates change them."""

import json
from pathlib import Path
from typing import Any

import pytest

from src.content.checks import check_row
from src.content.faults import Fault
from src.content.library import check_paths
from src.content.reader import ParsedRow
from src.content.rows import COLUMNS, ProblemRow
from src.content.sheet import write_sheet
from src.content.templates import Template
from src.content.variants import Batch, make_variants
from tests.unit.content.good import good_cells, good_problem, write_csv
from tests.unit.content.test_variants import EXAMPLE
from tests.unit.figures.samples import both, sample

PICTURE = sample(
    "bar", series=[{"name": both("Guavas", "পেয়ারা"), "values": [240, 35, 100]}], step=50
)


def codes(problem: ProblemRow) -> set[str]:
    return {finding.code for finding in check_row(problem)}


def with_note(note: str, **changes: Any) -> ProblemRow:
    figure = sample("geometry", notes=[{"at": [9, 4], "text": note}])
    return good_problem(figure=figure, **changes)


def test_a_good_problem_may_have_a_picture() -> None:
    assert codes(good_problem(figure=PICTURE)) == set()


@pytest.mark.parametrize(
    "note",
    [
        *("84", "84°", "84 cm", "= 84", "x = 84", "84.0", "(84)", "84 m", "84 kg", "84/1"),
        *("x=84", "a: 84", "1 : 84", "84 + x", "84, 7", "7, 84", "84?", "84.", "84;", "84!"),
    ],
)
def test_a_picture_that_tells_the_answer_is_found(note: str) -> None:
    assert "figure_leak" in codes(with_note(note))


@pytest.mark.parametrize("note", ["83", "8", "4", "x", "?", "240", "85%", "1984"])
def test_other_numbers_tell_nothing(note: str) -> None:
    assert codes(with_note(note)) == set()


def test_what_the_question_says_may_stand_in_the_picture() -> None:
    assert "figure_leak" not in codes(
        with_note("84", question_en="84 of 240", question_bn="৮৪ ২৪০")
    )


def test_the_scale_of_an_axis_and_the_letters_of_a_choice_are_no_leak() -> None:
    scaled = sample("bar", step=12, top=96, series=[{"name": both("a", "ক"), "values": [84, 1, 2]}])
    assert "figure_leak" not in codes(good_problem(figure=scaled))
    shown = scaled | {"show_values": True}
    assert "figure_leak" in codes(good_problem(figure=shown))
    grid = sample("grid", points=[{"at": [2, 3], "label": "A"}, {"at": [0, 0], "label": "B"}])
    choice = good_problem(
        figure=grid,
        answer="A",
        answer_type="choice",
        choices={"en": ["A", "B"], "bn": ["A", "B"]},
        misconceptions=[],
        solution_check="fact: A",
    )
    assert "figure_leak" not in codes(choice)


def test_a_question_that_is_too_long_for_a_caption_is_found() -> None:
    assert "figure_caption" in codes(good_problem(figure=PICTURE, question_en="word " * 180))


@pytest.mark.parametrize(
    ("cell", "code"),
    [('{"kind": "cube"}', "bad_value"), ("{", "bad_json"), ('{"kind": "bar"}', "bad_value")],
)
def test_a_cell_that_is_no_figure_is_named(tmp_path: Path, cell: str, code: str) -> None:
    path = write_csv(tmp_path / "problems-x.csv", [good_cells(figure=cell)])
    [fault] = [item for item in check_paths([path]) if isinstance(item, Fault)]
    assert (fault.column, fault.code) == ("figure", code)


def test_a_file_may_lack_the_column(tmp_path: Path) -> None:
    cells = {name: good_cells()[name] for name in COLUMNS if name != "figure"}
    path = write_csv(tmp_path / "problems-x.csv", [cells])
    [item] = check_paths([path])
    assert isinstance(item, ParsedRow)
    assert item.problem.figure is None


def make(base: ProblemRow, **changes: Any) -> Batch:
    template = Template.model_validate({**EXAMPLE, **changes})
    [batch] = make_variants([template], {base.external_id: base}, seed=1, count=3)
    return batch


def test_the_numbers_of_a_picture_change_with_those_of_the_problem() -> None:
    labels = {"label": both("240 guavas", "২৪০টি পেয়ারা"), "of": "AB"}
    figure = sample("geometry", segments=[labels], angles=[], notes=[])
    base = good_problem(figure=figure)
    batch = make(base)
    assert batch.faults == []
    for variant in batch.variants:
        assert variant.figure is not None
        number = variant.question_en.split(" guavas")[0].split()[-1]
        label = variant.figure["segments"][0]["label"]
        assert label["en"] == f"{number} guavas"
        assert label["bn"] == f"{number.translate(BANGLA)}টি পেয়ারা"
        assert variant.figure["points"] == figure["points"]


BANGLA = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")


def test_a_template_may_write_the_picture_itself() -> None:
    text = json.dumps(PICTURE, ensure_ascii=False).replace("[240, 35, 100]", "[<n>, <p>, 100]")
    batch = make(good_problem(figure=PICTURE), texts={"figure": text})
    assert batch.faults == []
    for variant in batch.variants:
        assert variant.figure is not None
        values = variant.figure["series"][0]["values"]
        assert f" {values[0]} guavas" in variant.question_en
        assert f"{values[1]}%" in variant.question_en


def test_a_number_of_a_picture_that_nobody_named_is_told() -> None:
    figure = sample("geometry", notes=[{"at": [9, 4], "text": "77"}], segments=["AB"], angles=[])
    faults = "\n".join(make(good_problem(figure=figure)).faults)
    assert "figure: the number 9" in faults


def test_the_page_for_authors_shows_each_picture_twice_with_its_words() -> None:
    page = "".join(write_sheet([good_problem(figure=PICTURE), good_problem()]))
    assert page.count("data:image/png;base64,") == 2
    assert "Picture: bar chart" in page
    assert "ছবি: স্তম্ভলেখ" in page
    assert page.count("<section>") == 1
