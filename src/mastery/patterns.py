"""Mistakes that a pupil makes in problem after problem. In the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from src.language import Bilingual
from src.mastery import mistake_queries as queries
from src.mastery import mistakes as rules


@dataclass(frozen=True, slots=True)
class Noticed:
    """A mistake that was seen in several problems: what it is called, and the lesson about it."""

    misconception_id: str
    name: Bilingual
    lesson: Bilingual


async def notice(db: AsyncSession, student_id: int, misconception_id: str) -> Noticed | None:
    """Return what to tell a pupil who has just made a mistake; None while it may be a slip.

    The answer that showed it is stored already. Changes nothing: see `note_told`.
    """
    since, is_open = await queries.last_told(db, student_id, misconception_id)
    if is_open:
        return None
    seen = await queries.sighted_in(db, student_id, misconception_id, since)
    if len(seen) < rules.SIGHTINGS:
        return None
    met = await queries.meetings(db, student_id, misconception_id, since, most=rules.LOOKED_AT)
    found = await queries.find_misconception(db, misconception_id)
    if found is None or not rules.is_pattern(met):
        return None
    name = Bilingual(found.name_en, found.name_bn)
    return Noticed(found.id, name, Bilingual(found.lesson_en, found.lesson_bn))


async def note_told(db: AsyncSession, student_id: int, noticed: Noticed, at: datetime) -> None:
    """Keep that a pupil was told of a mistake: from now on it is open."""
    await queries.note_told(db, student_id, noticed.misconception_id, at)


async def choose_check(db: AsyncSession, student_id: int, grade: int, at: datetime) -> int | None:
    """Return a problem for the next session that looks at an open mistake; None without one.

    Of several mistakes each has its turn.
    """
    for mistake in rules.in_turn(await queries.open_mistakes(db, student_id)):
        listing = await queries.problems_with(db, grade, mistake.misconception_id)
        last_asked = await queries.last_asked(db, student_id, listing)
        if (problem_id := rules.check_problem_due(mistake, listing, last_asked)) is not None:
            await queries.update_state(db, mistake.id, {"checked_at": at})
            return problem_id
    return None


async def after_session(
    db: AsyncSession, student_id: int, session_id: int, at: datetime
) -> Sequence[Bilingual]:
    """Count what a finished session says of the open mistakes; return the names of those gone."""
    gone = []
    for mistake in await queries.open_mistakes(db, student_id):
        came = await queries.results(db, session_id, mistake)
        rights = rules.rights_after(mistake.rights, came)
        is_gone = rights >= rules.RIGHTS
        if is_gone:
            gone.append(mistake.name)
        if came:
            values = {"rights": rights, "gone_at": at if is_gone else None}
            await queries.update_state(db, mistake.id, values)
    return gone
