"""Practice: the current question, answers, skipping, confidence, disputes."""

import re

from telegram import Message

from bot.callbacks import Action, pattern
from bot.context import Turn
from bot.handlers.common import (
    current_place,
    ends_dialog,
    nothing_asked,
    place_of_tap,
    registered,
    way_back,
)
from bot.replies import Button, DropKeyboard, Reply, Say, Toast
from bot.views import practice as views
from bot.views.common import AGAIN, ONWARDS
from bot.views.registration import ask_grade
from src.accounts import service as accounts
from src.accounts.steps import Dialog
from src.errors import DoneAlready, StaleAction
from src.models import ConfidenceLevel
from src.practice import service, steps
from src.practice.results import Disputed, Place


@ends_dialog
@registered
async def practice(turn: Turn) -> list[Reply]:
    """Answer /practice and every way back: the current question, or a new session."""
    if turn.pupil.grade is None:
        # Until now they wanted their deadlines alone.
        await accounts.wait_for(turn.db, turn.pupil, Dialog.GRADE)
        return [ask_grade(turn.words)]
    place = current_place(turn)
    if place is not None and place.is_paused:
        return [views.question(turn.words, await service.go_on(turn.db, place, turn.at))]
    if place is not None and _is_onwards(turn) and service.is_just_asked(place, turn.at):
        raise DoneAlready
    question, resumed = await service.start_or_resume(
        turn.db, turn.pupil, turn.place, turn.at, missed_opens=_wants_missed(turn)
    )
    if resumed:
        step = steps.current_step(place) if place is not None else None
        asked = [views.step(turn.words, step, question)] if step else []
        return [*views.resumed(turn.words, question), *asked]
    key = "session-begins" if turn.place is None else "session-expired"
    return [Say(turn.words(key)), views.question(turn.words, question)]


def _is_onwards(turn: Turn) -> bool:
    """Return whether the button was tapped that leads to a question not yet seen."""
    return turn.update.callback_query is not None and turn.tap.word(0) == ONWARDS


def _wants_missed(turn: Turn) -> bool:
    return turn.update.callback_query is not None and turn.tap.word(1) == AGAIN


@ends_dialog
async def answer_tapped(turn: Turn) -> list[Reply]:
    """Take a tapped answer. One more tap on the same button answers no second time."""
    place = await place_of_tap(turn, turn.tap)
    opened, tried = place.opened, turn.tap.number(3)
    if tried != opened.attempts:
        is_same = tried + 1 == opened.attempts and turn.tap.word(2) == opened.last_wrong
        raise DoneAlready if is_same else StaleAction
    result = await service.submit_answer(
        turn.db, turn.pupil, place, turn.tap.word(2), turn.at, tapped=True
    )
    return [*_drop_keyboard(turn), *views.answered(turn.words, result)]


@ends_dialog
async def describe_tapped(turn: Turn) -> list[Reply]:
    """Say in words what the picture of the current question shows."""
    problem = (await place_of_tap(turn, turn.tap)).problem
    if problem.figure is None:
        raise StaleAction
    return [Say(views.figure_in_words(turn.words, problem))]


@ends_dialog
async def steps_tapped(turn: Turn) -> list[Reply]:
    """Go through the current problem step by step."""
    place = await place_of_tap(turn, turn.tap)
    asked = await steps.begin(turn.db, place)
    return [views.step(turn.words, asked, service.current_question(place))]


@ends_dialog
async def skip_tapped(turn: Turn) -> list[Reply]:
    """Skip the problem whose button was tapped."""
    place = await place_of_tap(turn, turn.tap)
    return [*_drop_keyboard(turn), *await _close_unsolved(turn, place)]


@ends_dialog
async def skip(turn: Turn) -> list[Reply]:
    """Answer /skip."""
    place = current_place(turn)
    if place is None:
        return await nothing_asked(turn)
    return views.paused(turn.words) if place.is_paused else await _close_unsolved(turn, place)


async def _close_unsolved(turn: Turn, place: Place) -> list[Reply]:
    result = await service.skip(turn.db, turn.pupil, place, turn.at)
    return views.skipped(turn.words, result)


@ends_dialog
@registered
async def cancel(turn: Turn) -> list[Reply]:
    """Answer /cancel: leave whatever dialog is open; a session waits where it is."""
    key = "cancelled" if current_place(turn) is None else "paused"
    return [Say(turn.words(key), await way_back(turn))]


@ends_dialog
async def confidence_tapped(turn: Turn) -> list[Reply]:
    """Record how sure the pupil was, or nothing where they do not want to say."""
    chosen = turn.tap.word(1)
    if chosen not in {*ConfidenceLevel, "skip"}:
        raise StaleAction
    level = ConfidenceLevel(chosen) if chosen != "skip" else None
    await service.set_confidence(turn.db, turn.pupil, turn.tap.number(0), level)
    return [Toast(turn.words("confidence-kept")), *_drop_buttons(turn, Action.CONFIDENCE)]


@ends_dialog
async def dispute_tapped(turn: Turn) -> list[Reply]:
    """Record that the pupil thinks the answer was right."""
    t, tap = turn.words, turn.tap
    came = await service.dispute(
        turn.db, turn.pupil, tap.number(0), attempt=tap.number(1), at=turn.at
    )
    if came is Disputed.TOO_LATE:
        return [Toast(), Say(t("dispute-too-late"), await way_back(turn))]
    return [Toast(t("dispute-notice")), Say(t("dispute-kept"), await way_back(turn))]


@ends_dialog
async def way_tapped(turn: Turn) -> list[Reply]:
    """Show how a problem is solved that the pupil has solved."""
    problem = await service.see_solution(turn.db, turn.pupil, turn.tap.number(0))
    return views.way(turn.words, problem)


def _drop_keyboard(turn: Turn) -> list[Reply]:
    message_id = turn.tapped_message_id
    return [] if message_id is None else [DropKeyboard(message_id)]


def _drop_buttons(turn: Turn, action: Action) -> list[Reply]:
    """Take the buttons of one kind off the message that was tapped; the question's stay."""
    query, message_id = turn.update.callback_query, turn.tapped_message_id
    message = query.message if query else None
    markup = message.reply_markup if isinstance(message, Message) else None
    if message_id is None or markup is None:
        return _drop_keyboard(turn)
    rows = [
        [Button(b.text, str(b.callback_data), b.style or "") for b in row]
        for row in markup.inline_keyboard
        if not any(re.match(pattern(action), str(b.callback_data)) for b in row)
    ]
    return [DropKeyboard(message_id, rows)]
