"""What another reading of an answer is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """Another spelling of an answer.

    Attributes:
        text: The whole answer, spelled otherwise.
        reason: Why to ask again, when the reading is not sure.
        shown: What the pupil is shown as read; None where nothing needs to be said.
    """

    text: str
    reason: str | None = None
    shown: str | None = None

    @property
    def sure(self) -> bool:
        """Whether nothing else can be meant."""
        return self.reason is None
