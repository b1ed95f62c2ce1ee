"""``dars bot``: by polling in one process, or by webhook in any number of them."""

import asyncio
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket

from uvicorn.supervisors import Multiprocess

from bot.background import embedded_jobs
from bot.gateway.webhook import Receiver, create_app, secret_of
from bot.keeping import ABANDONED_AFTER
from bot.run import (
    opened,
    prepare_database,
    require_token,
    run_polling,
)
from cli.running import run_on_loop, run_until_stopped
from src import database
from src.errors import SettingsError
from src.settings import OperatorSettings, Settings, hand_down
from web.operators import operators_port
from web.serving import address_of, listen, make_config, serving


def run_bot(
    settings: Settings, mode: str, host: str | None, port: int | None, workers: int
) -> None:
    """Run the bot until SIGINT or SIGTERM.

    Args:
        settings: The settings of the process.
        mode: ``polling`` or ``webhook``.
        host: Address for the webhook; None is that of the settings.
        port: Port for the webhook; None is that of the settings.
        workers: Processes that share the port.

    Raises:
        SettingsError: Something is missing or does not fit together.
        DatabaseError: The database does not answer or has another schema.
    """
    require_token(settings.telegram)
    if mode == "polling":
        run_on_loop(run_until_stopped(lambda stopping: _poll(settings, stopping)))
        return
    secret_of(settings.webhook)
    if workers > 1:
        _check_several()
    listener = listen(
        host or settings.webhook.host,
        settings.webhook.port if port is None else port,
        "DARS_WEBHOOK_PORT",
    )
    try:
        if workers == 1:
            run_on_loop(run_until_stopped(lambda stopping: _receive(settings, listener, stopping)))
        else:
            _receive_in_several(settings, listener, workers)
    finally:
        listener.close()


async def _poll(settings: Settings, stopping: asyncio.Event) -> None:
    async with operators_port(settings.operators, database.get_engine()):
        await run_polling(settings, stopping)


async def _receive(settings: Settings, listener: socket, stopping: asyncio.Event) -> None:
    """Take deliveries in this process."""
    await prepare_database()
    webhook = settings.webhook
    async with (
        operators_port(settings.operators, database.get_engine()),
        opened(settings, stopping) as (bot, lanes, keeper),
        keeper.running(ABANDONED_AFTER),
        embedded_jobs(bot, settings, stopping),
        serving(create_app(webhook, Receiver(bot, lanes, keeper, secret_of(webhook))), listener),
    ):
        _announce(listener)
        await stopping.wait()


def _check_several() -> None:
    if database.get_engine().dialect.name == "sqlite":
        raise SettingsError("DATABASE_URL: several processes need PostgreSQL, not SQLite")


def _receive_in_several(settings: Settings, listener: socket, workers: int) -> None:
    """Take deliveries in processes of their own; one that ends is replaced."""
    asyncio.run(run_until_stopped(lambda stopping: _try_out(settings, stopping)))
    with _shared_figures() as folder, _operators_beside(settings.operators, folder):
        _announce(listener)
        Multiprocess(make_config("bot.gateway.webhook:create", workers=workers), [listener]).run()


async def _try_out(settings: Settings, stopping: asyncio.Event) -> None:
    """Meet what would stop every process before any is started."""
    await prepare_database()
    async with opened(settings, stopping):
        pass


@contextmanager
def _shared_figures() -> Iterator[Path]:
    """Give the processes that are started in the block a folder for their figures."""
    folder = Path(tempfile.mkdtemp(prefix="dars-figures-"))
    hand_down("PROMETHEUS_MULTIPROC_DIR", str(folder))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _operators_beside(settings: OperatorSettings, folder: Path) -> Iterator[None]:
    """Serve operators from a thread: the main one minds the processes."""
    loop = asyncio.new_event_loop()
    stopping = asyncio.Event()
    ready = threading.Event()
    faults: list[BaseException] = []

    async def serve() -> None:
        try:
            async with operators_port(settings, database.get_engine(), folder):
                ready.set()
                await stopping.wait()
            await database.dispose()
        except SettingsError as fault:
            faults.append(fault)
        finally:
            ready.set()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), name="operators")
    thread.start()
    ready.wait()
    try:
        for fault in faults:
            raise fault
        yield
    finally:
        if not faults:
            loop.call_soon_threadsafe(stopping.set)
        thread.join()
        loop.close()


def _announce(listener: socket) -> None:
    print(f"Deliveries are taken at {address_of(listener)}", flush=True)  # noqa: T201 - for a terminal
