"""What makes an update count once, whichever bot received it and whichever version handled it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock, inbox
from src.errors import DuplicateUpdate
from src.inbox import KEPT_BY_TELEGRAM, Kept, UpdateKey
from src.models import ProcessedUpdate, ReceivedUpdate, UpdateStatus

HERE = UpdateKey(bot_id=1, update_id=700_000_001)
SAID = [{"text": "Right!"}]


async def is_new(db: AsyncSession, key: UpdateKey, now: datetime) -> bool:
    try:
        await inbox.record_done(db, key, SAID, now)
    except DuplicateUpdate:
        return False
    return True


async def test_an_update_is_new_once(db: AsyncSession) -> None:
    now = clock.now()
    assert await inbox.stored_replies(db, HERE, now) is None
    assert await is_new(db, HERE, now)
    assert not await is_new(db, HERE, now)
    assert await inbox.stored_replies(db, HERE, now) == SAID


async def test_the_same_number_of_another_bot_is_another_update(db: AsyncSession) -> None:
    now = clock.now()
    assert await is_new(db, HERE, now)
    assert await is_new(db, HERE._replace(bot_id=2), now)


@pytest.mark.parametrize("status", ["done", "failed"])
async def test_what_the_version_before_handled_is_handled(db: AsyncSession, status: str) -> None:
    now = clock.now()
    db.add(ProcessedUpdate(update_id=HERE.update_id, status=status, replies=SAID, created_at=now))
    await db.flush()
    assert not await is_new(db, HERE, now)
    assert await inbox.stored_replies(db, HERE, now) == SAID


async def test_what_failed_in_the_version_before_is_tried_again(db: AsyncSession) -> None:
    now = clock.now()
    db.add(ProcessedUpdate(update_id=HERE.update_id, status="failing", created_at=now))
    await db.flush()
    assert await inbox.stored_replies(db, HERE, now) is None
    assert await is_new(db, HERE, now)


async def test_a_record_that_did_not_know_the_bot_is_no_longer_asked_after_a_day(
    db: AsyncSession,
) -> None:
    now = clock.now()
    old = now - KEPT_BY_TELEGRAM - timedelta(seconds=1)
    db.add(ProcessedUpdate(update_id=HERE.update_id, replies=SAID, created_at=old))
    await db.flush()
    assert await inbox.stored_replies(db, HERE, now) is None
    assert await is_new(db, HERE, now)


async def test_one_that_failed_is_taken_over_and_keeps_its_tries(db: AsyncSession) -> None:
    now = clock.now()
    assert not await inbox.record_failure(db, HERE, "OSError", [])
    assert not await inbox.record_failure(db, HERE, "OSError", [])
    assert await is_new(db, HERE, now)
    record = await db.get_one(ReceivedUpdate, tuple(HERE))
    await db.refresh(record)
    assert (record.status, record.attempts) == (UpdateStatus.DONE, 2)
    assert record.handled_at == now


async def test_after_the_last_try_it_is_over(db: AsyncSession) -> None:
    given_up = [await inbox.record_failure(db, HERE, "OSError", SAID) for _ in range(3)]
    assert given_up == [False, False, True]
    assert not await is_new(db, HERE, clock.now())
    assert await inbox.stored_replies(db, HERE, clock.now()) == SAID


def kept(key: UpdateKey = HERE) -> Kept:
    return Kept(key, lane=77, payload={"update_id": key.update_id})


async def test_what_is_kept_is_over_when_its_replies_are_sent(db: AsyncSession) -> None:
    now = clock.now()
    await inbox.keep(db, [kept()], now)
    assert await inbox.list_kept(db, HERE.bot_id, now) == [kept()._replace(replies=[], kept_at=now)]
    await inbox.record_done(db, HERE, SAID, now)
    [left] = await inbox.list_kept(db, HERE.bot_id, now)
    assert (left.payload, left.replies) == (None, SAID)
    await inbox.record_said(db, HERE, now)
    assert await inbox.list_kept(db, HERE.bot_id, now) == []
    assert not await is_new(db, HERE, now)


async def test_one_that_was_handled_before_it_was_kept_is_still_to_be_answered(
    db: AsyncSession,
) -> None:
    now = clock.now()
    await inbox.record_done(db, HERE, SAID, now)
    await inbox.keep(db, [kept()], now)
    [left] = await inbox.list_kept(db, HERE.bot_id, now)
    assert (left.payload, left.replies) == (None, SAID)


async def test_what_is_kept_comes_back_in_its_order(db: AsyncSession) -> None:
    now = clock.now()
    keys = [HERE._replace(update_id=number) for number in (9, 8, 3)]
    await inbox.keep(db, [kept(key) for key in keys], now)
    # After a quiet week Telegram begins at a smaller number: later is later all the same.
    await inbox.keep(db, [kept(HERE._replace(update_id=1))], now + timedelta(seconds=1))
    found = await inbox.list_kept(db, HERE.bot_id, now + timedelta(seconds=1))
    assert [entry.key.update_id for entry in found] == [3, 8, 9, 1]
    assert await inbox.list_kept(db, 2, now + timedelta(seconds=1)) == []


async def test_much_that_is_kept_comes_back_in_parts(db: AsyncSession) -> None:
    now = clock.now()
    keys = [HERE._replace(update_id=number) for number in range(inbox.MOST_AT_ONCE + 2)]
    await inbox.keep(db, [kept(key) for key in keys], now)
    first = await inbox.list_kept(db, HERE.bot_id, now)
    rest = await inbox.list_kept(db, HERE.bot_id, now, first[-1])
    assert [entry.key for entry in [*first, *rest]] == keys
    assert len(rest) == 2
    assert await inbox.list_kept(db, HERE.bot_id, now, rest[-1]) == []


@pytest.mark.parametrize("sign", ["\0", "\ud83d"])
async def test_a_sign_that_cannot_be_stored_is_left_out_and_keeps_nobody_out(
    db: AsyncSession, sign: str
) -> None:
    now, other = clock.now(), HERE._replace(update_id=5)
    odd = kept()._replace(payload={"message": {"text": f"{sign}3/4{sign}", "list": [sign, 1]}})
    await inbox.keep(db, [odd, kept(other)], now)
    found = await inbox.list_kept(db, HERE.bot_id, now)
    assert [entry.key for entry in found] == [other, HERE]
    assert found[1].payload == {"message": {"text": "3/4", "list": ["", 1]}}


async def test_one_that_failed_and_was_kept_is_over_when_its_replies_are_sent(
    db: AsyncSession,
) -> None:
    now = clock.now()
    await inbox.record_failure(db, HERE, "OSError", [])
    await inbox.keep(db, [kept()], now)
    await inbox.record_done(db, HERE, SAID, now)
    [left] = await inbox.list_kept(db, HERE.bot_id, clock.now())
    assert (left.payload, left.replies) == (None, SAID)


async def test_an_apology_is_still_to_be_said_where_the_update_was_kept_too_late(
    db: AsyncSession,
) -> None:
    now = clock.now()
    for _ in range(3):
        await inbox.record_failure(db, HERE, "OSError", SAID)
    await inbox.keep(db, [kept()], now)
    [left] = await inbox.list_kept(db, HERE.bot_id, clock.now())
    assert left.replies == SAID


async def test_nothing_of_what_was_written_stays_when_it_is_over(db: AsyncSession) -> None:
    """Also of a tap that was refused, and changed nothing."""
    now = clock.now()
    await inbox.keep(db, [kept()], now)
    await inbox.record_said(db, HERE, now)
    record = await db.get_one(ReceivedUpdate, tuple(HERE))
    assert (record.payload, record.lane, record.status) == (None, None, UpdateStatus.DONE)
