"""/parent and its buttons, and what an adult meets who opens a pupil's link."""

from dataclasses import replace

from bot.context import Turn
from bot.handlers.common import ask_step, ends_dialog, in_place, registered, way_back
from bot.replies import Reply, Say
from bot.views import guardians as views
from bot.words import in_both
from src import clock
from src.accounts import service as accounts
from src.accounts.steps import Dialog, Step
from src.errors import StaleAction
from src.privacy.service import erase_person
from src.teaching import guardians
from src.teaching.guardian_rules import Week, weekday_of


@ends_dialog
@registered
async def parent(turn: Turn) -> list[Reply]:
    """Answer /parent: who is told, and what."""
    pupil, now = turn.pupil, clock.now()
    lines = await guardians.of_pupil(turn.db, pupil, now)
    day = weekday_of(pupil.timezone)
    return [views.overview(turn.words, lines, await _week(turn), day, await way_back(turn))]


async def _week(turn: Turn) -> Week:
    today = clock.local_day(clock.now(), turn.pupil.timezone)
    return await guardians.week_of(turn.db, turn.pupil.id, today)


async def opened(turn: Turn, code: str) -> list[Reply]:
    """Ask an adult who opened a link; to the pupil it says what it is for."""
    found = await guardians.open_invitation(turn.db, code, turn.pupil.person_id, clock.now())
    if found is None:
        return [Say(in_both("guardian-link-over"))]
    if found.is_own:
        return [Say(turn.words("guardian-own-link"), await way_back(turn))]
    if found.is_known:
        return [await _home(turn)]
    return [views.invited(found, code)]


async def guardian_tapped(turn: Turn) -> list[Reply]:
    """Do what a button of an adult or of a pupil about an adult says."""
    what = turn.tap.word(0)
    if what in _OF_ADULTS:
        return await _OF_ADULTS[what](turn)
    if what not in _OF_PUPILS or turn.pupil.registered_at is None:
        raise StaleAction
    return await _OF_PUPILS[what](turn)


async def _agree(turn: Turn) -> list[Reply]:
    language, code = turn.tap.word(1), turn.tap.word(2)
    user = turn.update.effective_user
    name = user.first_name if user else ""
    pupil = turn.pupil
    # Somebody who teaches or practises keeps their language, and whatever they were asked.
    if not pupil.agreed:
        pupil = await accounts.choose_language(turn.db, pupil, language)
    found = await guardians.agree(turn.db, code, pupil, name, clock.now())
    if not pupil.agreed:
        pupil = await accounts.wait_for(turn.db, pupil, Dialog.GUARDIAN)
    said = views.agreed(replace(turn, pupil=pupil).words, found)
    return [in_place(turn, said.text)]


async def _decline(turn: Turn) -> list[Reply]:
    """Keep nothing of somebody who came by the link alone."""
    if not turn.pupil.agreed and turn.pupil.dialog == Step.LANGUAGE:
        await erase_person(turn.db, turn.pupil)
    return [in_place(turn, in_both("guardian-declined"))]


async def _stop(turn: Turn) -> list[Reply]:
    name = await guardians.end_by_adult(
        turn.db, turn.pupil.person_id, turn.tap.number(1), clock.now()
    )
    return [Say(turn.words("guardian-stopped", name=name))]


async def _practise(turn: Turn) -> list[Reply]:
    if turn.pupil.registered_at is not None:
        return [Say(turn.words("welcome-back"), await way_back(turn))]
    pupil = await accounts.wait_for(turn.db, turn.pupil, Step.LANGUAGE)
    return await ask_step(replace(turn, pupil=pupil))


async def _invite(turn: Turn) -> list[Reply]:
    code = await guardians.invite(turn.db, turn.pupil, clock.now())
    address = f"https://t.me/{turn.update.get_bot().username}?start={code}"
    return [views.link(turn.words, address, code)]


async def _forward(turn: Turn) -> list[Reply]:
    return [views.to_forward(turn.words, await _week(turn))]


async def _confirm(turn: Turn) -> list[Reply]:
    line = await guardians.confirm(turn.db, turn.pupil, turn.tap.number(1), clock.now())
    day = turn.words(f"weekday-{weekday_of(turn.pupil.timezone)}")
    return [in_place(turn, turn.words("guardian-confirmed", name=line.name, day=day))]


async def _refuse(turn: Turn) -> list[Reply]:
    name = await guardians.end_by_pupil(turn.db, turn.pupil, turn.tap.number(1), clock.now())
    return [in_place(turn, turn.words("guardian-refused", name=name))]


async def _end(turn: Turn) -> list[Reply]:
    name = await guardians.end_by_pupil(turn.db, turn.pupil, turn.tap.number(1), clock.now())
    return [Say(turn.words("guardian-ended", name=name), await way_back(turn))]


async def _home(turn: Turn) -> Reply:
    return views.home(turn.words, await guardians.of_person(turn.db, turn.pupil.person_id))


_OF_ADULTS = {"agree": _agree, "decline": _decline, "stop": _stop, "practise": _practise}
_OF_PUPILS = {
    "invite": _invite,
    "forward": _forward,
    "yes": _confirm,
    "no": _refuse,
    "end": _end,
}
