"""Assignments: what pupils see of them, what teachers write."""

from typing import Any

from sandbox.canvas.call import Call, pick
from sandbox.canvas.dates import (
    KINDS,
    all_dates,
    dates_for_pupil,
    dates_for_teacher,
    is_assigned,
    overrides_for,
    overrides_of,
)
from sandbox.canvas.errors import Json, bad_field, not_found
from sandbox.canvas.paging import Key, Listed
from sandbox.canvas.params import as_flag, as_id, as_number
from sandbox.canvas.state import Row, School
from sandbox.canvas.work import refresh, row_of

_FIELDS = (
    *("id", "course_id", "name", "points_possible", "grading_type", "assignment_group_id"),
    *("created_at", "updated_at", "position", "submission_types", "allowed_attempts"),
    *("omit_from_final_grade", "hide_in_gradebook", "only_visible_to_overrides"),
    *("important_dates", "anonymize_students", "post_manually", "workflow_state"),
)
_TEXTS = ("description", "grading_type")
_FLAGS = (
    *("omit_from_final_grade", "hide_in_gradebook", "only_visible_to_overrides"),
    *("important_dates", "anonymize_students", "post_manually"),
)
HAS_WORK = "Can't unpublish if there are student submissions"
_NEW: Row = {
    "description": None,
    "points_possible": 0.0,
    "grading_type": "points",
    "submission_types": ["none"],
    "allowed_attempts": -1,
    **dict.fromkeys(_FLAGS, False),
    **dict.fromkeys(KINDS),
    **dict.fromkeys(("quiz_id", "discussion_topic_id")),
}


def shape(call: Call, one: Row) -> Json:
    """An assignment as the caller sees it."""
    course = call.school.courses.get(one["course_id"]) or {}
    teaches = call.teaches(course)
    found = pick(one, *_FIELDS) | _dates(call, one, teaches=teaches)
    found |= _constant(call, one, course)
    found |= _lock(call, one, found, teaches=teaches)
    if teaches:
        found |= _for_teacher(call, one)
    return found | _included(call, one, teaches=teaches)


def _dates(call: Call, one: Row, *, teaches: bool) -> Row:
    if teaches and call.params.flag("override_assignment_dates", default=True):
        return dates_for_teacher(call.school, one)
    if teaches:
        return pick(one, *KINDS)
    return dates_for_pupil(call.school, one, call.caller["id"])


def _constant(call: Call, one: Row, course: Row) -> Json:
    found: Json = {
        "published": one["workflow_state"] == "published",
        "html_url": f"{call.base}/courses/{one['course_id']}/assignments/{one['id']}",
        "grading_standard_id": course["grading_standard_id"],
        "is_quiz_assignment": bool(one["quiz_id"]),
        "is_quiz_lti_assignment": False,
        "anonymous_grading": one["anonymize_students"],
        "in_closed_grading_period": False,
        **dict.fromkeys(("peer_reviews", "automatic_peer_reviews", "muted"), False),
        **dict.fromkeys(("group_category_id", "lti_context_id"), None),
    }
    if one["quiz_id"]:
        found["quiz_id"] = one["quiz_id"]
    if one["discussion_topic_id"]:
        found["discussion_topic"] = {"id": one["discussion_topic_id"], "title": one["name"]}
    return found


def _lock(call: Call, one: Row, dates: Row, *, teaches: bool) -> Json:
    now = call.school.now
    begins_later = (dates["unlock_at"] or "") > now
    is_locked = not teaches and (begins_later or (dates["lock_at"] or "9") < now)
    found: Json = {"locked_for_user": is_locked, "description": one["description"]}
    if is_locked:
        when = dates["unlock_at"] if begins_later else dates["lock_at"]
        found["lock_explanation"] = f"This assignment is locked; the date is {when}."
    if is_locked and begins_later:
        found["description"] = None
    return found


def _for_teacher(call: Call, one: Row) -> Json:
    rows = call.school.submissions.of("assignment_id", one["id"])
    handed = [row for row in rows if row["submitted_at"]]
    waiting = [row for row in handed if row["workflow_state"] == "submitted"]
    return {
        "has_overrides": bool(overrides_of(call.school, one)),
        "needs_grading_count": len(waiting),
        "has_submitted_submissions": bool(handed),
        "unpublishable": not handed,
    }


def _included(call: Call, one: Row, *, teaches: bool) -> Json:
    found: Json = {}
    number = call.caller["id"]
    seen = overrides_of(call.school, one)
    mine = seen if teaches else overrides_for(call.school, one, number)
    if "all_dates" in call.includes:
        found |= all_dates(call.school, one, mine)
    if "overrides" in call.includes and teaches:
        found["overrides"] = [_override(item) for item in seen]
    if "submission" in call.includes and (row := row_of(call.school, one, number)):
        from sandbox.canvas.submissions import shape as submission_shape  # noqa: PLC0415

        found["submission"] = submission_shape(call, row)
    return found


def _override(one: Row) -> Json:
    return {name: value for name, value in one.items() if name != "workflow_state"}


def seen(call: Call, course: Row) -> list[Row]:
    """The assignments of a course that are there for the caller."""
    rows = call.school.assignments.of("course_id", course["id"])
    if call.teaches(course):
        return [one for one in rows if one["workflow_state"] != "deleted"]
    return [one for one in rows if is_assigned(call.school, one, call.caller["id"])]


def of_course(call: Call) -> Listed:
    """`GET courses/:id/assignments`."""
    course, ids = call.course(), call.params.ids("assignment_ids")
    term, bucket = call.params.text("search_term").casefold(), call.params.text("bucket")
    rows = [
        one
        for one in seen(call, course)
        if term in one["name"].casefold()
        and (not ids or one["id"] in ids)
        and (not bucket or _in_bucket(call, one, bucket))
    ]
    return Listed(rows, lambda one: shape(call, one), _order(call))


def _order(call: Call) -> Key:
    asked = call.params.text("order_by")
    if asked == "name":
        return lambda one: [one["name"], one["id"]]
    if asked == "due_at":
        return lambda one: [one["due_at"] is None, one["due_at"] or "", one["id"]]
    return lambda one: [one["position"], one["id"]]


def _in_bucket(call: Call, one: Row, bucket: str) -> bool:
    due = dates_for_pupil(call.school, one, call.caller["id"])["due_at"]
    if bucket == "undated":
        return due is None
    return due is not None and (due < call.school.now) == (bucket in {"past", "overdue"})


def find(call: Call) -> Row:
    """The assignment of the path, if it is there for the caller.

    Raises:
        CanvasError: It is not.
    """
    course = call.course()
    number = call.number("assignment_id")
    found = next((one for one in seen(call, course) if one["id"] == number), None)
    if found is None:
        raise not_found()
    return found


def show(call: Call) -> Json:
    """`GET courses/:id/assignments/:id`."""
    return shape(call, find(call))


def create(call: Call) -> Json:
    """`POST courses/:id/assignments`."""
    course = call.taught_course()
    wish = call.params.inner("assignment")
    one = add(call.school, course, _read(call, wish), _group(call.school, course, wish))
    return shape(call, one)


def add(school: School, course: Row, wish: Row, group_id: int | None = None) -> Row:
    """Makes an assignment and the row of each pupil's work.

    Args:
        school: The tables.
        course: Where it goes.
        wish: Its members, as `_NEW` has them.
        group_id: Its group; the first one of the course when None.

    Raises:
        CanvasError: It has no name.
    """
    if not wish.get("name"):
        raise bad_field("name", "blank", "blank")
    rows, now = school.assignments.of("course_id", course["id"]), school.now
    one = school.assignments.add(
        {
            "id": school.new_id(course["id"]),
            "course_id": course["id"],
            "assignment_group_id": group_id or school.groups.of("course_id", course["id"])[0]["id"],
            **_NEW,
            "position": len(rows) + 1,
            "workflow_state": "unpublished",
            **wish,
            "created_at": now,
            "updated_at": now,
        }
    )
    _link_kinds(school, one)
    refresh(school, one)
    return one


def _link_kinds(school: School, one: Row) -> None:
    kinds = {"online_quiz": "quiz_id", "discussion_topic": "discussion_topic_id"}
    for kind, name in kinds.items():
        if kind in one["submission_types"]:
            one[name] = one[name] or school.new_id(one["id"])


def _group(school: School, course: Row, wish: Json) -> int | None:
    number = as_id(wish.get("assignment_group_id", ""))
    group = school.groups.get(number) if number else None
    return number if group and group["course_id"] == course["id"] else None


def _read(call: Call, wish: Json) -> Row:
    found: Row = {name: wish[name] or None for name in _TEXTS if name in wish}
    found |= {name: as_flag(wish[name]) for name in _FLAGS if name in wish}
    found |= {kind: call.instant(wish[kind], kind) for kind in KINDS if kind in wish}
    if "name" in wish:
        found["name"] = _name(wish["name"])
    if "points_possible" in wish:
        found["points_possible"] = _points(wish["points_possible"])
    if "submission_types" in wish:
        kinds = wish["submission_types"]
        found["submission_types"] = (
            [str(k) for k in kinds] if isinstance(kinds, list) else [str(kinds)]
        )
    if "allowed_attempts" in wish:
        found["allowed_attempts"] = as_id(wish["allowed_attempts"]) or -1
    if "published" in wish:
        yes = as_flag(wish["published"])
        found["workflow_state"] = "published" if yes else "unpublished"
    return found


def _name(value: Any) -> str:
    name = str(value or "").strip()
    if not name or len(name) > 255:
        raise bad_field(
            "name", "blank" if not name else "too_long", "blank" if not name else "long"
        )
    return name


def _points(value: Any) -> float | None:
    if value is None or value == "":
        return None
    number = as_number(value)
    if number is None:
        raise bad_field("points_possible", "is not a number", "not_a_number")
    return number


def update(call: Call) -> Json:
    """`PUT courses/:id/assignments/:id`."""
    course = call.taught_course()
    one, wish = find(call), call.params.inner("assignment")
    group = _group(call.school, course, wish)
    change(call.school, one, _read(call, wish) | ({"assignment_group_id": group} if group else {}))
    return shape(call, one)


def change(school: School, one: Row, wish: Row) -> None:
    """Changes an assignment.

    Raises:
        CanvasError: It would be hidden although work was handed in.
    """
    rows = school.submissions.of("assignment_id", one["id"])
    if wish.get("workflow_state") == "unpublished" and any(row["submitted_at"] for row in rows):
        raise bad_field("published", HAS_WORK)
    one |= {**wish, "updated_at": school.now}
    refresh(school, one)


def delete(call: Call) -> Json:
    """`DELETE courses/:id/assignments/:id`."""
    call.taught_course()
    one = find(call)
    change(call.school, one, {"workflow_state": "deleted"})
    return shape(call, one)
