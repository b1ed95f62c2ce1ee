"""A table of typed answers for one stored answer, by the verdict that each must get."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from src.answers import grade


@dataclass(frozen=True)
class Group:
    answer_type: str
    stored: str
    options: Mapping[str, Any] = field(default_factory=dict)
    correct: Sequence[str] = ()
    wrong: Sequence[str] = ()
    wrong_form: Sequence[str] = ()
    unreadable: Sequence[str] = ()

    def __str__(self) -> str:
        asked = "-".join(f"{name}={value}" for name, value in self.options.items())
        return f"{self.answer_type} {self.stored} {asked}"[:60].strip()


def misjudged(group: Group) -> dict[str, str]:
    """Return the typed answers that get another verdict, each with the one it got."""
    found = {}
    for outcome in ("correct", "wrong", "wrong_form", "unreadable"):
        for typed in getattr(group, outcome):
            verdict = grade(typed, group.stored, group.answer_type, group.options)
            if verdict.outcome != outcome:
                found[typed] = f"{verdict.outcome} ({verdict.reason}), not {outcome}"
    return found
