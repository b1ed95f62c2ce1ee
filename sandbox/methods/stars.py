"""Invoices in Telegram Stars, and what becomes of them."""

import secrets

from sandbox import stars
from sandbox.api import method
from sandbox.core import Sandbox
from sandbox.errors import Json, bad_request
from sandbox.methods.sending import deliver
from sandbox.params import Params, whole, word

_MOST_ONCE = 100_000
_MOST_SUBSCRIBED = 10_000
_MOST_AT_ONCE = 100
# What a Stars invoice must not have.
_FOREIGN = ("provider_token", "max_tip_amount", "suggested_tip_amounts", "is_flexible",
            "need_name", "need_phone_number", "need_email", "need_shipping_address")  # fmt: skip
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@method("sendInvoice")
def send_invoice(box: Sandbox, params: Params) -> Json:
    """Shows an invoice with its button; without a keyboard that button is the only one."""
    invoice = _invoice(params, _MOST_ONCE)
    shown = {name: invoice[name] for name in ("title", "description", "currency", "total_amount")}
    message = deliver(box, params, {"invoice": shown | {"start_parameter": ""}})
    key = stars.message_key(message["chat"]["id"], message["message_id"])
    stars.keep_invoice(box, key, invoice)
    return message


@method("createInvoiceLink")
def create_invoice_link(box: Sandbox, params: Params) -> str:
    """Makes a link to an invoice, which anybody may pay who has it."""
    period = params.integer("subscription_period")
    invoice = _invoice(params, _MOST_SUBSCRIBED if period else _MOST_ONCE)
    if period:
        if period not in box.config.subscription_periods:
            raise bad_request("SUBSCRIPTION_PERIOD_INVALID")
        invoice["subscription_period"] = period
    slug = secrets.token_urlsafe(16)
    stars.keep_invoice(box, slug, invoice)
    return stars.LINK + slug


@method("answerPreCheckoutQuery")
def answer_pre_checkout_query(box: Sandbox, params: Params) -> bool:
    """Agrees to a payment, or says why not."""
    waiting = box.checkouts.get(params.text("pre_checkout_query_id"))
    if waiting is None or waiting.done():
        raise bad_request(_TOO_OLD)
    reason = params.text("error_message")
    if not params.flag("ok") and not reason:
        raise bad_request("ERROR_TEXT_EMPTY")
    waiting.set_result(None if params.flag("ok") else reason)
    return True


@method("refundStarPayment")
def refund_star_payment(box: Sandbox, params: Params) -> bool:
    """Gives a payment back."""
    made = _charge(box, params)
    if made["refunded"]:
        raise bad_request("CHARGE_ALREADY_REFUNDED")
    stars.refund(box, made)
    return True


@method("editUserStarSubscription")
def edit_user_star_subscription(box: Sandbox, params: Params) -> bool:
    """Ends the renewals of a subscription, or takes that back where the bot had ended them."""
    made = _charge(box, params)
    found = stars.subscription_of(box, made["id"], made["user_id"])
    if found is None:
        raise bad_request("CHARGE_ID_INVALID")
    if params.flag("is_canceled"):
        if found["state"] == "active":
            stars.set_subscription(box, found, "canceled", "bot")
    elif found["state"] == "canceled" and found["by"] == "bot":
        stars.set_subscription(box, found, "active")
    return True


@method("getStarTransactions")
def get_star_transactions(box: Sandbox, params: Params) -> Json:
    """What came in and went out, oldest first."""
    offset, limit = params.integer("offset"), params.integer("limit", _MOST_AT_ONCE)
    if not 1 <= limit <= _MOST_AT_ONCE:
        raise bad_request("invalid limit specified")
    return {"transactions": stars.transactions(box)[offset : offset + limit]}


@method("getMyStarBalance")
def get_my_star_balance(box: Sandbox, params: Params) -> Json:
    """How many Stars the bot has."""
    kept = (made["amount"] for made in box.world.stars["charge"].values() if not made["refunded"])
    return {"amount": sum(kept)}


def _charge(box: Sandbox, params: Params) -> Json:
    number = params.text("telegram_payment_charge_id")
    if not number:
        raise bad_request("CHARGE_ID_EMPTY")
    made = box.world.stars["charge"].get(number)
    if made is None or made["user_id"] != params.integer("user_id"):
        raise bad_request("CHARGE_ID_INVALID")
    return made


def _invoice(params: Params, most: int) -> Json:
    """The checked invoice of a call.

    Raises:
        ApiError: Telegram would take no such invoice.
    """
    _check_texts(params)
    if params.text("currency") != stars.CURRENCY:
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    prices = params.json("prices", "can't parse labeled prices JSON object")
    if any(params.values.get(name) not in (None, "", False, "false") for name in _FOREIGN):
        raise bad_request("STARS_INVOICE_INVALID")
    if not isinstance(prices, list) or len(prices) != 1 or not isinstance(prices[0], dict):
        raise bad_request("STARS_INVOICE_INVALID")
    amount = whole(prices[0].get("amount"))
    if amount > most and most == _MOST_SUBSCRIBED:
        raise bad_request("SUBSCRIPTION_AMOUNT_INVALID")
    if not word(prices[0].get("label")) or not 1 <= amount <= most:
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    texts = {name: params.text(name) for name in ("title", "description", "payload")}
    return {**texts, "currency": stars.CURRENCY, "total_amount": amount}


def _check_texts(params: Params) -> None:
    if not 1 <= len(params.text("title")) <= 32:
        raise bad_request("INVOICE_TITLE_INVALID")
    if not 1 <= len(params.text("description")) <= 255:
        raise bad_request("INVOICE_DESCRIPTION_INVALID")
    if not 1 <= len(params.text("payload").encode()) <= 128:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
