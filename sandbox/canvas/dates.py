"""What an assignment asks of one caller: overrides, dates, and whether they see it at all."""

from sandbox.canvas.state import Row, School

KINDS = ("due_at", "unlock_at", "lock_at")
_MANY = 25


def overrides_of(school: School, assignment: Row) -> list[Row]:
    """The overrides of an assignment that are in force."""
    found = school.overrides.of("assignment_id", assignment["id"])
    return [one for one in found if one["workflow_state"] == "active"]


def overrides_for(school: School, assignment: Row, user_id: int) -> list[Row]:
    """The overrides of an assignment that concern a pupil."""
    found = overrides_of(school, assignment)
    if not found:
        return []
    sections = sections_of(school, assignment["course_id"], user_id)
    return [
        one
        for one in found
        if user_id in one.get("student_ids", []) or one.get("course_section_id") in sections
    ]


def sections_of(school: School, course_id: int, user_id: int) -> set[int]:
    """The sections in which a pupil sits."""
    seats = school.enrollments.of("user_id", user_id)
    return {
        seat["course_section_id"]
        for seat in seats
        if seat["course_id"] == course_id and seat["enrollment_state"] == "active"
    }


def is_assigned(school: School, assignment: Row, user_id: int) -> bool:
    """Whether a pupil has to do an assignment and sees it."""
    if assignment["workflow_state"] != "published":
        return False
    if not assignment["only_visible_to_overrides"]:
        return True
    return bool(overrides_for(school, assignment, user_id))


def dates_for_pupil(school: School, assignment: Row, user_id: int) -> Row:
    """The dates that hold for a pupil: of each kind the kindest of their overrides."""
    return _kindest(assignment, overrides_for(school, assignment, user_id))


def dates_for_teacher(school: School, assignment: Row) -> Row:
    """The dates that a teacher is shown: of each kind the kindest of all there are."""
    found = overrides_of(school, assignment)
    base = [] if assignment["only_visible_to_overrides"] else [assignment]
    return _kindest(assignment, [*found, *base] if found else [])


def _kindest(assignment: Row, rows: list[Row]) -> Row:
    found: Row = {}
    for kind in KINDS:
        given = [row[kind] for row in rows if kind in row] or [assignment[kind]]
        # No date at all is the kindest; one that opens is kinder the earlier it is.
        best = min if kind == "unlock_at" else max
        found[kind] = None if None in given else best(given)
    return found


def due_for(school: School, assignment: Row, user_id: int) -> str | None:
    """The due date of a pupil."""
    due: str | None = dates_for_pupil(school, assignment, user_id)["due_at"]
    return due


def all_dates(school: School, assignment: Row, rows: list[Row]) -> Row:
    """The members that name every date: the dates, or their number where there are many."""
    if len(rows) >= _MANY:
        return {"all_dates_count": len(rows)}
    dates = [_override_date(one) for one in rows]
    if not assignment["only_visible_to_overrides"]:
        base = {kind: assignment[kind] for kind in KINDS}
        dates.append({**base, "title": "Everyone else" if rows else "Everyone", "base": True})
    return {"all_dates": dates}


def _override_date(one: Row) -> Row:
    is_section = "course_section_id" in one
    return {
        "id": one["id"],
        **{kind: one.get(kind) for kind in KINDS},
        "title": one["title"],
        "set_type": "CourseSection" if is_section else "ADHOC",
        "set_id": one["course_section_id"] if is_section else None,
    }
