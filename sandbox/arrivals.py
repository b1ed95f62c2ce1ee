"""What people write on its way to the bot: kept, shown, and heard or not."""

from sandbox.core import Sandbox
from sandbox.entities import utf16_slice
from sandbox.errors import Json
from sandbox.views import SERVICE, full_view
from sandbox.world import Chat, Entry


def post(box: Sandbox, chat: Chat, message: Json) -> int | None:
    """Puts a person's new message into its chat.

    Returns:
        The update's id, or None when the bot does not hear of it.
    """
    if not chat.started:
        chat.started = True
        box.world.put_chat(chat)
    entry = Entry(message)
    box.world.put_entry(chat, entry)
    box.events.publish("message", chat_id=chat.id, message=full_view(entry))
    return push(box, chat, "message", message)


def push(box: Sandbox, chat: Chat, kind: str, message: Json) -> int | None:
    """Tells the bot of a message, if it may hear it.

    Returns:
        The update's id, or None when the bot does not hear of it.
    """
    return box.updates.push(kind, message) if _heard(box, chat, message) else None


def _heard(box: Sandbox, chat: Chat, message: Json) -> bool:
    if chat.id > 0:
        return True
    if chat.blocked:
        return False
    if not box.privacy or chat.status == "administrator" or message.keys() & SERVICE:
        return True
    reply: Json = message.get("reply_to_message", {}).get("from", {})
    return reply.get("id") == box.world.bot["id"] or _meant(box, message)


def _meant(box: Sandbox, message: Json) -> bool:
    text: str = message.get("text") or message.get("caption") or ""
    found: list[Json] = message.get("entities") or message.get("caption_entities") or []
    name = f"@{box.config.bot_username}".lower()
    return any(_calls(name, text, mark) for mark in found)


def _calls(name: str, text: str, mark: Json) -> bool:
    """Whether an entity names the bot, or is a command at the start for it or for any bot."""
    words = utf16_slice(text, mark["offset"], mark["length"]).lower()
    if mark["type"] == "bot_command" and mark["offset"] == 0:
        return "@" not in words or words.endswith(name)
    return mark["type"] == "mention" and words == name
