"""The classes of a teacher: the list, the page of one, what is done there."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from src.errors import NoSuchClass
from src.teaching import report, service
from src.teaching.report import ClassReport
from src.teaching.results import TeacherCard, Visitor
from web.needs import Db, Now
from web.pages.table import Table, View, view_of
from web.rendering import page
from web.who import Fresh, Id, Sender, Token, Who
from web.words import words

router = APIRouter(include_in_schema=False, prefix="/classes")
Asked = Annotated[View, Query()]


def show(name: str, who: Visitor, token: str, **values: Any) -> Response:
    """Return a page for somebody who has come in, in their language."""
    return page(name, words(who.language), who=who, token=token, **values)


async def _teacher(db: Db, who: Visitor) -> TeacherCard:
    teacher = await service.teacher_of(db, who.person_id)
    if teacher is None:
        raise NoSuchClass
    return teacher


@router.get("")
async def classes(db: Db, who: Who, token: Token) -> Response:
    """List the classes."""
    return show("classes", who, token, classes=await service.classes_of(db, who.teacher_id))


@router.post("")
async def make(
    db: Db,
    now: Now,
    *,
    who: Sender,
    name: Annotated[str, Form(max_length=200)],
    grade: Annotated[int, Form(ge=6, le=8)],
) -> Response:
    """Make a class."""
    try:
        made = await service.make_class(db, await _teacher(db, who), name, grade, now)
    except ValueError:
        return RedirectResponse("/classes", 303)
    return RedirectResponse(f"/classes/{made.id}", 303)


@router.get("/{class_id}")
async def class_page(
    db: Db, now: Now, *, who: Who, token: Token, class_id: Id, asked: Asked
) -> Response:
    """Show who needs a word, what to teach, the table and the disputes."""
    found = await report.class_report(db, who.teacher_id, class_id, now)
    await report.note_look(db, who, ("class", class_id), now)
    return show("class", who, token, **_about(found, who, asked))


def _about(found: ClassReport, who: Visitor, asked: View) -> dict[str, Any]:
    return {"report": found, "table": Table(found, view_of(found, asked), words(who.language))}


@router.get("/{class_id}/table.csv")
async def as_csv(db: Db, now: Now, who: Fresh, class_id: Id, asked: Asked) -> Response:
    """Give the table as it is on the screen, as CSV."""
    table = await _exported(db, now, who, class_id=class_id, asked=asked, form="csv")
    return table.as_csv()


@router.get("/{class_id}/table.xlsx")
async def as_xlsx(db: Db, now: Now, who: Fresh, class_id: Id, asked: Asked) -> Response:
    """Give the table as it is on the screen, as a workbook."""
    table = await _exported(db, now, who, class_id=class_id, asked=asked, form="xlsx")
    return table.as_xlsx()


async def _exported(
    db: Db, now: Now, who: Visitor, *, class_id: int, asked: View, form: str
) -> Table:
    found = await report.class_report(db, who.teacher_id, class_id, now)
    report.note_export(db, who, class_id, now, form=form)
    return Table(found, view_of(found, asked), words(who.language))


@router.post("/{class_id}/disputes/{dispute_id}")
async def settle(
    db: Db,
    now: Now,
    *,
    who: Sender,
    class_id: Id,
    dispute_id: Id,
    accepted: Annotated[bool, Form()],
) -> Response:
    """Settle an answer that a pupil defends; the pupil is told."""
    await report.settle(db, who, class_id, dispute_id, now, accepted=accepted)
    return RedirectResponse(f"/classes/{class_id}#disputes", 303)


@router.post("/{class_id}/code")
async def rotate(db: Db, now: Now, who: Sender, class_id: Id) -> Response:
    """Give the class a new code."""
    await service.rotate_code(db, who.teacher_id, class_id, now)
    return RedirectResponse(f"/classes/{class_id}#joining", 303)


@router.post("/{class_id}/close")
async def close(db: Db, now: Now, who: Sender, class_id: Id) -> Response:
    """Close the class for good."""
    await service.close_class(db, await _teacher(db, who), class_id, now)
    return RedirectResponse("/classes", 303)
