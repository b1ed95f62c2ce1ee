"""What a pupil does: writes, taps, edits, blocks. The other half of every conversation."""

import base64
import binascii
import secrets
import time
from typing import Any

from sandbox import entities as marks
from sandbox.content import MAX_TEXT
from sandbox.core import Sandbox
from sandbox.entities import utf16_length
from sandbox.errors import ApiError, Json, bad_request
from sandbox.files import image_size, public
from sandbox.params import Upload
from sandbox.views import full_view
from sandbox.world import Chat, Entry

_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_PROFILE = ("first_name", "last_name", "username", "language_code", "is_premium")
_PLAIN_KINDS = {"location", "contact", "dice", "venue", "poll", "video_note"}


def meet(box: Sandbox, user_id: int, wish: Json) -> Json:
    """The person with this id, made or changed as wished, and their private chat.

    Raises:
        ApiError: The id or a name is not one that a person can have.
    """
    if user_id <= 0:
        raise bad_request("user id must be positive")
    for name in _PROFILE[:4]:
        if not isinstance(wish.get(name) or "", str):
            raise bad_request(f"{name} must be a text")
    known = box.world.users.get(user_id)
    changes: Json = {name: wish[name] for name in _PROFILE if wish.get(name)}
    if known is not None and not changes.items() - known.items():
        return known
    stranger: Json = {
        "id": user_id,
        "is_bot": False,
        "first_name": f"Pupil {user_id}",
        "language_code": "en",
    }
    user: Json = (known or stranger) | changes
    box.world.put_user(user)
    shown: Json = {
        name: user[name] for name in ("first_name", "last_name", "username") if name in user
    }
    info: Json = {"id": user_id, "type": "private", **shown}
    chat = box.world.chats.get(user_id) or Chat(info)
    chat.info = info
    box.world.put_chat(chat)
    box.events.publish("user", user=person(box, user))
    return user


def person(box: Sandbox, user: Json) -> Json:
    """A person as tools see them."""
    chat = box.world.chats[user["id"]]
    last = next(reversed(chat.entries.values()), None)
    return {
        **user,
        "blocked": chat.blocked,
        "started": chat.started,
        "last": full_view(last) if last else None,
    }


def say(box: Sandbox, user_id: int, wish: Json) -> Json:
    """A pupil writes, sends something, or edits what they wrote.

    Args:
        box: The sandbox.
        user_id: Who.
        wish: What, as documented in docs/sandbox.md.

    Returns:
        `message_id` and `update_id` (null when the bot does not get it).

    Raises:
        ApiError: It is nothing that a person can send.
    """
    user = meet(box, user_id, wish)
    chat = _chat(box, user, wish.get("chat"))
    if chat.blocked:
        raise ApiError(409, "Conflict: the pupil blocked the bot; unblock first")
    if wish.get("edit") is not None:
        return _edit(box, user, chat, wish)
    message = box.world.new_message(chat, user, **_content(box, wish))
    if wish.get("reply_to") is not None:
        message["reply_to_message"] = _original(chat, wish["reply_to"])
    if not chat.started:
        chat.started = True
        box.world.put_chat(chat)
    entry = Entry(message)
    box.world.put_entry(chat, entry)
    box.events.publish("message", chat_id=chat.id, message=full_view(entry))
    update_id = box.updates.push("message", message) if _heard(box, chat, message) else None
    return {"message_id": message["message_id"], "update_id": update_id}


def tap(box: Sandbox, user_id: int, wish: Json) -> Json:
    """A pupil presses an inline button; any data may come, as from a forged or stale button.

    Raises:
        ApiError: There is no such message, or no data.
    """
    number, data = wish.get("message_id"), wish.get("data")
    if not isinstance(number, int) or not isinstance(data, str) or not data:
        raise bad_request("a tap needs message_id (a number) and data (a text)")
    user = meet(box, user_id, wish)
    chat = box.world.chats.get(wish.get("chat_id") or user_id)
    entry = chat.entries.get(number) if chat else None
    if chat is None or (entry is None and not wish.get("inaccessible")):
        raise ApiError(404, "Not Found: there is no such message in the chat")
    query: Json = {
        "id": str((user_id << 32) + secrets.randbits(32)),
        "from": user,
        "chat_instance": str(chat.id * 7919),
        "data": data,
    }
    if entry is None or wish.get("inaccessible"):
        query["message"] = {"chat": chat.info, "message_id": number, "date": 0}
    else:
        query["message"] = entry.message
    box.remember_tap(query["id"], user_id)
    update_id = box.updates.push("callback_query", query)
    return {"callback_query_id": query["id"], "update_id": update_id}


def block(box: Sandbox, user_id: int, *, blocked: bool) -> Json:
    """A pupil blocks or unblocks the bot; the bot is told when that changes anything."""
    user = meet(box, user_id, {})
    chat = box.world.chats[user_id]
    if chat.blocked == blocked:
        return {"blocked": blocked, "update_id": None}
    chat.blocked = blocked
    box.world.put_chat(chat)
    box.events.publish("user", user=person(box, user))
    update_id = box.updates.push("my_chat_member", _membership(box, user, chat, joined=not blocked))
    return {"blocked": blocked, "update_id": update_id}


def _membership(box: Sandbox, user: Json, chat: Chat, *, joined: bool) -> Json:
    away = {"status": "kicked", "user": box.world.bot, "until_date": 0}
    if chat.id < 0:
        away = {"status": "left", "user": box.world.bot}
    member = {"status": "member", "user": box.world.bot}
    old, new = (away, member) if joined else (member, away)
    return {
        "chat": chat.info,
        "from": user,
        "date": int(time.time()),
        "old_chat_member": old,
        "new_chat_member": new,
    }


def _chat(box: Sandbox, user: Json, wish: object) -> Chat:
    if wish is None:
        return box.world.chats[user["id"]]
    if not isinstance(wish, dict) or not isinstance(wish.get("id"), int) or wish["id"] >= 0:
        raise bad_request('a group needs {"chat": {"id": a negative number}}')
    chat = box.world.chats.get(wish["id"])
    if chat is not None:
        return chat
    kind = wish.get("type", "supergroup")
    if kind not in {"group", "supergroup"}:
        raise bad_request("chat type must be group or supergroup")
    chat = Chat({"id": wish["id"], "type": kind, "title": str(wish.get("title", "Group"))})
    chat.started = True
    box.world.put_chat(chat)
    box.updates.push("my_chat_member", _membership(box, user, chat, joined=True))
    return chat


def _heard(box: Sandbox, chat: Chat, message: Json) -> bool:
    if chat.id > 0 or box.config.hear_groups:
        return True
    text = str(message.get("text", message.get("caption", "")))
    reply: Json = message.get("reply_to_message", {}).get("from", {})
    named = f"@{box.config.bot_username}" in text
    return text.startswith("/") or named or reply.get("id") == box.world.bot["id"]


def _original(chat: Chat, number: object) -> Json:
    entry = chat.entries.get(number) if isinstance(number, int) else None
    if entry is None:
        raise ApiError(404, "Not Found: the message to reply to is not in the chat")
    return {key: value for key, value in entry.message.items() if key != "reply_to_message"}


def _edit(box: Sandbox, user: Json, chat: Chat, wish: Json) -> Json:
    entry = chat.entries.get(wish["edit"]) if isinstance(wish["edit"], int) else None
    if entry is None or entry.message["from"]["id"] != user["id"]:
        raise ApiError(404, "Not Found: the pupil has no such message")
    replaced = ("text", "entities", "caption", "caption_entities")
    message = {key: value for key, value in entry.message.items() if key not in replaced}
    name = "text" if "text" in entry.message else "caption"
    message |= _written(wish.get("text", wish.get("caption")), name)
    message["edit_date"] = int(time.time())
    changed = Entry(message, entry.markup, entry.reactions, rewritten=True)
    box.world.put_entry(chat, changed)
    box.events.publish("edited", chat_id=chat.id, message=full_view(changed))
    update_id = box.updates.push("edited_message", message) if _heard(box, chat, message) else None
    return {"message_id": entry.id, "update_id": update_id}


def _content(box: Sandbox, wish: Json) -> Json:
    for kind, build in (("photo", _photo), ("sticker", _sticker), ("voice", _voice),
                        ("document", _document)):  # fmt: skip
        if wish.get(kind) is not None and wish[kind] is not False:
            caption = _written(wish["caption"], "caption") if wish.get("caption") else {}
            return {kind: build(box, wish[kind]), **caption}
    for kind in _PLAIN_KINDS & wish.keys():
        if not isinstance(wish[kind], dict):
            raise bad_request(f"{kind} must be an object, as in Telegram's Message")
        return {kind: wish[kind]}
    return _written(wish.get("text"), "text")


def _written(value: object, name: str) -> Json:
    if not isinstance(value, str):
        raise bad_request(f"{name} must be a text")
    text = marks.clean(value).strip()
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > MAX_TEXT:
        raise bad_request("message is too long")
    found: Json = {name: text}
    automatic = marks.find_automatic(text)
    if automatic:
        found["entities" if name == "text" else "caption_entities"] = automatic
    return found


def _bytes(value: object, default: bytes) -> bytes:
    if not isinstance(value, str):
        return default
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise bad_request("a file must be Base64") from None


def _photo(box: Sandbox, value: object) -> list[Json]:
    data = _bytes(value, _PIXEL)
    size = image_size(data)
    if size is None:
        raise bad_request("a photo must be a PNG, JPEG, GIF or WebP")
    meta = box.files.keep("photo", Upload("photo.jpg", "image/jpeg", data))
    return [{**public(meta), "width": size[0], "height": size[1]}]


def _sticker(box: Sandbox, value: object) -> Json:
    meta = box.files.keep("sticker", Upload("sticker.webp", "image/webp", _PIXEL))
    emoji = value if isinstance(value, str) else "👍"
    shape: Json = {"type": "regular", "width": 512, "height": 512, "emoji": emoji}
    return {**public(meta), **shape, "is_animated": False, "is_video": False}


def _voice(box: Sandbox, value: object) -> Json:
    seconds = value if isinstance(value, int) and not isinstance(value, bool) else 3
    meta = box.files.keep("voice", Upload("voice.ogg", "audio/ogg", b"OggS"))
    return {**public(meta), "duration": seconds, "mime_type": "audio/ogg"}


def _document(box: Sandbox, value: Any) -> Json:
    value = value if isinstance(value, dict) else {}
    name, kind = str(value.get("file_name", "notes.txt")), str(value.get("mime_type", "text/plain"))
    upload = Upload(name, kind, _bytes(value.get("data"), b"notes"))
    meta = box.files.keep("document", upload)
    return {**public(meta), "file_name": meta["name"], "mime_type": kind}
