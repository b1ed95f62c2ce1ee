"""What becomes of a list when its school changes: dates move, work is handed in, tokens die."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from sandbox.canvas.config import SchoolConfig
from sandbox.canvas.run import RunningSchool, start
from sandbox.canvas.seed import token_of
from src import clock, database
from src.accounts import service as accounts
from src.accounts.pupil import Pupil
from src.canvas import connections
from src.canvas.connections import Grant, Owner
from src.canvas.refresh import CanvasReader, SyncOrder
from src.clients.canvas_errors import CanvasError, TokenDead
from src.deadlines import queries, reminders, schools, service, writing
from src.deadlines.following import follow, follow_some
from src.deadlines.results import NewTask, SchoolNotice
from src.errors import TooManyTasks
from src.models import (
    ConnectionKind,
    OutboxMessage,
    OutboxOutcome,
    SyncPriority,
    Task,
    TaskSource,
    TaskWrite,
)
from src.outbox import service as outbox
from src.premium import service as premium
from src.settings import PremiumSettings
from src.storage.keyring import Keyring, make_key
from tests.acceptance.school_client import Person
from tests.fixtures import factories as make
from tests.fixtures.schools import network

pytestmark = pytest.mark.usefixtures("noon")
ASKED = SyncPriority.ASKED


@pytest.fixture
def school() -> Iterator[RunningSchool]:
    """The stand-in school on a free port."""
    running = start(SchoolConfig(port=0))
    yield running
    running.stop()


@pytest.fixture
async def reader() -> AsyncIterator[CanvasReader]:
    """What reads schools, with a key of its own."""
    async with network(retries=0, pause_seconds=0.01) as net:
        yield CanvasReader(net, Keyring([make_key()]), database.session_scope)


class Pupils:
    """A pupil whose school is connected."""

    def __init__(self, reader: CanvasReader, school: RunningSchool) -> None:
        self.reader, self.school = reader, school
        self.teacher = Person(school, "farida")
        self.connection_id = 0

    async def connect(self) -> Pupil:
        """Connect the school as Rahim, and take over what it has."""
        async with database.session_scope() as db:
            row = make.make_student(timezone="Asia/Dhaka")
            db.add(row)
            await db.flush()
            pupil = await accounts.find_student(db, row.id)
        assert pupil is not None
        keyring = self.reader._keyring
        secret = keyring.seal(_secret())
        account = await self.reader.find(self.school.url, ConnectionKind.TOKEN, secret)
        async with database.session_scope() as db:
            owner, grant = Owner(person_id=pupil.person_id), Grant(ConnectionKind.TOKEN, secret)
            kept = await connections.keep(db, owner, account, grant, clock.now())
            await queries.follow(db, kept.id, pupil.id)
            self.connection_id = kept.id
        await self.read()
        return pupil

    async def read(self) -> None:
        await self.reader.sync(SyncOrder(self.connection_id, ASKED))
        await follow(database.session_scope, self.reader, self.connection_id, clock.now())

    def change(self, task: Task, **values: Any) -> None:
        """Change an assignment as its teacher does."""
        form = {f"assignment[{name}]": value for name, value in values.items()}
        path = f"/api/v1/courses/{task.canvas_course_id}/assignments/{task.canvas_assignment_id}"
        assert self.teacher.ask("PUT", path, form).status == 200


def _secret() -> Any:
    from pydantic import SecretStr  # noqa: PLC0415 - one use

    return SecretStr(token_of("rahim"))


@pytest.fixture
def pupils(sqlite_url: str, reader: CanvasReader, school: RunningSchool) -> Pupils:
    """Connects a pupil."""
    return Pupils(reader, school)


async def the_task(task_id: int) -> Task:
    async with database.session_scope() as db:
        return await db.get_one(Task, task_id)


async def an_open_task() -> Task:
    """Return an assignment that is not done and due in some days."""
    async with database.session_scope() as db:
        open_ = select(Task).where(
            Task.done_at.is_(None), Task.due_at > clock.now(), Task.canvas_assignment_id > 0
        )
        found = await db.scalars(open_.order_by(Task.due_at, Task.id))
        return found.first() or pytest.fail("the school has no open work")


async def messages() -> list[OutboxMessage]:
    async with database.session_scope() as db:
        return list(await db.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


async def test_the_first_reading_is_no_news(pupils: Pupils) -> None:
    await pupils.connect()
    async with database.session_scope() as db:
        assert await reminders.plan(db, clock.now()) == 0
        assert list(await db.scalars(select(Task)))


async def test_a_moved_date_moves_the_reminder(pupils: Pupils) -> None:
    await pupils.connect()
    task = await an_open_task()
    due_at = (clock.now() + timedelta(days=20)).replace(microsecond=0)
    pupils.change(task, due_at=due_at.isoformat())
    await pupils.read()
    moved = await the_task(task.id)
    assert (moved.due_at, moved.moved_from) == (due_at, task.due_at)
    assert moved.next_reminder_at is not None
    assert due_at - timedelta(days=8) < moved.next_reminder_at < due_at - timedelta(days=6)
    # And into the next hours: the pupil is told at once.
    soon = (clock.now() + timedelta(hours=5)).replace(microsecond=0)
    pupils.change(task, due_at=soon.isoformat())
    await pupils.read()
    async with database.session_scope() as db:
        assert await reminders.plan(db, clock.now()) == 1
    [message] = await messages()
    assert message.payload == [[task.id, soon.astimezone(UTC).isoformat()]]


async def test_a_removed_date_disarms(pupils: Pupils) -> None:
    await pupils.connect()
    task = await an_open_task()
    pupils.change(task, due_at="")
    await pupils.read()
    after = await the_task(task.id)
    assert (after.due_at, after.next_reminder_at) == (None, None)


async def test_what_the_school_deletes_goes_and_comes_back(pupils: Pupils) -> None:
    pupil = await pupils.connect()
    task = await an_open_task()
    pupils.change(task, published="false")
    await pupils.read()
    gone = await the_task(task.id)
    assert gone.gone_at is not None
    assert gone.next_reminder_at is None
    pupils.change(task, published="true")
    await pupils.read()
    back = await the_task(task.id)
    assert back.gone_at is None
    # What the pupil took off the list stays off, whatever the school does.
    async with database.session_scope() as db:
        await service.delete(db, pupil, task.id, clock.now(), is_deleted=True)
    pupils.change(task, due_at=(clock.now() + timedelta(days=9)).isoformat())
    await pupils.read()
    assert (await the_task(task.id)).is_deleted


async def test_handing_in_ends_the_reminders(pupils: Pupils) -> None:
    await pupils.connect()
    task = await an_open_task()
    path = f"/api/v1/courses/{task.canvas_course_id}/assignments/{task.canvas_assignment_id}"
    form = {"submission[submission_type]": "online_text_entry", "submission[body]": "Done."}
    answer = Person(pupils.school, "rahim").ask("POST", f"{path}/submissions", form)
    if answer.status not in {200, 201}:
        grade = {"submission[posted_grade]": "5"}
        who = Person(pupils.school, "rahim").ask("GET", "/api/v1/users/self").body["id"]
        answer = pupils.teacher.ask("PUT", f"{path}/submissions/{who}", grade)
    assert answer.status in {200, 201}
    await pupils.read()
    after = await the_task(task.id)
    assert after.done_at is not None
    assert after.next_reminder_at is None


async def test_reading_again_without_a_change_writes_nothing(pupils: Pupils) -> None:
    await pupils.connect()
    async with database.session_scope() as db:
        before = {one.id: one.updated_at for one in await db.scalars(select(Task))}
    await pupils.read()
    async with database.session_scope() as db:
        after = {one.id: one.updated_at for one in await db.scalars(select(Task))}
    assert after == before


async def test_a_school_that_is_away_changes_nothing(pupils: Pupils) -> None:
    await pupils.connect()
    async with database.session_scope() as db:
        before = {one.id: one.gone_at for one in await db.scalars(select(Task))}
    pupils.teacher.post("faults", {"error_rate": 1})
    with pytest.raises(CanvasError):
        await follow(database.session_scope, pupils.reader, pupils.connection_id, clock.now())
    assert await follow_some(database.session_scope, pupils.reader, clock.now()) == 0
    async with database.session_scope() as db:
        after = {one.id: one.gone_at for one in await db.scalars(select(Task))}
    assert after == before


async def test_a_dead_token_is_told_once(pupils: Pupils) -> None:
    pupil = await pupils.connect()
    pupils.teacher.post("faults", {"revoke": [token_of("rahim")]})
    with pytest.raises(TokenDead):
        await pupils.read()
    async with database.session_scope() as db:
        assert await schools.tell(db, clock.now()) == 1
        assert await schools.tell(db, clock.now()) == 0
    [message] = await messages()
    async with database.session_scope() as db:
        waiting = await outbox.lock(db, message.id)
        assert waiting is not None
        notice = await schools.prepare(db, waiting, clock.now())
        assert isinstance(notice, SchoolNotice)
        assert notice.is_dead
        # What is known stays, and says as of when.
        assert await schools.as_of(db, pupil, clock.now()) is not None
        page = await service.tasks_page(db, pupil, clock.now())
        assert page.tasks


async def test_a_school_that_takes_no_event_gets_it_later_and_once(pupils: Pupils) -> None:
    """The answer is lost on the way; it is looked for by its mark before it is written again."""
    pupil = await pupils.connect()
    due_at = (clock.now() + timedelta(days=3)).replace(microsecond=0)
    async with database.session_scope() as db:
        new = NewTask(TaskSource.MANUAL, "Essay", due_at)
        task_id = (await service.add_manual(db, pupil, new, clock.now())).id
    pupils.teacher.post("faults", {"error_rate": 1})
    assert await writing.write_some(database.session_scope, pupils.reader, clock.now()) == 1
    waiting = await the_task(task_id)
    assert waiting.write_state is TaskWrite.PENDING
    assert waiting.write_at is not None
    assert waiting.write_at > clock.now()
    pupils.teacher.post("faults", {})
    later = waiting.write_at + timedelta(seconds=1)
    assert await writing.write_some(database.session_scope, pupils.reader, later) == 1
    written = await the_task(task_id)
    assert written.write_state is TaskWrite.WRITTEN
    # As if the process had been killed before it kept that: it finds what it wrote.
    async with database.session_scope() as db:
        row = await db.get_one(Task, task_id)
        row.write_state, row.canvas_event_id, row.write_at = TaskWrite.PENDING, None, later
        row.write_attempts = 1
    await writing.write_some(database.session_scope, pupils.reader, later)
    assert (await the_task(task_id)).canvas_event_id == written.canvas_event_id
    await pupils.read()
    async with database.session_scope() as db:
        titles = [one.title for one in await db.scalars(select(Task))]
    assert titles.count("Essay") == 1


async def test_an_event_that_is_moved_at_the_school_moves_here(pupils: Pupils) -> None:
    pupil = await pupils.connect()
    due_at = (clock.now() + timedelta(days=3)).replace(microsecond=0)
    async with database.session_scope() as db:
        new = NewTask(TaskSource.MANUAL, "Essay", due_at)
        task_id = (await service.add_manual(db, pupil, new, clock.now())).id
    await writing.write_some(database.session_scope, pupils.reader, clock.now())
    event = (await the_task(task_id)).canvas_event_id
    rahim, path = Person(pupils.school, "rahim"), f"/api/v1/calendar_events/{event}"
    later = due_at + timedelta(days=2)
    form = {"calendar_event[start_at]": later.isoformat()}
    form |= {"calendar_event[end_at]": later.isoformat()}
    assert rahim.ask("PUT", path, form).status == 200
    await pupils.read()
    assert (await the_task(task_id)).due_at == later
    assert rahim.ask("DELETE", path).status == 200
    await pupils.read()
    assert (await the_task(task_id)).is_deleted


@pytest.fixture
def selling() -> Iterator[None]:
    """Premium is sold, so that who has not paid has the free part."""
    premium.configure(PremiumSettings(stars=50, support="@dars"))
    yield
    premium.configure()


async def test_without_premium_there_is_one_tier_and_five_own_tasks(
    sqlite_url: str, selling: None
) -> None:
    async with database.session_scope() as db:
        row = make.make_student(timezone="Asia/Dhaka")
        db.add(row)
        await db.flush()
        pupil = await accounts.find_student(db, row.id)
    assert pupil is not None
    now = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
    due_at = datetime(2026, 3, 20, 11, 0, tzinfo=UTC)
    async with database.session_scope() as db:
        for n in range(5):
            new = NewTask(TaskSource.MANUAL, f"Task {n}", due_at)
            await service.add_manual(db, pupil, new, now)
        with pytest.raises(TooManyTasks):
            await service.add_manual(db, pupil, NewTask(TaskSource.MANUAL, "6", due_at), now)
        for before in (timedelta(days=7), timedelta(days=3)):
            assert await reminders.plan(db, due_at - before) == 5
    assert await messages() == []
    async with database.session_scope() as db:
        await reminders.plan(db, due_at - timedelta(days=1))
    [message] = await messages()
    assert message.outcome is not OutboxOutcome.SKIPPED_LATE
