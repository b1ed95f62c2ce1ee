"""Assignment groups with weights and drop rules, and grading periods."""

from typing import Any

from sandbox.canvas import assignments
from sandbox.canvas.call import Call, pick
from sandbox.canvas.errors import Json, bad_field
from sandbox.canvas.paging import Listed
from sandbox.canvas.params import as_id, as_number
from sandbox.canvas.state import Row, School


def shape(call: Call, one: Row) -> Json:
    """An assignment group; its assignments stand in it where they are asked for."""
    found = pick(one, "id", "name", "position", "group_weight", "rules")
    found |= {"sis_source_id": None, "integration_data": {}}
    if "assignments" in call.includes:
        course = call.school.courses.get(one["course_id"]) or {}
        rows = [
            row for row in assignments.seen(call, course) if row["assignment_group_id"] == one["id"]
        ]
        found["assignments"] = [assignments.shape(call, row) for row in rows]
    return found


def of_course(call: Call) -> Listed:
    """`GET courses/:id/assignment_groups`."""
    rows = call.school.groups.of("course_id", call.course()["id"])
    here = [one for one in rows if one["workflow_state"] != "deleted"]
    return Listed(here, lambda one: shape(call, one), lambda one: [one["position"], one["id"]])


def show(call: Call) -> Json:
    """`GET courses/:id/assignment_groups/:id`."""
    call.course()
    return shape(call, call.find(call.school.groups, "group_id"))


def create(call: Call) -> Json:
    """`POST courses/:id/assignment_groups`."""
    course = call.taught_course()
    return shape(call, add(call.school, course["id"], _read(call.params.values)))


def add(school: School, course_id: int, wish: Row) -> Row:
    """Makes a group."""
    count = len(school.groups.of("course_id", course_id))
    row = {"id": school.new_id(course_id), "course_id": course_id, "position": count + 1}
    new = {"name": "Assignments", "group_weight": 0.0, "rules": {}, "workflow_state": "available"}
    return school.groups.add({**row, **new, **wish})


def update(call: Call) -> Json:
    """`PUT courses/:id/assignment_groups/:id`."""
    call.taught_course()
    one = call.find(call.school.groups, "group_id")
    one |= _read(call.params.values)
    return shape(call, one)


def delete(call: Call) -> Json:
    """`DELETE courses/:id/assignment_groups/:id`: its assignments move to another, or go too."""
    course = call.taught_course()
    one = call.find(call.school.groups, "group_id")
    target = as_id(call.params.text("move_assignments_to"))
    wish = {"assignment_group_id": target} if target else {"workflow_state": "deleted"}
    for row in call.school.assignments.of("course_id", course["id"]):
        if row["assignment_group_id"] == one["id"]:
            assignments.change(call.school, row, wish)
    one["workflow_state"] = "deleted"
    return shape(call, one)


def _read(wish: Json) -> Row:
    found: Row = {}
    if "name" in wish:
        found["name"] = str(wish["name"])
    if "group_weight" in wish:
        found["group_weight"] = _number(wish["group_weight"])
    if isinstance(wish.get("rules"), dict):
        found["rules"] = _rules(wish["rules"])
    return found


def _rules(wish: Json) -> Row:
    found: Row = {
        name: int(_number(wish[name])) for name in ("drop_lowest", "drop_highest") if name in wish
    }
    if "never_drop" in wish:
        named = wish["never_drop"] if isinstance(wish["never_drop"], list) else []
        found["never_drop"] = [number for one in named if (number := as_id(one))]
    return found


def _number(value: Any) -> float:
    number = as_number(value)
    if number is None:
        raise bad_field("group_weight", "is not a number", "not_a_number")
    return number


def periods(call: Call) -> Listed:
    """`GET courses/:id/grading_periods`."""
    now, rows = call.school.now, call.school.periods.of("course_id", call.course()["id"])

    def period(one: Row) -> Json:
        found = pick(one, "id", "title", "start_date", "end_date", "close_date", "weight")
        return {**found, "is_closed": one["close_date"] < now, "is_last": one is rows[-1]}

    return Listed(rows, period, wrap="grading_periods")
