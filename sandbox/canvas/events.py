"""Calendar events, and assignments as the calendar shows them."""

from sandbox.canvas import assignments
from sandbox.canvas.call import Call, pick
from sandbox.canvas.dates import dates_for_pupil, dates_for_teacher
from sandbox.canvas.errors import CanvasError, Json, NoRightError, not_found
from sandbox.canvas.paging import Listed
from sandbox.canvas.params import as_flag, as_id
from sandbox.canvas.state import Row, School
from sandbox.canvas.times import at, is_last_minute, is_zone, later, local, midnight, read

_MOST_CONTEXTS = 10
_MOST_COPIES = 200
_FIELDS = (
    *("id", "title", "start_at", "end_at", "all_day", "all_day_date", "description"),
    *("location_name", "location_address", "workflow_state", "context_code", "created_at"),
    *("updated_at", "series_uuid", "rrule"),
)
_TEXTS = ("title", "description", "location_name", "location_address")


def shape(call: Call, one: Row) -> Json:
    """A calendar event."""
    code = one["context_code"]
    link = f"{call.base}/api/v1/calendar_events/{one['id']}"
    return {
        **pick(one, *_FIELDS),
        "effective_context_code": code,
        "all_context_codes": code,
        "type": "event",
        "context_name": _context_name(call, code),
        "hidden": False,
        "child_events": [],
        "child_events_count": 0,
        "parent_event_id": None,
        "important_dates": False,
        "blackout_date": False,
        "duplicates": [],
        "url": link,
        "html_url": f"{call.base}/calendar?event_id={one['id']}",
    }


def _context_name(call: Call, code: str) -> str:
    kind, _, number = code.partition("_")
    table = call.school.users if kind == "user" else call.school.courses
    return str((table.get(int(number)) or {"name": ""})["name"])


def of_caller(call: Call) -> Listed:
    """`GET calendar_events`: of today, unless dates are named."""
    codes = _codes(call)
    begin, end = _window(call)
    if call.params.text("type") == "assignment":
        return _assignments(call, codes, begin, end)
    rows = [one for code in codes for one in call.school.events.of("context_code", code)]
    kept = [one for one in rows if one["workflow_state"] != "deleted"]
    shown = [one for one in kept if _is_within(call, one["start_at"], one["end_at"], begin, end)]
    return Listed(
        shown, lambda one: shape(call, one), lambda one: [one["start_at"] or "", one["id"]]
    )


def _codes(call: Call) -> list[str]:
    own = f"user_{call.caller['id']}"
    codes = call.params.many("context_codes")[:_MOST_CONTEXTS] or [own]
    for code in codes:
        kind, _, number = code.partition("_")
        course = call.school.courses.get(as_id(number) or 0) if kind == "course" else None
        if code != own and not (course and (call.seats(course) or call.teaches(course))):
            raise NoRightError
    return codes


def _window(call: Call) -> tuple[str, str]:
    zone = call.caller["time_zone"]
    today = midnight(call.school.now, zone)
    begin = _day(call, "start_date", today)
    end = _day(call, "end_date", begin)
    if len(call.params.text("end_date")) <= len("2026-01-31"):
        end = at(local(end, zone).date(), 23, 59, zone)
    return begin, end


def _day(call: Call, name: str, default: str) -> str:
    try:
        return call.day(name, default)
    except CanvasError:
        raise CanvasError(
            400, {"errors": {name: f"Invalid date or invalid datetime for {name}"}}
        ) from None


def _is_within(call: Call, start: str | None, end: str | None, begin: str, until: str) -> bool:
    if call.params.flag("undated"):
        return start is None
    if call.params.flag("all_events"):
        return True
    return start is not None and start <= until and (end or start) >= begin


def _assignments(call: Call, codes: list[str], begin: str, end: str) -> Listed:
    numbers = [int(code.removeprefix("course_")) for code in codes if code.startswith("course_")]
    courses = [course for number in numbers if (course := call.school.courses.get(number))]
    rows = [one for course in courses for one in assignments.seen(call, course)]

    def keep(one: Row) -> bool:
        due = _due(call, one)
        return _is_within(call, due, due, begin, end)

    # Dates of overrides are looked at after the page was cut, so pages may be short or empty.
    return Listed(rows, lambda one: _assignment(call, one), keep=keep)


def _due(call: Call, one: Row) -> str | None:
    course = call.school.courses.get(one["course_id"]) or {}
    if call.teaches(course):
        dates = dates_for_teacher(call.school, one)
    else:
        dates = dates_for_pupil(call.school, one, call.caller["id"])
    due: str | None = dates["due_at"]
    return due


def _assignment(call: Call, one: Row) -> Json:
    due, code = _due(call, one), f"course_{one['course_id']}"
    zone = call.caller["time_zone"]
    all_day = bool(due and is_last_minute(due, zone))
    inner = assignments.shape(call, one)
    return {
        "id": f"assignment_{one['id']}",
        "title": one["name"],
        "type": "assignment",
        "start_at": due,
        "end_at": due,
        "all_day": all_day,
        "all_day_date": str(local(due, zone).date()) if due else None,
        **pick(inner, "description", "workflow_state", "created_at", "updated_at", "html_url"),
        "context_code": code,
        "context_name": _context_name(call, code),
        "assignment": inner,
        "assignment_overrides": [],
        "important_dates": False,
        "url": f"{call.base}/api/v1/calendar_events/assignment_{one['id']}",
    }


def show(call: Call) -> Json:
    """`GET calendar_events/:id`; a deleted one is shown too."""
    return shape(call, _find(call))


def _find(call: Call) -> Row:
    one = call.school.events.get(call.number("event_id"))
    if one is None:
        raise not_found()
    _may_read(call, one["context_code"])
    return one


def _may_read(call: Call, code: str) -> None:
    kind, _, number = code.partition("_")
    course = call.school.courses.get(int(number)) if kind == "course" else None
    if course and (call.seats(course) or call.teaches(course)):
        return
    if code != f"user_{call.caller['id']}":
        raise NoRightError


def _may_write(call: Call, code: str) -> None:
    course = call.school.courses.get(as_id(code.removeprefix("course_")) or 0)
    is_taught = code.startswith("course_") and course is not None and call.teaches(course)
    if code != f"user_{call.caller['id']}" and not is_taught:
        raise NoRightError


def create(call: Call) -> Json:
    """`POST calendar_events`, with copies where they are asked for."""
    wish = call.params.inner("calendar_event")
    code = str(wish.get("context_code", ""))
    if not code:
        raise CanvasError(400, {"context_code": ["is missing"]})
    _may_write(call, code)
    fields = _read(call, wish)
    one = add(call.school, code, fields, _zone(call, wish))
    copies = [add(call.school, code, more, _zone(call, wish)) for more in _copies(wish, one)]
    return {**shape(call, one), "duplicates": [{"calendar_event": shape(call, c)} for c in copies]}


def _zone(call: Call, wish: Json) -> str:
    asked = str(wish.get("time_zone_edited", ""))
    return asked if is_zone(asked) else str(call.caller["time_zone"])


def _read(call: Call, wish: Json) -> Row:
    found: Row = {name: str(wish[name] or "") or None for name in _TEXTS if name in wish}
    names = [name for name in ("start_at", "end_at") if name in wish]
    found |= {name: call.instant(wish[name], name) for name in names}
    if "all_day" in wish:
        found["all_day"] = as_flag(wish["all_day"])
    return found


def _copies(wish: Json, one: Row) -> list[Row]:
    plan = wish.get("duplicate")
    plan = plan if isinstance(plan, dict) else {}
    count = min(as_id(plan.get("count", 0)) or 0, _MOST_COPIES)
    step = {"daily": 1, "monthly": 30}.get(str(plan.get("frequency")), 7)
    step *= as_id(plan.get("interval", 1)) or 1
    kept = pick(one, *_TEXTS)
    return [
        {
            **kept,
            **{
                name: one[name] and later(one[name], days=n * step)
                for name in ("start_at", "end_at")
            },
        }
        for n in range(1, count + 1)
    ]


def add(school: School, code: str, wish: Row, zone: str) -> Row:
    """Makes an event in a calendar, with the rewriting that Canvas does."""
    empty = dict.fromkeys((*_TEXTS, "start_at", "end_at", "series_uuid", "rrule", "all_day_date"))
    row = {"id": school.new_id(), "context_code": code, "workflow_state": "active"}
    one = school.events.add({**empty, "all_day": False, **row, "created_at": school.now})
    return change(school, one, wish, zone)


def change(school: School, one: Row, wish: Row, zone: str) -> Row:
    """Changes an event: no end becomes its start, and midnight to midnight the whole day."""
    asked = wish.get("all_day", one["all_day"] and not {"start_at", "end_at"} & set(wish))
    one |= {**wish, "updated_at": school.now, "title": wish.get("title", one["title"])}
    one["title"] = one["title"] or "User Event"
    start, end = one["start_at"], one["end_at"]
    if start is None and end is not None:
        one["start_at"] = start = end
    if start and (end is None or end < start):
        one["end_at"] = end = start
    one |= {"all_day": False, "all_day_date": None}
    if start and (asked or (start == end and start == midnight(start, zone))):
        day = local(start, zone).date()
        one |= {"start_at": at(day, 0, 0, zone), "end_at": at(day, 0, 0, zone)}
        one |= {"all_day": True, "all_day_date": str(day)}
    return one


def update(call: Call) -> Json:
    """`PUT calendar_events/:id`."""
    one, wish = _alive(call), call.params.inner("calendar_event")
    change(call.school, one, _read(call, wish), _zone(call, wish))
    return shape(call, one)


def _alive(call: Call) -> Row:
    one = _find(call)
    _may_write(call, one["context_code"])
    if one["workflow_state"] != "active":
        raise NoRightError
    return one


def delete(call: Call) -> Json:
    """`DELETE calendar_events/:id`; a second time it is refused as a missing right."""
    one = _alive(call)
    one |= {"workflow_state": "deleted", "updated_at": call.school.now}
    return shape(call, one)


def upcoming(call: Call) -> list[Json]:
    """`GET users/self/upcoming_events`: the next seven days, whatever is asked."""
    now = call.school.now
    week = later(now, days=7)
    courses = [course for course in call.school.courses if call.seats(course)]
    codes = [f"user_{call.caller['id']}", *(f"course_{course['id']}" for course in courses)]
    events = [one for code in codes for one in call.school.events.of("context_code", code)]
    found = [
        shape(call, one)
        for one in events
        if one["workflow_state"] == "active" and now <= (one["start_at"] or "") <= week
    ]
    work = [one for course in courses for one in assignments.seen(call, course)]
    found += [_assignment(call, one) for one in work if now <= (_due(call, one) or "") <= week]
    return sorted(found, key=lambda one: read(one["start_at"]))
