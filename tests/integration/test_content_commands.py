"""The ``dars content`` commands from outside: what they print, write and return."""

import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner, Result

from cli.content import app
from src import database
from src.content.faults import RefusedContent
from src.content.variant_files import write_rows
from src.errors import ContentError
from tests.unit.content.good import CONTENT, good_cells, good_problem, numbered, write_csv

HEADER = "grade,topic,subtopic,difficulty_1,difficulty_2,difficulty_3"
TEMPLATE = """
[[template]]
base = "G6-EXAMPLE-001"
where = ["mod(n*p, 100) = 0", "one != part"]
keep = [1, 100]
parameters.n = { base = 240, from = 120, to = 600, step = 20 }
parameters.p = { base = 35, values = [15, 25, 35, 45, 55, 65] }
derived = { one = "n/100", part = "n*p/100", rest = "n - part", taken = "n - p" }
"""


def dars(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A folder with one good problem, its plan and its template."""
    folder = tmp_path / "library"
    folder.mkdir()
    write_csv(folder / "problems-grade-6.csv", [good_cells()])
    (folder / "plan.csv").write_text(f"{HEADER}\n6,ratio-percentage,percentage,1,0,0\n")
    (folder / "templates-grade-6.toml").write_text(TEMPLATE)
    return folder


def test_check_of_a_clean_library_returns_0(library: Path) -> None:
    result = dars("check", library)

    assert (result.exit_code, result.output) == (0, "1 rows, 0 faults, 0 warnings\n")


def test_check_lists_every_fault_with_its_place_and_returns_1(library: Path) -> None:
    path = write_csv(library / "problems-bad.csv", [good_cells(answer="85", difficulty="9")])

    result = dars("check", path, library)

    assert result.exit_code == 1
    assert f"fault: {path}:2:difficulty: must be at most 3 [out_of_range]" in result.output


def test_check_speaks_json(library: Path) -> None:
    path = write_csv(library / "problems-bad.csv", [good_cells(solution_check="value: 85")])

    result = dars("check", path, "--format", "json")

    report = json.loads(result.output)
    assert (result.exit_code, report["rows"], report["warnings"]) == (1, 1, [])
    (fault,) = report["faults"]
    assert fault | {"message": ""} == {
        "file": str(path),
        "row": 2,
        "column": "solution_check",
        "code": "wrong_key",
        "message": "",
        "severity": "fault",
    }


def test_check_counts_one_file_against_a_plan_that_is_named(library: Path) -> None:
    plan = library / "plan.csv"
    plan.write_text(f"{HEADER}\n6,ratio-percentage,percentage,2,0,0\n7,a,b,1,0,0\n")

    assert dars("check", library / "problems-grade-6.csv").exit_code == 0
    result = dars("check", library / "problems-grade-6.csv", "--plan", plan)

    assert result.exit_code == 1
    assert f"{plan}:2:difficulty_1" in result.output
    assert f"{plan}:3" not in result.output


@pytest.mark.parametrize("sign", [";", "\t", " , "])
def test_a_plan_may_be_separated_as_spreadsheets_do_it(library: Path, sign: str) -> None:
    plan = library / "plan.csv"
    text = f"{HEADER},\r\n6,ratio-percentage,percentage,2,0,0,\r\n,,,,,,\r\n"
    plan.write_bytes(b"\xef\xbb\xbf" + text.replace(",", sign).encode())
    result = dars("check", library / "problems-grade-6.csv", "--plan", plan)
    assert f"{plan}:2:difficulty_1" in result.output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"{HEADER}\n".replace(",", "|"), "separated by |"),
        (f"sep=;\n{HEADER}\n".replace(",", ";"), "a line for Excel alone"),
        ("\ufeff" + HEADER, "UTF-16"),
        (f"{HEADER}\n6,a", "cannot be read"),
        (f"{HEADER}\n6,a,b,many,0,0", "cannot be read"),
        ("", "the columns grade, topic"),
    ],
    ids=["bars", "sep", "utf-16", "short", "no number", "empty"],
)
def test_a_plan_of_another_kind_is_named(library: Path, content: str, said: str) -> None:
    plan = library / "plan.csv"
    plan.write_bytes(content.encode("utf-16-le" if said == "UTF-16" else "utf-8"))
    result = dars("check", library / "problems-grade-6.csv", "--plan", plan)
    assert result.exit_code == 1
    assert isinstance(result.exception, RefusedContent)
    assert said in str(result.exception)


def test_import_adds_a_library_and_prints_the_summary(sqlite_url: str, library: Path) -> None:
    first = dars("import", library, "--format", "json")
    again = dars("import", library, "--format", "json")

    nothing = {"changed": 0, "retired": 0, "kept": [], "refused": 0}
    nothing |= {"dry_run": False, "faults": []}
    assert json.loads(first.output) == {"added": 1, "unchanged": 0, **nothing}
    assert json.loads(again.output) == {"added": 0, "unchanged": 1, **nothing}
    assert "added" in dars("import", library).output
    assert rows_in(sqlite_url) == 1


def rows_in(url: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        total = connection.execute(text("SELECT count(*) FROM problems")).scalar_one()
    engine.dispose()
    return int(total)


def test_import_with_one_fault_imports_nothing(sqlite_url: str, library: Path) -> None:
    write_csv(library / "problems-bad.csv", [good_cells(answer="85")])

    result = dars("import", library)

    assert result.exit_code == 1
    assert "problems-bad.csv:2:solution_check" in result.output
    assert "Nothing was imported." in result.output
    assert rows_in(sqlite_url) == 0


def test_a_dry_run_writes_nothing(sqlite_url: str, library: Path) -> None:
    result = dars("import", library, "--dry-run", "--format", "json")

    assert result.exit_code == 0
    assert json.loads(result.output)["added"] == 1
    assert rows_in(sqlite_url) == 0


def test_variants_may_come_alone_when_their_base_is_stored(
    sqlite_url: str, library: Path, tmp_path: Path
) -> None:
    variant = numbered(1, external_id="G6-EXAMPLE-001-V01", variant_of="G6-EXAMPLE-001")
    alone = write_rows(tmp_path / "variants.csv", [variant])

    assert dars("import", alone).exit_code == 1
    assert dars("import", library).exit_code == 0
    assert dars("import", alone).exit_code == 0
    assert rows_in(sqlite_url) == 2


def test_a_missing_database_is_made(tmp_path: Path) -> None:
    database.configure(f"sqlite:///{tmp_path}/new/dars.db")
    try:
        assert dars("import", CONTENT / "template.csv").exit_code == 0
    finally:
        database.configure()
    assert rows_in(f"sqlite:///{tmp_path}/new/dars.db") == 1


def test_stats_show_the_plan_next_to_what_is_there(library: Path) -> None:
    (library / "plan.csv").write_text(
        f"{HEADER}\n6,ratio-percentage,percentage,2,0,0\n6,ratio-percentage,ratio,0,0,0\n"
    )
    variant = numbered(1, external_id="G6-EXAMPLE-001-V01", variant_of="G6-EXAMPLE-001")
    write_rows(library / "variants-grade-6.csv", [variant])

    table = dars("stats", library)
    percentage, ratio = json.loads(dars("stats", library, "--format", "json").output)

    assert "1 / 2" in table.output
    assert (percentage["wanted"], percentage["found"]) == (
        {"1": 2, "2": 0, "3": 0},
        {"1": 1, "2": 0, "3": 0},
    )
    assert (percentage["variants"], percentage["misconceptions"]) == (1, 2)
    assert (percentage["fits"], ratio["fits"]) == (False, True)


def test_variants_are_written_next_to_the_problems_and_pass_the_check(library: Path) -> None:
    result = dars("variants", "--folder", library, "--per-template", 3)

    assert result.exit_code == 0
    assert "G6-EXAMPLE-001: 3 of 3" in result.output
    assert dars("check", library).output == "4 rows, 0 faults, 0 warnings\n"


def test_the_same_seed_writes_the_same_variants(library: Path) -> None:
    path = library / "variants-grade-6.csv"
    written = []
    for seed in (1, 1, 2):
        dars("variants", "--folder", library, "--seed", seed)
        written.append(path.read_bytes())

    assert written[0] == written[1] != written[2]


def test_only_prints_and_writes_nothing(library: Path) -> None:
    result = dars("variants", "--folder", library, "--only", good_problem().external_id)

    assert "question_bn" in result.output
    assert not (library / "variants-grade-6.csv").exists()


def test_a_template_with_a_fault_is_named_and_nothing_is_written(library: Path) -> None:
    (library / "templates-grade-6.toml").write_text(TEMPLATE.replace("[1, 100]", "[1]"))

    result = dars("variants", "--folder", library)

    assert result.exit_code == 1
    assert "fault: hint2_en: the number 100 in" in result.output
    assert not (library / "variants-grade-6.csv").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["stats", "nowhere"],
        ["variants", "--folder", "nowhere"],
        ["variants", "--folder", "nowhere", "--grade", "7"],
        ["check", "nowhere.csv", "--plan", "nowhere-either.csv"],
    ],
    ids=" ".join,
)
def test_a_file_that_is_not_there_is_an_error_of_ours(arguments: list[str]) -> None:
    assert isinstance(dars(*arguments).exception, ContentError)


def test_templates_without_their_problems_are_an_error_of_ours(library: Path) -> None:
    (library / "problems-grade-6.csv").unlink()

    result = dars("variants", "--folder", library)

    assert isinstance(result.exception, ContentError)
    assert "problems-grade-6.csv" in str(result.exception)
