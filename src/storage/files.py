"""Files that hold what is known of pupils: nobody but their owner reads them."""

import contextlib
import os
from pathlib import Path

from sqlalchemy import URL

# Write-ahead logging keeps these beside a SQLite file, with its mode; they hold the same rows.
_BESIDE = ("", "-wal", "-shm", "-journal")
_OTHERS = 0o077


def sqlite_file(url: URL) -> Path | None:
    """Return the file of a SQLite database; None for one in memory."""
    name = (url.database or "").removeprefix("file:")
    in_memory = name in {"", ":memory:"} or url.query.get("mode") == "memory"
    return None if in_memory else Path(name)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, that only its owner may enter.

    Raises:
        OSError: It cannot be made.
    """
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def keep_private(file: Path) -> None:
    """Make a SQLite file that only its owner may read, or take others' rights to one away.

    So is its folder, unless that holds other things as well: it may be everybody's. What is not
    possible is left to SQLite, which says why.
    """
    file = file.resolve()
    with contextlib.suppress(OSError):
        make_folder(file.parent)
        # Never opened if it is there: closing it would drop the locks that SQLite holds on it.
        with contextlib.suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        for end in _BESIDE:
            close(file.with_name(file.name + end))
        if _is_ours(file):
            close(file.parent)


def _is_ours(file: Path) -> bool:
    """Return whether a folder holds nothing but a database, or is the one that Dars makes."""
    folder = file.parent
    alone = all(other.name.startswith(file.name) for other in folder.iterdir())
    return alone or folder.name == ".dars"


def close(path: Path) -> None:
    """Take the rights of others to a file or folder away, if it is there and ours."""
    with contextlib.suppress(FileNotFoundError, PermissionError):
        mode = path.stat().st_mode & 0o777
        if mode & _OTHERS:
            path.chmod(mode & ~_OTHERS)
