"""Rows on their way into the database, on disk: memory does not grow with the file."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

from src.content.mistakes import MisconceptionRow
from src.content.reader import ParsedRow
from src.content.rows import ProblemRow, StepRow

STORED = (
    "external_id",
    "content_version",
    "status",
    "variant_of",
    "grade",
    "topic",
    "subtopic",
    "textbook_ref",
    "question_en",
    "question_bn",
    "answer",
    "answer_type",
    "answer_options",
    "choices",
    "hints",
    "solution_en",
    "solution_bn",
    "misconceptions",
    "difficulty",
    "estimated_time_minutes",
    "source",
    "license",
    "author",
    "reviewer",
    "figure",
    "steps",
    "stem",
    "part",
    "scene",
)
"""The columns of the table that come from a row; ``solution_check`` stays in the files."""
COLUMNS = (*STORED, "source_file", "source_row")


class Spool:
    """A temporary CSV file in the shape that PostgreSQL's COPY reads; an empty cell is NULL."""

    def __init__(self) -> None:
        self.count = 0
        self.misconceptions: Sequence[MisconceptionRow] = ()
        self._file = cast("BinaryIO", TemporaryFile("w+b"))  # noqa: SIM115 - closed by __exit__
        self._text = io.TextIOWrapper(self._file, encoding="utf-8", newline="")
        self._writer = csv.writer(self._text, lineterminator="\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._text.close()

    def add(self, row: ParsedRow) -> None:
        """Append a row."""
        self._writer.writerow([*to_record(row.problem), row.source.file, row.source.row])
        self.count += 1

    def rewind(self) -> BinaryIO:
        """Return the file from its beginning."""
        self._text.flush()
        self._file.seek(0)
        return self._file

    def batches(self, size: int) -> Iterator[list[list[str | None]]]:
        """Return the rows in lists of at most a size; every value is text."""
        self.rewind()
        self._text.seek(0)
        rows = ([cell or None for cell in row] for row in csv.reader(self._text))
        while batch := [*islice(rows, size)]:
            yield batch


def to_record(problem: ProblemRow) -> list[Any]:
    """Return the values of a problem for ``STORED``, JSON as text."""
    return [_encode(getattr(problem, name)) for name in STORED]


def _encode(value: Any) -> Any:
    if isinstance(value, list) and value and isinstance(value[0], StepRow):
        value = [step.model_dump(mode="json") for step in value]
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return value
