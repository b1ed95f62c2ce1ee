"""What premium takes and gives: plain values, safe to use after the transaction."""

from dataclasses import dataclass
from datetime import datetime

from src.language import Language
from src.models import StarOrderKind


@dataclass(frozen=True, slots=True)
class Bill:
    """What somebody is asked to pay.

    Attributes:
        payload: What Telegram gives back with the payment.
        kind: Once, or again and again.
        stars: The price.
        period_seconds: What is paid for.
    """

    payload: str
    kind: StarOrderKind
    stars: int
    period_seconds: int


@dataclass(frozen=True, slots=True)
class Checkout:
    """What Telegram asks before somebody pays.

    Attributes:
        payload: Names the order.
        payer_id: Telegram's id of who is about to pay.
        currency: In what.
        stars: How much.
    """

    payload: str
    payer_id: int
    currency: str
    stars: int


@dataclass(frozen=True, slots=True)
class Payment:
    """Stars that came in.

    Attributes:
        charge: Telegram's key of it.
        payload: Names the order.
        payer_id: Telegram's id of who paid.
        stars: How many.
        paid_at: When.
        is_recurring: Whether it is a period of a subscription.
        is_first: Whether it is its first one, as far as is known.
        until: The end of that period; None where Telegram does not say.
    """

    charge: str
    payload: str
    payer_id: int
    stars: int
    paid_at: datetime
    is_recurring: bool = False
    is_first: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """What a payment gave.

    Attributes:
        charge_id: Of its row.
        until: The end of what the person has now; None where the Stars are given back.
        renews: Whether it is a subscription.
        is_first: Whether it is no renewal.
    """

    charge_id: int
    until: datetime | None
    renews: bool
    is_first: bool


@dataclass(frozen=True, slots=True)
class PremiumStanding:
    """What somebody has.

    Attributes:
        until: The end of it; None where they have nothing.
        renews: Whether Telegram renews it by itself.
        is_paid: Whether any of it was paid for.
        is_recurring: Whether it is a subscription, perhaps one that was ended.
        charge: Telegram's key of the last payment, for who asks about it.
    """

    until: datetime | None
    renews: bool = False
    is_paid: bool = False
    is_recurring: bool = False
    charge: str | None = None


@dataclass(frozen=True, slots=True)
class PremiumNews:
    """What somebody is told about their premium.

    Attributes:
        chat_id: Their private chat.
        language: Theirs.
        timezone: Theirs.
        until: The end.
        kind: `paid`: found by the reconcile alone; `ends`: in a week; `over`: since today; `back`:
            their Stars went back.
        stars: How many.
    """

    chat_id: int
    language: Language
    timezone: str
    until: datetime
    kind: str
    stars: int = 0


@dataclass(frozen=True, slots=True)
class Transaction:
    """A line of Telegram's own account of the bot's Stars.

    Attributes:
        charge: The key of the payment.
        payload: Names the order; empty where it is no payment of an invoice.
        user_id: Telegram's id of who paid or was paid.
        stars: How many.
        at: When.
        is_refund: Whether they went back.
        period_seconds: Of a subscription.
    """

    charge: str
    payload: str
    user_id: int
    stars: int
    at: datetime
    is_refund: bool
    period_seconds: int | None
