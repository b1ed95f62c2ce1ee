"""Counts every closed problem in again: what is stored must be what that gives."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from math import isclose
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from src.mastery import memory, queries
from src.mastery.memory import Memory, Sums

PUPILS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Unlike:
    """Something stored that is not what the closed problems give.

    Attributes:
        student_id: Whose; None for a problem.
        what: Which: ``pupil``, a sub-topic, a family or a problem.
        stored: What is stored; None where there is nothing.
        replayed: What it has to be.
    """

    student_id: int | None
    what: str
    stored: str | None
    replayed: str | None


async def replayed(db: AsyncSession, student_id: int, through: int | None = None) -> Memory:
    """Return what a pupil's closed problems give, up to a session.

    Args:
        db: The open transaction.
        student_id: Whose.
        through: The id of the last session; None: as far as they are counted in.
    """
    if through is None:
        through = (await queries.read_stored(db, student_id)).last_session_id
    known = Memory()
    memory.count_in(known, await queries.read_counted(db, student_id, through))
    return known


async def verify(db: AsyncSession, student_id: int) -> tuple[list[Unlike], Memory]:
    """Compare what is stored of a pupil while the pupil's lock is held.

    Returns:
        What differs, and what the pupil's problems give.
    """
    await queries.lock(db, student_id)
    stored = await queries.read_stored(db, student_id)
    known = await replayed(db, student_id, stored.last_session_id)
    found = [
        Unlike(student_id, name, _text(old), _text(new))
        for name, old, new in (
            ("pupil", _whole(stored), _whole(known)),
            *_pairs(stored.skills, known.skills),
            *_pairs(stored.missed, known.missed),
        )
        if not _alike(old, new)
    ]
    return found, known


async def verify_problems(db: AsyncSession, summed: Mapping[int, Sums]) -> list[Unlike]:
    """Compare the stored sums of problems with those of all pupils."""
    stored = {n: sums for n, sums in (await queries.all_sums(db)).items() if sums != Sums()}
    return [
        Unlike(None, f"problem {name}", _text(old), _text(new))
        for name, old, new in _pairs(stored, summed)
        if old != new
    ]


def _whole(known: Memory) -> tuple[Any, ...]:
    return known.pupil, known.answers, known.sessions, known.last_session_id


def _pairs(stored: Mapping[Any, Any], known: Mapping[Any, Any]) -> list[tuple[str, Any, Any]]:
    names = sorted(stored.keys() | known.keys())
    return [(_name(name), stored.get(name), known.get(name)) for name in names]


def _name(key: Any) -> str:
    return ": ".join(key) if isinstance(key, tuple) else str(key)


def _alike(one: Any, other: Any) -> bool:
    """Return whether values are the same; numbers may differ in their last digits.

    Another machine's logarithm may.
    """
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    if is_dataclass(one) and type(one) is type(other):
        names = [one_field.name for one_field in fields(one)]
        return all(_alike(getattr(one, name), getattr(other, name)) for name in names)
    return bool(one == other)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def add_up(summed: dict[int, Sums], known: Memory) -> None:
    """Add what a pupil's problems add to the sums of all pupils."""
    for problem_id, sums in known.problems.items():
        summed[problem_id] = summed.get(problem_id, Sums()).plus(sums)


def negative(sums: Mapping[int, Sums]) -> dict[int, Sums]:
    """Return sums that take others away."""
    return {problem_id: Sums().plus(one, times=-1) for problem_id, one in sums.items()}


async def forget_all(db: AsyncSession) -> None:
    """Delete all that is known of pupils and problems, but what pupils wish for.

    From then on every pupil is one of whom nothing is counted in: the end of a session counts in
    all that came before it, so that a rebuild may be cut off and pupils may practise beside it.
    """
    await queries.forget_everything(db)


async def rebuild(db: AsyncSession, student_id: int, at: datetime) -> None:
    """Count in what is not counted in of a pupil, while the pupil's lock is held."""
    await queries.lock(db, student_id)
    known, closed = await queries.read_uncounted(db, student_id)
    if closed:
        memory.count_in(known, closed)
        await queries.save(db, student_id, known, at)


async def next_pupils(db: AsyncSession, after: int) -> list[int]:
    """Return the next pupils by id, 500 at most."""
    return await queries.next_pupils(db, after, PUPILS_AT_ONCE)
