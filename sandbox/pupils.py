"""What a pupil does: writes, taps, edits, blocks. The other half of every conversation."""

import base64
import binascii
import secrets
import time
from typing import Any

from sandbox import entities as marks
from sandbox import groups
from sandbox.arrivals import post, push
from sandbox.content import MAX_TEXT
from sandbox.core import Sandbox
from sandbox.entities import utf16_length
from sandbox.errors import ApiError, Json, bad_request
from sandbox.files import image_size, public
from sandbox.params import Upload
from sandbox.people import meet, person
from sandbox.views import full_view
from sandbox.world import Chat, Entry

_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_PLAIN_KINDS = {"location", "contact", "dice", "venue", "poll", "video_note"}


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
    _check_open(chat)
    if wish.get("edit") is not None:
        return _edit(box, user, chat, wish)
    if wish.get("migrate_to_chat_id") is not None:
        return groups.migrate(box, user, chat, wish["migrate_to_chat_id"])
    content = groups.service(box, chat, wish) or _content(box, wish)
    message = box.world.new_message(chat, user, **content)
    if wish.get("reply_to") is not None:
        message["reply_to_message"] = _original(chat, wish["reply_to"])
    return {"message_id": message["message_id"], "update_id": post(box, chat, message)}


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
    update_id = groups.set_status(box, user, chat, "kicked" if blocked else "member")
    box.events.publish("user", user=person(box, user))
    return {"blocked": blocked, "update_id": update_id}


def _chat(box: Sandbox, user: Json, wish: object) -> Chat:
    if wish is not None:
        return groups.group(box, user, wish)
    return box.world.chats[user["id"]]


def _check_open(chat: Chat) -> None:
    if chat.moved_to is not None:
        raise ApiError(409, "Conflict: the group has become a supergroup")
    if chat.blocked and chat.id > 0:
        raise ApiError(409, "Conflict: the pupil blocked the bot; unblock first")


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
    changed = Entry(message, entry.markup, entry.reactions, rewritten=True, silent=entry.silent)
    box.world.put_entry(chat, changed)
    box.events.publish("edited", chat_id=chat.id, message=full_view(changed))
    update_id = push(box, chat, "edited_message", message)
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
