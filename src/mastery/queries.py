"""All SQL of mastery."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import BindParameter, Table, and_, bindparam, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from src.answers import Outcome
from src.mastery.memory import ClosedTry, Memory, Missed, Skill, Sums
from src.mastery.reviews import Review
from src.mastery.rules import Rating
from src.models import (
    PROBLEMS_PER_SESSION,
    Attempt,
    MissedFamily,
    Problem,
    ProblemRating,
    PupilRating,
    Response,
    Session,
    SessionStatus,
    SkillState,
    Student,
    Wish,
)
from src.models.base import Base
from src.storage.prepared import Bound, Prepared, run, run_chain
from src.storage.statements import dialect_insert, dialect_of, table_of

P, R, S = (table_of(model).c for model in (Problem, Response, Session))
G, K, M = (table_of(model).c for model in (PupilRating, SkillState, MissedFamily))
FAMILY = func.coalesce(P.variant_of, P.external_id)
RATING = (G.value, G.variance, G.answers, G.sessions, G.last_session_id)
SKILL = (
    *(K.value, K.variance, K.average, K.answers, K.strong_on, K.mastered_on),
    *(K.stability, K.ease, K.reviewed_on, K.due_on),
)
MISSED = (M.problem_id, M.misses, M.next_session)
# An answer that was called right after a dispute closed nothing when it was given.
_RIGHT_AFTER_ALL = exists().where(
    Attempt.response_id == R.id,
    Attempt.number == 1,
    Attempt.verdict == Outcome.CORRECT,
    Attempt.hints_used == 0,
)
CLOSED = (
    *(S.id, S.date, P.id, FAMILY, P.topic, P.subtopic, P.difficulty),
    *(R.is_correct, R.attempts, R.hints_viewed, _RIGHT_AFTER_ALL),
)
_OF_SESSION = and_(R.session_id == S.id, R.closed_at.is_not(None))
_UNCOUNTED = Prepared(
    select(*CLOSED, *RATING, *SKILL, *MISSED)
    .select_from(
        table_of(Session)
        .outerjoin(table_of(PupilRating), G.student_id == S.student_id)
        .join(table_of(Response), _OF_SESSION)
        .join(table_of(Problem), P.id == R.problem_id)
        .outerjoin(
            table_of(SkillState),
            and_(K.student_id == S.student_id, K.topic == P.topic, K.subtopic == P.subtopic),
        )
        .outerjoin(table_of(MissedFamily), and_(M.student_id == S.student_id, M.family == FAMILY))
    )
    .where(
        S.student_id == bindparam("student"),
        S.status != SessionStatus.ACTIVE,
        S.id > func.coalesce(G.last_session_id, 0),
    )
    .order_by(S.id, R.closed_at, R.id)
)


async def read_uncounted(db: AsyncSession, student_id: int) -> tuple[Memory, list[ClosedTry]]:
    """Return closed problems that are not counted in yet, and what is known of what they touch."""
    memory, closed = Memory(), []
    for row in await run(db, _UNCOUNTED, {"student": student_id}):
        values = list(row)
        one = _closed(values[: len(CLOSED)])
        rest = values[len(CLOSED) :]
        _remember_pupil(memory, rest[: len(RATING)])
        rest = rest[len(RATING) :]
        if rest[0] is not None:
            memory.skills[one.topic, one.subtopic] = _skill(rest[: len(SKILL)])
        missed = rest[len(SKILL) :]
        if missed[0] is not None:
            memory.missed[one.family] = Missed(*missed)
        closed.append(one)
    return memory, closed


async def read_counted(db: AsyncSession, student_id: int, through: int) -> list[ClosedTry]:
    """Return a pupil's closed problems of the sessions up to one, in their order."""
    rows = await db.execute(
        select(*CLOSED)
        .select_from(
            table_of(Session)
            .join(table_of(Response), _OF_SESSION)
            .join(table_of(Problem), P.id == R.problem_id)
        )
        .where(S.student_id == student_id, S.id <= through)
        .order_by(S.id, R.closed_at, R.id)
    )
    return [_closed(list(row)) for row in rows]


_STUDENT: BindParameter[int] = bindparam("student")
_STORED_RATING = Prepared(select(*RATING).where(G.student_id == _STUDENT))
_STORED_SKILLS = Prepared(select(K.topic, K.subtopic, *SKILL).where(K.student_id == _STUDENT))
_STORED_MISSED = Prepared(select(M.family, *MISSED).where(M.student_id == _STUDENT))
_WISHED = Prepared(
    select(table_of(Wish).c.topic).where(
        table_of(Wish).c.student_id == _STUDENT, table_of(Wish).c.until >= bindparam("day")
    )
)


async def read_stored(db: AsyncSession, student_id: int) -> Memory:
    """Return all that is stored of a pupil, but not what they add to the sums of problems."""
    memory, student = Memory(), {"student": student_id}
    for row in await run(db, _STORED_RATING, student):
        _remember_pupil(memory, list(row))
    for topic, subtopic, *values in await run(db, _STORED_SKILLS, student):
        memory.skills[topic, subtopic] = _skill(values)
    for family, *values in await run(db, _STORED_MISSED, student):
        memory.missed[family] = Missed(*values)
    return memory


def _closed(values: Sequence[Any]) -> ClosedTry:
    *known, is_correct, attempts, hints, right_after_all = values
    alone = bool(is_correct) and (not hints or bool(right_after_all))
    first = alone and (attempts == 1 or bool(right_after_all))
    tried: list[Any] = [first if attempts else None, bool(is_correct), not alone]
    return ClosedTry(*known, *tried)


def _remember_pupil(memory: Memory, values: Sequence[Any]) -> None:
    if values[0] is None:
        return
    value, variance, memory.answers, memory.sessions, memory.last_session_id = values
    memory.pupil = Rating(value, variance)


def _skill(values: Sequence[Any]) -> Skill:
    value, variance, average, answers, strong_on, mastered_on, *review = values
    kept = Review(*review) if review[0] is not None else None
    return Skill(Rating(value, variance), average, answers, strong_on, mastered_on, kept)


async def save(db: AsyncSession, student_id: int, memory: Memory, at: datetime) -> None:
    """Store what is known; on PostgreSQL in one round trip for a session."""
    dialect = dialect_of(db)
    rows: list[tuple[type[Base], list[dict[str, Any]]]] = [
        # Whoever changes several problems at once does it in this order.
        (ProblemRating, _problem_rows(memory.problems)),
        (SkillState, [_skill_row(student_id, *item) for item in sorted(memory.skills.items())]),
        (MissedFamily, [_missed_row(student_id, *item) for item in sorted(memory.missed.items())]),
        (PupilRating, [_pupil_row(student_id, memory)]),
    ]
    if dialect == "sqlite":
        for model, found in rows:
            await _save_each(db, model, found, at)
        return
    writes = [_saving(dialect, model, found, at) for model, found in rows if found]
    if all(len(found) <= PROBLEMS_PER_SESSION for _, found in rows):
        await run_chain(db, *writes)
        return
    for write in writes:
        await run(db, *write)


async def _save_each(
    db: AsyncSession, model: type[Base], rows: Sequence[Mapping[str, Any]], at: datetime
) -> None:
    """Save rows one by one, in one call: SQLAlchemy builds a statement of many anew each time."""
    if not rows:
        return
    statement = _upsert("sqlite", table_of(model), tuple(rows[0]), 1).statement
    named = [{f"{name}_0": value for name, value in row.items()} | {"at": at} for row in rows]
    await db.run_sync(lambda session: session.connection().execute(statement, named))


async def add_to_problems(db: AsyncSession, sums: Mapping[int, Sums], at: datetime) -> None:
    """Add to the sums of problems, or take away from them."""
    rows = _problem_rows(sums)
    if dialect_of(db) == "sqlite":
        await _save_each(db, ProblemRating, rows, at)
    elif rows:
        await run(db, *_saving("postgresql", ProblemRating, rows, at))


async def forget(db: AsyncSession, student_id: int) -> None:
    """Delete what is known of a pupil, but what they add to the sums of problems."""
    for model in (SkillState, MissedFamily, PupilRating):
        await db.execute(delete(model).where(table_of(model).c.student_id == student_id))


def _problem_rows(problems: Mapping[int, Sums]) -> list[dict[str, Any]]:
    return [
        {
            "problem_id": problem_id,
            "answers": sums.answers,
            "right": sums.right,
            "expected": sums.expected,
            "information": sums.information,
        }
        for problem_id, sums in sorted(problems.items())
        if sums != Sums()
    ]


def _skill_row(student_id: int, key: tuple[str, str], skill: Skill) -> dict[str, Any]:
    review = skill.review
    return {
        "student_id": student_id,
        "topic": key[0],
        "subtopic": key[1],
        "value": skill.rating.value,
        "variance": skill.rating.variance,
        "average": skill.average,
        "answers": skill.answers,
        "strong_on": skill.strong_on,
        "mastered_on": skill.mastered_on,
        "stability": review and review.stability,
        "ease": review and review.ease,
        "reviewed_on": review and review.reviewed_on,
        "due_on": review and review.due_on,
    }


def _missed_row(student_id: int, family: str, missed: Missed) -> dict[str, Any]:
    return {
        "student_id": student_id,
        "family": family,
        "problem_id": missed.problem_id,
        "misses": missed.misses,
        "next_session": missed.next_session,
    }


def _pupil_row(student_id: int, memory: Memory) -> dict[str, Any]:
    return {
        "student_id": student_id,
        "value": memory.pupil.value,
        "variance": memory.pupil.variance,
        "answers": memory.answers,
        "sessions": memory.sessions,
        "last_session_id": memory.last_session_id,
    }


def _saving(
    dialect: str, model: type[Base], rows: Sequence[Mapping[str, Any]], at: datetime
) -> Bound:
    values = {f"{name}_{n}": value for n, row in enumerate(rows) for name, value in row.items()}
    make = _upsert if len(rows) <= PROBLEMS_PER_SESSION else _upsert_many
    return make(dialect, table_of(model), tuple(rows[0]), len(rows)), values | {"at": at}


@lru_cache(maxsize=8)
def _upsert_many(dialect: str, table: Table, names: tuple[str, ...], count: int) -> Prepared:
    return _upsert.__wrapped__(dialect, table, names, count)


@cache
def _upsert(dialect: str, table: Table, names: tuple[str, ...], count: int) -> Prepared:
    """Return an INSERT of so many rows that adds to the sums of problems, and replaces others."""
    at = bindparam("at", type_=table.c.updated_at.type)
    rows = [
        {name: bindparam(f"{name}_{n}", type_=table.c[name].type) for name in names}
        | {"created_at": at, "updated_at": at}
        for n in range(count)
    ]
    statement = dialect_insert(dialect)(table).values(rows if count > 1 else rows[0])
    keys = [column.name for column in table.primary_key.columns]
    adds = table is table_of(ProblemRating)
    changed = {
        name: table.c[name] + statement.excluded[name] if adds else statement.excluded[name]
        for name in names
        if name not in keys
    }
    changed["updated_at"] = statement.excluded["updated_at"]
    statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    if dialect == "sqlite":
        return Prepared(statement)
    return Prepared(statement.returning(table.c[keys[0]]))


async def wished_topic(db: AsyncSession, student_id: int, day: date) -> str | None:
    """Return what a pupil wants to practise on a local day."""
    rows = await run(db, _WISHED, {"student": student_id, "day": day})
    return rows[0][0] if rows else None


async def set_wish(db: AsyncSession, wished: Wish) -> None:
    """Store a wish in place of an earlier one."""
    await db.merge(wished)


async def drop_wish(db: AsyncSession, student_id: int) -> None:
    """Delete a pupil's wish."""
    await db.execute(delete(Wish).where(Wish.student_id == student_id))


async def next_pupils(db: AsyncSession, after: int, most: int) -> list[int]:
    """Return the next pupils by id."""
    statement = select(Student.id).where(Student.id > after).order_by(Student.id)
    return list(await db.scalars(statement.limit(most)))


async def pupils_of(db: AsyncSession, person_id: int) -> list[int]:
    """Return the pupils of a person."""
    return list(await db.scalars(select(Student.id).where(Student.person_id == person_id)))


async def lock(db: AsyncSession, student_id: int) -> None:
    """Hold off whoever changes this pupil until the transaction ends."""
    await db.execute(select(Student.id).where(Student.id == student_id).with_for_update())


async def all_sums(db: AsyncSession) -> dict[int, Sums]:
    """Return the stored sums of every problem."""
    table = table_of(ProblemRating).c
    rows = await db.execute(
        select(table.problem_id, table.answers, table.right, table.expected, table.information)
    )
    return {row[0]: Sums(*row[1:]) for row in rows}


async def forget_everything(db: AsyncSession) -> None:
    """Delete what is known of all pupils and problems."""
    for model in (ProblemRating, SkillState, MissedFamily, PupilRating):
        await db.execute(delete(model))
