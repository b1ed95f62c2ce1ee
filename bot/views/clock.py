"""Times of day as a pupil says them: 8:00 pm, রাত ৮টা."""

from datetime import time

from bot.words import Words

# From which hour on; in English all of them are am or pm.
_PARTS = (
    (20, "night"),
    (18, "evening"),
    (15, "afternoon"),
    (12, "noon"),
    (6, "morning"),
    (4, "dawn"),
    (0, "small-hours"),
)


def clock_face(t: Words, at: time) -> str:
    """Write a local time."""
    if not at.minute:
        return t("clock-hour", part=_part(t, at), hour=_hour(at))
    return t("clock-minute", part=_part(t, at), hour=_hour(at), minute=_minute(t, at))


def at_clock(t: Words, at: time) -> str:
    """Write when something happens, as in "at 8:00 pm"."""
    if not at.minute:
        return t("at-hour", part=_part(t, at), hour=_hour(at))
    return t("at-minute", part=_part(t, at), hour=_hour(at), minute=_minute(t, at))


def _part(t: Words, at: time) -> str:
    name = next(name for hour, name in _PARTS if at.hour >= hour)
    return t(f"part-{name}")


def _hour(at: time) -> int:
    return (at.hour - 1) % 12 + 1


def _minute(t: Words, at: time) -> str:
    return t.number(at.minute).rjust(2, t.number(0))
