"""Use cases of hints, each in the caller's transaction: the update's, never that of a call."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from src import queue
from src.accounts.pupil import Pupil
from src.answers import GradableProblem, Outcome, contains_answer, grade_problem, normalise_key
from src.hints import queries, rules
from src.hints.checks import find_fault
from src.hints.masking import mask
from src.hints.rules import Ask, Seen, Switches
from src.models import HintRequest, HintSource, Language
from src.practice import service as practice
from src.practice.results import HintShown, Opened, Place, ProblemCard, Question
from src.settings import ModelSettings

MAKE = "make_hint"
CONSENT_VERSION = "2026-11"
_BEFORE_OTHER_JOBS = 10


@dataclass(frozen=True, slots=True)
class HintMade:
    """A hint that is not from the ladder.

    Attributes:
        question: The current question.
        text: The hint, in the language in which it was asked for.
    """

    question: Question
    text: str


@dataclass(frozen=True, slots=True)
class HintPending:
    """A hint is being made and comes by itself."""


Hinted = HintShown | HintMade | HintPending


def is_used_up(given: Hinted) -> bool:
    """Return whether there was no hint left to give."""
    return isinstance(given, HintShown) and given.step is None


def switches_of(settings: ModelSettings) -> Switches:
    """Return what the operator allows."""
    allowed = settings.makes_hints
    return Switches(kept=allowed, model=allowed and settings.api_key is not None)


def asks_question(text: str, problem: ProblemCard, language: Language) -> bool:
    """Return whether a typed text is a question about the problem and not an answer to it.

    A text that names the right answer is not one: the pupil need only send that as an answer.
    """
    if not rules.looks_like_question(text):
        return False
    outcome = grade_problem(text, problem).outcome
    if outcome in {Outcome.CORRECT, Outcome.WRONG_FORM}:
        return False
    if not rules.is_question(text, outcome, problem.answer_type):
        return False
    return not names_answer(text, problem, language)


def names_answer(text: str, problem: ProblemCard, language: Language) -> bool:
    """Return whether a text has the right answer in it, whatever else it says."""
    return contains_answer(text, problem, language)


async def give(
    db: AsyncSession,
    pupil: Pupil,
    place: Place,
    switches: Switches,
    question: str | None = None,
) -> Hinted:
    """Give the next hint, or ask for one to be made.

    Args:
        db: The open transaction, holding the pupil's lock.
        pupil: Who asks.
        place: Where the pupil is.
        switches: What the operator allows.
        question: What the pupil asks in their own words, if they do.
    """
    if not switches.kept:
        return await practice.give_hint(db, place)
    ask = await _next_ask(db, place.opened, question)
    if ask is None:
        return await practice.give_hint(db, place)
    kept = await _find_kept(db, pupil.language, place.problem, ask)
    if kept is not None:
        shown = await practice.note_hint(db, place, step=ask.step, source=HintSource.KEPT)
        return HintMade(shown, kept)
    if not switches.model or await queries.consented_at(db, pupil.id) is None:
        return await practice.give_hint(db, place)
    await _request(db, pupil, place, ask)
    return HintPending()


async def _next_ask(db: AsyncSession, opened: Opened, question: str | None) -> Ask | None:
    seen = Seen(opened.attempts, opened.hints_used, opened.hints_viewed)
    if question is not None:
        step = min(seen.hints_used + 1, rules.LADDER + 1)
        return Ask(step, question[: rules.LONGEST_TYPED], is_question=True)
    return rules.next_ask(seen, await _wrong_answer(db, opened))


async def _wrong_answer(db: AsyncSession, opened: Opened) -> str | None:
    if opened.response_id is None or not opened.attempts:
        return None
    typed, is_correct = await queries.last_answer(db, opened.response_id)
    return None if is_correct else typed


async def _find_kept(
    db: AsyncSession, language: Language, problem: ProblemCard, ask: Ask
) -> str | None:
    """Return the text of a kept hint that fits, and still passes every check."""
    key = reuse_key(problem, ask)
    if key is None:
        return None
    kept = await queries.find_kept(db, problem.id, language, ask.step, key)
    if kept is None or kept.fingerprint != rules.fingerprint(problem):
        return None
    fault = find_fault(kept.text, problem, language, ask.typed, may_judge=ask.is_wrong_answer)
    return kept.text if fault is None else None


def reuse_key(problem: GradableProblem, ask: Ask) -> str | None:
    """Return under which key the hint for an ask is kept; None: it is for this pupil alone."""
    if ask.is_question:
        return None
    if ask.typed is None:
        return ""
    key = normalise_key(ask.typed, problem)
    return key if rules.is_reusable(ask.typed, mask(ask.typed), key) else None


async def _request(db: AsyncSession, pupil: Pupil, place: Place, ask: Ask) -> None:
    """Ask for a hint to be made, unless one is being made for this pupil and problem."""
    if await queries.open_request(db, pupil.id, place.problem.id) is not None:
        return
    request = HintRequest(
        student_id=pupil.id,
        session_id=place.session_id,
        problem_id=place.problem.id,
        language=Language(pupil.language),
        step=ask.step,
        is_question=ask.is_question,
        typed=ask.typed,
    )
    db.add(request)
    await db.flush()
    await enqueue(db, request.id)


async def enqueue(db: AsyncSession, request_id: int) -> None:
    """Put the work on a request into the queue, once."""
    await queue.enqueue(
        db,
        MAKE,
        {"id": request_id},
        key=f"{MAKE}:{request_id}",
        priority=_BEFORE_OTHER_JOBS,
    )


async def enqueue_unsent(db: AsyncSession) -> None:
    """Put in again what the rows say is not sent: a queue may have been lost."""
    for request_id in await queries.unsent(db):
        await enqueue(db, request_id)


async def prune(db: AsyncSession, before: datetime) -> int:
    """Delete requests that were answered before an instant; return how many."""
    return await queries.prune(db, before)


async def has_consented(db: AsyncSession, pupil: Pupil) -> bool:
    """Return whether a pupil accepts hints from a model."""
    return await queries.consented_at(db, pupil.id) is not None


async def choose(db: AsyncSession, pupil: Pupil, *, accepts: bool, at: datetime) -> None:
    """Record whether a pupil accepts hints from a model, and which words they accepted."""
    if accepts:
        await queries.set_consent(db, pupil.id, CONSENT_VERSION, at)
    else:
        await queries.set_consent(db, pupil.id, None, None)
