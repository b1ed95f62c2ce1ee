"""Instants as Canvas writes and reads them: UTC to the second, `2026-09-01T17:59:00Z`."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from sandbox.canvas.errors import bad_field

# Canvas calls zones by the names of its framework in one place, and by IANA's in another.
_FRAMEWORK_NAMES = {
    "Asia/Dhaka": "Dhaka",
    "America/New_York": "Eastern Time (US & Canada)",
    "America/Denver": "Mountain Time (US & Canada)",
    "Europe/London": "London",
    "Etc/UTC": "UTC",
}


def stamp(instant: datetime) -> str:
    """An instant as text."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(text: str) -> datetime:
    """The instant of a text that `stamp` wrote."""
    return datetime.fromisoformat(text)


def parse(value: object, zone: str, field: str) -> str | None:
    """Reads what a client sent for an instant.

    Args:
        value: A date or an instant with or without an offset; empty or None for no date.
        zone: Where an instant without an offset is meant.
        field: Its name, for the refusal.

    Raises:
        CanvasError: It is neither.
    """
    if value is None or value == "":
        return None
    try:
        instant = datetime.fromisoformat(str(value).strip()).replace(microsecond=0)
        instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise bad_field(field, f"Invalid datetime for {field}") from None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=ZoneInfo(zone))
    return stamp(instant)


def local(text: str, zone: str) -> datetime:
    """An instant on the clock of a zone."""
    return read(text).astimezone(ZoneInfo(zone))


def at(day: date, hour: int, minute: int, zone: str) -> str:
    """The instant of a time of day in a zone."""
    return stamp(datetime.combine(day, time(hour, minute), ZoneInfo(zone)))


def midnight(text: str, zone: str) -> str:
    """The beginning of the local day of an instant."""
    return at(local(text, zone).date(), 0, 0, zone)


def is_last_minute(text: str, zone: str) -> bool:
    """Whether an instant is 23:59, which Canvas shows as a day without a time."""
    clock = local(text, zone)
    return (clock.hour, clock.minute) == (23, 59)


def later(text: str, **much: float) -> str:
    """An instant moved by a timedelta's arguments."""
    return stamp(read(text) + timedelta(**much))


def is_zone(name: str) -> bool:
    """Whether a time zone has this name."""
    return name in available_timezones()


def framework_name(zone: str) -> str:
    """The name by which `users/self` calls a zone."""
    return _FRAMEWORK_NAMES.get(zone, zone)
