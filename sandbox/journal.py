"""Keeps what happened in one append-only file of JSON lines, so that a restart repeats nothing.

Each record is handed to the kernel before its call is answered: killing the process loses nothing
that a client was told. There is no fsync: a power cut may lose the last moments of a sandbox.
"""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

try:
    import fcntl
except ImportError:  # Windows has none; there, two sandboxes on one file are not noticed
    _HAS_LOCKS = False
else:
    _HAS_LOCKS = True

Record = list[Any]


class StateInUseError(Exception):
    """Another sandbox already writes this state file."""


def dump(value: object) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def open_private(path: Path) -> BinaryIO:
    """Makes a file that only its owner may read: it holds what pupils wrote."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


class Journal:
    """The file behind a sandbox; without a path it forgets."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._fd: int | None = None
        self._lock: int | None = None

    def open(self) -> list[Record]:
        """Takes the file and reads it.

        Returns:
            Every whole record, oldest first.

        Raises:
            StateInUseError: Another process holds the file.
        """
        if self._path is None:
            return []
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._take_lock(self._path.with_name(self._path.name + ".lock"))
        return list(_whole_records(self._path)) if self._path.exists() else []

    def rewrite(self, records: Iterable[Record]) -> None:
        """Replaces the file in one step by these records and goes on appending to it."""
        if self._path is None:
            return
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.unlink(missing_ok=True)
        with open_private(fresh) as file:
            file.writelines(dump(record) + b"\n" for record in records)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        if self._fd is not None:
            os.close(self._fd)
        self._fd = os.open(self._path, os.O_WRONLY | os.O_APPEND)

    def append(self, *record: Any) -> None:
        """Adds one record."""
        if self._fd is not None:
            os.write(self._fd, dump(record) + b"\n")

    def close(self) -> None:
        """Lets go of the file."""
        for descriptor in (self._fd, self._lock):
            if descriptor is not None:
                os.close(descriptor)
        self._fd = self._lock = None

    def _take_lock(self, path: Path) -> None:
        self._lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _HAS_LOCKS:
            return
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            self._lock = None
            raise StateInUseError(f"another sandbox already uses {path.stem}") from None


def _whole_records(path: Path) -> Iterator[Record]:
    with path.open("rb") as file:
        for line in file:
            try:
                yield json.loads(line)
            except ValueError:
                # Only the last line can be torn: the process was killed while writing it.
                return
