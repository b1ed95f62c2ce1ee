"""``dars db nightly``: a backup a day, what is too old goes, and once a week a restore is tried."""

import re
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from cli.backup import make_backup, rehearse
from cli.output import say
from src import clock
from src.errors import BackupError, DarsError, InvalidReport

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_NAMES = "dars-*.backup"
_SUNDAY = 6


def run_nightly(
    folder: Annotated[Path, typer.Argument(help="Where backups are kept.")],
    keep: Annotated[int, typer.Option(min=1, help="Days for which they are kept.")] = 14,
    daily_at: Annotated[
        str | None, typer.Option(metavar="HH:MM", help="Stay, and do it each day then (UTC).")
    ] = None,
    rehearse_now: Annotated[
        bool, typer.Option("--rehearse", help="Try the restore on whatever day.")
    ] = False,
) -> None:
    """Make a backup, delete those that are too old, and on Sundays put it back on trial.

    The newest good backup is never deleted. With `--daily-at` it goes on after a failure, which
    `backup_runs` and the alarms tell.
    """
    if daily_at is None:
        _night(folder, keep, rehearse_now)
        return
    if not _TIME.fullmatch(daily_at):
        raise InvalidReport(f"--daily-at {daily_at}: write a time such as 20:30")
    while True:
        time.sleep(seconds_until(daily_at, clock.now()))
        try:
            _night(folder, keep, rehearse_now)
        except DarsError as error:
            say(f"dars: {error}", to_errors=True)


def seconds_until(daily_at: str, now: datetime) -> float:
    """Return how long it is until a time of the day (UTC), never 0."""
    hour, minute = map(int, daily_at.split(":"))
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    then += timedelta(days=then <= now)
    return (then - now).total_seconds()


def _night(folder: Path, keep: int, rehearse_now: bool) -> None:
    now = clock.now()
    _make(folder)
    file = folder / f"dars-{now:%Y%m%d-%H%M%S}.backup"
    make_backup(file)
    for old in too_old(folder, now - timedelta(days=keep)):
        old.unlink()
        say(f"Deleted: {old}")
    if rehearse_now or now.weekday() == _SUNDAY:
        _rehearse(file)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BackupError(f"{folder} cannot be made: {error.strerror}") from None


def too_old(folder: Path, before: datetime) -> list[Path]:
    """Return the backups of a folder that were made before an instant; never the newest one."""
    *others, _ = sorted(folder.glob(_NAMES)) or [folder]
    return [file for file in others if file.name < f"dars-{before:%Y%m%d-%H%M%S}.backup"]


def _rehearse(file: Path) -> None:
    found = rehearse(file)
    if found.faults:
        raise BackupError(f"{file} came back with faults: {'; '.join(found.faults)}")
    rows = sum(found.rows.values())
    say(f"Rehearsed: {rows:,} rows and {found.pupils:,} streaks came back as they should.")
