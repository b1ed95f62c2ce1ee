"""Full answers a second over HTTP through the sandbox, next to bots that only echo.

Sandbox and bot are processes of their own; this one plays the pupils: it posts an answer, and
the next one when both messages of the bot have come. A pupil answers five times.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from sqlalchemy import func, select

from benchmarks.in_process import Pupils
from src import database
from src.models import Response
from tests.fixtures.postgres import find_binaries, run_server

ROOT = Path(__file__).resolve().parents[1]
TOKEN = "1000000001:sandbox-token-that-opens-nothing-else"
RIVALS = ROOT / ".venv/rivals/bin/python"
ECHO = "python-telegram-bot"
PATIENCE_SECONDS = 90


@dataclass
class Result:
    """What a bot did with a crowd of pupils."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    lost: int = 0

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def cpu(self) -> float:
        """CPU microseconds of the bot for each answer."""
        return self.cpu_seconds * 1e6 / len(self.latencies)

    def percentile(self, share: float) -> float:
        return statistics.quantiles(self.latencies, n=100)[int(share * 100) - 1] * 1000


@contextlib.contextmanager
def process(*command: str) -> Iterator[subprocess.Popen[str]]:
    """Run a process and end it by its id."""
    running = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(15)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


@contextlib.contextmanager
def bot(name: str, url: str, database_url: str) -> Iterator[int]:
    """Run one of the bots and yield its process id."""
    python = str(RIVALS) if name == "aiogram" else sys.executable
    command = (python, "-m", "benchmarks.http_bots", name, url, TOKEN, database_url)
    with process(*command) as running:
        yield running.pid


def cpu_seconds(pid: int) -> float:
    """Return how much CPU a process has used, its own and the system's for it."""
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


class Crowd:
    """Pupils who answer as soon as they have been answered."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http, self._url = http, url
        self._heard: dict[int, asyncio.Queue[None]] = {}

    async def listen(self) -> None:
        """Hand each message of the bot to its pupil."""
        timeout = aiohttp.ClientTimeout(total=None)
        async with self._http.get(f"{self._url}/sandbox/events", timeout=timeout) as stream:
            async for line in stream.content:
                if not line.startswith(b'data: {"type":"message"'):
                    continue
                event = json.loads(line[6:])
                if event["message"]["from"] == "bot" and event["chat_id"] in self._heard:
                    self._heard[event["chat_id"]].put_nowait(None)

    async def answer(self, pupil: int, text: str) -> float:
        """Post an answer; return the seconds until both messages were there."""
        heard = self._heard.setdefault(pupil, asyncio.Queue())
        started = time.perf_counter()
        url = f"{self._url}/sandbox/users/{pupil}/messages"
        async with self._http.post(url, json={"text": text}) as response:
            response.raise_for_status()
        for _ in range(2):
            await asyncio.wait_for(heard.get(), PATIENCE_SECONDS)
        return time.perf_counter() - started

    async def practise(self, people: list[tuple[int, list[str]]], at_once: int) -> Result:
        """Let every pupil answer five times; some of them are at work at once."""
        result, room = Result(), asyncio.Semaphore(at_once)

        async def one(pupil: int, answers: list[str]) -> None:
            async with room:
                for text in answers:
                    try:
                        result.latencies.append(await self.answer(pupil, text))
                    except TimeoutError:
                        result.lost += 1

        started = time.perf_counter()
        await asyncio.gather(*(one(pupil, answers) for pupil, answers in people))
        result.seconds = time.perf_counter() - started
        return result


@contextlib.asynccontextmanager
async def crowd(url: str) -> AsyncIterator[Crowd]:
    """A crowd that listens."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, read_bufsize=2**22) as http:
        pupils = Crowd(http, url)
        listening = asyncio.create_task(pupils.listen())
        await asyncio.sleep(0.2)
        yield pupils
        listening.cancel()
        await asyncio.wait([listening])


async def wait_for_bot(pupils: Crowd, people: list[tuple[int, list[str]]]) -> None:
    """Warm the bot up with one whole session."""
    for pupil, answers in people:
        for text in answers:
            await pupils.answer(pupil, text)


async def measure(name: str, url: str, database_url: str, people: Pupils, at_once: int) -> Result:
    """Run a bot and let a crowd practise with it."""
    with bot(name, url, database_url) as pid:
        async with crowd(url) as pupils:
            await wait_for_bot(pupils, await people.make(3))
            number = max(at_once, 100)
            everybody, before = await people.make(number), cpu_seconds(pid)
            result = await pupils.practise(everybody, at_once)
            result.cpu_seconds = cpu_seconds(pid) - before
            return result


async def count_right_answers() -> int:
    """Return how many answers the database holds as right."""
    async with database.read_scope() as db:
        statement = select(func.count()).select_from(Response).where(Response.is_correct)
        return (await db.execute(statement)).scalar_one()


async def compare(kind: str, database_url: str, url: str, sizes: list[int]) -> None:
    """Print a table for a database."""
    database.configure(database_url)
    await database.init_db()
    people = Pupils()
    await people.prepare()
    names = [ECHO, "Dars", "Dars on uvloop"]
    if RIVALS.exists():
        names.insert(1, "aiogram")
    else:
        print("aiogram is left out: `make bench` installs it")
    for at_once in sizes:
        print(f"{kind}, {at_once} at once: answers/s, of the echo; p50, p99 ms; lost; CPU us each")
        base = 0.0
        for name in names:
            before = await count_right_answers()
            result = await measure(name, url, database_url, people, at_once)
            base = base or result.rate
            print(
                f"  {name:22} {result.rate:7.0f} {result.rate / base:6.2f}"
                f" {result.percentile(0.5):8.0f} {result.percentile(0.99):8.0f} {result.lost:5}"
                f" {result.cpu:7.0f}",
                flush=True,
            )
            if name.startswith("Dars"):
                kept = await count_right_answers() - before
                assert kept == len(result.latencies) + 15, f"{kept} answers in the database"
    await database.dispose()


def main() -> None:
    """Print the tables of both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at-once", type=int, nargs="+", default=[16, 500])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        state = str(Path(folder) / "sandbox.journal")
        command = ("-m", "sandbox", "--port", "0", "--state", state, "--token", TOKEN)
        with process(sys.executable, *command) as sandbox, run_server(find_binaries()[0]) as server:
            assert sandbox.stdout is not None
            url = sandbox.stdout.readline().strip().rsplit(" ", 1)[-1]
            asyncio.run(compare("PostgreSQL", server.url, url, options.at_once))
            sqlite_url = f"sqlite:///{Path(folder) / 'bench.db'}"
            asyncio.run(compare("SQLite", sqlite_url, url, options.at_once))


if __name__ == "__main__":
    main()
