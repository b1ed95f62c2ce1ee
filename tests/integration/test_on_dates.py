"""What reads the clock, on other days than this."""

import subprocess
import sys

import pytest

from tests.on_dates import DATES, ROOT, Moment, few_dates


def test_every_line_is_a_date_and_a_few_hold_an_edge() -> None:
    moments = [Moment.read(line) for line in DATES.strip().splitlines()]
    assert len(set(moments)) == len(moments) >= 40
    assert {moment.at.month for moment in moments} == set(range(1, 13))
    assert {moment.at.weekday() for moment in moments} == set(range(7))
    assert any(Moment.read(line).each for line in few_dates())


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_on_a_few_dates_all_is_as_today() -> None:
    command = [sys.executable, "-m", "tests.on_dates", "--few"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
