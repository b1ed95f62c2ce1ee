"""What the logs say, and what they never say."""

import asyncio
import io
import json
import logging
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from src import logs
from src.settings import Environment, ProcessSettings, load_settings

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "1234567890:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw-"
SECRET = "webhook-secret-of-this-test"
QUOTED = "Rahim answered 3/4"

STAGING = ProcessSettings(env=Environment.STAGING)
SETTINGS = load_settings(
    {
        "DARS_ENV": "production",
        "TELEGRAM_BOT_TOKEN": "another-form-of-token",
        "DARS_WEBHOOK_SECRET": SECRET,
        "DATABASE_URL": "postgresql://dars:hunter22@db/dars",
    }
)


def test_staging_is_production_with_a_verbose_log() -> None:
    assert (STAGING.logs_json, STAGING.level) == (True, "DEBUG")
    assert ProcessSettings(env=Environment.STAGING, log_level="WARNING").level == "WARNING"
    assert ProcessSettings(env=Environment.PRODUCTION).level == "INFO"


class Log:
    """What was logged since the test began."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def entry(self) -> dict[str, Any]:
        """The only line, as a service that collects logs reads it."""
        [line] = self.text.splitlines()
        entry: dict[str, Any] = json.loads(line)
        return entry


@pytest.fixture
def log() -> Iterator[Log]:
    """A log in production's format; afterwards the process logs as it did."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    log = Log()
    logs.configure(SETTINGS.process, SETTINGS.secrets, log.stream)
    yield log
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in logs.OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)


def raise_something() -> None:
    try:
        int(QUOTED)
    except ValueError as error:
        raise KeyError(QUOTED) from error


def test_a_line_is_json_with_its_level_logger_and_time(log: Log) -> None:
    structlog.get_logger("bot.run").info("bot started", username="দরস_bot", workers=2)
    entry = log.entry
    assert entry.pop("timestamp").endswith("Z")
    assert entry == {
        "event": "bot started",
        "level": "info",
        "logger": "bot.run",
        "username": "দরস_bot",
        "workers": 2,
    }
    assert "দরস" in log.text


@pytest.mark.parametrize("name", ["structlog", "library"])
def test_every_line_carries_what_is_bound(log: Log, name: str) -> None:
    structlog.contextvars.bind_contextvars(update_id=7)
    logger = structlog.get_logger("x") if name == "structlog" else logging.getLogger("x")
    logger.warning("slow")
    assert (log.entry["event"], log.entry["update_id"]) == ("slow", 7)


def test_an_error_is_its_class_and_place_and_not_its_text(log: Log) -> None:
    try:
        raise_something()
    except KeyError:
        structlog.get_logger("x").exception("failed")
    assert log.entry["error"] == "KeyError < ValueError"
    assert log.entry["where"][-1].endswith("raise_something")
    assert QUOTED not in log.text


def test_an_error_that_a_library_logs_is_no_different(log: Log) -> None:
    try:
        raise_something()
    except KeyError:
        logging.getLogger("telegram.ext").exception("No error handlers")
    assert log.entry["error"] == "KeyError < ValueError"
    assert QUOTED not in log.text


def test_an_exception_as_a_value_is_its_class(log: Log) -> None:
    structlog.get_logger("x").warning("given up", error=ValueError(QUOTED), kind=ValueError)
    assert (log.entry["error"], log.entry["kind"]) == ("ValueError", "ValueError")


async def test_a_task_that_nobody_awaited_is_not_printed(log: Log) -> None:
    asyncio.get_running_loop().call_exception_handler(
        {"message": "Task exception was never retrieved", "exception": ValueError(QUOTED)}
    )
    assert log.entry["event"] == "Task exception was never retrieved"
    assert log.entry["error"] == "ValueError"
    assert QUOTED not in log.text


@pytest.mark.parametrize(
    "said",
    [
        f"POST https://api.telegram.org/bot{TOKEN}/getMe",
        [f"bot{TOKEN}"],
        {"nested": (f"{TOKEN}",)},
        f"{TOKEN}".encode(),
        "another-form-of-token",
        f"X-Telegram-Bot-Api-Secret-Token: {SECRET}",
        "cannot connect to postgresql://dars:hunter22@db/dars",
    ],
)
def test_secrets_are_replaced_wherever_they_stand(log: Log, said: object) -> None:
    structlog.get_logger("x").warning("call", said=said)
    logging.getLogger("httpx2").warning("call %s", said)
    assert log.text.count("call") == 2
    for secret in (TOKEN, SECRET, "another-form-of-token", "hunter22"):
        assert secret not in log.text


def test_chatty_libraries_are_heard_from_warnings_on(log: Log) -> None:
    logging.getLogger("telegram.ext").info("an update")
    logging.getLogger("uvicorn.error").info("a server")
    logging.getLogger("bot").debug("a detail")
    assert log.text == ""


def test_a_terminal_is_given_words(log: Log) -> None:
    logs.configure(ProcessSettings(), SETTINGS.secrets, stream := io.StringIO())
    structlog.get_logger("bot.run").info("bot started", username="dars_bot")
    assert "bot started" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


LIBRARIES = ["anthropic._base_client", "httpx2", "PIL.PngImagePlugin", "asyncio", "unheard.of"]


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("own_level", [logging.NOTSET, logging.DEBUG])
def test_a_verbose_log_does_not_repeat_what_libraries_say(
    log: Log, library: str, own_level: int
) -> None:
    logs.configure(STAGING, (), log.stream)
    logger = logging.getLogger(library)
    before = logger.level
    logger.setLevel(own_level)
    try:
        logger.debug("Request options: %s", QUOTED)
        logger.info("Request options: %s", QUOTED)
        logging.getLogger("bot").debug("once")
    finally:
        logger.setLevel(before)
    assert log.entry["event"] == "once"


def test_every_package_of_ours_is_heard(log: Log) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = project["tool"]["setuptools"]["packages"]["find"]["include"]
    assert [f"{name}*" for name in logs.OURS] == packages
    logs.configure(STAGING, (), log.stream)
    for name in logs.OURS:
        structlog.get_logger(f"{name}.part").debug("a detail")
    assert len(log.text.splitlines()) == len(logs.OURS)
