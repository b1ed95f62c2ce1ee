"""The real bot in this process, polling a real sandbox over HTTP, on each database."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from itertools import count

import aiohttp
import pytest

from bot.run import run_polling
from sandbox.run import Running, start
from src import database
from src.settings import Settings, load_settings
from tests.acceptance.pupil import Pupil
from tests.acceptance.sandbox_client import Api, api_of
from tests.fixtures.library import add_library

MakePupil = Callable[..., Pupil]


@pytest.fixture(autouse=True)
def no_midnight(noon: None) -> None:
    """A session that lasts until after midnight counts for two days."""


@pytest.fixture
def sandbox() -> Iterator[Running]:
    """A sandbox on a free port that keeps nothing."""
    running = start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """A sandbox for the tests of a module."""
    server = start()
    yield server
    server.stop()


@pytest.fixture
async def api(running: Running) -> AsyncGenerator[Api]:
    """Both sides of a sandbox in which one pupil has started the bot and nothing waits."""
    async with api_of(running) as client:
        yield client


@pytest.fixture
async def http() -> AsyncGenerator[aiohttp.ClientSession]:
    """A client for the pupils' side."""
    async with aiohttp.ClientSession() as session:
        yield session


def bot_settings(sandbox: Running, **variables: str) -> Settings:
    """Return settings that point the bot at a sandbox; more of them by their variables."""
    return load_settings(
        {"TELEGRAM_BOT_TOKEN": sandbox.config.token, "DARS_TELEGRAM_API_URL": sandbox.url}
        | variables
    )


@pytest.fixture
async def bot(database_url: str, sandbox: Running) -> AsyncGenerator[None]:
    """The bot, with a library of problems whose answers the tests know."""
    async with database.session_scope() as db:
        await add_library(db)
    stopping = asyncio.Event()
    running = asyncio.create_task(run_polling(bot_settings(sandbox), stopping))
    yield
    assert not running.done(), "the bot ended by itself"
    stopping.set()
    await running


@pytest.fixture
def make_pupil(sandbox: Running, http: aiohttp.ClientSession) -> MakePupil:
    """Makes pupils with different ids."""
    numbers = count(501)
    return lambda **profile: Pupil(http, sandbox.url, next(numbers), **profile)


@pytest.fixture
async def pupil(bot: None, make_pupil: MakePupil) -> Pupil:
    """A registered pupil of grade 7 who speaks English."""
    someone = make_pupil()
    await someone.register()
    return someone
