"""Calendar files: a stranger reads what we write, and we read what a school writes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import vobject
from icalendar import Calendar

from src.deadlines.calendars import FeedUnreadable, read_tasks, write_calendar
from src.deadlines.results import Due
from src.models import TaskSource

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
BANGLA = "পঞ্চগড়ের ইতিহাস নিয়ে রচনা, যার মধ্যে থাকবে; সময়রেখা\\মানচিত্র এবং অন্তত তিনটি উৎস"
TASK = Due(7, TaskSource.MANUAL, "Essay", None, NOW + timedelta(days=2), changed_at=NOW)


def written(*tasks: Due) -> bytes:
    return write_calendar(tasks, "Dars", "dars", NOW)


def test_a_stranger_reads_it() -> None:
    """Commas, semicolons, a backslash and long Bangla lines come back as they were.

    Rule 46: what an event is called by is the task's own number, in whatever order they are.
    """
    bangla = replace(TASK, id=8, title=BANGLA, course="বাংলাদেশ ও বিশ্বপরিচয়")
    read = vobject.readOne(written(TASK, bangla).decode())
    events = {one.uid.value: one for one in read.vevent_list}
    assert set(events) == {"task-7@dars", "task-8@dars"}
    again = vobject.readOne(written(bangla, TASK).decode())
    assert {one.uid.value: one.summary.value for one in again.vevent_list} == {
        uid: one.summary.value for uid, one in events.items()
    }
    assert events["task-8@dars"].summary.value == f"{BANGLA} (বাংলাদেশ ও বিশ্বপরিচয়)"
    assert events["task-7@dars"].dtstart.value == TASK.due_at


def test_lines_are_folded_within_letters() -> None:
    lines = written(replace(TASK, title=BANGLA)).split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() for line in lines[:-1])
    assert b"VTIMEZONE" not in written(TASK)


def test_a_day_has_no_time() -> None:
    """Rule 47: it ends with itself; a date at the end would be the day that is not in it."""
    event = event_of(replace(TASK, due_on=date(2026, 3, 6)))
    assert event["DTSTART"].dt == date(2026, 3, 6)
    assert "DTEND" not in event or event["DTEND"].dt == date(2026, 3, 7)


def event_of(task: Due) -> Any:
    [event] = Calendar.from_ical(written(task)).walk("VEVENT")
    return event


@pytest.mark.parametrize("gone", ["is_done", "is_deleted"])
def test_what_is_over_is_cancelled(gone: str) -> None:
    later = replace(TASK, changed_at=NOW + timedelta(minutes=1))
    over = replace(later, is_done=True) if gone == "is_done" else replace(later, is_deleted=True)
    before, after = event_of(TASK), event_of(over)
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_what_has_no_date_is_not_in_it() -> None:
    assert b"VEVENT" not in written(replace(TASK, due_at=None))


FEED = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:event-assignment-override-9
DTSTAMP:20260301T000000Z
DTSTART;VALUE=DATE:20260306
SUMMARY:Lab report (for Rahim) [SCI 8]
URL;VALUE=URI:https://x.example/calendar?include_contexts=course_4&month=03&year=2026#assignment_31
END:VEVENT
BEGIN:VEVENT
UID:event-calendar-event-5
DTSTAMP:20260301T000000Z
DTSTART:20260307T090000Z
SUMMARY:Science fair
URL;VALUE=URI:https://x.example/calendar?include_contexts=user_2#calendar_event_5
END:VEVENT
BEGIN:VEVENT
UID:strange
SUMMARY:Nothing of ours
DTSTART:20260307T090000Z
END:VEVENT
END:VCALENDAR
"""


def test_a_feed_of_canvas() -> None:
    lab, fair = read_tasks(FEED.replace("\n", "\r\n").encode(), 1)
    assert (lab.source, lab.canvas_assignment_id, lab.canvas_course_id) == (
        TaskSource.CANVAS_ASSIGNMENT,
        31,
        4,
    )
    assert (lab.due_on, lab.course) == (date(2026, 3, 6), "SCI 8")
    assert (fair.source, fair.canvas_event_id, fair.title) == (
        TaskSource.CANVAS_EVENT,
        5,
        "Science fair",
    )
    assert fair.due_at == datetime(2026, 3, 7, 9, 0, tzinfo=UTC)


def test_what_is_no_calendar() -> None:
    with pytest.raises(FeedUnreadable):
        read_tasks(b"<html>Log in</html>", 1)
