"""Changes to messages that are there: edits, deletions, reactions, answers to taps."""

import time

from sandbox.api import method
from sandbox.content import Formatted, read_caption, read_text
from sandbox.core import Sandbox
from sandbox.errors import Json, bad_request
from sandbox.markup import read_markup
from sandbox.methods.sending import check_reachable
from sandbox.params import Params, whole, word
from sandbox.views import full_view
from sandbox.world import Chat, Entry

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
_DELETED_FOR = 48 * 3600
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
REACTIONS = frozenset(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐"
    "🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡"
) | {"❤\u200d🔥", "👨\u200d💻", "🤷\u200d♂", "🤷\u200d♀"}
"""What Telegram lets bots react with."""
_CONTENT = ("text", "entities", "caption", "caption_entities", "link_preview_options")


@method("editMessageText")
def edit_message_text(box: Sandbox, params: Params) -> Json:
    """Replaces text and keyboard of one of the bot's messages."""
    text = read_text(params, "MESSAGE_TOO_LONG")
    chat, entry = _editable(box, params)
    if "text" not in entry.message:
        raise bad_request("there is no text in the message to edit")
    return _replace(box, params, chat, entry, _text_fields(params, text))


@method("editMessageCaption")
def edit_message_caption(box: Sandbox, params: Params) -> Json:
    """Replaces caption and keyboard of one of the bot's photos or documents."""
    caption = read_caption(params)
    chat, entry = _editable(box, params)
    if "text" in entry.message:
        raise bad_request("there is no caption in the message to edit")
    return _replace(box, params, chat, entry, caption)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(box: Sandbox, params: Params) -> Json:
    """Replaces the keyboard of one of the bot's messages; without one it is removed."""
    chat, entry = _editable(box, params)
    kept = {name: entry.message[name] for name in _CONTENT if name in entry.message}
    return _replace(box, params, chat, entry, kept)


@method("deleteMessage")
def delete_message(box: Sandbox, params: Params) -> bool:
    """Deletes one message, of the bot or of a pupil."""
    chat = box.chat(params.text("chat_id"))
    number = params.integer("message_id")
    if not number:
        raise bad_request("message identifier is not specified")
    if number not in chat.entries:
        raise bad_request("message to delete not found")
    _check_deletable(chat, chat.entries[number])
    _delete(box, chat, [number])
    return True


@method("deleteMessages")
def delete_messages(box: Sandbox, params: Params) -> bool:
    """Deletes up to a hundred messages; those that are not there are skipped."""
    chat = box.chat(params.text("chat_id"))
    ids = params.json("message_ids", "can't parse message identifiers JSON object")
    if not isinstance(ids, list) or not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > 100:
        raise bad_request("too many message identifiers specified")
    _delete(box, chat, [whole(number) for number in ids])
    return True


@method("setMessageReaction")
def set_message_reaction(box: Sandbox, params: Params) -> bool:
    """Shows the bot's reaction on a message; an empty list takes it away."""
    chat = box.chat(params.text("chat_id"))
    entry = chat.entries.get(params.integer("message_id"))
    if entry is None:
        raise bad_request("message to react not found")
    reactions = params.json("reaction", "can't parse reaction types JSON object") or []
    if not isinstance(reactions, list) or not all(isinstance(item, dict) for item in reactions):
        raise bad_request("can't parse reaction types JSON object")
    for item in reactions:
        _check_reaction(item)
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    check_reachable(chat)
    entry.reactions = reactions
    box.world.put_entry(chat, entry)
    box.events.publish("edited", chat_id=chat.id, message=full_view(entry))
    return True


@method("answerCallbackQuery")
def answer_callback_query(box: Sandbox, params: Params) -> bool:
    """Ends the waiting of a tap, with or without words."""
    query_id, text = params.text("callback_query_id"), params.text("text")
    user_id, deadline = box.taps.get(query_id, (0, 0.0))
    if deadline < time.monotonic():
        raise bad_request(_TOO_OLD)
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {"callback_query_id": query_id, "text": text, "show_alert": params.flag("show_alert")}
    if params.text("url"):
        answer["url"] = params.text("url")
    box.answers.setdefault(user_id, []).append(answer)
    box.events.publish("answer", user_id=user_id, **answer)
    return True


def _editable(box: Sandbox, params: Params) -> tuple[Chat, Entry]:
    if params.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = box.chat(params.text("chat_id"))
    number = params.integer("message_id")
    if not number:
        raise bad_request("message identifier is not specified")
    entry = chat.entries.get(number)
    if entry is None:
        raise bad_request("message to edit not found")
    if not entry.from_bot:
        raise bad_request("message can't be edited")
    check_reachable(chat)
    return chat, entry


def _text_fields(params: Params, text: Formatted) -> Json:
    fields = text.fields("text", "entities")
    preview = params.json("link_preview_options", "can't parse link preview options JSON object")
    if isinstance(preview, dict):
        fields["link_preview_options"] = preview
    return fields


def _replace(box: Sandbox, params: Params, chat: Chat, entry: Entry, content: Json) -> Json:
    markup = read_markup(params, inline_only=True)
    before = {name: entry.message[name] for name in _CONTENT if name in entry.message}
    if before == content and entry.message.get("reply_markup") == markup:
        raise bad_request(_NOT_MODIFIED)
    replaced = (*_CONTENT, "reply_markup")
    message = {key: value for key, value in entry.message.items() if key not in replaced}
    message |= {"edit_date": int(time.time()), **content}
    if markup is not None:
        message["reply_markup"] = markup
    rewritten = entry.rewritten or before != content
    changed = Entry(message, markup, entry.reactions, rewritten, entry.silent)
    box.world.put_entry(chat, changed)
    box.events.publish("edited", chat_id=chat.id, message=full_view(changed))
    return message


def _delete(box: Sandbox, chat: Chat, ids: list[int]) -> list[int]:
    gone = box.world.delete_entries(chat, ids)
    if gone:
        box.events.publish("deleted", chat_id=chat.id, message_ids=gone)
    return gone


def _check_deletable(chat: Chat, entry: Entry) -> None:
    """Refuses what is too old, and in groups what others wrote, unless the bot is administrator."""
    if chat.id > 0 and time.time() - entry.message["date"] >= _DELETED_FOR:
        raise bad_request("message can't be deleted for everyone")
    if chat.id < 0 and not entry.from_bot and chat.status != "administrator":
        raise bad_request("message can't be deleted")


def _check_reaction(item: Json) -> None:
    kind = word(item.get("type"))
    if kind not in {"emoji", "custom_emoji", "paid"}:
        raise bad_request("can't parse reaction type: unsupported reaction type")
    # Custom emoji only where a chat allows them, stars never: bots can't pay.
    emoji = word(item.get("emoji")).replace("\ufe0f", "")
    if kind != "emoji" or emoji not in REACTIONS:
        raise bad_request("REACTION_INVALID")
