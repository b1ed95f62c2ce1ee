"""The HTTP API: whose rows are seen, page by page, and what is refused."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, text, update
from typer.testing import CliRunner

from cli.main import app as cli
from src import clock, database
from src.canvas.sync import full_canvas_sync
from src.errors import TokenUnusable
from src.models import ApiToken, AuditAction, AuditEvent, CanvasConnection, ClassMember, Student
from src.settings import Settings, load_settings
from src.teaching import service, tokens
from src.teaching.report import class_report
from src.teaching.results import TeacherCard
from src.teaching.tokens import OF_OPERATORS, OF_TEACHERS, ApiScope, is_token, make_token
from tests.fixtures.factories import (
    make_daily_cost,
    make_person,
    make_problem,
    make_response,
    make_session,
    make_streak,
    make_student,
)
from tests.fixtures.schools import MONDAY, bundle, new_target
from web.app import create_app

NOW = datetime(2026, 3, 6, 11, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("database_url")
READS = [scope for scope in ApiScope if scope not in OF_TEACHERS]
Json = dict[str, Any]


def client_of(token: str | None, settings: Settings | None = None) -> httpx2.AsyncClient:
    app = create_app(settings or Settings())
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"authorization": f"Bearer {token}"} if token else {}
    base = "http://dars.test/api/v1"
    return httpx2.AsyncClient(transport=transport, base_url=base, headers=headers)


async def token_for(*scopes: ApiScope, teacher_id: int | None = None) -> str:
    async with database.session_scope() as db:
        return await tokens.create(db, "test", scopes, clock.now(), teacher_id=teacher_id)


@pytest.fixture
async def operator(database_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(await token_for(*READS)) as client:
        yield client


async def add_teacher(name: str = "Farida") -> TeacherCard:
    async with database.session_scope() as db:
        person = make_person()
        db.add(person)
        await db.flush()
        _, payload = await service.invite(db, name, "School 1", clock.now())
        return await service.accept(db, person.id, payload, clock.now())


async def add_pupils(count: int, sessions: int = 2) -> list[int]:
    """Save pupils, each with sessions of two problems that were answered."""
    async with database.session_scope() as db:
        problems = [make_problem() for _ in range(5)]
        students = [make_student(name=f"Pupil {n}") for n in range(count)]
        db.add_all([*problems, *students])
        await db.flush()
        for student in students:
            db.add(make_streak(student_id=student.id, current_streak=3, longest_streak=4))
            for n in range(sessions):
                begun = NOW - timedelta(days=n)
                one = make_session(
                    student_id=student.id,
                    problem_ids=[problem.id for problem in problems],
                    status="completed",
                    started_at=begun,
                    date=begun.date(),
                )
                db.add(one)
                await db.flush()
                for problem in problems[:2]:
                    answered = {"student_answer": "3/4", "attempts": 1, "is_correct": True}
                    row = make_response(session_id=one.id, problem_id=problem.id, closed_at=begun)
                    for name, value in answered.items():
                        setattr(row, name, value)
                    db.add(row)
        return [student.id for student in students]


async def join(class_id: int, student_id: int, at: datetime, *, sees_before: bool = False) -> None:
    async with database.session_scope() as db:
        member = ClassMember(class_id=class_id, student_id=student_id, joined_at=at)
        member.consent_version, member.sees_before = "1", sees_before
        db.add(member)


async def every_row(client: httpx2.AsyncClient, path: str, **query: Any) -> list[Json]:
    """Follow the pages of a list to its end."""
    rows: list[Json] = []
    while True:
        answer = await client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        rows += page["rows"]
        if page["next"] is None:
            return rows
        query["cursor"] = page["next"]


@pytest.mark.parametrize("limit", [1, 2, 50])
async def test_every_list_is_whole_page_by_page(operator: httpx2.AsyncClient, limit: int) -> None:
    pupils = await add_pupils(3)
    async with database.session_scope() as db:
        db.add_all([make_daily_cost(model=f"m{n}") for n in range(3)])
    expected = {"students": 3, "sessions": 6, "responses": 12, "streaks": 3, "problems": 5}
    for path, count in (expected | {"costs": 3}).items():
        rows = await every_row(operator, f"/{path}", limit=limit)
        keys = [int(row.get("id") or row["student_id"]) for row in rows]
        assert len(keys) == count
        assert keys == sorted(set(keys))
    mine = await every_row(operator, "/responses", student_id=pupils[1], limit=limit)
    assert [row["student_id"] for row in mine] == [pupils[1]] * 4
    late = await every_row(operator, "/sessions", since="2026-03-06T00:00:00Z", limit=limit)
    assert len(late) == 3
    assert await every_row(operator, "/students", grade=6) == []


async def test_a_cursor_is_good_for_its_own_list_alone(operator: httpx2.AsyncClient) -> None:
    await add_pupils(2)
    page = (await operator.get("/students", params={"limit": 1})).json()
    wrong = [
        ("/students", {"grade": 7, "cursor": page["next"]}),
        ("/sessions", {"cursor": page["next"]}),
        ("/students", {"cursor": "nonsense"}),
        ("/students", {"cursor": "W10="}),
    ]
    for path, query in wrong:
        answer = await operator.get(path, params=query)
        assert answer.status_code == 404
    async with client_of(await token_for(ApiScope.STUDENTS)) as other:
        assert (await other.get("/students", params={"cursor": page["next"]})).status_code == 404


async def test_who_did_not_agree_is_nobodys_to_see(operator: httpx2.AsyncClient) -> None:
    await add_pupils(1)
    async with database.session_scope() as db:
        await db.execute(update(Student).values(registered_at=None))
    for path in ("students", "sessions", "responses", "streaks"):
        assert await every_row(operator, f"/{path}") == []


async def test_a_token_is_needed_and_only_what_it_is_for_is_answered() -> None:
    token = await token_for(ApiScope.STREAKS)
    wrong = [None, "nonsense", make_token(), token[:-1] + ("a" if token[-1] != "a" else "b")]
    for given in wrong:
        async with client_of(given) as stranger:
            answer = await stranger.get("/streaks")
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.json()["type"] == "/errors/unauthorized"
    async with client_of(token) as client:
        assert (await client.get("/streaks")).status_code == 200
        refused = await client.get("/students")
        assert refused.status_code == 403
        assert "read:students" in refused.json()["detail"]
    async with database.session_scope() as db:
        [row] = list(await db.scalars(select(ApiToken)))
        assert token not in str([row.sha256, row.prefix])
        assert row.last_used_at is not None
        assert await tokens.revoke(db, row.prefix, clock.now())
        assert not await tokens.revoke(db, row.prefix, clock.now())
    async with client_of(token) as client:
        assert (await client.get("/streaks")).status_code == 401


async def test_a_token_that_asks_too_often_waits() -> None:
    token = await token_for(ApiScope.STREAKS)
    settings = load_settings({"DARS_API_CALLS_PER_MINUTE": "3"})
    async with client_of(token, settings) as client:
        answers = [await client.get("/streaks") for _ in range(5)]
    assert [one.status_code for one in answers[:3]] == [200] * 3
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 21


async def test_a_teacher_sees_their_own_pupils_since_these_agreed() -> None:
    teacher, other = await add_teacher(), await add_teacher("Rahim")
    mine, before, foreign, gone = await add_pupils(4)
    async with database.session_scope() as db:
        own = await service.make_class(db, teacher, "7 A", 7, NOW)
        theirs = await service.make_class(db, other, "7 B", 7, NOW)
    await join(own.id, mine, NOW - timedelta(hours=1))
    await join(own.id, before, NOW, sees_before=True)
    await join(own.id, gone, NOW - timedelta(days=9))
    await join(theirs.id, foreign, NOW - timedelta(days=9))
    async with database.session_scope() as db:
        await service.remove_member(db, teacher, own.id, gone, NOW)
    reads = [scope for scope in READS if scope not in OF_OPERATORS]
    async with client_of(await token_for(*reads, teacher_id=teacher.id)) as client:
        for path, expected in (("students", [1, 1]), ("sessions", [1, 2]), ("responses", [2, 4])):
            rows = await every_row(client, f"/{path}")
            whose = [row.get("student_id", row["id"]) for row in rows]
            assert [whose.count(mine), whose.count(before)] == expected
            assert set(whose) == {mine, before}
        for path in (f"/students/{foreign}", f"/students/{gone}/insights", "/students/999999"):
            answer = await client.get(path)
            assert answer.status_code == 404
            assert answer.json() == {"type": "/errors/not-found", "title": "Not Found"} | {
                "status": 404
            }
        told = (await client.get(f"/students/{mine}/insights")).json()
        assert told["answers"] == 2, "what was before is not seen"
        assert (await client.get(f"/students/{before}/insights")).json()["answers"] == 4
        assert (await client.get(f"/classes/{theirs.id}")).status_code == 404
        assert (await client.get(f"/classes/{theirs.id}/members")).status_code == 404
        assert [one["id"] for one in await every_row(client, "/classes")] == [own.id]
        assert (await client.get("/costs")).status_code == 403


async def test_a_teacher_writes_classes_labels_and_notes_and_nobody_elses() -> None:
    teacher, other = await add_teacher(), await add_teacher("Rahim")
    [pupil, _] = await add_pupils(2, 0)
    writes = (*OF_TEACHERS, ApiScope.CLASSES, ApiScope.MEMBERS)
    async with (
        client_of(await token_for(*writes, teacher_id=teacher.id)) as client,
        client_of(await token_for(*writes, teacher_id=other.id)) as stranger,
    ):
        made = await client.post("/classes", json={"name": "7 A", "grade": 7})
        assert made.status_code == 201
        path = f"/classes/{made.json()['id']}"
        assert made.headers["location"] == f"/api/v1{path}"
        code = (await client.post(f"{path}/code")).json()["code"]
        assert code != made.json()["code"]
        await join(made.json()["id"], pupil, NOW)
        member = f"{path}/members/{pupil}"
        labelled = await client.put(f"{member}/label", json={"label": "Row 2"})
        assert labelled.json()["label"] == "Row 2"
        note = await client.post(f"{member}/notes", json={"text": "asks good questions"})
        assert note.status_code == 201
        [kept] = await every_row(client, f"{member}/notes")
        assert kept == note.json()
        one = f"{member}/notes/{kept['id']}"
        attempts = [
            await stranger.get(f"{member}/notes"),
            await stranger.post(f"{member}/notes", json={"text": "no"}),
            await stranger.put(f"{member}/label", json={"label": "no"}),
            await stranger.delete(one),
            await stranger.delete(member),
            await stranger.delete(path),
            await stranger.post(f"{path}/code"),
        ]
        assert {answer.status_code for answer in attempts} == {404}
        assert (await client.delete(one)).status_code == 204
        assert (await client.delete(one)).status_code == 404
        assert (await client.delete(member)).status_code == 204
        assert await every_row(client, f"{path}/members") == []
        assert (await client.delete(path)).status_code == 204
        assert (await client.get(path)).status_code == 404
        bad = await client.post("/classes", json={"name": " ", "grade": 12, "more": 1})
        assert bad.status_code == 422
        assert len(bad.json()["errors"]) == 3


async def test_looks_are_noted_once_an_hour(operator: httpx2.AsyncClient) -> None:
    [pupil] = await add_pupils(1)
    for _ in range(3):
        await operator.get("/responses", params={"student_id": pupil})
        await operator.get("/students")
    async with database.read_scope() as db:
        events = list(
            await db.scalars(select(AuditEvent).where(AuditEvent.action == AuditAction.LOOK))
        )
    assert sorted((one.subject_kind, one.subject_id) for one in events) == [
        ("api:responses", pupil),
        ("api:students", None),
    ]


REFUSES = """CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'refused at commit'; END $$"""
AT_COMMIT = """CREATE CONSTRAINT TRIGGER refuse_late AFTER INSERT ON classes
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()"""


async def test_a_commit_that_fails_is_no_success(postgres_url: str) -> None:
    teacher = await add_teacher()
    async with database.session_scope() as db:
        await db.execute(text(REFUSES))
        await db.execute(text(AT_COMMIT))
    token = await token_for(ApiScope.WRITE_CLASSES, teacher_id=teacher.id)
    async with client_of(token) as client:
        answer = await client.post("/classes", json={"name": "7 A", "grade": 7})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    async with database.read_scope() as db:
        assert await service.classes_of(db, teacher.id) == []


async def test_tokens_that_could_not_be_used_are_not_made() -> None:
    async with database.session_scope() as db:
        for scopes in ((), (ApiScope.WRITE_NOTES,)):
            with pytest.raises(TokenUnusable):
                await tokens.create(db, "x", scopes, NOW)
        with pytest.raises(TokenUnusable):
            await tokens.create(db, "x", [ApiScope.STREAKS], NOW, teacher_id=7)
    teacher = await add_teacher()
    async with database.session_scope() as db:
        with pytest.raises(TokenUnusable):
            await tokens.create(db, "x", [ApiScope.COSTS], NOW, teacher_id=teacher.id)
    token = await token_for(ApiScope.STREAKS, teacher_id=teacher.id)
    async with database.session_scope() as db:
        await service.remove(db, teacher.id, NOW)
    async with client_of(token) as client:
        assert (await client.get("/streaks")).status_code == 401, "they teach no more"


def test_a_typing_error_in_a_token_is_seen_without_a_look() -> None:
    token = make_token()
    assert is_token(token)
    for place in range(len(token)):
        other = "x" if token[place] != "x" else "y"
        assert not is_token(token[:place] + other + token[place + 1 :])
    assert len({make_token() for _ in range(100)}) == 100


def test_an_operator_makes_lists_and_revokes_tokens(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    run = CliRunner().invoke
    made = run(cli, ["api", "token", "create", "report", "--scope", "read:streaks"])
    assert made.exit_code == 0, made.output
    token = made.output.strip()
    assert is_token(token)
    listed = run(cli, ["api", "token", "list", "--format", "json"]).output
    assert token not in listed
    assert '"report"' in listed
    assert "operator" in run(cli, ["api", "token", "list"]).output
    assert run(cli, ["api", "token", "revoke", token[:16]]).exit_code == 0
    again = run(cli, ["api", "token", "revoke", token[:16]])
    assert isinstance(again.exception, TokenUnusable)


async def test_nothing_of_anybody_else_comes_out_of_any_route() -> None:
    """Every route and method, with every id of another teacher's things: 404, or empty."""
    teacher, other = await add_teacher(), await add_teacher("Rahim")
    pupils = await add_pupils(2)
    async with database.session_scope() as db:
        theirs = await service.make_class(db, other, "7 B", 7, NOW)
    for pupil in pupils:
        await join(theirs.id, pupil, NOW - timedelta(days=9))
    async with database.session_scope() as db:
        await service.write_note(db, other.id, theirs.id, pupils[0], "a secret")
    target = await new_target()
    async with database.session_scope() as db:
        await db.execute(update(CanvasConnection).values(person_id=other.person_id, label=None))
    await full_canvas_sync(bundle(), target, MONDAY)
    ids = {"class_id": theirs.id, "connection_id": target.connection_id, "course_id": 1}
    ids |= {
        "assignment_id": 21,
        "canvas_user_id": 1,
        "student_id": pupils[0],
        "note_id": 1,
        "problem_id": 1,
    }
    scopes = [scope for scope in ApiScope if scope not in OF_OPERATORS]
    token = await token_for(*scopes, teacher_id=teacher.id)
    async with client_of(token) as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
        asked = 0
        for path, methods in paths.items():
            where = path.removeprefix("/api/v1").format(**ids)
            for method in methods:
                if method != "get" and "{" not in path:
                    continue
                answer = await client.request(
                    method, where, json={"label": "x", "text": "x"} if method != "get" else None
                )
                asked += 1
                if "{" in path and "problems" not in path:
                    assert answer.status_code in {404, 422}, (method, where, answer.text)
                assert "secret" not in answer.text
                assert "Pupil" not in answer.text
                if answer.status_code == 200 and "problems" not in path:
                    assert answer.json()["rows"] == []
    assert asked > 20
    async with client_of(await token_for(*scopes, teacher_id=other.id)) as client:
        member = f"/classes/{theirs.id}/members/{pupils[0]}"
        assert [one["text"] for one in await every_row(client, f"{member}/notes")] == ["a secret"]


async def test_a_school_is_read_over_the_connection_of_who_asks() -> None:
    teacher = await add_teacher()
    target = await new_target()
    async with database.session_scope() as db:
        await db.execute(update(CanvasConnection).values(person_id=teacher.person_id, label=None))
    await full_canvas_sync(bundle(), target, MONDAY)
    scopes = (ApiScope.CANVAS, ApiScope.INSIGHTS)
    async with client_of(await token_for(*scopes, teacher_id=teacher.id)) as client:
        [connection] = await every_row(client, "/canvas/connections")
        assert "secret" not in connection
        path = f"/canvas/connections/{connection['id']}"
        [course] = await every_row(client, f"{path}/courses")
        assert (course["course_id"], course["name"]) == (1, "Mathematics")
        students = await every_row(client, f"{path}/courses/1/students", limit=1)
        assert [one["name"] for one in students] == ["Pupil 1", "Pupil 2"]
        tasks = await every_row(client, f"{path}/courses/1/assignments", limit=1)
        assert [one["assignment_id"] for one in tasks] == [21, 22]
        work = await every_row(client, f"{path}/assignments/21/submissions", limit=1)
        assert [one["score"] for one in work] == [8.0, 8.0]
        history = await every_row(client, f"{path}/students/1/grades", limit=1)
        assert [one["final_score"] for one in history] == [70.0]
        shown = (await client.get(f"{path}/students/1")).json()
        assert (shown["name"], len(shown["courses"])) == ("Pupil 1", 1)
        [told] = (await client.get(f"{path}/students/1/insights")).json()
        assert told["forecast"]["expected"] is None
        assert told["forecast"]["graded"] == 2
        assert told["momentum"]["trend"] == "too_little_data"
        assert "2 marks so far" in told["sentences"][0]["en"]
        assert "নম্বর ২টি" in told["sentences"][0]["bn"]
    async with client_of(await token_for(ApiScope.CANVAS)) as operator:
        assert await every_row(operator, "/canvas/connections") == []
        assert (await operator.get(f"{path}/courses")).status_code == 404


async def test_flags_and_forecasts_of_a_class_are_those_of_its_page() -> None:
    teacher = await add_teacher()
    pupils = await add_pupils(3, 30)
    [newcomer] = await add_pupils(1, 1)
    async with database.session_scope() as db:
        made = await service.make_class(db, teacher, "7 A", 7, NOW)
    for pupil in pupils:
        await join(made.id, pupil, NOW - timedelta(days=90))
    await join(made.id, newcomer, NOW + timedelta(days=1))
    reads = (ApiScope.FLAGS, ApiScope.INSIGHTS)
    async with database.session_scope() as db:
        report = await class_report(db, teacher.id, made.id, clock.now())
    for token in (await token_for(*reads, teacher_id=teacher.id), await token_for(*reads)):
        async with client_of(token) as client:
            told = (await client.get(f"/classes/{made.id}/flags")).json()
            assert [(one["student_id"], one["kind"]) for one in told["flags"]] == [
                (int(flag.pupil), flag.kind) for flag in report.flags
            ]
            assert told["flags"] != []
            assert newcomer in told["too_little_data"]
            found = (await client.get(f"/classes/{made.id}/insights")).json()
            assert [one["student_id"] for one in found] == [*pupils, newcomer]
            assert [one["forecast"]["answers"] for one in found[:3]] == [60] * 3
            assert found[0]["forecast"]["expected"] is None, "too few others say how wide"
            assert found[0]["momentum"]["trend"] == "no_clear_change"
            assert (await client.get("/classes/999/flags")).status_code == 404
    assert found[3]["forecast"]["answers"] == 2, "an operator sees what was before"


async def test_what_is_asked_wrongly_is_named(operator: httpx2.AsyncClient) -> None:
    [pupil] = await add_pupils(1)
    for typed in ("0.5", "2026-03-07", "2026-02-30T00:00:00Z", "2026-03-07T00:00:00"):
        answer = await operator.get("/sessions", params={"since": typed})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["in"] == "query.since"
        assert typed not in answer.text, "nothing that was sent is repeated"
    for typed in ("7", "2026-02-30", "today"):
        assert (await operator.get("/costs", params={"first": typed})).status_code == 422
    for typed in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        assert (await operator.get("/sessions", params={"since": typed})).status_code == 200
    refused = await operator.patch("/classes/1")
    assert refused.status_code == 405
    assert refused.headers["allow"] == "DELETE, GET"
    assert (await operator.put("/nowhere")).status_code == 404
    assert (await operator.get(f"/students/{pupil}")).json()["name"] == "Pupil 0"
    [first, *_] = await every_row(operator, "/problems", topic="fractions", grade=7)
    assert (await operator.get(f"/problems/{first['id']}")).json() == first
    assert (await operator.get("/problems/999999")).status_code == 404


async def test_an_operator_sees_every_class_but_no_code_and_writes_nothing() -> None:
    teacher = await add_teacher()
    [pupil] = await add_pupils(1, 0)
    async with database.session_scope() as db:
        made = await service.make_class(db, teacher, "7 A", 7, NOW)
    await join(made.id, pupil, NOW)
    async with database.session_scope() as db:
        await service.set_label(db, teacher.id, made.id, pupil, "Row 2")
    async with client_of(await token_for(*READS)) as client:
        [one] = await every_row(client, "/classes")
        assert (one["id"], one["members"], one["code"]) == (made.id, 1, None)
        assert (await client.get(f"/classes/{made.id}")).json() == one
        [member] = await every_row(client, f"/classes/{made.id}/members")
        assert member["label"] is None, "the teachers' own name is theirs alone"
        assert (await client.get("/classes/999")).status_code == 404
        assert (await client.delete(f"/classes/{made.id}")).status_code == 403
        assert (await client.get(f"/classes/{made.id}/members/{pupil}/notes")).status_code == 404
