"""What a pupil types: the answer to what was asked last, a request, a saying, or an answer."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.context import Turn
from bot.handlers import (
    adding,
    canvas,
    classes,
    practice,
    profiles,
    registration,
    sayings,
    settings,
)
from bot.handlers.common import current_place, nothing_asked, way_back
from bot.handlers.nudges import choose, choose_first
from bot.handlers.privacy import requested
from bot.replies import Reply, Say
from bot.views import practice as views
from bot.views import registration as asks
from bot.views.nudges import ask_nudges
from src import clock
from src.accounts import service as accounts
from src.accounts.steps import Dialog, Step
from src.accounts.typed import read_clock, read_erasure, read_yes_or_no, wants_no_reminders
from src.answers import Outcome, Verdict
from src.answers.hearing.ear import Want, hear, hear_beside
from src.answers.hearing.requests import read_request
from src.hints import service as hints
from src.practice import service, steps
from src.practice.results import Place

_CLOCKS_DIFFER = timedelta(seconds=2)
_PASSING = frozenset({Dialog.SOLUTION, Dialog.AGAIN})


async def typed(turn: Turn) -> list[Reply]:
    """Take a text."""
    is_of_class = classes.is_naming(turn)
    if is_of_class or _names(turn):
        return await (classes.name_typed if is_of_class else profiles.take_name)(turn)
    if turn.pupil.registered_at is None:
        return await _to_newcomer(turn)
    asked, place = turn.pupil.dialog, current_place(turn)
    if asked is not None and asked not in _PASSING:
        taken = await _take(turn, asked)
        if taken is not None:
            return taken
    request = read_request(turn.text)
    if request is not None and not (place and service.is_right(place, turn.text)):
        return await requested(turn, request)
    if asked is not None and asked not in _PASSING:
        return await _to_other_question(turn, asked)
    return await _to_question(turn, asked)


def _names(turn: Turn) -> bool:
    """Return whether a first name was asked for, and nothing else is requested instead."""
    asked = turn.pupil.dialog in {Step.NAME, Dialog.NAME} and turn.pupil.agreed
    return asked and read_request(turn.text) is None


async def _to_newcomer(turn: Turn) -> list[Reply]:
    request = read_request(turn.text)
    if turn.pupil.dialog == Dialog.ERASE and (sure := read_erasure(turn.text)) is not None:
        return await settings.erase(turn, sure=sure)
    if request is not None:
        return await requested(turn, request)
    if turn.pupil.dialog == Step.NUDGES and (at := read_clock(turn.text)) is not None:
        return await choose_first(turn, at)
    if turn.pupil.dialog == Step.NUDGES and wants_no_reminders(turn.text):
        return await choose_first(turn, None)
    return await classes.teachers_home(turn) or await registration.typed(turn)


_TAKEN: Mapping[str, Callable[[Turn], Awaitable[list[Reply] | None]]] = {
    Dialog.TASK_TITLE: adding.take_title,
    Dialog.TASK_DATE: adding.take_date,
    Dialog.SCHOOL: canvas.take_school,
    Dialog.SCHOOL_KEY: canvas.take_key,
}


async def _take(turn: Turn, asked: str) -> list[Reply] | None:
    """Take the answer to what was asked last outside of practice; None where it is none."""
    text = turn.text
    if asked in _TAKEN:
        return await _TAKEN[asked](turn)
    match asked:
        case Dialog.LANGUAGE | Dialog.GRADE | Dialog.TIMEZONE:
            return await registration.take_choice(turn, asked)
        case Dialog.NUDGES if (at := read_clock(text)) is not None:
            return await choose(turn, at)
        case Dialog.NUDGES if wants_no_reminders(text):
            return await choose(turn, None)
        case Dialog.ERASE if (sure := read_erasure(text)) is not None:
            return await settings.erase(turn, sure=sure)
    return None


async def _to_other_question(turn: Turn, asked: str) -> list[Reply]:
    """Do what is said instead of the answer, or ask again; nothing of it is judged wrong."""
    place, want = current_place(turn), hear(turn.text, surely=True)
    if want is not None or (place is not None and service.is_right(place, turn.text)):
        return await _to_question(turn, asked)
    back, waits = await way_back(turn), place is not None
    if asked == Dialog.TIMEZONE:
        return [asks.unknown_place(turn.words, back, question_waits=waits)]
    if asked == Dialog.ERASE:
        return await settings.erase(turn, sure=False)
    if asked == Dialog.SCHOOL:
        return await canvas.canvas(turn)
    ask = {
        Dialog.LANGUAGE: lambda _: asks.ask_language_again(),
        Dialog.GRADE: asks.ask_grade,
        Dialog.NUDGES: ask_nudges,
    }[Dialog(asked)](turn.words)
    lines = [ask.text, *([turn.words("question-waits")] if waits else [])]
    return [Say("\n\n".join(lines), [*ask.keyboard, *back])]


async def _to_question(turn: Turn, asked: str | None) -> list[Reply]:
    """Take a text that answers the current question, or says something about it."""
    place = current_place(turn)
    if asked is not None:
        turn = replace(turn, pupil=await accounts.wait_for(turn.db, turn.pupil, None))
    if place is None or place.is_paused:
        return await _in_between(turn, place)
    if asked == Dialog.SOLUTION and (shown := read_yes_or_no(turn.text)) is not None:
        return await sayings.grant(turn, Want.SKIP if shown else Want.NO, place)
    if _replies_to_older(turn, place):
        return views.reply_to_older(turn.words, service.current_question(place))
    return await _hear(turn, place, once_more=asked == Dialog.AGAIN)


async def _in_between(turn: Turn, place: Place | None) -> list[Reply]:
    """Take a text while no question is open: perhaps the answer to the one before."""
    late = await service.take_late(turn.db, turn.pupil, turn.text, turn.at)
    if late is not None:
        return views.late(turn.words, late, await way_back(turn))
    if place is None and (told := sayings.meaning(turn, None)) is not None:
        return [replace(told, keyboard=await way_back(turn))]
    want = hear(turn.text)
    if place is not None and want in {None, *sayings.NEEDS_QUESTION}:
        return views.paused(turn.words)
    if want is not None:
        return await sayings.grant(turn, want, None)
    return await (nothing_asked if turn.place is None else practice.practice)(turn)


async def _hear(turn: Turn, place: Place, *, once_more: bool) -> list[Reply]:
    """Do what is said, answer a question of the pupil's own, or judge an answer."""
    problem, text = place.problem, turn.text
    graded = service.grade_text(place, text)
    told = sayings.meaning(turn, place, is_read=graded.outcome is not Outcome.UNREADABLE)
    if told is not None:
        return [told]
    want = hear_beside(text, graded.outcome, problem.answer_type, problem.answer)
    if want is not None and not hints.names_answer(text, problem, turn.pupil.language):
        return await sayings.grant(turn, want, place)
    if hints.asks_question(text, problem, turn.pupil.language):
        return await sayings.explain(turn, place)
    return await _judge(turn, place, graded, once_more=once_more)


async def _judge(turn: Turn, place: Place, graded: Verdict, *, once_more: bool) -> list[Reply]:
    """Judge an answer; who cannot be read twice in a row is shown what is wanted.

    Who goes step by step answers the step, or already the question.
    """
    if steps.current_step(place) is not None and not service.is_reached(graded):
        taken = await steps.answer(turn.db, place, turn.text, turn.at)
        return views.step_taken(turn.words, taken, service.current_question(place))
    result = await service.submit_answer(
        turn.db, turn.pupil, place, turn.text, turn.at, graded=graded
    )
    if result.outcome is not Outcome.UNREADABLE or service.repeats(result):
        own = turn.update.message
        liked = [] if own is None else views.reaction(result, own.message_id)
        return [*views.answered(turn.words, result), *liked]
    if once_more:
        example = service.example_for(place)
        return [views.unread_again(turn.words, result, example)]
    await accounts.wait_for(turn.db, turn.pupil, Dialog.AGAIN)
    return views.answered(turn.words, result)


def _replies_to_older(turn: Turn, place: Place) -> bool:
    """Return whether the text replies to what was said before the current question was asked."""
    text, message = turn.update.message, turn.replied_to
    if text is None or message is None:
        return False
    # Spans and not instants: Telegram's clock may differ from ours.
    there, here = text.date - message.date, clock.now() - place.shown_at
    if there < here + _CLOCKS_DIFFER:
        return False
    problem, quoted = place.problem, " ".join((message.text or message.caption or "").split())
    return not any(
        " ".join(question.split()) in quoted
        for question in (problem.question_en, problem.question_bn)
    )
