"""Messages as pupils and test tools see them."""

from sandbox.errors import Json
from sandbox.world import Entry

STARS = ("invoice", "successful_payment", "refunded_payment")
_MEDIA = ("photo", "sticker", "voice", "document", "video", "audio", "location", "contact", "dice")
SERVICE = ("new_chat_members", "left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id")


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
    if entry.silent:
        view["silent"] = True
    if entry.reactions:
        view["reactions"] = [reaction.get("emoji", "★") for reaction in entry.reactions]
    if "effect_id" in message:
        view["effect_id"] = message["effect_id"]
    if "reply_to_message" in message:
        view["reply_to"] = _quoted(message["reply_to_message"])
    return view | {name: message[name] for name in (*SERVICE, *STARS) if name in message}


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
    for name in ("has_protected_content", "link_preview_options"):
        if name in message:
            view[name] = message[name]
    return view


def _quoted(original: Json) -> Json:
    text: str = original.get("text") or original.get("caption") or ""
    name = original["from"]["first_name"]
    return {"message_id": original["message_id"], "name": name, "text": text[:200]}
