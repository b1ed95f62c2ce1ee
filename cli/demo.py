"""``dars demo``: the sandbox and the real bot in one process, on a local SQLite file."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr

from bot.run import run_polling, stop_on_signals
from cli.connected import connected
from cli.output import say
from sandbox.config import SandboxConfig
from sandbox.journal import StateInUseError
from sandbox.run import start
from src import database
from src.content.service import load_library
from src.errors import SettingsError
from src.settings import Settings, TelegramSettings
from src.storage import files

CONTENT = Path(__file__).resolve().parent.parent / "content"


async def run_demo(settings: Settings, port: int) -> None:
    """Migrate, import the library, start the web chat and the bot; end all on SIGINT.

    Raises:
        SettingsError: The port is taken, or another demo runs on the same files.
        DatabaseError: The local database cannot be used.
        ContentError: The library has faults.
    """
    stopping = asyncio.Event()
    stop_on_signals(stopping)
    files.make_folder(settings.demo.data_dir)
    files.close(settings.demo.data_dir)
    config = SandboxConfig(port=port, state=settings.demo.data_dir / "sandbox.journal")
    # Its own file, whatever DATABASE_URL says: who tries Dars out must not meet real pupils.
    database.configure(f"sqlite:///{settings.demo.data_dir.absolute() / 'demo.db'}")
    async with connected():
        async with database.session_scope() as db:
            await load_library(db, CONTENT)
        with _sandbox(config) as url:
            say(f"\n  Dars is ready: open {url} in a browser. Ctrl-C ends it.\n")
            await run_polling(_for_sandbox(settings, config, url), stopping)


@contextlib.contextmanager
def _sandbox(config: SandboxConfig) -> Iterator[str]:
    try:
        running = start(config)
    except OSError as error:
        raise SettingsError(
            f"port {config.port} cannot be used ({error.strerror}): try another, "
            f"such as `make demo PORT={config.port + 1}`"
        ) from None
    except StateInUseError:
        raise SettingsError(
            f"another demo runs on {config.state}: end it, or give this one a folder of its own "
            "by DARS_DATA_DIR"
        ) from None
    try:
        yield running.url
    finally:
        running.stop()


def _for_sandbox(settings: Settings, config: SandboxConfig, url: str) -> Settings:
    telegram = TelegramSettings(token=SecretStr(config.token), api_url=url)
    return settings.model_copy(update={"telegram": telegram})
