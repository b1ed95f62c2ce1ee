"""Messages as pupils and test tools see them."""

from sandbox.errors import Json
from sandbox.world import Entry

_MEDIA = ("photo", "sticker", "voice", "document", "video", "audio", "location", "contact", "dice")


def chat_view(entry: Entry) -> Json:
    """The documented, stable view: `GET /sandbox/users/{id}/chat`."""
    message = entry.message
    view: Json = {
        "message_id": entry.id,
        "from": "bot" if entry.from_bot else "user",
        "text": message.get("text", message.get("caption", "")),
        "reply_markup": {"inline_keyboard": [], **(entry.markup or {})},
        "date": message["date"],
    }
    if "photo" in message:
        view["photo"] = message["photo"][-1]
    if "edit_date" in message:
        view["edited"] = True
    return view


def full_view(entry: Entry) -> Json:
    """Everything that the web chat draws."""
    message = entry.message
    view = {
        **chat_view(entry),
        "from_id": message["from"]["id"],
        "from_name": message["from"]["first_name"],
        "entities": message.get("entities", message.get("caption_entities", [])),
        "reactions": entry.reactions,
        "rewritten": entry.rewritten,
    }
    for kind in _MEDIA:
        if kind in message and kind != "photo":
            view[kind] = message[kind]
    for name in ("effect_id", "has_protected_content"):
        if name in message:
            view[name] = message[name]
    if "reply_to_message" in message:
        original = message["reply_to_message"]
        text = original.get("text", original.get("caption", ""))
        name = original["from"]["first_name"]
        view["reply_to"] = {"message_id": original["message_id"], "name": name, "text": text[:200]}
    return view
