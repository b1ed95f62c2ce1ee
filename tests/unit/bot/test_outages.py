"""An outage is a line at its begin, one a minute, and one at its end."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from bot import outages
from bot.outages import Outage
from bot.updates import is_database_away
from src import database


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


async def failing(statement: str) -> DBAPIError:
    """Return what a statement raises."""
    with pytest.raises(DBAPIError) as caught:
        async with database.session_scope() as db:
            await db.execute(text(statement))
    return caught.value


async def test_a_missing_table_is_no_outage_but_migrations_that_did_not_run(
    database_url: str,
) -> None:
    error = await failing("SELECT 1 FROM nowhere")
    with capture_logs() as lines:
        Outage().note(error)
    assert [line["event"] for line in lines] == [outages.MISSING]
    # What pupils write waits for the migrations, on both databases.
    assert is_database_away(error)


async def test_another_fault_of_a_statement_is_no_missing_table(postgres_url: str) -> None:
    error = await failing("SELECT 1 / 0")
    assert not outages.is_table_missing(error)
    assert not is_database_away(error)
