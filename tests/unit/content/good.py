"""A problem without faults, to be broken in one place at a time."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from src.content.reader import ParsedRow, read_file
from src.content.rows import COLUMNS, ProblemRow

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
    shown = f"{number // 1000:03d}-{number % 1000:03d}"
    texts = {
        f"question_{language}": f"{good_problem_texts[language]} ({number})"
        for language in ("en", "bn")
    }
    return good_problem(**{"external_id": f"G6-MANY-{shown}", **texts, **changes})


good_problem_texts = {
    "en": good_problem().question_en,
    "bn": good_problem().question_bn,
}


def write_csv(path: Path, rows: Iterable[Mapping[str, str]], **options: Any) -> Path:
    """Write rows as a content team would."""
    with path.open("w", encoding=options.get("encoding", "utf-8"), newline="") as file:
        writer = csv.DictWriter(file, options.get("columns", COLUMNS), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def mistakes(*items: Mapping[str, str]) -> str:
    """Return a cell of misconceptions."""
    kind = {"name": "a_slip", "en": "Read it again.", "bn": "আবার পড়ো।"}
    return json.dumps([{**kind, **item} for item in items], ensure_ascii=False)
