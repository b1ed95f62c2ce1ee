"""Play Stars: what was invoiced, what was paid, and what renews itself."""

import secrets
import time

from sandbox.arrivals import post
from sandbox.core import Sandbox
from sandbox.errors import ApiError, Json
from sandbox.params import whole, word
from sandbox.world import Chat

CURRENCY = "XTR"
LINK = "https://t.me/$"


def keep_invoice(box: Sandbox, key: str, invoice: Json) -> None:
    """Remembers an invoice by its link's end, or by the message that shows it."""
    box.world.put_star("invoice", key, invoice)


def message_key(chat_id: int, message_id: int) -> str:
    """By what the invoice of a message is known."""
    return f"{chat_id}:{message_id}"


def find_invoice(box: Sandbox, chat_id: int, wish: Json) -> Json:
    """The invoice of a `link`, or of a `message_id` in somebody's chat.

    Raises:
        ApiError: There is none.
    """
    link, number = word(wish.get("link")), wish.get("message_id")
    key = link.removeprefix(LINK) if link else message_key(chat_id, whole(number))
    invoice = box.world.stars["invoice"].get(key)
    if invoice is None:
        raise ApiError(404, "Not Found: there is no such invoice")
    return invoice


def charge(box: Sandbox, user: Json, invoice: Json, subscription: Json | None = None) -> Json:
    """Takes the Stars of an invoice, and tells the bot.

    Args:
        box: The sandbox.
        user: Who pays.
        invoice: What.
        subscription: The one that this payment renews.

    Returns:
        The charge.
    """
    now, period = int(time.time()), invoice.get("subscription_period")
    made: Json = {
        "id": f"stx{secrets.token_urlsafe(24)}",
        "user_id": user["id"],
        "amount": invoice["total_amount"],
        "payload": invoice["payload"],
        "period": period,
        "date": now,
        "refunded": None,
    }
    box.world.put_star("charge", made["id"], made)
    paid = _paid(made)
    if period:
        subscription = _prolong(box, made, invoice, subscription)
        paid |= {"is_recurring": True, "subscription_expiration_date": subscription["until"]}
        if subscription["id"] == made["id"]:
            paid["is_first_recurring"] = True
    _tell(box, box.world.chats[user["id"]], user, "successful_payment", paid)
    return made


def refund(box: Sandbox, made: Json) -> None:
    """Gives a charge back, and tells the bot."""
    box.world.put_star("charge", made["id"], made | {"refunded": int(time.time())})
    user = box.world.users[made["user_id"]]
    _tell(box, box.world.chats[user["id"]], user, "refunded_payment", _paid(made))


def set_subscription(box: Sandbox, found: Json, state: str, by: str | None = None) -> int | None:
    """Changes what a subscription is, and tells the bot.

    Args:
        box: The sandbox.
        found: The subscription.
        state: `active`, `canceled` or `failed`.
        by: Who canceled it: `user` or `bot`.
    """
    box.world.put_star("subscription", found["id"], found | {"state": state, "by": by})
    user = box.world.users[found["user_id"]]
    told = {"user": user, "invoice_payload": found["invoice"]["payload"], "state": state}
    box.events.publish("stars", user_id=user["id"])
    return box.updates.push("subscription", told)


def subscription_of(box: Sandbox, charge_id: str, user_id: int) -> Json | None:
    """The subscription to which a charge of somebody belongs."""
    for found in box.world.stars["subscription"].values():
        if found["user_id"] == user_id and charge_id in found["charges"]:
            return dict(found)
    return None


def transactions(box: Sandbox) -> list[Json]:
    """What came in and went out, oldest first, as Telegram lists it."""
    found = []
    for made in box.world.stars["charge"].values():
        partner: Json = {
            "type": "user",
            "transaction_type": "invoice_payment",
            "user": box.world.users[made["user_id"]],
            "invoice_payload": made["payload"],
        }
        if made["period"]:
            partner["subscription_period"] = made["period"]
        facts = {"id": made["id"], "amount": made["amount"]}
        found.append(facts | {"date": made["date"], "source": partner})
        if made["refunded"]:
            found.append(facts | {"date": made["refunded"], "receiver": partner})
    return sorted(found, key=lambda one: int(one["date"]))


def _prolong(box: Sandbox, made: Json, invoice: Json, known: Json | None) -> Json:
    first = {"id": made["id"], "user_id": made["user_id"], "invoice": invoice, "charges": []}
    found = known or first
    begun = max(made["date"], found.get("until", 0))
    found = found | {
        "until": begun + invoice["subscription_period"],
        "charges": [*found["charges"], made["id"]],
        "state": "active",
        "by": None,
    }
    box.world.put_star("subscription", found["id"], found)
    return found


def _paid(made: Json) -> Json:
    return {
        "currency": CURRENCY,
        "total_amount": made["amount"],
        "invoice_payload": made["payload"],
        "telegram_payment_charge_id": made["id"],
        "provider_payment_charge_id": f"{made['user_id']}_{made['date']}",
    }


def _tell(box: Sandbox, chat: Chat, user: Json, kind: str, facts: Json) -> None:
    post(box, chat, box.world.new_message(chat, user, **{kind: facts}))
    box.events.publish("stars", user_id=user["id"])
