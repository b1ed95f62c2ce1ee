"""What is kept of a person, and how to end it; known from the first message on."""

from bot.context import Turn
from bot.handlers.common import agreed, ask_to_erase, ends_dialog, said, say_and_lead_on, way_back
from bot.replies import Reply, Say
from bot.words import in_both
from src.accounts import service as accounts
from src.answers.hearing.requests import Request
from src.deadlines import service as deadlines
from src.privacy.service import ask_export, erase_person
from src.settings import get_settings


@ends_dialog
async def privacy(turn: Turn) -> list[Reply]:
    """Answer /privacy."""
    keep = get_settings().keep
    return await say_and_lead_on(
        turn,
        "privacy",
        silent=keep.silent_days,
        updates=keep.updates_hours,
        backups=keep.backups_days,
    )


@ends_dialog
@agreed
async def export(turn: Turn) -> list[Reply]:
    """Answer /export: all that is kept comes as a file."""
    came = await ask_export(turn.db, turn.pupil, turn.at)
    return await say_and_lead_on(turn, f"export-{came.value}")


@ends_dialog
async def stop(turn: Turn) -> list[Reply]:
    """Answer /stop: no more reminders; of somebody who has not agreed nothing stays."""
    if not turn.pupil.agreed:
        await erase_person(turn.db, turn.pupil)
        return [Say(said(turn, "no-consent"))]
    if turn.pupil.registered_at is None:
        return [Say(turn.words("stopped-halfway"))]
    await accounts.choose_nudges(turn.db, turn.pupil, enabled=False)
    await deadlines.mute(turn.db, turn.pupil)
    return [Say(turn.words("stopped"), await way_back(turn))]


@ends_dialog
async def delete(turn: Turn) -> list[Reply]:
    """Answer /delete: ask once, where there is anything to lose."""
    if turn.pupil.agreed:
        return await ask_to_erase(turn)
    await erase_person(turn.db, turn.pupil)
    return [Say(in_both("erased"))]


@ends_dialog
async def _adult(turn: Turn) -> list[Reply]:
    return await say_and_lead_on(turn, "for-adults")


async def requested(turn: Turn, request: Request) -> list[Reply]:
    """Do what a plain word asks for."""
    answers = {
        Request.PRIVACY: privacy,
        Request.STOP: stop,
        Request.DELETE: delete,
        Request.ADULT: _adult,
    }
    return await answers[request](turn)
