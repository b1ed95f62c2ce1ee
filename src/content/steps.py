"""The steps of problems: read from the file beside them."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from src.content.faults import Fault, RefusedContent
from src.content.reader import ParsedRow
from src.content.rows import StepRow

STEPS_NAME = "steps.toml"


class _Stepped(BaseModel):
    model_config = ConfigDict(extra="forbid")

    problem: str
    step: list[StepRow]


class Steps:
    """The steps that stand beside the problems of some paths; none where there is no such file.

    Raises:
        RefusedContent: A file cannot be read.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._steps: dict[str, list[StepRow]] = {}
        self._met: set[str] = set()
        self._is_whole = all(path.is_dir() for path in paths)
        self._file = ""
        for folder in dict.fromkeys(path if path.is_dir() else path.parent for path in paths):
            if (path := folder / STEPS_NAME).is_file():
                self._file = str(path)
                self._steps |= {one.problem: one.step for one in _read(path)}

    def attach(self, row: ParsedRow) -> ParsedRow:
        """Return a problem with its steps."""
        name = row.problem.external_id
        if name not in self._steps:
            return row
        self._met.add(name)
        return row._replace(problem=row.problem.model_copy(update={"steps": self._steps[name]}))

    def finish(self) -> list[Fault]:
        """Return a fault for each problem that has steps and is not there."""
        gone = [*self._steps.keys() - self._met] if self._is_whole else []
        message = "has steps, and is not among these problems"
        return [Fault(self._file, 0, None, "unknown_base", f"{one} {message}") for one in gone]


def _read(path: Path) -> list[_Stepped]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))["problem"]
        return [_Stepped.model_validate(table) for table in tables]
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        fault = Fault(str(path), 0, None, "bad_steps", f"cannot be read: {error}")
        raise RefusedContent([fault]) from None
