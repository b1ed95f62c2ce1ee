"""What a pupil can do and has missed: closed problems are counted in, one after another.

Pure, and the same from the same problems in the same order: ``dars mastery verify`` counts all of
them in again and compares. Only a first try without help moves an estimate; a problem that is
skipped untried moves none, but is missed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from src.mastery.reviews import Review, after_review
from src.mastery.rules import (
    NEW_PUPIL,
    NEW_SKILL,
    Rating,
    Ratings,
    after_first_try,
    chance_of_right,
)

# Of the average, a new first try is so much (Pelanek and Rihak 2017: with a threshold it tells
# mastery as well as a model does).
NEWEST_WEIGHS = 0.35
UNKNOWN_AVERAGE = 0.5
MASTERED_FROM = 0.8
# A missed family comes again after so many sessions, and then after the last of them each time.
COMES_AGAIN_AFTER = (1, 3, 7)
# How hard problems of each difficulty are before anything is known of them, in logits: an average
# pupil gets 85, 70 and 50 % right.
LEVELS = {1: Rating(-1.73, 0.3), 2: Rating(-0.85, 0.3), 3: Rating(0.0, 0.3)}
MILLION = 1_000_000


class Word(StrEnum):
    """What a pupil can do in a sub-topic, in place of a number."""

    NEW = "new"
    GROWING = "growing"
    STRONG = "strong"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class ClosedTry:
    """A closed problem of a pupil.

    Attributes:
        session_id: Of its session.
        day: The local day on which the session was begun.
        problem_id: The problem.
        family: What it shares with its variants.
        topic: Its topic.
        subtopic: Its sub-topic.
        difficulty: 1, 2 or 3.
        first_right: Whether the first try was right without help; None where nothing was tried.
        is_solved: Whether it was solved in the end.
        had_help: Whether a hint was shown.
    """

    session_id: int
    day: date
    problem_id: int
    family: str
    topic: str
    subtopic: str
    difficulty: int
    first_right: bool | None
    is_solved: bool
    had_help: bool


@dataclass(frozen=True, slots=True)
class Skill:
    """What is believed of a pupil in a sub-topic; the columns of ``skill_states``."""

    rating: Rating = NEW_SKILL
    average: float = UNKNOWN_AVERAGE
    answers: int = 0
    strong_on: date | None = None
    mastered_on: date | None = None
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """A family that was missed; the columns of ``missed_families``.

    Attributes:
        problem_id: The problem of it that was missed last.
        misses: How often in a row.
        next_session: Number of the session from which on it comes again; None once it was solved.
    """

    problem_id: int
    misses: int
    next_session: int | None


@dataclass(frozen=True, slots=True)
class Sums:
    """What first tries add to a problem; the columns of ``problem_ratings``."""

    answers: int = 0
    right: int = 0
    expected: int = 0
    information: int = 0

    def plus(self, other: "Sums", times: int = 1) -> "Sums":
        """Return the sums with others added, or taken away when `times` is -1."""
        return Sums(
            self.answers + times * other.answers,
            self.right + times * other.right,
            self.expected + times * other.expected,
            self.information + times * other.information,
        )


@dataclass(slots=True)
class Memory:
    """What is known of a pupil, or that part of it which some problems touch.

    Attributes:
        pupil: Their rating over all topics.
        answers: Their first tries.
        sessions: Their sessions in which a problem was closed.
        last_session_id: The last one that is counted in.
        skills: By topic and sub-topic.
        missed: By family.
        problems: What the problems that were counted in add to the sums, by their ids.
    """

    pupil: Rating = NEW_PUPIL
    answers: int = 0
    sessions: int = 0
    last_session_id: int = 0
    skills: dict[tuple[str, str], Skill] = field(default_factory=dict)
    missed: dict[str, Missed] = field(default_factory=dict)
    problems: dict[int, Sums] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MissedBefore:
    """A missed family that is to be asked again."""

    family: str
    problem_id: int


@dataclass(frozen=True, slots=True)
class NextSession:
    """What a pupil's next session should bring.

    Attributes:
        missed: Families to be asked again, due longest first.
        due: Mastered sub-topics that are due for another look, as (topic, sub-topic).
        wish: The topic that the pupil wants to practise, or None.
    """

    missed: tuple[MissedBefore, ...] = ()
    due: tuple[tuple[str, str], ...] = ()
    wish: str | None = None


def next_session(memory: Memory, day: date, wish: str | None = None) -> NextSession:
    """Return what the session after those that are counted in should bring.

    Args:
        memory: All that is known of the pupil.
        day: The local day.
        wish: The topic that the pupil wants to practise, or None.
    """
    number = memory.sessions + 1
    waiting = sorted(
        (missed.next_session, -missed.misses, family, missed.problem_id)
        for family, missed in memory.missed.items()
        if missed.next_session is not None and missed.next_session <= number
    )
    due = sorted(
        (skill.review.due_on, skill.review.stability, key)
        for key, skill in memory.skills.items()
        if skill.review is not None and skill.review.due_on <= day
    )
    missed = tuple(MissedBefore(family, problem_id) for *_, family, problem_id in waiting)
    return NextSession(missed, tuple(key for *_, key in due), wish)


def count_in(memory: Memory, closed: Iterable[ClosedTry]) -> None:
    """Count closed problems in, in the order of their sessions.

    Args:
        memory: Is changed; has what was known of the skills and families of the problems.
        closed: Problems of sessions that are not counted in yet.
    """
    for one in closed:
        if one.session_id != memory.last_session_id:
            memory.sessions += 1
            memory.last_session_id = one.session_id
        if one.first_right is not None:
            _count_first_try(memory, one, is_right=one.first_right)
        missed = _after_closing(memory.missed.get(one.family), one, memory.sessions)
        if missed is not None:
            memory.missed[one.family] = missed


def _count_first_try(memory: Memory, one: ClosedTry, *, is_right: bool) -> None:
    key = one.topic, one.subtopic
    skill = memory.skills.get(key, Skill())
    before = Ratings(memory.pupil, skill.rating, LEVELS[one.difficulty])
    after = after_first_try(before, is_correct=is_right)
    memory.pupil, memory.answers = after.pupil, memory.answers + 1
    memory.skills[key] = _practised(skill, after.skill, is_right=is_right, day=one.day)
    chance = chance_of_right(before)
    sums = Sums(1, int(is_right), round(chance * MILLION), round(chance * (1 - chance) * MILLION))
    memory.problems[one.problem_id] = memory.problems.get(one.problem_id, Sums()).plus(sums)


def _practised(skill: Skill, rating: Rating, *, is_right: bool, day: date) -> Skill:
    average = skill.average + NEWEST_WEIGHS * (is_right - skill.average)
    is_high = average >= MASTERED_FROM
    strong_on = skill.strong_on or (day if is_high else None)
    mastered_on = skill.mastered_on
    if mastered_on is None and is_high and strong_on != day:
        mastered_on = day
    review = after_review(skill.review, is_right=is_right, day=day) if mastered_on else None
    return replace(
        skill,
        rating=rating,
        average=average,
        answers=skill.answers + 1,
        strong_on=strong_on,
        mastered_on=mastered_on,
        review=review,
    )


def _after_closing(before: Missed | None, one: ClosedTry, session: int) -> Missed | None:
    """Return what is kept of a family; None where there is nothing to keep."""
    is_waiting = before is not None and before.next_session is not None
    if one.is_solved and not one.had_help:
        return replace(before, next_session=None) if before is not None else None
    if one.is_solved and not is_waiting:
        return before
    misses = before.misses + 1 if before is not None and is_waiting else 1
    wait = COMES_AGAIN_AFTER[min(misses, len(COMES_AGAIN_AFTER)) - 1]
    return Missed(one.problem_id, misses, session + wait)


def word_for(skill: Skill | None, day: date) -> Word:
    """Return the word for what a pupil can do, on a local day."""
    if skill is None or not skill.answers:
        return Word.NEW
    if skill.mastered_on is None or skill.average < MASTERED_FROM:
        return Word.GROWING
    is_due = skill.review is not None and skill.review.due_on <= day
    return Word.DUE if is_due else Word.STRONG


@dataclass(frozen=True, slots=True)
class TopicStanding:
    """What a pupil can do in a topic.

    Attributes:
        topic: The topic.
        word: What is said of it.
        average: Of its sub-topics that were practised; of none it is that of a new one.
    """

    topic: str
    word: Word
    average: float = UNKNOWN_AVERAGE


def standing_in(
    memory: Memory,
    topics: Mapping[str, Iterable[str]],
    day: date,
    practised: Collection[str] = (),
) -> list[TopicStanding]:
    """Return what a pupil can do in each topic, the weakest first.

    A topic is strong when all its sub-topics are, and due when one that was mastered is. New ones
    stand at the end: nothing is known of them, so that they are not weak.

    Args:
        memory: All that is known of the pupil.
        topics: The sub-topics of each topic.
        day: The local day.
        practised: Topics in which a problem was closed, perhaps not counted in yet.
    """
    found = [
        _standing(memory, topic, subtopics, day, is_practised=topic in practised)
        for topic, subtopics in topics.items()
    ]
    order = (Word.GROWING, Word.DUE, Word.STRONG, Word.NEW)
    return sorted(found, key=lambda one: (order.index(one.word), one.average))


def _standing(
    memory: Memory, topic: str, subtopics: Iterable[str], day: date, *, is_practised: bool
) -> TopicStanding:
    skills = [memory.skills.get((topic, subtopic)) for subtopic in subtopics]
    words = {word_for(skill, day) for skill in skills}
    averages = [skill.average for skill in skills if skill is not None and skill.answers]
    if not averages:
        return TopicStanding(topic, Word.GROWING if is_practised else Word.NEW)
    average = sum(averages) / len(averages)
    if Word.DUE in words:
        return TopicStanding(topic, Word.DUE, average)
    return TopicStanding(topic, Word.STRONG if words == {Word.STRONG} else Word.GROWING, average)


def difficulty_of(level: int, sums: Sums) -> Rating:
    """Return how hard a problem has turned out to be, in logits.

    One step of Newton's method from what is believed of its level towards the most probable value,
    given the chances that were expected of the pupils who tried it.

    Args:
        level: 1, 2 or 3.
        sums: Of its first tries.
    """
    prior = LEVELS[level]
    certainty = sums.information / MILLION + 1 / prior.variance
    surprise = sums.expected / MILLION - sums.right
    return Rating(prior.value + surprise / certainty, 1 / certainty)
