"""People: `users/self`, profiles, the people of a course, the caller's own token."""

from sandbox.canvas.call import Call, pick
from sandbox.canvas.errors import Json, NoRightError, not_found
from sandbox.canvas.paging import Listed
from sandbox.canvas.state import Row
from sandbox.canvas.times import framework_name

_SHORT = {"student": "StudentEnrollment", "teacher": "TeacherEnrollment", "ta": "TaEnrollment"}


def brief(user: Row) -> Json:
    """What everybody in a course may know of a person."""
    return pick(user, "id", "name", "created_at", "sortable_name", "short_name")


def show(call: Call) -> Json:
    """`GET users/:id`."""
    user = _seen(call)
    if user is not call.caller:
        return brief(user)
    zone = framework_name(user["time_zone"])
    rights = dict.fromkeys(("can_update_name", "can_update_avatar"), False)
    return {
        **brief(user),
        "avatar_url": f"{call.base}/images/messages/avatar-50.png",
        **pick(user, "locale", "email", "login_id"),
        "effective_locale": user["locale"] or "en",
        "time_zone": zone,
        "permissions": {**rights, "limit_parent_app_web_access": False},
    }


def profile(call: Call) -> Json:
    """`GET users/:id/profile`."""
    user = _seen(call)
    if user is not call.caller:
        raise NoRightError
    feed = f"{call.base}/feeds/calendars/user_{user['feed_secret']}.ics"
    return {
        **pick(user, "id", "name", "short_name", "sortable_name", "locale", "time_zone"),
        **pick(user, "login_id"),
        "title": None,
        "bio": None,
        "integration_id": None,
        "k5_user": False,
        "primary_email": user["email"],
        "effective_locale": user["locale"] or "en",
        "calendar": {"ics": feed},
    }


def _seen(call: Call) -> Row:
    user = call.school.users.get(call.number("user_id"))
    if user is None:
        raise not_found()
    if user is call.caller or call.caller.get("is_admin") or _shares(call, user):
        return user
    raise NoRightError


def _shares(call: Call, user: Row) -> bool:
    theirs = {one["course_id"] for one in call.school.enrollments.of("user_id", user["id"])}
    mine = call.school.enrollments.of("user_id", call.caller["id"])
    return any(one["course_id"] in theirs for one in mine)


def token(call: Call) -> Json:
    """`GET users/self/tokens/:hint`: what a token tells of itself."""
    hint = call.path["hint"]
    found = next((one for one in call.school.tokens if _is_meant(call, one, hint)), None)
    if found is None:
        raise not_found()
    kept = pick(found, "id", "user_id", "purpose", "created_at", "expires_at", "workflow_state")
    return {**kept, "token_hint": found["token"][:5], "scopes": found["scopes"]}


def _is_meant(call: Call, one: Row, hint: str) -> bool:
    return one["user_id"] == call.caller["id"] and (
        one["token"][:5] == hint or str(one["id"]) == hint
    )


def of_course(call: Call) -> Listed:
    """`GET courses/:id/users`: everybody, or those of a kind, or those with a name."""
    course = call.course()
    kinds = {_SHORT.get(kind, kind) for kind in call.params.many("enrollment_type")}
    seats = [one for one in _present(call, course) if not kinds or one["type"] in kinds]
    people = {one["user_id"]: call.school.users.get(one["user_id"]) for one in seats}
    term, ids = call.params.text("search_term").casefold(), call.params.ids("user_ids")
    rows = [
        user
        for user in people.values()
        if user and term in user["name"].casefold() and (not ids or user["id"] in ids)
    ]
    return Listed(rows, lambda user: _member(call, course, user), _by_name)


def member(call: Call) -> Json:
    """`GET courses/:id/users/:user_id`."""
    course, number = call.course(), call.number("user_id")
    user = call.school.users.get(number)
    if user is None or number not in {one["user_id"] for one in _present(call, course)}:
        raise not_found()
    return _member(call, course, user)


def _present(call: Call, course: Row) -> list[Row]:
    states = set(call.params.many("enrollment_state")) or {"active", "invited"}
    seats = call.school.enrollments.of("course_id", course["id"])
    return [one for one in seats if one["enrollment_state"] in states]


def _by_name(user: Row) -> list[object]:
    return [user["sortable_name"], user["id"]]


def _member(call: Call, course: Row, user: Row) -> Json:
    from sandbox.canvas.enrollments import shape  # noqa: PLC0415  # they show one another

    found = brief(user)
    if call.teaches(course):
        found |= pick(user, "login_id", "email")
    if "email" in call.includes:
        found["email"] = user["email"]
    if "enrollments" in call.includes:
        seats = call.school.enrollments.of("course_id", course["id"])
        found["enrollments"] = [shape(call, one) for one in seats if one["user_id"] == user["id"]]
    return found
