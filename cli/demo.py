"""``dars demo``: the sandbox, a school and the real bot in one process, on a local SQLite file."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr

from bot.gateway.profile import set_up
from bot.run import run_polling, stop_on_signals
from cli.connected import connected
from cli.output import say
from sandbox.canvas.config import SchoolConfig
from sandbox.canvas.lock import StateInUseError as SchoolInUseError
from sandbox.canvas.run import RunningSchool
from sandbox.canvas.run import start as start_school
from sandbox.config import SandboxConfig
from sandbox.journal import StateInUseError
from sandbox.run import start
from src import database
from src.content.service import load_library
from src.errors import SettingsError
from src.settings import (
    PremiumSettings,
    SecretSettings,
    Settings,
    TelegramSettings,
    WebhookSettings,
)
from src.storage import files
from src.storage.keyring import make_key

_BESIDE = 2
CONTENT = Path(__file__).resolve().parent.parent / "content"


async def run_demo(settings: Settings, port: int) -> None:
    """Migrate, import the library, start web chat, school and bot; end all on SIGINT.

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
        with _sandbox(config) as url, _school(settings.demo.data_dir, port) as school:
            ours = _with_shop(_with_key(_for_sandbox(settings, config, url)))
            # Name, description and commands: otherwise a Bangla chat begins under an English name.
            await set_up(ours.telegram, WebhookSettings())
            say(f"\n  Dars is ready: open {url} in a browser. Ctrl-C ends it.")
            say(f"  Its school, to play the teacher: {school}/school\n")
            await run_polling(ours, stopping)


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


@contextlib.contextmanager
def _school(folder: Path, port: int) -> Iterator[str]:
    """A school with three courses, two ports beside the chat, or on any where that is taken."""
    state = folder / "school.json"
    try:
        running = _start_school(state, port + _BESIDE if port else 0)
    except SchoolInUseError:
        raise SettingsError(f"another school runs on {state}: end it") from None
    try:
        yield running.url
    finally:
        running.stop()


def _start_school(state: Path, port: int) -> RunningSchool:
    try:
        return start_school(SchoolConfig(port=port, state=state))
    except OSError:
        return start_school(SchoolConfig(port=0, state=state))


def _with_key(settings: Settings) -> Settings:
    """Give the demo a key of its own, kept in its folder: tokens outlive a restart."""
    if settings.encryption.keys:
        return settings
    file = settings.demo.data_dir / "secret.key"
    file.touch(mode=0o600)
    # Empty also where a kill came between the two.
    if not file.read_text(encoding="ascii"):
        file.write_text(make_key().get_secret_value(), encoding="ascii")
    key = SecretStr(file.read_text(encoding="ascii").strip())
    return settings.model_copy(update={"encryption": SecretSettings(keys=(key,))})


def _with_shop(settings: Settings) -> Settings:
    """Sell premium for play Stars, so that paying can be tried too."""
    if settings.premium.stars:
        return settings
    shop = PremiumSettings(stars=100, support="@dars_demo")
    return settings.model_copy(update={"premium": shop})


def _for_sandbox(settings: Settings, config: SandboxConfig, url: str) -> Settings:
    telegram = TelegramSettings(token=SecretStr(config.token), api_url=url)
    return settings.model_copy(update={"telegram": telegram})
