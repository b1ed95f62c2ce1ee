"""One pupil's flood, one chat's flood limit, one update that hangs: nobody else waits for it."""

import asyncio
import re
import signal
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta

import aiohttp
import pytest
from sqlalchemy import func, select, text
from structlog.testing import capture_logs
from telegram import Update

from bot.app import build_application, build_bot
from bot.keeping import Keeper
from bot.lanes import Entry, Lanes
from bot.replies import Say, pack
from bot.run import run_polling
from bot.updates import bot_id_of
from sandbox.run import Running
from src import clock, database, inbox
from src.inbox import Kept, UpdateKey
from src.models import OutboxKind, OutboxMessage, Person, ReceivedUpdate, UpdateStatus
from src.outbox import service as outbox
from src.storage.keyring import make_key
from tests.acceptance.conftest import MakePupil, bot_settings
from tests.acceptance.handled import until_handled
from tests.acceptance.pupil import PATIENCE_SECONDS, Pupil, text_of
from tests.acceptance.test_exactly_once import set_faults, start_bot
from tests.acceptance.webhooks import receiving
from tests.fixtures.library import add_library

MANY = 150
AN_HOUR = {"fault": "retry_after", "seconds": 3600, "method": "sendMessage"}


@pytest.fixture(params=["polling", "webhook"])
async def either(
    request: pytest.FixtureRequest, database_url: str, sandbox: Running
) -> AsyncGenerator[None]:
    """The bot, by polling and by deliveries."""
    if request.param == "webhook":
        async with receiving(sandbox):
            yield
        return
    stopping = asyncio.Event()
    running = asyncio.create_task(run_polling(bot_settings(sandbox), stopping))
    yield
    stopping.set()
    await running


async def handled_of(user: int) -> list[tuple[int, datetime]]:
    """Return number and instant of what a pupil's updates did, in the order of their numbers."""
    row = ReceivedUpdate
    async with database.read_scope() as db:
        found = await db.execute(
            select(row.update_id, row.updated_at, row.replies)
            .where(row.status == UpdateStatus.DONE)
            .order_by(row.update_id)
        )
        own = await db.scalar(select(Person.id).where(Person.telegram_id == user))
        assert own is not None
        return [(number, at) for number, at, _ in found]


async def unhandled() -> int:
    row = ReceivedUpdate
    async with database.read_scope() as db:
        waiting = select(func.count()).select_from(row).where(row.handled_at.is_(None))
        return await db.scalar(waiting) or 0


async def until_told(pupil: Pupil, what: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while what not in text_of(await pupil.chat()):
            await asyncio.sleep(0.05)


@pytest.mark.usefixtures("either")
async def test_a_flood_of_one_pupil_is_handled_in_order_and_holds_nobody_up(
    request: pytest.FixtureRequest,
    make_pupil: MakePupil,
    http: aiohttp.ClientSession,
    sandbox: Running,
) -> None:
    flooder, other = make_pupil(), make_pupil(first_name="Rafi")
    await flooder.say("/start")
    # Whoever polls hears nothing before all is said: with pauses there would be two floods.
    await set_faults(http, sandbox, error_rate=1, error_status=503, methods=["getUpdates"])
    for number in range(MANY):
        await flooder.post(f"hello {number}")
    await other.post("/start")
    await set_faults(http, sandbox, error_rate=0)
    await until_told(other, "Which language")
    await until_handled(MANY + 2)
    rows = await handled_of(flooder.id)
    others = rows.pop()
    assert [at for _, at in rows] == sorted(at for _, at in rows)
    assert others[1] < rows[-1][1], "the other pupil waited for the whole flood"
    said = [m["text"] for m in await flooder.chat() if m["from"] == "bot"]
    # Telegram delivers one after the other, so that there a flood is none.
    polled = "polling" in request.node.name
    assert sum("a lot at once" in words for words in said) == int(polled)
    assert (len(said) < MANY) == polled
    assert await unhandled() == 0


@pytest.mark.usefixtures("either")
async def test_chats_that_are_told_to_wait_for_an_hour_hold_nobody_up(
    make_pupil: MakePupil, http: aiohttp.ClientSession, sandbox: Running
) -> None:
    silenced = [make_pupil() for _ in range(70)]
    await set_faults(http, sandbox, once=[AN_HOUR] * len(silenced))
    for pupil in silenced:
        await pupil.post("/start")
    await until_handled(len(silenced))
    other = make_pupil()
    await other.post("/start")
    await until_told(other, "Which language")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await parked_replies() < len(silenced):
            await asyncio.sleep(0.05)
    row = OutboxMessage
    async with database.session_scope() as db:
        due = await db.scalar(select(func.min(row.due_at)).where(row.kind == OutboxKind.REPLY))
    assert due is not None
    assert due > clock.now() + timedelta(minutes=50)


async def test_what_was_parked_is_said_later_and_in_its_order(
    sqlite_url: str, make_pupil: MakePupil, http: aiohttp.ClientSession, sandbox: Running
) -> None:
    stopping = asyncio.Event()
    running = asyncio.create_task(run_polling(bot_settings(sandbox), stopping))
    pupil = make_pupil()
    await pupil.say("/start")
    await set_faults(http, sandbox, once=[AN_HOUR | {"seconds": 4}])
    await pupil.post("/help")
    await until_handled(2)
    await pupil.post("one more thing")
    await until_handled(3)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await parked_replies():
            await asyncio.sleep(0.05)
    stopping.set()
    await running
    said = [m["text"] for m in await pupil.chat() if m["from"] == "bot"]
    rows = await replies_of_all()
    assert said == rows


async def test_what_was_kept_to_be_said_is_said_behind_what_is_parked(
    sqlite_url: str, make_pupil: MakePupil, sandbox: Running
) -> None:
    pupil = make_pupil()
    settings, stopping = bot_settings(sandbox), asyncio.Event()
    running = asyncio.create_task(run_polling(settings, stopping))
    await pupil.say("/start")
    stopping.set()
    await running
    first, last = (pack([Say(words)]) for words in ("Parked before", "Kept behind it"))
    async with database.session_scope() as db:
        now, wait = clock.now(), timedelta(seconds=2)
        assert await outbox.park(db, outbox.Parked(pupil.id, "1:1", first), now, wait)
        key = UpdateKey(bot_id_of(build_bot(settings.telegram)), 1)
        await inbox.record_done(db, key, last, now)
        await inbox.keep(db, [Kept(key, pupil.id, None)], now)
    stopping = asyncio.Event()
    running = asyncio.create_task(run_polling(settings, stopping))
    await until_told(pupil, "Kept behind it")
    stopping.set()
    await running
    said = text_of(await pupil.chat())
    assert said.index("Parked before") < said.index("Kept behind it")
    assert await unhandled() == 0


async def test_a_kept_update_that_cannot_be_read_is_set_aside(
    database_url: str, sandbox: Running, make_pupil: MakePupil
) -> None:
    bot = build_bot(bot_settings(sandbox).telegram)
    _, lanes, keeper = build_application(bot)
    odd = UpdateKey(bot_id_of(bot), 5)
    async with database.session_scope() as db:
        await inbox.keep(db, [Kept(odd, 42, {"update_id": 5, "message": "odd"})], clock.now())
    for tries in (1, 2, 3):
        async with database.session_scope() as db:
            assert (await db.get_one(ReceivedUpdate, tuple(odd))).attempts == tries - 1
        await keeper.resume()
    assert lanes.size == 0
    async with database.session_scope() as db:
        row = await db.get_one(ReceivedUpdate, tuple(odd))
        assert (row.status, row.payload) == (UpdateStatus.FAILED, None)
        assert row.handled_at is not None


@pytest.mark.parametrize("has_key", [True, False])
async def test_a_kept_update_holds_no_token(
    database_url: str, sandbox: Running, make_pupil: MakePupil, *, has_key: bool
) -> None:
    """It is fetched, kept, and the process is killed before its turn: the next one has it whole."""
    token = "7~" + "SandboxTokenThatOpensNothing1" * 2
    keys = {"DARS_SECRET_KEYS": make_key().get_secret_value()} if has_key else {}
    settings = bot_settings(sandbox, **keys)
    bot = build_bot(settings.telegram)
    pupil = make_pupil()
    user = {"id": pupil.id, "is_bot": False, "first_name": "Mitu"}
    said = {"message_id": 9, "date": 1, "chat": {"id": pupil.id, "type": "private"}, "from": user}
    sent = {"update_id": 5, "message": said | {"text": f"here: {token}"}}
    _, lanes, keeper = build_application(bot, settings)
    entry = lanes.begin(Update.de_json(sent, bot), sent)
    entry.task.cancel()
    assert await keeper.keep([entry])
    async with database.session_scope() as db:
        row = await db.get_one(ReceivedUpdate, (bot_id_of(bot), 5))
        assert token not in str(row.payload)
        assert "here" not in str(row.payload) or not has_key
    _, lanes, keeper = build_application(bot, settings)
    seen = [entry.sent for entry in await _taken_up(lanes, keeper)]
    assert [token in str(one) for one in seen] == [has_key]


async def _taken_up(lanes: Lanes, keeper: Keeper) -> list[Entry]:
    """Return what a process takes up, before it is handled."""
    await keeper.resume()
    found = list(lanes._entries)
    for entry in found:
        entry.task.cancel()
    await asyncio.gather(*(entry.task for entry in found), return_exceptions=True)
    return found


async def test_what_cannot_be_kept_for_long_is_not_a_line_at_each_try(
    sqlite_url: str, sandbox: Running
) -> None:
    bot = build_bot(bot_settings(sandbox).telegram)
    _, lanes, keeper = build_application(bot)
    async with database.session_scope() as db:
        await db.execute(text("ALTER TABLE received_updates RENAME TO away"))
    entry = lanes.begin(Update(5), {"update_id": 5})
    with capture_logs() as lines:
        assert [await keeper.keep([entry]) for _ in range(5)] == [False] * 5
    said = [line["event"] for line in lines if line["log_level"] in {"warning", "error"}]
    assert said == ["a table is missing in the database: run `dars db upgrade`; updates wait"]
    await asyncio.gather(entry.task, return_exceptions=True)


async def parked_replies() -> int:
    row = OutboxMessage
    async with database.read_scope() as db:
        waiting = select(func.count()).select_from(row).where(row.outcome.is_(None))
        return await db.scalar(waiting) or 0


async def replies_of_all() -> list[str]:
    """Return what was to be said, in the order in which it came to be."""
    row = ReceivedUpdate
    async with database.read_scope() as db:
        rows = await db.scalars(select(row.replies).order_by(row.update_id))
        said = [reply["text"] for replies in rows for reply in replies if "text" in reply]
    return [re.sub("<[^>]+>", "", words) for words in said]


async def test_a_transaction_that_hangs_is_cut_and_tried_again(
    postgres_url: str, make_pupil: MakePupil, sandbox: Running
) -> None:
    stopping = asyncio.Event()
    running = asyncio.create_task(run_polling(bot_settings(sandbox), stopping))
    stuck, other = make_pupil(), make_pupil()
    await stuck.say("/start")
    engine = database.create_engine(postgres_url)
    async with engine.begin() as holder:
        await holder.execute(text("SELECT id FROM people FOR UPDATE"))
        await stuck.post("/help")
        await other.post("/start")
        await until_told(other, "Which language")
        assert "hint" not in text_of(await stuck.chat())
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await failures():
                await asyncio.sleep(0.05)
    await engine.dispose()
    await stuck.wait()
    assert await failures() == ["TransactionCut"]
    assert "problem" in text_of(await stuck.chat())
    stopping.set()
    await running


async def failures() -> list[str | None]:
    row = ReceivedUpdate
    async with database.read_scope() as db:
        return list(await db.scalars(select(row.error).where(row.error.is_not(None))))


@pytest.mark.parametrize("most_kills", [2, pytest.param(6, marks=pytest.mark.soak)])
async def test_a_flood_is_complete_and_in_order_although_the_bot_is_killed(
    database_url: str, sandbox: Running, make_pupil: MakePupil, most_kills: int
) -> None:
    async with database.session_scope() as db:
        await add_library(db)
    pupil = make_pupil()
    for number in range(MANY):
        await pupil.post(f"hello {number}")
    for kill in range(1, most_kills + 1):
        process = await start_bot(sandbox, database_url)
        await until_handled(MANY * kill // (most_kills + 1))
        process.send_signal(signal.SIGKILL)
        await process.wait()
    process = await start_bot(sandbox, database_url)
    await until_handled(MANY)
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) == 0
    rows = await handled_of(pupil.id)
    assert len(rows) == MANY
    assert [at for _, at in rows] == sorted(at for _, at in rows)
    assert await unhandled() == 0
