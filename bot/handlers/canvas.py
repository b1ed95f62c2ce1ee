"""/canvas: connecting a school, how it stands, and ending it."""

from collections.abc import Mapping

from bot.context import Turn
from bot.handlers.common import ask_step, ends_dialog, in_place, registered
from bot.replies import Reply, Say, Unsay
from bot.updates import Handler
from bot.views import canvas as views
from bot.views.tasks import list_button
from src.accounts import service as accounts
from src.accounts.steps import Dialog
from src.canvas import arrivals, letting_in
from src.canvas.connections import CONSENT_VERSION, NoConnection, Owner
from src.canvas.letting_in import Visit
from src.canvas.secrets_typed import TypedSecret, find_secret
from src.clients.canvas_address import read_address
from src.clients.canvas_errors import AddressRefused
from src.deadlines import schools, service
from src.errors import StaleAction
from src.models import ConnectionKind


@ends_dialog
@registered
async def canvas(turn: Turn) -> list[Reply]:
    """Answer /canvas: how the schools stand, or which one it shall be."""
    found = await schools.schools(turn.db, turn.pupil, turn.at)
    if not found:
        return await _ask_school(turn)
    courses = await service.courses(turn.db, turn.pupil)
    return [views.overview(turn.words, found, courses, turn.at, turn.pupil.timezone)]


async def _ask_school(turn: Turn, unread: str = "") -> list[Reply]:
    if not turn.school_door.is_open:
        return [Say(turn.words("school-no-key"))]
    await accounts.wait_for(turn.db, turn.pupil, Dialog.SCHOOL)
    listed = await arrivals.listed_schools(turn.db)
    return [views.ask_school(turn.words, listed, unread=unread)]


async def take_school(turn: Turn) -> list[Reply] | None:
    """Take the address of a school, of whatever page of it was pasted."""
    text = turn.text.strip()
    if " " in text or ("." not in text and "localhost" not in text):
        return None
    try:
        address = read_address(text, allow_loopback=turn.school_door.allow_loopback)
    except AddressRefused:
        return await _ask_school(turn, "school-unread")
    return await _choose(turn, address)


async def _choose(turn: Turn, address: str) -> list[Reply]:
    await arrivals.begin(turn.db, turn.pupil.person_id, address)
    await accounts.wait_for(turn.db, turn.pupil, None)
    said = views.ask_consent(turn.words, address)
    return [in_place(turn, said.text, said.keyboard)]


@ends_dialog
@registered
async def school_tapped(turn: Turn) -> list[Reply]:
    """Do what a button of /canvas says."""
    handler = _TAPS.get(turn.tap.word(0))
    if handler is None:
        raise StaleAction
    return await handler(turn)


async def _pick(turn: Turn) -> list[Reply]:
    listed, number = await arrivals.listed_schools(turn.db), turn.tap.number(1)
    found = next((one for one in listed if one.id == number), None)
    return await (_choose(turn, found.address) if found else _ask_school(turn))


async def _stop(turn: Turn) -> list[Reply]:
    await arrivals.give_up(turn.db, turn.pupil.person_id)
    return [_with_list(turn, "school-stopped")]


def _with_list(turn: Turn, key: str) -> Reply:
    return in_place(turn, turn.words(key), [[list_button(turn.words)]])


async def _refresh(turn: Turn) -> list[Reply]:
    count = await schools.refresh(turn.db, turn.pupil, turn.at)
    return [_with_list(turn, "school-refreshing" if count else "school-nothing-to-read")]


async def _courses(turn: Turn) -> list[Reply]:
    said = views.courses(turn.words, await service.courses(turn.db, turn.pupil))
    return [in_place(turn, said.text, said.keyboard)]


async def _end(turn: Turn) -> list[Reply]:
    await schools.disconnect(turn.db, turn.pupil, turn.tap.number(1), turn.at)
    return [_with_list(turn, "school-ended")]


async def _agree(turn: Turn) -> list[Reply]:
    """Take a yes to what is read and kept; to other words it is asked again."""
    arrival = await arrivals.of_person(turn.db, turn.pupil.person_id)
    if arrival is None:
        raise StaleAction
    if turn.tap.word(1) != CONSENT_VERSION:
        return await _choose(turn, arrival.address)
    return await _ask_key(turn, arrival.address)


async def _again(turn: Turn) -> list[Reply]:
    """Connect the same school again, with one tap: it was agreed to, and its address is known."""
    db, person_id = turn.db, turn.pupil.person_id
    found = await schools.schools(db, turn.pupil, turn.at)
    worst = next((one for one in found if one.state != "connected"), None)
    arrival = await arrivals.of_person(db, person_id)
    if worst is not None:
        address, has_agreed = worst.address, worst.has_agreed
    elif arrival is not None:
        address, has_agreed = arrival.address, arrival.consent_version == CONSENT_VERSION
    else:
        return await _ask_school(turn)
    if not has_agreed:
        return await _choose(turn, address)
    await arrivals.begin(db, person_id, address)
    return await _ask_key(turn, address)


async def _ask_key(turn: Turn, address: str) -> list[Reply]:
    """Keep the consent, and wait for a token or a link."""
    await arrivals.agree(turn.db, turn.pupil.person_id)
    await accounts.wait_for(turn.db, turn.pupil, Dialog.SCHOOL_KEY)
    said = views.ask_key(turn.words, address, await _log_in(turn, address))
    return [in_place(turn, said.text, said.keyboard)]


async def _log_in(turn: Turn, address: str) -> str | None:
    """Return where somebody logs in at their school; None where it gave Dars no key."""
    if turn.web_url is None:
        return None
    keyring = turn.school_door.keyring
    try:
        key = await letting_in.school_key(
            turn.db, address, f"{turn.web_url}{letting_in.RETURN}", keyring
        )
    except NoConnection:
        return None
    owner = Owner(person_id=turn.pupil.person_id)
    return letting_in.begin(Visit(key, owner, keyring), turn.at)


_TAPS: Mapping[str, Handler] = {
    "pick": _pick,
    "yes": _agree,
    "again": _again,
    "another": _ask_school,
    "stop": _stop,
    "refresh": _refresh,
    "courses": _courses,
    "end": _end,
}


async def secret(turn: Turn) -> list[Reply]:
    """Take a token or a secret address, wherever it is pasted; its message is deleted first."""
    found, message = find_secret(turn.text), turn.update.effective_message
    gone: list[Reply] = [Unsay(message.message_id)] if message else []
    if turn.pupil.registered_at is None:
        return [*gone, Say(turn.words("school-secret-deleted")), *await ask_step(turn)]
    if turn.pupil.dialog == Dialog.SCHOOL_KEY and found is not None:
        return [*gone, *await _give(turn, found)]
    return [*gone, Say(turn.words("school-secret-unasked"))]


async def take_key(turn: Turn) -> list[Reply]:
    """Take what was typed for a token and does not look like one: it is deleted all the same."""
    message = turn.update.effective_message
    gone: list[Reply] = [Unsay(message.message_id)] if message else []
    return [*gone, Say(turn.words("school-key-unread"))]


async def _give(turn: Turn, found: TypedSecret) -> list[Reply]:
    door, person_id = turn.school_door, turn.pupil.person_id
    arrival = await arrivals.of_person(turn.db, person_id)
    if arrival is None or arrival.consent_version is None:
        return await _ask_school(turn)
    if found.kind is ConnectionKind.FEED:
        try:
            read_address(
                found.secret.get_secret_value().replace("webcal://", "https://"),
                allow_loopback=door.allow_loopback,
            )
        except AddressRefused:
            return [Say(turn.words("school-key-unread"))]
    message = turn.update.effective_message
    given = arrivals.Given(
        found.kind, door.seal(found.secret), message.message_id if message else None
    )
    await arrivals.give(turn.db, person_id, given)
    await accounts.wait_for(turn.db, turn.pupil, None)
    return [Say(views.key_taken(turn.words))]
