"""Updates on their way to the bot: kept until acknowledged, fetched or sent to a webhook."""

import asyncio
from collections.abc import Callable

from sandbox.errors import Json, conflict
from sandbox.faults import Faults
from sandbox.world import World

# How far from its queue Telegram takes an offset at its word: beyond, it answers from the head.
_AHEAD = 10
_BEHIND = 100_000
_OPT_IN = {"chat_member", "message_reaction", "message_reaction_count"}
_WEBHOOK_SET = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
_OTHER_POLL = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


class Updates:
    """The queue of updates of one bot."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self._poll: asyncio.Future[None] | None = None
        self._ghosts: list[Json] = []
        self.to_webhook: Callable[[Json], None] | None = None

    def push(self, kind: str, body: Json) -> int | None:
        """Queues an update, unless the bot did not ask for its kind.

        Returns:
            The update's id, or None when it was not wanted.
        """
        wanted = self._world.settings.get("allowed_updates")
        if kind not in wanted if wanted else kind in _OPT_IN:
            return None
        update = self._world.put_update(kind, body)
        if self.to_webhook is not None:
            self.to_webhook(update)
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        number: int = update["update_id"]
        return number

    def allow(self, kinds: object) -> None:
        """Sets which kinds of updates are queued from now on; an empty list is the default."""
        if isinstance(kinds, list) and kinds != self._world.settings.get("allowed_updates"):
            self._world.put_setting("allowed_updates", [str(kind) for kind in kinds])

    async def poll(self, offset: int, limit: int, patience: float) -> list[Json]:
        """One getUpdates call.

        Args:
            offset: First update wanted, which acknowledges those before; negative: from the end.
                One that is too far from the queue counts as its head.
            limit: At most this many.
            patience: Seconds to wait for the first one.

        Raises:
            ApiError: 409, when a webhook is set or another call takes over.
        """
        if self._world.settings.get("webhook"):
            raise conflict(_WEBHOOK_SET)
        self.interrupt(_OTHER_POLL)
        first = self._first_wanted(offset)
        self._forget_before(first)
        if not self._world.pending and not self._ghosts and patience > 0:
            await self._wait(patience)
            self._forget_before(first)
        return self._batch(limit)

    def interrupt(self, reason: str) -> None:
        """Ends the poll that waits, if any, with a 409."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(conflict(reason))

    def close(self) -> None:
        """Ends the poll that waits, with nothing."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def acknowledge(self, ids: list[int]) -> None:
        """Forgets updates that the bot has; the duplicate fault may keep a copy for later."""
        for number in ids:
            if number in self._world.pending and self._faults.duplicate():
                self._ghosts.append(self._world.pending[number])
        self._world.drop_updates(ids)

    def drop_all(self) -> None:
        """Forgets everything that waits."""
        self._ghosts.clear()
        self._world.drop_updates(list(self._world.pending))

    async def _wait(self, patience: float) -> None:
        self._poll = asyncio.get_running_loop().create_future()
        poll = self._poll
        try:
            await asyncio.wait_for(poll, patience)
        except TimeoutError:
            pass
        finally:
            if self._poll is poll:
                self._poll = None

    def _first_wanted(self, offset: int) -> int:
        if offset < 0:
            self._world.drop_updates(list(self._world.pending)[:offset])
        return offset if offset > 0 else self._head

    def _forget_before(self, first: int) -> None:
        if self._head - _BEHIND <= first <= self._world.next_update_id + _AHEAD:
            self.acknowledge([number for number in self._world.pending if number < first])

    @property
    def _head(self) -> int:
        return next(iter(self._world.pending), self._world.next_update_id)

    def _batch(self, limit: int) -> list[Json]:
        batch: list[Json] = []
        for update in self._world.pending.values():
            if len(batch) == limit:
                break
            batch.append(update)
        self._faults.shuffle(batch)
        ghosts, self._ghosts = self._ghosts, []
        return [*ghosts, *batch][:limit]
