"""An outage of the database in the log: its begin, a line a minute, and its end with how long."""

import sqlite3
from time import monotonic

import structlog
from sqlalchemy.exc import DBAPIError

log = structlog.get_logger()

SAY_AGAIN_SECONDS = 60.0
MISSING = "a table is missing in the database: run `dars db upgrade`; updates wait"
_UNDEFINED_TABLE = "42P01"


def is_table_missing(error: BaseException) -> bool:
    """Return whether a statement failed because migrations did not run, or not here."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    on_sqlite = isinstance(cause, sqlite3.OperationalError) and "no such table" in str(cause)
    return on_sqlite or getattr(cause, "sqlstate", None) == _UNDEFINED_TABLE


def _why(error: BaseException) -> str:
    return MISSING if is_table_missing(error) else "the database is away: updates wait"


class Outage:
    """Knows whether the database is away, and says so without filling the log."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._said = 0.0
        self._updates = 0

    def note(self, error: BaseException) -> None:
        """Note an update that could not be handled."""
        now = monotonic()
        self._updates += 1
        if self._since is None:
            self._since = self._said = now
            log.error(_why(error), error=type(error).__name__)
        elif now - self._said >= SAY_AGAIN_SECONDS:
            self._said = now
            again = MISSING if is_table_missing(error) else "the database is still away"
            log.error(again, seconds=round(now - self._since))

    def end(self) -> None:
        """Note that an update was handled."""
        if self._since is None:
            return
        seconds, tries = round(monotonic() - self._since, 1), self._updates
        self._since, self._updates = None, 0
        log.warning("the database is back", seconds=seconds, failed_tries=tries)
