"""Counts calls, and refuses messages beyond a rate."""

import math
import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field

from sandbox.errors import Json, too_many


@dataclass(slots=True)
class Window:
    """Instants of the last second, and the most that one second ever held."""

    most: int = 0
    instants: deque[float] = field(default_factory=deque)

    def trim(self, now: float) -> None:
        """Forgets what is a second old or older."""
        instants = self.instants
        while instants and now - instants[0] >= 1.0:
            instants.popleft()

    def add(self, now: float) -> None:
        """Counts one event."""
        self.trim(now)
        self.instants.append(now)
        self.most = max(self.most, len(self.instants))

    def wait(self, now: float, limit: int) -> float:
        """Seconds until one more event fits under `limit` a second; 0 when it does now."""
        self.trim(now)
        if len(self.instants) < limit:
            return 0.0
        return 1.0 - (now - self.instants[-limit]) if limit > 0 else 1.0


class Rates:
    """The message rates of a sandbox: what is allowed, and what was seen."""

    def __init__(self, per_second: int | None, per_chat: int | None) -> None:
        self.per_second = per_second
        self.per_chat = per_chat
        self.clear()

    def clear(self) -> None:
        """Starts counting from zero."""
        self.calls: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.refused = 0
        self.accepted = 0
        self._seen = Window()
        self._sent = Window()
        self._chats: defaultdict[int, Window] = defaultdict(Window)

    def admit(self, chat_id: int) -> None:
        """Counts one message on its way to a chat.

        Raises:
            ApiError: 429, when the sandbox or the chat had its share of this second.
        """
        now = time.monotonic()
        self._seen.add(now)
        wait = 0.0
        if self.per_second is not None:
            wait = self._sent.wait(now, self.per_second)
        if self.per_chat is not None:
            wait = max(wait, self._chats[chat_id].wait(now, self.per_chat))
        if wait > 0:
            self.refused += 1
            raise too_many(max(1, math.ceil(wait)))
        self.accepted += 1
        self._sent.add(now)
        if self.per_chat is not None:
            self._chats[chat_id].add(now)

    def limits(self) -> Json:
        """The rates in force, messages a second."""
        return {"per_second": self.per_second, "per_chat": self.per_chat}

    def report(self) -> Json:
        """What was counted since the start or the last `clear`."""
        return {
            "calls": dict(self.calls),
            "errors": dict(self.errors),
            "sends": {
                "accepted": self.accepted,
                "refused": self.refused,
                "max_per_second": self._seen.most,
                "max_accepted_per_second": self._sent.most,
            },
        }
