"""Many hints at once in several processes, some killed at a random await. Run by a test.

``python -m tests.integration.ledger_storm`` reads each `Storm` as JSON from a line. The SDK is
loaded once, before the processes are forked.
"""

import asyncio
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Coroutine, Generator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any, NoReturn

from sqlalchemy.exc import OperationalError

from src import clock, database
from src.clients.calls import Message, Prompt
from src.clients.claude import ClaudeClient
from src.costs.ledger import Purpose
from src.costs.meter import Meter
from src.costs.prices import PriceList
from src.costs.rules import Budgets
from src.errors import DarsError
from src.models import OperationType
from tests.fixtures.messages_api import KEY, serve


@dataclass(frozen=True, slots=True)
class Storm:
    """What to do.

    Attributes:
        database_url: Where the ledger is.
        api_url: The stand-in of the Messages API.
        processes: How many.
        killed: How many of them are killed.
        hints: How many in each, at once.
        awaits: They are killed at a random one of their first so many awaits; with 0 the first at
            its first await, the second at its second and so on.
        seed: Of the choice.
        budgets: Of a day, of a pupil's day, of a month; US dollars.
        pupils: How many there are, with ids from 1.
        shift: What to move the clock by, in seconds.
    """

    database_url: str
    api_url: str
    processes: int
    killed: int
    hints: int
    awaits: int
    seed: int
    budgets: list[str]
    pupils: int
    shift: float


class Counted:
    """Awaits a coroutine and counts how often it lets go."""

    def __init__(self, work: Coroutine[Any, Any, Any], count: Callable[[], None]) -> None:
        self._work, self._count = work, count

    def __await__(self) -> Generator[Any, Any, Any]:
        inner = self._work.__await__()
        step: Callable[[Any], Any] = inner.send
        value: Any = None
        while True:
            try:
                waits_for = step(value)
            except StopIteration as end:
                return end.value
            self._count()
            try:
                value = yield waits_for
                step = inner.send
            except BaseException as error:  # noqa: BLE001 - handed on, whatever it is
                value, step = error, inner.throw


class Fuse:
    """Kills this process, without a word, after so many awaits."""

    def __init__(self, length: int) -> None:
        self._left = length

    def burn(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


async def ask(meter: Meter, number: int, pupil: int) -> None:
    """Ask for one hint, as a job does; budgets and failures are expected.

    On a SQLite file many processes may let one wait for longer than it does: then it asks again.
    """
    prompt = Prompt(
        "claude-haiku-5-5",
        "Give one hint.",
        [Message("user", f"প্রশ্ন {number}: what is 1/2 + 1/4?")],
        max_tokens=120,
    )
    purpose = Purpose(OperationType.HINT_GENERATION, student_id=pupil)
    for _ in range(10):
        with suppress(OperationalError):
            with suppress(DarsError):
                await meter.complete(prompt, purpose)
            return


async def warm_up() -> None:
    """Load the SDK and what it builds at its first call: a second each process would spend."""
    prompt = Prompt("claude-haiku-5-5", "", [Message("user", "Hello")], max_tokens=20)
    PriceList().upper_bound(prompt)
    with serve() as api:
        client = ClaudeClient(KEY, api.url)
        await client.complete(prompt)
        await client.close()


async def run_one(storm: Storm, index: int) -> None:
    """Ask for all the hints of one process."""
    random = Random(storm.seed * 1000 + index)
    length = random.randint(1, storm.awaits) if storm.awaits else index + 1
    fuse = Fuse(length if index < storm.killed else -1)
    clock.shift(timedelta(seconds=storm.shift))
    database.configure(storm.database_url)
    client = ClaudeClient(KEY, storm.api_url, total_seconds=120)
    day, pupil, month = map(Decimal, storm.budgets)
    budgets = Budgets(day, pupil, month)
    meter = Meter(database.session_scope, client, PriceList(), budgets)

    async def counted(number: int) -> None:
        await Counted(ask(meter, number, random.randint(1, storm.pupils)), fuse.burn)

    await asyncio.gather(*(counted(number) for number in range(storm.hints)))
    await client.close()
    await database.dispose()


def run_and_exit(storm: Storm, index: int) -> NoReturn:
    """Be one of the processes, and never come back to what was forked."""
    try:
        asyncio.run(run_one(storm, index))
    except BaseException:  # noqa: BLE001 - printed, and told by the exit status
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def let_loose(storm: Storm) -> list[int]:
    """Fork and wait; return how each process ended: 0, or minus its signal."""
    children = []
    for index in range(storm.processes):
        child = os.fork()
        if child == 0:
            run_and_exit(storm, index)
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def main() -> None:
    """Do one storm after the other, as they are asked for; answer each in a line."""
    asyncio.run(warm_up())
    for line in sys.stdin:
        given = json.loads(line)
        print(json.dumps(let_loose(Storm(**given))), flush=True)


if __name__ == "__main__":
    main()
