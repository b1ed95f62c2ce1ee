"""A problem without faults, to be broken in one place at a time."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from src.content.reader import ParsedRow, read_file
from src.content.rows import COLUMNS, ProblemRow, to_cells
from src.content.script import to_bangla_digits

ROOT = Path(__file__).parents[3]
CONTENT = ROOT / "content"


def good_cells(**changes: str) -> dict[str, str]:
    """Return the cells of the example row, some of them changed."""
    with (CONTENT / "template.csv").open(encoding="utf-8-sig", newline="") as file:
        (cells,) = csv.DictReader(file)
    return {**cells, "status": "active", **changes}


def good_problem(**changes: Any) -> ProblemRow:
    """Return the example row, some of its values changed."""
    (row,) = read_file(CONTENT / "template.csv")
    assert isinstance(row, ParsedRow)
    values = {**row.problem.model_dump(), "status": "active", **changes}
    return ProblemRow.model_validate(values)


def numbered(number: int, **changes: Any) -> ProblemRow:
    """Return one of many problems that differ in id and text."""
    good = good_problem()
    return good_problem(
        **{
            "external_id": f"G6-MANY-{number // 1000:03d}-{number % 1000:03d}",
            "question_en": f"{good.question_en} ({number})",
            "question_bn": f"{good.question_bn} ({to_bangla_digits(str(number))})",
            **changes,
        }
    )


def numbered_cells(number: int, **changes: str) -> dict[str, str]:
    """Return the cells of one of many problems."""
    return {**to_cells(numbered(number)), **changes}


def write_csv(path: Path, rows: Iterable[Mapping[str, str]], **options: Any) -> Path:
    """Write rows as a content team would."""
    with path.open("w", encoding=options.get("encoding", "utf-8"), newline="") as file:
        writer = csv.DictWriter(file, options.get("columns", COLUMNS), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def library() -> list[ProblemRow]:
    """Return every problem of the library, without its variants."""
    rows = (row for path in sorted(CONTENT.glob("problems-*.csv")) for row in read_file(path))
    return [row.problem for row in rows if isinstance(row, ParsedRow)]


def mistakes(*items: Mapping[str, str]) -> str:
    """Return a cell of misconceptions."""
    kind = {"name": "a_slip", "en": "Read it again.", "bn": "আবার পড়ো।"}
    return json.dumps([{**kind, **item} for item in items], ensure_ascii=False)
