"""How long what is paid for lasts, and what may be paid for. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from src.models import StarOrderKind

MOST_GRACE = timedelta(days=1)
"""A renewal that comes late by less interrupts nothing."""
TOLD_BEFORE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Offer:
    """What is sold.

    Attributes:
        stars: The price of a period; 0 where nothing is sold.
        period: What is paid for.
        support: Who answers about payments.
    """

    stars: int
    period: timedelta
    support: str = ""

    @property
    def is_selling(self) -> bool:
        """Whether anything is sold; if not, everybody has all of it."""
        return self.stars > 0


@dataclass(frozen=True, slots=True)
class Right:
    """Premium that is not over, and was not taken away.

    Attributes:
        id: Of the entitlement.
        is_paid: Whether Stars were paid for it; if not, an operator gave it.
        is_recurring: Whether it is a period of a subscription.
        renews: Whether Telegram is to charge for the next period.
        starts_at: When it begins.
        ends_at: The end of what was paid for or given.
        lasts_until: When it is over; later by a grace while the next payment is awaited.
    """

    id: int
    is_paid: bool
    is_recurring: bool
    renews: bool
    starts_at: datetime
    ends_at: datetime
    lasts_until: datetime


@dataclass(frozen=True, slots=True)
class PremiumEnd:
    """Premium that nothing follows, and that ends about now.

    Attributes:
        id: Of the entitlement.
        person_id: Whose.
        starts_at: When it begins.
        ends_at: The end of what was paid for or given.
        lasts_until: When it is over.
        is_recurring: Whether it is a period of a subscription.
    """

    id: int
    person_id: int
    starts_at: datetime
    ends_at: datetime
    lasts_until: datetime
    is_recurring: bool

    def is_told(self, now: datetime, before: timedelta) -> bool:
        """Return whether it is to be told: of a subscription when it is over, else before that."""
        if self.is_recurring:
            return self.lasts_until <= now
        return self.ends_at > now and self.ends_at - self.starts_at > before


class Refusal(Enum):
    """Why somebody may not pay; the value is the end of the text's key."""

    NOT_SOLD = "not-sold"
    UNKNOWN = "unknown"
    NOT_YOURS = "not-yours"
    PAID = "paid"
    RENEWS = "renews"
    LASTS = "lasts"


def told_before(period: timedelta) -> timedelta:
    """Return how long before the end who pays once is told: a week of 30 days."""
    return min(period / 4, TOLD_BEFORE)


def grace(period: timedelta) -> timedelta:
    """Return for how long premium outlasts a period while the next payment is awaited."""
    return min(period / 30, MOST_GRACE)


def reason_to_refuse(kind: StarOrderKind, rights: Sequence[Right]) -> Refusal | None:
    """Return why somebody with these rights may not buy; None when they may.

    A subscription begins at once at Telegram, so that it would swallow days that are paid already.
    """
    paid = [right for right in rights if right.is_paid]
    if any(right.renews for right in paid):
        return Refusal.RENEWS
    return Refusal.LASTS if paid and kind is StarOrderKind.SUBSCRIPTION else None


def begin(rights: Sequence[Right], at: datetime) -> datetime:
    """Return when the next days begin: now, or behind what there is already."""
    return max([at, *(right.ends_at for right in rights)])


def moved_up(rights: Sequence[Right], at: datetime) -> list[tuple[int, datetime, datetime]]:
    """Return what begins earlier because something before it was taken away.

    Args:
        rights: What is left.
        at: Now.

    Returns:
        Of each: the id, when it begins, when it ends.
    """
    moved, free = [], at
    for right in sorted(rights, key=lambda one: one.starts_at):
        start = right.starts_at
        if start > free and not right.is_recurring:
            start = free
            moved.append((right.id, start, start + (right.ends_at - right.starts_at)))
        free = max(free, start + (right.ends_at - right.starts_at))
    return moved
