"""An evening with many pupils to nudge: real processes, a real sandbox, kills."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from sqlalchemy import func, insert, select

from sandbox.run import Running
from src import database
from src.clock import local_day
from src.models import OutboxMessage, Streak, Student
from tests.acceptance.sandbox_client import Api

ROOT = Path(__file__).resolve().parents[2]
DHAKA = ZoneInfo("Asia/Dhaka")
FIRST_ID = 10_000
AT_ONCE = 16
# A safety net, and no expectation: a worker may need ten seconds of a busy machine to start.
PATIENCE = 180.0


@dataclass
class Evening:
    """Half past six in Dhaka for every process that is started here.

    Attributes:
        api: Both sides of the sandbox.
        url: The database.
        rate: Nudges a second.
        heartbeat: Seconds after which a silent worker is replaced.
        shift: What the processes' clocks are moved by, in seconds.
    """

    api: Api
    url: str
    rate: int
    heartbeat: int = 3
    shift: int = field(init=False)
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)

    def __post_init__(self) -> None:
        here = datetime.now(UTC).astimezone(DHAKA)
        evening = datetime.combine(here.date(), time(18, 30), DHAKA)
        self.shift = int((evening - here).total_seconds())

    @property
    def now(self) -> datetime:
        """What the processes' clocks show."""
        return datetime.now(UTC) + timedelta(seconds=self.shift)

    @property
    def due_at(self) -> datetime:
        """Six in the evening."""
        day = self.now.astimezone(DHAKA).date()
        return datetime.combine(day, time(18), DHAKA).astimezone(UTC)

    async def invite(self, ids: Sequence[int]) -> None:
        """Let people start the bot, and answer nobody."""
        for start in range(0, len(ids), AT_ONCE):
            group = ids[start : start + AT_ONCE]
            await asyncio.gather(*(self.api.say(user=number) for number in group))
        while await self.api.updates(limit=100):
            pass

    async def enrol(self, ids: Sequence[int], **values: Any) -> None:
        """Add registered pupils of last week who are due at six."""
        row = {
            "grade": 7,
            "language": "en",
            "timezone": "Asia/Dhaka",
            "nudge_time": time(18),
            "nudges_enabled": True,
            "registered_at": self.due_at - timedelta(days=3),
            "next_nudge_at": self.due_at,
        } | values
        async with database.session_scope() as db:
            for start in range(0, len(ids), 1000):
                rows = [{"telegram_id": number} | row for number in ids[start : start + 1000]]
                await db.execute(insert(Student), rows)

    async def start(self, *command: str) -> asyncio.subprocess.Process:
        """Start a process as an operator does."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from cli.main import main; main()",
            *command,
            env=os.environ
            | {
                "DATABASE_URL": self.url,
                "TELEGRAM_BOT_TOKEN": self.api.token,
                "DARS_TELEGRAM_API_URL": self.api.url,
                "DARS_CLOCK_SHIFT_SECONDS": str(self.shift),
                "DARS_NUDGES_PER_SECOND": str(self.rate),
                "DARS_JOB_HEARTBEAT": str(self.heartbeat),
                "DARS_LOG_LEVEL": "ERROR",
                "PYTHONPATH": str(ROOT),
            },
            cwd=ROOT,
        )
        self.processes.append(process)
        return process

    async def until_running(self) -> None:
        """Wait until every process that was started has spoken to Telegram."""
        async with asyncio.timeout(PATIENCE):
            while (await self.api.get("stats"))["calls"].get("getMe", 0) < len(self.processes):
                await asyncio.sleep(0.02)

    async def kill(self, process: asyncio.subprocess.Process) -> None:
        """Kill without a warning."""
        assert process.returncode is None, "a process ended by itself"
        process.send_signal(signal.SIGKILL)
        await process.wait()

    async def close(self) -> None:
        """End all that still runs."""
        for process in self.processes:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            code = await asyncio.wait_for(process.wait(), PATIENCE)
            assert code in {0, -signal.SIGKILL}, f"a process ended with {code}"

    async def abandon(self) -> None:
        """Kill what a test that failed has left running."""
        for process in self.processes:
            if process.returncode is None:
                await self.kill(process)

    async def left(self) -> int:
        """Return how many pupils are due, or have a nudge that nobody has claimed."""
        async with database.read_scope() as db:
            due = await db.scalar(
                select(func.count()).select_from(Student).where(Student.next_nudge_at <= self.now)
            )
            waiting = await db.scalar(
                select(func.count())
                .select_from(OutboxMessage)
                .where(OutboxMessage.outcome.is_(None), OutboxMessage.claimed_at.is_(None))
            )
        return (due or 0) + (waiting or 0)

    async def until_left(self, most: int, *, patience: float = PATIENCE) -> None:
        """Wait until so few are left."""
        deadline = asyncio.get_running_loop().time() + patience
        while await self.left() > most:
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"{await self.left()} are left: {await self.outcomes()}")
            await asyncio.sleep(0.1)

    async def outcomes(self) -> Counter[str]:
        """Count what became of nudges; ``in hand`` was claimed and never stamped."""
        async with database.read_scope() as db:
            rows = await db.scalars(select(OutboxMessage))
            return Counter(
                row.outcome or ("in hand" if row.claimed_at else "waiting") for row in rows
            )

    async def in_hand(self) -> set[int]:
        """Return whose nudge was claimed and never stamped: what a kill leaves behind."""
        async with database.read_scope() as db:
            return set(
                await db.scalars(
                    select(Student.telegram_id)
                    .join(OutboxMessage)
                    .where(OutboxMessage.outcome.is_(None), OutboxMessage.claimed_at.is_not(None))
                )
            )

    async def received(self, ids: Sequence[int]) -> dict[int, int]:
        """Return how many messages each pupil has from the bot."""
        counts = {}
        for start in range(0, len(ids), AT_ONCE):
            group = ids[start : start + AT_ONCE]
            chats = await asyncio.gather(*(self.api.chat(number) for number in group))
            for number, chat in zip(group, chats, strict=True):
                counts[number] = sum(message["from"] == "bot" for message in chat)
        return counts

    async def assert_in_their_hours(self) -> None:
        """Every nudge was sent on its local day, between 08:00 and 21:00."""
        async with database.session_scope() as db:
            rows = await db.execute(
                select(OutboxMessage.sent_at, OutboxMessage.local_day, Student.timezone)
                .join(Student)
                .where(OutboxMessage.sent_at.is_not(None))
            )
            for sent_at, day, zone in rows:
                assert sent_at is not None
                local = sent_at.astimezone(ZoneInfo(zone))
                assert local.date() == day
                assert time(8) <= local.time() < time(21)


async def enrol_the_others(evening: Evening, first: int, each: int) -> list[int]:
    """Add pupils who must hear nothing this evening."""
    ids = list(range(first, first + 4 * each))
    groups = [ids[n * each : (n + 1) * each] for n in range(4)]
    tomorrow = evening.due_at + timedelta(days=1)
    await evening.invite(ids)
    await evening.enrol(groups[0], next_nudge_at=None, nudges_enabled=False)
    # Practised after the time was stored: the claim must notice.
    await evening.enrol(groups[1])
    await evening.enrol(groups[2], next_nudge_at=tomorrow)
    # The stored time says now, but where they live it is past midnight.
    await evening.enrol(groups[3], timezone="Pacific/Auckland")
    async with database.session_scope() as db:
        students = await db.scalars(select(Student.id).where(Student.telegram_id.in_(groups[1])))
        for student in students:
            db.add(
                Streak(
                    student_id=student,
                    current_streak=1,
                    last_practice_date=local_day(evening.due_at, "Asia/Dhaka"),
                    last_completed_at=evening.due_at,
                )
            )
    return ids


def make_evening(
    http: aiohttp.ClientSession, sandbox: Running, url: str, rate: int, **values: Any
) -> Evening:
    """Prepare an evening on a sandbox that allows no more than the rate."""
    return Evening(Api(http, sandbox), url, rate, **values)
