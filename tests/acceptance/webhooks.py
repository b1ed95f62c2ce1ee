"""Bots that take deliveries, in this process or in their own, and what stands before them."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import ClassVar

import aiohttp
from aiohttp import web
from yarl import URL

from bot.gateway.profile import set_up
from bot.gateway.webhook import Receiver, create_app
from bot.run import opened
from sandbox.run import Running
from src.settings import Settings
from tests.acceptance.conftest import bot_settings
from web.serving import address_of, listen, serving

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-secret-between-telegram-and-us"


def webhook_settings(sandbox: Running, **variables: str) -> Settings:
    """Return settings of a bot that takes deliveries from a sandbox."""
    return bot_settings(sandbox, DARS_WEBHOOK_SECRET=SECRET, **variables)


async def deliver_to(sandbox: Running, url: str) -> None:
    """Have a sandbox deliver to an address, as `dars telegram setup` does."""
    settings = webhook_settings(sandbox, DARS_WEBHOOK_URL=url)
    await set_up(settings.telegram, settings.webhook)


@asynccontextmanager
async def receiving(sandbox: Running, **variables: str) -> AsyncGenerator[str]:
    """Take deliveries in this process; yields where."""
    listener = listen("127.0.0.1", 0, "port")
    url = f"{address_of(listener)}/telegram"
    settings = webhook_settings(sandbox, DARS_WEBHOOK_URL=url, **variables)
    async with opened(settings, asyncio.Event()) as (bot, lanes, keeper):
        app = create_app(settings.webhook, Receiver(bot, lanes, keeper, SECRET))
        async with keeper.running(), serving(app, listener):
            await deliver_to(sandbox, url)
            yield url


class Process:
    """`dars bot --mode webhook` in a process of its own."""

    started: ClassVar[list["Process"]] = []

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.process, self.url = process, url

    @classmethod
    async def start(cls, sandbox: Running, database_url: str, *words: str, **env: str) -> "Process":
        """Start it and return when it takes deliveries."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from cli.main import main; main()"),
            *("bot", "--mode", "webhook", "--port", "0", *words),
            env=environment(sandbox, database_url) | env,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert process.stdout is not None
        line = (await process.stdout.readline()).decode()
        assert line.startswith("Deliveries are taken at"), line
        cls.started.append(cls(process, f"{line.split()[-1]}/telegram"))
        return cls.started[-1]

    async def until_deaf(self) -> None:
        """Wait until it takes no more deliveries: it has heard that it is to end."""
        place = URL(self.url)
        while True:
            try:
                _, writer = await asyncio.open_connection(place.host, place.port)
            except ConnectionRefusedError:
                return
            writer.close()
            await asyncio.sleep(0.02)

    async def end(self, number: int) -> int:
        """Send a signal and return the exit status."""
        self.process.send_signal(number)
        return await self.process.wait()

    @classmethod
    async def kill_all(cls) -> None:
        """End what a test that failed has left."""
        while cls.started:
            left = cls.started.pop().process
            if left.returncode is None:
                left.kill()
                await left.wait()


def environment(sandbox: Running, database_url: str) -> dict[str, str]:
    """Return the variables of a process that takes deliveries from a sandbox."""
    return os.environ | {
        "DATABASE_URL": database_url,
        "TELEGRAM_BOT_TOKEN": sandbox.config.token,
        "DARS_TELEGRAM_API_URL": sandbox.url,
        "DARS_WEBHOOK_SECRET": SECRET,
        "DARS_WEBHOOK_URL": "https://dars.example/telegram",
        "PYTHONPATH": str(ROOT),
    }


class Gate:
    """Stands between a bot and its Telegram, and holds its messages back until it is opened."""

    def __init__(self) -> None:
        self.reached, self.opened = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def running(self, sandbox: Running) -> AsyncGenerator[str]:
        """Yield the address that the bot takes for Telegram's."""
        async with (
            aiohttp.ClientSession(sandbox.url) as telegram,
            _serving(lambda request: self._pass_on(telegram, request)) as url,
        ):
            yield url

    async def _pass_on(
        self, telegram: aiohttp.ClientSession, request: web.BaseRequest
    ) -> web.StreamResponse:
        body = await request.read()
        if request.path.lower().endswith("/sendmessage"):
            self.reached.set()
            await self.opened.wait()
        kind = {"Content-Type": request.headers.get("Content-Type", "")}
        async with telegram.post(request.path_qs, data=body, headers=kind) as answer:
            return web.Response(
                status=answer.status, body=await answer.read(), content_type=answer.content_type
            )


@asynccontextmanager
async def _serving(
    answer: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
) -> AsyncGenerator[str]:
    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


class Balancer:
    """Gives each delivery to the next process; 502 when that one does not answer."""

    def __init__(self) -> None:
        self.processes: list[Process] = []
        self.answered: set[str] = set()
        self._turns = count()

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[str]:
        """Yield the address to deliver to."""
        async with (
            aiohttp.ClientSession() as http,
            _serving(lambda request: self._pass_on(http, request)) as url,
        ):
            yield f"{url}/telegram"

    async def all_have_answered(self) -> None:
        """Wait until each process has handled something."""
        while {process.url for process in self.processes} - self.answered:
            await asyncio.sleep(0.02)

    async def _pass_on(
        self, http: aiohttp.ClientSession, request: web.BaseRequest
    ) -> web.StreamResponse:
        url = self.processes[next(self._turns) % len(self.processes)].url
        body = await request.read()
        try:
            async with http.post(url, data=body, headers=request.headers) as answer:
                self.answered |= {url} if answer.status == 200 else set()
                return web.Response(status=answer.status)
        except aiohttp.ClientError:
            return web.Response(status=502)
