"""New messages from the bot."""

from typing import Any

from sandbox.api import method
from sandbox.content import read_text
from sandbox.core import Sandbox
from sandbox.errors import ApiError, Json, bad_request, forbidden
from sandbox.markup import read_markup
from sandbox.params import Params, whole
from sandbox.views import full_view
from sandbox.world import Chat, Entry

EFFECTS = {
    "5104841245755180586": "🔥", "5107584321108051014": "👍", "5104858069142078462": "👎",
    "5159385139981059251": "❤️", "5046509860389126442": "🎉", "5046589136895476101": "💩",
}  # fmt: skip
"""The effects that Telegram gives to everybody, by their ids."""
_UPGRADED = "Bad Request: group chat was upgraded to a supergroup chat"


@method("sendMessage")
def send_message(box: Sandbox, params: Params) -> Json:
    """Sends a text."""
    content = read_text(params, "message is too long").fields("text", "entities")
    preview = params.json("link_preview_options", "can't parse link preview options JSON object")
    if isinstance(preview, dict):
        content["link_preview_options"] = preview
    return deliver(box, params, content)


def deliver(box: Sandbox, params: Params, content: Json) -> Json:
    """Puts a checked message into its chat.

    Args:
        box: The sandbox.
        params: The call: chat, keyboard, what it replies to, how it is shown.
        content: The members of the Message that are the message itself.

    Raises:
        ApiError: The chat, the keyboard or the rate forbids it.
    """
    markup = read_markup(params)
    chat = box.chat(params.text("chat_id"))
    content |= _reply(params, chat)
    check_reachable(chat)
    options = _options(params, chat)
    box.rates.admit(chat.id)
    message = box.world.new_message(chat, box.world.bot, **content, **options)
    if markup is not None and "inline_keyboard" in markup:
        message["reply_markup"] = markup
    entry = Entry(message, markup, silent=params.flag("disable_notification"))
    box.world.put_entry(chat, entry)
    box.events.publish("message", chat_id=chat.id, message=full_view(entry))
    return message


def check_reachable(chat: Chat) -> None:
    """Refuses chats that the bot may not write to.

    Raises:
        ApiError: 403: the user blocked the bot, or never wrote to it, or the bot is not in the
            group. 400: the group is a supergroup now.
    """
    if chat.moved_to is not None:
        raise ApiError(400, _UPGRADED, migrate_to_chat_id=chat.moved_to)
    if chat.blocked and chat.id > 0:
        raise forbidden("bot was blocked by the user")
    if chat.blocked:
        fate = "was kicked from" if chat.status == "kicked" else "is not a member of"
        raise forbidden(f"bot {fate} the {chat.info['type']} chat")
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")


def _reply(params: Params, chat: Chat) -> Json:
    wanted = params.json("reply_parameters", "can't parse reply parameters JSON object") or {}
    if not isinstance(wanted, dict):
        raise bad_request("object expected as reply parameters")
    number = whole(wanted.get("message_id")) or params.integer("reply_to_message_id")
    if not number:
        return {}
    original = chat.entries.get(number)
    if original is None:
        if wanted.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    shown = {key: value for key, value in original.message.items() if key != "reply_to_message"}
    return {"reply_to_message": shown}


def _options(params: Params, chat: Chat) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if params.flag("protect_content"):
        options["has_protected_content"] = True
    effect = params.text("message_effect_id")
    if effect:
        if not effect.isdigit():
            raise bad_request("invalid message effect identifier specified")
        if chat.id < 0:
            raise bad_request("can't use message effects in the chat")
        if effect not in EFFECTS:
            raise bad_request("EFFECT_ID_INVALID")
        options["effect_id"] = effect
    return options
