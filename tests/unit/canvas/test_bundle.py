"""A fetch as a file: what is not in it was not read."""

import json
from datetime import UTC, datetime

import pytest

from src.canvas.bundle import BundleUnreadable, CanvasBundle, CourseBundle, Listing, read_bundle
from src.clients.canvas_models import RowFault, WireCourse

AT = "2026-11-29T10:00:00Z"


def test_a_bundle_may_be_put_together_by_hand_from_recorded_answers() -> None:
    content = {
        "course": {"id": 5, "name": "Maths"},
        "assignments": [{"id": 1, "course_id": 5}, {"id": 2}],
        "submissions": [{"user_id": 1, "submissions": [{"id": 9, "assignment_id": 1}]}],
        "grading_periods": {"grading_periods": []},
    }
    text = json.dumps({"fetched_at": AT, "courses": [{"id": 5}], "contents": [content]})
    bundle = read_bundle(text)
    [found] = bundle.contents
    assert bundle.fetched_at == datetime(2026, 11, 29, 10, tzinfo=UTC)
    assert [row.id for row in found.submissions.rows] == [9]
    assert found.assignments.refused_ids == {2}
    assert found.assignments.is_complete
    assert found.grading_periods.is_complete
    assert set(found.problems) == {"enrollments", "users", "assignment_groups"}
    assert not found.is_complete
    assert read_bundle(bundle.to_json()) == bundle


def test_a_refused_row_without_an_id_makes_its_part_incomplete() -> None:
    known, unknown = RowFault(0, 7, "x"), RowFault(1, None, "x")
    assert Listing(faults=[known]).is_complete
    assert not Listing(faults=[known, unknown]).is_complete
    assert not Listing(problem="cut").is_complete
    assert CourseBundle(WireCourse(id=5)).is_complete
    assert not CourseBundle(WireCourse(id=5, access_restricted_by_date=True)).is_complete


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{", '{"contents": []}', '{"fetched_at": "today"}'),
        json.dumps({"fetched_at": AT, "contents": [{"course": {}}]}),
        json.dumps({"fetched_at": AT, "contents": [5]}),
    ],
)
def test_what_is_no_bundle_is_refused(text: str) -> None:
    with pytest.raises(BundleUnreadable):
        read_bundle(text)


def test_faults_of_a_file_are_kept_whatever_they_are() -> None:
    part = {"rows": [], "faults": [{"index": "x", "canvas_id": 7}, 5], "problem": 3}
    bundle = read_bundle(json.dumps({"fetched_at": AT, "courses": part}))
    assert bundle.courses == Listing(faults=[RowFault(0, 7, "")], problem="3")
    assert isinstance(bundle, CanvasBundle)
