"""The record of handled updates: what makes an update count once.

An update that has to wait is kept here with what Telegram sent, and acknowledged, so that it holds
nobody else's place. Of such a one ``handled_at`` is set when its replies are sent as well: nobody
would send it again.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    literal,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from src.errors import DuplicateUpdate
from src.models import Person, ProcessedUpdate, ReceivedUpdate, UpdateStatus
from src.storage.prepared import Prepared, run
from src.storage.statements import dialect_insert, dialect_of, insert_for, table_of

MOST_ATTEMPTS = 3
MOST_AT_ONCE = 500
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
# Telegram sends an update that was not acknowledged again for so long.
KEPT_BY_TELEGRAM = timedelta(hours=24)
TABLE = table_of(ReceivedUpdate)
OLD = table_of(ProcessedUpdate)


class UpdateKey(NamedTuple):
    """What tells updates apart: two bots, or two worlds of the sandbox, use the same numbers.

    Attributes:
        bot_id: Telegram's id of the bot.
        update_id: Telegram's number of the update.
    """

    bot_id: int
    update_id: int


# What the version before handled is handled; it did not know the bot, so only for that day.
_OLD_RECORD = select(OLD.c.replies).where(
    OLD.c.update_id == bindparam("update_id", type_=OLD.c.update_id.type),
    OLD.c.status != UpdateStatus.FAILING,
    OLD.c.created_at > bindparam("since", type_=OLD.c.created_at.type),
)
_NEW_RECORD = select(TABLE.c.replies).where(
    TABLE.c.bot_id == bindparam("bot_id"),
    TABLE.c.update_id == bindparam("update_id"),
    TABLE.c.status.in_([UpdateStatus.DONE, UpdateStatus.FAILED]),
)


@cache
def _record(dialect: str) -> Prepared:
    """Return the INSERT of a handled update; it takes over the row of one that was not over."""
    c = TABLE.c
    now = bindparam("now", type_=c.created_at.type)
    values = {
        "bot_id": bindparam("bot_id", type_=c.bot_id.type),
        "update_id": bindparam("update_id", type_=c.update_id.type),
        "status": literal(UpdateStatus.DONE, c.status.type),
        "attempts": literal(1, c.attempts.type),
        # Nothing names somebody who was erased by this very update.
        "sender": select(Person.telegram_id)
        .where(Person.telegram_id == bindparam("sender", type_=c.sender.type))
        .scalar_subquery(),
        "payload": null(),
        "replies": bindparam("replies", type_=c.replies.type),
    } | dict.fromkeys(("handled_at", "created_at", "updated_at"), now)
    new = select(*values.values()).where(~_OLD_RECORD.exists())
    statement = dialect_insert(dialect)(TABLE).from_select(list(values), new)
    changed = ("status", "sender", "payload", "replies", "updated_at")
    # Nobody sends a kept one again: it is over when its replies are sent.
    handled = case((c.lane.is_not(None), null()), else_=statement.excluded.handled_at)
    taken_over = statement.on_conflict_do_update(
        index_elements=[c.bot_id, c.update_id],
        set_={name: statement.excluded[name] for name in changed} | {"handled_at": handled},
        where=(c.status == UpdateStatus.WAITING) | (c.status == UpdateStatus.FAILING),
    )
    return Prepared(taken_over.returning(c.update_id))


async def record_done(
    db: AsyncSession,
    key: UpdateKey,
    replies: list[dict[str, Any]],
    now: datetime,
    *,
    sender: int | None = None,
) -> None:
    """Record an update as handled, in the transaction of its effects.

    Args:
        db: The transaction that holds the effects.
        key: The update.
        replies: What the pupil is told, to be said again if the update comes again.
        now: The present instant.
        sender: Telegram id of who sent it in a private chat.

    Raises:
        DuplicateUpdate: It was handled before; the transaction must be rolled back.
    """
    values = {"replies": replies, "now": now, "since": now - KEPT_BY_TELEGRAM, "sender": sender}
    if not await run(db, _record(dialect_of(db)), key._asdict() | values):
        raise DuplicateUpdate


async def forget_sender(db: AsyncSession, sender: int) -> None:
    """Empty what somebody was told, and no longer say that it was them; it stays handled."""
    row = ReceivedUpdate
    await db.execute(
        update(row)
        .where(row.sender == sender, row.status != UpdateStatus.WAITING)
        .values(sender=None, lane=None, payload=None, replies=[], updated_at=row.updated_at),
        execution_options={"synchronize_session": False},
    )


async def stored_replies(
    db: AsyncSession, key: UpdateKey, now: datetime
) -> list[dict[str, Any]] | None:
    """Return what was said to an update that is over; None for one that is not."""
    said = await db.scalar(_NEW_RECORD, key._asdict())
    if said is None:
        old = {"update_id": key.update_id, "since": now - KEPT_BY_TELEGRAM}
        said = await db.scalar(_OLD_RECORD, old)
    return said


async def record_failure(
    db: AsyncSession,
    key: UpdateKey,
    error: str,
    replies: list[dict[str, Any]],
    *,
    most: int = MOST_ATTEMPTS,
) -> bool:
    """Count a failed attempt at an update, in a transaction of its own.

    Args:
        db: A transaction with nothing else in it.
        key: The update.
        error: The class of the error; never its text, which may quote the pupil.
        replies: The apology that is said when the update is given up.
        most: With how many attempts it is given up.

    Returns:
        Whether the update is given up: this was the last attempt.
    """
    attempts = ReceivedUpdate.attempts + 1
    statement = insert_for(db)(ReceivedUpdate).values(
        **key._asdict(), status=UpdateStatus.FAILING, attempts=1, error=error
    )
    row = await db.execute(
        statement.on_conflict_do_update(
            index_elements=[ReceivedUpdate.bot_id, ReceivedUpdate.update_id],
            set_={"attempts": attempts, "error": error},
        ).returning(ReceivedUpdate.attempts)
    )
    if row.scalar_one() < most:
        return False
    record = await db.get_one(ReceivedUpdate, tuple(key))
    record.status, record.replies, record.payload = UpdateStatus.FAILED, replies, None
    return True


class Kept(NamedTuple):
    """An update that is kept until its turn comes.

    Attributes:
        key: The update.
        lane: Whose it is.
        payload: What Telegram sent; None where only the replies are still to be sent.
        replies: What is still to be said, of one that was handled.
        kept_at: Since when it is in the database.
    """

    key: UpdateKey
    lane: int
    payload: dict[str, Any] | None
    replies: Sequence[dict[str, Any]] = ()
    kept_at: datetime | None = None


async def keep(db: AsyncSession, updates: Sequence[Kept], now: datetime) -> None:
    """Keep updates that have to wait; of one that was handled meanwhile, what it is told."""
    same = {"status": UpdateStatus.WAITING, "created_at": now}
    rows = [
        kept.key._asdict()
        | {"lane": kept.lane, "sender": kept.lane, "payload": storable(kept.payload)}
        | same
        for kept in updates
    ]
    statement = insert_for(db)(ReceivedUpdate).values(attempts=0)
    is_failing = ReceivedUpdate.status == UpdateStatus.FAILING
    there = statement.on_conflict_do_update(
        index_elements=[ReceivedUpdate.bot_id, ReceivedUpdate.update_id],
        set_={
            "lane": statement.excluded.lane,
            "payload": case((is_failing, statement.excluded.payload), else_=null()),
            "handled_at": None,
        },
        where=ReceivedUpdate.status != UpdateStatus.WAITING,
    )
    await db.execute(there, rows)


def storable(value: Any) -> Any:
    """Return JSON without what PostgreSQL cannot store in a text: U+0000 and half characters."""
    match value:
        case str():
            return _UNSTORABLE.sub("", value)
        case list():
            return [storable(part) for part in value]
        case dict():
            return {name: storable(part) for name, part in value.items()}
    return value


async def list_kept(
    db: AsyncSession, bot_id: int, before: datetime, after: Kept | None = None
) -> list[Kept]:
    """Return some of what a bot has kept, each pupil's in their order.

    Args:
        db: The open transaction.
        bot_id: Which bot.
        before: Until when it was kept.
        after: The last of those that were returned before; None for the first.
    """
    c = TABLE.c
    later: ColumnElement[bool] = true()
    if after is not None:
        same = and_(c.created_at == after.kept_at, c.update_id > after.key.update_id)
        later = or_(c.created_at > after.kept_at, same)
    statement = (
        select(c.update_id, c.lane, c.payload, c.replies, c.created_at)
        .where(
            c.bot_id == bot_id,
            c.handled_at.is_(None),
            c.lane.is_not(None),
            c.created_at <= before,
            later,
        )
        .order_by(c.created_at, c.update_id)
        .limit(MOST_AT_ONCE)
    )
    rows = await db.execute(statement)
    return [Kept(UpdateKey(bot_id, number), *rest) for number, *rest in rows]


async def record_said(db: AsyncSession, key: UpdateKey, now: datetime) -> None:
    """Note that what was to be said to a kept update is said."""
    row = ReceivedUpdate
    await db.execute(
        update(row)
        .where(row.bot_id == key.bot_id, row.update_id == key.update_id)
        # When it changed something stays as it is.
        .values(
            handled_at=now,
            lane=None,
            payload=None,
            status=case((row.status == UpdateStatus.FAILED, row.status), else_=UpdateStatus.DONE),
            updated_at=row.updated_at,
        )
    )
