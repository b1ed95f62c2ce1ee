"""What a pupil has missed, each one tap from a variant of it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from src.accounts.pupil import Pupil
from src.errors import StaleAction
from src.practice import choosing, queries, service
from src.practice.choosing import Slot
from src.practice.results import MissedProblem, Place, Question, TriedAgain
from src.practice.rules import Candidate

MOST_SHOWN = 5
# In so many closed problems it is looked for: some months of practice.
MOST_SEARCHED = 400

Closed = tuple[str, int, date, bool, bool]


def still_missed(closed: Sequence[Closed]) -> list[tuple[str, int, date]]:
    """Return the families that were missed and not solved alone since, the latest first.

    Args:
        closed: Closed problems, newest first: family, problem, local day, solved, with help.

    Returns:
        Family, the problem of it that was missed last, and the day.
    """
    settled: set[str] = set()
    missed = []
    for family, problem_id, day, is_solved, had_help in closed:
        if family in settled or (is_solved and had_help):
            continue
        settled.add(family)
        if not is_solved:
            missed.append((family, problem_id, day))
    return missed


async def list_missed(db: AsyncSession, pupil: Pupil) -> list[MissedProblem]:
    """Return what a pupil has missed and can try again, the latest first, five at most."""
    closed = await queries.closed_lately(db, pupil.id, most=MOST_SEARCHED)
    missed = still_missed(closed)
    askable = {c.family for c in await queries.families(db, [family for family, *_ in missed])}
    shown = [one for one in missed if one[0] in askable][:MOST_SHOWN]
    cards = await queries.cards(db, [problem_id for _, problem_id, _ in shown])
    return [MissedProblem(cards[problem_id], day) for _, problem_id, day in shown]


async def try_again(
    db: AsyncSession, pupil: Pupil, place: Place | None, problem_id: int, at: datetime
) -> tuple[Question | None, TriedAgain]:
    """Ask a variant of a missed problem: at once, or behind the question that is begun.

    Args:
        db: The open transaction, holding the pupil's lock.
        pupil: Who wants to try.
        place: Where they are in a session, expired or not.
        problem_id: The problem that was missed.
        at: When they tapped, aware.

    Returns:
        The question where it is asked now, and when it comes.

    Raises:
        StaleAction: The pupil never closed this problem, or none of its family may be asked.
    """
    missed = await queries.closed_candidate(db, pupil.id, problem_id)
    if missed is None:
        raise StaleAction
    family = await queries.families(db, [missed.family])
    closed = await queries.closed_lately(db, pupil.id, most=MOST_SEARCHED)
    place = await service.unexpired(db, place, at)
    begun = () if place is None else place.problem_ids[: place.index + 1]
    past = [problem for _, problem, *_ in closed]
    variant = choosing.variant_of_missed(family, missed, past=past, without=begun)
    if place is not None:
        return await _put_in(db, pupil, place, variant, at)
    if variant is None:
        raise StaleAction
    return await service.begin(db, pupil, at, opens_with=variant), TriedAgain.NOW


async def _put_in(
    db: AsyncSession, pupil: Pupil, place: Place, variant: Candidate | None, at: datetime
) -> tuple[Question | None, TriedAgain]:
    """Put a variant in the place of a question that nothing was done with yet."""
    is_begun = place.opened.response_id is not None
    index = place.index + is_begun
    if variant is None or index >= len(place.problem_ids):
        return None, TriedAgain.LATER
    await _replace(db, place, index, variant)
    if is_begun:
        return None, TriedAgain.NEXT
    changed = await service.active_place(db, pupil.id)
    assert changed is not None
    return await service.go_on(db, changed, at), TriedAgain.NOW


async def _replace(db: AsyncSession, place: Place, index: int, variant: Candidate) -> None:
    """Let a variant take a place; where it stood already, the two change places."""
    ids = list(place.problem_ids)
    picks = await queries.picks_of(db, place.session_id)
    values: dict[str, object] = {}
    if variant.id in ids:
        other = ids.index(variant.id)
        ids[other] = ids[index]
        if picks:
            picks[other] = picks[index]
    ids[index] = variant.id
    if picks:
        picks[index] = {"slot": Slot.MISSED.value, "passed_over": []}
        values["picks"] = picks
    if place.stretch_index is not None and ids != list(place.problem_ids):
        values["stretch_index"] = _moved(place, ids)
    await queries.update_session(db, place.session_id, problem_ids=ids, **values)


def _moved(place: Place, ids: Sequence[int]) -> int | None:
    """Return where the harder problem stands now; None where it is gone."""
    assert place.stretch_index is not None
    harder = place.problem_ids[place.stretch_index]
    return ids.index(harder) if harder in ids else None
