"""PostgreSQL's own programs."""

import shutil
import subprocess

from src.errors import BackupError


def find_program(program: str) -> str:
    """Return where one of PostgreSQL's programs is.

    Raises:
        BackupError: It is not installed.
    """
    path = shutil.which(program)
    if path is None:
        raise BackupError(
            f"{program} is not installed: install PostgreSQL's client programs "
            "(postgresql-client), of the server's version or newer"
        )
    return path


def run_program(program: str, *words: str) -> str:
    """Run one of PostgreSQL's programs and return what it prints.

    Raises:
        BackupError: It is not installed, or it failed.
    """
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, without a shell
        [find_program(program), *words],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise BackupError(f"{program} failed: {lines[0]}")
    return done.stdout
