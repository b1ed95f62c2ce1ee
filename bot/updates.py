"""The edge: each update changes the data once, and is then answered.

An update is handled in one transaction that also records its number and its replies. Only after
the commit are the replies sent, and only after that is the update acknowledged; one that comes
again finds its record and has its replies sent again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.pool import AsyncAdaptedQueuePool
from telegram import Update, User
from telegram.error import TelegramError

from bot.context import (
    CLOSED,
    DarsApp,
    DarsBot,
    DarsContext,
    Notice,
    SchoolDoor,
    Turn,
    acted_at,
)
from bot.doubled import LastTaps
from bot.errors import apology, explain
from bot.gateway.sender import Left, Sender
from bot.lanes import Outcome, subscriber
from bot.outages import Outage, is_table_missing
from bot.replies import React, Reply, Say, Toast, Unsay, joined, pack, unpack
from bot.unsaid import has_parked, note_blocked, park
from bot.views.profiles import marked
from bot.words import in_both, words
from src import clock, database, inbox
from src.accounts import profiles
from src.accounts import service as accounts
from src.accounts.pupil import Pupil
from src.database import session_scope, short_scope
from src.errors import (
    DarsError,
    DatabaseUnavailable,
    DuplicateUpdate,
    PupilBlockedBot,
    TransactionCut,
)
from src.hints.rules import OFF, Switches
from src.inbox import Kept, UpdateKey
from src.language import language_of
from src.logs import where
from src.metrics import REPLIES_GIVEN_UP
from src.practice import service as practice

log = structlog.get_logger()

Handler = Callable[[Turn], Awaitable[list[Reply]]]
NoticeHandler = Callable[[Notice], Awaitable[list[Reply]]]
Callback = Callable[[Update, DarsContext], Coroutine[Any, Any, None]]


LONGEST_TRANSACTION = 5.0
# A table that is locked for some minutes, as by a migration, must cost nobody an answer.
MOST_CUTS = 30
# With so many behind it an update is handled like any other, and not answered.
FLOOD = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an update, and what its pupil is told.

    Attributes:
        outcome: What became of it.
        replies: What to say.
        has_parked: Whether something is still to be said before that.
    """

    outcome: Outcome
    replies: list[Reply]
    has_parked: bool = False


class Edge:
    """Hands updates to the application, each in a transaction, and says what became of it.

    Attributes:
        outage: Whether the database is away, for whoever else notices.
    """

    def __init__(
        self,
        app: DarsApp,
        switches: Switches = OFF,
        school_door: SchoolDoor = CLOSED,
        web_url: str | None = None,
    ) -> None:
        pool = database.get_engine().pool
        # As many transactions as connections are kept: one more would be opened and closed.
        kept = pool.size() if isinstance(pool, AsyncAdaptedQueuePool) else 1
        self._transactions = asyncio.Semaphore(kept)
        self._app, self._switches, self._school_door = app, switches, school_door
        self._web_url = web_url
        self._bot_id = bot_id_of(app.bot)
        self._sender = Sender(app.bot)
        self._outcomes: dict[int, Outcome] = {}
        self._behind: dict[int, int] = {}
        self._flooding: set[int] = set()
        self._taps = LastTaps()
        self._told: set[int] = set()
        self.outage = Outage()
        self._faults: dict[int, Exception] = {}
        app.add_error_handler(self._keep_fault)

    def private(self, handler: Handler) -> Callback:
        """Wrap a handler of private chats: transaction, exactly once, errors, replies."""

        async def callback(update: Update, context: DarsContext) -> None:
            self._outcomes[update.update_id] = await self._run(update, handler)

        callback.__name__ = getattr(handler, "__name__", "handler")
        return callback

    def once(self, callback: Callback) -> Callback:
        """Wrap a handler of groups: what comes again is not answered again."""

        async def answered(update: Update, context: DarsContext) -> None:
            self._outcomes[update.update_id] = await self._answer_once(update, context, callback)

        return answered

    def about(self, handler: NoticeHandler) -> Callback:
        """Wrap a handler of what Telegram itself tells about a person: it has no sender."""

        async def callback(update: Update, context: DarsContext) -> None:
            self._outcomes[update.update_id] = await self._notice(update, handler)

        return callback

    def aside(self, callback: Callback) -> Callback:
        """Wrap what answers by itself and changes nothing."""

        async def answered(update: Update, context: DarsContext) -> None:
            await callback(update, context)
            self._outcomes[update.update_id] = Outcome.DONE

        return answered

    async def _notice(self, update: Update, handler: NoticeHandler) -> Outcome:
        """Commit what a notice changes, and tell whom it is about; once, whatever happens."""
        chat, now = update.effective_chat, clock.now()
        chat_id = chat.id if chat else subscriber(update) or 0
        try:
            async with self._transactions, short_scope(LONGEST_TRANSACTION) as db:
                replies = await handler(Notice(db, update, chat_id, now))
                await inbox.record_done(db, self._key(update), pack(replies), now)
            await self._deliver(self._key(update), chat_id, replies)
        except DuplicateUpdate:
            return Outcome.REPEATED
        except Exception as error:  # noqa: BLE001 - the edge: everything else is decided here
            if is_database_away(error):
                self.outage.note(error)
                return Outcome.DATABASE_AWAY
            return await self._count_failure(update, None, error)
        return Outcome.DONE

    async def _answer_once(
        self, update: Update, context: DarsContext, callback: Callback
    ) -> Outcome:
        try:
            async with session_scope() as db:
                await inbox.record_done(db, self._key(update), [], clock.now())
        except DuplicateUpdate:
            return Outcome.REPEATED
        except Exception as error:  # raised again unless the database is away
            if is_database_away(error):
                return Outcome.DATABASE_AWAY
            raise
        try:
            await callback(update, context)
        except TelegramError as refusal:
            log.info("a group was not answered", error=type(refusal).__name__)
        return Outcome.DONE

    def _key(self, update: Update) -> UpdateKey:
        return UpdateKey(self._bot_id, update.update_id)

    async def attempt(self, update: Update, behind: int = 0) -> Outcome:
        """Handle an update once, as the handler that matches it says.

        Args:
            update: What Telegram sent.
            behind: How many of the same pupil wait behind it.
        """
        self._behind[update.update_id] = behind
        try:
            await self._app.process_update(update)
        finally:
            del self._behind[update.update_id]
        fault = self._faults.pop(update.update_id, None)
        if fault is not None:
            return await self._count_unmatched(update, fault)
        return self._outcomes.pop(update.update_id, Outcome.IGNORED)

    async def _keep_fault(self, update: object, context: DarsContext) -> None:
        """Keep what went wrong where no handler of ours saw it: the library would only log it."""
        if isinstance(update, Update) and isinstance(context.error, Exception):
            self._faults[update.update_id] = context.error

    async def _count_unmatched(self, update: Update, fault: Exception) -> Outcome:
        user = _private_sender(update)
        if user is not None:
            return await self._count_failure(update, user, fault)
        log.error("update failed", error=type(fault).__name__, where=where(fault))
        return Outcome.IGNORED

    async def _run(self, update: Update, handler: Handler) -> Outcome:
        user = _private_sender(update)
        if user is None:
            return Outcome.IGNORED
        try:
            answer = await self._transact_twice(update, user, handler)
            await self._reply(update, user, answer)
        except Exception as error:  # noqa: BLE001 - the edge: everything else is decided here
            if is_database_away(error):
                self.outage.note(error)
                return await self._tell_database_is_away(user)
            return await self._count_failure(update, user, error)
        self.outage.end()
        self._told.discard(user.id)
        return answer.outcome

    async def _transact_twice(self, update: Update, user: User, handler: Handler) -> Answer:
        """Commit, and try once more where the server had closed an idle connection.

        The first failure empties the pool. Asking each connection before its use whether it lives
        would be three round trips for every update.
        """
        try:
            return await self._transact(update, user, handler)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return await self._transact(update, user, handler)

    async def _transact(self, update: Update, user: User, handler: Handler) -> Answer:
        """Commit what the handler changes, and return what to say.

        Raises:
            TransactionCut: It took too long, and was rolled back.
        """
        pupil: Pupil | None = None
        try:
            async with self._transactions, short_scope(LONGEST_TRANSACTION) as db:
                now = clock.now()
                at = acted_at(update, now)
                pupil = await _enter(db, update, user, at)
                if pupil is None:
                    return Answer(Outcome.IGNORED, [])
                if pupil.barred_at is not None and not _is_payment(update):
                    await inbox.record_done(db, self._key(update), [], now)
                    return Answer(Outcome.DONE, [])
                place = await practice.active_place(db, pupil.id)
                turn = Turn(
                    *(db, update, pupil, place, at, self._switches),
                    *(self._school_door, self._web_url),
                )
                replies = joined(await handler(turn))
                if pupil.has_others:
                    name = await profiles.name_on(db, pupil.person_id)
                    replies = marked(words(pupil.language), replies, name)
                await inbox.record_done(db, self._key(update), pack(replies), now, sender=user.id)
                return Answer(Outcome.DONE, replies, has_parked=pupil.has_parked)
        except DarsError as error:
            return await self._explain(update, pupil, error)

    async def _explain(self, update: Update, pupil: Pupil | None, error: DarsError) -> Answer:
        """Say again what an update was told before, or what stands in its way."""
        if isinstance(error, TransactionCut):
            raise error
        async with session_scope() as db:
            stored = await inbox.stored_replies(db, self._key(update), clock.now())
        has_parked = pupil is not None and pupil.has_parked
        if stored is not None:
            return Answer(Outcome.REPEATED, unpack(stored), has_parked=has_parked)
        if isinstance(error, DatabaseUnavailable):
            raise error
        said = explain(error, pupil, tapped=update.callback_query is not None)
        return Answer(Outcome.REFUSED, said, has_parked=has_parked)

    async def _reply(self, update: Update, user: User, answer: Answer) -> None:
        """Send what there is to say, or park it where Telegram does not take it now."""
        key, query = self._key(update), update.callback_query
        replies = self._in_a_flood(update, user, answer.replies)
        if self._taps.repeats(user.id, update) and answer.outcome is Outcome.DONE:
            replies = [reply for reply in replies if isinstance(reply, Toast)]
        if answer.has_parked:
            # Toast and reaction are for now or never; the rest comes behind what is parked.
            fleeting: list[Reply] = [r for r in replies if isinstance(r, Toast | React | Unsay)]
            rest: list[Reply] = [r for r in replies if not isinstance(r, Toast | React | Unsay)]
            if await park(user.id, _subject(key), Left(rest, 0.0)):
                replies = fleeting
        await self._deliver(key, user.id, replies, query.id if query else None)

    def _in_a_flood(self, update: Update, user: User, replies: list[Reply]) -> list[Reply]:
        """Return what is said although many more of the same pupil wait: one line, once."""
        if self._behind.get(update.update_id, 0) < FLOOD:
            self._flooding.discard(user.id)
            return replies
        # A secret does not stay in the chat because others were sent behind it.
        kept = [reply for reply in replies if isinstance(reply, Unsay)]
        if user.id in self._flooding:
            return [*kept]
        self._flooding.add(user.id)
        return [*kept, Say(words(language_of(user.language_code))("flood"))]

    async def _deliver(
        self, key: UpdateKey, chat_id: int, replies: list[Reply], query_id: str | None = None
    ) -> None:
        try:
            left = await self._sender.send(chat_id, replies, query_id=query_id)
            if left is not None and not await park(chat_id, _subject(key), left):
                REPLIES_GIVEN_UP.inc()
                log.warning("reply given up: Telegram does not take it", update_id=key.update_id)
        except PupilBlockedBot:
            await note_blocked(chat_id)

    async def say_kept(self, kept: Kept) -> Outcome:
        """Say what an earlier process had still to say to an update that it had handled."""
        replies = unpack(kept.replies)
        behind = replies and await has_parked(kept.lane)
        if not (behind and await park(kept.lane, _subject(kept.key), Left(replies, 0.0))):
            await self._deliver(kept.key, kept.lane, replies)
        return Outcome.REPEATED

    async def _tell_database_is_away(self, user: User) -> Outcome:
        """Tell a pupil once that the message is safe; it is handled when the database is back."""
        if user.id not in self._told:
            self._told.add(user.id)
            try:
                await self._sender.send(user.id, [Say(in_both("database-away"))])
            except PupilBlockedBot:
                log.info("nobody to tell that the database is away")
        return Outcome.DATABASE_AWAY

    async def _count_failure(self, update: Update, user: User | None, error: Exception) -> Outcome:
        """Record an unexpected error; give the update up after the last attempt."""
        replies = apology(words(language_of(user.language_code))) if user else []
        log.error("update failed", error=type(error).__name__, where=where(error))
        try:
            async with session_scope() as db:
                most = MOST_CUTS if isinstance(error, TransactionCut) else inbox.MOST_ATTEMPTS
                given_up = await inbox.record_failure(
                    db, self._key(update), type(error).__name__, pack(replies), most=most
                )
        except Exception as fault:  # noqa: BLE001 - the edge: an update is never lost for it
            return Outcome.DATABASE_AWAY if is_database_away(fault) else Outcome.TRY_AGAIN
        if not given_up:
            return Outcome.TRY_AGAIN
        log.error("update set aside", error=type(error).__name__)
        if user is not None:
            await self._reply(update, user, Answer(Outcome.GIVEN_UP, replies))
        return Outcome.GIVEN_UP


def _private_sender(update: Update) -> User | None:
    """Return who sent an update of a private chat; None for those of groups."""
    user, chat = update.effective_user, update.effective_chat
    return user if chat is None or chat.type == chat.PRIVATE else None


def _subject(key: UpdateKey) -> str:
    """Return how what was to be said to an update is known in the outbox."""
    return f"{key.bot_id}:{key.update_id}"


def bot_id_of(bot: DarsBot) -> int:
    """Return Telegram's id of a bot, which its token begins with: nobody need be asked."""
    return int(bot.token.partition(":")[0])


async def _enter(db: AsyncSession, update: Update, user: User, at: datetime) -> Pupil | None:
    """Return the sender, locked.

    Nobody is entered, or entered again after an erasure, for blocking the bot; and who blocks it is
    not welcomed back by that.
    """
    if update.my_chat_member is not None:
        return await accounts.find(db, user.id)
    return await accounts.enter(db, user.id, user.language_code, at)


def _is_payment(update: Update) -> bool:
    """Return whether Stars came in: they count whoever paid them."""
    return update.message is not None and update.message.successful_payment is not None


def is_database_away(error: BaseException) -> bool:
    """Return whether an error means that the database cannot be reached or is shutting down."""
    if isinstance(error, DBAPIError) and not isinstance(error, InterfaceError | OperationalError):
        gone = error.connection_invalidated or _is_shutting_down(error)
        # Without its tables it is as good as away: what pupils write waits for the migrations.
        return gone or is_table_missing(error)
    return isinstance(
        error,
        OperationalError | InterfaceError | PoolTimeoutError | DatabaseUnavailable | OSError,
    )


def _is_shutting_down(error: DBAPIError) -> bool:
    """Return whether PostgreSQL refused for its own state: class 57P and class 08."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return state.startswith(("57P", "08"))
