"""What is wrong in a file of problems, and where."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from src.errors import ContentError


class Severity(StrEnum):
    """A fault stops an import; a warning asks a person to look."""

    FAULT = "fault"
    WARNING = "warning"


class Source(NamedTuple):
    """Where a row stands: the file, and the row number that a spreadsheet shows for it."""

    file: str
    row: int


class Finding(NamedTuple):
    """What a check says about one problem: the column, a stable code, and a sentence."""

    column: str | None
    code: str
    message: str
    severity: Severity = Severity.FAULT


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding with its place.

    Attributes:
        file: Path as it was given.
        row: Row number as a spreadsheet shows it; 1 is the header, 0 the file as a whole.
        column: Name of the column, or None for the row as a whole.
        code: Stable snake_case name of the kind of fault.
        message: What is wrong and what is expected, for the person who wrote the row.
        severity: Whether it stops an import.
    """

    file: str
    row: int
    column: str | None
    code: str
    message: str
    severity: Severity = Severity.FAULT

    @classmethod
    def at(cls, source: Source, finding: Finding) -> "Fault":
        """Place a finding."""
        return cls(source.file, source.row, *finding)

    def __str__(self) -> str:
        place = [self.file, *([str(self.row)] if self.row else []), self.column or ""]
        return f"{':'.join(filter(None, place))}: {self.message} [{self.code}]"


class RefusedContent(ContentError):  # noqa: N818 - names a state
    """Files of problems were refused; nothing of them was imported."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults[:20]))


def is_fault(fault: Fault) -> bool:
    """Return whether a finding stops an import."""
    return fault.severity is Severity.FAULT


def count_rows(faults: Iterable[Fault]) -> int:
    """Return how many rows have a fault."""
    return len({(fault.file, fault.row) for fault in faults if is_fault(fault)})


def require_file(path: Path) -> None:
    """Make sure that a file is there.

    Raises:
        RefusedContent: It is not.
    """
    if not path.is_file():
        raise RefusedContent([Fault(str(path), 0, None, "no_file", "there is no such file")])
