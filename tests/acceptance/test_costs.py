"""/costs and the warnings of the budgets, as operators see them in Telegram."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from bot.background import make_context
from bot.context import DarsBot
from bot.run import opened, run_polling
from sandbox.run import Running
from src import clock, database
from src.costs import ledger
from src.costs.alerts import tell_alerts
from src.costs.ledger import CostRequest, Purpose
from src.costs.prices import Price
from src.costs.rules import Budgets
from src.models import ApiProvider, CostRecord, CostStatus, OperationType
from tests.acceptance.conftest import MakePupil, bot_settings
from tests.acceptance.pupil import Pupil, text_of
from tests.fixtures.factories import make_cost_record

OPERATOR = 501


@pytest.fixture
async def bot_with_operator(database_url: str, sandbox: Running) -> AsyncGenerator[None]:
    """The bot, with one operator: the first user."""
    stopping = asyncio.Event()
    settings = bot_settings(sandbox, DARS_OPERATORS=f"{OPERATOR}")
    running = asyncio.create_task(run_polling(settings, stopping))
    yield
    stopping.set()
    await running


async def test_an_operator_gets_a_chart_and_others_an_unknown_command(
    bot_with_operator: None, make_pupil: MakePupil
) -> None:
    async with database.session_scope() as db:
        db.add(make_cost_record(cost_usd="1.25"))
        db.add(make_cost_record(cost_usd="0.5", status="reserved"))
    operator, pupil = make_pupil(), make_pupil()
    [message] = await operator.say("/costs")
    assert "Today: $1.2500 spent, $0.5000 reserved, $3.2500 left of $5.0000" in message["text"]
    assert message["photo"]["width"] > 600
    assert not [m for m in await pupil.say("/costs") if "photo" in m]
    assert "$" not in text_of(await pupil.chat())


async def test_operators_are_told_what_a_budget_has_come_to(
    sqlite_url: str, sandbox: Running, make_pupil: MakePupil
) -> None:
    settings = bot_settings(sandbox, DARS_OPERATORS=f"{OPERATOR}, {OPERATOR + 77}")
    operator = make_pupil()
    async with opened(settings, asyncio.Event()) as (bot, *_):
        await start_chat(bot, operator)
        warn = make_context(bot, settings, asyncio.Event()).warn
        await spend("0.09")
        assert await tell_alerts(database.session_scope, warn, clock.now()) == 1
        assert await tell_alerts(database.session_scope, warn, clock.now()) == 0
    [message] = [m for m in await operator.chat() if m["from"] == "bot"]
    assert "80% of today's budget" in message["text"]
    assert "৮০%" in message["text"]


async def test_the_bot_by_itself_recovers_orphans_and_warns(
    sqlite_url: str, sandbox: Running, make_pupil: MakePupil
) -> None:
    settings = bot_settings(sandbox, DARS_OPERATORS=f"{OPERATOR}")
    operator = make_pupil()
    async with opened(settings, asyncio.Event()) as (bot, *_):
        await start_chat(bot, operator)
    await spend("0.1", ago=timedelta(minutes=11))
    stopping = asyncio.Event()
    running = asyncio.create_task(run_polling(settings, stopping))
    async with asyncio.timeout(60):
        while "100%" not in text_of(await operator.chat()):
            await asyncio.sleep(0.05)
    stopping.set()
    await running
    async with database.read_scope() as db:
        [row] = (await db.scalars(select(CostRecord))).all()
    assert (row.status, row.is_estimate) == (CostStatus.SETTLED, True)


async def start_chat(bot: DarsBot, operator: Pupil) -> None:
    """Write to the bot, which may not write first, and take the message away."""
    await operator._post("messages", {"text": "/start"})
    [update] = await bot.get_updates(timeout=5)
    await bot.get_updates(offset=update.update_id + 1, timeout=0)


async def spend(usd: str, ago: timedelta = timedelta(0)) -> None:
    budgets = Budgets(Decimal("0.1"), Decimal(1), Decimal(1))
    purpose, worst = Purpose(OperationType.OTHER), Price(Decimal(usd), {})
    async with database.session_scope() as db:
        await ledger.reserve(
            db, CostRequest(purpose, ApiProvider.CLAUDE, "x", worst), budgets, clock.now() - ago
        )
