"""Run tests as if it were another day: ``python -m tests.on_dates``.

Without arguments it runs what may hang on the calendar on each of `DATES`, and prints a line for
each; arguments are those of pytest and choose other tests. ``--date`` chooses other dates, and
``--few`` those of a handful that change every week. The bots, workers and servers that the tests
start see the same date.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32
from zoneinfo import ZoneInfo

import pytest

from tests.fixtures.postgres import find_unprivileged_user

ROOT = Path(__file__).resolve().parent.parent
# Each month, and both ends of a year; the changes of clocks; 29 February; each weekday and, among
# them all, each hour of the day. A line that ends with "each" puts every test just before it.
DATES = """
2026-11-29 09:00:00 UTC
2026-12-31 23:59:30 UTC
2027-01-01 00:05:00 UTC
2027-01-31 23:59:30 Asia/Dhaka
2027-02-01 00:05:00 Asia/Dhaka
2027-02-28 19:00:00 Asia/Dhaka
2027-03-01 03:00:00 UTC
2027-03-14 01:59:30 America/New_York
2027-03-28 00:59:30 Europe/London
2027-04-04 02:59:30 Australia/Sydney
2027-04-14 08:00:00 Asia/Dhaka
2027-05-05 05:00:00 UTC
2027-05-31 11:00:00 UTC
2027-06-10 12:00:00 UTC
2027-06-30 14:00:00 UTC
2027-07-01 17:59:30 UTC
2027-07-16 18:05:00 UTC
2027-08-12 20:00:00 UTC
2027-08-29 21:00:00 America/New_York
2027-09-04 04:00:00 UTC
2027-09-30 07:00:00 UTC
2027-10-03 01:59:30 Australia/Sydney
2027-10-31 01:59:30 Europe/London
2027-11-07 01:59:30 America/New_York
2027-11-30 10:00:00 UTC
2027-12-25 13:00:00 UTC
2027-12-31 23:59:30 America/New_York
2028-01-01 00:00:30 UTC
2028-01-03 06:00:00 UTC
2028-02-28 23:59:30 UTC
2028-02-29 12:00:00 UTC
2028-02-29 23:59:30 Asia/Dhaka
2028-03-01 00:00:30 UTC
2028-12-31 16:00:00 UTC
2029-01-01 22:00:00 UTC
2031-05-20 15:00:00 UTC
2036-12-29 23:00:00 UTC
2026-11-30 00:00:00 UTC each
2026-12-01 00:00:00 Asia/Dhaka each
2026-12-31 00:00:00 UTC each
2027-01-01 00:00:00 Asia/Dhaka each
2028-02-29 00:00:00 UTC each
2028-03-01 00:00:00 UTC each
"""
# What reads the clock; the rules are given their instants by the tests.
CHEAP = [
    "tests/unit/test_models.py",
    "tests/integration/test_costs_reports.py",
    "tests/integration/test_database_models.py",
    "tests/integration/test_housekeeping.py",
    "tests/integration/test_nudges.py",
    "tests/integration/test_reports.py",
    "tests/acceptance/test_costs.py",
    "tests/acceptance/test_practice.py::test_streak_and_progress_tell_what_was_done",
    "tests/acceptance/test_practice.py::test_when_a_pupil_was_last_here_is_kept_to_the_hour",
]
NO_COMPILER = "Another date needs a C compiler for tests/on_dates.c: `apt-get install gcc`."
NO_PLACE = "The user of the PostgreSQL server may enter no folder for temporary files."
NOT_MOVED = "The clock did not move: this system starts programs without LD_PRELOAD."
MOST_BEFORE = 3.0


@dataclass(frozen=True, slots=True)
class Moment:
    """When the tests are to run.

    Attributes:
        at: An aware instant, in the zone that the machine seems to be in.
        each: Every test begins up to three seconds before it.
    """

    at: datetime
    each: bool = False

    @classmethod
    def read(cls, line: str) -> "Moment":
        """Understand a line such as ``2028-02-29 23:59:50 Asia/Dhaka each``."""
        day, hour, zone, *more = line.split()
        at = datetime.fromisoformat(f"{day} {hour}").replace(tzinfo=ZoneInfo(zone))
        return cls(at, each=more == ["each"])

    def __str__(self) -> str:
        each = " each" if self.each else ""
        return f"{self.at:%a %Y-%m-%d %H:%M:%S} {self.at.tzinfo}{each}"


class Clock:
    """The clock of all processes that are started with its environment."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "shift"
        self._library = folder / "on_dates.so"
        self._file.write_bytes(bytes(8))

    def build(self) -> None:
        """Compile the part in C; without a compiler end with a word on how to get one."""
        compiler = shutil.which("cc") or shutil.which("gcc") or sys.exit(NO_COMPILER)
        paths = ["-o", str(self._library), str(ROOT / "tests" / "on_dates.c")]
        subprocess.run([compiler, "-shared", "-fPIC", "-O2", *paths, "-ldl"], check=True)

    def environment(self, moment: Moment) -> dict[str, str]:
        """Return the environment in which it is that moment."""
        own = {"LD_PRELOAD": str(self._library), "ON_DATES_CLOCK": str(self._file)}
        edge = {"ON_DATES_EDGE": str(moment.at.timestamp())} if moment.each else {}
        return dict(os.environ) | own | {"TZ": str(moment.at.tzinfo)} | edge

    def set(self, moment: Moment) -> None:
        """Set the clock and see that it moved."""
        write_shift(self._file, moment.at.timestamp() - time.time())
        asked = {
            (sys.executable, "-c", "import time; print(time.time())"): None,
            ("date", "+%s"): find_unprivileged_user(),
        }
        for command, user in asked.items():
            seen = subprocess.check_output(command, user=user, env=self.environment(moment))
            if abs(float(seen) - moment.at.timestamp()) > 3600:
                sys.exit(NOT_MOVED)


def write_shift(file: Path, seconds: float) -> None:
    """Move the clock to so many seconds from the true time."""
    with file.open("r+b") as opened:
        opened.write(round(seconds * 1e9).to_bytes(8, sys.byteorder, signed=True))


def read_shift(file: Path) -> float:
    """Return how many seconds the clock is moved by."""
    return int.from_bytes(file.read_bytes(), sys.byteorder, signed=True) / 1e9


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """As a plugin of pytest: put the clock just before an edge, for each test."""
    if edge := os.environ.get("ON_DATES_EDGE"):
        file = Path(os.environ["ON_DATES_CLOCK"])
        # Another time for each test and date; seldom much, as most tests are over in no time.
        chance = crc32(f"{item.nodeid} {edge}".encode()) / 2**32
        before = MOST_BEFORE * chance**3
        truly = time.time() - read_shift(file)
        write_shift(file, float(edge) - before - truly)


@contextmanager
def make_clock() -> Iterator[Clock]:
    """Make a clock in a folder that the server of another user can read."""
    with tempfile.TemporaryDirectory(prefix="dars-dates-", dir=_choose_place()) as name:
        Path(name).chmod(0o755)
        clock = Clock(Path(name))
        clock.build()
        yield clock


def _choose_place() -> str:
    """Return a place for folders that the server's user may enter; not every /tmp is one."""
    for place in (tempfile.gettempdir(), "/var/tmp", "/dev/shm"):
        enters = subprocess.run(["test", "-x", place], user=find_unprivileged_user(), check=False)
        if enters.returncode == 0:
            return place
    sys.exit(NO_PLACE)


def run_tests(clock: Clock, moment: Moment, arguments: Sequence[str], log: Path) -> bool:
    """Run tests at a moment, print a line and what failed; return whether all was well."""
    clock.set(moment)
    options = ["-q", "-p", "tests.on_dates", "-p", "no:cacheprovider", "--hypothesis-profile=few"]
    with log.open("w") as opened:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *arguments],
            cwd=ROOT,
            env=clock.environment(moment),
            stdout=opened,
            stderr=subprocess.STDOUT,
            check=False,
        )
    lines = log.read_text().splitlines() or ["pytest said nothing"]
    print(f"{moment!s:45} {'ok ' if done.returncode == 0 else 'BAD'} {lines[-1]}", flush=True)
    for line in lines:
        if line.startswith(("FAILED", "ERROR")):
            print(f"    {line}", flush=True)
    return done.returncode == 0


def few_dates() -> list[str]:
    """Return a handful of the dates: others every week, and always one just before midnight."""
    dates = DATES.strip().splitlines()
    choice = random.Random("{}-{}".format(*datetime.now(UTC).isocalendar()[:2]))
    edges = [line for line in dates if line.endswith("each")]
    return [*choice.sample([line for line in dates if line not in edges], 3), choice.choice(edges)]


def main() -> None:
    """Run the tests on each date; end with 1 if any failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.on_dates", description=__doc__)
    parser.add_argument("--date", action="append", help="such as '2028-02-29 23:59:50 UTC each'")
    parser.add_argument("--few", action="store_true", help="a handful, others every week")
    parser.add_argument("--logs", type=Path, help="a folder for the words of pytest")
    given, arguments = parser.parse_known_args()
    dates = given.date or (few_dates() if given.few else DATES.strip().splitlines())
    logs = given.logs or Path(tempfile.mkdtemp(prefix="dars-dates-logs-"))
    logs.mkdir(parents=True, exist_ok=True)
    print(f"{len(dates)} dates; what pytest says is in {logs}", flush=True)
    with make_clock() as clock:
        bad = sum(
            not run_tests(clock, Moment.read(line), arguments or CHEAP, logs / f"{number:02}.log")
            for number, line in enumerate(dates, 1)
        )
    sys.exit(f"{bad} of {len(dates)} dates have tests that fail" if bad else 0)


if __name__ == "__main__":
    main()
