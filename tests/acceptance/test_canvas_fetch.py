"""What one fetch brings of the stand-in school, rule by rule; a stranger reads the same."""

from typing import Any

import pytest
from canvasapi import Canvas
from pydantic import SecretStr

from sandbox.canvas.run import RunningSchool
from sandbox.canvas.seed import token_of
from src import clock
from src.canvas.bundle import CanvasBundle, CourseBundle, read_bundle
from src.canvas.fetch import CLOSED, fetch_all, fetch_course
from src.clients.canvas import CanvasClient
from src.clients.canvas_errors import CanvasAway, TokenDead
from src.clients.canvas_models import (
    WireAssignment,
    WireAssignmentGroup,
    WireEnrollment,
    WireGradingPeriod,
    WireModel,
    WireSubmission,
)
from src.clients.canvas_network import CanvasNetwork
from src.settings import CanvasSettings
from tests.acceptance import canvas_client
from tests.acceptance.canvas_client import client_of
from tests.acceptance.school_client import Json, Person

network, own_school, school = (
    canvas_client.network,
    canvas_client.own_school,
    canvas_client.school,
)
PUPILS = ("rahim", "mina", "ayesha", "john")


async def fetched(client: CanvasClient) -> CanvasBundle:
    return await fetch_all(client, clock.now(), seconds=60)


async def all_of(network: CanvasNetwork, school: RunningSchool, name: str) -> CanvasBundle:
    return await fetched(client_of(network, school, name))


def content_of(bundle: CanvasBundle, code: str) -> CourseBundle:
    return next(one for one in bundle.contents if one.course.course_code == code)


def task_of(bundle: CanvasBundle, code: str, name: str) -> WireAssignment:
    rows = content_of(bundle, code).assignments.rows
    return next(row for row in rows if row.name is not None and row.name.startswith(name))


def work_of(bundle: CanvasBundle, task: WireAssignment) -> list[WireSubmission]:
    rows = [row for one in bundle.contents for row in one.submissions.rows]
    return [row for row in rows if row.assignment_id == task.id]


class Teacher:
    """The teacher at the school's own API."""

    def __init__(self, school: RunningSchool) -> None:
        self.person = Person(school, "farida")
        self.courses = self.person.courses()

    def task(self, code: str, name: str) -> str:
        course = self.courses[code]
        tasks = self.person.tasks(course)
        one = next(task for title, task in tasks.items() if title.startswith(name))
        return f"courses/{course['id']}/assignments/{one['id']}"

    def send(self, method: str, path: str, **form: Any) -> Json:
        reply = self.person.send(method, path, **form)
        assert reply.status in {200, 201}, reply.text
        return dict(reply.body)


async def test_a_teacher_sees_everybody_and_a_pupil_only_themselves(
    school: RunningSchool, network: CanvasNetwork
) -> None:
    """Rules 34 and 49: states are named; a draft is seen by the teacher only, as hidden."""
    farida, mina = [await all_of(network, school, name) for name in ("farida", "mina")]
    assert [one.is_complete for one in (*farida.contents, *mina.contents)] == [True] * 6
    maths = content_of(farida, "MATH 7")
    assert (len(maths.users.rows), len(maths.submissions.rows)) == (4, 32)
    assert [row.name for row in maths.assignments.rows if row.is_hidden] == ["Test 3 (draft)"]
    own = content_of(mina, "MATH 7")
    assert [user.name for user in own.users.rows] == ["Mina Das"]
    assert {row.user_id for row in own.submissions.rows} == {own.users.rows[0].id}
    assert not any(row.is_hidden for row in own.assignments.rows)
    assert own.enrollments.rows[0].grades is not None
    assert own.enrollments.rows[0].grades.current_score is not None


async def test_the_fewest_requests_are_made(school: RunningSchool, network: CanvasNetwork) -> None:
    bundle = await all_of(network, school, "farida")
    assert bundle.requests == 1 + 5 * len(bundle.contents)


async def test_a_pupil_in_two_sections_is_one_pupil_with_two_seats(
    school: RunningSchool, network: CanvasNetwork
) -> None:
    """Rule 23."""
    science = content_of(await all_of(network, school, "farida"), "SCI 7")
    assert (len(science.enrollments.rows), len(science.users.rows)) == (5, 4)


async def test_a_moved_date_and_one_that_was_taken_away_are_read(
    own_school: RunningSchool, network: CanvasNetwork
) -> None:
    """Rules 3 and 4: the new date comes as due_at; a cleared one comes as null, not as absent."""
    teacher = Teacher(own_school)
    path = teacher.task("MATH 7", "Homework 5")
    teacher.send("PUT", path, assignment__due_at="2027-03-05T10:00:00Z")
    moved = task_of(await all_of(network, own_school, "mina"), "MATH 7", "Homework 5")
    assert str(moved.due_at) == "2027-03-05 10:00:00+00:00"
    teacher.send("PUT", path, assignment__due_at="")
    cleared = task_of(await all_of(network, own_school, "mina"), "MATH 7", "Homework 5")
    assert cleared.due_at is None
    assert "due_at" in cleared.model_fields_set


async def test_a_teacher_reads_the_base_date_and_every_override(
    school: RunningSchool, network: CanvasNetwork
) -> None:
    """Rules 2 and 10: due_at is the kindest of all; one override holds only a lock."""
    bundle = await all_of(network, school, "farida")
    diary = task_of(bundle, "SCI 7", "Plant diary")
    base = next(one for one in diary.all_dates or [] if one.base)
    [override] = diary.overrides or []
    assert base.due_at != diary.due_at == override.due_at
    [lock] = task_of(bundle, "SCI 7", "Lab report").overrides or []
    assert (lock.due_at, lock.lock_at is None) == (None, False)


async def test_each_pupil_has_their_own_date(school: RunningSchool, network: CanvasNetwork) -> None:
    """Rules 10 and 12: sections and overrides; cached_due_date is the one of that pupil."""
    teacher = await all_of(network, school, "farida")
    diary = task_of(teacher, "SCI 7", "Plant diary")
    dates = {}
    for name in PUPILS:
        bundle = await all_of(network, school, name)
        dates[name] = task_of(bundle, "SCI 7", "Plant diary").due_at
        [work] = work_of(bundle, diary)
        assert work.cached_due_date == dates[name]
    assert dates["mina"] > dates["john"]  # type: ignore[operator]  # both have one
    assert {row.cached_due_date for row in work_of(teacher, diary)} == set(dates.values())


async def test_many_overrides_are_still_read(
    own_school: RunningSchool, network: CanvasNetwork
) -> None:
    """Rule 10: from 25 on Canvas names only their number in all_dates."""
    Person(own_school).post("grow", {"pupils": 30, "tasks": 1})
    teacher = Teacher(own_school)
    path = teacher.task("LARGE 1", "Task 1")
    course = teacher.courses["LARGE 1"]["id"]
    for user in teacher.person.get(f"courses/{course}/users?per_page=100"):
        if user["name"].startswith("Pupil"):
            teacher.send(
                *("POST", f"{path}/overrides"),
                assignment_override__student_ids=[user["id"]],
                assignment_override__due_at="2027-03-05T10:00:00Z",
            )
    task = task_of(await all_of(network, own_school, "farida"), "LARGE 1", "Task 1")
    assert (task.all_dates, len(task.overrides or [])) == (None, 30)


async def test_a_closed_course_is_kept_as_a_stub_and_is_never_complete(
    own_school: RunningSchool, network: CanvasNetwork
) -> None:
    """Rule 1."""
    teacher = Teacher(own_school)
    number = teacher.courses["MATH 7"]["id"]
    teacher.send(
        *("PUT", f"courses/{number}"),
        course__restrict_enrollments_to_course_dates="true",
        course__start_at="2099-01-01T00:00:00Z",
    )
    bundle = await all_of(network, own_school, "mina")
    stub = next(one for one in bundle.contents if one.course.id == number)
    assert (stub.course.is_restricted, stub.is_complete) == (True, False)
    assert set(stub.problems.values()) == {CLOSED}
    assert [one.is_complete for one in bundle.contents if one is not stub] == [True, True]


async def test_courses_that_are_over_are_not_listed(
    own_school: RunningSchool, network: CanvasNetwork
) -> None:
    """Rules 19, 20, 21: by the state of the seat; a star hides no other course."""
    teacher = Teacher(own_school)
    teacher.send("PUT", f"courses/{teacher.courses['SCI 7']['id']}", course__event="conclude")
    maths = f"courses/{teacher.courses['MATH 7']['id']}/enrollments"
    seats = teacher.person.get(f"{maths}?per_page=100")
    mina = Person(own_school, "mina").get("users/self")["id"]
    seat = next(one for one in seats if one["user_id"] == mina)
    teacher.send("DELETE", f"{maths}/{seat['id']}", task="inactivate")
    bundle = await all_of(network, own_school, "mina")
    assert [one.course.course_code for one in bundle.contents] == ["HIST 7"]
    everybody = content_of(await all_of(network, own_school, "farida"), "MATH 7").enrollments.rows
    states = {row.user_id: row.enrollment_state for row in everybody}
    assert states[mina] == "inactive"


async def test_the_grade_that_is_shown_is_the_one_of_the_period(
    school: RunningSchool, network: CanvasNetwork
) -> None:
    """Rule 35; and where final grades are hidden there is none (section 0)."""
    bundle = await all_of(network, school, "mina")
    [seat] = content_of(bundle, "MATH 7").course.enrollments
    assert seat.current_grading_period_title == "Second half"
    assert seat.shown_score == seat.current_period_computed_current_score is not None
    [hidden] = content_of(bundle, "HIST 7").enrollments.rows
    assert hidden.grades is not None
    assert hidden.grades.current_score is None


async def test_work_outside_of_the_current_grading_period_is_there(
    school: RunningSchool, network: CanvasNetwork
) -> None:
    """Rule 41: GraphQL would leave it out; the lists of REST do not."""
    maths = content_of(await all_of(network, school, "mina"), "MATH 7")
    first, second = maths.grading_periods.rows
    dues = [row.due_at for row in maths.assignments.rows if row.due_at]
    assert first.end_date is not None
    assert any(due < first.end_date for due in dues)
    assert any(due > first.end_date for due in dues)
    assert second.title == "Second half"


async def test_a_token_with_scopes_loses_what_is_included_but_no_work(
    own_school: RunningSchool, network: CanvasNetwork
) -> None:
    """Rule 42: include[] is ignored in silence; work is asked for at its own address."""
    paths = [
        *("courses", "courses/:course_id/assignments", "courses/:course_id/assignment_groups"),
        *("courses/:course_id/enrollments", "courses/:course_id/students/submissions"),
        "courses/:course_id/grading_periods",
    ]
    mina = Person(own_school, "mina")
    scopes = [f"url:GET|/api/v1/{path}" for path in paths]
    wish = {"user_id": mina.get("users/self")["id"], "scopes": scopes}
    token = mina.post("tokens", wish)["token"]
    scoped = await fetched(CanvasClient(network, own_school.url, SecretStr(token)))
    free = await all_of(network, own_school, "mina")
    assert [one.is_complete for one in scoped.contents] == [True] * 3
    for one, other in zip(scoped.contents, free.contents, strict=True):
        assert one.submissions == other.submissions
        assert one.enrollments == other.enrollments
        assert all(row.all_dates is None for row in one.assignments.rows)
    assert scoped.contents[0].course.term is None


async def test_a_scope_that_is_missing_makes_one_part_incomplete(
    own_school: RunningSchool, network: CanvasNetwork
) -> None:
    """Section 0: what may not be read is not thought to be gone."""
    mina = Person(own_school, "mina")
    paths = ["courses", "courses/:course_id/assignments", "courses/:course_id/enrollments"]
    scopes = [f"url:GET|/api/v1/{path}" for path in paths]
    wish = {"user_id": mina.get("users/self")["id"], "scopes": scopes}
    token = mina.post("tokens", wish)["token"]
    bundle = await fetched(CanvasClient(network, own_school.url, SecretStr(token)))
    maths = content_of(bundle, "MATH 7")
    assert (maths.is_complete, len(maths.assignments.rows)) == (False, 8)
    assert set(maths.problems) == {"assignment_groups", "grading_periods", "submissions"}


async def test_a_school_that_goes_away_makes_the_rest_incomplete(
    own_school: RunningSchool,
) -> None:
    """Rule 43: a list that Canvas itself cannot give ends no fetch; nothing is short in silence."""
    settings = CanvasSettings(retries=1, pause_seconds=0.01)
    async with CanvasNetwork(settings, allow_loopback=True) as network:
        client = client_of(network, own_school, "farida")
        courses = (await client.courses()).rows
        path = f"/api/v1/courses/{courses[0].id}/grading_periods"
        fault = {"fault": "error", "path": path}
        Person(own_school).post("faults", {"once": [fault, fault]})
        bundle = await fetched(client)
    first, *others = bundle.contents
    assert set(first.problems) == {"grading_periods", "enrollments", "users", "submissions"}
    assert not first.is_complete
    assert first.assignments.is_complete
    assert all(one.is_complete for one in others)


async def test_a_dead_token_ends_the_fetch(
    own_school: RunningSchool, network: CanvasNetwork
) -> None:
    client = client_of(network, own_school, "mina")
    [course, *_] = (await client.courses()).rows
    Person(own_school).post("faults", {"revoke": [token_of("mina")]})
    with pytest.raises(TokenDead):
        await fetch_course(client, course)
    with pytest.raises(TokenDead):
        await fetched(client)


async def test_a_whole_sync_has_an_end(own_school: RunningSchool, network: CanvasNetwork) -> None:
    Person(own_school).post("faults", {"latency_ms": 100})
    client = client_of(network, own_school, "mina")
    with pytest.raises(CanvasAway, match="whole sync"):
        await fetch_all(client, clock.now(), seconds=0.3)


async def test_a_bundle_in_a_file_is_the_same_bundle(
    school: RunningSchool, network: CanvasNetwork
) -> None:
    bundle = await all_of(network, school, "farida")
    text = bundle.to_json()
    assert read_bundle(text) == bundle
    assert token_of("farida") not in text


# A stranger.

SEATS = {"type": ["StudentEnrollment"], "state": ["active", "invited", "completed", "inactive"]}
MODELS: dict[str, type[WireModel]] = {
    "assignments": WireAssignment,
    "assignment_groups": WireAssignmentGroup,
    "grading_periods": WireGradingPeriod,
    "enrollments": WireEnrollment,
    "submissions": WireSubmission,
}


def read_by_canvasapi(course: Any, *, teaches: bool, user_id: int) -> dict[str, list[Any]]:
    includes = ["all_dates", "overrides"] if teaches else ["all_dates"]
    seats = SEATS if teaches else {**SEATS, "user_id": user_id}
    return {
        "assignments": list(course.get_assignments(include=includes)),
        "assignment_groups": list(course.get_assignment_groups()),
        "grading_periods": list(course.get_grading_periods()),
        "enrollments": list(course.get_enrollments(**seats)),
        "submissions": list(course.get_multiple_submissions(student_ids=["all"])),
    }


def plain(found: Any) -> dict[str, Any]:
    """What it holds; the only objects inside of it are overrides."""
    inner = getattr(found, "overrides", None)
    more = {"overrides": [vars(one) for one in inner]} if inner else {}
    return {**vars(found), **more}


@pytest.mark.filterwarnings("ignore:Canvas may respond unexpectedly")
@pytest.mark.parametrize("name", ["farida", "rahim", "john"])
async def test_canvasapi_reads_what_we_read(
    school: RunningSchool, network: CanvasNetwork, name: str
) -> None:
    """Its pages of ten, its JSON and its dates against ours."""
    stranger: Any = Canvas(school.url, token_of(name))
    me, teaches = stranger.get_current_user().id, name == "farida"
    bundle = await all_of(network, school, name)
    for content in bundle.contents:
        course = stranger.get_course(content.course.id)
        found = read_by_canvasapi(course, teaches=teaches, user_id=me)
        for kind, rows in found.items():
            theirs = [MODELS[kind].model_validate(plain(row)) for row in rows]
            assert theirs == getattr(content, kind).rows
        dues = [getattr(one, "due_at_date", None) for one in found["assignments"]]
        assert dues == [row.due_at for row in content.assignments.rows]
    listed = [vars(one) for one in stranger.get_courses(enrollment_state="active")]
    assert [one["id"] for one in listed] == [row.id for row in bundle.courses.rows]
    assert [one["name"] for one in listed] == [row.name for row in bundle.courses.rows]
