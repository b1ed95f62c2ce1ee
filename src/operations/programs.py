"""PostgreSQL's own programs."""

import shutil
import subprocess

from src.errors import BackupError


def run_program(program: str, *words: str) -> str:
    """Run one of PostgreSQL's programs and return what it prints.

    Raises:
        BackupError: It is not installed, or it failed.
    """
    path = shutil.which(program)
    if path is None:
        raise BackupError(
            f"{program} is not installed: install PostgreSQL's client programs "
            "(postgresql-client), of the server's version or newer"
        )
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, without a shell
        [path, *words], capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise BackupError(f"{program} failed: {lines[0]}")
    return done.stdout
