"""The school that is there at first: three courses, one teacher, four pupils."""

import random
from datetime import timedelta

from sandbox.canvas import assignments, events, groups, overrides
from sandbox.canvas.enrollments import seat
from sandbox.canvas.state import Row, School
from sandbox.canvas.submissions import give, set_grade
from sandbox.canvas.times import at, later, local
from sandbox.canvas.tokens import new_token
from sandbox.canvas.work import fill_in

ZONE = "Asia/Dhaka"
PEOPLE = ("farida", "rahim", "mina", "ayesha", "john", "office")
_NAMES = {
    "farida": ("Farida Akter", "Akter, Farida"),
    "rahim": ("Rahim Uddin", "Uddin, Rahim"),
    "mina": ("Mina Das", "Das, Mina"),
    "ayesha": ("আয়েশা সিদ্দিকা", "সিদ্দিকা, আয়েশা"),
    "john": ("John Baroi", "Baroi, John"),
    "office": ("School Office", "Office, School"),
}
_PUPILS = ("rahim", "mina", "ayesha", "john")
_HOSTS = ("127.0.0.1", "localhost")
CLIENT_ID, CLIENT_SECRET = "10000000000001", "sandbox-key-that-opens-nothing-else"
# The first is that of tests; the pages of the demo are four ports beside its chat.
REDIRECTS = tuple(f"http://{host}:{port}/canvas/return" for port in (8080, 8084) for host in _HOSTS)


def token_of(name: str) -> str:
    """The token with which a person of the first school comes in, as `7~rahim...`."""
    return f"7~{name}{'SandboxTokenThatOpensNothingElse' * 2}"[:66]


def plant(school: School, seed: int) -> None:
    """Makes the first school in an empty one.

    Args:
        school: The tables, empty.
        seed: Chooses who handed in what, and the marks.
    """
    people = {name: _person(school, name) for name in PEOPLE}
    people["office"]["is_admin"] = True
    term = _term(school)
    maths = _maths(school, term)
    science = _science(school, term)
    history = _history(school, term)
    for course in (maths, science, history):
        _fill(school, course, people)
    _special_dates(school, science, people)
    _marks(school, random.Random(seed), people["farida"]["id"])  # noqa: S311  # chance, not secrecy
    _calendar(school, people, history)
    _key(school)


def person(school: School, name: str, sortable: str, login: str, *, far: bool = False) -> Row:
    """Makes a person."""
    number = school.far_id() if far else school.new_id()
    row = {"id": number, "name": name, "sortable_name": sortable}
    row |= {"short_name": name, "login_id": login, "email": f"{login}@school.example"}
    row |= {"time_zone": ZONE, "locale": None, "created_at": school.now, "favorites": []}
    return school.users.add({**row, "feed_secret": f"{login}FeedThatOpensNothingElse"})


def _person(school: School, login: str) -> Row:
    name, sortable = _NAMES[login]
    user = person(school, name, sortable, login, far=login == "john")
    new_token(school, user, "from the sandbox", token=token_of(login))
    return user


def _term(school: School) -> Row:
    now = school.now
    row = {"id": school.new_id(), "name": "This year", "start_at": later(now, days=-120)}
    return school.terms.add({**row, "end_at": later(now, days=180)})


def course(school: School, term: Row, name: str, code: str, **more: object) -> Row:
    """Makes a course with a section."""
    number = school.far_id() if more.pop("far", False) else school.new_id()
    secret = f"{code.replace(' ', '')}{number}FeedThatOpensNothingElse"
    row = {"id": number, "name": name, "course_code": code, "account_id": 1, "uuid": secret[::-1]}
    row |= {"enrollment_term_id": term["id"], "workflow_state": "available", "time_zone": ZONE}
    row |= {"start_at": None, "end_at": None, "grading_standard_id": None, "feed_secret": secret}
    flags = ("apply_assignment_group_weights", "hide_final_grades")
    row |= dict.fromkeys((*flags, "restrict_enrollments_to_course_dates"), False)
    made = school.courses.add({**row, "created_at": school.now, **more})
    school.sections.add({"id": school.new_id(number), "course_id": number, "name": f"{name} A"})
    return made


def _day(school: School, days: int, hour: int = 23, minute: int = 59) -> str:
    today = local(school.now, ZONE).date()
    return at(today + timedelta(days=days), hour, minute, ZONE)


def _maths(school: School, term: Row) -> Row:
    made = course(
        *(school, term, "Mathematics 7", "MATH 7"),
        apply_assignment_group_weights=True,
        grading_standard_id=1,
    )
    _periods(school, made)
    home = _group(school, made, "Homework", 40.0, {"drop_lowest": 1})
    tests = _group(school, made, "Tests", 60.0, {})
    for number, days in enumerate((-28, -21, -14, -7, 3, 10), 1):
        _task(school, made, f"Homework {number}: fractions", days, 10.0, group=home)
    _task(school, made, "Test 1: ratio", -10, 50.0, kinds=("on_paper",), group=tests)
    _task(school, made, "Test 2: algebra", 6, 50.0, kinds=("online_quiz",), group=tests, hour=9)
    draft = _task(school, made, "Test 3 (draft)", 30, 50.0, group=tests)
    draft["workflow_state"] = "unpublished"
    return made


def _periods(school: School, made: Row) -> None:
    for title, begin, end in (("First half", -120, -15), ("Second half", -15, 180)):
        row = {"id": school.new_id(), "course_id": made["id"], "title": title, "weight": 50.0}
        row |= {"start_date": _day(school, begin), "end_date": _day(school, end)}
        school.periods.add({**row, "close_date": _day(school, end + 7)})


def _group(school: School, made: Row, name: str, weight: float, rules: Row) -> int:
    wish = {"name": name, "group_weight": weight, "rules": rules}
    return int(groups.add(school, made["id"], wish)["id"])


def _task(
    school: School,
    made: Row,
    name: str,
    days: int | None,
    points: float,
    *,
    kinds: tuple[str, ...] = ("online_text_entry",),
    group: int | None = None,
    hour: int = 23,
) -> Row:
    due = None if days is None else _day(school, days, hour, 59 if hour == 23 else 0)
    wish: Row = {"name": name, "due_at": due, "points_possible": points}
    wish |= {"submission_types": list(kinds), "workflow_state": "published"}
    wish["description"] = f"<p>{name}. Show your work; one page is enough.</p>"
    return assignments.add(school, made, wish, group)


def _science(school: School, term: Row) -> Row:
    made = course(school, term, "Science 7", "SCI 7")
    school.sections.add({"id": school.new_id(), "course_id": made["id"], "name": "Science 7 B"})
    _group(school, made, "Assignments", 0.0, {})
    _task(school, made, "Plant diary", 4, 20.0, kinds=("online_upload", "online_text_entry"))
    _task(school, made, "Why is the sky blue?", 2, 10.0, kinds=("discussion_topic",))
    _task(school, made, "Lab report: density", -3, 30.0, kinds=("online_text_entry",))
    _task(school, made, "Simulation: circuits", 8, 10.0, kinds=("external_tool",))
    _task(school, made, "Bring a leaf", None, 0.0, kinds=("none",))
    return made


def _history(school: School, term: Row) -> Row:
    made = course(school, term, "বাংলাদেশের ইতিহাস ৭", "HIST 7", far=True, hide_final_grades=True)
    _group(school, made, "কাজ", 0.0, {})
    _task(school, made, "রচনা: ভাষা আন্দোলন", 5, 25.0)
    _task(school, made, "Timeline of 1971", -5, 15.0, kinds=("online_url",))
    _task(school, made, "Interview a grandparent", 12, 1_000_000_000.0, kinds=("on_paper",))
    return made


def _fill(school: School, made: Row, people: dict[str, Row]) -> None:
    sections = school.sections.of("course_id", made["id"])
    seat(school, sections[0], people["farida"], "TeacherEnrollment")
    for place, name in enumerate(_PUPILS):
        seat(school, sections[place % len(sections)], people[name])
    # One pupil sits in both sections of a course that has two.
    if len(sections) > 1:
        seat(school, sections[1], people["rahim"])
    fill_in(school, made["id"])


def _special_dates(school: School, science: Row, people: dict[str, Row]) -> None:
    diary, _, lab, circuits, _ = school.assignments.of("course_id", science["id"])
    mina, second = people["mina"]["id"], school.sections.of("course_id", science["id"])[1]
    later_for = {"student_ids": [mina], "title": "1 student"}
    overrides.add(school, diary, {**later_for, "due_at": _day(school, 9)})
    section = {"course_section_id": second["id"], "title": second["name"]}
    overrides.add(school, circuits, {**section, "due_at": _day(school, 15, 14, 0)})
    overrides.add(school, lab, {**later_for, "lock_at": _day(school, 20)})


def _marks(school: School, dice: random.Random, teacher_id: int) -> None:
    for one in school.assignments:
        due = one["due_at"]
        if due is None or due > school.now or one["workflow_state"] != "published":
            continue
        for row in school.submissions.of("assignment_id", one["id"]):
            _one_mark(school, one, row, dice, teacher_id)


def _one_mark(school: School, one: Row, row: Row, dice: random.Random, teacher_id: int) -> None:
    if dice.random() < 0.2:
        return
    kind = one["submission_types"][0]
    if kind != "on_paper":
        give(school, row, kind, body="<p>My work.</p>")
        row["submitted_at"] = later(one["due_at"], hours=dice.choice((-30, -5, -1, 4)))
    if dice.random() < 0.85:
        points = round(one["points_possible"] * dice.uniform(0.55, 1.0), 1)
        set_grade(school, one, row, f"{points:g}", teacher_id)


def _calendar(school: School, people: dict[str, Row], history: Row) -> None:
    trip = {"title": "Museum trip", "start_at": _day(school, 7, 0, 0)}
    trip |= {"end_at": _day(school, 7, 0, 0), "description": "<p>Bring lunch.</p>"}
    events.add(school, f"course_{history['id']}", trip, ZONE)
    club = {"title": "Chess club", "start_at": _day(school, 1, 16, 0)}
    club["end_at"] = _day(school, 1, 17, 0)
    events.add(school, f"user_{people['rahim']['id']}", club, ZONE)


def _key(school: School) -> None:
    row = {"id": school.new_id(), "client_id": CLIENT_ID, "secret": CLIENT_SECRET}
    row |= {"name": "Dars", "redirect_uris": list(REDIRECTS), "scopes": []}
    school.keys.add(row)


def grow(school: School, seed: int, *, pupils: int, tasks: int, courses: int = 1) -> list[int]:
    """Adds large courses, for measurements; returns their ids.

    Args:
        school: The tables.
        seed: Chooses who handed in what, and the marks.
        pupils: Pupils of each course; the same people sit in all.
        tasks: Assignments of each course.
        courses: How many there are.
    """
    start = len(school.users)
    people = [
        person(school, f"Pupil {n}", f"{n:05}, Pupil", f"pupil{n}")
        for n in range(start, start + pupils)
    ]
    dice = random.Random(seed)  # noqa: S311  # chance, not secrecy
    return [_large(school, dice, people, tasks, number) for number in range(1, courses + 1)]


def _large(school: School, dice: random.Random, people: list[Row], tasks: int, number: int) -> int:
    made = course(school, next(iter(school.terms)), f"Large course {number}", f"LARGE {number}")
    _group(school, made, "Assignments", 0.0, {})
    section = school.sections.of("course_id", made["id"])[0]
    teacher = next(one for one in school.users if one["login_id"] == "farida")
    seat(school, section, teacher, "TeacherEnrollment")
    for one in people:
        seat(school, section, one)
    for count in range(tasks):
        task = _task(school, made, f"Task {count + 1}", count - tasks // 2, 10.0)
        for row in school.submissions.of("assignment_id", task["id"]):
            if task["due_at"] <= school.now:
                _one_mark(school, task, row, dice, teacher["id"])
    return int(made["id"])
