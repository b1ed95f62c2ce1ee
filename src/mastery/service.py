"""Use cases of mastery. Each runs in the caller's transaction, which holds the pupil's lock."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from src.mastery import memory, queries, replay
from src.mastery.memory import NextSession, Sums, TopicStanding
from src.models import Wish


async def count_in(db: AsyncSession, student_id: int, at: datetime) -> None:
    """Count in the closed problems of the sessions that are over and are not counted in yet."""
    known, closed = await queries.read_uncounted(db, student_id)
    if closed:
        memory.count_in(known, closed)
        await queries.save(db, student_id, known, at)


async def wanted(db: AsyncSession, student_id: int, day: date) -> NextSession:
    """Return what the next session of a pupil should bring, on a local day."""
    wish = await wished(db, student_id, day)
    known = await queries.read_stored(db, student_id)
    return memory.next_session(known, day, wish)


async def standing(
    db: AsyncSession,
    student_id: int,
    topics: Mapping[str, Iterable[str]],
    day: date,
    practised: Collection[str],
) -> list[TopicStanding]:
    """Return what a pupil can do in each topic, the weakest first; see `standing_in`."""
    known = await queries.read_stored(db, student_id)
    return memory.standing_in(known, topics, day, practised)


async def added_by(db: AsyncSession, student_id: int) -> Mapping[int, Sums]:
    """Return what a pupil has added to the sums of problems so far."""
    return (await replay.replayed(db, student_id)).problems


async def wish_for(
    db: AsyncSession, student_id: int, topic: str, until: date, *, is_test: bool
) -> None:
    """Let the five come from a topic until the end of a local day; in place of another wish."""
    wished = Wish(student_id=student_id, topic=topic, until=until, is_test=is_test)
    await queries.set_wish(db, wished)


async def wish_nothing(db: AsyncSession, student_id: int) -> None:
    """Let the five come from all topics again."""
    await queries.drop_wish(db, student_id)


async def wished(db: AsyncSession, student_id: int, day: date) -> str | None:
    """Return the topic that a pupil wishes for on a local day."""
    return await queries.wished_topic(db, student_id, day)


async def correct(
    db: AsyncSession, student_id: int, added: Mapping[int, Sums], at: datetime
) -> None:
    """Count a pupil's problems in anew, after one that was counted in was corrected.

    Args:
        db: The open transaction.
        student_id: Whose.
        added: What they had added to the sums of problems before.
        at: The current instant, aware.
    """
    await queries.add_to_problems(db, replay.negative(added), at)
    await queries.forget(db, student_id)
    await count_in(db, student_id, at)


async def forget_person(db: AsyncSession, person_id: int, at: datetime) -> None:
    """Take what the pupils of a person have added out of the sums of problems."""
    for student_id in await queries.pupils_of(db, person_id):
        await forget_student(db, student_id, at)


async def forget_student(db: AsyncSession, student_id: int, at: datetime) -> None:
    """Take what a pupil has added out of the sums of problems."""
    added = await added_by(db, student_id)
    await queries.add_to_problems(db, replay.negative(added), at)
