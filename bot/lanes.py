"""Lanes: the updates of one pupil are handled in their order, those of others beside them."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from itertools import chain, repeat
from typing import Any

import structlog
from telegram import Update

from src.logs import where
from src.metrics import UPDATE_SECONDS, UPDATES

log = structlog.get_logger()

# So many of one pupil may be in hand unkept; what comes behind them waits in the database.
CROWD = 20
MOST_FAULTS = 10
PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)


class Outcome(Enum):
    """What became of an update."""

    DONE = "done"
    REPEATED = "repeated"
    REFUSED = "refused"
    IGNORED = "ignored"
    GIVEN_UP = "given_up"
    KEPT = "kept"
    DATABASE_AWAY = "database_away"
    TRY_AGAIN = "try_again"

    @property
    def over(self) -> bool:
        """Whether the update may be acknowledged."""
        return self not in {Outcome.DATABASE_AWAY, Outcome.TRY_AGAIN}


Work = Callable[[], Awaitable[Outcome]]
SaidBy = tuple[int, Work]


@dataclass(eq=False)
class Entry:
    """An update in its lane.

    Attributes:
        update: What Telegram sent, decoded.
        sent: The same as it came: the library's own way back loses empty lists.
        lane: Whose it is.
        begun_at: When it was received, by the clock of the loop.
        insists: Whether it is tried until it is over; if not, Telegram is to send it again.
        kept: Whether it is in the database, and acknowledged: nobody will send it again.
        faults: How often something went wrong that nobody had counted.
        task: Handles it when its turn has come.
    """

    update: Update
    sent: dict[str, Any]
    lane: int
    begun_at: float
    insists: bool
    kept: bool
    faults: int = 0
    task: asyncio.Task[Outcome] = field(init=False)


class Lanes:
    """Hands each update on when the earlier ones of the same pupil are over.

    Args:
        attempt: Handles an update once; is told how many of the same pupil wait behind it.
    """

    def __init__(self, attempt: Callable[[Update, int], Awaitable[Outcome]]) -> None:
        self._attempt = attempt
        self._lanes: dict[int, deque[Entry]] = {}
        self._entries: set[Entry] = set()

    @property
    def size(self) -> int:
        """How many updates are in all lanes."""
        return len(self._entries)

    def is_crowded(self, lane: int) -> bool:
        """Return whether an update at the end of a lane has more than a moment to wait."""
        return len(self._lanes.get(lane, ())) > CROWD

    def begin(
        self,
        update: Update,
        sent: dict[str, Any] | None = None,
        *,
        insist: bool = False,
        kept: bool = False,
        said_by: SaidBy | None = None,
    ) -> Entry:
        """Put an update at the end of its pupil's lane.

        Args:
            update: What Telegram sent, decoded.
            sent: The same as it came, in case it has to be kept.
            insist: Try until it is over; the pupil's later ones wait.
            kept: Whether it is in the database already.
            said_by: Of one that was handled: whose lane it is, and what says its replies.
        """
        number, work = said_by or (lane_of(update), None)
        now = asyncio.get_running_loop().time()
        entry = Entry(update, sent or {}, number, now, insist, kept)
        lane = self._lanes.setdefault(entry.lane, deque())
        earlier = lane[-1].task if lane else None
        lane.append(entry)
        self._entries.add(entry)
        entry.task = asyncio.create_task(self._after(earlier, entry, work))
        return entry

    async def close(self, seconds: float) -> None:
        """Give what is in hand some seconds."""
        tasks = [entry.task for entry in self._entries]
        if tasks:
            _, unfinished = await asyncio.wait(tasks, timeout=seconds)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)

    async def _after(
        self, earlier: asyncio.Task[Outcome] | None, entry: Entry, work: Work | None
    ) -> Outcome:
        # This task has a context of its own: every line logged in it tells of this update.
        structlog.contextvars.bind_contextvars(update_id=entry.update.update_id)
        try:
            with UPDATE_SECONDS.labels(kind_of(entry.update)).time():
                if earlier is not None:
                    await asyncio.wait([earlier])
                return await (self._insist(entry) if work is None else work())
        finally:
            self._leave(entry)

    def _leave(self, entry: Entry) -> None:
        lane = self._lanes[entry.lane]
        lane.remove(entry)
        if not lane:
            del self._lanes[entry.lane]
        self._entries.discard(entry)

    async def _insist(self, entry: Entry) -> Outcome:
        outcome = await self._try(entry)
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            if outcome.over or not (entry.insists or entry.kept):
                break
            await asyncio.sleep(pause)
            outcome = await self._try(entry)
        return outcome

    async def _try(self, entry: Entry) -> Outcome:
        try:
            outcome = await self._attempt(entry.update, len(self._lanes[entry.lane]) - 1)
        except Exception as error:  # the edge: what leaves a lane of a poller stops everybody
            if not (entry.insists or entry.kept):
                raise
            log.critical("an attempt went wrong", error=type(error).__name__, where=where(error))
            entry.faults += 1
            over = entry.faults >= MOST_FAULTS
            outcome = Outcome.GIVEN_UP if over else Outcome.TRY_AGAIN
        UPDATES.labels(kind_of(entry.update), outcome.value).inc()
        log.debug("update handled", kind=kind_of(entry.update), outcome=outcome.value)
        return outcome


def lane_of(update: Update) -> int:
    """Return in which lane an update waits for its turn: the user's, or 0 where there is none.

    Who is about to pay is asked about at once: Telegram waits ten seconds. That question changes
    nothing, so that it has a lane of its own beside the user's.
    """
    if update.pre_checkout_query is not None:
        return -update.pre_checkout_query.from_user.id
    user = update.effective_user
    return user.id if user else subscriber(update) or 0


def subscriber(update: Update) -> int | None:
    """Return whose subscription an update is about; the library does not know that kind."""
    about = update.api_kwargs.get("subscription")
    user = about.get("user") if isinstance(about, dict) else None
    number = user.get("id") if isinstance(user, dict) else None
    return number if type(number) is int else None


def kind_of(update: Update) -> str:
    """Name the kind of an update, as the metrics do."""
    if update.callback_query is not None:
        return "tap"
    if update.edited_message is not None:
        return "edited"
    if update.message is not None:
        # Not by its methods: the library takes any type for a text.
        if update.message.successful_payment or update.message.refunded_payment:
            return "payment"
        return "command" if str(update.message.text).startswith("/") else "message"
    if update.pre_checkout_query is not None:
        return "checkout"
    return "membership" if update.my_chat_member is not None else "other"
