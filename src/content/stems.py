"""Creative questions: what must hold between the three parts of a stem."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

from src.content.faults import Fault, Finding, Source
from src.content.reader import ParsedRow
from src.content.rows import LANGUAGES, PARTS, ProblemRow
from src.models.enums import ProblemStatus


class _Told(NamedTuple):
    """What the parts of a stem have in common; the texts as hashes."""

    grade: int
    topic: str
    figure: str
    texts: bytes


class Stems:
    """The parts that were met so far, by stem."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[Source, _Told]] = {}
        self._parts: dict[str, set[int]] = {}

    def add(self, row: ParsedRow) -> Iterator[Finding]:
        """Compare a part with those of its stem before it."""
        problem = row.problem
        if problem.stem is None or problem.part is None:
            return
        own = _told(problem)
        _, first = self._first.setdefault(problem.stem, (row.source, own))
        for name, mine, theirs in zip(_Told._fields, own, first, strict=True):
            if mine != theirs:
                column = "question_en" if name == "texts" else name
                message = f"the parts of {problem.stem} do not tell the same here"
                yield Finding(column, "stem_differs", message)
        if problem.status is not ProblemStatus.RETIRED:
            self._parts.setdefault(problem.stem, set()).add(problem.part)

    def finish(self) -> Iterator[Fault]:
        """Yield a fault for each stem of which a part is missing."""
        for stem, parts in self._parts.items():
            missing = {*range(1, PARTS + 1)} - parts
            if missing:
                message = f"{stem} has no part {', '.join(map(str, sorted(missing)))}"
                yield Fault(*self._first[stem][0], "part", "part_missing", message)

    @property
    def count(self) -> int:
        """How many stems were met whose parts are asked."""
        return len(self._parts)


def _told(problem: ProblemRow) -> _Told:
    texts = blake2b(digest_size=16)
    for language in LANGUAGES:
        texts.update(problem.told_by_stem(language).encode() + b"\0")
    return _Told(problem.grade, problem.topic, str(problem.figure), texts.digest())
