"""How long what is paid for lasts, and what may be paid for. Pure."""

from dataclasses import dataclass
from datetime import timedelta

MOST_GRACE = timedelta(days=1)
"""A renewal that comes late by less interrupts nothing."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What is sold.

    Attributes:
        stars: The price of a period; 0 where nothing is sold.
        period: What is paid for.
    """

    stars: int
    period: timedelta

    @property
    def is_selling(self) -> bool:
        """Whether anything is sold; if not, everybody has all of it."""
        return self.stars > 0


def grace(period: timedelta) -> timedelta:
    """Return for how long premium outlasts a period while the next payment is awaited."""
    return min(period / 30, MOST_GRACE)
