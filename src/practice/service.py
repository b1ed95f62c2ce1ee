"""Use cases of practice. Each runs in the caller's transaction and flushes, never commits."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from src import audit
from src.accounts import service as accounts
from src.accounts.pupil import Pupil
from src.answers import (
    Mistake,
    Outcome,
    Verdict,
    contains_answer,
    diagnose,
    grade_problem,
    near_miss,
    normalise_key,
)
from src.clock import local_day
from src.errors import DoneAlready, NoProblems, NoSuchDispute, NotRegistered, StaleAction
from src.language import Bilingual, Language
from src.mastery import patterns
from src.mastery import service as mastery
from src.mastery.patterns import Noticed
from src.metrics import count_hint
from src.models import (
    AuditAction,
    ConfidenceLevel,
    DisputeDecision,
    OutboxKind,
    SessionStatus,
)
from src.nudges import service as nudges
from src.outbox import service as outbox
from src.outbox.rules import next_waking
from src.outbox.service import Entry
from src.practice import choosing, queries, rules
from src.practice import dispute_queries as disputes
from src.practice.choosing import Pick
from src.practice.examples import Example, examples
from src.practice.queries import OwnResponse
from src.practice.results import (
    Answered,
    AttemptRow,
    Chosen,
    DefendedAnswer,
    Disputed,
    HintShown,
    Late,
    NewDisputes,
    Opened,
    Place,
    ProblemCard,
    Progress,
    Question,
    ResponseChange,
    Skipped,
    Summary,
    Tomorrow,
)
from src.streaks import service as streaks

LONGEST_STORED_ANSWER = 500
NEWS_EXPIRES_AFTER = timedelta(days=7)
MOST_TOLD_AT_ONCE = 200
PROGRESS_SPAN = timedelta(days=27)


async def active_place(db: AsyncSession, student_id: int) -> Place | None:
    """Return where a pupil is in the active session, expired or not; read under their lock."""
    return await queries.active_place(db, student_id)


async def start_or_resume(
    db: AsyncSession,
    pupil: Pupil,
    place: Place | None,
    now: datetime,
    *,
    missed_opens: bool = False,
) -> tuple[Question, bool]:
    """Return the current question, opening a session where none is active.

    Args:
        db: The open transaction, holding the pupil's lock.
        pupil: A registered pupil.
        place: Where the pupil is, if a session is active.
        now: The current instant.
        missed_opens: Whether a new session opens with what was missed.

    Returns:
        The question, and whether the session was open already and is resumed.

    Raises:
        NoProblems: The library has fewer than five active problems for the grade.
    """
    place = await unexpired(db, place, now)
    if place is not None:
        return current_question(place), True
    return await begin(db, pupil, now, missed_opens=missed_opens), False


def current_question(place: Place) -> Question:
    """Return the question at which the pupil is."""
    opened = place.opened
    return _question(place, place.index, place.problem, opened.attempts, opened.hints_used)


async def go_on(db: AsyncSession, place: Place, at: datetime) -> Question:
    """Return the question that has waited behind a solution; its time begins now."""
    shown_at = max(at, place.shown_at)
    await queries.update_session(db, place.session_id, is_paused=False, shown_at=shown_at)
    return current_question(place)


def is_just_asked(place: Place, at: datetime) -> bool:
    """Return whether the current question was asked a moment ago and nothing was done since."""
    untouched = place.opened.response_id is None and not place.is_paused
    return untouched and at - place.shown_at <= rules.TAPPED_TWICE_WITHIN


async def has_just_passed(
    db: AsyncSession, pupil: Pupil, session_id: int, index: int, at: datetime
) -> bool:
    """Return whether the problem at a position of a session was closed a moment ago."""
    passed = await queries.when_passed(db, pupil.id, session_id)
    if passed is None or passed[0] != index + 1:
        return False
    return at - passed[1] <= rules.TAPPED_TWICE_WITHIN


async def take_late(db: AsyncSession, pupil: Pupil, typed: str, at: datetime) -> Late | None:
    """Judge a text that came when no question was open; None where it is not the right answer.

    It is held against the problem that the pupil has last seen. One whose session ran out before
    it was closed is kept as solved; after the solution nothing changes.
    """
    last = await queries.last_asked(db, pupil.id)
    if last is None or last.is_solved:
        return None
    if grade_problem(typed, last.problem).outcome is not Outcome.CORRECT:
        return None
    if last.is_open:
        solved: ResponseChange = {
            "student_answer": _storable(typed),
            "is_correct": True,
            "attempts": last.attempts + 1,
            "last_verdict": Outcome.CORRECT,
            "closed_at": at,
            "content_version": last.problem.content_version,
        }
        await queries.save_response(db, last.session_id, last.problem.id, solved)
        await queries.add_right(db, last.session_id)
    return Late(last.problem, counts=last.is_open)


async def see_solution(db: AsyncSession, pupil: Pupil, response_id: int) -> ProblemCard:
    """Return a problem that the pupil has closed, with its solution.

    Raises:
        StaleAction: The response is not this pupil's, or the problem is still open.
    """
    problem = await queries.solution_of(db, pupil.id, response_id)
    if problem is None:
        raise StaleAction
    return problem


def repeats(result: Answered) -> bool:
    """Return whether an answer was only said again, and can be read well."""
    return result.reason in {rules.SENT_TWICE.reason, rules.SAME_AGAIN.reason}


def is_right(place: Place, text: str) -> bool:
    """Return whether a text is the answer to the current question, in any form."""
    return is_reached(grade_text(place, text))


def grade_text(place: Place, text: str) -> Verdict:
    """Return what the grader says to a text as an answer to the current question."""
    return grade_problem(text, place.problem)


def is_reached(verdict: Verdict) -> bool:
    """Return whether a verdict is that on the answer, in any form."""
    return verdict.outcome in {Outcome.CORRECT, Outcome.WRONG_FORM}


def example_for(place: Place) -> Example:
    """Return an answer of the kind that is wanted, and that is not the right one."""
    return next(one for one in examples(place.problem) if not is_right(place, one.text))


async def submit_answer(
    db: AsyncSession,
    pupil: Pupil,
    place: Place,
    typed: str,
    at: datetime,
    *,
    tapped: bool = False,
    graded: Verdict | None = None,
) -> Answered:
    """Judge an answer to the current question and move on where it is closed.

    Args:
        db: The open transaction, holding the pupil's lock.
        pupil: Who answers.
        place: Where the pupil is.
        typed: What was typed or tapped, of any length.
        at: When the pupil sent it, aware.
        tapped: Whether it came from a button, which belongs to this question.
        graded: What `grade_text` said of it, where it was asked already.

    Returns:
        The verdict and what follows it.
    """
    problem, opened = place.problem, place.opened
    graded = graded or grade_text(place, typed)
    verdict = await _judge(db, place, typed, at, graded, tapped=tapped)
    step = rules.after_verdict(verdict.outcome, opened.attempts)
    asks = step.is_correct and rules.asks_confidence(place.seed, place.index)
    mistake = diagnose(typed, problem) if verdict.outcome is Outcome.WRONG else None
    attempt = _attempt(place, verdict, typed, mistake, at)
    response = _judged(place, step, attempt, mistake, asks=asks)
    if step.closed:
        solved = step.is_correct
        closed = await _close(
            db, pupil, place, at, response, solved=solved, pauses=not solved, attempt=attempt
        )
    else:
        response_id = await _keep_open(db, place, verdict, response, attempt)
        same = _question(place, place.index, problem, step.attempts, opened.hints_used)
        closed = _After(response_id, same, None)
    noticed = await _notice(db, pupil, place, mistake, at, closed=step.closed)
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
        noticed=noticed,
        asks_confidence=asks,
        next=closed.following,
        summary=closed.summary,
    )


def _judged(
    place: Place, step: rules.NextStep, attempt: AttemptRow, mistake: Mistake | None, *, asks: bool
) -> ResponseChange:
    """Return the columns of a response that a judged text changes."""
    return {
        "student_answer": attempt["typed"],
        "is_correct": step.is_correct,
        "attempts": step.attempts,
        "last_verdict": attempt["verdict"],
        "misconception": mistake.name if mistake else None,
        "asked_confidence": asks,
        "content_version": place.problem.content_version,
        **_naming(place.opened, step, mistake),
    }


async def _notice(
    db: AsyncSession,
    pupil: Pupil,
    place: Place,
    mistake: Mistake | None,
    at: datetime,
    *,
    closed: bool,
) -> Noticed | None:
    """Return what to say of a mistake that came again and again; asked for named ones only.

    A lesson that would give the answer of the open problem away waits for another time.
    """
    if mistake is None or mistake.id is None:
        return None
    noticed = await patterns.notice(db, pupil.id, mistake.id)
    if noticed is None or (not closed and _gives_away(noticed, place.problem)):
        return None
    await patterns.note_told(db, pupil.id, noticed, at)
    return noticed


def _gives_away(noticed: Noticed, problem: ProblemCard) -> bool:
    return any(
        contains_answer(text.in_(language), problem, language)
        for text in (noticed.name, noticed.lesson)
        for language in Language
    )


async def _judge(
    db: AsyncSession, place: Place, typed: str, at: datetime, verdict: Verdict, *, tapped: bool
) -> Verdict:
    """Return the verdict on an answer; what came twice or holds the right number costs no try."""
    if is_reached(verdict):
        return verdict
    if not tapped and await _came_twice(db, place, typed, at):
        return rules.SENT_TWICE
    if verdict.outcome is Outcome.UNREADABLE:
        return verdict
    if await _is_same_again(db, place, typed):
        return rules.SAME_AGAIN
    return near_miss(typed, place.problem) or verdict


async def _came_twice(db: AsyncSession, place: Place, typed: str, at: datetime) -> bool:
    """Return whether an answer is the right one to the question before, sent once more."""
    fresh = place.opened.attempts == 0 and at - place.shown_at <= rules.SENT_TWICE_WITHIN
    if place.index == 0 or not fresh:
        return False
    before = place.problem_ids[place.index - 1]
    return await queries.right_answer_to(db, place.session_id, before) == _storable(typed)


async def _is_same_again(db: AsyncSession, place: Place, typed: str) -> bool:
    """Return whether a wrong answer was given before, perhaps written in another way."""
    opened = place.opened
    if opened.response_id is None or not opened.attempts:
        return False
    before = {opened.last_wrong or ""}
    if opened.attempts > 1:
        before |= await queries.wrong_answers(db, opened.response_id)
    key, said = normalise_key(typed, place.problem), _storable(typed).strip()
    return any(
        said == one.strip() or (key is not None and key == normalise_key(one, place.problem))
        for one in before
    )


async def skip(db: AsyncSession, pupil: Pupil, place: Place, at: datetime) -> Skipped:
    """Close the current problem unsolved and move on."""
    skipped: ResponseChange = {"skipped": True}
    _, following, summary = await _close(db, pupil, place, at, skipped, solved=False, pauses=True)
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
    """Record that the pupil thinks a refused answer was right.

    Args:
        db: The open transaction, holding the pupil's lock.
        pupil: Who says so.
        response_id: The response.
        attempt: Which attempt is meant.
        at: When, aware.

    Raises:
        StaleAction: The response is not this pupil's, or there was no such wrong attempt.
        DoneAlready: It is recorded already.
    """
    response = await queries.own_response(db, pupil.id, response_id)
    if response is None or not 0 < attempt <= response.attempts:
        raise StaleAction
    if attempt == response.attempts and response.last_verdict == Outcome.CORRECT:
        raise StaleAction
    typed = await _typed_at(db, response, attempt)
    if typed is None:
        return Disputed.TOO_LATE
    if not await disputes.add(db, response_id, attempt, typed, at):
        raise DoneAlready
    return Disputed.KEPT


async def _typed_at(db: AsyncSession, response: OwnResponse, attempt: int) -> str | None:
    """Return what was typed at an attempt; None where it was not kept yet."""
    if attempt == response.attempts:
        return response.student_answer or ""
    return await queries.wrong_answer(db, response.id, attempt)


async def settle_dispute(
    db: AsyncSession, dispute_id: int, *, accepted: bool, actor: str, at: datetime
) -> DisputeDecision:
    """Decide whether an answer that a pupil defends was right, and have the pupil told.

    An accepted one counts as if it had been called right at once: in the response, in the session
    and in the streak. What is decided stays: the first decision is kept, and told once.

    Args:
        db: The open transaction.
        dispute_id: Which dispute.
        accepted: Whether the answer was right.
        actor: Who decides, as in the audit.
        at: When, aware.

    Returns:
        What is decided, perhaps by somebody else before.

    Raises:
        NoSuchDispute: There is none of that number, or it went with its pupil.
    """
    student_id = await disputes.student_of(db, dispute_id)
    pupil = await accounts.find_student(db, student_id) if student_id else None
    found = await disputes.find(db, dispute_id) if pupil else None
    if pupil is None or found is None:
        raise NoSuchDispute(f"there is no dispute {dispute_id}")
    if found.decision is not None:
        return found.decision
    decision = DisputeDecision.ACCEPTED if accepted else DisputeDecision.DECLINED
    await disputes.decide(db, dispute_id, decision, actor, at)
    if accepted and not found.is_solved:
        right = RightAfterAll(
            response_id=found.response_id,
            session_id=found.session_id,
            attempt=found.attempt,
            given_at=found.raised_at,
            was_skipped=found.was_skipped,
            closed_at=found.closed_at,
        )
        await count_as_right(db, pupil, right, at)
    detail = {"decision": decision, "response": found.response_id}
    audit.note(db, AuditAction.SETTLE, ("dispute", dispute_id), actor=actor, at=at, detail=detail)
    await _have_told(db, pupil, dispute_id, at)
    return decision


class RightAfterAll(NamedTuple):
    """An answer that was called wrong and is right.

    Attributes:
        response_id: Of the response.
        session_id: Of its session.
        attempt: Which answer that counted it was.
        given_at: When it was given or defended; an open response is closed at that instant.
        was_skipped: Whether the problem was skipped in the end.
        closed_at: When it was closed; None while it is open.
    """

    response_id: int
    session_id: int
    attempt: int
    given_at: datetime
    was_skipped: bool
    closed_at: datetime | None


async def count_as_right(
    db: AsyncSession, pupil: Pupil, found: RightAfterAll, at: datetime
) -> None:
    """Correct the response, its session, what is known of the pupil, and the streak.

    Args:
        db: The open transaction, holding the pupil's lock.
        pupil: Whose it is.
        found: What is right; its response must not be solved.
        at: When, aware.
    """
    added = await mastery.added_by(db, pupil.id)
    right: ResponseChange = {
        "is_correct": True,
        "skipped": False,
        "last_verdict": Outcome.CORRECT,
        "misconception": None,
    }
    await queries.mark_right(db, found.response_id, found.attempt)
    place = await queries.active_place(db, pupil.id)
    if place is not None and place.opened.response_id == found.response_id:
        await _close(db, pupil, place, at, right, solved=True, pauses=True)
        return
    if found.closed_at is None:
        right["closed_at"] = found.given_at
    await queries.update_response(db, found.response_id, **right)
    await queries.add_right(db, found.session_id)
    await mastery.correct(db, pupil.id, added, at)
    if found.was_skipped:
        await streaks.correct(db, pupil.id)
        await nudges.reschedule(db, pupil.id, at)


async def _have_told(db: AsyncSession, pupil: Pupil, dispute_id: int, at: datetime) -> None:
    """Put into the outbox what the pupil is told, for the next hour in which it disturbs nobody."""
    due_at = next_waking(at, pupil.timezone)
    entry = Entry(
        OutboxKind.SETTLED,
        subject=str(dispute_id),
        local_day=local_day(due_at, pupil.timezone),
        due_at=due_at,
        expires_at=due_at + NEWS_EXPIRES_AFTER,
    )
    await outbox.add(db, [pupil.id], entry)
    await outbox.send_soon(db)


async def defended_answers(
    db: AsyncSession, *, most: int, settled: bool = False, only: int | None = None
) -> list[DefendedAnswer]:
    """Return answers that pupils think were right, without who gave them, the latest first.

    Args:
        db: The open transaction.
        most: So many at most.
        settled: Whether those that are decided are among them.
        only: The id of the only dispute that is wanted.
    """
    return await disputes.list_defended(db, most=most, settled=settled, only=only)


async def untold_disputes(db: AsyncSession) -> NewDisputes | None:
    """Return the disputes of which the operators have not heard; None when there is none."""
    found = await disputes.untold(db, MOST_TOLD_AT_ONCE)
    ids, problems = [one for one, _ in found], dict.fromkeys(problem for _, problem in found)
    return NewDisputes(ids, list(problems)) if ids else None


async def note_told(db: AsyncSession, new: NewDisputes, at: datetime) -> None:
    """Keep that the operators have heard of disputes."""
    await disputes.note_told(db, new.ids, at)


async def has_practised_on_day_of(db: AsyncSession, pupil: Pupil, at: datetime) -> bool:
    """Return whether the local day of an instant counts for the pupil's streak already."""
    return await streaks.has_practised(db, pupil.id, at, pupil.timezone)


async def topics(db: AsyncSession, pupil: Pupil) -> list[str]:
    """Return the topics of a registered pupil's grade."""
    return await queries.topics(db, pupil.required_grade)


async def why(db: AsyncSession, telegram_id: int) -> tuple[datetime, list[Chosen]]:
    """Return when the pupil of an account last began a session, and why it has its problems.

    Raises:
        NotRegistered: There is no such pupil, or they have begun none.
    """
    found = await queries.latest_choice(db, telegram_id)
    if found is None:
        raise NotRegistered(f"no pupil of the Telegram account {telegram_id} has begun a session")
    started_at, ids, picks = found
    problems = await queries.described(db, ids)
    kept = picks or [{}] * len(ids)
    chosen = [
        Chosen(problems[problem_id], pick.get("slot"), pick.get("passed_over", []))
        for problem_id, pick in zip(ids, kept, strict=True)
    ]
    return started_at, chosen


async def progress(db: AsyncSession, pupil: Pupil, now: datetime) -> Progress:
    """Sum up what a registered pupil has done and can do."""
    today = local_day(now, pupil.timezone)
    streak, alive = await streaks.standing(db, pupil.id, now, pupil.timezone)
    of_grade = await queries.subtopics(db, pupil.required_grade)
    practised = await queries.practised_topics(db, pupil.id)
    return Progress(
        *await queries.totals(db, pupil.id),
        today=today,
        days=await queries.practised_days(db, pupil.id, today - PROGRESS_SPAN),
        streak=streak,
        alive=alive,
        topics=await mastery.standing(db, pupil.id, of_grade, today, practised),
    )


async def unexpired(db: AsyncSession, place: Place | None, now: datetime) -> Place | None:
    """Return the place while its session lasts; note that it is over otherwise."""
    if place is None or now < place.expires_at:
        return place
    await queries.update_session(db, place.session_id, status=SessionStatus.EXPIRED)
    return None


async def begin(
    db: AsyncSession,
    pupil: Pupil,
    now: datetime,
    *,
    missed_opens: bool = False,
    opens_with: rules.Candidate | None = None,
) -> Question:
    """Open a session where none is active, and return its first question.

    Args:
        db: The open transaction, holding the pupil's lock.
        pupil: A registered pupil.
        now: The current instant.
        missed_opens: Whether it opens with what was missed.
        opens_with: The problem with which it opens, because the pupil asked for it.

    Raises:
        NoProblems: The library has fewer than five active problems for the grade.
    """
    grade = pupil.required_grade
    candidates = await queries.candidates(db, grade)
    if len(candidates) < rules.PROBLEMS_IN_SESSION:
        raise NoProblems(f"grade {grade} has {len(candidates)} active problems")
    # Those of sessions that ran out.
    await mastery.count_in(db, pupil.id, now)
    day = local_day(now, pupil.timezone)
    ordinal = await queries.count_sessions(db, pupil.id)
    seed = rules.session_seed(pupil.id, day, ordinal)
    past = await queries.past_answers(db, pupil.id)
    wanted = await mastery.wanted(db, pupil.id, day)
    picks = choosing.choose(candidates, past, now=now, seed=seed, wanted=wanted)
    picks = await _with_check(db, pupil, candidates, picks, now)
    if missed_opens:
        picks = choosing.missed_first(picks)
    if opens_with is not None:
        picks = choosing.opened_by(picks, opens_with)
    await queries.open_session(
        db,
        student_id=pupil.id,
        date=day,
        timezone=pupil.timezone,
        **choosing.as_columns(picks),
        seed=seed,
        started_at=now,
        shown_at=now,
        expires_at=now + rules.SESSION_LIFETIME,
    )
    await nudges.reschedule(db, pupil.id, now)
    place = await queries.active_place(db, pupil.id)
    assert place is not None
    return current_question(place)


async def _with_check(
    db: AsyncSession,
    pupil: Pupil,
    candidates: Sequence[rules.Candidate],
    picks: list[Pick],
    now: datetime,
) -> list[Pick]:
    """Give one of five places to a problem that looks at a mistake which the pupil was told of."""
    check = await patterns.choose_check(db, pupil.id, pupil.required_grade, now)
    if check is None:
        return picks
    return choosing.with_check(picks, check, {one.id: one for one in candidates})


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
    pauses: bool,
    attempt: AttemptRow | None = None,
) -> _After:
    """Close the current problem; move to the next one, or finish the session after the last.

    Args:
        db: The open transaction.
        pupil: Whose it is.
        place: Where they are.
        at: When it is closed.
        response: What else to keep of it.
        solved: Whether it was solved.
        pauses: Whether the next question waits until the pupil asks for it.
        attempt: The answer that closes it, if one does.
    """
    response = {**response, **_closing(place, at)}
    index, correct = place.index + 1, place.problems_correct + solved
    moved: dict[str, object] = (
        {
            "current_index": index,
            "problems_correct": correct,
            "shown_at": max(at, place.shown_at),
            "is_paused": pauses,
        }
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
    await mastery.count_in(db, pupil.id, at)
    await nudges.reschedule(db, pupil.id, at)
    unsolved = {problem.id: problem.topic for problem in done if not problem.is_correct}
    topics = dict.fromkeys(unsolved[p] for p in place.problem_ids if p in unsolved)
    gone = await patterns.after_session(db, pupil.id, place.session_id, at)
    today = local_day(at, pupil.timezone)
    return Summary(
        correct=correct,
        total=len(place.problem_ids),
        seconds=seconds,
        streak=step,
        review_topics=list(topics),
        gone=gone,
        day=today,
        grade=pupil.grade,
        tomorrow=await _tomorrow(db, pupil, today),
    )


async def _tomorrow(db: AsyncSession, pupil: Pupil, today: date) -> Tomorrow:
    """Return what a session on the next day would bring."""
    wanted = await mastery.wanted(db, pupil.id, today + timedelta(days=1))
    if wanted.wish is not None:
        return Tomorrow(wish=wanted.wish)
    due = dict.fromkeys(topic for topic, _ in wanted.due)
    return Tomorrow(min(len(wanted.missed), choosing.MOST_MISSED), list(due)[:1])


def _question(
    place: Place, index: int, problem: ProblemCard, attempts: int, hints_used: int
) -> Question:
    total = len(place.problem_ids)
    is_stretch = index == place.stretch_index
    return Question(place.session_id, index + 1, total, problem, attempts, hints_used, is_stretch)


def _naming(opened: Opened, step: rules.NextStep, mistake: Mistake | None) -> ResponseChange:
    """Return the column that counts a named mistake as a hint for this answer."""
    if mistake is None or step.closed:
        return {}
    number = min(opened.hints_used + 1, rules.LADDER_STEPS)
    shown = {"step": number, "source": "misconception", "attempt": step.attempts}
    return {"hints_viewed": [*opened.hints_viewed, shown]}


def _attempt(
    place: Place, verdict: Verdict, typed: str, mistake: Mistake | None, at: datetime
) -> AttemptRow:
    """Return the row of a judged text."""
    return {
        "number": place.opened.attempts + 1,
        "typed": _storable(typed),
        "verdict": verdict.outcome,
        "misconception": mistake.name if mistake else None,
        "misconception_id": mistake.id if mistake else None,
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
