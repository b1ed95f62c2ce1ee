"""Updates of odd types: none is answered by an error for ever, and none holds up a pupil."""

import copy
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest

from sandbox.run import Running
from src import database
from src.models import ReceivedUpdate, UpdateStatus
from tests.acceptance.conftest import MakePupil
from tests.acceptance.pupil import text_of
from tests.acceptance.test_practice import all_of
from tests.acceptance.test_webhook import HEADER, start_message
from tests.acceptance.webhooks import SECRET, receiving
from tests.fixtures.library import add_library

ODD: tuple[Any, ...] = (7, 7.5, True, "text", "", [], ["x"], {}, {"id": "x"}, None)
PLACES = [
    *(("message", name) for name in ("text", "date", "chat", "from", "entities", "message_id")),
    *(("message", "from", name) for name in ("id", "first_name", "language_code", "is_bot")),
    *(("message", "chat", name) for name in ("id", "type")),
    *(("callback_query", name) for name in ("id", "from", "data", "message")),
    *(("my_chat_member", name) for name in ("from", "chat", "old_chat_member", "date")),
    *(
        (kind,)
        for kind in ("message", "edited_message", "callback_query", "my_chat_member", "poll")
    ),
]


def whole(kind: str) -> dict[str, Any]:
    """Return an update of a kind, as Telegram sends it."""
    update = start_message()
    message = update.pop("message")
    assert isinstance(message, dict)
    message["entities"] = [{"type": "bot_command", "offset": 0, "length": 6}]
    person, chat, date = message["from"], message["chat"], message["date"]
    tap = {"id": "1", "from": person, "data": "1:x", "chat_instance": "1", "message": message}
    left = {"user": person, "status": "left"}
    member = {"from": person, "chat": chat, "date": date, "old_chat_member": left}
    kinds = {"callback_query": tap, "my_chat_member": member | {"new_chat_member": left}}
    return update | {kind: kinds.get(kind, message)}


def odd(place: tuple[str, ...], value: Any) -> dict[str, Any]:
    update = inside = copy.deepcopy(whole(place[0]))
    for name in place[:-1]:
        inside = inside[name]
    inside[place[-1]] = value
    return update


@pytest.fixture
async def webhook(sqlite_url: str, sandbox: Running) -> AsyncGenerator[str]:
    async with database.session_scope() as db:
        await add_library(db)
    async with receiving(sandbox) as url:
        yield url


@pytest.mark.parametrize("place", PLACES, ids=".".join)
async def test_an_odd_update_is_over_at_the_third_time(
    webhook: str, http: aiohttp.ClientSession, place: tuple[str, ...]
) -> None:
    failed = []
    for number, value in enumerate(ODD, 1):
        body = odd(place, value) | {"update_id": number}
        statuses: list[int] = []
        while len(statuses) < 3 and 200 not in statuses:
            async with http.post(webhook, json=body, headers={HEADER: SECRET}) as answer:
                statuses.append(answer.status)
        if statuses[-1] != 200 or 500 in statuses:
            failed.append((value, statuses))
    assert failed == []


async def test_one_that_is_set_aside_is_on_record_and_the_pupil_goes_on(
    webhook: str, http: aiohttp.ClientSession, make_pupil: MakePupil
) -> None:
    pupil = make_pupil()
    body = odd(("message", "text"), 7) | {"update_id": 5}
    body["message"]["from"]["id"] = body["message"]["chat"]["id"] = pupil.id
    for _ in range(3):
        async with http.post(webhook, json=body, headers={HEADER: SECRET}):
            pass
    [record] = await all_of(ReceivedUpdate)
    assert (record.status, record.attempts) == (UpdateStatus.FAILED, 3)
    assert "Welcome" in text_of(await pupil.say("/start"))
