"""All SQL of hints."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import (
    CostRecord,
    CostStatus,
    HintRequest,
    KeptHint,
    Language,
    OperationType,
    Person,
    Problem,
    ProblemStatus,
    Response,
    Student,
)
from src.storage.statements import insert_for

MOST_AT_ONCE = 1000


async def last_answer(db: AsyncSession, response_id: int) -> tuple[str | None, bool]:
    """Return what was typed last for a problem, and whether it was right."""
    statement = select(Response.student_answer, Response.is_correct).where(
        Response.id == response_id
    )
    typed, is_correct = (await db.execute(statement)).one()
    return typed, is_correct


async def consented_at(db: AsyncSession, student_id: int) -> datetime | None:
    """Return since when a pupil accepts hints from a model; None: they do not."""
    statement = select(Student.model_hints_consented_at).where(Student.id == student_id)
    return (await db.execute(statement)).scalar_one_or_none()


async def set_consent(
    db: AsyncSession, student_id: int, version: str | None, at: datetime | None
) -> None:
    """Record when a pupil accepted hints from a model; None: they do not accept them."""
    await db.execute(
        update(Student)
        .where(Student.id == student_id)
        .values(model_hints_consented_at=at, model_hints_consent_version=version)
    )


async def find_kept(
    db: AsyncSession, problem_id: int, language: Language, step: int, answer_key: str
) -> KeptHint | None:
    """Return the kept hint for a problem, a language, a step and a wrong answer."""
    statement = select(KeptHint).where(
        KeptHint.problem_id == problem_id,
        KeptHint.language == Language(language),
        KeptHint.step == step,
        KeptHint.answer_key == answer_key,
    )
    return (await db.execute(statement)).scalar_one_or_none()


async def keep(db: AsyncSession, **values: Any) -> None:
    """Keep a hint; one for an older wording of the problem is replaced."""
    statement = insert_for(db)(KeptHint).values(**values)
    new = statement.excluded
    names = ("fingerprint", "text", "source_model", "verified_at", "updated_at")
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=["problem_id", "language", "step", "answer_key"],
            set_={name: new[name] for name in names},
        )
    )


async def active_problems(db: AsyncSession) -> Sequence[Problem]:
    """Return every problem that pupils may be asked."""
    statement = (
        select(Problem)
        .where(Problem.status == ProblemStatus.ACTIVE, Problem.visible())
        .order_by(Problem.id)
    )
    return list(await db.scalars(statement))


async def kept_keys(db: AsyncSession) -> set[tuple[int, str, int, str, str]]:
    """Return (problem, language, step, wrong answer, fingerprint) of every kept hint."""
    rows = await db.execute(
        select(
            KeptHint.problem_id,
            KeptHint.language,
            KeptHint.step,
            KeptHint.answer_key,
            KeptHint.fingerprint,
        )
    )
    return {(row[0], str(row[1]), *row[2:]) for row in rows}


async def open_batches(db: AsyncSession) -> Sequence[str]:
    """Return the provider's names of the batches whose results are not all taken."""
    statement = (
        select(CostRecord.request_id)
        .where(
            CostRecord.operation == OperationType.HINT_WARMING,
            CostRecord.status == CostStatus.RESERVED,
            CostRecord.request_id.is_not(None),
        )
        .distinct()
    )
    return [name for name in await db.scalars(statement) if name is not None]


async def name_batch(db: AsyncSession, record_ids: Sequence[int], batch_id: str) -> None:
    """Record which batch reserved calls are in."""
    await db.execute(
        update(CostRecord)
        .where(CostRecord.id.in_(record_ids), CostRecord.status == CostStatus.RESERVED)
        .values(request_id=batch_id)
        .execution_options(synchronize_session=False)
    )


async def open_request(db: AsyncSession, student_id: int, problem_id: int) -> int | None:
    """Return the request for a pupil and a problem that is not answered yet."""
    statement = select(HintRequest.id).where(
        HintRequest.student_id == student_id,
        HintRequest.problem_id == problem_id,
        HintRequest.sent_at.is_(None),
    )
    return (await db.execute(statement)).scalar_one_or_none()


async def unsent(db: AsyncSession) -> Sequence[int]:
    """Return the oldest requests that are not answered yet."""
    statement = (
        select(HintRequest.id)
        .where(HintRequest.sent_at.is_(None))
        .order_by(HintRequest.id)
        .limit(MOST_AT_ONCE)
    )
    return list(await db.scalars(statement))


async def lock_request(db: AsyncSession, request_id: int) -> HintRequest | None:
    """Lock the pupil of a request, then read it: their updates wait until the transaction ends."""
    student_id = await db.scalar(select(HintRequest.student_id).where(HintRequest.id == request_id))
    if student_id is None:
        return None
    await db.execute(select(Student.id).where(Student.id == student_id).with_for_update())
    return await db.get(HintRequest, request_id, populate_existing=True)


async def chat_of(db: AsyncSession, student_id: int) -> int:
    """Return the pupil's private chat."""
    chat = select(Person.telegram_id).join(Student, Student.person_id == Person.id)
    return (await db.execute(chat.where(Student.id == student_id))).scalar_one()


async def grade_of(db: AsyncSession, problem_id: int) -> int:
    """Return the grade of a problem."""
    statement = select(Problem.grade).where(Problem.id == problem_id)
    return (await db.execute(statement)).scalar_one()


async def prune(db: AsyncSession, before: datetime) -> int:
    """Delete requests that were answered before an instant; return how many, a thousand at most."""
    old = (
        select(HintRequest.id)
        .where(HintRequest.sent_at < before)
        .order_by(HintRequest.id)
        .limit(MOST_AT_ONCE)
    )
    gone = await db.execute(
        delete(HintRequest).where(HintRequest.id.in_(old)).returning(HintRequest.id),
        execution_options={"synchronize_session": False},
    )
    return len(gone.all())
