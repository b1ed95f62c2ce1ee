"""The stand-in school keeps Canvas' own rules, seen over HTTP."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.canvas.config import SchoolConfig
from sandbox.canvas.lock import StateInUseError
from sandbox.canvas.run import RunningSchool, start
from tests.acceptance.school_client import CutError, Json, Person

CHALLENGE = 'Bearer realm="canvas-lms"'


@pytest.fixture
def school() -> Iterator[RunningSchool]:
    running = start()
    yield running
    running.stop()


@pytest.fixture
def pupil(school: RunningSchool) -> Person:
    return Person(school, "mina")


@pytest.fixture
def teacher(school: RunningSchool) -> Person:
    return Person(school, "farida")


@pytest.fixture
def maths(teacher: Person) -> Json:
    return teacher.courses()["MATH 7"]


def make(teacher: Person, course: Json, **more: str) -> Json:
    form = {f"assignment__{name}": value for name, value in more.items()}
    wish = {"assignment__name": "Essay", "assignment__published": "true", **form}
    reply = teacher.send("POST", f"courses/{course['id']}/assignments", **wish)
    assert reply.status == 201, reply.text
    body: Json = reply.body
    return body


# Pages


def test_links_are_opaque_and_the_last_page_is_not_told(teacher: Person, maths: Json) -> None:
    reply = teacher.api(f"courses/{maths['id']}/assignments?per_page=4&include[]=all_dates")
    assert set(reply.links) == {"current", "next", "first"}
    assert "page=bookmark:" in reply.links["next"]
    assert "include%5B%5D=all_dates" in reply.links["next"]
    rows, pages = teacher.every(f"courses/{maths['id']}/assignments?per_page=3")
    assert (len(rows), pages) == (9, 3)
    assert len(teacher.get(f"courses/{maths['id']}/students/submissions?student_ids[]=all")) == 10


def test_no_page_is_longer_than_a_hundred(teacher: Person) -> None:
    grown = teacher.post("grow", {"pupils": 120, "tasks": 2})["courses"][0]
    path = f"courses/{grown}/students/submissions?student_ids[]=all"
    assert len(teacher.get(f"{path}&per_page=500")) == 100
    rows, pages = teacher.every(f"{path}&per_page=500")
    assert (len({row["id"] for row in rows}), pages) == (240, 3)


def test_rows_that_come_and_go_meanwhile_move_nothing_over_a_page(
    teacher: Person, maths: Json
) -> None:
    path = f"courses/{maths['id']}/assignments"
    reply = teacher.api(f"{path}?per_page=4")
    gone = teacher.send("DELETE", f"{path}/{reply.body[0]['id']}")
    assert gone.body["workflow_state"] == "deleted"
    rest, _ = teacher.every(reply.links["next"].partition("/api/v1/")[2])
    assert len({row["id"] for row in reply.body + rest}) == 9


def test_an_empty_page_may_have_a_next_one(teacher: Person, pupil: Person, maths: Json) -> None:
    whole = pupil.tasks(maths)
    teacher.post("faults", {"empty_pages": True})
    first = pupil.api(f"courses/{maths['id']}/assignments")
    assert (first.body, "next" in first.links) == ([], True)
    rows, _ = pupil.every(f"courses/{maths['id']}/assignments")
    assert {row["name"] for row in rows} == set(whole)


def test_the_calendar_filters_assignments_after_it_cut_the_page(pupil: Person, maths: Json) -> None:
    late = max(one["due_at"] for one in pupil.tasks(maths).values())
    path = f"calendar_events?type=assignment&context_codes[]=course_{maths['id']}&per_page=2"
    first = pupil.api(f"{path}&start_date={late}&end_date={late}")
    assert (first.body, "next" in first.links) == ([], True)
    rows, _ = pupil.every(f"{path}&start_date={late}&end_date={late}")
    assert [row["id"].partition("_")[0] for row in rows] == ["assignment"]


@pytest.mark.parametrize("page", ["bookmark:x", "bookmark:WyJhIl0", "bookmark:eyJhIjoxfQ"])
def test_a_bookmark_that_is_none_is_refused(pupil: Person, page: str) -> None:
    assert pupil.api(f"courses?page={page}").status == 400


# Who may see what


def test_a_dead_token_and_a_missing_right_differ(
    school: RunningSchool, pupil: Person, teacher: Person, maths: Json
) -> None:
    nobody = Person(school, token="").api("courses")
    assert (nobody.status, nobody.headers["www-authenticate"]) == (401, CHALLENGE)
    wrong = Person(school, token="7~wrong").api("courses")
    assert wrong.body == {"errors": [{"message": "Invalid access token."}]}
    refused = pupil.send("POST", f"courses/{maths['id']}/assignments", assignment__name="Mine")
    assert (refused.status, "www-authenticate" in refused.headers) == (401, False)
    assert refused.body["status"] == "unauthorized"
    teacher.post("faults", {"revoke": [pupil.token]})
    dead = pupil.api("courses")
    assert (dead.status, dead.headers["www-authenticate"]) == (401, CHALLENGE)


def test_a_token_ends_with_its_time(school: RunningSchool, teacher: Person) -> None:
    rahim = next(one for one in teacher.people() if one["login_id"] == "rahim")
    wish = {"user_id": rahim["id"], "expires_at": "2099-01-01T00:00:00Z"}
    row = teacher.post("tokens", wish)
    guest = Person(school, token=row["token"])
    hint = row["token"][:5]
    assert guest.get(f"users/self/tokens/{hint}")["expires_at"] == "2099-01-01T00:00:00Z"
    teacher.post("clock", {"ahead": 80 * 366 * 86400})
    assert guest.api("courses").body == {"errors": [{"message": "Expired access token."}]}


def test_without_a_user_agent_nothing_is_answered(pupil: Person) -> None:
    assert pupil.api("courses", user_agent=None).status == 403


def test_ids_are_texts_where_they_are_asked_for(pupil: Person) -> None:
    accept = "application/json+canvas-string-ids"
    plain, texts = pupil.api("courses"), pupil.api("courses", accept=accept)
    far = plain.body[2]["id"]
    assert far > 2**53
    assert texts.body[2]["id"] == str(far)
    assert texts.body[0]["enrollments"][0]["user_id"] == str(pupil.get("users/self")["id"])
    shard = f"{far // 10**13}~{far % 10**13}"
    assert pupil.get(f"courses/{shard}")["id"] == far


def test_hidden_and_deleted_things_are_not_there_for_pupils(
    teacher: Person, pupil: Person, maths: Json
) -> None:
    essay = make(teacher, maths, published="false")
    path = f"courses/{maths['id']}/assignments/{essay['id']}"
    assert teacher.get(path)["published"] is False
    hidden = pupil.api(path)
    assert hidden.status == 404
    assert hidden.body == {"errors": [{"message": "The specified resource does not exist."}]}
    teacher.send("PUT", path, assignment__published="true")
    assert pupil.get(path)["name"] == "Essay"
    assert "needs_grading_count" not in pupil.get(path)
    teacher.send("DELETE", path)
    assert {pupil.api(path).status, teacher.api(path).status} == {404}
    assert "Essay" not in teacher.tasks(maths)


def test_a_course_that_its_dates_close_is_a_stub(
    teacher: Person, pupil: Person, maths: Json
) -> None:
    teacher.send(
        "PUT",
        f"courses/{maths['id']}",
        course__restrict_enrollments_to_course_dates="true",
        course__start_at="2090-01-01T00:00:00Z",
    )
    stub = {"id": maths["id"], "access_restricted_by_date": True}
    assert stub in pupil.get("courses")
    assert pupil.get(f"courses/{maths['id']}") == stub
    assert pupil.api(f"courses/{maths['id']}/assignments").status == 401
    assert teacher.courses()["MATH 7"]["name"] == "Mathematics 7"


def test_a_pupil_sees_no_work_and_no_grade_of_others(
    teacher: Person, pupil: Person, maths: Json
) -> None:
    me = pupil.get("users/self")["id"]
    rows, _ = pupil.every(f"courses/{maths['id']}/students/submissions?student_ids[]=all")
    assert {row["user_id"] for row in rows} == {me}
    seats = pupil.get(f"courses/{maths['id']}/enrollments")
    assert [one["user_id"] for one in seats if "grades" in one] == [me]
    mine = next(one["grades"] for one in seats if "grades" in one)
    assert set(mine) & {"unposted_current_score"} == set()
    history = pupil.courses()["HIST 7"]
    seats = pupil.get(f"courses/{history['id']}/enrollments?user_id={me}")
    assert set(seats[0]["grades"]) == {"html_url"}


def test_a_mark_that_is_not_posted_is_hidden(teacher: Person, pupil: Person, maths: Json) -> None:
    essay = make(teacher, maths, post_manually="true", points_possible="10")
    me = pupil.get("users/self")["id"]
    path = f"courses/{maths['id']}/assignments/{essay['id']}/submissions/{me}"
    assert teacher.send("PUT", path, submission__posted_grade="9").body["score"] == 9.0
    assert (pupil.get(path)["score"], pupil.get(path)["posted_at"]) == (None, None)


def test_a_missing_right_is_403_where_a_school_wants_it() -> None:
    school = start(SchoolConfig(port=0, no_right_status=403))
    try:
        reply = Person(school, "mina").api("users/self/profile?as_user_id=1")
        assert (reply.status, reply.body) == (401, {"errors": "Invalid as_user_id"})
        other = Person(school, "mina").send(
            "POST", "calendar_events", calendar_event__context_code="user_1"
        )
        assert (other.status, other.body["status"]) == (403, "unauthorized")
    finally:
        school.stop()


# Dates and grades


def test_a_teacher_is_shown_the_kindest_date_and_a_pupil_their_own(
    school: RunningSchool, teacher: Person, pupil: Person
) -> None:
    science = teacher.courses()["SCI 7"]
    diary = teacher.tasks(science)["Plant diary"]
    mine = pupil.tasks(science)["Plant diary"]
    others = Person(school, "john").tasks(science)["Plant diary"]
    assert diary["due_at"] == mine["due_at"] > others["due_at"]
    path = f"courses/{science['id']}/assignments/{diary['id']}"
    base = teacher.get(f"{path}?override_assignment_dates=false&include[]=all_dates")
    assert base["due_at"] == others["due_at"]
    assert [one.get("base") for one in base["all_dates"]] == [None, True]
    lab = pupil.tasks(science)["Lab report: density"]
    assert lab["lock_at"] is not None


def test_many_overrides_are_only_counted(teacher: Person, maths: Json) -> None:
    essay = make(teacher, maths)
    path = f"courses/{maths['id']}/assignments/{essay['id']}"
    number = teacher.get(f"courses/{maths['id']}/users?enrollment_type[]=student")[0]["id"]
    for day in range(1, 26):
        form: Json = {"assignment_override__student_ids": [str(number)]}
        form["assignment_override__due_at"] = f"2027-01-{day:02}T10:00:00Z"
        assert teacher.send("POST", f"{path}/overrides", **form).status == 201
    found = teacher.get(f"{path}?include[]=all_dates")
    assert (found.get("all_dates"), found["all_dates_count"]) == (None, 25)


def test_grades_follow_weights_and_dropped_scores(teacher: Person, pupil: Person) -> None:
    history = teacher.courses()["HIST 7"]
    root = f"courses/{history['id']}"
    me = pupil.get("users/self")["id"]
    teacher.send("PUT", root, course__hide_final_grades="false")
    teacher.send("PUT", root, course__apply_assignment_group_weights="true")
    drop = {"name": "Home", "group_weight": "40", "rules__drop_lowest": "1"}
    home = teacher.send("POST", f"{root}/assignment_groups", **drop).body["id"]
    test = teacher.send("POST", f"{root}/assignment_groups", name="Test", group_weight="60").body
    marks = ((home, "10"), (home, "6"), (home, "2"), (test["id"], "5"))
    for group, mark in marks:
        task = make(teacher, history, points_possible="10", assignment_group_id=str(group))
        path = f"{root}/assignments/{task['id']}/submissions/{me}"
        teacher.send("PUT", path, submission__posted_grade=mark)
    grades = pupil.get(f"{root}/enrollments?user_id={me}")[0]["grades"]
    assert grades["current_score"] == round(0.4 * 80 + 0.6 * 50, 2)


# Calendar and planner


def test_midnight_in_the_own_zone_becomes_a_whole_day(pupil: Person) -> None:
    code = f"user_{pupil.get('users/self')['id']}"
    form = {
        "calendar_event__context_code": code,
        "calendar_event__start_at": "2027-01-04T18:00:00Z",
    }
    made = pupil.send("POST", "calendar_events", **form)
    assert made.status == 201
    assert (made.body["title"], made.body["all_day"]) == ("User Event", True)
    assert made.body["all_day_date"] == "2027-01-05"
    foreign = pupil.send("POST", "calendar_events", calendar_event__context_code="user_4002")
    assert foreign.status == 401


def test_the_calendar_looks_at_today_and_at_ten_contexts(pupil: Person, maths: Json) -> None:
    assert pupil.get("calendar_events") == []
    bad = pupil.api("calendar_events?start_date=soon")
    assert (bad.status, set(bad.body["errors"])) == (400, {"start_date"})
    own = f"user_{pupil.get('users/self')['id']}"
    codes = "&".join([f"context_codes[]={own}"] * 10 + ["context_codes[]=course_1"])
    assert pupil.api(f"calendar_events?{codes}").status == 200
    assert pupil.api("calendar_events?context_codes[]=course_1").status == 401


def test_the_planner_names_quizzes_by_their_own_id_and_knows_304(pupil: Person) -> None:
    first = pupil.api("planner/items?per_page=100")
    items = {one["plannable"]["title"]: one for one in first.body}
    quiz = items["Test 2: algebra"]
    assert quiz["plannable_type"] == "quiz"
    assert quiz["plannable_id"] != quiz["plannable"]["assignment_id"]
    assert items["Museum trip"]["submissions"] is False
    assert items["Plant diary"]["submissions"]["submitted"] is False
    again = pupil.api("planner/items?per_page=100", if_none_match=first.headers["etag"])
    assert (again.status, again.raw) == (304, b"")


def test_the_feed_needs_no_token_and_changes_its_names_with_an_override(pupil: Person) -> None:
    feed = pupil.get("users/self/profile")["calendar"]["ics"]
    text = pupil.ask("GET", feed, authorization=None).text
    science = pupil.courses()["SCI 7"]
    blue = pupil.tasks(science)["Why is the sky blue?"]
    assert f"UID:event-assignment-{blue['id']}\r\n" in text
    assert "UID:event-assignment-override-" in text
    assert "DTSTART;VALUE=DATE:" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert pupil.ask("GET", "/feeds/calendars/user_guess.ics").status == 404


# Rates, faults, state


def test_many_at_once_fill_the_bucket_and_one_after_another_does_not() -> None:
    school = start(SchoolConfig(port=0, bucket_size=150))
    pupil = Person(school, "mina")
    for _ in range(30):
        reply = pupil.api("users/self")
        assert reply.status == 200
    assert float(reply.headers["x-rate-limit-remaining"]) > 50
    assert float(reply.headers["x-request-cost"]) > 0
    pupil.post("faults", {"latency_ms": 2000})
    with ThreadPoolExecutor(20) as many:
        replies = list(many.map(lambda _: pupil.api("users/self"), range(20)))
    school.stop()
    refused = [reply for reply in replies if reply.status == 429]
    assert 0 < len(refused) < 20
    assert refused[0].text == "429 Too Many Requests (Rate Limit Exceeded)\n"
    assert "x-request-cost" not in refused[0].headers


def test_both_forms_of_throttling(teacher: Person, pupil: Person) -> None:
    once = [{"fault": "throttle", "status": 403}, {"fault": "throttle", "path": "/api/v1/courses"}]
    teacher.post("faults", {"once": once})
    old, other, new = pupil.api("users/self"), pupil.api("users/self"), pupil.api("courses")
    assert (old.status, old.text) == (403, "403 Forbidden (Rate Limit Exceeded)\n")
    assert (other.status, new.status) == (200, 429)


def test_a_bucket_can_be_filled_and_emptied(teacher: Person, pupil: Person) -> None:
    teacher.post("faults", {"fill": [pupil.token]})
    assert (pupil.api("courses").status, teacher.api("courses").status) == (429, 200)
    assert teacher.ask("GET", "/school/stats").body["throttled"] == 1
    assert teacher.ask("DELETE", "/school/stats").body["throttled"] == 0
    assert pupil.api("courses").status == 200
    teacher.post("faults", {"once": [{"fault": "html"}], "retry_after": 7, "throttle_rate": 1})
    page, refused = pupil.api("courses"), pupil.api("courses")
    assert page.headers["content-type"].startswith("text/html")
    assert (refused.status, refused.headers["retry-after"]) == (429, "7")


def test_faults_strike(teacher: Person, pupil: Person, maths: Json) -> None:
    teacher.post("faults", {"error_rate": 1, "error_status": 503, "paths": ["/api/v1/courses"]})
    assert (pupil.api("courses").status, pupil.api("users/self").status) == (503, 200)
    teacher.post("faults", {"once": [{"fault": "drop"}]})
    with pytest.raises(CutError):
        pupil.api("courses")
    teacher.post("faults", {"once": [{"fault": "cut_body"}]})
    with pytest.raises(CutError):
        pupil.api("courses")
    teacher.post("faults", {"once": [{"fault": "drop_reply", "method": "POST"}]})
    with pytest.raises(CutError):
        make(teacher, maths)
    assert "Essay" in teacher.tasks(maths)
    bad = teacher.ask(
        "POST", "/school/faults", b'{"eror_rate": 1}', content_type="application/json"
    )
    assert bad.status == 400


def test_a_school_goes_on_where_it_was(tmp_path: Path) -> None:
    config = SchoolConfig(port=0, state=tmp_path / "school.json")
    first = start(config)
    teacher = Person(first, "farida")
    course = teacher.courses()["MATH 7"]
    made = make(teacher, course)
    first.stop()
    second = start(config)
    try:
        teacher = Person(second, "farida")
        assert teacher.tasks(course)["Essay"]["id"] == made["id"]
        assert make(teacher, course)["id"] > made["id"]
        with pytest.raises(StateInUseError):
            start(config)
    finally:
        second.stop()
    assert {path.name for path in tmp_path.iterdir()} == {"school.json", "school.json.lock"}
    assert "tables" in json.loads((tmp_path / "school.json").read_text(encoding="utf-8"))


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.json"
    path.write_text("[1]", encoding="utf-8")
    with pytest.raises(ValueError, match="not the file of a school"):
        start(SchoolConfig(port=0, state=path))
    assert path.read_text(encoding="utf-8") == "[1]"


def test_the_same_seed_makes_the_same_marks() -> None:
    found = []
    for seed in (1, 1, 2):
        school = start(SchoolConfig(port=0, seed=seed))
        teacher = Person(school, "farida")
        course = teacher.courses()["MATH 7"]
        path = f"courses/{course['id']}/students/submissions?student_ids[]=all&per_page=100"
        found.append([row["score"] for row in teacher.get(path)])
        school.stop()
    assert found[0] == found[1] != found[2]
