"""One pupil of a class, answer by answer, and what teachers write about them."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from src.figures.drawing import draw_svg
from src.figures.kinds import read_figure
from src.teaching import report, service
from web.needs import Db, Now
from web.pages.classes import show
from web.who import Id, Sender, Token, Who

router = APIRouter(include_in_schema=False)
Before = Annotated[int | None, Query(ge=1, le=2**63 - 1)]
PUPIL = "/classes/{class_id}/pupils/{student_id}"


@router.get(PUPIL)
async def pupil_page(
    db: Db, now: Now, *, who: Who, token: Token, class_id: Id, student_id: Id, before: Before = None
) -> Response:
    """Show a pupil."""
    found = await report.pupil_report(db, who.teacher_id, class_id, student_id, now, before=before)
    await report.note_look(db, who, ("student", student_id), now)
    return show("pupil", who, token, report=found)


@router.post(PUPIL + "/notes")
async def write_note(
    db: Db,
    who: Sender,
    class_id: Id,
    student_id: Id,
    text: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Keep a note; an empty one is none."""
    if text.strip():
        await service.write_note(db, who.teacher_id, class_id, student_id, text)
    return _back(class_id, student_id)


@router.post(PUPIL + "/notes/{note_id}/delete")
async def delete_note(db: Db, who: Sender, class_id: Id, student_id: Id, note_id: Id) -> Response:
    """Delete a note."""
    await service.delete_note(db, who.teacher_id, class_id, student_id, note_id)
    return _back(class_id, student_id)


@router.post(PUPIL + "/label")
async def set_label(
    db: Db,
    who: Sender,
    class_id: Id,
    student_id: Id,
    label: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Set the teachers' own name for a pupil."""
    await service.set_label(db, who.teacher_id, class_id, student_id, label)
    return _back(class_id, student_id)


def _back(class_id: int, student_id: int) -> Response:
    return RedirectResponse(f"/classes/{class_id}/pupils/{student_id}#notes", 303)


@router.get("/figures/{problem_id}.svg")
async def figure(db: Db, who: Who, problem_id: Id) -> Response:
    """Draw the picture of a problem in the language of the pages."""
    data = await report.figure_of(db, problem_id)
    svg = draw_svg(read_figure(data), who.language)
    return Response(svg, media_type="image/svg+xml", headers={"cache-control": "private"})
