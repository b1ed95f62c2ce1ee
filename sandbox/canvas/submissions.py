"""Work that pupils hand in, and the marks that it gets."""

import re
from collections.abc import Callable
from typing import Any

from sandbox.canvas.call import Call, pick
from sandbox.canvas.dates import dates_for_pupil, is_assigned
from sandbox.canvas.errors import Json, NoRightError, bad_field, bad_request, not_found
from sandbox.canvas.grades import period_of
from sandbox.canvas.paging import Listed
from sandbox.canvas.params import as_flag
from sandbox.canvas.state import Row, School
from sandbox.canvas.times import read
from sandbox.canvas.work import is_late, is_missing, row_of, students_of

_FIELDS = (
    *("id", "assignment_id", "user_id", "attempt", "submission_type", "submitted_at", "excused"),
    *("graded_at", "posted_at", "grader_id", "workflow_state", "late_policy_status"),
    *("body", "url", "cached_due_date", "extra_attempts"),
)
NO_GRADE = "invalid grade"
_STATUSES = {"late", "missing", "extended", "none"}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def shape(call: Call, row: Row) -> Json:
    """A submission as the caller sees it: hidden marks are not there for pupils."""
    school = call.school
    assignment = school.assignments.get(row["assignment_id"]) or {}
    course = school.courses.get(row["course_id"]) or {}
    is_shown = bool(row["posted_at"]) or row["user_id"] != call.caller["id"]
    found = {**pick(row, *_FIELDS), **_mark(row, is_shown=is_shown)}
    found |= _timing(school, row, assignment)
    path = f"/courses/{row['course_id']}/assignments/{row['assignment_id']}/submissions/"
    found["preview_url"] = f"{call.base}{path}{row['user_id']}?preview=1&version={row['attempt']}"
    if assignment["anonymize_students"] and call.teaches(course):
        del found["user_id"]
    return found | _included(call, row, assignment)


def _mark(row: Row, *, is_shown: bool) -> Json:
    score, grade = (row["score"], row["grade"]) if is_shown else (None, None)
    found = {"score": score, "grade": grade, "entered_score": score, "entered_grade": grade}
    if not is_shown:
        found |= {"graded_at": None, "grader_id": None}
    return {**found, "grade_matches_current_submission": True, "redo_request": False}


def _timing(school: School, row: Row, assignment: Row) -> Json:
    late, due = is_late(row), row["cached_due_date"]
    seconds = 0
    if late and row["submitted_at"] and due:
        seconds = max(0, int((read(row["submitted_at"]) - read(due)).total_seconds()))
    period = period_of(school, row["course_id"], due)
    return {
        "late": late,
        "missing": is_missing(row, assignment, school.now),
        "seconds_late": seconds,
        "points_deducted": None,
        "custom_grade_status_id": None,
        "grading_period_id": period and period["id"],
    }


def _included(call: Call, row: Row, assignment: Row) -> Json:
    from sandbox.canvas.assignments import shape as assignment_shape  # noqa: PLC0415

    found: Json = {}
    if "submission_comments" in call.includes:
        found["submission_comments"] = row["comments"]
    if "assignment" in call.includes:
        found["assignment"] = assignment_shape(call, assignment)
    if "user" in call.includes:
        user = call.school.users.get(row["user_id"]) or {}
        found["user"] = pick(user, "id", "name", "sortable_name", "short_name")
    return found


def of_assignment(call: Call) -> Listed:
    """`GET courses/:id/assignments/:id/submissions`; a pupil sees their own."""
    course = call.course()
    assignment = call.find(call.school.assignments, "assignment_id")
    rows = call.school.submissions.of("assignment_id", assignment["id"])
    seen = set(students_of(call.school, course["id"])) if call.teaches(course) else {_me(call)}
    return Listed(rows, lambda row: shape(call, row), fits=_fits(call, seen))


def of_course(call: Call) -> Listed:
    """`GET courses/:id/students/submissions`, flat or grouped by pupil."""
    course = call.course()
    asked = call.params.many("student_ids")
    seen = set(students_of(call.school, course["id"])) if call.teaches(course) else {_me(call)}
    wanted = seen if asked == ["all"] else call.params.ids("student_ids") or {_me(call)}
    if not wanted <= seen:
        raise NoRightError
    if call.params.flag("grouped"):
        return _grouped(call, course, wanted)
    rows = call.school.submissions.of("course_id", course["id"])
    return Listed(rows, lambda row: shape(call, row), fits=_fits(call, wanted))


def _me(call: Call) -> int:
    return int(call.caller["id"])


def _grouped(call: Call, course: Row, wanted: set[int]) -> Listed:
    fits = _fits(call, wanted)

    def group(user: Row) -> Json:
        rows = call.school.submissions.of("user_id", user["id"])
        mine = [row for row in rows if row["course_id"] == course["id"]]
        inside = [shape(call, row) for row in mine if fits(row)]
        seats = call.school.enrollments.of("user_id", user["id"])
        section = [one["course_section_id"] for one in seats if one["course_id"] == course["id"]]
        return {"user_id": user["id"], "section_id": section[0], "submissions": inside}

    users = [user for number in wanted if (user := call.school.users.get(number))]
    return Listed(users, group)


def _fits(call: Call, users: set[int]) -> Callable[[Row], bool]:
    assignments, state = call.params.ids("assignment_ids"), call.params.text("workflow_state")
    asked = (("submitted_at", "submitted_since"), ("graded_at", "graded_since"))
    since = [(name, least) for name, field in asked if (least := call.day(field, ""))]

    def fits(row: Row) -> bool:
        return (
            row["user_id"] in users
            and row["assigned"]
            and (not assignments or row["assignment_id"] in assignments)
            and (not state or row["workflow_state"] == state)
            and all((row[name] or "") >= least for name, least in since)
        )

    return fits


def show(call: Call) -> Json:
    """`GET courses/:id/assignments/:id/submissions/:user_id`."""
    course = call.course()
    row = _row(call)
    if row["user_id"] != _me(call) and not call.teaches(course):
        raise NoRightError
    return shape(call, row)


def _row(call: Call) -> Row:
    assignment = call.find(call.school.assignments, "assignment_id")
    row = row_of(call.school, assignment, call.number("user_id"))
    if row is None or not row["assigned"]:
        raise not_found()
    return row


def hand_in(call: Call) -> Json:
    """`POST courses/:id/assignments/:id/submissions`: the caller's own work."""
    call.course()
    assignment = call.find(call.school.assignments, "assignment_id")
    row = row_of(call.school, assignment, _me(call))
    if row is None or not is_assigned(call.school, assignment, _me(call)):
        raise not_found()
    wish = call.params.inner("submission")
    _check(call.school, assignment, row, wish)
    give(call.school, row, str(wish["submission_type"]), wish.get("body"), wish.get("url"))
    return shape(call, row)


def _check(school: School, assignment: Row, row: Row, wish: Json) -> None:
    if wish.get("submission_type") not in assignment["submission_types"]:
        raise bad_request("Invalid submission[submission_type] given")
    lock = dates_for_pupil(school, assignment, row["user_id"])["lock_at"]
    allowed = assignment["allowed_attempts"]
    if (lock or "9") < school.now or (0 < allowed <= (row["attempt"] or 0)):
        raise NoRightError


def give(school: School, row: Row, kind: str, body: Any = None, url: Any = None) -> None:
    """Writes down that work was handed in now."""
    row |= {"submission_type": kind, "body": body, "url": url, "submitted_at": school.now}
    row |= {"attempt": (row["attempt"] or 0) + 1, "workflow_state": "submitted"}


def mark(call: Call) -> Json:
    """`PUT courses/:id/assignments/:id/submissions/:user_id`: the teacher marks or comments."""
    call.taught_course()
    row = _row(call)
    wish = call.params.maybe("submission")
    assignment = call.school.assignments.get(row["assignment_id"]) or {}
    if "posted_grade" in wish:
        set_grade(call.school, assignment, row, str(wish["posted_grade"] or ""), _me(call))
    if "excuse" in wish:
        excuse(call.school, row, yes=as_flag(wish["excuse"]))
    if str(wish.get("late_policy_status")) in _STATUSES:
        row["late_policy_status"] = wish["late_policy_status"]
    if text := call.params.maybe("comment").get("text_comment"):
        _comment(call, row, str(text))
    return shape(call, row)


def set_grade(school: School, assignment: Row, row: Row, text: str, grader_id: int) -> None:
    """Sets or clears a mark; what is marked by hand is shown later, all else at once.

    Raises:
        CanvasError: The text is no mark.
    """
    if not text:
        state = "submitted" if row["submitted_at"] else "unsubmitted"
        row |= dict.fromkeys(("score", "grade", "graded_at", "grader_id", "posted_at"))
        row["workflow_state"] = state
        return
    score, grade = _read_grade(text, assignment["points_possible"] or 0)
    shown = row["posted_at"] if assignment["post_manually"] else school.now
    row |= {"score": score, "grade": grade, "graded_at": school.now, "grader_id": grader_id}
    row |= {"workflow_state": "graded", "posted_at": shown, "excused": False}


def _read_grade(text: str, possible: float) -> tuple[float, str]:
    if text in {"pass", "complete"}:
        return possible, "complete"
    if text in {"fail", "incomplete"}:
        return 0.0, "incomplete"
    number = text.removesuffix("%")
    if not _NUMBER.fullmatch(number):
        raise bad_field("posted_grade", NO_GRADE)
    score = float(number) * possible / 100 if text.endswith("%") else float(number)
    return score, text if text.endswith("%") else f"{score:g}"


def excuse(school: School, row: Row, *, yes: bool) -> None:
    """Excuses a pupil from an assignment, or not any more."""
    row |= dict.fromkeys(("score", "grade"))
    done = {"workflow_state": "graded", "graded_at": school.now, "posted_at": school.now}
    row |= {"excused": yes, **(done if yes else {"workflow_state": "unsubmitted"})}


def _comment(call: Call, row: Row, text: str) -> None:
    said = {"id": call.school.new_id(), "comment": text, "created_at": call.school.now}
    said |= {"author_id": call.caller["id"], "author_name": call.caller["name"]}
    row["comments"].append(said)
