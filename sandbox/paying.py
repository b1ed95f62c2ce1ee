"""What somebody does with play Stars: pays, cancels, lets a period pass."""

import asyncio
import secrets

from sandbox import stars
from sandbox.core import Sandbox
from sandbox.errors import ApiError, Json, bad_request
from sandbox.params import word
from sandbox.people import meet

_SILENT = "BOT_PRECHECKOUT_TIMEOUT"


def show(box: Sandbox, user_id: int, wish: Json) -> Json:
    """What the pay sheet says of an invoice.

    Raises:
        ApiError: There is no such invoice.
    """
    invoice = stars.find_invoice(box, user_id, wish)
    return {name: value for name, value in invoice.items() if name != "payload"}


async def pay(box: Sandbox, user_id: int, wish: Json) -> Json:
    """Somebody agrees to pay an invoice: the bot is asked first, and has ten seconds.

    Args:
        box: The sandbox.
        user_id: Who; a link may come from anybody.
        wish: `link` or `message_id`; `abandon`: the bot agrees, and yet nothing is paid.

    Returns:
        `status`, one of `paid`, `failed` and `abandoned`; `error` as the client shows it;
        `charge_id`.

    Raises:
        ApiError: There is no such invoice, or the bot is blocked.
    """
    user = meet(box, user_id, {})
    if box.world.chats[user_id].blocked:
        raise ApiError(409, "Conflict: the pupil blocked the bot; unblock first")
    invoice = stars.find_invoice(box, user_id, wish)
    error = await _ask(box, user, invoice)
    if error is not None:
        return {"status": "failed", "error": error}
    if wish.get("abandon"):
        return {"status": "abandoned"}
    return {"status": "paid", "charge_id": stars.charge(box, user, invoice)["id"]}


async def _ask(box: Sandbox, user: Json, invoice: Json) -> str | None:
    """Why the bot refuses; None when it agrees."""
    number = str((user["id"] << 32) + secrets.randbits(32))
    answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
    box.checkouts[number] = answer
    query = {
        "id": number,
        "from": user,
        "currency": stars.CURRENCY,
        "total_amount": invoice["total_amount"],
        "invoice_payload": invoice["payload"],
    }
    box.updates.push("pre_checkout_query", query)
    try:
        return await asyncio.wait_for(answer, box.config.checkout_patience)
    except TimeoutError:
        return _SILENT
    finally:
        del box.checkouts[number]


def subscriptions(box: Sandbox, user_id: int) -> Json:
    """What somebody pays again and again, and what they paid."""
    world = box.world.stars
    mine = [one for one in world["subscription"].values() if one["user_id"] == user_id]
    paid = [one for one in world["charge"].values() if one["user_id"] == user_id]
    shown = [{**one, "invoice": show_title(one["invoice"])} for one in mine]
    return {"subscriptions": shown, "charges": paid}


def show_title(invoice: Json) -> Json:
    """What is told of an invoice in a list."""
    return {name: invoice[name] for name in ("title", "total_amount")}


def change(box: Sandbox, user_id: int, wish: Json) -> Json:
    """Lets something happen to a subscription.

    Args:
        box: The sandbox.
        user_id: Whose.
        wish: `charge_id`, any of it, and `do`: `cancel` or `enable` by the person; `renew` or
            `fail`: the period is over, and the next one is paid or cannot be.

    Raises:
        ApiError: There is no such subscription, or it is not in a state for that.
    """
    found = stars.subscription_of(box, word(wish.get("charge_id")), user_id)
    if found is None:
        raise ApiError(404, "Not Found: there is no such subscription")
    deed, state = wish.get("do"), found["state"]
    if deed == "renew" and state == "active":
        made = stars.charge(box, box.world.users[user_id], found["invoice"], found)
        return {"charge_id": made["id"]}
    if deed == "cancel" and state == "active":
        stars.set_subscription(box, found, "canceled", "user")
    elif deed == "enable" and state == "canceled" and found["by"] == "user":
        stars.set_subscription(box, found, "active")
    elif deed == "fail" and state == "active":
        stars.set_subscription(box, found, "failed")
    else:
        raise bad_request(f"a subscription that is {state} cannot do that")
    return {"charge_id": found["id"]}
