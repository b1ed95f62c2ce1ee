"""Structured logs: readable in a terminal, JSON in production, without secrets.

What an operator needs of an update is its number, bound by `bot/lanes.py` and so on each line. No
line holds a name, a text or a token: an error is its class and where it happened, because the
text of an exception may quote a pupil, a statement with its values or an address with a password.
"""

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from src.settings import ProcessSettings

# A bot token; it follows "bot" in addresses, so there is no word boundary before it.
_TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}")
# A token of Canvas: the number of its shard, and 64 letters and digits.
_CANVAS_TOKEN = re.compile(r"\b\d{1,7}~[A-Za-z0-9]{16,}")
_PASSWORD = re.compile(r"(?<=://)([^:/@\s]*):[^@/\s]+(?=@)")
# The packages of Dars. A library is heard from warnings on, however verbose the log: what it says
# below that may be a request with a pupil's words in it.
OURS = ("bot", "cli", "sandbox", "src", "web")


def configure(
    settings: ProcessSettings, secrets: Iterable[str], stream: TextIO | None = None
) -> None:
    """Set up logging for this process, the libraries' logs included.

    Args:
        settings: Say how to write.
        secrets: What must never be written.
        stream: Where to write; None is the standard error.
    """
    stream = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        summarise_exception,
        drop_details_of_the_loop,
        Redactor(secrets),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(settings, colors=stream.isatty()),
            ],
        )
    )
    handler.addFilter(_may_be_written)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[settings.level]))
    for name in OURS:
        logging.getLogger(name).setLevel(settings.level)


def _may_be_written(record: logging.LogRecord) -> bool:
    """Refuse what a library says below a warning: it may have given its logger a level itself."""
    ours = record.name.partition(".")[0] in OURS
    return ours or record.levelno >= logging.WARNING


def _renderer(settings: ProcessSettings, *, colors: bool) -> Processor:
    if settings.logs_json:
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    return structlog.dev.ConsoleRenderer(colors=colors)


def where(error: BaseException) -> list[str]:
    """Name the functions in which an error happened: no values, which may be a pupil's."""
    places, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-6:]


def summarise_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its class and those of its causes, and where it happened."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = " < ".join(_kinds(error))
        event["where"] = where(error)
    return event


def _kinds(error: BaseException | None) -> list[str]:
    kinds: list[str] = []
    while error is not None and len(kinds) < 5:
        kinds.append(type(error).__name__)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return kinds


def drop_details_of_the_loop(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep the first line of what asyncio says: the others print tasks with their exceptions."""
    if event.get("logger") == "asyncio":
        event["event"] = str(event["event"]).partition("\n")[0]
    return event


class Redactor:
    """Replaces what looks like a token or password, and each secret that it is given."""

    def __init__(self, secrets: Iterable[str]) -> None:
        # Short ones would be found inside of ordinary words; addresses have their own rule.
        self._secrets = [secret for secret in secrets if len(secret) >= 8 and "://" not in secret]

    def __call__(
        self, _logger: WrappedLogger, _method: str, event: MutableMapping[str, Any]
    ) -> EventDict:
        """Clean every value of a log entry."""
        return {key: self._clean(value) for key, value in event.items()}

    def _clean(self, value: Any) -> Any:
        match value:
            case str():
                return self._clean_text(value)
            case bytes():
                return self._clean_text(value.decode("utf-8", "replace"))
            case list() | tuple() if type(value) in {list, tuple}:
                return type(value)(self._clean(part) for part in value)
            case dict():
                return {key: self._clean(part) for key, part in value.items()}
            case BaseException() | type():
                kind = value if isinstance(value, type) else type(value)
                return kind.__name__
        return value

    def _clean_text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        text = _CANVAS_TOKEN.sub("[token]", _TOKEN.sub("[token]", text))
        return _PASSWORD.sub(r"\1:[password]", text)
