"""Which path is answered by which handler."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.canvas import (
    assignments,
    courses,
    enrollments,
    events,
    feed,
    groups,
    notes,
    overrides,
    planner,
    submissions,
    users,
)
from sandbox.canvas.desk import Desk, Handler, as_json, base_of, door
from sandbox.canvas.errors import CanvasError, not_found

_COURSE = "/courses/{course_id}"
_TASK = f"{_COURSE}/assignments/{{assignment_id}}"
_WORK = f"{_TASK}/submissions"
_OTHER = f"{_TASK}/overrides"
_GROUP = f"{_COURSE}/assignment_groups"
_ME = "/users/self"
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]

_READING: dict[str, Handler] = {
    f"{_ME}/tokens/{{hint}}": users.token,
    f"{_ME}/favorites/courses": courses.favorites,
    f"{_ME}/upcoming_events": events.upcoming,
    f"{_ME}/todo": planner.todo,
    f"{_ME}/missing_submissions": planner.missing,
    f"{_ME}/planner/items": planner.items,
    "/users/{user_id}": users.show,
    "/users/{user_id}/profile": users.profile,
    "/users/{user_id}/courses": courses.of_caller,
    "/users/{user_id}/enrollments": enrollments.of_user,
    "/courses": courses.of_caller,
    _COURSE: courses.show,
    f"{_COURSE}/sections": courses.sections,
    f"{_COURSE}/users": users.of_course,
    f"{_COURSE}/search_users": users.of_course,
    f"{_COURSE}/users/{{user_id}}": users.member,
    f"{_COURSE}/enrollments": enrollments.of_course,
    f"{_COURSE}/assignments": assignments.of_course,
    _TASK: assignments.show,
    _OTHER: overrides.of_assignment,
    f"{_OTHER}/{{override_id}}": overrides.show,
    _WORK: submissions.of_assignment,
    f"{_WORK}/{{user_id}}": submissions.show,
    f"{_COURSE}/students/submissions": submissions.of_course,
    _GROUP: groups.of_course,
    f"{_GROUP}/{{group_id}}": groups.show,
    f"{_COURSE}/grading_periods": groups.periods,
    "/calendar_events": events.of_caller,
    "/calendar_events/{event_id}": events.show,
    "/planner/items": planner.items,
    "/planner/overrides": notes.overrides,
    "/planner_notes": notes.of_caller,
    "/planner_notes/{note_id}": notes.show,
}
_MAKING: dict[str, tuple[Handler, int]] = {
    f"{_COURSE}/assignments": (assignments.create, 201),
    f"{_COURSE}/enrollments": (enrollments.create, 200),
    _OTHER: (overrides.create, 201),
    _WORK: (submissions.hand_in, 201),
    _GROUP: (groups.create, 200),
    "/calendar_events": (events.create, 201),
    "/planner/overrides": (notes.tick, 201),
    "/planner_notes": (notes.create, 201),
}
_CHANGING: dict[str, Handler] = {
    _COURSE: courses.update,
    _TASK: assignments.update,
    f"{_OTHER}/{{override_id}}": overrides.update,
    f"{_WORK}/{{user_id}}": submissions.mark,
    f"{_GROUP}/{{group_id}}": groups.update,
    "/calendar_events/{event_id}": events.update,
    "/planner/overrides/{note_id}": notes.retick,
    "/planner_notes/{note_id}": notes.update,
}
_ENDING: dict[str, Handler] = {
    _COURSE: courses.end,
    f"{_COURSE}/enrollments/{{enrollment_id}}": enrollments.end,
    _TASK: assignments.delete,
    f"{_OTHER}/{{override_id}}": overrides.delete,
    f"{_GROUP}/{{group_id}}": groups.delete,
    "/calendar_events/{event_id}": events.delete,
    "/planner/overrides/{note_id}": notes.untick,
    "/planner_notes/{note_id}": notes.delete,
}


def api_routes() -> list[BaseRoute]:
    """Every route below `/api/v1`, and the calendar feeds."""
    found: list[BaseRoute] = [_route("GET", path, handler) for path, handler in _READING.items()]
    found += [_route("POST", path, handler, status) for path, (handler, status) in _MAKING.items()]
    found += [_route("PUT", path, handler) for path, handler in _CHANGING.items()]
    found += [_route("DELETE", path, handler) for path, handler in _ENDING.items()]
    return [
        *found,
        Route("/feeds/calendars/{name}", _feed),
        Route("/api/{rest:path}", _nothing, methods=_METHODS),
    ]


def _route(method: str, path: str, handler: Handler, status: int = 200) -> Route:
    return Route(f"/api/v1{path}", door(handler, status), methods=[method])


async def _feed(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    try:
        return feed.answer(desk.school, request.path_params["name"], base_of(request))
    except CanvasError as error:
        return as_json(request, error.body, error.status)


async def _nothing(request: Request) -> Response:
    error = not_found()
    return as_json(request, error.body, error.status)
