"""When something is due, as people say it. Pure and synchronous."""

from datetime import date, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from bot.views.clock import at_clock
from bot.words import Words
from src.deadlines.results import Due

_WEEK = 7


def when(t: Words, task: Due, now: datetime, timezone: str) -> str:
    """Write when a task is due, as in "tomorrow at 5:00 pm"."""
    return moment(t, task.due_at, task.due_on, now, timezone)


def moment(
    t: Words, due_at: datetime | None, due_on: date | None, now: datetime, timezone: str
) -> str:
    """Write an instant, or a day, as in "Friday, 6 March, at 5:00 pm"."""
    today = day_of(now, timezone)
    if due_on is not None:
        return day_name(t, due_on, today)
    if due_at is None:
        return t("due-undated")
    local = due_at.astimezone(ZoneInfo(timezone))
    clock = at_clock(t, local.time())
    return t("due-moment", day=day_name(t, local.date(), today), clock=clock)


def day_of(at: datetime, timezone: str) -> date:
    """Return the local day of an instant."""
    return at.astimezone(ZoneInfo(timezone)).date()


def day_name(t: Words, day: date, today: date) -> str:
    """Write a day: today, tomorrow, or its date with the weekday if that is near."""
    ahead = (day - today).days
    if ahead in {-1, 0, 1}:
        return t({-1: "day-yesterday", 0: "day-today", 1: "day-tomorrow"}[ahead])
    month = t(f"month-{day.month}")
    if 0 < ahead < _WEEK:
        return t("day-near", weekday=t(f"weekday-{day.weekday()}"), day=day.day, month=month)
    if day.year == today.year or 0 < ahead < 300:
        return t("day-far", day=day.day, month=month)
    return t("day-year", day=day.day, month=month, year=t.digits(str(day.year)))


def left(t: Words, due_at: datetime, now: datetime) -> str:
    """Write how long there is still time, roughly."""
    hours = max(0, round((due_at - now) / timedelta(hours=1)))
    if hours >= 36:
        return t("left-days", count=round(hours / 24))
    return t("left-hours", count=hours) if hours else t("left-soon")


def line(t: Words, task: Due, now: datetime, timezone: str) -> str:
    """Write a task in one line, with its course and date."""
    said = when(t, task, now, timezone)
    title = escape(task.title, quote=False)
    if task.course:
        return t("task-line-course", title=task.title, course=task.course, when=said)
    return f"<b>{title}</b> · {said}"
