"""The only source of the current time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_shift = timedelta()


def now() -> datetime:
    """Return the current instant, aware and in UTC."""
    return datetime.now(UTC) + _shift


def shift(by: timedelta) -> None:
    """Move this process's clock by a fixed amount.

    A rehearsal of tomorrow: ``DARS_CLOCK_SHIFT_SECONDS`` starts a process on another day.

    Args:
        by: What to add to the real time from now on; zero restores it.
    """
    global _shift  # noqa: PLW0603 - one clock for the process is the purpose
    _shift = by


def local_day(instant: datetime, timezone: str) -> date:
    """Return the date that a wall calendar shows in a time zone at an instant.

    Args:
        instant: An aware instant.
        timezone: An IANA name, such as ``Asia/Dhaka``.
    """
    return instant.astimezone(ZoneInfo(timezone)).date()
