"""How long each statement takes, by the function that runs it, in the memory of this process.

Off until `begin`: only processes that hand over what they noted are to note anything. A time is
that of the caller, from asking to the answer: the network and a busy event loop are in it.
"""

import math
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from types import CodeType, FrameType
from typing import Any

import greenlet
from sqlalchemy import Connection, Engine, event

from src.models.enums import ENUM_NAMES

PER_OCTAVE = 4
_ROOT = str(Path(__file__).resolve().parents[2]) + os.sep
_OURS = re.compile(r"(src|bot|web|cli|benchmarks)/")
# They carry the statements of others.
_CARRIERS = re.compile(
    r"src/(storage/|database\.py|operations/statistics\.py:_ask|operations/housekeeping\.py:_prune)"
)
_WORDS = frozenset(value.value for values in ENUM_NAMES for value in values)
_PARAMETER = r"(?:\$\d+(?:::[A-Z][A-Z0-9 ]*(?:\[\])?)?|\?)"
# A list of any length is one statement.
_LIST = re.compile(rf"{_PARAMETER}(?:, {_PARAMETER})*")
_KEY = "dars_begun"
_MOST = 2000


@dataclass(slots=True)
class Calls:
    """Calls that took about as long.

    Attributes:
        number: How many.
        seconds: All together.
        rows: Returned or changed.
    """

    number: int = 0
    seconds: float = 0.0
    rows: int = 0


@dataclass(slots=True)
class Observed:
    """A statement and the calls of it since the last `take`.

    Attributes:
        name: File and function, such as ``src/practice/queries.py:active_place``.
        text: As the driver got it.
        sample: What one call was given; see `keepable`.
        buckets: The calls by `bucket_of` their time.
    """

    name: str
    text: str
    sample: list[Any]
    buckets: dict[int, Calls] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """What tells it from other statements, however long its lists are."""
        return sha256(f"{self.name}\n{_LIST.sub('?', self.text)}".encode()).hexdigest()


class _State:
    """What this process has noted."""

    on = False
    observed: dict[tuple[str, str], Observed] = {}  # noqa: RUF012 - one for the process
    # By identity: a code object reckons its hash from all that it holds, each time.
    names: dict[int, tuple[CodeType, str | None]] = {}  # noqa: RUF012 - same


def begin() -> None:
    """Note statements from now on."""
    _State.on = True


def end() -> None:
    """Note no more, and forget what nobody took."""
    _State.on = False
    _State.observed = {}


def is_on() -> bool:
    """Return whether statements are noted."""
    return _State.on


def take() -> list[Observed]:
    """Hand over what was noted since the last time."""
    taken, _State.observed = _State.observed, {}
    return list(taken.values())


def note(
    frame: FrameType | None, text: str, seconds: float, rows: int, given: Sequence[Any]
) -> None:
    """Note a call.

    Args:
        frame: Where it was made; the first function of ours above it that is no carrier is named.
        text: The statement as the driver got it.
        seconds: How long it took.
        rows: Returned or changed.
        given: Its parameters in their order.
    """
    key = (_caller(frame), text)
    observed = _State.observed.get(key)
    if observed is None:
        if len(_State.observed) >= _MOST:
            return
        observed = _State.observed[key] = Observed(*key, [keepable(value) for value in given])
    calls = observed.buckets.setdefault(bucket_of(seconds), Calls())
    calls.number += 1
    calls.seconds += seconds
    calls.rows += rows


def bucket_of(seconds: float) -> int:
    """Return the quarter of an octave of microseconds into which a time falls; 0 for up to 1 us."""
    return max(0, math.floor(PER_OCTAVE * math.log2(max(seconds * 1e6, 1.0))))


def middle_of(bucket: int) -> float:
    """Return the seconds in the middle of a bucket."""
    return float(2 ** ((bucket + 0.5) / PER_OCTAVE)) / 1e6


def keepable(value: Any) -> Any:
    """Return what may be kept of a parameter: nothing that tells of a person or was typed.

    Instants, days, times and switches stay; so does text that is a word of our own closed sets. Of
    all else the type stays, and of a list how long it is.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _WORDS:
        return str(value)
    if isinstance(value, datetime | date | time):
        return {"at": value.isoformat()}
    if isinstance(value, list | tuple):
        return {"many": len(value)}
    return {"type": type(value).__name__}


def _caller(frame: FrameType | None) -> str:
    """Name the function of ours that asked, also where SQLAlchemy runs it in a greenlet."""
    place = greenlet.getcurrent()
    while True:
        while frame is not None:
            name = _name_of(frame.f_code)
            if name is not None:
                return name
            frame = frame.f_back
        parent = place.parent
        if parent is None:
            return "elsewhere"
        place, frame = parent, parent.gr_frame


def _name_of(code: CodeType) -> str | None:
    known = _State.names.get(id(code))
    if known is None:
        known = _State.names[id(code)] = (code, _make_name(code))
    return known[1]


def _make_name(code: CodeType) -> str | None:
    file = code.co_filename.removeprefix(_ROOT).replace(os.sep, "/")
    name = f"{file}:{code.co_qualname.partition('.<locals>')[0]}"
    return name if _OURS.match(name) and not _CARRIERS.match(name) else None


def watch(engine: Engine) -> None:
    """Note what SQLAlchemy runs on an engine; what the driver runs itself, `prepared` notes."""
    event.listen(engine, "before_cursor_execute", _before)
    event.listen(engine, "after_cursor_execute", _after)


def _before(connection: Connection, *_: object) -> None:
    if _State.on:
        connection.info[_KEY] = perf_counter()


def _after(
    connection: Connection, cursor: Any, statement: str, given: Any, _context: object, many: bool
) -> None:
    begun = connection.info.pop(_KEY, None)
    if begun is None:
        return
    seconds = perf_counter() - begun
    # Many rows in one text come as one flat tuple.
    first = given[0] if many and given and isinstance(given[0], tuple) else given
    note(sys._getframe(1), statement, seconds, _rows(cursor), first)  # noqa: SLF001 - its caller


def _rows(cursor: Any) -> int:
    # The driver of SQLite does not count what is selected; SQLAlchemy has fetched it already.
    return cursor.rowcount if cursor.rowcount >= 0 else len(getattr(cursor, "_rows", ()))
