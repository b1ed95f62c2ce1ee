"""Who sits in which course, and their grades."""

from sandbox.canvas.call import TEACHING, Call, pick
from sandbox.canvas.errors import Json, NoRightError, not_found
from sandbox.canvas.grades import current_period, grades
from sandbox.canvas.paging import Listed
from sandbox.canvas.state import Row, School
from sandbox.canvas.work import fill_in

_FIELDS = (
    *("id", "course_id", "course_section_id", "user_id", "associated_user_id", "type", "role"),
    *("role_id", "enrollment_state", "start_at", "end_at", "last_activity_at"),
    *("total_activity_time", "created_at", "updated_at"),
)
_POSTED = {"current_score", "current_grade", "final_score", "final_grade"}
_DEFAULT_STATES = {"active", "invited"}
_TASKS = {"conclude": "completed", "delete": "deleted", "inactivate": "inactive"}


def shape(call: Call, one: Row) -> Json:
    """An enrolment as the caller sees it."""
    course = call.school.courses.get(one["course_id"]) or {}
    found = pick(one, *_FIELDS)
    if course["workflow_state"] == "deleted":
        found["enrollment_state"] = "deleted"
    found |= {"root_account_id": 1, "limit_privileges_to_course_section": False}
    found["html_url"] = f"{call.base}/courses/{one['course_id']}/users/{one['user_id']}"
    is_own, teaches = one["user_id"] == call.caller["id"], call.teaches(course)
    if one["type"] == "StudentEnrollment" and (is_own or teaches):
        found["grades"] = _grades(call, course, one, teaches=teaches)
    return found


def _grades(call: Call, course: Row, one: Row, *, teaches: bool) -> Json:
    link = f"{call.base}/courses/{course['id']}/grades/{one['user_id']}"
    if course["hide_final_grades"] and not teaches:
        return {"html_url": link}
    number = call.params.text("grading_period_id")
    period = call.school.periods.get(int(number)) if number.isdecimal() else None
    found = grades(call.school, course, one["user_id"], period)
    shown = {name: value for name, value in found.items() if teaches or name in _POSTED}
    return {"html_url": link, **shown}


def _with_user(call: Call, one: Row) -> Json:
    user = call.school.users.get(one["user_id"]) or {}
    names = pick(user, "id", "name", "created_at", "sortable_name", "short_name")
    return {**shape(call, one), "user": names}


def of_course(call: Call) -> Listed:
    """`GET courses/:id/enrollments`; a pupil sees classmates without their grades."""
    course = call.course()
    return Listed(
        _chosen(call, call.school.enrollments.of("course_id", course["id"])),
        lambda one: _with_user(call, one),
    )


def of_user(call: Call) -> Listed:
    """`GET users/:id/enrollments`; a teacher sees those in their own courses."""
    number = call.number("user_id")
    rows = call.school.enrollments.of("user_id", number)
    if call.school.users.get(number) is None:
        raise not_found()
    if number != call.caller["id"]:
        rows = [
            one for one in rows if call.teaches(call.school.courses.get(one["course_id"]) or {})
        ]
        if not rows:
            raise NoRightError
    return Listed(_chosen(call, rows), lambda one: _with_user(call, one))


def _chosen(call: Call, rows: list[Row]) -> list[Row]:
    states = set(call.params.many("state")) or _DEFAULT_STATES
    kinds = set(call.params.many("type")) | set(call.params.many("role"))
    user = call.params.ids("user_id")
    return [
        one
        for one in rows
        if _state(call.school, one) in states
        and (not kinds or one["type"] in kinds)
        and (not user or one["user_id"] in user)
    ]


def _state(school: School, one: Row) -> str:
    course = school.courses.get(one["course_id"]) or {}
    deleted = course["workflow_state"] == "deleted"
    return "deleted" if deleted else str(one["enrollment_state"])


def for_course(call: Call, course: Row) -> list[Json]:
    """The caller's enrolments as they stand inside a course."""
    found = []
    for seat in call.seats(course):
        row = {
            "type": seat["type"].removesuffix("Enrollment").lower(),
            **pick(seat, "role", "role_id", "user_id", "enrollment_state"),
            "limit_privileges_to_course_section": False,
        }
        if "total_scores" in call.includes and seat["type"] == "StudentEnrollment":
            row |= _computed(call, course)
        found.append(row)
    return found


def _computed(call: Call, course: Row) -> Json:
    if course["hide_final_grades"]:
        return {}
    number, school = call.caller["id"], call.school
    row = _named("computed_", grades(school, course, number))
    if "current_grading_period_scores" in call.includes:
        period = current_period(school, course)
        row |= {
            "has_grading_periods": bool(school.periods.of("course_id", course["id"])),
            "current_grading_period_id": period and period["id"],
            "current_grading_period_title": period and period["title"],
        }
        inside = grades(school, course, number, period) if period else {}
        row |= _named("current_period_computed_", inside)
    return row


def _named(before: str, found: Row) -> Json:
    names = ("current_score", "final_score", "current_grade", "final_grade")
    return {f"{before}{name}": found.get(name) for name in names}


def create(call: Call) -> Json:
    """`POST courses/:id/enrollments`."""
    course, wish = call.taught_course(), call.params.inner("enrollment")
    user = call.school.users.get(call.whole("user_id", wish.get("user_id")))
    section = call.school.sections.get(call.whole("id", wish.get("course_section_id") or 0))
    if user is None:
        raise not_found()
    section = section or call.school.sections.of("course_id", course["id"])[0]
    kind = str(wish.get("type", "StudentEnrollment"))
    one = seat(call.school, section, user, kind, str(wish.get("enrollment_state", "active")))
    fill_in(call.school, course["id"])
    return shape(call, one)


def seat(
    school: School, section: Row, user: Row, kind: str = "StudentEnrollment", state: str = "active"
) -> Row:
    """Gives a person a seat in a section, or opens the old one again; `fill_in` comes after it."""
    now = school.now
    old = (one for one in school.enrollments.of("user_id", user["id"]) if one["type"] == kind)
    one = next((one for one in old if one["course_section_id"] == section["id"]), None)
    one = one or school.enrollments.add(
        {
            "id": school.new_id(section["course_id"]),
            "course_id": section["course_id"],
            "course_section_id": section["id"],
            "user_id": user["id"],
            "associated_user_id": None,
            "type": kind,
            "role": kind,
            "role_id": 4 if kind in TEACHING else 3,
            "start_at": None,
            "end_at": None,
            "last_activity_at": None,
            "total_activity_time": 0,
            "created_at": now,
        }
    )
    one |= {"enrollment_state": state, "updated_at": now}
    return one


def end(call: Call) -> Json:
    """`DELETE courses/:id/enrollments/:id` with a task: conclude, delete or inactivate."""
    call.taught_course()
    one = call.find(call.school.enrollments, "enrollment_id")
    state = _TASKS.get(call.params.text("task", "conclude"), "completed")
    one |= {"enrollment_state": state, "updated_at": call.school.now}
    fill_in(call.school, one["course_id"])
    return shape(call, one)
