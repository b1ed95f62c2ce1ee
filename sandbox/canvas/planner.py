"""The planner: one list of all that is due, from every course, with the state of the work."""

from collections.abc import Iterator
from typing import Any

from sandbox.canvas import assignments
from sandbox.canvas.call import Call, is_over, is_restricted, pick
from sandbox.canvas.dates import dates_for_pupil
from sandbox.canvas.errors import Json
from sandbox.canvas.paging import Listed
from sandbox.canvas.state import Row
from sandbox.canvas.times import later
from sandbox.canvas.work import is_done, is_late, is_missing, row_of

_DAYS = 14


def items(call: Call) -> Listed:
    """`GET planner/items`: two weeks back and two on, unless dates are named."""
    now = call.school.now
    begin = call.day("start_date", later(now, days=-_DAYS))
    end = call.day("end_date", later(now, days=_DAYS))
    codes = set(call.params.many("context_codes"))
    rows = [
        item
        for item in _all(call)
        if begin <= item["at"] <= end and (not codes or item["code"] in codes)
    ]
    return Listed(rows, lambda item: item["show"](), lambda item: [item["at"], item["id"]])


def _all(call: Call) -> Iterator[Row]:
    concluded = "concluded" in call.includes
    for course in call.school.courses:
        closed = is_over(call.school, course) and not concluded
        if closed or course["workflow_state"] not in {"available", "completed"}:
            continue
        if call.seats(course) and not is_restricted(course, call.school.now):
            yield from _of_course(call, course)
    yield from _events(call, f"user_{call.caller['id']}", None)
    yield from _notes(call)


def _of_course(call: Call, course: Row) -> Iterator[Row]:
    for one in assignments.seen(call, course):
        due = dates_for_pupil(call.school, one, call.caller["id"])["due_at"]
        if due:
            yield _item(
                course, due, one["id"], lambda one=one, due=due: _work(call, course, one, due)
            )
    yield from _events(call, f"course_{course['id']}", course)


def _item(course: Row | None, at: str, number: int, show: Any) -> Row:
    code = f"course_{course['id']}" if course else "user"
    return {"id": number, "at": at, "code": code, "show": show}


def _work(call: Call, course: Row, one: Row, due: str) -> Json:
    kind, number = "assignment", one["id"]
    if one["quiz_id"]:
        kind, number = "quiz", one["quiz_id"]
    elif one["discussion_topic_id"]:
        kind, number = "discussion_topic", one["discussion_topic_id"]
    path = f"/courses/{course['id']}/assignments/{one['id']}"
    inner = {"id": number, "title": one["name"], "due_at": due, "assignment_id": one["id"]}
    inner |= pick(one, "points_possible", "created_at", "updated_at")
    row = row_of(call.school, one, call.caller["id"])
    state: Json | bool = _state(call, one, row) if row else False
    return {**_frame(call, course, (kind, number, due), inner, path), "submissions": state}


def _state(call: Call, one: Row, row: Row) -> Json:
    return {
        "submitted": bool(row["submitted_at"]),
        "excused": bool(row["excused"]),
        "graded": row["workflow_state"] == "graded" and bool(row["posted_at"]),
        "posted_at": row["posted_at"],
        "late": is_late(row),
        "missing": is_missing(row, one, call.school.now),
        "needs_grading": row["workflow_state"] == "submitted",
        "has_feedback": bool(row["comments"]),
        "redo_request": False,
    }


def _events(call: Call, code: str, course: Row | None) -> Iterator[Row]:
    for one in call.school.events.of("context_code", code):
        if one["workflow_state"] == "active" and one["start_at"]:
            yield _item(
                course, one["start_at"], one["id"], lambda one=one: _event(call, course, one)
            )


def _event(call: Call, course: Row | None, one: Row) -> Json:
    inner = pick(one, "id", "title", "start_at", "end_at", "all_day", "description")
    inner |= pick(one, "location_name", "created_at", "updated_at")
    path = f"/calendar?event_id={one['id']}"
    frame = _frame(call, course, ("calendar_event", one["id"], one["start_at"]), inner, path)
    return {**frame, "submissions": False}


def _notes(call: Call) -> Iterator[Row]:
    for one in call.school.notes.of("user_id", call.caller["id"]):
        if one["workflow_state"] == "active":
            yield _item(None, one["todo_date"], one["id"], lambda one=one: _note(call, one))


def _note(call: Call, one: Row) -> Json:
    course = call.school.courses.get(one["course_id"] or 0)
    inner = pick(one, "id", "title", "todo_date", "details", "user_id", "course_id")
    path = f"/api/v1/planner_notes/{one['id']}"
    frame = _frame(call, course, ("planner_note", one["id"], one["todo_date"]), inner, path)
    return {**frame, "submissions": False}


def _frame(
    call: Call, course: Row | None, what: tuple[str, int, str], inner: Json, path: str
) -> Json:
    kind, number, at = what
    where: Json = {"context_type": "User", "context_name": call.caller["name"]}
    if course:
        where = {"context_type": "Course", "context_name": course["name"]}
        where["course_id"] = course["id"]
    return {
        **where,
        "plannable_type": kind,
        "plannable_id": number,
        "plannable_date": at,
        "plannable": inner,
        "new_activity": False,
        "html_url": path,
        "planner_override": _override(call, kind, number),
    }


def _override(call: Call, kind: str, number: int) -> Row | None:
    rows = call.school.planner_overrides.of("user_id", call.caller["id"])
    return next(
        (one for one in rows if (one["plannable_type"], one["plannable_id"]) == (kind, number)),
        None,
    )


def todo(call: Call) -> Listed:
    """`GET users/self/todo`: work to hand in, and work to mark."""
    rows = []
    for course in call.school.courses:
        if call.seats(course) and course["workflow_state"] == "available":
            rows += [one for one in assignments.seen(call, course) if _is_to_do(call, course, one)]
    return Listed(rows, lambda one: _todo(call, one))


def _is_to_do(call: Call, course: Row, one: Row) -> bool:
    if call.teaches(course):
        rows = call.school.submissions.of("assignment_id", one["id"])
        return any(row["workflow_state"] == "submitted" for row in rows)
    row, now = row_of(call.school, one, call.caller["id"]), call.school.now
    due = row["cached_due_date"] if row else None
    return bool(row and due and not is_done(row) and now <= due <= later(now, days=7))


def _todo(call: Call, one: Row) -> Json:
    teaches = call.teaches(call.school.courses.get(one["course_id"]) or {})
    inner = assignments.shape(call, one)
    return {
        "type": "grading" if teaches else "submitting",
        "assignment": inner,
        "course_id": one["course_id"],
        "context_type": "Course",
        "html_url": f"{inner['html_url']}#submit",
        "ignore": f"{call.base}/api/v1/users/self/todo",
    }


def missing(call: Call) -> Listed:
    """`GET users/self/missing_submissions`."""
    rows = []
    for row in call.school.submissions.of("user_id", call.caller["id"]):
        one = call.school.assignments.get(row["assignment_id"]) or {}
        if row["assigned"] and is_missing(row, one, call.school.now):
            rows.append(one)
    return Listed(rows, lambda one: assignments.shape(call, one))
