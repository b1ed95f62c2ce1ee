"""An outage of the database in the log: its begin, a line a minute, and its end with how long."""

from time import monotonic

import structlog

log = structlog.get_logger()

SAY_AGAIN_SECONDS = 60.0


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
            log.error("the database is away: updates wait", error=type(error).__name__)
        elif now - self._said >= SAY_AGAIN_SECONDS:
            self._said = now
            log.error("the database is still away", seconds=round(now - self._since))

    def end(self) -> None:
        """Note that an update was handled."""
        if self._since is None:
            return
        seconds, tries = round(monotonic() - self._since, 1), self._updates
        self._since, self._updates = None, 0
        log.warning("the database is back", seconds=seconds, failed_tries=tries)
