"""Everything that a sandbox remembers: people, chats, messages, and what the bot says of itself."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.config import SandboxConfig
from sandbox.errors import Json
from sandbox.journal import Journal, Record

FIRST_UPDATE_ID = 700_000_001
# What a bot is in a chat that it may not write to.
AWAY = frozenset({"left", "kicked"})
STARS = ("invoice", "charge", "subscription")


@dataclass(slots=True)
class Entry:
    """One message of a chat.

    Attributes:
        message: As Telegram shows it to the bot.
        markup: The keyboard as sent; `message` itself carries inline keyboards alone.
        reactions: What the bot's reaction is.
        rewritten: Its text was changed, not its keyboard alone: clients say "edited".
        silent: It came without a sound.
    """

    message: Json
    markup: Json | None = None
    reactions: list[Json] = field(default_factory=list)
    rewritten: bool = False
    silent: bool = False

    @property
    def id(self) -> int:
        """The message id."""
        number: int = self.message["message_id"]
        return number

    @property
    def from_bot(self) -> bool:
        """Whether the bot wrote it."""
        return bool(self.message["from"]["is_bot"])

    def record(self) -> Record:
        """How the journal keeps it."""
        chat_id = self.message["chat"]["id"]
        shown = [self.message, self.markup, self.reactions, self.rewritten, self.silent]
        return ["message", chat_id, *shown]


@dataclass(slots=True)
class Chat:
    """One conversation.

    Attributes:
        info: Telegram's Chat object.
        status: What the bot is here: `member`, `administrator`, `left` or `kicked`; the last is
            also that of a bot whose pupil blocked it.
        started: Someone wrote to the bot here, so that it may write back.
        moved_to: The supergroup that this group has become.
        entries: Its messages by id, oldest first.
    """

    info: Json
    status: str = "member"
    started: bool = False
    moved_to: int | None = None
    entries: dict[int, Entry] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The chat id: that of the user in a private chat, negative in groups."""
        number: int = self.info["id"]
        return number

    @property
    def blocked(self) -> bool:
        """Whether the pupil blocked the bot, or the bot is not in the group."""
        return self.status in AWAY

    def record(self) -> Record:
        """How the journal keeps it, without its messages."""
        return ["chat", self.info, self.status, self.started, self.moved_to]


class World:
    """The memory of a sandbox; every change goes to the journal first."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.journal = Journal(config.state)
        self.bot: Json = {
            "id": config.bot_id,
            "is_bot": True,
            "first_name": config.bot_name,
            "username": config.bot_username,
        }
        self.clear()

    def clear(self) -> None:
        """Forgets everything but the numbers already used."""
        self.users: dict[int, Json] = {}
        self.chats: dict[int, Chat] = {}
        self.pending: dict[int, Json] = {}
        self.settings: Json = {}
        self.files: dict[str, Json] = {}
        # Invoices, charges and subscriptions: kind -> key -> facts.
        self.stars: dict[str, dict[str, Json]] = {kind: {} for kind in STARS}

    # The numbers below survive `clear`: a client that saw one never sees it again, unless it is
    # renumbered.
    next_update_id = FIRST_UPDATE_ID
    next_message_id = 1
    next_file_number = 1

    def load(self) -> None:
        """Reads the journal and writes it again, shortened.

        Raises:
            StateInUseError: Another sandbox holds the state file.
        """
        for record in self.journal.open():
            self._apply(record)
        self.journal.rewrite(self._snapshot())

    def reset(self) -> None:
        """Forgets people, chats and settings, in memory and on disk."""
        self.clear()
        self.journal.rewrite(self._snapshot())

    def put_user(self, user: Json) -> None:
        """Remembers a person."""
        self.users[user["id"]] = user
        self.journal.append("user", user)

    def put_chat(self, chat: Chat) -> None:
        """Remembers a chat."""
        self.chats[chat.id] = chat
        self.journal.append(*chat.record())

    def put_entry(self, chat: Chat, entry: Entry) -> None:
        """Remembers a message, new or changed."""
        chat.entries[entry.id] = entry
        if len(chat.entries) > self.config.history_limit:
            del chat.entries[next(iter(chat.entries))]
        self.journal.append(*entry.record())

    def delete_entries(self, chat: Chat, ids: list[int]) -> list[int]:
        """Forgets messages.

        Returns:
            The ids that were there.
        """
        gone = [number for number in ids if chat.entries.pop(number, None) is not None]
        if gone:
            self.journal.append("delete", chat.id, gone)
        return gone

    def put_setting(self, name: str, value: Any) -> None:
        """Remembers something that the bot set."""
        self.settings[name] = value
        self.journal.append("setting", name, value)

    def put_file(self, meta: Json) -> None:
        """Remembers where a file lies."""
        self.files[meta["file_id"]] = meta
        self.journal.append("file", meta)

    def put_star(self, kind: str, key: str, facts: Json) -> None:
        """Remembers an invoice, a charge or a subscription."""
        self.stars[kind][key] = facts
        self.journal.append("star", kind, key, facts)

    def put_update(self, kind: str, body: Json) -> Json:
        """Numbers an update and keeps it until it is acknowledged."""
        update: Json = {"update_id": self.next_update_id, kind: body}
        self.next_update_id += 1
        self.pending[update["update_id"]] = update
        self.journal.append("update", update)
        return update

    def renumber(self, next_update_id: int) -> None:
        """Numbers updates from this one on; those that wait must be dropped before."""
        self.next_update_id = next_update_id
        self.journal.append(*self._numbers())

    def drop_updates(self, ids: list[int]) -> None:
        """Forgets updates: acknowledged, or dropped."""
        for number in ids:
            self.pending.pop(number, None)
        if ids:
            self.journal.append("ack", ids)

    def new_message(self, chat: Chat, sender: Json, **content: Any) -> Json:
        """A message with the next number, not yet kept."""
        number = self.next_message_id
        self.next_message_id += 1
        return {
            "message_id": number,
            "from": sender,
            "chat": chat.info,
            "date": int(time.time()),
            **content,
        }

    def _snapshot(self) -> Iterator[Record]:
        yield self._numbers()
        for user in self.users.values():
            yield ["user", user]
        for chat in self.chats.values():
            yield chat.record()
            for entry in chat.entries.values():
                yield entry.record()
        for update in self.pending.values():
            yield ["update", update]
        for name, value in self.settings.items():
            yield ["setting", name, value]
        for meta in self.files.values():
            yield ["file", meta]
        for kind, known in self.stars.items():
            for key, facts in known.items():
                yield ["star", kind, key, facts]

    def _numbers(self) -> Record:
        return ["numbers", self.next_update_id, self.next_message_id, self.next_file_number]

    def _apply(self, record: Record) -> None:
        kind, *rest = record
        getattr(self, f"_apply_{kind}")(*rest)

    def _apply_numbers(self, update_id: int, message_id: int, file_number: int) -> None:
        self.next_update_id, self.next_message_id = update_id, message_id
        self.next_file_number = file_number

    def _apply_user(self, user: Json) -> None:
        self.users[user["id"]] = user

    def _apply_chat(
        self, info: Json, status: str | bool, started: bool, moved_to: int | None = None
    ) -> None:
        if isinstance(status, bool):  # older files say only whether the bot is blocked
            status = "kicked" if status else "member"
        known = self.chats.get(info["id"])
        entries = known.entries if known else {}
        self.chats[info["id"]] = Chat(info, status, started, moved_to, entries)

    def _apply_message(self, chat_id: int, message: Json, *shown: Any) -> None:
        self.next_message_id = max(self.next_message_id, message["message_id"] + 1)
        entries = self.chats[chat_id].entries
        entries[message["message_id"]] = Entry(message, *shown)
        if len(entries) > self.config.history_limit:
            del entries[next(iter(entries))]

    def _apply_delete(self, chat_id: int, ids: list[int]) -> None:
        for number in ids:
            self.chats[chat_id].entries.pop(number, None)

    def _apply_update(self, update: Json) -> None:
        self.next_update_id = max(self.next_update_id, update["update_id"] + 1)
        self.pending[update["update_id"]] = update

    def _apply_ack(self, ids: list[int]) -> None:
        for number in ids:
            self.pending.pop(number, None)

    def _apply_setting(self, name: str, value: Any) -> None:
        self.settings[name] = value

    def _apply_star(self, kind: str, key: str, facts: Json) -> None:
        self.stars[kind][key] = facts

    def _apply_file(self, meta: Json) -> None:
        self.next_file_number = max(self.next_file_number, meta["number"] + 1)
        self.files[meta["file_id"]] = meta
