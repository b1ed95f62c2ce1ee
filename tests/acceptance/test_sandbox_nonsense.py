"""No nonsense brings the sandbox down: every call is answered in the Bot API's form."""

import pytest

from tests.acceptance.sandbox_client import PUPIL, Api

CONTENT = ("text", "entities", "parse_mode", "link_preview_options", "reply_markup")
CAPTION = ("caption", "caption_entities", "reply_markup")
PLACE = ("chat_id", "message_id", "inline_message_id")
INVOICE = ("title", "description", "payload", "currency", "prices", "provider_token")
PARAMS: dict[str, tuple[str, ...]] = {
    "sendMessage": (*CONTENT, "chat_id", "reply_parameters", "message_effect_id"),
    "sendPhoto": (*CAPTION, "chat_id", "photo"),
    "sendDocument": (*CAPTION, "chat_id", "document"),
    "editMessageText": (*CONTENT, *PLACE),
    "editMessageCaption": (*CAPTION, *PLACE),
    "editMessageReplyMarkup": ("reply_markup", *PLACE),
    "deleteMessage": PLACE,
    "deleteMessages": ("chat_id", "message_ids"),
    "setMessageReaction": ("reaction", *PLACE),
    "answerCallbackQuery": ("callback_query_id", "text", "show_alert", "url"),
    "sendInvoice": ("chat_id", *INVOICE),
    "createInvoiceLink": (*INVOICE, "subscription_period"),
    "answerPreCheckoutQuery": ("pre_checkout_query_id", "ok", "error_message"),
    "refundStarPayment": ("user_id", "telegram_payment_charge_id"),
    "editUserStarSubscription": ("user_id", "telegram_payment_charge_id", "is_canceled"),
    "getStarTransactions": ("offset", "limit"),
    "setMyCommands": ("commands", "scope", "language_code"),
    "getMyCommands": ("scope", "language_code"),
    "deleteMyCommands": ("scope", "language_code"),
    "setMyName": ("name", "language_code"),
    "getMyDescription": ("language_code",),
    "setChatMenuButton": ("chat_id", "menu_button"),
    "getChatMenuButton": ("chat_id",),
    "getChat": ("chat_id",),
    "getFile": ("file_id",),
    "sendChatAction": ("chat_id", "action"),
    "getUpdates": ("offset", "limit", "allowed_updates"),
    "setWebhook": ("secret_token", "max_connections", "allowed_updates"),
}
NONSENSE: tuple[object, ...] = (
    None, True, -1, 10**30, 1.5, "", "x", "\ud800", "৩", [], [[]], [None], ["x"], [{}], {},
    {"type": []}, [{"type": {}}], {"message_id": "x"}, {"message_id": []}, {"inline_keyboard": 5},
    {"inline_keyboard": [[{"text": "a", "style": [], "callback_data": 5}]]}, {"chat_id": {}},
    {"keyboard": [[5]]}, [{"type": "bold", "offset": "0", "length": None}], "[" * 5000,
    [{"command": [], "description": {}}],
)  # fmt: skip
GOOD = {"chat_id": PUPIL, "text": "x", "message_id": 1, "commands": [], "url": ""}


@pytest.mark.parametrize("name", PARAMS)
async def test_any_value_anywhere_is_answered(api: Api, name: str) -> None:
    url = f"{api.url}/bot{api.token}/{name}"
    for nonsense in NONSENSE:
        for wrong in [{param: nonsense} for param in PARAMS[name]]:
            async with api.http.post(url, json={**GOOD, **wrong}) as answer:
                assert answer.status < 500, (wrong, await answer.text())
                assert isinstance((await answer.json())["ok"], bool)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"\xff"),
        ("application/json", b"[" * 100_000),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\n--b--"),
        ("multipart/form-data; boundary=b", b'--b\r\nname="\xff"\r\n\r\nx\r\n--b--'),
        ("application/x-www-form-urlencoded", b"%ff=%zz&&&=" + b"x" * 1000),
        ("text/plain", b"\x00"),
    ],
)
async def test_any_body_is_answered(api: Api, content_type: str, body: bytes) -> None:
    for path in (f"bot{api.token}/sendMessage", f"sandbox/users/{PUPIL}/messages"):
        headers = {"Content-Type": content_type}
        async with api.http.post(f"{api.url}/{path}", data=body, headers=headers) as answer:
            assert answer.status == 400, await answer.text()
            assert (await answer.json())["ok"] is False


@pytest.mark.parametrize("path", ["messages", "taps", "block", "unblock", "membership"])
async def test_any_wish_of_a_pupil_is_answered(api: Api, path: str) -> None:
    names = ("text", "photo", "sticker", "voice", "document", "location", "edit", "reply_to",
             "chat", "first_name", "language_code", "caption", "data", "message_id",
             "chat_id", "status", "new_chat_members", "left_chat_member",
             "migrate_to_chat_id")  # fmt: skip
    good = {"status": "member", "chat": {"id": -7, "type": "group"}, "text": "x"}
    for nonsense in NONSENSE:
        for name in names:
            url = f"{api.url}/sandbox/users/7/{path}"
            for wish in ({name: nonsense}, {**good, name: nonsense}):
                async with api.http.post(url, json=wish) as answer:
                    assert answer.status < 500, (wish, await answer.text())
