"""Pictures of figures: what is still to be drawn, what was drawn, and what bots have uploaded."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from src.figures.artist import Artist
from src.figures.drawing import digest
from src.language import Language
from src.models import FigureDrawing, FigureFile, Problem, ProblemStatus
from src.storage.statements import insert_for, table_of

Scope = Callable[[], AbstractAsyncContextManager[AsyncSession]]
_AT_ONCE = 16


class Undrawn(NamedTuple):
    """A picture that is not drawn yet."""

    digest: str
    language: Language
    figure: dict[str, Any]


class PictureKey(NamedTuple):
    """Which picture of which bot."""

    bot_id: int
    digest: str
    language: Language


async def draw_missing(scope: Scope, stopping: Callable[[], bool] = lambda: False) -> int:
    """Draw, in a process of its own, what the stored problems show and nobody has drawn.

    Args:
        scope: Opens a transaction; none is open while something is drawn.
        stopping: Whether to leave the rest for another time.

    Returns:
        How many pictures were drawn.
    """
    async with scope() as db:
        wanted = await find_undrawn(db)
    done = 0
    if not wanted:
        return done
    async with Artist() as artist:
        for start in range(0, len(wanted), _AT_ONCE):
            if stopping():
                break
            part = wanted[start : start + _AT_ONCE]
            drawn = [(each, await artist.draw(_wanted(each))) for each in part]
            async with scope() as db:
                await keep_drawings(db, drawn)
            done += len(part)
    return done


def _wanted(undrawn: Undrawn) -> dict[str, Any]:
    return {"figure": undrawn.figure, "language": undrawn.language}


async def find_undrawn(db: AsyncSession) -> list[Undrawn]:
    """Return the pictures of served problems that are not drawn, those of bases first."""
    rows = await db.execute(
        select(Problem.figure)
        .where(Problem.figure.is_not(None), Problem.status == ProblemStatus.ACTIVE)
        .order_by(Problem.variant_of.is_not(None), Problem.id)
    )
    figures = {digest(figure): figure for figure in rows.scalars() if figure}
    known = await db.execute(select(FigureDrawing.digest, FigureDrawing.language))
    drawn = {(name, language) for name, language in known}
    return [
        Undrawn(name, language, figure)
        for name, figure in figures.items()
        for language in Language
        if (name, language) not in drawn
    ]


async def keep_drawings(db: AsyncSession, drawn: Iterable[tuple[Undrawn, bytes]]) -> None:
    """Store pictures; one that another process has stored meanwhile stays."""
    rows = [{"digest": each.digest, "language": each.language, "png": png} for each, png in drawn]
    await db.execute(insert_for(db)(table_of(FigureDrawing)).on_conflict_do_nothing(), rows)


async def find_drawing(db: AsyncSession, key: PictureKey) -> bytes | None:
    """Return a picture as PNG; None where it is not drawn yet."""
    found: bytes | None = await db.scalar(
        select(FigureDrawing.png).where(
            FigureDrawing.digest == key.digest, FigureDrawing.language == key.language
        )
    )
    return found


async def find_file(db: AsyncSession, key: PictureKey) -> str | None:
    """Return Telegram's name for a picture that the bot has uploaded before."""
    found: str | None = await db.scalar(select(FigureFile.file_id).where(*_is(key)))
    return found


async def keep_file(db: AsyncSession, key: PictureKey, file_id: str) -> None:
    """Remember what Telegram calls a picture; the latest name holds."""
    table = insert_for(db)(table_of(FigureFile))
    statement = table.values(**key._asdict(), file_id=file_id)
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=["bot_id", "digest", "language"],
            set_={"file_id": statement.excluded.file_id},
        )
    )


async def forget_file(db: AsyncSession, key: PictureKey) -> None:
    """Forget a name that Telegram does not know any more."""
    await db.execute(delete(FigureFile).where(*_is(key)))


def _is(key: PictureKey) -> Sequence[Any]:
    return (
        FigureFile.bot_id == key.bot_id,
        FigureFile.digest == key.digest,
        FigureFile.language == key.language,
    )
