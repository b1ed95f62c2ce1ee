"""Groups: made when someone writes there, with the bot as a member, an administrator or away."""

import time

from sandbox.arrivals import post
from sandbox.core import Sandbox
from sandbox.errors import ApiError, Json, bad_request
from sandbox.people import meet
from sandbox.world import AWAY, Chat

_STATUSES = {"member", "administrator", *AWAY}
_MAY = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_change_info", "can_invite_users", "can_pin_messages", "can_post_stories",
    "can_edit_stories", "can_delete_stories",
)  # fmt: skip
_MAY_NOT = ("can_be_edited", "is_anonymous", "can_promote_members")


def group(box: Sandbox, user: Json, wish: object) -> Chat:
    """The group of a `chat` parameter; a new one is made, with the bot in it.

    Args:
        box: The sandbox.
        user: Who adds the bot, if the group is new.
        wish: `{"id": …, "type": …, "title": …}`.

    Raises:
        ApiError: It is no group.
    """
    chat = _known(box, wish) or _made(wish)
    if chat.id not in box.world.chats:
        set_status(box, user, chat, "member")
    return chat


def seat(box: Sandbox, user: Json, wish: Json) -> Json:
    """A pupil adds the bot to a group, makes it an administrator or an ordinary member, removes it.

    Returns:
        `status`, the `message_id` of the service message (null if there is none) and the
        `update_id` of `my_chat_member` (null if nothing changed, or the bot did not ask for it).

    Raises:
        ApiError: It is no group, or no such status.
    """
    status = wish.get("status")
    if not isinstance(status, str) or status not in _STATUSES:
        raise bad_request(f"status must be one of {', '.join(sorted(_STATUSES))}")
    chat = _known(box, wish.get("chat")) or _made(wish.get("chat"))
    if chat.moved_to is not None:
        raise ApiError(409, "Conflict: the group has become a supergroup")
    if chat.status == status:
        return {"status": status, "message_id": None, "update_id": None}
    return {"status": status, **_reseat(box, user, chat, status)}


def _reseat(box: Sandbox, user: Json, chat: Chat, status: str) -> Json:
    was_away, goes_away, message_id = chat.blocked, status in AWAY, None
    if goes_away and not was_away:
        message_id = _announce(box, user, chat, left_chat_member=box.world.bot)
    update_id = set_status(box, user, chat, status)
    if was_away and not goes_away:
        message_id = _announce(box, user, chat, new_chat_members=[box.world.bot])
    return {"message_id": message_id, "update_id": update_id}


def set_status(box: Sandbox, user: Json, chat: Chat, status: str) -> int | None:
    """Changes what the bot is in a chat and tells it so.

    Returns:
        The id of the update, or None when the bot did not ask for it.
    """
    old, chat.status = chat.status, status
    box.world.put_chat(chat)
    change = {
        "chat": chat.info,
        "from": user,
        "date": int(time.time()),
        "old_chat_member": _member(box, old),
        "new_chat_member": _member(box, status),
    }
    return box.updates.push("my_chat_member", change)


def service(box: Sandbox, chat: Chat, wish: Json) -> Json:
    """What a service message says, as members of a Message; empty when none is wished for.

    Raises:
        ApiError: It can't be said here.
    """
    joining, leaving = wish.get("new_chat_members"), wish.get("left_chat_member")
    if joining is None and leaving is None:
        return {}
    if chat.id > 0:
        raise bad_request("members come and go in groups only")
    if leaving is not None:
        return {"left_chat_member": _person(box, leaving)}
    if not isinstance(joining, list) or not joining:
        raise bad_request("new_chat_members must be a list of user ids")
    return {"new_chat_members": [_person(box, number) for number in joining]}


def migrate(box: Sandbox, user: Json, chat: Chat, target: object) -> Json:
    """A pupil turns a group into a supergroup, which is another chat.

    Raises:
        ApiError: It is no group, or the new id is not free.
    """
    if chat.info["type"] != "group":
        raise bad_request("only a group can become a supergroup")
    if not isinstance(target, int) or target >= 0 or target in box.world.chats:
        raise bad_request("migrate_to_chat_id must be a negative number that no chat has")
    heir = Chat({**chat.info, "id": target, "type": "supergroup"}, chat.status, started=True)
    box.world.put_chat(heir)
    message = box.world.new_message(chat, user, migrate_to_chat_id=target)
    update_id = post(box, chat, message)
    chat.moved_to = target
    box.world.put_chat(chat)
    post(box, heir, box.world.new_message(heir, user, migrate_from_chat_id=chat.id))
    return {"message_id": message["message_id"], "update_id": update_id}


def _known(box: Sandbox, wish: object) -> Chat | None:
    if not isinstance(wish, dict) or not isinstance(wish.get("id"), int) or wish["id"] >= 0:
        raise bad_request('a group needs {"chat": {"id": a negative number}}')
    return box.world.chats.get(wish["id"])


def _made(wish: object) -> Chat:
    assert isinstance(wish, dict)
    kind = wish.get("type", "supergroup")
    if kind not in ("group", "supergroup"):
        raise bad_request("chat type must be group or supergroup")
    info = {"id": wish["id"], "type": kind, "title": str(wish.get("title", "Group"))}
    return Chat(info, "left", started=True)


def _announce(box: Sandbox, user: Json, chat: Chat, **content: object) -> int:
    message = box.world.new_message(chat, user, **content)
    post(box, chat, message)
    number: int = message["message_id"]
    return number


def _person(box: Sandbox, number: object) -> Json:
    if type(number) is not int or number == box.world.bot["id"]:
        raise bad_request("a member must be the id of a user; for the bot there is membership")
    return meet(box, number, {})


def _member(box: Sandbox, status: str) -> Json:
    member: Json = {"status": status, "user": box.world.bot}
    if status == "kicked":
        member["until_date"] = 0
    if status == "administrator":
        member |= dict.fromkeys(_MAY, True) | dict.fromkeys(_MAY_NOT, False)
    return member
