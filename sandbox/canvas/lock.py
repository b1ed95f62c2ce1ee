"""Keeps two schools from writing one state file."""

import os
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has none; there, two schools on one file are not noticed
    _HAS_LOCKS = False
else:
    _HAS_LOCKS = True


class StateInUseError(Exception):
    """Another school already writes this state file."""


class Lock:
    """The lock beside a state file; without a path there is nothing to keep."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self) -> None:
        """Takes it.

        Raises:
            StateInUseError: Another process, or another school of this one, holds it.
        """
        if self._path is None or not _HAS_LOCKS:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        name = self._path.with_name(f"{self._path.name}.lock")
        self._handle = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.give_back()
            raise StateInUseError(f"another school already uses {self._path}") from None

    def give_back(self) -> None:
        """Lets others have it."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
