"""A file to which cases for the grader are added is looked at before a dispute is decided."""

from pathlib import Path

import pytest

from cli.disputes import COLUMNS, cases_in
from src.errors import InvalidReport


@pytest.mark.parametrize(
    "held", [b"a,b\n1,2\n", b"\xff\xfe,\n", b"id\n" + b"a" * 200_000, b"id,category\n1,2\n"]
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, held: bytes) -> None:
    file = tmp_path / "cases.csv"
    file.write_bytes(held)
    with pytest.raises(InvalidReport):
        cases_in(file)
    assert file.read_bytes() == held


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "cases.csv"):
        with pytest.raises(InvalidReport):
            cases_in(path)


def test_the_cases_of_a_file_are_known_and_a_new_file_has_none(tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    assert cases_in(file) == set()
    row = "dispute-7" + "," * (len(COLUMNS) - 1)
    file.write_text(",".join(COLUMNS) + f"\n{row}\n", encoding="utf-8")
    assert cases_in(file) == {"dispute-7"}
