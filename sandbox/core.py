"""One sandbox: its memory, its queue, its limits and its faults, put together."""

import asyncio
import time

from sandbox.config import SandboxConfig
from sandbox.errors import Json, bad_request
from sandbox.events import Events
from sandbox.faults import Faults
from sandbox.files import Files
from sandbox.rates import Rates
from sandbox.updates import Updates
from sandbox.webhook import Webhook
from sandbox.world import Chat, World


class Sandbox:
    """What the Bot API's methods and the pupils' side work on."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.world = World(config)
        self.faults = Faults()
        self.rates = Rates(config.rate_limit, config.chat_rate_limit)
        self.events = Events()
        self.files = Files(self.world)
        self.updates = Updates(self.world, self.faults)
        self.webhook = Webhook(self.world, self.updates, self.faults)
        # Taps that still can be answered: query id -> (user id, monotonic deadline).
        self.taps: dict[str, tuple[int, float]] = {}
        # Payments that wait for the bot to agree: query id -> why not, None when it agrees.
        self.checkouts: dict[str, asyncio.Future[str | None]] = {}
        # What the bot answered to taps, by user, newest last.
        self.answers: dict[int, list[Json]] = {}

    @property
    def privacy(self) -> bool:
        """Whether the bot hears in groups only what is meant for it."""
        return bool(self.world.settings.get("privacy", not self.config.hear_groups))

    def open(self) -> None:
        """Reads the state file; taps that still wait can still be answered.

        Raises:
            StateInUseError: Another sandbox holds the state file.
        """
        self.world.load()
        for update in self.world.pending.values():
            query = update.get("callback_query")
            if query is not None:
                self.remember_tap(query["id"], query["from"]["id"])

    def close(self) -> None:
        """Ends everything that waits, so that a server can stop at once."""
        self.updates.close()
        self.events.close()
        self.webhook.stop()

    def reset(self) -> None:
        """Forgets chats, people and settings; numbers go on from where they are."""
        self.webhook.stop()
        self.updates.drop_all()
        self.world.reset()
        self.taps.clear()
        self.answers.clear()
        self.rates.clear()
        self.faults.set({})
        self.events.publish("reset")

    def set_faults(self, wanted: Json) -> None:
        """Replaces the switches, and starts the update numbers over when they say so.

        Raises:
            ApiError: A name or a value is not one of the switches'.
        """
        self.faults.set(wanted)
        number = self.faults.new_number(self.world.next_update_id)
        if number is not None:
            # Telegram does it after a week without updates, and keeps them for a day.
            self.updates.drop_all()
            self.webhook.start()
            self.world.renumber(number)

    def chat(self, raw_id: str) -> Chat:
        """The chat of a `chat_id` parameter.

        Raises:
            ApiError: It is missing, or nobody wrote there yet.
        """
        if not raw_id:
            raise bad_request("chat_id is empty")
        try:
            chat = self.world.chats.get(int(raw_id))
        except ValueError:
            chat = None
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def remember_tap(self, query_id: str, user_id: int) -> None:
        """Opens the time in which a tap can be answered, and forgets taps that ran out."""
        now = time.monotonic()
        self.taps[query_id] = (user_id, now + self.config.callback_lifetime)
        for old, (_, deadline) in list(self.taps.items())[:2]:
            if deadline < now:
                del self.taps[old]
