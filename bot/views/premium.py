"""Premium: what it gives, what it costs, what somebody has. Pure and synchronous."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.callbacks import Action, encode
from bot.replies import Button, Invoice, Reply, Say
from bot.words import Words
from src.models import StarOrderKind, SubscriptionState
from src.premium.results import Bill, Paid, PremiumNews, PremiumStanding
from src.premium.rules import Offer, Refusal

_GAP = "\n\n"
_NEWS = {"paid": "premium-found", "ends": "premium-ends", "over": "premium-over"}


def overview(t: Words, offer: Offer, has: PremiumStanding, zone: str) -> Say:
    """Return what premium gives and costs, or what somebody has; once first, then again and again.

    Args:
        t: The texts.
        offer: What is sold.
        has: What they have.
        zone: Their time zone.
    """
    if not offer.is_selling:
        return Say(t("premium-all-free"))
    if has.until is None or not has.is_paid:
        parts = ["premium-heading", "premium-what", "premium-price"]
        text = _GAP.join(t(part, stars=offer.stars) for part in parts)
        given = [_until(t, has.until, zone)] if has.until else []
        return Say(_GAP.join([*given, text]), [[_once(t, offer)], [_again(t)]])
    if has.renews:
        return Say(t("premium-renews", day=day(t, has.until, zone)))
    more = t("premium-more", stars=offer.stars)
    return Say(_until(t, has.until, zone) + _GAP + more, [[_once(t, offer)]])


def invoice(t: Words, bill: Bill) -> Invoice:
    """Return what is to be paid, as Telegram shows it."""
    if bill.kind is StarOrderKind.ONCE:
        return Invoice(t("invoice-title"), t("invoice-once"), bill.payload, bill.stars)
    return Invoice(
        t("invoice-title"),
        t("invoice-subscription"),
        bill.payload,
        bill.stars,
        bill.period_seconds,
        t("premium-subscribe", stars=bill.stars),
        t("button-subscribe", stars=bill.stars),
    )


def refused(t: Words, refusal: Refusal) -> str:
    """Return why somebody may not pay, in plain words: a payment window shows no HTML."""
    return t(f"premium-no-{refusal.value}")


def paid(t: Words, paid: Paid, zone: str) -> Say:
    """Return thanks for a payment."""
    if paid.until is None:
        return Say(t("premium-given-back"))
    until = day(t, paid.until, zone)
    if not paid.renews:
        return Say(t("premium-thanks", day=until))
    return Say(t("premium-thanks-subscription" if paid.is_first else "premium-renewed", day=until))


def subscription(t: Words, state: SubscriptionState, until: datetime, zone: str) -> Say:
    """Return what became of a subscription."""
    keys = {
        SubscriptionState.ACTIVE: "premium-enabled",
        SubscriptionState.CANCELED: "premium-canceled",
        SubscriptionState.FAILED: "premium-failed",
    }
    return Say(t(keys[state], day=day(t, until, zone)))


def news(t: Words, news: PremiumNews) -> Say:
    """Return what somebody is told of their premium by itself."""
    if news.kind == "back":
        return Say(t("premium-refunded", stars=news.stars))
    return Say(t(_NEWS[news.kind], day=day(t, news.until, news.timezone)))


def support(t: Words, offer: Offer, charge: str | None) -> list[Reply]:
    """Return to whom somebody writes about a payment, with its number."""
    if not offer.support:
        return [Say(t("paysupport-nobody"))]
    said = t("paysupport", support=offer.support)
    return [Say(said + _GAP + t("paysupport-charge", charge=charge) if charge else said)]


def terms(t: Words, offer: Offer) -> Say:
    """Return the terms of what is sold."""
    if not offer.is_selling:
        return Say(t("terms-free"))
    return Say(t("terms", stars=offer.stars, support=offer.support))


def day(t: Words, at: datetime, zone: str) -> str:
    """Write the local day of an instant, with its year."""
    local = at.astimezone(ZoneInfo(zone))
    # A year is no count: it has no separators.
    year = t.digits(str(local.year))
    return t("day-year", day=local.day, month=t(f"month-{local.month}"), year=year)


def _until(t: Words, at: datetime, zone: str) -> str:
    return t("premium-until", day=day(t, at, zone))


def _once(t: Words, offer: Offer) -> Button:
    words = t("button-premium-once", stars=offer.stars)
    return Button(words, encode(Action.PREMIUM, StarOrderKind.ONCE), "primary")


def _again(t: Words) -> Button:
    words = t("button-premium-subscription")
    return Button(words, encode(Action.PREMIUM, StarOrderKind.SUBSCRIPTION))
