"""What the teachers of a class see, and each of its pupils of themself: the same figures.

All of it is computed from the rows when somebody looks; nothing of it is stored. A number carries
its window. Who is in the class counts, whether they practised or not.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from src import audit
from src.clock import local_day
from src.errors import NoSuchClass
from src.insights.flags import Flag, PupilRecord, analyze_at_risk_students, topic_offsets
from src.insights.practice import PracticeAnswer
from src.language import Bilingual
from src.models import AuditAction, DisputeDecision
from src.practice import service as practice
from src.teaching import report_queries as queries
from src.teaching.report_queries import AnswerRow, DisputeRow, MemberRow, MistakeRow, View
from src.teaching.results import ClassCard, Visitor
from src.teaching.service import class_of

TABLE_DAYS = 28
"""Over so many local days the table counts, today included."""
WEEK_DAYS = 7
"""Over so many days what to teach tomorrow is looked for."""
FLAG_DAYS = 28
"""So many days of answers flags are computed from, or a dozen sessions where these are fewer."""
MOST_HARD = 3
MOST_MISTAKES = 3
MOST_DISPUTES = 100
ANSWERS_A_PAGE = 25
LEAST_ASKED = 8
"""A topic with fewer answers in a week says nothing of the class."""
HARD = 0.6
LEAST_FOR_HOLIDAY = 10
"""In a class of so many, a day on which nobody practised is no school day."""
ONE_LOOK = timedelta(hours=1)


@dataclass(slots=True)
class Figures:
    """What a pupil did in a topic, or in all.

    Attributes:
        asked: Problems that were answered or closed.
        alone: Of them, right at the first try and without any help.
        solved: Of them, right in the end.
        hints: Steps of the ladder.
        last_day: The pupil's last local day with one of them; None without any.
    """

    asked: int = 0
    alone: int = 0
    solved: int = 0
    hints: int = 0
    last_day: date | None = None

    @property
    def share(self) -> int | None:
        """How many of a hundred were right alone; None where nothing was asked."""
        return round(100 * self.alone / self.asked) if self.asked else None

    def add(self, row: AnswerRow, day: date) -> None:
        """Count a problem."""
        self.asked += 1
        self.alone += is_alone(row)
        self.solved += row.is_correct
        self.hints += row.hints_used
        self.last_day = max(day, self.last_day or day)


@dataclass(frozen=True, slots=True)
class MemberFigures:
    """A pupil of a class with what they did in the window.

    Attributes:
        id: Of the pupil.
        member_id: Of the membership.
        name: The first name.
        label: The teachers' own name for them; may be empty.
        today: Their local day.
        all: Over all topics.
        topics: By topic.
        opened: Problems that were looked at and never answered.
    """

    id: int
    member_id: int
    name: str
    label: str
    today: date
    all: Figures
    topics: Mapping[str, Figures]
    opened: int


@dataclass(frozen=True, slots=True)
class HardTopic:
    """A topic that was hard for the class in the last week.

    Attributes:
        topic: Which.
        figures: Of the class.
        pupils: How many were asked.
    """

    topic: str
    figures: Figures
    pupils: int


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """A problem as a teacher sees it.

    Attributes:
        id: Of the problem.
        topic: Its topic.
        question: In both languages.
        answer: As it is stored.
        choices: In each language, in the order of their letters; empty without any.
        solution: In both languages.
        has_figure: Whether a picture belongs to it.
    """

    id: int
    topic: str
    question: Bilingual
    answer: str
    choices: Mapping[str, Sequence[str]]
    solution: Bilingual
    has_figure: bool


@dataclass(frozen=True, slots=True)
class CommonMistake:
    """A named mistake that several made in the last week.

    Attributes:
        says: What it is.
        pupils: Who made it.
        times: How often.
        problem: One of the problems, with the numbers that the latest of them had.
        typed: What was typed there.
    """

    says: Bilingual
    pupils: Sequence[MemberFigures]
    times: int
    problem: ShownProblem
    typed: str


@dataclass(frozen=True, slots=True)
class OpenDispute:
    """An answer that a pupil defends.

    Attributes:
        id: Of the dispute.
        pupil: Who.
        typed: What they typed.
        day: The pupil's local day on which they said so.
        problem: The problem.
    """

    id: int
    pupil: MemberFigures
    typed: str
    day: date
    problem: ShownProblem


@dataclass(frozen=True, slots=True)
class ClassReport:
    """The page of a class.

    Attributes:
        card: The class.
        members: Its pupils by name, also those who did nothing.
        flags: Who needs a word, the gravest first.
        too_little: Of whom nothing can be said yet.
        hard: Topics to teach again, the hardest first.
        mistakes: The most common named ones.
        disputes: The oldest first.
        topics: In which anything was asked in the window.
        since: The first day of the window, for who lives where the first pupil does.
        until: Its last day.
        at: When it was computed.
    """

    card: ClassCard
    members: Sequence[MemberFigures]
    flags: Sequence[Flag]
    too_little: Sequence[MemberFigures]
    hard: Sequence[HardTopic]
    mistakes: Sequence[CommonMistake]
    disputes: Sequence[OpenDispute]
    topics: Sequence[str]
    since: date
    until: date
    at: datetime

    def member(self, student_id: int) -> MemberFigures:
        """Return a pupil of the class.

        Raises:
            NoSuchClass: They are not in it.
        """
        for one in self.members:
            if one.id == student_id:
                return one
        raise NoSuchClass

    def flags_of(self, student_id: int) -> list[Flag]:
        """Return the flags of a pupil."""
        return [flag for flag in self.flags if flag.pupil == str(student_id)]


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """A problem of a pupil, as the pupil met it and as it ended.

    Attributes:
        id: Of the response.
        day: The pupil's local day.
        at: When it was closed, or shown.
        problem: The problem.
        tries: What was typed, each with its verdict, in order.
        state: ``alone``, ``solved``, ``missed``, ``skipped``, ``tried`` or ``opened``.
        hints: Steps of the ladder.
        seconds: From seeing it to the end; None while it is open.
    """

    id: int
    day: date
    at: datetime
    problem: ShownProblem
    tries: Sequence[tuple[str, str]]
    state: str
    hints: int
    seconds: int | None


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """What a teacher wrote about a pupil, who can read it."""

    id: int
    text: str
    at: datetime
    teacher: str


@dataclass(frozen=True, slots=True)
class PupilReport:
    """What is seen of one pupil.

    Attributes:
        member: Their figures.
        flags: Why to talk to them.
        knows_too_little: Whether nothing can be said yet.
        notes: What teachers wrote.
        answers: The latest first.
        next_before: What to ask for to see older ones; None at the end.
        card: The class.
        since: The first day of the window.
    """

    member: MemberFigures
    flags: Sequence[Flag]
    knows_too_little: bool
    notes: Sequence[WrittenNote]
    answers: Sequence[GivenAnswer]
    next_before: int | None
    card: ClassCard
    since: date


def in_turn(flags: Iterable[Flag]) -> list[Flag]:
    """Return flags with their kinds taking turns, and each pupil once before any comes again.

    Who is stuck and who stays away need different words: neither pushes the other off the page.
    """
    kinds: dict[str, list[Flag]] = {}
    for flag in flags:
        kinds.setdefault(flag.kind, []).append(flag)
    mixed = [flag for turn in zip_longest(*kinds.values()) for flag in turn if flag is not None]
    first: dict[str, Flag] = {}
    for flag in mixed:
        first.setdefault(flag.pupil, flag)
    return [*first.values(), *(flag for flag in mixed if first[flag.pupil] is not flag)]


def counts(row: AnswerRow) -> bool:
    """Return whether a problem says anything: it was closed, or tried and left.

    One that was only looked at counts for nothing.
    """
    return row.is_closed or row.attempts > 0


def is_alone(row: AnswerRow) -> bool:
    """Return whether a problem was right at the first try and without any help."""
    return row.is_correct and row.attempts == 1 and not row.hints_used and not row.with_steps


async def class_report(
    db: AsyncSession, teacher_id: int, class_id: int, now: datetime
) -> ClassReport:
    """Return the page of a class for one of its teachers.

    Raises:
        NoSuchClass: It is not theirs.
    """
    card = await class_of(db, teacher_id, class_id)
    return await _review(db, View(class_id, teacher_id), card, now)


@dataclass(slots=True)
class _Read:
    """What was read of a class, and what follows of it."""

    members: list[MemberRow]
    answers: list[AnswerRow]
    disputes: list[DisputeRow]
    now: datetime
    by_pupil: dict[int, list[AnswerRow]] = field(default_factory=lambda: defaultdict(list))
    zones: dict[int, str] = field(default_factory=dict)
    todays: dict[int, date] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.zones = {row.student_id: row.timezone for row in self.members}
        self.todays = {one: local_day(self.now, zone) for one, zone in self.zones.items()}
        for row in self.answers:
            self.by_pupil[row.student_id].append(row)


async def _review(db: AsyncSession, view: View, card: ClassCard, now: datetime) -> ClassReport:
    read = await _read(db, view, now)
    people = [_figures(row, read) for row in read.members]
    records = [_record(row, read) for row in read.members]
    found = analyze_at_risk_students(records, now, _idle(read), topic_offsets(records))
    flags = in_turn(found.flags)
    unknown = set(found.too_little_data)
    week_ago = now - timedelta(days=WEEK_DAYS)
    weekly = await queries.mistakes(db, view, list(read.zones), week_ago)
    common = _common(weekly)
    shown = await _problems(db, [*(d.problem_id for d in read.disputes), *_examples(common)])
    named = await queries.misconceptions(db, [row.misconception_id or "" for row, _ in common])
    by_id = {one.id: one for one in people}
    until = people[0].today if people else now.date()
    return ClassReport(
        card=card,
        members=people,
        flags=flags,
        too_little=[one for one in people if str(one.id) in unknown],
        hard=_hard(read),
        mistakes=[_mistake(rows, by_id, shown, named) for _, rows in common],
        disputes=[_dispute(row, read, by_id, shown) for row in read.disputes],
        topics=sorted({topic for one in people for topic in one.topics}),
        since=until - timedelta(days=TABLE_DAYS - 1),
        until=until,
        at=now,
    )


async def _read(db: AsyncSession, view: View, now: datetime) -> _Read:
    since = now - timedelta(days=FLAG_DAYS)
    members = await queries.members(db, view)
    return _Read(
        members,
        await queries.answers(db, view, [row.student_id for row in members], since),
        await queries.open_disputes(db, view, MOST_DISPUTES),
        now,
    )


def _figures(row: MemberRow, read: _Read) -> MemberFigures:
    """Sum a pupil up over the window."""
    today = read.todays[row.student_id]
    first = today - timedelta(days=TABLE_DAYS - 1)
    everything, topics, opened = Figures(), dict[str, Figures](), 0
    for answer in read.by_pupil[row.student_id]:
        if answer.day < first:
            continue
        if not counts(answer):
            opened += 1
            continue
        # A clock that ran ahead: what was done cannot be later than today.
        day = min(answer.day, today)
        everything.add(answer, day)
        topics.setdefault(answer.topic, Figures()).add(answer, day)
    name = row.name or "?"
    return MemberFigures(
        row.student_id, row.member_id, name, row.label, today, everything, topics, opened
    )


def _record(row: MemberRow, read: _Read) -> PupilRecord:
    zone = ZoneInfo(row.timezone)
    mine = [dispute for dispute in read.disputes if dispute.student_id == row.student_id]
    raised = [dispute.raised_at.astimezone(zone).date() for dispute in mine]
    answers = [_practised(a, zone) for a in read.by_pupil[row.student_id] if counts(a)]
    return PupilRecord(str(row.student_id), answers, len(mine), raised[0] if raised else None)


def _practised(row: AnswerRow, zone: ZoneInfo) -> PracticeAnswer:
    at = row.at.astimezone(zone)
    return PracticeAnswer(at, row.topic, row.problem_id, is_alone(row), row.hints_used, row.seconds)


def _idle(read: _Read) -> frozenset[date]:
    """Return the days on which nobody of a class practised: holidays are no absence."""
    if len(read.members) < LEAST_FOR_HOLIDAY:
        return frozenset()
    busy = {row.day for row in read.answers if counts(row)}
    today = read.now.date()
    days = {today - timedelta(days=n) for n in range(1, FLAG_DAYS)}
    return frozenset(days - busy)


def _hard(read: _Read) -> list[HardTopic]:
    """Return the topics in which the fewest were right alone in the last week."""
    week_ago = {one: today - timedelta(days=WEEK_DAYS) for one, today in read.todays.items()}
    topics: dict[str, Figures] = defaultdict(Figures)
    pupils: dict[str, set[int]] = defaultdict(set)
    for row in read.answers:
        if row.day > week_ago[row.student_id] and counts(row):
            topics[row.topic].add(row, row.day)
            pupils[row.topic].add(row.student_id)
    hard = [
        HardTopic(topic, figures, len(pupils[topic]))
        for topic, figures in topics.items()
        if figures.asked >= LEAST_ASKED and figures.alone < HARD * figures.asked
    ]
    return sorted(hard, key=lambda one: one.figures.alone / one.figures.asked)[:MOST_HARD]


_Common = list[tuple[MistakeRow, list[MistakeRow]]]


def _common(rows: Iterable[MistakeRow]) -> _Common:
    """Return the mistakes that most pupils made, with the latest of each first.

    What is behind it names a mistake; where that is not known, it is one of a family of problems.
    """
    groups: dict[str, list[MistakeRow]] = defaultdict(list)
    for row in rows:
        groups[row.misconception_id or f"{row.family}/{row.misconception}"].append(row)
    ranked = sorted(
        groups.values(), key=lambda made: (-len({one.student_id for one in made}), -len(made))
    )
    return [(made[0], made) for made in ranked[:MOST_MISTAKES]]


def _examples(common: _Common) -> list[int]:
    return [row.problem_id for row, _ in common]


def _mistake(
    rows: Sequence[MistakeRow],
    people: Mapping[int, MemberFigures],
    shown: Mapping[int, tuple[ShownProblem, Any]],
    named: Mapping[str, Any],
) -> CommonMistake:
    latest = rows[0]
    problem, stored = shown[latest.problem_id]
    behind = named.get(latest.misconception_id or "")
    if behind is not None:
        says = Bilingual(behind.name_en, behind.name_bn)
    else:
        says = _sentence(latest.misconception, stored.misconceptions)
    who = [one for one in people.values() if one.id in {row.student_id for row in rows}]
    return CommonMistake(says, who, len(rows), problem, latest.typed)


def _sentence(name: str, misconceptions: Sequence[Mapping[str, str]]) -> Bilingual:
    """Return what a problem says to a mistake; its readable name where it says nothing any more."""
    for one in misconceptions:
        if one.get("name") == name:
            return Bilingual(one["en"], one["bn"])
    plain = name.replace("_", " ")
    return Bilingual(plain, plain)


def _dispute(
    row: DisputeRow,
    read: _Read,
    people: Mapping[int, MemberFigures],
    shown: Mapping[int, tuple[ShownProblem, Any]],
) -> OpenDispute:
    problem, _ = shown[row.problem_id]
    day = local_day(row.raised_at, read.zones[row.student_id])
    return OpenDispute(row.id, people[row.student_id], row.typed, day, problem)


async def _problems(db: AsyncSession, ids: Sequence[int]) -> dict[int, tuple[ShownProblem, Any]]:
    return {key: (_shown(row), row) for key, row in (await queries.problems(db, ids)).items()}


def _shown(row: Any) -> ShownProblem:
    return ShownProblem(
        row.id,
        row.topic,
        Bilingual(row.question_en, row.question_bn),
        row.answer,
        row.choices or {},
        Bilingual(row.solution_en or "", row.solution_bn or ""),
        bool(row.figure),
    )


async def pupil_report(
    db: AsyncSession,
    teacher_id: int,
    class_id: int,
    student_id: int,
    now: datetime,
    *,
    before: int | None = None,
) -> PupilReport:
    """Return what a teacher sees of a pupil of a class.

    Raises:
        NoSuchClass: The class is not theirs, or the pupil not in it.
    """
    report = await class_report(db, teacher_id, class_id, now)
    return await _pupil(db, View(class_id, teacher_id), report, student_id, before)


async def own_report(
    db: AsyncSession, student_id: int, class_id: int, now: datetime
) -> PupilReport:
    """Return what the teachers of a class see of a pupil, for the pupil: the same.

    Raises:
        NoSuchClass: The pupil is not in it.
    """
    teacher_id = await queries.first_teacher(db, class_id, student_id)
    if teacher_id is None:
        raise NoSuchClass
    return await pupil_report(db, teacher_id, class_id, student_id, now)


async def _pupil(
    db: AsyncSession, view: View, report: ClassReport, student_id: int, before: int | None
) -> PupilReport:
    member = report.member(student_id)
    rows = await queries.given(db, view, student_id, ANSWERS_A_PAGE + 1, before)
    page = rows[:ANSWERS_A_PAGE]
    typed = await queries.typed(db, [row.id for row in page])
    shown = await _problems(db, [row.problem_id for row in page])
    notes = [WrittenNote(*row) for row in await queries.notes(db, member.member_id)]
    return PupilReport(
        member=member,
        flags=report.flags_of(student_id),
        knows_too_little=member in report.too_little,
        notes=notes,
        answers=[_given(row, shown[row.problem_id][0], typed.get(row.id)) for row in page],
        next_before=page[-1].id if len(rows) > len(page) else None,
        card=report.card,
        since=member.today - timedelta(days=TABLE_DAYS - 1),
    )


def _given(
    row: queries.GivenRow, problem: ShownProblem, typed: Sequence[tuple[str, str]] | None
) -> GivenAnswer:
    kept = [(row.last_typed, "")] if row.last_typed else []
    return GivenAnswer(
        id=row.id,
        day=row.day,
        at=row.at,
        problem=problem,
        tries=typed if typed is not None else kept,
        state=_state(row),
        hints=row.hints_used,
        seconds=row.seconds if row.is_closed else None,
    )


def _state(row: queries.GivenRow) -> str:
    if row.is_correct:
        helped = row.attempts != 1 or row.hints_used or row.with_steps
        return "solved" if helped else "alone"
    if row.skipped:
        return "skipped"
    if row.is_closed:
        return "missed"
    return "tried" if row.attempts else "opened"


async def settle(
    db: AsyncSession,
    who: Visitor,
    class_id: int,
    dispute_id: int,
    now: datetime,
    *,
    accepted: bool,
) -> DisputeDecision:
    """Decide whether an answer that a pupil of a class defends was right; the pupil is told.

    Raises:
        NoSuchClass: The dispute is of nobody whom the teacher sees, or is settled.
    """
    view = View(class_id, who.teacher_id)
    if not await queries.open_disputes(db, view, 1, dispute_id):
        raise NoSuchClass
    actor = audit.person(who.person_id)
    return await practice.settle_dispute(db, dispute_id, accepted=accepted, actor=actor, at=now)


async def note_look(
    db: AsyncSession, who: Visitor, subject: tuple[str, int], now: datetime
) -> None:
    """Note that a teacher looked at a class or a pupil: once an hour for each."""
    actor = audit.person(who.person_id)
    if not await queries.has_looked(db, actor, subject, now - ONE_LOOK):
        audit.note(db, AuditAction.LOOK, subject, actor=actor, at=now)


def note_export(db: AsyncSession, who: Visitor, class_id: int, now: datetime, *, form: str) -> None:
    """Note that a teacher took a class away as a file."""
    actor, subject = audit.person(who.person_id), ("class", class_id)
    audit.note(db, AuditAction.EXPORT, subject, actor=actor, at=now, detail={"form": form})


async def figure_of(db: AsyncSession, problem_id: int) -> Mapping[str, Any]:
    """Return the picture of a problem as data.

    Raises:
        NoSuchClass: It has none, or there is no such problem.
    """
    row = (await queries.problems(db, [problem_id])).get(problem_id)
    if row is None or not row.figure:
        raise NoSuchClass
    figure: Mapping[str, Any] = row.figure
    return figure
