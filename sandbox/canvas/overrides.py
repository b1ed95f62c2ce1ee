"""Other dates for some: overrides of an assignment for pupils or for a section."""

from sandbox.canvas import assignments
from sandbox.canvas.call import Call
from sandbox.canvas.dates import KINDS, overrides_for, overrides_of
from sandbox.canvas.errors import Json, bad_request
from sandbox.canvas.paging import Listed
from sandbox.canvas.params import as_id
from sandbox.canvas.state import Row, School
from sandbox.canvas.work import refresh


def shape(one: Row) -> Json:
    """An override: only the dates that it changes stand in it."""
    return {name: value for name, value in one.items() if name != "workflow_state"}


def of_assignment(call: Call) -> Listed:
    """`GET .../overrides`; a pupil sees those that concern them."""
    course, one = call.course(), assignments.find(call)
    mine = overrides_for(call.school, one, call.caller["id"])
    rows = overrides_of(call.school, one) if call.teaches(course) else mine
    return Listed(rows, shape)


def show(call: Call) -> Json:
    """`GET .../overrides/:id`."""
    call.taught_course()
    return shape(call.find(call.school.overrides, "override_id"))


def create(call: Call) -> Json:
    """`POST .../overrides`."""
    call.taught_course()
    one, wish = assignments.find(call), call.params.inner("assignment_override")
    return shape(add(call.school, one, {**_whom(call, wish), **_dates(call, wish)}))


def add(school: School, assignment: Row, wish: Row) -> Row:
    """Makes an override of `student_ids` or of a `course_section_id`."""
    row = {"id": school.new_id(assignment["id"]), "assignment_id": assignment["id"]}
    one = school.overrides.add({**row, "workflow_state": "active", **wish})
    assignments.change(school, assignment, {})
    return one


def _whom(call: Call, wish: Json) -> Row:
    if section := call.school.sections.get(as_id(wish.get("course_section_id", "")) or 0):
        return {"course_section_id": section["id"], "title": section["name"]}
    ids = wish.get("student_ids") or []
    numbers = [call.whole("student_ids", one) for one in (ids if isinstance(ids, list) else [ids])]
    if not numbers:
        raise bad_request("an override needs student_ids or a course_section_id")
    title = str(wish.get("title") or f"{len(numbers)} student{'s' * (len(numbers) > 1)}")
    return {"student_ids": numbers, "title": title}


def _dates(call: Call, wish: Json) -> Row:
    return {kind: call.instant(wish[kind], kind) for kind in KINDS if kind in wish}


def update(call: Call) -> Json:
    """`PUT .../overrides/:id`: dates that are not named are not changed any more by it."""
    call.taught_course()
    one = call.find(call.school.overrides, "override_id")
    wish = call.params.maybe("assignment_override")
    for kind in KINDS:
        one.pop(kind, None)
    one |= _dates(call, wish) | (_whom(call, wish) if "student_ids" in wish else {})
    assignments.change(call.school, assignments.find(call), {})
    return shape(one)


def delete(call: Call) -> Json:
    """`DELETE .../overrides/:id`."""
    call.taught_course()
    one = call.find(call.school.overrides, "override_id")
    one["workflow_state"] = "deleted"
    refresh(call.school, assignments.find(call))
    return shape(one)
