"""An empty database beside another, for a rehearsal or a measurement; it does not outlive us."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL

from src.operations.backup import write_words
from src.operations.programs import find_program, run_program

# Waits until its input ends, which it does however this process ends; then drops what is named.
_WATCHER = """
import shutil, subprocess, sys
sys.stdin.read()
folder, *command = sys.argv[1:]
quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
if command:
    subprocess.run(command, **quiet)
shutil.rmtree(folder, ignore_errors=True)
"""


@contextmanager
def scratch(url: URL, purpose: str) -> Iterator[URL]:
    """Yield the address of an empty database beside another; it is dropped at the end.

    Also where this process is killed: another one waits for its end.

    Args:
        url: The database beside which it is made.
        purpose: What its name ends in.

    Raises:
        BackupError: The role may not make a database, or PostgreSQL's programs are not installed.
    """
    if url.get_backend_name() == "sqlite":
        with _folder(purpose) as folder, _watched(folder):
            yield url.set(database=str(Path(folder, "dars.db")), query={})
        return
    name = f"{url.database}_{purpose}"
    make = f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0"
    drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    with _folder(purpose) as folder:
        place = write_words(url, Path(folder))
        words = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={place}")
        run_program("psql", *words, f"--command={drop}", f"--command={make}")
        with _watched(folder, find_program("psql"), *words, f"--command={drop}"):
            yield url.set(database=name)


def _folder(purpose: str) -> "TemporaryDirectory[str]":
    # The watcher removes it as well.
    return TemporaryDirectory(prefix=f"dars-{purpose}-", ignore_cleanup_errors=True)


@contextmanager
def _watched(folder: str, *command: str) -> Iterator[None]:
    """Run a command at the end of the block or of this process, and remove a folder."""
    watcher = subprocess.Popen(  # noqa: S603 - our own words, without a shell
        [sys.executable, "-c", _WATCHER, folder, *command],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield
    finally:
        watcher.communicate()
