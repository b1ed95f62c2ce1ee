"""How many labelled sayings are understood, as a pupil says them while a question is open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from src.answers.grade import grade
from src.answers.hearing.ear import Want, hear_beside
from src.answers.hearing.requests import Request, read_request
from src.answers.score import CaseFileError, read_rows
from src.answers.verdicts import AnswerType

COLUMNS = ("said", "wants")
# Each of these is help for somebody who is stuck; a label need not say which.
HELP = "help"
_HELPS = frozenset({Want.HINT, Want.EXPLAIN, Want.STUCK})
NAMES = (HELP, *Want, *Request)
_ASKED = ("347", AnswerType.NUMBER)
BETWEEN = "|"


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody says, and what they want by it: any of the names is right."""

    said: str
    wants: frozenset[str]


@dataclass(frozen=True, slots=True)
class HeardSaying:
    """A saying and what was heard; None where nothing was."""

    saying: Saying
    heard: str | None

    @property
    def understood(self) -> bool:
        """Whether it was heard as it was meant."""
        meant = {HELP, self.heard} if self.heard in _HELPS else {self.heard}
        return not meant.isdisjoint(self.saying.wants)


@dataclass(frozen=True, slots=True)
class SayingsReport:
    """All figures of one run over a file of sayings."""

    heard: Sequence[HeardSaying]

    @property
    def missed(self) -> list[HeardSaying]:
        """Those that were not understood."""
        return [one for one in self.heard if not one.understood]

    @property
    def share(self) -> float:
        """The share that was understood, 0..1."""
        return 1 - len(self.missed) / len(self.heard) if self.heard else 0.0

    @property
    def by_want(self) -> dict[str, tuple[int, int]]:
        """For each label: how many were understood, and how many there are."""
        counts: dict[str, tuple[int, int]] = {}
        for one in self.heard:
            name = BETWEEN.join(sorted(one.saying.wants))
            understood, total = counts.get(name, (0, 0))
            counts[name] = (understood + one.understood, total + 1)
        return counts

    def as_dict(self) -> dict[str, Any]:
        """Return everything that the report says, for JSON."""
        return {
            "sayings": len(self.heard),
            "understood": len(self.heard) - len(self.missed),
            "share": round(self.share, 4),
            "by_want": {
                name: {"understood": understood, "sayings": total}
                for name, (understood, total) in self.by_want.items()
            },
            "missed": [
                {
                    "said": one.saying.said,
                    "wants": BETWEEN.join(sorted(one.saying.wants)),
                    "heard": one.heard,
                }
                for one in self.missed
            ],
        }


def understand(text: str) -> str | None:
    """Return the name of what a text wants that is said to an open question for a number."""
    request = read_request(text)
    if request is not None:
        return request
    stored, answer_type = _ASKED
    outcome = grade(text, stored, answer_type).outcome
    return hear_beside(text, outcome, answer_type, stored)


def score_sayings(sayings: Iterable[Saying]) -> SayingsReport:
    """Hear every saying once."""
    return SayingsReport([HeardSaying(saying, understand(saying.said)) for saying in sayings])


def read_sayings(text: str) -> list[Saying]:
    """Read a CSV file with the columns `said` and `wants`; several wants stand between bars.

    Raises:
        CaseFileError: A column is missing, or there is no such want.
    """
    return read_rows(text, COLUMNS, _saying)


def _saying(row: Mapping[str, str | None], number: int) -> Saying:
    wants = frozenset((row["wants"] or "").split(BETWEEN))
    if unknown := sorted(wants - set(NAMES)):
        known = ", ".join(NAMES)
        raise CaseFileError(f"row {number}: no such want: {', '.join(unknown)}; there are {known}")
    return Saying(row["said"] or "", wants)
