"""Classes, their pupils, and what teachers write: with a teacher's token theirs alone."""

from typing import Annotated, Any

from fastapi import APIRouter, Response

from src.insights import calculate_grade_momentum
from src.insights.flags import Flag
from src.insights.practice import forecast_each
from src.insights.service import answers_since
from src.teaching import lists, service
from src.teaching.lists import Listed, ListPart
from src.teaching.report import class_report
from src.teaching.results import ClassCard
from src.teaching.tokens import ApiCaller, ApiScope, note_look
from web.api.calling import may, teacher_of
from web.api.forms import (
    ClassOut,
    FlagOut,
    FlagsOut,
    ForecastOut,
    Id,
    MemberInsightsOut,
    MemberOut,
    MomentumOut,
    NewClass,
    NewLabel,
    NewNote,
    NoteOut,
    PageOf,
)
from web.api.paging import Pages, problem_of
from web.needs import Db, Now

router = APIRouter(prefix="/classes", tags=["classes"])
_Reads = Annotated[ApiCaller, may(ApiScope.CLASSES)]
_ReadsMembers = Annotated[ApiCaller, may(ApiScope.MEMBERS)]
_Writes = Annotated[ApiCaller, may(ApiScope.WRITE_CLASSES)]
_WritesMembers = Annotated[ApiCaller, may(ApiScope.WRITE_MEMBERS)]
_WritesNotes = Annotated[ApiCaller, may(ApiScope.WRITE_NOTES)]
_FULL: dict[int | str, dict[str, Any]] = {409: problem_of("There are too many classes.")}


@router.get("")
async def classes(db: Db, pages: Pages, caller: _Reads) -> PageOf[ClassOut]:
    """List open classes."""
    if caller.teacher is None:
        found = await lists.all_classes(db, pages.part)
    else:
        cards = await service.classes_of(db, caller.teacher.id)
        found = _page_of(sorted(cards, key=lambda card: card.id), pages.part)
    return pages.page(PageOf[ClassOut], found)


def _page_of(cards: list[ClassCard], part: ListPart) -> Listed:
    """Return a page of the few classes of a teacher."""
    rest = [card for card in cards if card.id > part.after]
    rows: list[Any] = rest[: part.limit]
    return Listed(rows, rows[-1].id if len(rest) > part.limit else None)


@router.get("/{class_id}")
async def one_class(db: Db, class_id: Id, caller: _Reads) -> ClassOut:
    """Show an open class."""
    if caller.teacher is not None:
        return ClassOut.model_validate(await service.class_of(db, caller.teacher.id, class_id))
    return ClassOut.model_validate(await lists.any_class(db, class_id))


@router.post("", status_code=201, responses=_FULL)
async def make_class(
    db: Db, new: NewClass, caller: _Writes, now: Now, response: Response
) -> ClassOut:
    """Make a class with a code by which pupils join; they agree in the chat."""
    card = await service.make_class(db, teacher_of(caller), new.name, new.grade, now)
    response.headers["location"] = f"/api/v1/classes/{card.id}"
    return ClassOut.model_validate(card)


@router.post("/{class_id}/code")
async def rotate_code(db: Db, class_id: Id, caller: _Writes, now: Now) -> ClassOut:
    """Give a class a new code; the old one ends at once."""
    card = await service.rotate_code(db, teacher_of(caller).id, class_id, now)
    return ClassOut.model_validate(card)


@router.delete("/{class_id}", status_code=204)
async def close_class(db: Db, class_id: Id, caller: _Writes, now: Now) -> None:
    """Close a class for good: its teachers see nothing of its pupils any more."""
    await service.close_class(db, teacher_of(caller), class_id, now)


@router.get("/{class_id}/members")
async def members(
    db: Db, class_id: Id, pages: Pages, caller: _ReadsMembers, now: Now
) -> PageOf[MemberOut]:
    """List the pupils of a class."""
    await note_look(db, caller, "members", None, now)
    found = await lists.members(db, caller, class_id, pages.part)
    return pages.page(PageOf[MemberOut], found)


@router.delete("/{class_id}/members/{student_id}", status_code=204)
async def remove_member(
    db: Db, class_id: Id, student_id: Id, caller: _WritesMembers, now: Now
) -> None:
    """Take a pupil out of a class. Nobody is added here: pupils agree in the chat."""
    await service.remove_member(db, teacher_of(caller), class_id, student_id, now)


@router.put("/{class_id}/members/{student_id}/label")
async def set_label(
    db: Db, class_id: Id, student_id: Id, new: NewLabel, caller: _WritesMembers
) -> MemberOut:
    """Give a pupil a name of the teachers' own."""
    teacher = teacher_of(caller)
    await service.set_label(db, teacher.id, class_id, student_id, new.label)
    found = await lists.member(db, teacher.id, class_id, student_id)
    return MemberOut.model_validate(found)


@router.get("/{class_id}/members/{student_id}/notes")
async def notes(
    db: Db, class_id: Id, student_id: Id, pages: Pages, caller: _ReadsMembers
) -> PageOf[NoteOut]:
    """List what the teachers of a class wrote about a pupil, who can read it."""
    found = await lists.notes(db, teacher_of(caller).id, class_id, student_id, pages.part)
    return pages.page(PageOf[NoteOut], found)


@router.post("/{class_id}/members/{student_id}/notes", status_code=201)
async def write_note(
    db: Db, class_id: Id, student_id: Id, new: NewNote, caller: _WritesNotes
) -> NoteOut:
    """Keep a note about a pupil, who can read it."""
    teacher = teacher_of(caller)
    await service.write_note(db, teacher.id, class_id, student_id, new.text)
    return NoteOut.model_validate(await lists.last_note(db, teacher.id, class_id, student_id))


@router.delete("/{class_id}/members/{student_id}/notes/{note_id}", status_code=204)
async def delete_note(
    db: Db, class_id: Id, student_id: Id, note_id: Id, caller: _WritesNotes
) -> None:
    """Delete a note."""
    teacher = teacher_of(caller)
    await lists.note(db, teacher.id, class_id, student_id, note_id)
    await service.delete_note(db, teacher.id, class_id, student_id, note_id)


@router.get("/{class_id}/flags")
async def flags(
    db: Db, class_id: Id, caller: Annotated[ApiCaller, may(ApiScope.FLAGS)], now: Now
) -> FlagsOut:
    """Say who of a class needs a word and why, as the teachers' page says it."""
    teacher_id = await lists.teacher_id_of(db, caller, class_id)
    found = await class_report(db, teacher_id, class_id, now)
    await note_look(db, caller, "flags", None, now)
    return FlagsOut(
        class_id=class_id,
        at=found.at,
        flags=[_flag(one) for one in found.flags],
        too_little_data=[one.id for one in found.too_little],
    )


def _flag(one: Flag) -> FlagOut:
    return FlagOut(
        student_id=int(one.pupil),
        kind=one.kind,
        since=one.since,
        topic=one.topic,
        evidence=dict(one.evidence),
    )


@router.get("/{class_id}/insights")
async def insights(
    db: Db, class_id: Id, caller: Annotated[ApiCaller, may(ApiScope.INSIGHTS)], now: Now
) -> list[MemberInsightsOut]:
    """Say where each pupil of a class goes and what to expect, with its doubt beside it."""
    seen = await lists.seen_since(db, caller, class_id)
    await note_look(db, caller, "insights", None, now)
    answers = await answers_since(db, seen)
    forecasts = forecast_each(answers)
    return [
        MemberInsightsOut(
            student_id=pupil,
            momentum=MomentumOut.model_validate(calculate_grade_momentum(given)),
            forecast=ForecastOut.model_validate(forecasts[pupil]),
        )
        for pupil, given in answers.items()
    ]
