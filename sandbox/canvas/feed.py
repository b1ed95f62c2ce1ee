"""The secret calendar address of a person or a course: `.ics` without a token."""

import re
from collections.abc import Iterator
from datetime import datetime

from starlette.responses import Response

from sandbox.canvas.call import is_restricted
from sandbox.canvas.dates import dates_for_pupil, is_assigned, overrides_for
from sandbox.canvas.errors import not_found
from sandbox.canvas.state import Row, School
from sandbox.canvas.times import is_last_minute, later, local, read

_BACK, _ON, _MOST = 30, 366, 1000
_TAG = re.compile(r"<[^>]*>")
_WIDTH = 75


def answer(school: School, name: str, base: str) -> Response:
    """`GET /feeds/calendars/user_<secret>.ics`, or `course_<secret>.ics`.

    Raises:
        CanvasError: No calendar has this address.
    """
    kind, _, secret = name.removesuffix(".ics").partition("_")
    table = {"user": school.users, "course": school.courses}.get(kind)
    owner = next((one for one in table or () if one["feed_secret"] == secret), None)
    if owner is None:
        raise not_found()
    lines = _of_user(school, owner, base) if kind == "user" else _of_course(school, owner, base)
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Stand-in school//EN")
    title = f"X-WR-CALNAME:{_escaped(owner['name'])} Calendar (Canvas)"
    whole = (*head, "CALSCALE:GREGORIAN", "METHOD:PUBLISH", title, *lines, "END:VCALENDAR")
    text = "".join(f"{folded}\r\n" for line in whole for folded in _folded(line))
    return Response(text, media_type="text/calendar")


def _of_user(school: School, user: Row, base: str) -> Iterator[str]:
    zone = user["time_zone"]
    yield from _events(school, f"user_{user['id']}", base, zone)
    numbers = {one["course_id"] for one in school.enrollments.of("user_id", user["id"])}
    for course in [one for one in school.courses if one["id"] in numbers]:
        if course["workflow_state"] == "available" and not is_restricted(course, school.now):
            yield from _course(school, course, base, user, zone)


def _of_course(school: School, course: Row, base: str) -> Iterator[str]:
    yield from _course(school, course, base, None, course["time_zone"])


def _course(school: School, course: Row, base: str, user: Row | None, zone: str) -> Iterator[str]:
    yield from _events(school, f"course_{course['id']}", base, zone)
    for one in school.assignments.of("course_id", course["id"])[:_MOST]:
        number = user["id"] if user else 0
        shown = is_assigned(school, one, number) if user else one["workflow_state"] == "published"
        due = dates_for_pupil(school, one, number)["due_at"]
        if shown and _is_near(school, due):
            others = [row for row in overrides_for(school, one, number) if "due_at" in row]
            yield from _assignment(one, due, others, zone)
            other = f" ({others[0]['title']})" if others else ""
            yield f"SUMMARY:{_escaped(one['name'] + other)} [{_escaped(course['course_code'])}]"
            yield from _where(course, one, base, local(due, zone))


def _assignment(one: Row, due: str, others: list[Row], zone: str) -> Iterator[str]:
    uid = f"event-assignment-{one['id']}"
    if others:
        uid = f"event-assignment-override-{others[0]['id']}"
    all_day = is_last_minute(due, zone)
    yield from _entry(uid, due, due, all_day=all_day, zone=zone, changed=one["updated_at"])
    yield f"DESCRIPTION:{_escaped(_TAG.sub('', one['description'] or ''))}"


def _where(course: Row, one: Row, base: str, day: datetime) -> Iterator[str]:
    link = f"{base}/calendar?include_contexts=course_{course['id']}&month={day:%m}&year={day:%Y}"
    yield f"URL;VALUE=URI:{link}#assignment_{one['id']}"
    yield "END:VEVENT"


def _events(school: School, code: str, base: str, zone: str) -> Iterator[str]:
    for one in school.events.of("context_code", code)[:_MOST]:
        if one["workflow_state"] == "active" and _is_near(school, one["start_at"]):
            yield from _entry(
                f"event-calendar-event-{one['id']}",
                one["start_at"],
                one["end_at"],
                all_day=one["all_day"],
                zone=zone,
                changed=one["updated_at"],
            )
            yield f"SUMMARY:{_escaped(one['title'])}"
            yield f"DESCRIPTION:{_escaped(_TAG.sub('', one['description'] or ''))}"
            link = f"{base}/calendar?include_contexts={code}#calendar_event_{one['id']}"
            yield f"URL;VALUE=URI:{link}"
            yield "END:VEVENT"


def _is_near(school: School, instant: str | None) -> bool:
    now = school.now
    return bool(instant) and later(now, days=-_BACK) <= str(instant) <= later(now, days=_ON)


def _entry(
    uid: str, start: str, end: str, *, all_day: bool, zone: str, changed: str
) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"DTSTAMP:{read(changed):%Y%m%dT%H%M%SZ}"
    yield f"UID:{uid}"
    if all_day:
        yield f"DTSTART;VALUE=DATE:{local(start, zone):%Y%m%d}"
    else:
        yield f"DTSTART:{read(start):%Y%m%dT%H%M%SZ}"
        yield f"DTEND:{read(end):%Y%m%dT%H%M%SZ}"
    yield "CLASS:PUBLIC"
    yield "SEQUENCE:0"


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    piece = ""
    for sign in line:
        if len(f"{piece}{sign}".encode()) > _WIDTH:
            yield piece
            piece = " "
        piece += sign
    yield piece
