"""The misconceptions behind typical mistakes, and which mistake of which problem shows which."""

import csv
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from src.content.faults import Fault, Finding, RefusedContent, Source
from src.content.reader import ParsedRow
from src.content.rows import Label, ProblemRow, Text, Word

MISCONCEPTIONS_NAME = "misconceptions.toml"
MAP_NAME = "misconception-map.csv"
SLIP = "slip"
"""What the map says of a mistake that has no misconception behind it."""
MOST = 120
LEAST_COVERED = 0.9


class _Texts(BaseModel):
    model_config = ConfigDict(extra="forbid")

    en: Label
    bn: Label


class MisconceptionRow(BaseModel):
    """One misconception as the library has it: a lesson of two sentences in both languages."""

    model_config = ConfigDict(extra="forbid")

    id: Word
    topic: Word
    name: _Texts
    lesson_en: Text
    lesson_bn: Text

    COLUMNS: ClassVar = ("id", "topic", "name_en", "name_bn", "lesson_en", "lesson_bn")

    def as_columns(self) -> dict[str, str]:
        """Return the columns of the table, in the order of ``COLUMNS``."""
        texts = (self.name.en, self.name.bn, self.lesson_en, self.lesson_bn)
        return dict(zip(self.COLUMNS, (self.id, self.topic, *texts), strict=True))


class _Place(NamedTuple):
    """A typical mistake of a problem that is no variant: its variants share it."""

    external_id: str
    name: str


class MistakeCounts(NamedTuple):
    """How many mistakes of problems that are no variants refer to what.

    Attributes:
        misconceptions: How many are listed.
        mistakes: All typical mistakes.
        named: Those that refer to a misconception.
        slips: Those that are marked to have none behind them.
    """

    misconceptions: int = 0
    mistakes: int = 0
    named: int = 0
    slips: int = 0


class Mistakes:
    """What stands beside the problems of a folder; nothing where a folder has no such files.

    Args:
        paths: Files of problems and folders of them; the two files are looked for beside them.

    Raises:
        RefusedContent: A file cannot be read.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self.rows: dict[str, MisconceptionRow] = {}
        self._behind: dict[_Place, str] = {}
        self._sources: dict[_Place, Source] = {}
        self._met: set[_Place] = set()
        self._bases: set[str] = set()
        self._counts: Counter[str] = Counter()
        self._file = ""
        # A single file need not hold every problem of the map.
        self._is_whole = all(path.is_dir() for path in paths)
        for folder in dict.fromkeys(path if path.is_dir() else path.parent for path in paths):
            self._read(folder)

    def _read(self, folder: Path) -> None:
        listed, mapped = folder / MISCONCEPTIONS_NAME, folder / MAP_NAME
        if listed.is_file():
            self._file = str(listed)
            self.rows |= {row.id: row for row in read_misconceptions(listed)}
        if mapped.is_file():
            self._read_map(mapped)

    def _read_map(self, path: Path) -> None:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            for number, cells in enumerate(csv.DictReader(file), start=2):
                try:
                    place = _Place(cells["external_id"], cells["name"])
                    found = cells["misconception"]
                except KeyError as error:
                    fault = Fault(str(path), 1, None, "missing_column", f"no column {error}")
                    raise RefusedContent([fault]) from None
                self._behind[place] = found
                self._sources[place] = Source(str(path), number)

    def attach(self, row: ParsedRow) -> ParsedRow:
        """Return a problem whose mistakes know what is behind them."""
        problem = row.problem
        if not self._behind or not problem.misconceptions:
            return row
        known = [self._attached(problem, mistake) for mistake in problem.misconceptions]
        return row._replace(problem=problem.model_copy(update={"misconceptions": known}))

    def _attached(self, problem: ProblemRow, mistake: Mapping[str, str]) -> dict[str, str]:
        place = _place_of(problem, mistake)
        self._met.add(place)
        found = self._behind.get(place, SLIP)
        return dict(mistake) if found == SLIP else {"id": found, **mistake}

    def add(self, problem: ProblemRow) -> Iterator[Finding]:
        """Count the mistakes of a problem and find those that refer to nothing."""
        if problem.variant_of is None:
            self._bases.add(problem.external_id)
        for number, mistake in enumerate(problem.misconceptions, start=1):
            named = mistake.get("id")
            if named is not None and named not in self.rows:
                message = f"item {number}: {named!r} is not in {MISCONCEPTIONS_NAME}"
                yield Finding("misconceptions", "unknown_misconception", message)
            if problem.variant_of is None:
                marked = self._behind.get(_place_of(problem, mistake)) == SLIP
                self._counts["named" if named else "slips" if marked else "bare"] += 1

    @property
    def counts(self) -> MistakeCounts:
        """What was added so far."""
        named, slips = self._counts["named"], self._counts["slips"]
        return MistakeCounts(len(self.rows), self._counts.total(), named, slips)

    def finish(self) -> Iterator[Fault]:
        """Yield the faults that only show once all problems are added."""
        if len(self.rows) > MOST:
            message = f"lists {len(self.rows)} misconceptions; {MOST} is the limit"
            yield Fault(self._file, 0, None, "too_many_misconceptions", message)
        for place, source in self._sources.items():
            expected = self._is_whole or place.external_id in self._bases
            if expected and place not in self._met:
                message = f"{place.external_id} has no mistake {place.name}"
                yield Fault(*source, "name", "unknown_mistake", message)
        counts = self.counts
        if self._is_whole and self._behind and counts.named < LEAST_COVERED * counts.mistakes:
            share = f"{counts.named} of {counts.mistakes}"
            message = f"{share} mistakes have a misconception; {LEAST_COVERED:.0%} are wanted"
            yield Fault(self._file, 0, None, "mistakes_not_covered", message)


def _place_of(problem: ProblemRow, mistake: Mapping[str, str]) -> _Place:
    return _Place(problem.variant_of or problem.external_id, mistake["name"])


def read_misconceptions(path: Path) -> Sequence[MisconceptionRow]:
    """Read the list of misconceptions.

    Raises:
        RefusedContent: It cannot be read, or an id stands twice.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))["misconception"]
        rows = [MisconceptionRow.model_validate(table) for table in tables]
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        told = f"cannot be read: {error}"
        raise RefusedContent([Fault(str(path), 0, None, "bad_misconceptions", told)]) from None
    twice = [one for one, count in Counter(row.id for row in rows).items() if count > 1]
    if twice:
        message = f"{', '.join(twice)} stands twice"
        raise RefusedContent([Fault(str(path), 0, None, "duplicate_id", message)])
    return rows
