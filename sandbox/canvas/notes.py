"""A pupil's own marks in the planner: notes with a date, and what they ticked off."""

from sandbox.canvas.call import Call, pick
from sandbox.canvas.errors import Json, bad_field, not_found
from sandbox.canvas.paging import Listed
from sandbox.canvas.params import as_flag, as_id
from sandbox.canvas.state import Row, Table

_TICKS = ("marked_complete", "dismissed")


def of_caller(call: Call) -> Listed:
    """`GET planner_notes`."""
    begin, end = call.day("start_date", ""), call.day("end_date", "9")
    rows = call.school.notes.of("user_id", call.caller["id"])
    alive = [one for one in rows if one["workflow_state"] == "active"]
    return Listed([one for one in alive if begin <= one["todo_date"] <= end], dict)


def show(call: Call) -> Json:
    """`GET planner_notes/:id`."""
    return _own(call, call.school.notes)


def _own(call: Call, table: Table) -> Row:
    one = call.find(table, "note_id")
    if one["user_id"] != call.caller["id"]:
        raise not_found()
    return one


def create(call: Call) -> Json:
    """`POST planner_notes`."""
    now, course = call.school.now, as_id(call.params.text("course_id"))
    title = call.params.text("title")
    if not title:
        raise bad_field("title", "can't be blank", "blank")
    row = {"id": call.school.new_id(), "user_id": call.caller["id"], "workflow_state": "active"}
    row |= {"title": title, "details": call.params.text("details"), "course_id": course}
    row |= {"todo_date": call.day("todo_date", now), "created_at": now, "updated_at": now}
    return call.school.notes.add(row)


def update(call: Call) -> Json:
    """`PUT planner_notes/:id`."""
    one = _own(call, call.school.notes)
    one |= {name: call.params.text(name) for name in ("title", "details") if name in call.params}
    one |= {"todo_date": call.day("todo_date", one["todo_date"]), "updated_at": call.school.now}
    if "course_id" in call.params:
        one["course_id"] = as_id(call.params.text("course_id"))
    return one


def delete(call: Call) -> Json:
    """`DELETE planner_notes/:id`."""
    one = _own(call, call.school.notes)
    one["workflow_state"] = "deleted"
    return one


def overrides(call: Call) -> Listed:
    """`GET planner/overrides`."""
    return Listed(call.school.planner_overrides.of("user_id", call.caller["id"]), dict)


def tick(call: Call) -> Json:
    """`POST planner/overrides`."""
    row: Row = {"id": call.school.new_id(), "user_id": call.caller["id"]}
    row |= {"plannable_type": call.params.text("plannable_type"), "workflow_state": "active"}
    row["plannable_id"] = call.whole("plannable_id", call.params.text("plannable_id"))
    row |= {name: call.params.flag(name) for name in _TICKS}
    now = call.school.now
    return call.school.planner_overrides.add({**row, "created_at": now, "updated_at": now})


def retick(call: Call) -> Json:
    """`PUT planner/overrides/:id`."""
    one = _own(call, call.school.planner_overrides)
    one |= {name: as_flag(call.params.text(name)) for name in _TICKS if name in call.params}
    one |= {"updated_at": call.school.now}
    return one


def untick(call: Call) -> Json:
    """`DELETE planner/overrides/:id`."""
    one = _own(call, call.school.planner_overrides)
    call.school.planner_overrides.remove(one["id"])
    return {**pick(one, *one), "workflow_state": "deleted"}
