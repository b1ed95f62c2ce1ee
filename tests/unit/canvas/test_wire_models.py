"""Rows of Canvas: what is absent, null, unknown or wrong in them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.clients.canvas_models import (
    MODELS,
    CanvasKind,
    WireAssignment,
    WireCourse,
    WireEnrollment,
    WireEvent,
    WirePlannerItem,
    WireSubmission,
    read_rows,
    rows_in,
)

FAR = 77_520_000_000_029_520
DUE = datetime(2026, 5, 29, 5, 59, 59, tzinfo=UTC)
LEAST: dict[CanvasKind, dict[str, Any]] = {
    CanvasKind.COURSES: {"id": 1},
    CanvasKind.USERS: {"id": 1},
    CanvasKind.ENROLLMENTS: {"id": 1, "course_id": 2, "user_id": 3},
    CanvasKind.ASSIGNMENTS: {"id": 1, "course_id": 2},
    CanvasKind.ASSIGNMENT_GROUPS: {"id": 1},
    CanvasKind.GRADING_PERIODS: {"id": 1},
    CanvasKind.SUBMISSIONS: {"id": 1, "assignment_id": 2},
    CanvasKind.CALENDAR_EVENTS: {"id": 1},
    CanvasKind.PLANNER: {"plannable_type": "assignment", "plannable_id": 1},
}


@pytest.mark.parametrize("kind", CanvasKind)
def test_a_row_needs_no_more_than_its_ids(kind: CanvasKind) -> None:
    """Rules 1, 9, 24: no name, code or date is ever required; null is as good as absent."""
    model, least = MODELS[kind], LEAST[kind]
    names = [name for name in model.model_fields if name not in least]
    rows = [least, least | dict.fromkeys(names), least | {"of_next_year": {"x": [1]}}]
    read = read_rows(model, rows)
    assert (len(read.rows), read.faults) == (3, [])
    assert read.rows[0] == read.rows[1] == read.rows[2]


@pytest.mark.parametrize("kind", CanvasKind)
def test_a_row_that_is_written_reads_the_same(kind: CanvasKind) -> None:
    [row] = read_rows(MODELS[kind], [LEAST[kind]]).rows
    text = row.model_dump_json(exclude_unset=True)
    assert read_rows(MODELS[kind], [json.loads(text)]).rows == [row]


@pytest.mark.parametrize("sent", [FAR, str(FAR), f"7752~{29520}"])
def test_ids_beyond_2_to_the_53_keep_their_digits(sent: object) -> None:
    [course] = read_rows(WireCourse, [{"id": sent}]).rows
    assert course.id == FAR
    assert json.loads(course.model_dump_json())["id"] == str(FAR)


@pytest.mark.parametrize("sent", [7.752e16, True, None, "", "x", "-1", 0, -1, 2**63, [], "1~" * 9])
def test_what_is_no_id_is_refused(sent: object) -> None:
    [fault] = read_rows(WireCourse, [{"id": sent}]).faults
    assert (fault.index, fault.canvas_id, fault.reason) == (0, None, "id: expected an id")


@pytest.mark.parametrize(
    "sent",
    [
        *("2026-05-29T05:59:59Z", "2026-05-28T23:59:59-06:00", "2026-05-29T11:59:59+06:00"),
        "2026-05-29T05:59:59.000Z",
    ],
)
def test_an_instant_of_any_offset_is_that_instant_in_utc(sent: str) -> None:
    """Rule 13: 23:59:59 in Denver is kept as the instant that it is."""
    [row] = read_rows(WireAssignment, [{"id": 1, "course_id": 2, "due_at": sent}]).rows
    assert row.due_at == DUE
    assert row.due_at is not None
    assert row.due_at.tzinfo is UTC


@pytest.mark.parametrize(
    "sent",
    [
        *("2026-05-29", "2026-05-29T05:59:59", "yesterday", "2026-13-01T00:00:00Z", 1748498399),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", True, []),
    ],
)
def test_what_is_no_instant_is_refused_and_the_row_is_known_to_be_there(sent: object) -> None:
    [fault] = read_rows(WireAssignment, [{"id": 7, "course_id": 2, "due_at": sent}]).faults
    assert (fault.canvas_id, fault.reason.partition(":")[0]) == (7, "due_at")


def test_one_bad_row_stops_no_other() -> None:
    """Rule 2: an override with only lock_at, null dates everywhere, and rows that are none."""
    override = {"id": "5", "lock_at": "2026-05-29T05:59:59Z", "due_at": None}
    good = {"id": 1, "course_id": 2, "due_at": None, "overrides": [override]}
    read = read_rows(WireAssignment, [good, None, "x", {"id": 3}, {**good, "id": 4}], begin=100)
    assert [row.id for row in read.rows] == [1, 4]
    assert [(one.index, one.canvas_id) for one in read.faults] == [
        (101, None),
        (102, None),
        (103, 3),
    ]
    [found] = read.rows[0].overrides or []
    assert (found.lock_at, found.due_at) == (DUE, None)


def test_a_fault_quotes_nothing_of_the_row() -> None:
    row = {"id": 1, "course_id": 2, "due_at": "Rahim's secret", "points_possible": "Mina's mark"}
    [fault] = read_rows(WireAssignment, [row]).faults
    assert all(name in fault.reason for name in ("due_at", "points_possible"))
    assert not any(name in fault.reason for name in ("Rahim", "Mina"))


def test_a_course_that_its_dates_close_is_only_a_stub() -> None:
    """Rule 1: {id, access_restricted_by_date} and nothing else."""
    [course] = read_rows(WireCourse, [{"id": FAR, "access_restricted_by_date": True}]).rows
    assert (course.is_restricted, course.name, course.shown_name) == (True, None, f"Course {FAR}")


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"name": "Maths", "course_code": "M7"}, "Maths"),
        ({"name": None, "course_code": "M7"}, "M7"),
        ({"name": "", "course_code": ""}, "Course 1"),
    ],
)
def test_a_course_always_has_a_name(more: dict[str, Any], name: str) -> None:
    """Rules 24 and 25: a ghost of a course is not called undefined."""
    [course] = read_rows(WireCourse, [{"id": 1, **more}]).rows
    assert course.shown_name == name


def test_a_course_is_active_if_any_seat_is() -> None:
    """Rule 22: of two sections one has expired."""
    seats = [
        {"type": "student", "enrollment_state": "completed"},
        {"type": "student", "enrollment_state": "active"},
    ]
    both, first = {"id": 1, "enrollments": seats}, {"id": 2, "enrollments": seats[:1]}
    rows = read_rows(WireCourse, [both, first, {"id": 3}]).rows
    assert [course.is_active for course in rows] == [True, False, True]


def test_the_grade_of_the_current_period_is_the_one_that_is_shown() -> None:
    """Rule 35: with grading periods the grade stands under current_period_*."""
    seat = {
        "type": "student",
        "computed_current_score": 50.0,
        "computed_current_grade": "D",
        "has_grading_periods": True,
        "current_grading_period_id": "9",
        "current_period_computed_current_score": 90.5,
        "current_period_computed_current_grade": "A",
    }
    whole = {**seat, "has_grading_periods": False}
    [course] = read_rows(WireCourse, [{"id": 1, "enrollments": [seat, whole]}]).rows
    shown = [(one.shown_score, one.shown_grade) for one in course.enrollments]
    assert shown == [(90.5, "A"), (50.0, "D")]


@pytest.mark.parametrize(
    ("row", "is_done", "is_graded"),
    [
        ({"workflow_state": "unsubmitted"}, False, False),
        ({"workflow_state": "submitted", "submitted_at": "2026-05-29T05:59:59Z"}, True, False),
        ({"workflow_state": "graded", "score": 10.0, "submission_type": None}, True, True),
        ({"workflow_state": "pending_review"}, True, False),
        ({"workflow_state": "unsubmitted", "excused": True}, True, False),
        ({"workflow_state": None, "excused": None, "graded_at": None}, False, False),
    ],
)
def test_what_is_done_and_what_is_only_graded(
    row: dict[str, Any], *, is_done: bool, is_graded: bool
) -> None:
    """Rules 6, 9, 40: an outside tool never says submitted; graded is a state of its own."""
    [work] = read_rows(WireSubmission, [{"id": 1, "assignment_id": 2, **row}]).rows
    assert (work.is_done, work.is_graded) == (is_done, is_graded)


def test_only_a_person_says_that_work_is_missing() -> None:
    """Rule 39: Canvas counts work on paper as missing."""
    guess = {"id": 1, "assignment_id": 2, "missing": True, "late_policy_status": None}
    said = {**guess, "late_policy_status": "missing"}
    rows = read_rows(WireSubmission, [guess, said]).rows
    assert [row.is_said_missing for row in rows] == [False, True]


def test_lateness_is_what_canvas_says() -> None:
    """Rule 48: a minute after the date is not late before Canvas says so."""
    row = {
        "id": 1,
        "assignment_id": 2,
        "submitted_at": "2026-05-29T06:00:30Z",
        "cached_due_date": "2026-05-29T05:59:59Z",
        "late": False,
    }
    [work] = read_rows(WireSubmission, [row]).rows
    assert (work.late, work.cached_due_date) == (False, DUE)


def test_nobody_stands_at_work_that_is_marked_blind() -> None:
    [work] = read_rows(WireSubmission, [{"id": 1, "assignment_id": 2}]).rows
    assert work.user_id is None


def test_an_unpublished_assignment_is_hidden() -> None:
    """Rule 49: only a teacher's token gets such a row."""
    base = {"id": 1, "course_id": 2}
    rows = [{**base, "published": False}, {**base, "published": True}, base]
    found = read_rows(WireAssignment, rows).rows
    assert [row.is_hidden for row in found] == [True, False, False]


def test_the_planner_knows_the_assignment_behind_a_quiz() -> None:
    """Rules 8 and 38: the number of a quiz is none of an assignment's."""
    quiz = {
        "plannable_type": "quiz",
        "plannable_id": 5,
        "plannable": {"assignment_id": "9"},
        "submissions": False,
    }
    task = {"plannable_type": "assignment", "plannable_id": 7, "submissions": {"submitted": True}}
    page = {"plannable_type": "wiki_page", "plannable_id": 8, "planner_override": None}
    rows = read_rows(WirePlannerItem, [quiz, task, page]).rows
    assert [row.assignment_id for row in rows] == [9, 7, None]
    assert rows[0].submissions is None
    assert rows[1].submissions is not None
    assert rows[1].submissions.submitted


def test_a_finished_review_of_a_classmate_is_over() -> None:
    """Rule 15: it stays in the list, with submissions false."""
    review = {
        "plannable_type": "assessment_request",
        "plannable_id": 5,
        "plannable": {"workflow_state": "completed"},
        "submissions": False,
    }
    open_one = {**review, "plannable": {"workflow_state": "assigned"}}
    assert [row.is_over for row in read_rows(WirePlannerItem, [review, open_one]).rows] == [
        True,
        False,
    ]


def test_a_whole_day_is_the_day_that_canvas_names() -> None:
    """Rule 11: midnight in the school's zone is another day elsewhere."""
    row = {
        "id": "assignment_987",
        "all_day": True,
        "all_day_date": "2026-05-28",
        "start_at": "2026-05-29T05:59:00Z",
    }
    [event] = read_rows(WireEvent, [row]).rows
    assert (event.id, str(event.all_day_date)) == ("assignment_987", "2026-05-28")


def test_what_no_database_keeps_is_left_out_of_texts() -> None:
    [course] = read_rows(WireCourse, [{"id": 1, "name": "a\0b", "course_code": "x\ud800y"}]).rows
    assert (course.name, course.course_code) == ("ab", "x?y")


def test_numbers_that_are_none_are_refused() -> None:
    row = json.loads('{"id": 1, "assignment_id": 2, "score": NaN}')
    assert read_rows(WireSubmission, [row]).faults


def test_rows_are_found_in_whatever_holds_them() -> None:
    grouped = [{"user_id": 1, "submissions": [{"id": 5}, {"id": 6}]}, {"id": 7}]
    assert rows_in(CanvasKind.SUBMISSIONS, grouped) == [{"id": 5}, {"id": 6}, {"id": 7}]
    wrapped = {"grading_periods": [{"id": 1}]}
    assert rows_in(CanvasKind.GRADING_PERIODS, wrapped) == [{"id": 1}]
    assert rows_in(CanvasKind.USERS, {"id": 1}) == [{"id": 1}]
    assert rows_in(CanvasKind.USERS, "x") == ["x"]


def test_grades_of_a_hidden_course_are_only_a_link() -> None:
    row = {"id": 1, "course_id": 2, "user_id": 3, "grades": {"html_url": "https://x.example"}}
    [seat] = read_rows(WireEnrollment, [row]).rows
    assert seat.grades is not None
    assert (seat.grades.current_score, seat.grades.final_grade) == (None, None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_any_json_is_rows_and_faults(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(CanvasKind))
    names = st.sampled_from(sorted(MODELS[kind].model_fields))
    values = data.draw(st.lists(JSON | st.dictionaries(names, JSON), max_size=4))
    read = read_rows(MODELS[kind], values)
    assert len(read.rows) + len(read.faults) == len(values)
