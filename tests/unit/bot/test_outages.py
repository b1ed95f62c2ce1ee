"""An outage is a line at its begin, one a minute, and one at its end."""

import pytest
from structlog.testing import capture_logs

from bot import outages
from bot.outages import Outage


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock of the test; its last entry is the present."""
    times = [1000.0]
    monkeypatch.setattr(outages, "monotonic", lambda: times[-1])
    return times


def test_a_thousand_updates_of_an_outage_are_a_few_lines(seconds: list[float]) -> None:
    outage = Outage()
    with capture_logs() as lines:
        for _ in range(1000):
            outage.note(OSError())
            seconds.append(seconds[-1] + 0.15)
        outage.end()
        outage.end()
    assert [line["event"] for line in lines] == [
        "the database is away: updates wait",
        "the database is still away",
        "the database is still away",
        "the database is back",
    ]
    assert (lines[-1]["seconds"], lines[-1]["failed_tries"]) == (150.0, 1000)


def test_without_an_outage_there_is_no_line() -> None:
    with capture_logs() as lines:
        Outage().end()
    assert lines == []
