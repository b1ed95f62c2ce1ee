"""A library that nobody here wrote drives the stand-in school."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from canvasapi import Canvas
from canvasapi.exceptions import (
    BadRequest,
    InvalidAccessToken,
    RateLimitExceeded,
    ResourceDoesNotExist,
    Unauthorized,
)

from sandbox.canvas.run import RunningSchool, start
from sandbox.canvas.seed import token_of
from tests.acceptance.school_client import Person

pytestmark = pytest.mark.filterwarnings("ignore:Canvas may respond unexpectedly")


@pytest.fixture
def school() -> Iterator[RunningSchool]:
    running = start()
    yield running
    running.stop()


def canvas(school: RunningSchool, name: str) -> Any:
    return Canvas(school.url, token_of(name))


def course_of(client: Any, code: str) -> Any:
    return next(one for one in client.get_courses() if one.course_code == code)


def test_a_pupil_reads_the_school(school: RunningSchool) -> None:
    client = canvas(school, "rahim")
    me = client.get_current_user()
    assert (me.name, me.get_profile()["time_zone"]) == ("Rahim Uddin", "Asia/Dhaka")
    courses = list(client.get_courses(enrollment_state="active", include=["term", "total_scores"]))
    assert [one.course_code for one in courses] == ["MATH 7", "SCI 7", "HIST 7"]
    assert courses[0].term["name"] == "This year"
    assert courses[2].id > 2**53
    maths = courses[0]
    assert len(list(maths.get_assignments(include=["submission"]))) == 8
    assert {one.group_weight for one in maths.get_assignment_groups()} == {40.0, 60.0}
    assert [one.title for one in maths.get_grading_periods()] == ["First half", "Second half"]
    mine = next(one for one in me.get_enrollments() if one.course_id == maths.id)
    assert mine.grades["current_score"] is not None
    assert client.get_upcoming_events()
    assert list(client.get_todo_items())


@pytest.mark.parametrize("per_page", [1, 3, 8, 100])
def test_it_pages_through_lists_of_any_size(school: RunningSchool, per_page: int) -> None:
    maths = course_of(canvas(school, "farida"), "MATH 7")
    whole = [one.id for one in maths.get_assignments()]
    assert [one.id for one in maths.get_assignments(per_page=per_page)] == whole
    assert len(whole) == len(set(whole)) == 9
    rows = list(maths.get_multiple_submissions(student_ids=["all"], per_page=per_page))
    assert len({one.id for one in rows}) == len(rows) == 8 * 4


def test_a_teacher_makes_moves_marks_and_deletes(school: RunningSchool) -> None:
    teacher, pupil = canvas(school, "farida"), canvas(school, "mina")
    maths, mine = course_of(teacher, "MATH 7"), course_of(pupil, "MATH 7")
    due = datetime(2027, 1, 5, 12, tzinfo=UTC)
    made = maths.create_assignment(
        {
            "name": "Essay",
            "points_possible": 20,
            "due_at": due.isoformat(),
            "published": True,
            "submission_types": ["online_text_entry", "online_url"],
        }
    )
    assert mine.get_assignment(made.id).due_at == "2027-01-05T12:00:00Z"
    made.edit(assignment={"due_at": (due + timedelta(days=1)).isoformat()})
    assert mine.get_assignment(made.id).due_at == "2027-01-06T12:00:00Z"
    made.edit(assignment={"due_at": ""})
    assert mine.get_assignment(made.id).due_at is None
    me = pupil.get_current_user().id
    essay = mine.get_assignment(made.id)
    essay.submit({"submission_type": "online_text_entry", "body": "<p>Mine</p>"})
    maths.get_assignment(made.id).get_submission(me).edit(submission={"posted_grade": "85%"})
    seen = mine.get_assignment(made.id).get_submission(me)
    assert (seen.score, seen.grade, seen.workflow_state) == (17.0, "85%", "graded")
    assert made.delete().workflow_state == "deleted"
    with pytest.raises(ResourceDoesNotExist):
        mine.get_assignment(made.id)


def test_other_dates_for_one_pupil(school: RunningSchool) -> None:
    teacher, mina = canvas(school, "farida"), canvas(school, "mina")
    science = course_of(teacher, "SCI 7")
    made = science.create_assignment({"name": "Leaf", "published": True, "due_at": "2027-01-05"})
    me = mina.get_current_user().id
    override = made.create_override(
        assignment_override={"student_ids": [me], "due_at": "2027-02-05T10:00:00Z"}
    )
    assert course_of(mina, "SCI 7").get_assignment(made.id).due_at == "2027-02-05T10:00:00Z"
    john = course_of(canvas(school, "john"), "SCI 7").get_assignment(made.id)
    assert john.due_at == "2027-01-04T18:00:00Z"
    assert [one.student_ids for one in made.get_overrides()] == [[me]]
    override.delete()
    assert course_of(mina, "SCI 7").get_assignment(made.id).due_at == "2027-01-04T18:00:00Z"


def test_a_pupil_keeps_a_calendar_and_notes(school: RunningSchool) -> None:
    client = canvas(school, "john")
    me = client.get_current_user().id
    code = f"user_{me}"
    event = client.create_calendar_event(
        {"context_code": code, "title": "Essay", "start_at": "2027-01-05T10:00:00Z"}
    )
    assert (event.start_at, event.end_at) == ("2027-01-05T10:00:00Z", "2027-01-05T10:00:00Z")
    event.edit(calendar_event={"title": "Essay, second draft"})
    span = {"start_date": "2027-01-01", "end_date": "2027-01-31", "context_codes": [code]}
    assert [one.title for one in client.get_calendar_events(**span)] == ["Essay, second draft"]
    event.delete()
    assert list(client.get_calendar_events(**span)) == []
    assert client.get_calendar_event(event.id).workflow_state == "deleted"
    with pytest.raises(Unauthorized):
        event.delete()
    note = client.create_planner_note(title="Buy paper", todo_date="2027-01-02")
    assert [one.title for one in client.get_planner_notes()] == ["Buy paper"]
    note.delete()
    assert list(client.get_planner_notes()) == []


def test_people_come_and_go(school: RunningSchool) -> None:
    teacher, mina = canvas(school, "farida"), canvas(school, "mina")
    maths, me = course_of(teacher, "MATH 7"), mina.get_current_user().id
    pupils = list(maths.get_users(enrollment_type=["student"]))
    assert len(pupils) == 4
    seat = next(one for one in maths.get_enrollments(type=["StudentEnrollment"], user_id=me))
    seat.deactivate(task="delete")
    assert len(list(maths.get_users(enrollment_type=["student"]))) == 3
    assert "MATH 7" not in [one.course_code for one in mina.get_courses()]
    seat = {"type": "StudentEnrollment", "enrollment_state": "active"}
    maths.enroll_user(me, enrollment=seat)
    assert "MATH 7" in [one.course_code for one in mina.get_courses()]


def test_refusals_have_the_shapes_that_the_library_knows(school: RunningSchool) -> None:
    pupil = canvas(school, "rahim")
    maths = course_of(pupil, "MATH 7")
    with pytest.raises(InvalidAccessToken):
        Canvas(school.url, "7~nobody").get_current_user()
    with pytest.raises(Unauthorized):
        maths.create_assignment({"name": "Mine"})
    with pytest.raises(ResourceDoesNotExist):
        pupil.get_course(99)
    with pytest.raises(BadRequest):
        course_of(canvas(school, "farida"), "MATH 7").create_assignment({"name": ""})
    Person(school).post("faults", {"once": [{"fault": "throttle"}]})
    with pytest.raises(RateLimitExceeded):
        pupil.get_current_user()
