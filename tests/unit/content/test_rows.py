"""The row as a model: both file shapes, the database, the JSON Schema, the guide."""

import csv
import re
from pathlib import Path

from src.content.library import check_paths
from src.content.reader import ParsedRow, find_files
from src.content.rows import COLUMNS, ProblemRow, column_of, schema_text, to_cells
from src.content.spool import STORED
from src.models import Problem
from tests.unit.content.good import CONTENT, ROOT, good_cells, good_problem, write_csv


def test_a_row_becomes_a_row_of_the_database_and_comes_back() -> None:
    row = good_problem(
        answer="A", answer_type="choice", choices={"en": ["84", "1"], "bn": ["৮৪", "১"]}
    )

    stored = Problem(**row.model_dump(exclude={"solution_check"}))

    assert ProblemRow.model_validate(stored) == row.model_copy(update={"solution_check": ""})


def test_every_content_column_of_the_table_comes_from_a_row() -> None:
    own = {"id", "created_at", "updated_at", "retired_at", "taken_over_at"}

    assert set(STORED) == {column.name for column in Problem.__table__.columns} - own


def test_cells_and_rows_convert_both_ways(tmp_path: Path) -> None:
    cells = to_cells(good_problem())
    path = write_csv(tmp_path / "one.csv", [cells])

    (item,) = check_paths([path])

    assert isinstance(item, ParsedRow)
    assert item.problem == good_problem()
    assert cells == good_cells()


def test_the_schema_in_the_docs_is_that_of_the_model() -> None:
    path = ROOT / "docs" / "problem.schema.json"

    assert path.read_text(encoding="utf-8") == schema_text()


def test_the_template_opens_in_a_spreadsheet_and_has_no_fault() -> None:
    path = CONTENT / "template.csv"

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert [item for item in check_paths([path]) if not isinstance(item, ParsedRow)] == []


def test_a_folder_does_not_take_the_template_for_a_problem() -> None:
    names = [path.name for path in find_files([CONTENT]) if isinstance(path, Path)]

    assert "problems-grade-6.csv" in names
    assert "template.csv" not in names


def test_the_guide_describes_every_column() -> None:
    guide = (ROOT / "docs" / "content-format.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_0-9]+)`", guide.partition("## Two languages")[0]))
    ladder = {column for column in COLUMNS if column.startswith("hint")}

    assert set(COLUMNS) - ladder <= named
    with (CONTENT / "template.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file)) == [*COLUMNS]


def test_places_inside_a_row_have_the_names_of_columns() -> None:
    assert column_of(("hints", 1, "bn")) == "hint2_bn"
    assert column_of(("choices", "en", 3)) == "choices_en"
    assert column_of(("misconceptions", 0, "name")) == "misconceptions"
    assert column_of(()) is None
