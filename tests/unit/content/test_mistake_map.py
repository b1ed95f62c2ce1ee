"""The map of mistakes beside a library: what it attaches, and what is wrong with it."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from src.content.faults import Fault, RefusedContent
from src.content.library import check_paths
from src.content.mistakes import MAP_NAME, MISCONCEPTIONS_NAME, MOST, MistakeCounts, Mistakes
from src.content.reader import ParsedRow, read_file
from tests.unit.content.good import CONTENT, good_cells, good_problem, mistakes, write_csv

ID = "G6-EXAMPLE-001"
LISTED = """
[[misconception]]
id = "{id}"
topic = "percent"
name = {{ en = "Per cent as a number", bn = "শতকরাকে সংখ্যা ভাবা" }}
lesson_en = "Per cent means of a hundred. Divide by 100."
lesson_bn = "শতকরা মানে শতে। ১০০ দিয়ে ভাগ করো।"
"""
CELL = mistakes({"answer": "156", "name": "took_the_rest"}, {"answer": "35", "name": "only_35"})
MAPPED = ((ID, "took_the_rest", "percent-as-number"), (ID, "only_35", "percent-as-number"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of one problem with two mistakes that are mapped."""
    write_csv(tmp_path / "problems-grade-6.csv", [good_cells(misconceptions=CELL)])
    (tmp_path / MISCONCEPTIONS_NAME).write_text(LISTED.format(id="percent-as-number"))
    return tmp_path


def write_map(folder: Path, rows: Iterable[tuple[str, ...]]) -> None:
    lines = ["external_id,name,misconception", *(",".join(row) for row in rows)]
    (folder / MAP_NAME).write_text("\n".join(lines) + "\n")


def codes(*paths: Path) -> list[str]:
    return [item.code for item in check_paths([*paths]) if isinstance(item, Fault)]


def ids(path: Path) -> list[str | None]:
    (row,) = [item for item in check_paths([path]) if isinstance(item, ParsedRow)]
    return [one.get("id") for one in row.problem.misconceptions]


def test_a_mistake_gets_the_id_of_what_is_behind_it(folder: Path) -> None:
    write_map(folder, MAPPED)

    assert ids(folder) == ["percent-as-number"] * 2
    assert ids(folder / "problems-grade-6.csv") == ["percent-as-number"] * 2
    assert codes(folder) == []


def test_a_variant_shares_the_mistakes_of_its_base(folder: Path) -> None:
    write_map(folder, MAPPED)
    variant = good_cells(external_id=f"{ID}-V01", variant_of=ID, misconceptions=CELL)
    path = write_csv(folder / "variants-grade-6.csv", [variant])

    assert ids(path) == ["percent-as-number"] * 2


def test_counts_leave_variants_out_and_tell_slips(folder: Path) -> None:
    write_map(folder, [MAPPED[0], (ID, "only_35", "slip")])
    found = Mistakes([folder])
    list(check_paths([folder], mistakes=found))
    list(found.add(good_problem(external_id=f"{ID}-V01", variant_of=ID)))

    assert found.counts == MistakeCounts(misconceptions=1, mistakes=2, named=1, slips=1)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([MAPPED[0], (ID, "only_35", "no-such-thing")], "unknown_misconception"),
        ([*MAPPED, (ID, "no_such_mistake", "percent-as-number")], "unknown_mistake"),
        ([*MAPPED, ("G6-NONE-001", "only_35", "percent-as-number")], "unknown_mistake"),
        ([MAPPED[0], (ID, "only_35", "slip")], "mistakes_not_covered"),
        ([MAPPED[0]], "mistakes_not_covered"),
    ],
)
def test_a_reference_to_nothing_is_a_fault(
    folder: Path, rows: list[tuple[str, ...]], code: str
) -> None:
    write_map(folder, rows)

    assert codes(folder) == [code]


def test_more_than_the_limit_is_a_fault(folder: Path) -> None:
    write_map(folder, MAPPED)
    listed = ["percent-as-number", *(f"other-{number}" for number in range(MOST))]
    text = "".join(LISTED.format(id=one) for one in listed)
    (folder / MISCONCEPTIONS_NAME).write_text(text)

    assert codes(folder) == ["too_many_misconceptions"]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        (MISCONCEPTIONS_NAME, "[[misconception]]\nid = 3\n", "bad_misconceptions"),
        (MISCONCEPTIONS_NAME, "no toml", "bad_misconceptions"),
        (MISCONCEPTIONS_NAME, LISTED.format(id="a") * 2, "duplicate_id"),
        (MAP_NAME, "external_id,misconception\nG6-EXAMPLE-001,a\n", "missing_column"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    folder: Path, name: str, text: str, code: str
) -> None:
    (folder / name).write_text(text)

    with pytest.raises(RefusedContent) as refused:
        list(check_paths([folder]))

    assert [fault.code for fault in refused.value.faults] == [code]


def test_content_without_a_map_is_left_as_it_is(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "problems-own.csv", [good_cells(misconceptions=CELL)])

    assert ids(path) == [None, None]
    assert codes(tmp_path) == []


# What a teacher missed in the first edition. Two more are no mistakes here: the whole bill instead
# of its digit, and a term instead of its coefficient, are asked again.
TYPICAL = {
    ("G6-GEO-ANGLE-002", "right"),
    ("G6-NUM-PLACE-002", "7005040"),
    ("G6-NUM-PLACE-003", "অযুত"),
    ("G6-NUM-PRIME-002", "23, 29, 31, 37, 39"),
    ("G6-PCT-001", "117.6%"),
    ("G7-EQN-SOLVE-005", "23.4"),
    ("G7-TWS-002", "45.65 km/h"),
    ("G7-VOL-002", "3200 L"),
    ("G8-DAT-PIE-001", "23.3°"),
    ("G8-MEA-LEN-003", "164.592 cm"),
    ("G8-SEQ-SOLVE-005", "(14/11, 23/11)"),
}


def test_the_typical_mistakes_are_there() -> None:
    rows = [
        row.problem
        for grade in (6, 7, 8)
        for row in read_file(CONTENT / f"problems-grade-{grade}.csv")
        if isinstance(row, ParsedRow)
    ]
    there = {(row.external_id, one["answer"]) for row in rows for one in row.misconceptions}

    assert TYPICAL - there == set()
