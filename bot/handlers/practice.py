"""Practice: the current question, answers, skipping, confidence, disputes."""

from bot.callbacks import Tap
from bot.context import Turn
from bot.handlers import start
from bot.replies import DropKeyboard, Reply, Say, Toast
from bot.views import hints as hint_views
from bot.views import practice as views
from src.accounts import service as accounts
from src.errors import StaleAction
from src.hints import service as hints
from src.models import ConfidenceLevel
from src.practice import service
from src.practice.results import Place


async def practice(turn: Turn) -> list[Reply]:
    """Answer /practice and every way back: the current question, or a new session."""
    if turn.pupil.registered_at is None:
        return start.ask_step(turn.pupil.language, turn.pupil.dialog)
    if turn.pupil.dialog is not None:
        await accounts.wait_for(turn.db, turn.pupil, None)
    question, resumed = await service.start_or_resume(turn.db, turn.pupil, turn.place, turn.at)
    if resumed:
        return views.resumed(turn.words, question)
    return [Say(turn.words("session-begins")), views.question(turn.words, question)]


async def typed(turn: Turn) -> list[Reply]:
    """Take a text: an answer to the current question, or to a step of a dialog."""
    if turn.pupil.registered_at is None or turn.pupil.dialog is not None:
        return await start.typed(turn)
    place = turn.place
    if place is None:
        return [Say(turn.words("nothing-asked"), views.where_now(turn.words, None))]
    if turn.at >= place.expires_at:
        return [Say(turn.words("session-expired")), *await practice(turn)]
    if hints.asks_question(turn.text, place.problem, turn.pupil.language):
        return await _hear_question(turn, place)
    return await _answer(turn, place, turn.text)


async def _hear_question(turn: Turn, place: Place) -> list[Reply]:
    """Give a hint for a question of the pupil's own."""
    given = await hints.give(turn.db, turn.pupil, place, turn.switches, turn.text)
    return hint_views.question_heard(turn.words, given)


async def answer_tapped(turn: Turn) -> list[Reply]:
    """Take a tapped answer. One more tap on the same button answers no second time."""
    place = place_of_tap(turn, turn.tap)
    if turn.tap.number(3) != place.opened.attempts:
        raise StaleAction
    return [*_drop_keyboard(turn), *await _answer(turn, place, turn.tap.word(2), tapped=True)]


async def _answer(turn: Turn, place: Place, text: str, *, tapped: bool = False) -> list[Reply]:
    result = await service.submit_answer(turn.db, turn.pupil, place, text, turn.at, tapped=tapped)
    return views.answered(turn.words, result)


async def skip_tapped(turn: Turn) -> list[Reply]:
    """Skip the problem whose button was tapped."""
    place = place_of_tap(turn, turn.tap)
    return [*_drop_keyboard(turn), *await _skip(turn, place)]


async def skip(turn: Turn) -> list[Reply]:
    """Answer /skip."""
    place = current_place(turn)
    return await _skip(turn, place) if place else nothing_asked(turn)


async def _skip(turn: Turn, place: Place) -> list[Reply]:
    result = await service.skip(turn.db, turn.pupil, place, turn.at)
    return views.skipped(turn.words, result)


async def cancel(turn: Turn) -> list[Reply]:
    """Answer /cancel: leave whatever dialog is open; a session waits where it is."""
    if turn.pupil.registered_at is None:
        return start.ask_step(turn.pupil.language, turn.pupil.dialog)
    if turn.pupil.dialog is not None:
        await accounts.wait_for(turn.db, turn.pupil, None)
    key = "cancelled" if turn.place is None else "paused"
    return [Say(turn.words(key), views.where_now(turn.words, turn.place))]


async def confidence_tapped(turn: Turn) -> list[Reply]:
    """Keep how sure the pupil was, or nothing where they do not want to say."""
    chosen = turn.tap.word(1)
    if chosen not in {*ConfidenceLevel, "skip"}:
        raise StaleAction
    level = ConfidenceLevel(chosen) if chosen != "skip" else None
    await service.set_confidence(turn.db, turn.pupil, turn.tap.number(0), level)
    return [Toast(turn.words("confidence-kept")), *_drop_keyboard(turn)]


async def dispute_tapped(turn: Turn) -> list[Reply]:
    """Keep that the pupil thinks the answer was right."""
    await service.dispute(
        turn.db, turn.pupil, turn.tap.number(0), attempt=turn.tap.number(1), at=turn.at
    )
    t = turn.words
    return [Toast(t("dispute-notice")), Say(t("dispute-kept"), views.where_now(t, turn.place))]


def current_place(turn: Turn) -> Place | None:
    """Return where the pupil is, if the session has not expired."""
    place = turn.place
    return place if place is not None and turn.at < place.expires_at else None


def nothing_asked(turn: Turn) -> list[Reply]:
    """Say that no question is open, and offer a session."""
    if turn.pupil.registered_at is None:
        return start.ask_step(turn.pupil.language, turn.pupil.dialog)
    return [Say(turn.words("nothing-asked"), views.where_now(turn.words, None))]


def place_of_tap(turn: Turn, tap: Tap) -> Place:
    """Return the current place if a button belongs to it.

    Raises:
        StaleAction: The button belongs to an older question, an expired session or another pupil.
    """
    place = turn.place
    if place is None or turn.at >= place.expires_at:
        raise StaleAction
    if (tap.number(0), tap.number(1)) != (place.session_id, place.index):
        raise StaleAction
    return place


def _drop_keyboard(turn: Turn) -> list[Reply]:
    message_id = turn.tapped_message_id
    return [] if message_id is None else [DropKeyboard(message_id)]
