"""The pages of teachers: the way in, what they show, and that nobody sees what is not theirs."""

import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select

from src import clock
from src.accounts import service as accounts
from src.database import session_scope
from src.models import AuditEvent, ClassMember, Dispute, LoginLink, WebSession
from src.teaching import entering, service
from src.teaching.results import ClassCard, TeacherCard
from tests.fixtures.classes import (
    Browser,
    add_answers,
    add_class,
    add_problems,
    add_teacher,
    browsing,
)
from tests.fixtures.factories import make_dispute
from tests.unit.figures.samples import sample
from web.pages import classes, entrance, pupils, signing

pytestmark = pytest.mark.usefixtures("database_url")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as found:
        yield found


class Page(HTMLParser):
    """The cells of the last table of a page, and where its forms and links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.forms: set[str] = set()
        self.links: set[str] = set()
        self._in_cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if tag == "table":
            self.rows = []
        elif tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self._in_cell = True
            self.rows[-1].append("")
        elif tag == "form" and about.get("method") == "post":
            self.forms.add(about["action"] or "")
        elif tag == "a":
            self.links.add(about["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1][-1] += data


async def a_class(*names: str) -> tuple[TeacherCard, ClassCard, list[int]]:
    async with session_scope() as db:
        teacher = await add_teacher(db)
        card, ids = await add_class(db, teacher, names)
    return teacher, card, ids


async def test_a_link_is_spent_by_the_button_and_not_by_looking(browser: Browser) -> None:
    teacher, _, _ = await a_class()
    async with session_scope() as db:
        secret = await entering.make_link(db, teacher, clock.now())
        kept = (await db.scalars(select(LoginLink.hash))).one()
    assert secret not in kept
    for _ in range(3):
        assert (await browser.get(f"/in/{secret}")).status_code == 200
    came = await browser.client.post(f"/in/{secret}")
    cookie = came.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert "7A" in (await browser.get("/classes")).text
    assert (await browser.get(f"/in/{secret}")).status_code == 410
    assert (await browser.client.post(f"/in/{secret}")).status_code == 410


async def test_by_https_the_cookie_is_for_https_alone() -> None:
    teacher, _, _ = await a_class()
    async with browsing(url="https://dars.test") as browser:
        await browser.come_in(teacher)
        [cookie] = browser.client.cookies.jar
        assert (cookie.name, cookie.secure) == ("__Host-dars", True)
        assert (await browser.get("/classes")).status_code == 200


async def test_a_link_of_ten_minutes_ago_and_an_older_one_do_not_work(browser: Browser) -> None:
    teacher, _, _ = await a_class()
    async with session_scope() as db:
        first = await entering.make_link(db, teacher, clock.now() - timedelta(minutes=11))
    assert (await browser.client.post(f"/in/{first}")).status_code == 410
    async with session_scope() as db:
        older = await entering.make_link(db, teacher, clock.now())
        newer = await entering.make_link(db, teacher, clock.now())
    assert (await browser.client.post(f"/in/{older}")).status_code == 410
    assert (await browser.client.post(f"/in/{newer}")).status_code == 303


async def test_signing_out_everywhere_ends_every_browser(browser: Browser) -> None:
    teacher, _, _ = await a_class()
    async with browsing() as other:
        await browser.come_in(teacher)
        await other.come_in(teacher)
        assert (await other.send("/out", everywhere="true")).status_code == 303
        assert (await browser.get("/classes")).status_code == 401
        assert (await other.get("/classes")).status_code == 401


async def test_a_removed_teacher_is_out_at_once(browser: Browser) -> None:
    teacher, card, _ = await a_class()
    await browser.come_in(teacher)
    async with session_scope() as db:
        await service.remove(db, teacher.id, clock.now())
    assert (await browser.get(f"/classes/{card.id}")).status_code == 401


async def test_a_session_ends_after_twelve_hours(browser: Browser) -> None:
    teacher, _, _ = await a_class()
    await browser.come_in(teacher)
    async with session_scope() as db:
        session = (await db.scalars(select(WebSession))).one()
        assert session.expires_at - session.began_at == timedelta(hours=12)
        session.expires_at = clock.now()
    assert (await browser.get("/classes")).status_code == 401


async def test_a_form_without_the_token_of_its_session_changes_nothing(browser: Browser) -> None:
    teacher, card, _ = await a_class()
    await browser.come_in(teacher)
    code = card.code
    for token in ("", "0" * 64):
        answer = await browser.client.post(f"/classes/{card.id}/code", data={"token": token})
        assert answer.status_code == 403
    async with session_scope() as db:
        assert (await service.class_of(db, teacher.id, card.id)).code == code
    assert (await browser.send(f"/classes/{card.id}/code")).status_code == 303
    async with session_scope() as db:
        assert (await service.class_of(db, teacher.id, card.id)).code != code


async def practised(card: ClassCard, ids: list[int]) -> None:
    """Let the first pupil practise well, the second make a mistake, the others nothing."""
    at = clock.now() - timedelta(hours=3)
    async with session_scope() as db:
        problems = await add_problems(db, 5)
        others = await add_problems(db, 5, topic="ratio")
        await add_answers(db, ids[0], at, [(p, "right") for p in problems])
        await add_answers(db, ids[1], at, [(p, "wrong") for p in problems])
        await add_answers(db, ids[1], at + timedelta(hours=1), [(p, "hint") for p in others])


async def test_the_class_page_counts_everybody_who_is_enrolled(browser: Browser) -> None:
    teacher, card, ids = await a_class("Anik", "Bela", "Chitra")
    await practised(card, ids)
    await browser.come_in(teacher)
    answer = await browser.get(f"/classes/{card.id}")
    assert answer.status_code == 200
    page = Page(answer.text)
    assert [row[0] for row in page.rows] == ["Pupil", "Anik", "Bela", "Chitra"]
    today = clock.local_day(clock.now() - timedelta(hours=3), "Asia/Dhaka").isoformat()
    assert page.rows[1] == ["Anik", "5", "5", "100", "5", "0", today]
    assert page.rows[2][1:6] == ["10", "0", "0", "5", "5"]
    # Nothing was asked: that is not 0 %.
    assert page.rows[3][1:] == ["0", "–", "–", "–", "–", "–"]
    assert "The denominators are not added." in answer.text
    assert "2/6" in answer.text


async def test_a_problem_that_was_only_looked_at_counts_for_nothing(browser: Browser) -> None:
    teacher, card, [student] = await a_class("Anik")
    async with session_scope() as db:
        problems = await add_problems(db, 2)
        given = [(problems[0], "right"), (problems[1], "opened")]
        await add_answers(db, student, clock.now() - timedelta(hours=1), given)
    await browser.come_in(teacher)
    page = Page((await browser.get(f"/classes/{card.id}")).text)
    assert page.rows[1][1:4] == ["1", "1", "100"]
    text = (await browser.get(f"/classes/{card.id}/pupils/{student}")).text
    assert "Looked at and not answered: 1." in text


async def test_files_equal_the_screen_cell_for_cell(browser: Browser) -> None:
    teacher, card, ids = await a_class('=HYPERLINK("http://x")', "Bela", "Chitra")
    await practised(card, ids)
    await browser.come_in(teacher)
    for query in ("", "?topic=each&sort=share&order=down", "?topic=ratio&sort=asked&order=down"):
        screen = Page((await browser.get(f"/classes/{card.id}{query}")).text).rows
        answer = await browser.get(f"/classes/{card.id}/table.csv{query}")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [[cell.removeprefix("'") for cell in row] for row in rows] == screen
        assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
        book = await browser.get(f"/classes/{card.id}/table.xlsx{query}")
        assert read_sheet(book.content) == screen
    assert len(screen) == 4
    async with session_scope() as db:
        exports = await db.scalar(
            select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "export")
        )
    assert exports == 6


def read_sheet(data: bytes) -> list[list[str]]:
    """Return the cells of a workbook, by its XML: no package that reads them is pinned."""
    with ZipFile(io.BytesIO(data)) as book:
        names = book.namelist()
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
        shared = ET.fromstring(book.read("xl/sharedStrings.xml"))
    assert not [name for name in names if "external" in name.lower()]
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    texts = ["".join(t.text or "" for t in si.iter(f"{{{space['m']}}}t")) for si in shared]
    rows = []
    for row in sheet.iterfind(".//m:row", space):
        cells = []
        for cell in row.iterfind("m:c", space):
            assert cell.find("m:f", space) is None
            value = cell.findtext("m:v", "", space)
            if cell.get("t") == "s":
                cells.append(texts[int(value)])
            elif cell.get("s"):
                cells.append((date(1899, 12, 30) + timedelta(days=int(float(value)))).isoformat())
            else:
                cells.append(value)
        rows.append(cells)
    return rows


async def test_an_export_wants_a_fresh_link(browser: Browser) -> None:
    teacher, card, _ = await a_class("Anik")
    await browser.come_in(teacher)
    async with session_scope() as db:
        session = (await db.scalars(select(WebSession))).one()
        session.began_at = clock.now() - timedelta(minutes=16)
    answer = await browser.get(f"/classes/{card.id}/table.csv")
    assert answer.status_code == 401
    assert "within the last 15 minutes" in answer.text
    assert (await browser.get(f"/classes/{card.id}")).status_code == 200


async def test_what_was_before_joining_is_unseen_unless_allowed(browser: Browser) -> None:
    async with session_scope() as db:
        teacher = await add_teacher(db)
        joined = clock.now() - timedelta(hours=2)
        card, [closed] = await add_class(db, teacher, ["Anik"], joined_at=joined)
        open_card, [allows] = await add_class(
            db, teacher, ["Bela"], joined_at=joined, sees_before=True
        )
        problems = await add_problems(db, 5)
        for student in (closed, allows):
            await add_answers(
                db, student, joined - timedelta(hours=1), [(p, "wrong") for p in problems]
            )
            await add_answers(db, student, joined + timedelta(hours=1), [(problems[0], "right")])
    await browser.come_in(teacher)
    assert Page((await browser.get(f"/classes/{card.id}")).text).rows[1][1:3] == ["1", "1"]
    assert Page((await browser.get(f"/classes/{open_card.id}")).text).rows[1][1:3] == ["6", "1"]
    text = (await browser.get(f"/classes/{card.id}/pupils/{closed}")).text
    assert "2/6" not in text
    assert "2/6" in (await browser.get(f"/classes/{open_card.id}/pupils/{allows}")).text


async def test_a_dispute_is_settled_by_one_click(browser: Browser) -> None:
    teacher, card, [student] = await a_class("Anik")
    async with session_scope() as db:
        problems = await add_problems(db, 1)
        at = clock.now() - timedelta(hours=1)
        [response] = await add_answers(db, student, at, [(problems[0], "wrong")])
        dispute = make_dispute(response_id=response.id, typed="2/6")
        db.add(dispute)
        await db.flush()
        dispute_id = dispute.id
    await browser.come_in(teacher)
    where = f"/classes/{card.id}/disputes/{dispute_id}"
    assert where in Page((await browser.get(f"/classes/{card.id}")).text).forms
    assert (await browser.send(where, accepted="true")).status_code == 303
    page = await browser.get(f"/classes/{card.id}")
    assert "None is waiting." in page.text
    assert Page(page.text).rows[1][1:4] == ["1", "1", "100"]
    async with session_scope() as db:
        settled = (await db.scalars(select(Dispute))).one()
        assert (settled.decision, settled.decided_by) == ("accepted", f"person:{teacher.person_id}")
    assert (await browser.send(where, accepted="false")).status_code == 404


async def test_notes_and_labels_are_kept_and_escaped(browser: Browser) -> None:
    teacher, card, [student] = await a_class("Anik")
    await browser.come_in(teacher)
    here = f"/classes/{card.id}/pupils/{student}"
    await browser.send(f"{here}/notes", text="<b>Ask</b> about home")
    await browser.send(f"{here}/label", label="Roll 12")
    text = (await browser.get(here)).text
    assert "&lt;b&gt;Ask&lt;/b&gt; about home" in text
    assert "(Roll 12)" in text
    assert Page((await browser.get(f"/classes/{card.id}")).text).rows[1][0] == "Anik (Roll 12)"
    [delete] = [form for form in Page(text).forms if form.endswith("/delete")]
    await browser.send(delete)
    assert "about home" not in (await browser.get(here)).text


async def test_looks_are_noted_once_an_hour(browser: Browser) -> None:
    teacher, card, [student] = await a_class("Anik")
    await browser.come_in(teacher)
    for _ in range(3):
        await browser.get(f"/classes/{card.id}")
        await browser.get(f"/classes/{card.id}/pupils/{student}")
    async with session_scope() as db:
        looks = await db.execute(
            select(AuditEvent.actor, AuditEvent.subject_kind, AuditEvent.subject_id)
            .where(AuditEvent.action == "look")
            .order_by(AuditEvent.id)
        )
        actor = f"person:{teacher.person_id}"
        assert [tuple(row) for row in looks] == [
            (actor, "class", card.id),
            (actor, "student", student),
        ]


async def test_bangla_pages_have_bangla_digits(browser: Browser) -> None:
    teacher, card, ids = await a_class("Anik", "Bela", "Chitra")
    await practised(card, ids)
    await browser.come_in(teacher)
    back = await browser.client.post(
        "/language",
        data={"token": await token_of(browser), "language": "bn"},
        headers={"referer": f"http://elsewhere.test/classes/{card.id}?topic=all"},
    )
    assert back.headers["location"] == f"/classes/{card.id}?topic=all"
    text = (await browser.get(f"/classes/{card.id}")).text
    assert '<html lang="bn">' in text
    rows = Page(text).rows
    assert rows[1][1:4] == ["৫", "৫", "১০০"]
    assert all(not set("0123456789") & set(cell) for row in rows for cell in row)


async def token_of(browser: Browser) -> str:
    text = (await browser.get("/classes")).text
    return text.partition('name="token" value="')[2].partition('"')[0]


async def test_nobody_sees_what_is_not_theirs(browser: Browser) -> None:
    """Every route, with every number that belongs to somebody else, says that it is not there."""
    teacher, card, [student] = await a_class("Anik")
    async with session_scope() as db:
        problems = await add_problems(db, 1)
        [response] = await add_answers(db, student, clock.now(), [(problems[0], "wrong")])
        db.add(make_dispute(response_id=response.id))
        stranger = await add_teacher(db, "Mr Das")
        own, [other] = await add_class(db, stranger, ["Bela"])
        await service.write_note(db, teacher.id, card.id, student, "secret")
    await browser.come_in(stranger)
    tried = 0
    for class_id, pupil_id in ((card.id, student), (own.id, student), (card.id, other)):
        theirs = f"/classes/{class_id}"
        posts = [f"{theirs}/pupils/{pupil_id}/{x}" for x in ("notes", "label", "notes/1/delete")]
        posts.append(f"{theirs}/disputes/1")
        gets = [f"{theirs}/pupils/{pupil_id}"]
        if class_id == card.id:
            gets += [theirs, f"{theirs}/table.csv", f"{theirs}/table.xlsx"]
            posts += [f"{theirs}/code", f"{theirs}/close"]
        for path in gets:
            answer = await browser.get(path)
            assert answer.status_code == 404, path
            assert "Anik" not in answer.text
            tried += 1
        for path in posts:
            fields = {"text": "x", "label": "x", "accepted": "true"}
            assert (await browser.send(path, **fields)).status_code == 404, path
            tried += 1
    assert tried == 25
    async with session_scope() as db:
        assert (await db.scalars(select(ClassMember.label).distinct())).all() == [""]


async def test_without_a_session_every_page_is_closed(browser: Browser) -> None:
    _, card, [student] = await a_class("Anik")
    for path in ("/classes", f"/classes/{card.id}", f"/classes/{card.id}/pupils/{student}"):
        answer = await browser.get(path)
        assert answer.status_code == 401
        assert "Anik" not in answer.text
    for path in ("/classes", f"/classes/{card.id}/close", "/out", "/language"):
        assert (await browser.client.post(path, data={"name": "x"})).status_code in {401, 422}


async def test_links_of_a_page_lead_somewhere(browser: Browser) -> None:
    teacher, card, ids = await a_class("Anik", "Bela")
    await practised(card, ids)
    await browser.come_in(teacher)
    seen: set[str] = set()
    todo = ["/classes"]
    while todo:
        path = todo.pop()
        answer = await browser.get(path)
        assert answer.status_code == 200, path
        seen.add(path)
        if answer.headers["content-type"].startswith("text/html"):
            links = Page(answer.text).links
            found = {urljoin(path, link).partition("#")[0] for link in links}
            todo += [link for link in found - seen if link not in todo]
    assert len(seen) > 15


async def test_no_route_of_the_pages_opens_what_is_not_theirs(browser: Browser) -> None:
    """Each route that there is, by each method, with the numbers of another class and pupil."""
    teacher, card, [student] = await a_class("Anik")
    async with session_scope() as db:
        await service.write_note(db, teacher.id, card.id, student, "secret")
        stranger = await add_teacher(db, "Mr Das")
        before = await service.class_of(db, teacher.id, card.id)
    await browser.come_in(stranger)
    token = await token_of(browser)
    numbers = {"class_id": card.id, "student_id": student, "note_id": 1, "dispute_id": 1}
    tried = 0
    for route in page_routes():
        path = re.sub(r"{(\w+)[^}]*}", lambda name: str(numbers.get(name[1], 1)), route)
        if not set(re.findall(r"{(\w+)", route)) & {"class_id", "student_id"}:
            continue
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            fields = {"token": token, "text": "x", "label": "x", "accepted": "true"}
            body = None if method in {"GET", "HEAD", "OPTIONS"} else fields
            answer = await browser.client.request(method, path, data=body)
            assert answer.status_code in {404, 405}, (method, path, answer.status_code)
            assert "Anik" not in answer.text
            tried += 1
    assert tried >= 70
    async with session_scope() as db:
        assert await service.class_of(db, teacher.id, card.id) == before


def page_routes() -> set[str]:
    """Return the paths of all pages, those of the API left out."""
    parts = (entrance, signing, classes, pupils)
    return {getattr(route, "path", "") for part in parts for route in part.router.routes}


async def test_a_pupil_who_left_is_gone_from_every_page(browser: Browser) -> None:
    teacher, card, ids = await a_class("Anik", "Bela")
    await practised(card, [*ids, ids[0]])
    await browser.come_in(teacher)
    async with session_scope() as db:
        pupil = await accounts.find_student(db, ids[1])
        assert pupil is not None
        await service.leave(db, pupil, card.id, clock.now())
    for path in ("", "/table.csv", "?topic=each"):
        assert "Bela" not in (await browser.get(f"/classes/{card.id}{path}")).text
    assert (await browser.get(f"/classes/{card.id}/pupils/{ids[1]}")).status_code == 404


async def test_a_figure_is_drawn_for_who_is_signed_in(browser: Browser) -> None:
    teacher, _, _ = await a_class()
    async with session_scope() as db:
        [plain] = await add_problems(db, 1)
        [drawn] = await add_problems(db, 1, figure=sample("geometry"))
    where = f"/figures/{drawn.id}.svg"
    assert (await browser.get(where)).status_code == 401
    await browser.come_in(teacher)
    answer = await browser.get(where)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.startswith("<svg")
    assert (await browser.get(f"/figures/{plain.id}.svg")).status_code == 404
