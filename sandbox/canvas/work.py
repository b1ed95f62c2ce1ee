"""The row of each pupil's work on each assignment: Canvas has one before anything is handed in."""

from sandbox.canvas.dates import due_for, is_assigned
from sandbox.canvas.state import Row, School

ONLINE = {"online_text_entry", "online_url", "online_upload", "online_quiz", "discussion_topic"}
_SITTING = {"active", "invited", "completed"}


def students_of(school: School, course_id: int) -> list[int]:
    """The ids of the pupils of a course, each once."""
    seats = school.enrollments.of("course_id", course_id)
    kept = [
        seat["user_id"]
        for seat in seats
        if seat["type"] == "StudentEnrollment" and seat["enrollment_state"] in _SITTING
    ]
    return list(dict.fromkeys(kept))


def fill_in(school: School, course_id: int) -> None:
    """Brings the rows of a whole course up to date."""
    for assignment in school.assignments.of("course_id", course_id):
        refresh(school, assignment)


def refresh(school: School, assignment: Row) -> None:
    """Makes the rows that an assignment lacks, and writes down each pupil's due date."""
    rows = {one["user_id"]: one for one in school.submissions.of("assignment_id", assignment["id"])}
    for user_id in students_of(school, assignment["course_id"]):
        row = rows.get(user_id) or school.submissions.add(_blank(school, assignment, user_id))
        row["assigned"] = is_assigned(school, assignment, user_id)
        row["cached_due_date"] = due_for(school, assignment, user_id)


def _blank(school: School, assignment: Row, user_id: int) -> Row:
    empty = ("score", "grade", "attempt", "submission_type", "submitted_at", "graded_at")
    more = ("posted_at", "grader_id", "late_policy_status", "body", "url", "extra_attempts")
    return {
        "id": school.new_id(assignment["id"]),
        "course_id": assignment["course_id"],
        "assignment_id": assignment["id"],
        "user_id": user_id,
        **dict.fromkeys((*empty, *more)),
        "excused": None,
        "workflow_state": "unsubmitted",
        "comments": [],
    }


def row_of(school: School, assignment: Row, user_id: int) -> Row | None:
    """The work of a pupil on an assignment."""
    rows = school.submissions.of("assignment_id", assignment["id"])
    return next((one for one in rows if one["user_id"] == user_id), None)


def is_late(row: Row) -> bool:
    """Whether work counts as late."""
    if row["late_policy_status"]:
        return bool(row["late_policy_status"] == "late")
    handed, due = row["submitted_at"], row["cached_due_date"]
    return bool(handed and due and handed > due)


def is_missing(row: Row, assignment: Row, now: str) -> bool:
    """Whether work counts as missing."""
    if row["late_policy_status"]:
        return bool(row["late_policy_status"] == "missing")
    if row["submitted_at"] or row["excused"] or row["score"] is not None:
        return False
    due = row["cached_due_date"]
    # Canvas counts work in an outside tool as missing, and work on paper not.
    is_expected = bool({*ONLINE, "external_tool"} & set(assignment["submission_types"]))
    return bool(due and due < now and is_expected)


def is_done(row: Row) -> bool:
    """Whether a pupil has nothing left to do."""
    return bool(row["submitted_at"] or row["excused"] or row["workflow_state"] == "graded")
