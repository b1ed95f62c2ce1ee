"""Facts about the bot and its chats, and what it is doing there."""

from sandbox.api import method
from sandbox.core import Sandbox
from sandbox.errors import Json, bad_request
from sandbox.methods.sending import check_reachable
from sandbox.params import Params

_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note",
    "upload_video_note",
}  # fmt: skip


@method("getMe")
def get_me(box: Sandbox, params: Params) -> Json:
    """Who the bot is."""
    return {
        **box.world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": not box.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("getChat")
def get_chat(box: Sandbox, params: Params) -> Json:
    """What Telegram calls the full information of a chat."""
    chat = box.chat(params.text("chat_id"))
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription",
             "gifts_from_channels")  # fmt: skip
    return {
        **chat.info,
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


@method("sendChatAction")
def send_chat_action(box: Sandbox, params: Params) -> bool:
    """Shows that the bot is typing, for five seconds or until its next message."""
    chat = box.chat(params.text("chat_id"))
    action = params.text("action").lower()
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    check_reachable(chat)
    box.events.publish("typing", chat_id=chat.id, action=action)
    return True


@method("leaveChat")
def leave_chat(box: Sandbox, params: Params) -> bool:
    """Leaves a group."""
    chat = box.chat(params.text("chat_id"))
    if chat.id > 0:
        raise bad_request("chat member status can't be changed in private chats")
    chat.status = "left"
    box.world.put_chat(chat)
    return True
