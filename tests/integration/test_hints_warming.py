"""Hints are made beforehand in batches: paid once, kept when good, taken up after a kill."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from src import database
from src.clients.calls import ModelError
from src.clients.claude import ClaudeClient
from src.costs.prices import PriceList
from src.costs.rules import Budgets
from src.hints.warming import Warmer
from src.models import CostRecord, CostStatus, KeptHint
from tests.fixtures.factories import make_problem
from tests.fixtures.messages_api import KEY, Behaviour, MessagesApi, serve

ROOT = Path(__file__).resolve().parents[2]
HINT = {"en": "Do the two parts have the same size?", "bn": "দুটি ভগ্নাংশের হর কি সমান?"}
MODELS = {"en": "claude-haiku-5-5", "bn": "claude-haiku-5-5"}
PLENTY = Budgets(Decimal(5), Decimal(5), Decimal(50))


def answer(body: dict[str, Any]) -> str:
    return HINT["bn" if "simple Bangla" in body["system"][0]["text"] else "en"]


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with serve(MessagesApi(answer=answer)) as running:
        yield running


@pytest.fixture
async def client(api: MessagesApi) -> AsyncGenerator[ClaudeClient]:
    made = ClaudeClient(KEY, api.url)
    yield made
    await made.close()


def make_warmer(client: ClaudeClient, budgets: Budgets = PLENTY) -> Warmer:
    scope = database.session_scope
    return Warmer(scope, client, PriceList(), budgets, MODELS, pause=0.01)


async def add_problems(number: int = 3) -> None:
    async with database.session_scope() as db:
        db.add_all(make_problem() for _ in range(number))


async def count(model: type[Any], *where: Any) -> int:
    async with database.session_scope() as db:
        found = await db.scalar(select(func.count()).select_from(model).where(*where))
        return int(found or 0)


def ignore(_: int) -> None:
    pass


async def test_every_hint_is_made_once_and_paid_at_half_the_price(
    database_url: str, client: ClaudeClient, api: MessagesApi
) -> None:
    await add_problems()
    warmer = make_warmer(client)
    wanted = await warmer.wanted()
    assert len(wanted) == 3 * 2 * 2
    estimate = warmer.estimate(wanted)
    seen: list[int] = []
    done = await warmer.run(wanted, Decimal(1), seen.append)
    assert (done.kept, done.refused, sum(seen)) == (12, 0, 12)
    assert done.usd <= estimate.at_most
    assert abs(done.usd - api.billed) <= Decimal("1e-9")
    assert await count(CostRecord, CostRecord.status == CostStatus.RESERVED) == 0
    assert await make_warmer(client).wanted() == []


async def test_what_fails_a_check_is_paid_and_not_kept(
    sqlite_url: str, client: ClaudeClient, api: MessagesApi
) -> None:
    await add_problems(1)
    api.enqueue(Behaviour(), Behaviour(text="The answer is 3/4."), Behaviour(status=500))
    warmer = make_warmer(client)
    done = await warmer.run(await warmer.wanted(), Decimal(1), ignore)
    assert (done.kept, done.refused) == (2, 2)
    assert len(await warmer.wanted()) == 2


class Killed(BaseException):
    """The process is gone."""


def kill(_: int) -> None:
    raise Killed


@pytest.mark.parametrize("stop", [kill])
async def test_a_killed_run_is_taken_up_and_nothing_is_paid_twice(
    database_url: str, client: ClaudeClient, api: MessagesApi, stop: Callable[[int], None]
) -> None:
    await add_problems()
    warmer = make_warmer(client)
    with pytest.raises(Killed):
        await warmer.run(await warmer.wanted(), Decimal(1), stop)
    assert await count(CostRecord, CostRecord.status == CostStatus.RESERVED) == 11
    again = make_warmer(client)
    await again.resume(ignore)
    assert await again.wanted() == []
    assert len(api.calls) == 12
    assert await count(KeptHint) == 12
    assert await count(CostRecord, CostRecord.status == CostStatus.RESERVED) == 0


async def test_a_cap_and_a_budget_stop_it_before_they_are_passed(
    sqlite_url: str, client: ClaudeClient, api: MessagesApi
) -> None:
    await add_problems()
    warmer = make_warmer(client)
    wanted = await warmer.wanted()
    cap = warmer.estimate(wanted[:5]).at_most
    done = await warmer.run(wanted, cap, ignore)
    assert (done.kept, done.stopped_by) == (5, "cap")
    poor = make_warmer(client, Budgets(Decimal("0.0006"), Decimal(5), Decimal(50)))
    done = await poor.run(await poor.wanted(), Decimal(1), ignore)
    assert done.stopped_by == "day"
    assert api.billed <= Decimal("0.0006")


async def test_a_batch_that_is_not_taken_costs_nothing(
    sqlite_url: str, client: ClaudeClient, api: MessagesApi
) -> None:
    await add_problems(1)
    api.enqueue(Behaviour(status=529))
    warmer = make_warmer(client)
    with pytest.raises(ModelError):
        await warmer.run(await warmer.wanted(), Decimal(1), ignore)
    assert await count(CostRecord, CostRecord.status != CostStatus.RELEASED) == 0


async def dars(*arguments: str, **environment: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from cli.main import main; main()",
        *arguments,
        cwd=ROOT,
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def test_the_command_says_what_it_costs_and_makes_the_hints(
    sqlite_url: str, api: MessagesApi
) -> None:
    await add_problems(1)
    given = {
        "DATABASE_URL": sqlite_url,
        "ANTHROPIC_API_KEY": KEY,
        "ANTHROPIC_BASE_URL": api.url,
    }
    code, said = await dars("hints", "warm", "--dry-run", **given)
    assert (code, api.calls) == (0, [])
    assert "Hints to make: 4. Likely cost: $" in said
    code, said = await dars("hints", "warm", "--pause", "0.01", **given)
    assert code == 0, said
    assert "Kept: 4. Not kept: 0." in said
    code, said = await dars("hints", "warm", ANTHROPIC_API_KEY="", DATABASE_URL=sqlite_url)
    assert (code, "ANTHROPIC_API_KEY" in said) == (1, True)
