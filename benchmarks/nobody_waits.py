"""How long a pupil waits while others flood the bot, are told to wait an hour, and hang.

One pupil sends 1,000 messages, 64 chats are told by Telegram to be left alone for an hour, and the
row of one person is locked by somebody else: meanwhile others write, one after another, and the
time until each has an answer is measured at Telegram's side. Before that the same in peace.
"""

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from statistics import median, quantiles

import aiohttp
from sqlalchemy import text

from sandbox.config import SandboxConfig
from sandbox.run import Running, start
from src import database
from tests.acceptance.pupil import Pupil
from tests.fixtures.library import add_library
from tests.fixtures.postgres import Databases, provide_server

FLOOD, SILENCED, OTHERS = 1000, 64, 100
LIMIT_SECONDS = 1.0
AN_HOUR = {"fault": "retry_after", "seconds": 3600, "method": "sendMessage"}
SECRET = "a-secret-of-the-benchmark-alone"


@asynccontextmanager
async def bot(sandbox: Running, url: str, mode: str) -> AsyncGenerator[None]:
    """Run `dars bot` in a process of its own, in a mode."""
    port = "18799"
    variables = {
        "DATABASE_URL": url,
        "TELEGRAM_BOT_TOKEN": sandbox.config.token,
        "DARS_TELEGRAM_API_URL": sandbox.url,
        "DARS_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
        "DARS_WEBHOOK_SECRET": SECRET,
        "DARS_WEBHOOK_PORT": port,
    }
    run_cli = "from cli.main import main; main()"
    command = [sys.executable, "-c", run_cli, "bot", "--mode", mode]
    process = await asyncio.create_subprocess_exec(
        *command, env=os.environ | variables, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def wait_of(pupil: Pupil) -> float:
    """Return the seconds until a message of a pupil has an answer."""
    before, begun = len(await pupil.chat()), time.perf_counter()
    await pupil.post("/help")
    while len(await pupil.chat()) < before + 2:  # noqa: ASYNC110 - another process is watched
        await asyncio.sleep(0.005)
    return time.perf_counter() - begun


async def measure(pupils: list[Pupil]) -> list[float]:
    return [await wait_of(pupil) for pupil in pupils]


async def disturb(http: aiohttp.ClientSession, sandbox: Running, first: int) -> None:
    """Have 64 chats told to wait, and one pupil send 1,000 messages."""
    faults = {"once": [AN_HOUR] * SILENCED}
    await (await http.post(f"{sandbox.url}/sandbox/faults", json=faults)).read()
    for number in range(SILENCED):
        await Pupil(http, sandbox.url, first + number).post("/start")
    # Each of them has met its fault, and nobody else does.
    while (await (await http.get(f"{sandbox.url}/sandbox/faults")).json())["once"]:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    flooder = Pupil(http, sandbox.url, first + SILENCED)
    for number in range(FLOOD):
        await flooder.post(f"hello {number}")


async def compare(url: str, mode: str) -> bool:
    """Print the waits in peace and in the storm; return whether nobody waited too long."""
    database.configure(url)
    async with database.session_scope() as db:
        await add_library(db)
    sandbox = start(SandboxConfig(port=0))
    async with aiohttp.ClientSession() as http, bot(sandbox, url, mode):
        others = [Pupil(http, sandbox.url, 501 + number) for number in range(OTHERS)]
        stuck = Pupil(http, sandbox.url, 400)
        await set_webhook(http, sandbox, mode)
        for pupil in [stuck, *others]:
            await pupil.say("/start")
        peace = await measure(others)
        engine = database.create_engine(url)
        async with engine.begin() as holder:
            locked = text("SELECT id FROM people WHERE telegram_id = 400 FOR UPDATE")
            await holder.execute(locked)
            await stuck.post("/help")
            await disturb(http, sandbox, 10_000)
            storm = await measure(others)
        await engine.dispose()
    sandbox.stop()
    await database.dispose()
    return report(mode, peace, storm)


async def set_webhook(http: aiohttp.ClientSession, sandbox: Running, mode: str) -> None:
    """Have the sandbox deliver, once the bot listens."""
    if mode != "webhook":
        return
    await asyncio.sleep(5)
    url = f"{sandbox.url}/bot{sandbox.config.token}/setWebhook"
    body = {"url": "http://127.0.0.1:18799/telegram", "secret_token": SECRET}
    answer = await (await http.post(url, json=body)).json()
    assert answer["ok"], answer


def report(mode: str, peace: list[float], storm: list[float]) -> bool:
    for name, waits in (("in peace", peace), ("in the storm", storm)):
        p99 = quantiles(waits, n=100)[98]
        print(
            f"{mode:8} {name:13} median {median(waits) * 1000:6.0f} ms, "
            f"p99 {p99 * 1000:6.0f} ms, worst {max(waits) * 1000:6.0f} ms"
        )
    return quantiles(storm, n=100)[98] < LIMIT_SECONDS


async def run(modes: list[str]) -> bool:
    """Measure each mode on a PostgreSQL database of its own."""
    well = True
    with provide_server() as server:
        databases = Databases(server)
        await databases.prepare()
        for mode in modes:
            well &= await compare(await databases.create(), mode)
        await databases.close()
    return well


def main() -> int:
    """Run the benchmark; 1 when somebody waited too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modes", nargs="*", default=["polling", "webhook"])
    return int(not asyncio.run(run(parser.parse_args().modes)))


if __name__ == "__main__":
    raise SystemExit(main())
