"""Exceptions from the rules of foreign keys, each with the reason."""

_MIRROR = "the mirror is read by connection and Canvas id, never followed; the key is for erasing"
_CLASSES = "a class is read by one join from its teacher to its pupils; the key is for erasing"
_WAY_IN = "found by its own hash; the key is there for erasing"
# No relationship on either side.
WITHOUT_RELATIONSHIP = {
    "budget_periods.student_id": "a budget is found by its key alone, and counts for nobody's page",
    "cost_records.problem_id": "the ledger is summed, never followed to what a call was about",
    "hint_requests.session_id": "a request is read with its pupil; the key is there for erasing",
    "hint_requests.problem_id": "a request is read with its pupil; the key is there for erasing",
    "kept_hints.problem_id": "the library is read whole, and a hint found by its own unique key",
    "problem_ratings.problem_id": "sums are added to, and read with the problems by their id",
    "missed_families.problem_id": "chosen from by its number, never followed",
    "canvas_courses.connection_id": _MIRROR,
    "canvas_students.connection_id": _MIRROR,
    "canvas_assignments.connection_id": _MIRROR,
    "canvas_enrollments.connection_id": _MIRROR,
    "canvas_assignment_groups.connection_id": _MIRROR,
    "canvas_grading_periods.connection_id": _MIRROR,
    "grade_history.connection_id": _MIRROR,
    "assignment_scores.connection_id": _MIRROR,
    "student_metadata.connection_id": _MIRROR,
    "assignment_metadata.connection_id": _MIRROR,
    "course_metadata.connection_id": _MIRROR,
    "canvas_lifecycle.connection_id": _MIRROR,
    "deletion_requests.connection_id": _MIRROR,
    "sync_runs.connection_id": _MIRROR,
    "tasks.connection_id": "tasks are a pupil's; the key is there for erasing",
    "task_courses.connection_id": "courses are a pupil's; the key is there for erasing",
    "followed_schools.connection_id": "read by its key together with the connection",
    "teachers.person_id": _CLASSES,
    "class_teachers.class_id": _CLASSES,
    "class_teachers.teacher_id": _CLASSES,
    "class_members.class_id": _CLASSES,
    "class_members.student_id": _CLASSES,
    "member_notes.member_id": _CLASSES,
    "member_notes.teacher_id": _CLASSES,
    "wrong_codes.person_id": "counted by hour, never followed; the key is there for erasing",
    "login_links.person_id": _WAY_IN,
    "web_sessions.person_id": _WAY_IN,
}

# No index begins with them.
WITHOUT_INDEX = {
    "missed_families.problem_id": "problems are retired, not deleted",
    "cost_records.problem_id": "problems are retired, not deleted, and the ledger is summed whole",
}
