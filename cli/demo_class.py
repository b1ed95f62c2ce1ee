"""``dars demo --class``: a class of 30 simulated pupils with a month of answers, always the same.

What is planted: some are stuck on a topic, some stay away, fall behind or rush; one defends two
answers, one has hardly begun, one not at all. The rules that look for it were not told.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from src.clock import local_day
from src.models import (
    Attempt,
    ClassMember,
    Dispute,
    Person,
    Problem,
    Response,
    Session,
    SessionStatus,
    Student,
    Teacher,
)
from src.teaching import rules, service
from src.teaching.results import TeacherCard

TEACHER_ID = 9001
"""Of the teacher in the chat of the demo."""
TEACHER, SCHOOL, CLASS = "Ms Akter", "Green Road School", "7A"
ZONE = "Asia/Dhaka"
DAYS = 30
GRADE = 7
_FIRST_PUPIL = 7001
_SEED = 16
_NAMES = (
    *("Anik", "Arpita", "Bithi", "Choyon", "Dipa", "Emon", "Farhan", "Gita", "Habib", "Ishita"),
    *("Jamil", "Kona", "Labonno", "Mahin", "Nabila", "Oishi", "Pranto", "Qasim", "Rafi", "Sadia"),
    *("Tanvir", "Urmi", "Wasif", "Yasmin", "Zarin", "রাইসা", "তাহসিন", "মৌমিতা", "সাকিব", "নিলয়"),
)
_KINDS = ("steady", "steady", "stuck", "steady", "away", "steady", "falling", "steady", "rushing")
_A_TOPIC = 12
_PLANTED = 14
"""Days ago from which it holds."""


@dataclass(frozen=True)
class _Simulated:
    """A pupil: what is planted, how able, how regular, how slow."""

    kind: str
    topic: str
    talent: float
    rhythm: float
    pace: float


async def seed_class(db: AsyncSession, now: datetime) -> TeacherCard:
    """Make the class where there is none yet, and return its teacher."""
    there = await _teacher(db)
    if there is not None:
        return there
    person = Person(telegram_id=TEACHER_ID, language="en")
    db.add(person)
    await db.flush()
    began = now - timedelta(days=DAYS + 1)
    teacher = Teacher(name=TEACHER, school=SCHOOL, person_id=person.id, accepted_at=began)
    # Who teaches has agreed: otherwise silence would have them deleted.
    pupil = Student(telegram_id=TEACHER_ID, person_id=person.id, name=TEACHER, language="en")
    pupil.consented_at, pupil.consent_version = began, rules.TEACHER_CONSENT_VERSION
    pupil.nudges_enabled = False
    db.add_all([teacher, pupil])
    await db.flush()
    person.current_student_id = pupil.id
    card = TeacherCard(teacher.id, person.id, TEACHER, SCHOOL)
    made = await service.make_class(db, card, CLASS, GRADE, now)
    await _fill(db, made.id, now)
    return card


async def _teacher(db: AsyncSession) -> TeacherCard | None:
    who = await db.scalar(select(Person.id).where(Person.telegram_id == TEACHER_ID))
    return None if who is None else await service.teacher_of(db, who)


async def _fill(db: AsyncSession, class_id: int, now: datetime) -> None:
    """Add the pupils with all that they did."""
    rng = Random(_SEED)  # noqa: S311 - a simulation
    by_topic = await _library(db)
    hard = {topic: rng.gauss(0, 0.5) for topic in by_topic}
    for number, name in enumerate(_NAMES):
        student = await _add_pupil(db, class_id, number, name, now)
        one = _simulated(number, sorted(by_topic), rng)
        for ago in _days(one, rng):
            at = now - timedelta(days=ago, hours=rng.uniform(1, 5))
            asked = [rng.choice(by_topic[topic]) for topic in _topics(one, ago, sorted(hard), rng)]
            tries = [_try(one, problem, ago, hard[problem.topic], rng) for problem in asked]
            db.add(_session(student.id, at, tries))
    await db.flush()
    await _defend(db, class_id, now)


async def _library(db: AsyncSession) -> dict[str, list[Problem]]:
    """Return problems by topic, of six topics."""
    base = select(Problem).where(Problem.grade == GRADE, Problem.variant_of.is_(None))
    by_topic: dict[str, list[Problem]] = {}
    for problem in await db.scalars(base.order_by(Problem.external_id)):
        by_topic.setdefault(problem.topic, []).append(problem)
    # Few enough for the class to meet the same ones: times are held against others on a problem.
    return {topic: by_topic[topic][:_A_TOPIC] for topic in sorted(by_topic)[:6]}


def _simulated(number: int, topics: Sequence[str], rng: Random) -> _Simulated:
    kind = _KINDS[number % len(_KINDS)]
    kind = {len(_NAMES) - 2: "new", len(_NAMES) - 1: "nothing"}.get(number, kind)
    return _Simulated(
        kind=kind,
        topic=rng.choice(topics),
        talent=max(rng.gauss(1.4, 0.5), 1.2 if kind == "falling" else -1.0),
        rhythm=rng.uniform(0.6, 0.95),
        pace=rng.lognormvariate(math.log(55), 0.25),
    )


async def _add_pupil(
    db: AsyncSession, class_id: int, number: int, name: str, now: datetime
) -> Student:
    began = now - timedelta(days=DAYS + 1)
    language = "en" if name.isascii() else "bn"
    student = Student(telegram_id=_FIRST_PUPIL + number, name=name, grade=GRADE, language=language)
    student.consented_at = student.registered_at = began
    student.consent_version, student.nudges_enabled = "demo", False
    db.add(student)
    await db.flush()
    member = ClassMember(class_id=class_id, student_id=student.id, joined_at=began)
    member.consent_version = rules.CONSENT_VERSION
    db.add(member)
    return student


def _days(one: _Simulated, rng: Random) -> Iterator[int]:
    """Yield on which days a pupil practises, counted back from today."""
    if one.kind == "nothing":
        return
    for ago in range(1 if one.kind == "new" else DAYS, 0, -1):
        is_gone = one.kind == "away" and ago <= _PLANTED - 2
        if not is_gone and (one.kind == "new" or rng.random() < one.rhythm):
            yield ago


def _topics(one: _Simulated, ago: int, topics: Sequence[str], rng: Random) -> list[str]:
    chosen = rng.sample(topics, 5)
    if one.kind == "stuck" and ago <= _PLANTED and one.topic not in chosen:
        chosen[2] = one.topic
    return chosen


@dataclass(frozen=True)
class _Try:
    """What comes of a problem: how long, right at once or later, which mistake, how many hints."""

    problem: Problem
    seconds: int
    right: bool
    later: bool
    hints: int
    mistake: dict[str, str]


def _try(one: _Simulated, problem: Problem, ago: int, hard: float, rng: Random) -> _Try:
    seconds = one.pace * rng.lognormvariate(0, 0.4)
    if one.kind == "rushing" and ago <= _PLANTED:
        seconds *= 0.12
    right = rng.random() < 1 / (1 + math.exp(-_strength(one, problem, ago, hard)))
    later, hints = rng.random() < 0.55, rng.choice((0, 1, 1, 2))
    mistake = rng.choice(problem.misconceptions or [{"answer": "?"}])
    if right:
        return _Try(problem, max(1, round(seconds)), True, False, 0, {})
    return _Try(problem, max(1, round(seconds)), False, later, hints, mistake)


def _strength(one: _Simulated, problem: Problem, ago: int, hard: float) -> float:
    strength = one.talent - hard
    if ago > _PLANTED:
        return strength
    if one.kind == "stuck" and problem.topic == one.topic:
        return -1.6
    if one.kind == "rushing":
        return -1.4
    return strength - 2.2 if one.kind == "falling" else strength


def _session(student_id: int, at: datetime, tries: Sequence[_Try]) -> Session:
    """Return a finished session with its responses and attempts."""
    practice = Session(
        student_id=student_id,
        date=local_day(at, ZONE),
        status=SessionStatus.COMPLETED,
        problem_ids=[one.problem.id for one in tries],
        problems_correct=sum(one.right or one.later for one in tries),
        current_index=5,
        timezone=ZONE,
        started_at=at,
        created_at=at,
        shown_at=at,
        expires_at=at + timedelta(hours=24),
    )
    practice.responses = []
    for one in tries:
        practice.responses.append(_response(one, at, at + timedelta(seconds=one.seconds)))
        at += timedelta(seconds=one.seconds)
    practice.completed_at = at
    return practice


def _response(one: _Try, shown_at: datetime, closed_at: datetime) -> Response:
    solved = one.right or one.later
    wrong = 0 if one.right else 1 if one.later else 3
    response = Response(problem_id=one.problem.id, shown_at=shown_at, closed_at=closed_at)
    response.is_correct, response.attempts = solved, wrong + solved
    response.hints_used, response.time_spent_seconds = one.hints, one.seconds
    response.student_answer = one.problem.answer if solved else one.mistake["answer"]
    response.last_verdict = "correct" if solved else "wrong"
    response.attempts_made = [
        Attempt(
            number=number,
            typed=one.mistake["answer"],
            verdict="wrong",
            misconception=one.mistake.get("name"),
            misconception_id=one.mistake.get("id"),
            at=closed_at,
        )
        for number in range(1, wrong + 1)
    ]
    if solved:
        right = Attempt(number=wrong + 1, typed=one.problem.answer, verdict="correct", at=closed_at)
        response.attempts_made.append(right)
    return response


async def _defend(db: AsyncSession, class_id: int, now: datetime) -> None:
    """Let the first pupil defend two answers, and another one an answer."""
    wrong = (
        select(Response, Session.student_id)
        .join(Session, Session.id == Response.session_id)
        .join(ClassMember, ClassMember.student_id == Session.student_id)
        .where(ClassMember.class_id == class_id, Response.is_correct.is_(False))
        .order_by(Session.student_id, Response.id.desc())
    )
    found = [(row[0], row[1]) for row in await db.execute(wrong)]
    first = found[0][1]
    chosen = [one for one, who in found if who == first][:2]
    chosen += [one for one, who in found if who != first][:1]
    for response in chosen:
        at = response.closed_at or now
        db.add(
            Dispute(
                response_id=response.id,
                attempt=1,
                typed=response.student_answer or "?",
                raised_at=at,
                operators_told_at=now,
            )
        )
