"""The outbox on both databases: every kind keeps to its terms, on one lane."""

import asyncio
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner

from bot.app import build_bot
from bot.background import Messenger, ReplyWriter
from bot.replies import Say, pack
from cli.main import app
from src import clock, database
from src.errors import MaybeSent
from src.language import Language
from src.models import OutboxKind, OutboxMessage, OutboxOutcome
from src.outbox import report, service
from src.outbox.delivery import Delivery, Draft
from src.outbox.lane import Lane
from src.outbox.rules import TERMS
from src.outbox.service import Waiting
from src.settings import load_settings
from tests.fixtures.factories import make_outbox_message, make_student

pytestmark = pytest.mark.usefixtures("database_url")
TODAY = date(2026, 3, 10)
AT_MOST_ONCE = [kind for kind, terms in TERMS.items() if not terms.at_least_once]
AT_LEAST_ONCE = [kind for kind, terms in TERMS.items() if terms.at_least_once]


class Writer:
    """Sends whatever it is given, or what it is told to do; remembers the kinds."""

    def __init__(self, *plans: Exception) -> None:
        self.plans, self.sent = list(plans), list[str]()

    async def prepare(
        self, db: AsyncSession, message: Waiting, now: datetime
    ) -> Draft | OutboxOutcome | datetime:
        return Draft(partial(self._send, message.kind))

    async def _send(self, kind: str) -> None:
        if self.plans:
            raise self.plans.pop(0)
        self.sent.append(kind)


async def add(*kinds: OutboxKind, **values: Any) -> None:
    """Add a message of each kind to one pupil."""
    async with database.session_scope() as db:
        student = make_student()
        db.add(student)
        await db.flush()
        for kind in kinds:
            own = {"kind": kind, "priority": TERMS[kind].priority}
            db.add(make_outbox_message(student_id=student.id, **own | values))


async def outcomes() -> list[OutboxOutcome | None]:
    async with database.session_scope() as db:
        return list(await db.scalars(select(OutboxMessage.outcome).order_by(OutboxMessage.id)))


async def deliver(writer: Writer, kinds: Sequence[OutboxKind] = tuple(OutboxKind)) -> None:
    writers = dict.fromkeys(kinds, writer)
    await Delivery(database.session_scope, writers, Lane(500, 60), asyncio.Event()).run()


async def test_replies_go_first_then_reminders_nudges_and_announcements() -> None:
    await add(*reversed(OutboxKind))
    writer = Writer()
    await deliver(writer)
    first, second, *third, last = writer.sent
    assert (first, second, last) == ("reply", "reminder", "announcement")
    assert sorted(third[:3]) == ["nudge", "premium", "settled"]
    assert third[3:] == ["guardian"]


async def test_a_message_that_has_to_wait_is_sent_when_its_time_has_come() -> None:
    class LaterWriter(Writer):
        waits = True

        async def prepare(
            self, db: AsyncSession, message: Waiting, now: datetime
        ) -> Draft | OutboxOutcome | datetime:
            draft = await super().prepare(db, message, now)
            return now + timedelta(hours=1) if self.waits else draft

    await add(OutboxKind.SETTLED)
    writer = LaterWriter()
    await deliver(writer)
    assert (writer.sent, await outcomes()) == ([], [None])
    async with database.session_scope() as db:
        await db.execute(update(OutboxMessage).values(due_at=clock.now()))
    writer.waits = False
    await deliver(writer)
    assert (writer.sent, await outcomes()) == (["settled"], ["sent"])


@pytest.mark.parametrize("other", [kind for kind in OutboxKind if kind != OutboxKind.NUDGE])
async def test_a_row_of_another_kind_is_never_written_as_a_nudge(other: OutboxKind) -> None:
    await add(other, OutboxKind.NUDGE)
    writer = Writer()
    await deliver(writer, [OutboxKind.NUDGE])
    assert writer.sent == ["nudge"]
    assert await outcomes() == [None, OutboxOutcome.SENT]


@pytest.mark.parametrize("kind", AT_LEAST_ONCE)
async def test_what_must_arrive_is_sent_again_where_it_may_not_have(kind: OutboxKind) -> None:
    await add(kind)
    writer = Writer(MaybeSent())
    await deliver(writer)
    assert writer.sent == [kind]
    assert await outcomes() == [OutboxOutcome.SENT]


@pytest.mark.parametrize("kind", AT_LEAST_ONCE)
async def test_but_once_more_only(kind: OutboxKind) -> None:
    """Somebody may have had it each time, and reads it again and again."""
    await add(kind)
    writer = Writer(MaybeSent(), MaybeSent())
    await deliver(writer)
    assert writer.sent == []
    assert await outcomes() == [OutboxOutcome.AMBIGUOUS]


@pytest.mark.parametrize("kind", AT_LEAST_ONCE)
async def test_what_must_arrive_does_not_wait_long_for_a_killed_process(kind: OutboxKind) -> None:
    await add(kind, claimed_at=clock.now() - timedelta(seconds=91))
    async with database.session_scope() as db:
        await service.tidy(db, clock.now())
    writer = Writer()
    await deliver(writer)
    assert writer.sent == [kind]


@pytest.mark.parametrize("kind", AT_MOST_ONCE)
async def test_the_others_are_not(kind: OutboxKind) -> None:
    await add(kind)
    writer = Writer(MaybeSent())
    await deliver(writer)
    assert writer.sent == []
    assert await outcomes() == [OutboxOutcome.AMBIGUOUS]


@pytest.mark.parametrize("kind", OutboxKind)
async def test_a_claim_of_a_killed_process_is_decided_by_the_kind(kind: OutboxKind) -> None:
    await add(kind, claimed_at=clock.now() - timedelta(minutes=11))
    async with database.session_scope() as db:
        await service.tidy(db, clock.now())
    writer = Writer()
    await deliver(writer)
    again = TERMS[kind].at_least_once
    assert writer.sent == ([kind] if again else [])
    assert await outcomes() == [OutboxOutcome.SENT if again else OutboxOutcome.AMBIGUOUS]


async def test_a_moved_date_is_told_again_and_the_same_one_is_not() -> None:
    insert = (
        "INSERT INTO outbox (person_id, student_id, kind, subject, revision, priority, local_day, "
        "due_at, expires_at) SELECT person_id, student_id, kind, subject, '{}', priority, "
        "local_day, due_at, expires_at FROM outbox WHERE id = 1 ON CONFLICT DO NOTHING"
    )
    await add(OutboxKind.REMINDER)
    for revision in ("", "2026-12-01T10:00", "2026-12-01T10:00"):
        async with database.session_scope() as db:
            await db.execute(text(insert.format(revision)))
    assert len(await outcomes()) == 2


async def test_what_is_about_no_pupil_is_told_once_as_well() -> None:
    await add(OutboxKind.REPLY)
    about_nobody = update(OutboxMessage).values(student_id=None)
    insert = (
        "INSERT INTO outbox (person_id, kind, subject, priority, local_day, due_at, expires_at) "
        "SELECT person_id, kind, subject, priority, local_day, due_at, expires_at FROM outbox "
        "WHERE TRUE ON CONFLICT DO NOTHING"
    )
    async with database.session_scope() as db:
        await db.execute(about_nobody)
        await db.execute(text(insert))
    assert len(await outcomes()) == 1


def test_the_status_counts_every_kind(database_url: str) -> None:
    asyncio.run(_prepare_status())
    result = CliRunner().invoke(app, ["outbox", "status", "--format", "json"])
    assert result.exit_code == 0, result.output
    counts = json.loads(result.stdout)["counts"]
    assert [(c["kind"], c["outcome"], c["messages"]) for c in counts] == [
        ("nudge", "waiting", 1),
        ("reminder", "waiting", 1),
    ]
    only = CliRunner().invoke(app, ["outbox", "status", "--kind", "reminder"])
    assert "reminder" in only.stdout
    assert "nudge" not in only.stdout


async def _prepare_status() -> None:
    await add(OutboxKind.NUDGE, OutboxKind.REMINDER)
    await database.dispose()


@pytest.mark.parametrize("payload", [{"kind": "Hologram"}, {"text": "no kind"}, None, ["odd"]])
async def test_a_parked_reply_of_another_version_holds_nobody_up(payload: Any) -> None:
    """A reply is read as it was written, and what cannot be read is given up."""
    settings = load_settings({"TELEGRAM_BOT_TOKEN": "1:t"})
    writer = ReplyWriter(Messenger(build_bot(settings.telegram), []))
    async with database.session_scope() as db:
        waiting = Waiting(1, OutboxKind.REPLY, None, "1:2:0", payload, TODAY, 77, Language.EN)
        assert await writer.prepare(db, waiting, clock.now()) is OutboxOutcome.FAILED
        said = waiting.__class__(
            1, OutboxKind.REPLY, None, "1:2:0", pack([Say("Hi")])[0], TODAY, 77, Language.EN
        )
        assert isinstance(await writer.prepare(db, said, clock.now()), Draft)


CHAT = 4242
HOUR = timedelta(hours=1)


async def parked(subject: str, wait: timedelta, *texts: str, at: datetime) -> None:
    """Park replies to a person."""
    replies = pack([Say(words) for words in texts])
    async with database.session_scope() as db:
        assert await service.park(db, service.Parked(CHAT, subject, replies), at, wait)


async def waiting_texts(now: datetime) -> list[str]:
    """Return what is still to be said at an instant, in its order."""
    async with database.session_scope() as db:
        await service.waiting(db, [OutboxKind.REPLY], now, 100)
        undecided = select(OutboxMessage).where(OutboxMessage.outcome.is_(None))
        rows = list(await db.scalars(undecided.order_by(OutboxMessage.id)))
        return [row.payload["text"] for row in rows if row.payload]


async def meet() -> None:
    async with database.session_scope() as db:
        db.add(make_student(telegram_id=CHAT))


async def test_what_is_parked_behind_a_long_wait_does_not_expire_before_it() -> None:
    await meet()
    now = clock.now()
    await parked("1:1", 13 * HOUR, "first", at=now)
    await parked("1:2", timedelta(), "second", at=now)
    assert await waiting_texts(now + 14 * HOUR) == ["first", "second"]
    assert await waiting_texts(now + 26 * HOUR) == []


async def test_what_is_put_off_for_long_does_not_expire_meanwhile() -> None:
    await meet()
    now = clock.now()
    await parked("1:1", timedelta(), "first", at=now)
    await parked("1:2", timedelta(), "second", at=now)
    async with database.session_scope() as db:
        [first, *_] = await service.waiting(db, [OutboxKind.REPLY], now, 100)
        await service.claim(db, first, now, None)
        later = service.Result(first, None, error="FloodLimit", due_at=now + 13 * HOUR)
        await service.record(db, later)
    assert await waiting_texts(now + 14 * HOUR) == ["first", "second"]


async def test_a_late_nudge_that_is_put_off_is_no_less_late() -> None:
    now = clock.now()
    await add(OutboxKind.NUDGE, due_at=now, expires_at=now + HOUR)
    async with database.session_scope() as db:
        [nudge] = await service.waiting(db, [OutboxKind.NUDGE], now, 1)
        await service.claim(db, nudge, now, None)
        later = service.Result(nudge, None, error="FloodLimit", due_at=now + 13 * HOUR)
        await service.record(db, later)
        await service.waiting(db, [OutboxKind.NUDGE], now + 2 * HOUR, 1)
    assert await outcomes() == [OutboxOutcome.SKIPPED_CAPACITY]


async def test_replies_that_are_parked_again_after_a_redelivery_are_said_once() -> None:
    await meet()
    now = clock.now()
    await parked("1:1", HOUR, "second", "third", at=now)
    await parked("1:1", HOUR, "first", "second", "third", at=now)
    assert sorted(await waiting_texts(now)) == ["first", "second", "third"]


async def test_what_may_have_been_sent_twice_is_counted(database_url: str) -> None:
    async with database.session_scope() as db:
        student = make_student()
        db.add(student)
        await db.flush()
        sent = {"student_id": student.id, "outcome": "sent", "sent_at": clock.now()}
        db.add(make_outbox_message(subject="2026-03-01", error="Abandoned", **sent))
        db.add(make_outbox_message(subject="2026-03-02", **sent))
    async with database.session_scope() as db:
        found = await report.count(db, clock.now(), 3)
    assert {one.outcome: one.messages for one in found} == {"sent": 1, report.MAYBE_TWICE: 1}
