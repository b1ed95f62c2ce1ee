"""Use cases of practice. Each runs in the caller's transaction and flushes, never commits."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from src.accounts.pupil import Pupil
from src.answers import (
    Misconception,
    Outcome,
    Verdict,
    diagnose,
    grade_problem,
    near_miss,
    normalise_key,
)
from src.clock import local_day
from src.errors import NoProblems, StaleAction
from src.language import Bilingual
from src.metrics import count_hint
from src.models import ConfidenceLevel, SessionStatus
from src.nudges import service as nudges
from src.practice import queries, rules
from src.practice.results import (
    Answered,
    AttemptRow,
    DefendedAnswer,
    Disputed,
    HintShown,
    Opened,
    Place,
    ProblemCard,
    Progress,
    Question,
    ResponseChange,
    Skipped,
    Summary,
)
from src.streaks import service as streaks

LONGEST_STORED_ANSWER = 500
# Answers to one problem that a pupil defends stand on lines of their own; all of them fit.
LONGEST_DEFENDED = (LONGEST_STORED_ANSWER + 1) // rules.MAX_ATTEMPTS - 1
PROGRESS_SPAN = timedelta(days=30)


async def active_place(db: AsyncSession, student_id: int) -> Place | None:
    """Return where a pupil is in the active session, expired or not; read under their lock."""
    return await queries.active_place(db, student_id)


async def start_or_resume(
    db: AsyncSession, pupil: Pupil, place: Place | None, now: datetime
) -> tuple[Question, bool]:
    """Return the current question, opening a session where none is active.

    Args:
        db: The open transaction, holding the pupil's lock.
        pupil: A registered pupil.
        place: Where the pupil is, if a session is active.
        now: The current instant.

    Returns:
        The question, and whether the session was open already and is resumed.

    Raises:
        NoProblems: The library has fewer than five active problems for the grade.
    """
    place = await _unexpired(db, place, now)
    if place is not None:
        return current_question(place), True
    return await _begin(db, pupil, now), False


def current_question(place: Place) -> Question:
    """Return the question at which the pupil is."""
    opened = place.opened
    return _question(place, place.index, place.problem, opened.attempts, opened.hints_used)


def is_right(place: Place, text: str) -> bool:
    """Return whether a text is the answer to the current question, in any form."""
    return grade_problem(text, place.problem).outcome in {Outcome.CORRECT, Outcome.WRONG_FORM}


async def submit_answer(
    db: AsyncSession, pupil: Pupil, place: Place, typed: str, at: datetime, *, tapped: bool = False
) -> Answered:
    """Judge an answer to the current question and move on where it is closed.

    Args:
        db: The open transaction, holding the pupil's lock.
        pupil: Who answers.
        place: Where the pupil is.
        typed: What was typed or tapped, of any length.
        at: When the pupil sent it, aware.
        tapped: Whether it came from a button, which belongs to this question.

    Returns:
        The verdict and what follows it.
    """
    problem, opened = place.problem, place.opened
    verdict = await _judge(db, place, typed, at, tapped=tapped)
    step = rules.after_verdict(verdict.outcome, opened.attempts)
    asks = step.is_correct and rules.asks_confidence(place.seed, place.index)
    mistake = diagnose(typed, problem) if verdict.outcome is Outcome.WRONG else None
    name = mistake.name if mistake else None
    attempt = _attempt(place, verdict, typed, name, at)
    response: ResponseChange = {
        "student_answer": attempt["typed"],
        "is_correct": step.is_correct,
        "attempts": step.attempts,
        "last_verdict": verdict.outcome,
        "misconception": name,
        "asked_confidence": asks,
        **_naming(opened, step, mistake),
    }
    if step.closed:
        closed = await _close(
            db, pupil, place, at, response, solved=step.is_correct, attempt=attempt
        )
    else:
        response_id = await _keep_open(db, place, verdict, response, attempt)
        same = _question(place, place.index, problem, step.attempts, opened.hints_used)
        closed = _After(response_id, same, None)
    return Answered(
        outcome=verdict.outcome,
        reason=verdict.reason,
        reading=verdict.reading,
        problem=problem,
        response_id=closed.response_id,
        attempts=step.attempts,
        attempts_left=0 if step.closed else rules.MAX_ATTEMPTS - step.attempts,
        closed=step.closed,
        misconception=mistake,
        asks_confidence=asks,
        next=closed.following,
        summary=closed.summary,
    )


async def _judge(
    db: AsyncSession, place: Place, typed: str, at: datetime, *, tapped: bool
) -> Verdict:
    """Return the verdict on an answer; what came twice or holds the right number costs no try."""
    verdict = grade_problem(typed, place.problem)
    if verdict.outcome in {Outcome.CORRECT, Outcome.WRONG_FORM}:
        return verdict
    if not tapped and await _came_twice(db, place, typed, at):
        return rules.SENT_TWICE
    if verdict.outcome is Outcome.UNREADABLE:
        return verdict
    if _is_same_again(place, typed):
        return rules.SAME_AGAIN
    return near_miss(typed, place.problem) or verdict


async def _came_twice(db: AsyncSession, place: Place, typed: str, at: datetime) -> bool:
    """Return whether an answer is the right one to the question before, sent once more."""
    fresh = place.opened.attempts == 0 and at - place.shown_at <= rules.SENT_TWICE_WITHIN
    if place.index == 0 or not fresh:
        return False
    before = place.problem_ids[place.index - 1]
    return await queries.right_answer_to(db, place.session_id, before) == _storable(typed)


def _is_same_again(place: Place, typed: str) -> bool:
    """Return whether a wrong answer is the last wrong one again, perhaps written in another way."""
    before = place.opened.last_wrong
    if before is None or not place.opened.attempts:
        return False
    key = normalise_key(typed, place.problem)
    same = key is not None and key == normalise_key(before, place.problem)
    return same or _storable(typed).strip() == before.strip()


async def skip_came_twice(db: AsyncSession, place: Place, at: datetime) -> bool:
    """Return whether a typed skip is the one before, sent once more."""
    opened = place.opened
    untouched = opened.attempts == 0 and opened.hints_used == 0
    if place.index == 0 or not untouched or at - place.shown_at > rules.SKIPPED_TWICE_WITHIN:
        return False
    return await queries.was_skipped(db, place.session_id, place.problem_ids[place.index - 1])


async def skip(db: AsyncSession, pupil: Pupil, place: Place, at: datetime) -> Skipped:
    """Close the current problem unsolved and move on."""
    _, following, summary = await _close(db, pupil, place, at, {"skipped": True}, solved=False)
    return Skipped(place.problem, following, summary)


async def give_hint(db: AsyncSession, place: Place) -> HintShown:
    """Show the next step of the current problem's ladder and count it."""
    problem, opened = place.problem, place.opened
    used, attempts = opened.hints_used, opened.attempts
    if used >= len(problem.hints):
        return HintShown(_question(place, place.index, problem, attempts, used), step=None)
    viewed = [*opened.hints_viewed, {"step": used + 1, "source": "authored"}]
    await queries.save_response(
        db, place.session_id, problem.id, {"hints_used": used + 1, "hints_viewed": viewed}
    )
    count_hint(db, "authored")
    hint = problem.hints[used]
    question = _question(place, place.index, problem, attempts, used + 1)
    return HintShown(question, used + 1, Bilingual(hint["en"], hint["bn"]))


async def note_hint(db: AsyncSession, place: Place, *, step: int, source: str) -> Question:
    """Record that a hint from outside the ladder was shown; return its question."""
    problem, opened = place.problem, place.opened
    shown = {"step": step, "source": source, "attempt": opened.attempts}
    await queries.save_response(
        db, place.session_id, problem.id, {"hints_viewed": [*opened.hints_viewed, shown]}
    )
    count_hint(db, source)
    return current_question(place)


async def set_confidence(
    db: AsyncSession, pupil: Pupil, response_id: int, level: ConfidenceLevel | None
) -> None:
    """Record how sure the pupil was of a right answer; None where the question was waved off.

    Raises:
        StaleAction: The response is not this pupil's, or nobody asked.
    """
    response = await queries.own_response(db, pupil.id, response_id)
    if response is None or not response.asked_confidence:
        raise StaleAction
    if level is not None:
        await queries.update_response(db, response_id, confidence_level=level)


async def dispute(
    db: AsyncSession, pupil: Pupil, response_id: int, *, attempt: int, at: datetime
) -> Disputed:
    """Record that the pupil thinks a refused answer was right. Saying it twice changes nothing.

    Args:
        db: The open transaction, holding the pupil's lock.
        pupil: Who says so.
        response_id: The response.
        attempt: Which attempt is meant; of earlier ones than the latest the text is gone.
        at: When, aware.

    Raises:
        StaleAction: The response is not this pupil's, or there was no such wrong attempt.
    """
    response = await queries.own_response(db, pupil.id, response_id)
    if response is None or not 0 < attempt <= response.attempts:
        raise StaleAction
    if attempt == response.attempts and response.last_verdict == Outcome.CORRECT:
        raise StaleAction
    if attempt < response.attempts:
        return Disputed.TOO_LATE
    kept = [line[:LONGEST_DEFENDED] for line in (response.disputed_answer or "").splitlines()]
    said = " ".join((response.student_answer or "").splitlines())[:LONGEST_DEFENDED]
    if said not in kept:
        answers = "\n".join([*kept, said][-rules.MAX_ATTEMPTS :])
        await queries.update_response(
            db, response_id, disputed=True, disputed_at=at, disputed_answer=answers
        )
    return Disputed.KEPT


async def defended_answers(db: AsyncSession, *, most: int) -> list[DefendedAnswer]:
    """Return the latest answers that pupils think were right, without who gave them."""
    return await queries.disputed(db, most=most)


async def has_practised_on_day_of(db: AsyncSession, pupil: Pupil, at: datetime) -> bool:
    """Return whether the local day of an instant counts for the pupil's streak already."""
    return await streaks.has_practised(db, pupil.id, at, pupil.timezone)


async def progress(db: AsyncSession, pupil: Pupil, now: datetime) -> Progress:
    """Sum up what the pupil has done."""
    sessions, problems, correct = await queries.totals(db, pupil.id)
    topics = await queries.topics_since(db, pupil.id, now - PROGRESS_SPAN)
    return Progress(sessions, problems, correct, topics)


async def _unexpired(db: AsyncSession, place: Place | None, now: datetime) -> Place | None:
    """Return the place while its session lasts; note that it is over otherwise."""
    if place is None or now < place.expires_at:
        return place
    await queries.update_session(db, place.session_id, status=SessionStatus.EXPIRED)
    return None


async def _begin(db: AsyncSession, pupil: Pupil, now: datetime) -> Question:
    grade = pupil.required_grade
    candidates = await queries.candidates(db, grade)
    if len(candidates) < rules.PROBLEMS_IN_SESSION:
        raise NoProblems(f"grade {grade} has {len(candidates)} active problems")
    day = local_day(now, pupil.timezone)
    ordinal = await queries.count_sessions(db, pupil.id)
    seed = rules.session_seed(pupil.id, day, ordinal)
    past = await queries.past_answers(db, pupil.id)
    await queries.open_session(
        db,
        student_id=pupil.id,
        date=day,
        timezone=pupil.timezone,
        problem_ids=rules.choose_problems(candidates, past, now=now, seed=seed),
        seed=seed,
        started_at=now,
        shown_at=now,
        expires_at=now + rules.SESSION_LIFETIME,
    )
    await nudges.reschedule(db, pupil.id, now)
    place = await queries.active_place(db, pupil.id)
    assert place is not None
    return current_question(place)


class _After(NamedTuple):
    """What follows an answer or a skip."""

    response_id: int | None
    following: Question | None
    summary: Summary | None


async def _keep_open(
    db: AsyncSession,
    place: Place,
    verdict: Verdict,
    response: ResponseChange,
    attempt: AttemptRow,
) -> int | None:
    """Keep an answer that does not close the problem; return the id of the response."""
    if verdict in {rules.SENT_TWICE, rules.SAME_AGAIN}:
        return place.opened.response_id
    if verdict.outcome is not Outcome.WRONG:
        return await _keep_asked_again(db, place, attempt)
    if attempt["misconception"] is not None:
        count_hint(db, "misconception")
    return await queries.save_attempt(db, place, response, attempt)


async def _keep_asked_again(db: AsyncSession, place: Place, attempt: AttemptRow) -> int | None:
    """Keep a text that is asked for again and counts for nothing; of many only the first."""
    response_id = place.opened.response_id
    kept = 0 if response_id is None else await queries.count_asked_again(db, response_id)
    if kept >= rules.MOST_ASKED_AGAIN:
        return response_id
    return await queries.save_attempt(db, place, {}, attempt)


async def _close(
    db: AsyncSession,
    pupil: Pupil,
    place: Place,
    at: datetime,
    response: ResponseChange,
    *,
    solved: bool,
    attempt: AttemptRow | None = None,
) -> _After:
    """Close the current problem; move to the next one, or finish the session after the last."""
    response = {**response, **_closing(place, at)}
    index, correct = place.index + 1, place.problems_correct + solved
    moved = (
        {"current_index": index, "problems_correct": correct, "shown_at": max(at, place.shown_at)}
        if place.following
        else {}
    )
    response_id = await queries.close_response(db, place, response, attempt, moved)
    if place.following is None:
        return _After(response_id, None, await _finish(db, pupil, place, at, correct=correct))
    return _After(response_id, _question(place, index, place.following, 0, 0), None)


async def _finish(
    db: AsyncSession, pupil: Pupil, place: Place, at: datetime, *, correct: int
) -> Summary:
    done = await queries.closed_problems(db, place.session_id)
    seconds = sum(problem.seconds for problem in done)
    await queries.update_session(
        db,
        place.session_id,
        status=SessionStatus.COMPLETED,
        current_index=len(place.problem_ids),
        problems_correct=correct,
        completed_at=at,
        total_time_seconds=seconds,
        timezone=pupil.timezone,
    )
    step = await streaks.record_session(
        db,
        pupil.id,
        started_at=place.started_at,
        completed_at=at,
        timezone=pupil.timezone,
        worked_at=[problem.closed_at for problem in done if not problem.skipped],
    )
    await nudges.reschedule(db, pupil.id, at)
    unsolved = {problem.id: problem.topic for problem in done if not problem.is_correct}
    topics = dict.fromkeys(unsolved[p] for p in place.problem_ids if p in unsolved)
    return Summary(correct, len(place.problem_ids), seconds, step, list(topics))


def _question(
    place: Place, index: int, problem: ProblemCard, attempts: int, hints_used: int
) -> Question:
    total = len(place.problem_ids)
    return Question(place.session_id, index + 1, total, problem, attempts, hints_used)


def _naming(opened: Opened, step: rules.NextStep, mistake: Misconception | None) -> ResponseChange:
    """Return the column that counts a named mistake as a hint for this answer."""
    if mistake is None or step.closed:
        return {}
    number = min(opened.hints_used + 1, rules.LADDER_STEPS)
    shown = {"step": number, "source": "misconception", "attempt": step.attempts}
    return {"hints_viewed": [*opened.hints_viewed, shown]}


def _attempt(
    place: Place, verdict: Verdict, typed: str, mistake: str | None, at: datetime
) -> AttemptRow:
    """Return the row of a judged text."""
    return {
        "number": place.opened.attempts + 1,
        "typed": _storable(typed),
        "verdict": verdict.outcome,
        "misconception": mistake,
        "hints_used": place.opened.hints_used,
        "seconds": _seconds(place, at),
        "at": at,
    }


def _closing(place: Place, at: datetime) -> ResponseChange:
    """Return the columns that close a response."""
    return {
        "closed_at": at,
        "time_spent_seconds": _seconds(place, at),
        "shown_at": place.shown_at,
    }


def _seconds(place: Place, at: datetime) -> int:
    """Return how long the pupil has had the current question."""
    spent = max(timedelta(), min(at - place.shown_at, rules.LONGEST_TIME_SPENT))
    return int(spent.total_seconds())


def _storable(typed: str) -> str:
    """Cut what is kept of an answer, without what PostgreSQL cannot store."""
    return typed.replace("\0", "")[:LONGEST_STORED_ANSWER]
