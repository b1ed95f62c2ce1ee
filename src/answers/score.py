"""Judge a file of labelled cases and count what the grader accepts.

A case file is CSV with the columns in `COLUMNS`; a further column `verdict` is optional. Nothing
here reads a file or a clock: the text of the file and the CPU timer come from the caller.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from src.answers.grade import grade
from src.answers.verdicts import AnswerKeyError, AnswerType, Outcome

COLUMNS = (
    "id",
    "category",
    "answer_type",
    "options",
    "stored",
    "typed_json",
    "should_match",
    "adversarial",
    "contested",
    "note",
)
KEY_FAULT = "key_fault"
Row = TypeVar("Row")


class CaseFileError(ValueError):
    """A file of cases cannot be read; the message names the row and the column."""


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled pair of a stored and a typed answer."""

    id: str
    category: str
    answer_type: AnswerType
    options: Mapping[str, Any]
    stored: str
    typed: str
    should_match: bool
    adversarial: bool
    contested: bool
    note: str
    verdict: Outcome | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What the grader said of a case, and the CPU time that it took in nanoseconds."""

    case: Case
    outcome: str
    reason: str | None
    cpu_ns: int

    @property
    def accepted(self) -> bool:
        """Whether the grader said ``correct``."""
        return self.outcome == Outcome.CORRECT

    @property
    def agrees(self) -> bool:
        """Whether the grader accepted what it should and refused what it should."""
        return self.outcome != KEY_FAULT and self.accepted == self.case.should_match

    @property
    def agrees_exactly(self) -> bool:
        """Whether the outcome is the labelled one; a case without a verdict only has to agree."""
        return self.agrees and self.case.verdict in (None, self.outcome)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over a group of judged cases."""

    right: int
    right_accepted: int
    wrong: int
    wrong_accepted: int

    @classmethod
    def of(cls, judged: Iterable[Judged]) -> "Tally":
        """Count a group."""
        rows = list(judged)
        right = [row for row in rows if row.case.should_match]
        wrong = [row for row in rows if not row.case.should_match]
        return cls(
            right=len(right),
            right_accepted=sum(row.accepted for row in right),
            wrong=len(wrong),
            wrong_accepted=sum(row.accepted for row in wrong),
        )

    def as_dict(self) -> dict[str, int]:
        """Return the counts for JSON."""
        return {
            "should_match": self.right,
            "accepted": self.right_accepted,
            "should_not_match": self.wrong,
            "wrongly_accepted": self.wrong_accepted,
        }


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """All figures of one run over a file of cases."""

    judged: Sequence[Judged]

    @property
    def total(self) -> Tally:
        """Counts over the cases that are not contested."""
        return Tally.of(self._plain())

    @property
    def contested(self) -> Tally:
        """Counts over the cases where teachers differ."""
        return Tally.of(row for row in self.judged if row.case.contested)

    @property
    def by_category(self) -> dict[str, Tally]:
        """Counts of each category, contested cases left out."""
        names = dict.fromkeys(row.case.category for row in self._plain())
        return {
            name: Tally.of(row for row in self._plain() if row.case.category == name)
            for name in names
        }

    @property
    def exact(self) -> tuple[int, int]:
        """How many labelled verdicts are met exactly, and how many cases carry one."""
        labelled = [row for row in self._plain() if row.case.verdict is not None]
        return sum(row.agrees_exactly for row in labelled), len(labelled)

    @property
    def failing(self) -> list[Judged]:
        """The cases, contested ones left out, where the grader and the label differ."""
        return [row for row in self._plain() if not row.agrees_exactly]

    def cpu_ms(self, quantile: float) -> float:
        """Return the CPU time in milliseconds below which this share of the gradings stays."""
        times = sorted(row.cpu_ns for row in self.judged)
        if not times:
            return 0.0
        return times[min(len(times) - 1, int(quantile * len(times)))] / 1e6

    def as_dict(self) -> dict[str, Any]:
        """Return everything that the report says, for JSON."""
        met, labelled = self.exact
        return {
            "cases": len(self.judged),
            **self.total.as_dict(),
            "verdicts_labelled": labelled,
            "verdicts_met": met,
            "contested": self.contested.as_dict(),
            "by_category": {name: tally.as_dict() for name, tally in self.by_category.items()},
            "cpu_ms": {
                "p50": self.cpu_ms(0.5),
                "p99": self.cpu_ms(0.99),
                "max": self.cpu_ms(1.0),
            },
            "failing": [_row_dict(row) for row in self.failing],
        }

    def _plain(self) -> list[Judged]:
        return [row for row in self.judged if not row.case.contested]


def _row_dict(row: Judged) -> dict[str, str | None]:
    expected = row.case.verdict or ("correct" if row.case.should_match else "not correct")
    return {
        "id": row.case.id,
        "category": row.case.category,
        "answer_type": row.case.answer_type,
        "stored": row.case.stored,
        "typed": row.case.typed,
        "expected": expected,
        "got": row.outcome,
        "reason": row.reason,
    }


def read_cases(text: str) -> list[Case]:
    """Read the text of a case file.

    Raises:
        CaseFileError: A column is missing or a cell is not what it should be.
    """
    return read_rows(text, COLUMNS, _case)


def read_rows(
    text: str, columns: Iterable[str], read: Callable[[Mapping[str, Any], int], Row]
) -> list[Row]:
    """Read the rows of a CSV file that must have some columns.

    Args:
        text: The file.
        columns: Those that must be there.
        read: Reads a row; its second argument is the number of the row, of which the header is 1.

    Raises:
        CaseFileError: A column is missing, or it is not a CSV file; or what `read` raises.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        missing = [name for name in columns if name not in (reader.fieldnames or ())]
        if missing:
            raise CaseFileError(f"columns are missing: {', '.join(missing)}")
        return [read(row, number) for number, row in enumerate(reader, start=2)]
    except csv.Error as error:
        raise CaseFileError(f"line {reader.line_num}: not a CSV file ({error})") from None


def _case(row: Mapping[str, Any], number: int) -> Case:
    """Read one row; the header is row 1."""

    def cell(name: str, read: Callable[[str], Any]) -> Any:
        value = row.get(name)
        try:
            return read("" if value is None else value)
        except ValueError as error:
            raise CaseFileError(f"row {number}, column {name}: {error}") from None

    return Case(
        id=cell("id", str),
        category=cell("category", str),
        answer_type=cell("answer_type", AnswerType),
        options=cell("options", _options),
        stored=cell("stored", str),
        typed=cell("typed_json", _json_string),
        should_match=cell("should_match", _flag),
        adversarial=cell("adversarial", _flag),
        contested=cell("contested", _flag),
        note=cell("note", str),
        verdict=cell("verdict", _verdict),
    )


def _options(text: str) -> dict[str, Any]:
    value = json.loads(text) if text.strip() else {}
    if not isinstance(value, dict):
        raise CaseFileError("expected a JSON object")
    return value


def _json_string(text: str) -> str:
    value = json.loads(text)
    if not isinstance(value, str):
        raise CaseFileError("expected a JSON string")
    return value


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(f"expected 0 or 1, found {text!r}")
    return text == "1"


def _verdict(text: str) -> Outcome | None:
    return Outcome(text) if text else None


def judge(cases: Iterable[Case], cpu_ns: Callable[[], int]) -> ScoreReport:
    """Grade every case once.

    Args:
        cases: The labelled pairs.
        cpu_ns: A counter of the CPU time of this process in nanoseconds.
    """
    return ScoreReport([_judge(case, cpu_ns) for case in cases])


def _judge(case: Case, cpu_ns: Callable[[], int]) -> Judged:
    start = cpu_ns()
    try:
        verdict = grade(case.typed, case.stored, case.answer_type, case.options)
    except AnswerKeyError as error:
        return Judged(case, KEY_FAULT, str(error), cpu_ns() - start)
    return Judged(case, verdict.outcome, verdict.reason, cpu_ns() - start)
