"""What people write about a school: their own, which no sync ever touches.

Everything is written about something that is mirrored, be it there or gone.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from src.canvas.queries import people as queries
from src.canvas.results import Thing
from src.errors import DataValidationError, UnknownInMirror
from src.models import MirrorKind

LONGEST_NOTES = 20_000
LONGEST_WORD = 64
MOST_WORDS = 50


async def add_student_note(
    db: AsyncSession, connection_id: int, student_id: int, text: str
) -> None:
    """Add a line to the notes about a student.

    Args:
        db: The open transaction.
        connection_id: Over which the student is mirrored.
        student_id: Canvas' number of the user.
        text: What to add.

    Raises:
        UnknownInMirror: There is no such student.
        DataValidationError: The text is empty or too long.
    """
    await add_note(db, Thing(connection_id, MirrorKind.STUDENT, student_id), text)


async def update_student_notes(
    db: AsyncSession, connection_id: int, student_id: int, text: str
) -> None:
    """Replace the notes about a student; an empty text leaves none. See `add_student_note`."""
    await update_notes(db, Thing(connection_id, MirrorKind.STUDENT, student_id), text)


async def add_assignment_note(
    db: AsyncSession, connection_id: int, assignment_id: int, text: str
) -> None:
    """Add a line to the notes about an assignment; see `add_student_note`."""
    await add_note(db, Thing(connection_id, MirrorKind.ASSIGNMENT, assignment_id), text)


async def update_assignment_notes(
    db: AsyncSession, connection_id: int, assignment_id: int, text: str
) -> None:
    """Replace the notes about an assignment; see `add_student_note`."""
    await update_notes(db, Thing(connection_id, MirrorKind.ASSIGNMENT, assignment_id), text)


async def add_course_note(db: AsyncSession, connection_id: int, course_id: int, text: str) -> None:
    """Add a line to the notes about a course; see `add_student_note`."""
    await add_note(db, Thing(connection_id, MirrorKind.COURSE, course_id), text)


async def update_course_notes(
    db: AsyncSession, connection_id: int, course_id: int, text: str
) -> None:
    """Replace the notes about a course; see `add_student_note`."""
    await update_notes(db, Thing(connection_id, MirrorKind.COURSE, course_id), text)


async def set_curriculum(db: AsyncSession, thing: Thing, curriculum: str | None) -> None:
    """Say which curriculum a course or a student follows.

    A student's own counts before that of a course.

    Args:
        db: The open transaction.
        thing: The course or the student.
        curriculum: A name of one's own, such as ``algebra_1``; None: none.

    Raises:
        UnknownInMirror: There is no such course or student.
        DataValidationError: The name is empty or too long, or it is about something else.
    """
    if thing.kind not in {MirrorKind.COURSE, MirrorKind.STUDENT}:
        raise DataValidationError("only a course or a student follows a curriculum")
    if curriculum is not None:
        _check_word(curriculum)
    await _set(db, thing, curriculum=curriculum)


async def known_curricula(db: AsyncSession) -> list[str]:
    """Return the names of curricula that some course or student follows, at any school."""
    return sorted(await queries.curricula(db))


async def set_words(db: AsyncSession, thing: Thing, words: Sequence[str]) -> None:
    """Replace the labels of a student, or the tags of a course or an assignment.

    Raises:
        UnknownInMirror: There is no such thing.
        DataValidationError: A word is empty or too long, or there are too many.
    """
    kept = list(dict.fromkeys(words))
    if len(kept) > MOST_WORDS:
        raise DataValidationError(f"at most {MOST_WORDS} words")
    for word in kept:
        _check_word(word)
    name = "labels" if thing.kind is MirrorKind.STUDENT else "tags"
    await _set(db, thing, **{name: kept})


async def set_goal(db: AsyncSession, connection_id: int, student_id: int, goal: str | None) -> None:
    """Set what a student is working towards; see `add_student_note`."""
    if goal is not None:
        _check_text(goal)
    await _set(db, Thing(connection_id, MirrorKind.STUDENT, student_id), goal=goal)


async def add_note(db: AsyncSession, thing: Thing, text: str) -> None:
    """Add a line to the notes about a student, an assignment or a course."""
    text = text.strip()
    if not text:
        raise DataValidationError("the note is empty")
    _check_text(text)
    await _require(db, thing)
    await queries.add_note(db, thing, text)


async def update_notes(db: AsyncSession, thing: Thing, text: str) -> None:
    """Replace the notes about a student, an assignment or a course."""
    _check_text(text)
    await _set(db, thing, notes=text.strip())


async def _set(db: AsyncSession, thing: Thing, **values: Any) -> None:
    await _require(db, thing)
    await queries.set_metadata(db, thing, values)


async def _require(db: AsyncSession, thing: Thing) -> None:
    if thing.kind not in queries.METADATA:
        raise DataValidationError("notes are about a student, an assignment or a course")
    if await queries.life_of(db, thing) is None:
        raise UnknownInMirror(f"no {thing} is mirrored over this connection")


def _check_text(text: str) -> None:
    if len(text) > LONGEST_NOTES or "\0" in text:
        raise DataValidationError(f"notes are at most {LONGEST_NOTES} characters")


def _check_word(word: str) -> None:
    if not word.strip() or len(word) > LONGEST_WORD or not word.isprintable():
        raise DataValidationError(f"expected 1 to {LONGEST_WORD} characters")
