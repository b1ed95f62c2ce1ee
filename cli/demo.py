"""``dars demo``: the sandbox, a school and the real bot in one process, on a local SQLite file."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from socket import socket
from urllib.request import Request, urlopen

from pydantic import SecretStr

from bot.gateway.profile import set_up
from bot.run import run_polling, stop_on_signals
from cli.connected import connected
from cli.demo_class import TEACHER, TEACHER_ID, seed_class
from cli.output import say
from sandbox.canvas.config import SchoolConfig
from sandbox.canvas.lock import StateInUseError as SchoolInUseError
from sandbox.canvas.run import RunningSchool
from sandbox.canvas.run import start as start_school
from sandbox.config import SandboxConfig
from sandbox.journal import StateInUseError
from sandbox.run import start
from src import clock, database
from src.content.service import load_library
from src.errors import SettingsError
from src.settings import (
    PremiumSettings,
    SecretSettings,
    Settings,
    TelegramSettings,
    WebhookSettings,
    WebSettings,
)
from src.storage import files
from src.storage.keyring import make_key
from src.teaching import entering
from web.app import create_app
from web.serving import address_of, listen, serving

# The school and the pages of teachers: so many ports beside the chat, or on any that is free.
_BESIDE, _PAGES = 2, 4
# Longer than of the bot: it is printed once, and opens made-up data on this machine.
_LINK_TIME = timedelta(hours=12)
CONTENT = Path(__file__).resolve().parent.parent / "content"


async def run_demo(settings: Settings, port: int, *, with_class: bool = False) -> None:
    """Migrate, import the library, start web chat, school, pages and bot; end all on SIGINT.

    Args:
        settings: Those of the process.
        port: Of the web chat.
        with_class: Whether there is a class of simulated pupils with its teacher.

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
            pages = _listen_for_pages(port)
            ours = _with_shop(_with_key(_for_sandbox(settings, config, url)))
            ours = ours.model_copy(update={"web": WebSettings(url=address_of(pages))})
            # Name, description and commands: otherwise a Bangla chat begins under an English name.
            await set_up(ours.telegram, WebhookSettings())
            say(f"\n  Dars is ready: open {url} in a browser. Ctrl-C ends it.")
            say(f"  Its school, to play the teacher: {school}/school")
            async with serving(create_app(ours), pages):
                say(f"  Pages for teachers: {await _way_in(url, address_of(pages), with_class)}\n")
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


def _listen_for_pages(port: int) -> socket:
    try:
        return listen("127.0.0.1", port + _PAGES if port else 0, "--port")
    except SettingsError:
        return listen("127.0.0.1", 0, "--port")


async def _way_in(chat: str, pages: str, with_class: bool) -> str:
    """Return where a teacher comes in; with a class, that is a link that works once."""
    if not with_class:
        return f"{pages} (start with --class, or `make demo CLASS=1`, to have a class there)"
    await asyncio.to_thread(_meet_teacher, chat)
    async with database.session_scope() as db:
        now = clock.now()
        teacher = await seed_class(db, now)
        secret = await entering.make_link(db, teacher, now, lasts=_LINK_TIME)
    return f"{pages}/in/{secret} (or /class in the chat of {TEACHER})"


def _meet_teacher(chat: str) -> None:
    """Put the teacher among the people of the chat."""
    teacher = {"id": TEACHER_ID, "first_name": TEACHER, "language_code": "en"}
    request = Request(  # noqa: S310 - our own sandbox, on this machine
        f"{chat}/sandbox/users",
        json.dumps(teacher).encode(),
        {"content-type": "application/json"},
    )
    with urlopen(request):  # noqa: S310 - as above
        pass


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
