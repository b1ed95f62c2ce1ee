"""Calendar files: a school's secret feed becomes tasks, and tasks become a file. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event

from src.deadlines.results import Due, NewTask
from src.models import TaskSource

_NUMBER = re.compile(r"#(?P<kind>assignment|calendar_event)_(?P<number>\d{1,18})$")
_CODE = re.compile(r"course_(\d{1,18})")
_BRACKETS = re.compile(r"\s*\[(?P<code>[^\[\]]*)\]\s*$")
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)


class FeedUnreadable(ValueError):  # noqa: N818 - names a state
    """What a school sent is no calendar."""


def read_tasks(body: bytes, connection_id: int) -> list[NewTask]:
    """Return what a school's feed shows; an entry that cannot be read stops no other.

    Canvas writes what is due at the last minute of a day as the day alone, and names an assignment
    only in the address of its page: its own UID changes when the date of one pupil does.

    Raises:
        FeedUnreadable: It is no calendar.
    """
    try:
        calendar = Calendar.from_ical(body)
    except ValueError as error:
        raise FeedUnreadable("there is no calendar at this address") from error
    entries = (_entry(one, connection_id) for one in calendar.walk("VEVENT"))
    found = {(one.source, _id_of(one)): one for one in entries if one is not None}
    return list(found.values())


def _id_of(task: NewTask) -> int | None:
    return task.canvas_assignment_id or task.canvas_event_id


def _entry(event: Any, connection_id: int) -> NewTask | None:
    url, start = str(event.get("URL", "")), event.get("DTSTART")
    named = _NUMBER.search(url)
    if named is None or start is None:
        return None
    number, is_assignment = int(named["number"]), named["kind"] == "assignment"
    title, code = _titled(str(event.get("SUMMARY", "")))
    due_at, due_on = _dated(start.dt)
    course = _CODE.search(url)
    return NewTask(
        TaskSource.CANVAS_ASSIGNMENT if is_assignment else TaskSource.CANVAS_EVENT,
        title or f"#{number}",
        due_at,
        due_on,
        connection_id,
        int(course[1]) if course else None,
        number if is_assignment else None,
        None if is_assignment else number,
        code,
        url.partition("#")[0] or None,
    )


def _titled(summary: str) -> tuple[str, str | None]:
    """Return a title and the code of its course, which Canvas puts behind it in brackets."""
    found = _BRACKETS.search(summary)
    return (summary[: found.start()], found["code"]) if found else (summary.strip(), None)


def _dated(value: date | datetime) -> tuple[datetime | None, date | None]:
    if not isinstance(value, datetime):
        return None, value
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC), None


def write_calendar(tasks: Sequence[Due], name: str, uid: str, now: datetime) -> bytes:
    """Return an ``.ics`` file of tasks, in UTC, as people import it or programs read it.

    Args:
        tasks: With a date each; what is done or deleted is cancelled.
        name: Of the calendar.
        uid: What stands behind the ``@`` of every UID: the bot's name, always the same.
        now: The present, aware.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Dars//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for event in _events(tasks, uid, now):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(tasks: Iterable[Due], uid: str, now: datetime) -> Iterable[Event]:
    for task in tasks:
        if task.due_at is None:
            continue
        event = Event()
        event.add("uid", f"task-{task.id}@{uid}")
        # Not the present: what nobody changed is the same file again.
        event.add("dtstamp", task.changed_at or now)
        event.add("last-modified", task.changed_at or now)
        # It only grows when something changed, and is the same in every file of that state.
        event.add("sequence", _sequence(task))
        event.add("summary", f"{task.title} ({task.course})" if task.course else task.title)
        if task.due_on is not None:
            event.add("dtstart", task.due_on)
        else:
            event.add("dtstart", task.due_at)
        event.add("status", "CANCELLED" if task.is_done or task.is_deleted else "CONFIRMED")
        if task.url:
            event.add("url", task.url)
        yield event


def _sequence(task: Due) -> int:
    changed = task.changed_at
    return int((changed - _FIRST).total_seconds()) if changed and changed > _FIRST else 0
