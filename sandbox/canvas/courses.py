"""Courses: what the caller takes or teaches, by term, state and date."""

from sandbox.canvas import enrollments
from sandbox.canvas.call import TEACHING, Call, is_over, is_restricted, pick
from sandbox.canvas.errors import Json, NoRightError
from sandbox.canvas.paging import Listed
from sandbox.canvas.params import as_flag
from sandbox.canvas.state import Row
from sandbox.canvas.work import students_of

_FIELDS = (
    *("id", "name", "course_code", "account_id", "uuid", "enrollment_term_id", "workflow_state"),
    *("start_at", "end_at", "created_at", "time_zone", "grading_standard_id"),
    *("apply_assignment_group_weights", "hide_final_grades"),
    *("restrict_enrollments_to_course_dates",),
)
_FLAGS = (
    *("apply_assignment_group_weights", "hide_final_grades"),
    *("restrict_enrollments_to_course_dates",),
)
_EVENTS = {
    "offer": "available",
    "claim": "unpublished",
    "conclude": "completed",
    "undelete": "unpublished",
    "delete": "deleted",
}
_CONSTANT = {
    "root_account_id": 1,
    "default_view": "modules",
    "license": "private",
    **dict.fromkeys(("is_public", "is_public_to_auth_users", "public_syllabus"), False),
    **dict.fromkeys(("blueprint", "template", "homeroom_course"), False),
}
_CHOSEN_STATES = {"created": "unpublished", "claimed": "unpublished"}


def shape(call: Call, course: Row) -> Json:
    """A course as the caller sees it; only a stub where its dates close it to them."""
    if not call.teaches(course) and is_restricted(course, call.school.now):
        return {"id": course["id"], "access_restricted_by_date": True}
    found = {**pick(course, *_FIELDS), **_CONSTANT}
    if nickname := call.caller.get("nicknames", {}).get(str(course["id"])):
        found |= {"name": nickname, "original_name": course["name"]}
    found["calendar"] = {"ics": f"{call.base}/feeds/calendars/course_{course['feed_secret']}.ics"}
    found["enrollments"] = enrollments.for_course(call, course)
    return found | _included(call, course)


def _included(call: Call, course: Row) -> Json:
    school = call.school
    found: Json = {}
    if "term" in call.includes:
        found["term"] = school.terms.get(course["enrollment_term_id"])
    if "concluded" in call.includes:
        found["concluded"] = is_over(school, course)
    if "favorites" in call.includes:
        found["is_favorite"] = course["id"] in call.caller["favorites"]
    if "sections" in call.includes:
        rows = school.sections.of("course_id", course["id"])
        found["sections"] = [pick(one, "id", "name") for one in rows]
    if "total_students" in call.includes:
        found["total_students"] = len(students_of(school, course["id"]))
    if "teachers" in call.includes:
        found["teachers"] = _teachers(call, course)
    return found


def _teachers(call: Call, course: Row) -> list[Json]:
    seats = call.school.enrollments.of("course_id", course["id"])
    numbers = {seat["user_id"] for seat in seats if seat["type"] in TEACHING}
    users = [call.school.users.get(number) or {} for number in sorted(numbers)]
    return [{"id": user["id"], "display_name": user["short_name"]} for user in users]


def of_caller(call: Call) -> Listed:
    """`GET courses` and `GET users/:id/courses`."""
    if "user_id" in call.path and call.number("user_id") != call.caller["id"]:
        raise NoRightError
    return Listed(mine(call), lambda course: shape(call, course))


def mine(call: Call) -> list[Row]:
    """The caller's courses that fit what was asked."""
    seats = call.school.enrollments.of("user_id", call.caller["id"])
    numbers = dict.fromkeys(seat["course_id"] for seat in seats if _fits(call, seat))
    rows = [course for number in numbers if (course := call.school.courses.get(number))]
    return [course for course in rows if _is_listed(call, course)]


def _fits(call: Call, seat: Row) -> bool:
    course = call.school.courses.get(seat["course_id"]) or {}
    kinds = call.params.many("enrollment_type")
    kind = seat["type"].removesuffix("Enrollment").lower()
    return (not kinds or kind in kinds) and _state_fits(call, seat, course)


def _state_fits(call: Call, seat: Row, course: Row) -> bool:
    asked, state = call.params.text("enrollment_state"), seat["enrollment_state"]
    over = state == "completed" or is_over(call.school, course)
    if asked == "active":
        return state == "active" and not over
    if asked == "completed":
        return over and state in {"active", "completed"}
    if asked == "invited_or_pending":
        return bool(state == "invited")
    return state in {"active", "invited", "completed"}


def _is_listed(call: Call, course: Row) -> bool:
    teaches, state = call.teaches(course), course["workflow_state"]
    asked = {_CHOSEN_STATES.get(one, one) for one in call.params.many("state")}
    allowed = {"available", "completed"} | ({"unpublished"} if teaches else set())
    return state in allowed and (not asked or state in asked)


def favorites(call: Call) -> Listed:
    """`GET users/self/favorites/courses`: all of them where no star was given."""
    rows = [course for course in mine(call) if not is_over(call.school, course)]
    starred = [course for course in rows if course["id"] in call.caller["favorites"]]
    return Listed(starred or rows, lambda course: shape(call, course))


def show(call: Call) -> Json:
    """`GET courses/:id`."""
    course = call.find(call.school.courses, "course_id")
    if call.seats(course) and not call.teaches(course) and is_restricted(course, call.school.now):
        return shape(call, course)
    return shape(call, call.course())


def sections(call: Call) -> Listed:
    """`GET courses/:id/sections`."""
    rows = call.school.sections.of("course_id", call.course()["id"])
    return Listed(rows, lambda one: {**one, "start_at": None, "end_at": None})


def update(call: Call) -> Json:
    """`PUT courses/:id`: names, dates, settings, and `course[event]`."""
    course, wish = call.taught_course(), call.params.inner("course")
    course |= {name: str(wish[name]) for name in ("name", "course_code") if wish.get(name)}
    course |= {name: call.instant(wish[name], name) for name in _dates(wish)}
    course |= {name: as_flag(wish[name]) for name in _FLAGS if name in wish}
    if str(wish.get("event")) in _EVENTS:
        course["workflow_state"] = _EVENTS[str(wish["event"])]
    return shape(call, course)


def _dates(wish: Json) -> list[str]:
    return [name for name in ("start_at", "end_at") if name in wish]


def end(call: Call) -> Json:
    """`DELETE courses/:id?event=delete|conclude`."""
    course = call.taught_course()
    event = call.params.text("event", "delete")
    course["workflow_state"] = _EVENTS.get(event, "deleted")
    return {event: True}
