"""What the practice service hands to its callers: plain values, safe after the transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, NamedTuple, TypedDict

from src.answers import Mistake, Outcome
from src.language import Bilingual, Language
from src.mastery.memory import TopicStanding
from src.mastery.patterns import Noticed
from src.models import DisputeDecision
from src.streaks.rules import StreakState, StreakStep

NO_TEXT = Bilingual("", "")


@dataclass(frozen=True, slots=True)
class ProblemCard:
    """A problem as it is asked, judged and explained; satisfies `GradableProblem`."""

    id: int
    topic: str
    difficulty: int
    estimated_time_minutes: int
    question_en: str
    question_bn: str
    answer: str
    answer_type: str
    answer_options: Mapping[str, Any]
    choices: Mapping[str, Sequence[str]] | None
    hints: Sequence[Mapping[str, str]]
    misconceptions: Sequence[Mapping[str, str]]
    solution_en: str | None
    solution_bn: str | None
    figure: Mapping[str, Any] | None = None
    content_version: int = 1
    steps: Sequence[Mapping[str, Any]] | None = None
    stem: str | None = None
    part: int | None = None

    def question(self, language: Language) -> str:
        """Return the question in a language."""
        return Bilingual(self.question_en, self.question_bn).in_(language)

    def stem_and_part(self, language: Language) -> tuple[str, str]:
        """Return what all parts of a creative question share, and what this part asks."""
        shared, _, asked = self.question(language).rpartition("\n\n")
        return shared, asked

    def solution(self, language: Language) -> str:
        """Return the worked solution, or the bare answer where none is written."""
        return (
            Bilingual(self.solution_en or "", self.solution_bn or "").in_(language) or self.answer
        )

    def choice_texts(self, language: Language) -> Sequence[str]:
        """Return the texts of the choices in a language; empty for other answer types."""
        return self.choices[language] if self.choices else ()


@dataclass(frozen=True, slots=True)
class Opened:
    """The response of the current problem so far; empty before the first attempt or hint."""

    response_id: int | None = None
    attempts: int = 0
    hints_used: int = 0
    hints_viewed: Sequence[Mapping[str, Any]] = ()
    last_wrong: str | None = None
    step_at: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pupil is in an active session, with all that most updates need to know of it.

    Attributes:
        session_id: Id of the session row.
        index: Position of the current problem, 0..4.
        problem_ids: The five problems.
        problems_correct: Solved so far.
        seed: Seed of the session.
        started_at: Aware instant of the first question.
        shown_at: Aware instant at which the current question was shown.
        expires_at: Aware instant after which the session is over.
        is_paused: Whether a solution was shown, and the current question not yet.
        stretch_index: Which of the five is harder on purpose, if one is.
        problem: The current problem.
        opened: What was done with it so far.
        following: The next problem; None at the last.
    """

    session_id: int
    index: int
    problem_ids: Sequence[int]
    problems_correct: int
    seed: int
    started_at: datetime
    shown_at: datetime
    expires_at: datetime
    is_paused: bool
    stretch_index: int | None
    problem: ProblemCard
    opened: Opened
    following: ProblemCard | None


@dataclass(frozen=True, slots=True)
class Question:
    """The current question of a session.

    Attributes:
        session_id: Id of the session row.
        number: 1..5, as the pupil counts.
        total: How many there are.
        problem: What is asked.
        attempts: Wrong answers given so far.
        hints_used: Steps of the ladder shown so far, 0..3.
        is_stretch: Whether it is harder on purpose, which the pupil is told.
    """

    session_id: int
    number: int
    total: int
    problem: ProblemCard
    attempts: int = 0
    hints_used: int = 0
    is_stretch: bool = False


class ClosedProblem(NamedTuple):
    """A problem of a session that is over, as far as the end of the session cares.

    Attributes:
        id: The problem's id.
        topic: Its topic.
        is_correct: Whether it was solved.
        skipped: Whether it was closed without work.
        closed_at: Aware instant of the answer or skip that closed it.
        seconds: Time spent on it.
    """

    id: int
    topic: str
    is_correct: bool
    skipped: bool
    closed_at: datetime
    seconds: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The end of a session.

    Attributes:
        correct: Solved, 0..5.
        total: Problems in the session.
        seconds: Time spent on the five problems.
        streak: What the session did to the streak.
        review_topics: Topics of the problems that were not solved, in order, each once.
        gone: Names of mistakes that the pupil was told of and makes no more.
        day: The local day on which it was finished.
        grade: The pupil's.
        tomorrow: What waits.
    """

    correct: int
    total: int
    seconds: int
    streak: StreakStep
    review_topics: Sequence[str]
    gone: Sequence[Bilingual] = ()
    day: date | None = None
    grade: int | None = None
    tomorrow: "Tomorrow | None" = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one typed or tapped answer.

    Attributes:
        outcome: The grader's verdict.
        reason: The grader's reason code, for the words that explain the verdict.
        reading: What was read in the place of words or unusual signs, to be shown; None where
            nothing needs to be said.
        problem: The problem that was answered.
        response_id: Id of the response row.
        attempts: Which attempt at the problem this was, from 1; those not counted left out.
        attempts_left: How often the pupil may still try; 0 when the problem is closed.
        closed: Whether the problem is over.
        misconception: The named mistake that the answer matches, if any.
        noticed: What to say where that mistake came in several problems.
        asks_confidence: Whether to ask how sure the pupil was.
        next: The next question, or the same one when it is not closed; None at the end.
        summary: The end of the session, after its last problem.
    """

    outcome: Outcome
    reason: str | None
    problem: ProblemCard
    response_id: int | None
    attempts: int
    attempts_left: int
    closed: bool
    misconception: Mistake | None = None
    noticed: Noticed | None = None
    asks_confidence: bool = False
    reading: str | None = None
    next: Question | None = None
    summary: Summary | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """What came of skipping a problem."""

    problem: ProblemCard
    next: Question | None
    summary: Summary | None


class Described(NamedTuple):
    """A problem as operators know it."""

    external_id: str
    topic: str
    subtopic: str
    difficulty: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A problem of a session, and why it is there.

    Attributes:
        problem: The problem.
        slot: What chose it; None for a session of a version that did not keep it.
        passed_over: What would have been taken next in its place.
    """

    problem: Described
    slot: str | None
    passed_over: Sequence[str]


@dataclass(frozen=True, slots=True)
class LastAsked:
    """The problem of which a pupil has last seen the question.

    Attributes:
        session_id: Of its session, whatever became of that.
        attempts: Answers that counted so far.
        is_solved: Whether it was solved.
        is_open: Whether it was never closed: the session ran out.
        problem: The problem.
    """

    session_id: int
    attempts: int
    is_solved: bool
    is_open: bool
    problem: ProblemCard


@dataclass(frozen=True, slots=True)
class MissedProblem:
    """A problem that a pupil has missed, the last one of its family.

    Attributes:
        problem: The problem.
        missed_on: The local day of its session.
    """

    problem: ProblemCard
    missed_on: date


class TriedAgain(Enum):
    """When the variant of a missed problem comes that a pupil wants to try."""

    NOW = "now"
    NEXT = "next"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Late:
    """A right answer that came when its problem was over.

    Attributes:
        problem: The problem.
        counts: Whether it is kept as solved: nobody had shown the solution yet.
    """

    problem: ProblemCard
    counts: bool


class Disputed(Enum):
    """What came of "I think I was right"."""

    KEPT = "kept"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class DefendedAnswer:
    """An answer that was judged wrong and that its pupil defends; not who it was.

    Attributes:
        id: Of the dispute.
        problem: The external id of the problem.
        card: The problem.
        typed: What the pupil typed.
        raised_at: When the pupil said so, aware.
        decision: What a person decided, or None.
    """

    id: int
    problem: str
    card: ProblemCard
    typed: str
    raised_at: datetime
    decision: DisputeDecision | None


@dataclass(frozen=True, slots=True)
class DisputeNews:
    """What a pupil is told about an answer that they defended.

    Attributes:
        chat_id: The pupil's private chat.
        language: The person's.
        accepted: Whether the answer was right after all.
        typed: What the pupil typed.
        problem: The problem.
        is_open: Whether the pupil is still at it, so that the solution stays untold.
    """

    chat_id: int
    language: Language
    accepted: bool
    typed: str
    problem: ProblemCard
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class NewDisputes:
    """Disputes of which the operators have not heard.

    Attributes:
        ids: Of the disputes, oldest first.
        problems: The external ids of their problems, each once.
    """

    ids: Sequence[int]
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class HintShown:
    """A step of the hint ladder.

    Attributes:
        question: The current question, with this hint counted.
        step: 1..3; None when the ladder was already used up.
        text: The hint.
    """

    question: Question
    step: int | None
    text: Bilingual = NO_TEXT


@dataclass(frozen=True, slots=True)
class Progress:
    """What a pupil has done so far, and can do.

    Attributes:
        sessions: Finished sessions.
        problems: Closed problems.
        correct: Solved ones of them.
        today: The pupil's local day.
        days: Local days of the last four weeks with a closed problem.
        streak: The streak as it stands.
        alive: Whether it is alive.
        topics: Every topic of the pupil's grade, the weakest first.
    """

    sessions: int
    problems: int
    correct: int
    today: date
    days: Collection[date]
    streak: StreakState
    alive: bool
    topics: Sequence[TopicStanding]


@dataclass(frozen=True, slots=True)
class Tomorrow:
    """What the next session brings.

    Attributes:
        missed: How many that were missed come again.
        due: Topics of which one that is mastered is due for another look.
        wish: The topic of which all of them are, by the pupil's own wish.
    """

    missed: int = 0
    due: Sequence[str] = ()
    wish: str | None = None


class ResponseChange(TypedDict, total=False):
    """Columns of a response that a step of practice sets; those left out stay as they are."""

    student_answer: str
    is_correct: bool
    attempts: int
    last_verdict: Outcome
    misconception: str | None
    asked_confidence: bool
    hints_used: int
    hints_viewed: Sequence[Mapping[str, Any]]
    skipped: bool
    closed_at: datetime
    shown_at: datetime
    time_spent_seconds: int
    content_version: int
    step_at: int | None
    with_steps: bool


class AttemptRow(TypedDict):
    """Columns of an attempt, but for the response to which it belongs."""

    number: int
    typed: str
    verdict: Outcome
    misconception: str | None
    misconception_id: str | None
    hints_used: int
    seconds: int
    at: datetime
