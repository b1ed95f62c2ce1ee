"""Updates that have to wait are kept in the database, so that they hold nobody else's place.

What is kept is acknowledged: Telegram goes on to others. It stays in its lane in this process; the
row is for the next process, should this one be killed.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram import Update

from bot.context import DarsBot
from bot.lanes import Entry, Lanes
from bot.secret_texts import hide, show
from bot.updates import Edge, bot_id_of
from src import clock, inbox
from src.database import session_scope
from src.errors import DatabaseUnavailable
from src.inbox import Kept, UpdateKey
from src.metrics import UPDATES_KEPT
from src.storage.keyring import Keyring

log = structlog.get_logger()

# While no more than these are in hand, Telegram has room for others, and nothing need be kept.
FEW_LEFT = 25
PATIENCE_SECONDS = 0.4
PATIENCE_AT_THE_END = 8.0
LONGEST_WRITE_SECONDS = 5.0
# What another process keeps is taken over when it had so long to handle it.
ABANDONED_AFTER = timedelta(seconds=60)
LOOK_EVERY_SECONDS = 20.0
NO_KEYS = Keyring(())
AWAY = (SQLAlchemyError, DatabaseUnavailable, OSError)


class Keeper:
    """Keeps updates, and takes up what was kept before.

    Args:
        bot: Whose updates.
        lanes: Where they are handled.
        edge: Says what an earlier process had still to say.
        keyring: Seals what holds a token, so that it stands nowhere readable.
    """

    def __init__(self, bot: DarsBot, lanes: Lanes, edge: Edge, keyring: Keyring = NO_KEYS) -> None:
        self._bot, self._lanes, self._edge, self._keyring = bot, lanes, edge, keyring
        self._bot_id = bot_id_of(bot)
        self._known: dict[UpdateKey, asyncio.Task[None]] = {}

    def must_keep(self, entry: Entry) -> bool:
        """Return whether an update holds others up: of a crowd, or one of many that take long."""
        if entry.update.pre_checkout_query is not None:
            return False  # It is answered now, or for ever too late.
        if self._lanes.is_crowded(entry.lane):
            return True
        age = asyncio.get_running_loop().time() - entry.begun_at
        return self._lanes.size > FEW_LEFT and age > PATIENCE_SECONDS

    async def keep(self, entries: Sequence[Entry]) -> bool:
        """Write updates down; False where the database does not take them now."""
        waiting = [entry for entry in entries if not entry.kept and not entry.task.done()]
        if not waiting:
            return True
        if not await self._write(waiting):
            return False
        UPDATES_KEPT.inc(len(waiting))
        for entry in waiting:
            self._follow(entry)
        return True

    async def _write(self, waiting: Sequence[Entry]) -> bool:
        for entry in waiting:
            entry.kept = True
        try:
            async with asyncio.timeout(LONGEST_WRITE_SECONDS), session_scope() as db:
                await inbox.keep(db, [self._kept(entry) for entry in waiting], clock.now())
        except AWAY as error:
            # Tried again at each fetch, so that a line each time would be two a second.
            self._edge.outage.note(error)
            for entry in waiting:
                entry.kept = False
            return False
        return True

    def _kept(self, entry: Entry) -> Kept:
        key = UpdateKey(self._bot_id, entry.update.update_id)
        return Kept(key, entry.lane, hide(entry.sent, self._keyring))

    def _follow(self, entry: Entry) -> None:
        """Note when an update that is kept is over."""
        key = UpdateKey(self._bot_id, entry.update.update_id)
        task = self._known[key] = asyncio.create_task(self._finish(key, entry))
        task.add_done_callback(lambda _: self._known.pop(key, None))

    async def _finish(self, key: UpdateKey, entry: Entry) -> None:
        try:
            outcome = await entry.task
            if outcome.over:
                async with session_scope() as db:
                    await inbox.record_said(db, key, clock.now())
        except AWAY as error:
            # Its replies may be sent once more: at least once, as always.
            log.warning("a kept update is not stamped", error=type(error).__name__)

    async def resume(self, older_than: timedelta = timedelta()) -> None:
        """Put what was kept before into the lanes, each pupil's in their order."""
        before, last = clock.now() - older_than, None
        while found := await self._list_kept(before, last):
            for kept in found:
                if kept.key not in self._known:
                    await self._take_up(kept)
            last = found[-1]

    async def _list_kept(self, before: datetime, last: Kept | None) -> list[Kept]:
        async with session_scope() as db:
            return await inbox.list_kept(db, self._bot_id, before, last)

    async def _take_up(self, kept: Kept) -> None:
        """Put one into its lane; what cannot be read any more is set aside at the third time."""
        try:
            self._follow(self._begin(kept))
        except Exception as error:  # noqa: BLE001 - the edge: any shape may come
            name = type(error).__name__
            log.warning("a kept update cannot be read", update_id=kept.key.update_id, error=name)
            async with session_scope() as db:
                if await inbox.record_failure(db, kept.key, name, []):
                    await inbox.record_said(db, kept.key, clock.now())

    def _begin(self, kept: Kept) -> Entry:
        if kept.payload is not None:
            sent = show(kept.payload, self._keyring)
            update = Update.de_json(sent, self._bot)
            return self._lanes.begin(update, sent, kept=True)
        said_by = (kept.lane, partial(self._edge.say_kept, kept))
        return self._lanes.begin(Update(kept.key.update_id), kept=True, said_by=said_by)

    @asynccontextmanager
    async def running(self, older_than: timedelta = timedelta()) -> AsyncGenerator[None]:
        """Take up what was kept, and at the end give what is in hand some seconds.

        Args:
            older_than: Where several processes run, what may still be another one's is left to it.
        """
        await self.resume(older_than)
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            await self._lanes.close(PATIENCE_AT_THE_END)
            await asyncio.gather(*self._known.values(), watching, return_exceptions=True)

    async def _watch(self) -> None:
        """Take over, for ever, what other processes kept and did not handle."""
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            try:
                await self.resume(ABANDONED_AFTER)
            except AWAY as error:
                log.warning("cannot look for kept updates", error=type(error).__name__)
