"""``dars worker``."""

import asyncio

from bot.worker import run_worker as run
from cli.running import run_until_stopped
from src import database
from src.settings import Settings
from web.operators import operators_port


async def run_worker(settings: Settings) -> None:
    """Run background jobs until SIGINT or SIGTERM."""

    async def run_jobs(stopping: asyncio.Event) -> None:
        async with operators_port(settings.operators, database.get_engine()):
            await run(settings, stopping)

    await run_until_stopped(run_jobs)
