"""Does what a pupil says who does not answer: a hint, the solution, a kind word."""

from bot.context import Turn
from bot.handlers import mistakes, practice, progress, registration
from bot.handlers.common import nothing_asked, way_back
from bot.handlers.hints import hint
from bot.replies import Reply, Say
from bot.views import hints as hint_views
from bot.views import practice as views
from src.accounts import service as accounts
from src.accounts.steps import Dialog
from src.answers.hearing.ear import Want, asks_for_another
from src.answers.hearing.terms import asked_term
from src.hints import service as hints
from src.language import Language
from src.practice import service
from src.practice.results import Place

_LANGUAGES = {Want.BANGLA: Language.BN, Want.ENGLISH: Language.EN}
NEEDS_QUESTION = frozenset({Want.HINT, Want.EXPLAIN, Want.STUCK, Want.ANSWER})
_ONWARDS = frozenset({Want.YES, Want.MORE, Want.SKIP})


async def grant(turn: Turn, want: Want, place: Place | None) -> list[Reply]:
    """Do what is wanted, as far as it can be done where the pupil is."""
    if want in _LANGUAGES:
        return await registration.set_language(turn, _LANGUAGES[want])
    if want is Want.MISTAKES:
        return await mistakes.mistakes(turn)
    if want is Want.PROGRESS:
        return await progress.progress(turn)
    if want is Want.WAIT:
        return [Say(turn.words("paused" if place else "another-time"), await way_back(turn))]
    return await (_in_between(turn, want) if place is None else _beside(turn, want, place))


def meaning(turn: Turn, place: Place | None, *, is_read: bool = False) -> Say | None:
    """Say what a word means that the pupil asks for; None where they ask for none.

    Args:
        turn: What they typed.
        place: Where they are; None where no question is open.
        is_read: Whether it can be read as an answer as well.
    """
    found = asked_term(turn.text, outright=is_read)
    if found is None:
        return None
    name, means = found
    text = means.in_(turn.pupil.language)
    if place is None:
        return Say(turn.words("term-means", term=name, meaning=text))
    problem, language = place.problem, turn.pupil.language
    if any(hints.names_answer(one, problem, language) for one in (turn.text, text)):
        return None
    return views.term_told(turn.words, name, text, service.current_question(place))


async def _in_between(turn: Turn, want: Want) -> list[Reply]:
    """Answer where no question is open."""
    if want in _ONWARDS:
        return await practice.practice(turn)
    if want is Want.NO:
        return [Say(turn.words("another-time"), await way_back(turn))]
    key = f"heard-{want}"
    if not turn.words.has(key):
        return await nothing_asked(turn)
    return [Say(turn.words(key), await way_back(turn))]


async def _beside(turn: Turn, want: Want, place: Place) -> list[Reply]:  # noqa: PLR0911 - a list
    """Answer while a question is open: no try is lost by it."""
    match want:
        case Want.HINT:
            return await hint(turn)
        case Want.MORE if not asks_for_another(turn.text):
            return await hint(turn)
        case Want.STUCK:
            return await _help(turn, place)
        case Want.EXPLAIN:
            return await explain(turn, place)
        case Want.SKIP:
            return await practice.skip(turn)
        case Want.ANSWER:
            return await _offer_solution(turn, place)
    return [views.heard(turn.words, want, service.current_question(place))]


async def _offer_solution(turn: Turn, place: Place) -> list[Reply]:
    """Offer the solution; a yes to it may be typed."""
    await accounts.wait_for(turn.db, turn.pupil, Dialog.SOLUTION)
    return [views.offer_solution(turn.words, service.current_question(place))]


async def _help(turn: Turn, place: Place) -> list[Reply]:
    """Give the next hint to a pupil who cannot go on, and after the last one the way out."""
    given = await hints.give(turn.db, turn.pupil, place, turn.switches)
    if hints.is_used_up(given):
        return await _offer_solution(turn, place)
    return hint_views.given_to_the_stuck(turn.words, given)


async def explain(turn: Turn, place: Place) -> list[Reply]:
    """Give a hint for a question of the pupil's own."""
    given = await hints.give(turn.db, turn.pupil, place, turn.switches, turn.text)
    if hints.is_used_up(given):
        return await _offer_solution(turn, place)
    return hint_views.question_heard(turn.words, given)
