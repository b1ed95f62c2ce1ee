"""Groups of the sandbox: what is written there, what a bot hears of it, how it comes and goes."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from telegram import Bot, Message, Update
from telegram.error import ChatMigrated, Forbidden

from sandbox.config import SandboxConfig
from sandbox.run import start
from tests.acceptance.sandbox_client import PUPIL, Api, Json, api_of, keyboard

GROUP_ID = -1001234
GROUP = {"id": GROUP_ID, "type": "supergroup", "title": "Class 7"}
SMALL = {"id": -77, "type": "group", "title": "Class 8"}
NAME = "dars_sandbox_bot"


@pytest.fixture
async def bot(api: Api) -> AsyncGenerator[Bot]:
    async with Bot(api.token, base_url=f"{api.url}/bot") as client:
        yield client


async def joined(api: Api, chat: Json = GROUP, status: str = "member") -> None:
    """Put the bot in a group and acknowledge what it is told of that."""
    await api.seat(status, chat)
    await api.updates()


async def heard(api: Api) -> list[str]:
    """Return what the bot hears, word by word, and acknowledge it."""
    bodies = [next(iter(update.values())) for update in await known(api)]
    return [body["text"] for body in bodies]


async def known(api: Api) -> list[Json]:
    """Return the updates that wait, without their numbers, and acknowledge them."""
    found = await api.updates()
    return [{key: body for key, body in item.items() if key != "update_id"} for item in found]


async def test_groups_are_chats_of_their_own(api: Api) -> None:
    said = await api.say("hello all", chat=GROUP, first_name="Mitu")
    added, first = await api.updates()
    assert added["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert first["message"]["chat"] == GROUP
    assert first["message"]["from"]["first_name"] == "Mitu"
    place = {"message_id": said["message_id"]}
    await api.send("Write to me in private", user=GROUP_ID, reply_parameters=place)
    shown = (await api.get(f"chats/{GROUP_ID}/chat"))["messages"]
    assert [message["text"] for message in shown] == ["hello all", "Write to me in private"]
    assert shown[0]["message_id"] == said["message_id"]
    assert "reply_to" not in shown[0]
    assert shown[1]["reply_to"] == {**place, "name": "Mitu", "text": "hello all"}
    assert len(await api.chat()) == 1


async def test_a_library_reads_what_is_written_in_a_group(api: Api, bot: Bot) -> None:
    await joined(api)
    for text in ("ক 😀", f"/help@{NAME} 3", f"😀 @{NAME}, please"):
        said = await api.say(text, chat=GROUP)
    await api.say("changed", chat=GROUP, edit=said["message_id"])
    updates = await bot.get_updates()
    plain, command, mention, edited = [message_of(update) for update in updates]
    assert {message.chat.type for message in (plain, command, mention, edited)} == {"supergroup"}
    assert plain.parse_entities() == {}
    assert list(command.parse_entities().values()) == [f"/help@{NAME}"]
    assert [entity.type for entity in command.entities] == ["bot_command"]
    assert list(mention.parse_entities().values()) == [f"@{NAME}"]
    assert updates[-1].edited_message is not None
    assert (edited.text, edited.message_id) == ("changed", mention.message_id)


def message_of(update: Update) -> Message:
    message = update.effective_message
    assert message is not None
    assert not update.api_kwargs
    assert not message.api_kwargs
    return message


async def test_a_bot_is_added_promoted_and_removed(api: Api, bot: Bot) -> None:
    for status in ("member", "administrator", "administrator", "member", "kicked"):
        await api.seat(status, GROUP)
    updates = await bot.get_updates()
    steps = [update.my_chat_member for update in updates if update.my_chat_member]
    assert [(step.old_chat_member.status, step.new_chat_member.status) for step in steps] == [
        ("left", "member"),
        ("member", "administrator"),
        ("administrator", "member"),
        ("member", "kicked"),
    ]
    assert {step.from_user.id for step in steps} == {PUPIL}
    added, removed = [update.message for update in updates if update.message]
    assert added is not None
    assert removed is not None
    assert [user.id for user in added.new_chat_members] == [bot.id]
    assert removed.left_chat_member is not None
    assert removed.left_chat_member.id == bot.id
    assert not any(update.api_kwargs for update in updates)


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        ("kicked", "bot was kicked from the supergroup chat"),
        ("left", "bot is not a member of the supergroup chat"),
    ],
)
async def test_a_group_without_the_bot_goes_on_unheard(
    api: Api, bot: Bot, status: str, refusal: str
) -> None:
    await joined(api)
    await joined(api, status=status)
    assert (await api.say("without you", chat=GROUP))["update_id"] is None
    with pytest.raises(Forbidden, match=refusal):
        await bot.send_message(GROUP_ID, "hello?")
    await joined(api)
    await api.say("welcome back", chat=GROUP)
    assert await heard(api) == ["welcome back"]
    shown = (await api.get(f"chats/{GROUP_ID}/chat"))["messages"]
    assert [message["text"] for message in shown if message["text"]] == [
        "without you",
        "welcome back",
    ]


async def test_a_bot_that_leaves_is_no_member(api: Api) -> None:
    await joined(api)
    await api.call("leaveChat", chat_id=GROUP_ID)
    refusal = await api.refused("sendMessage", chat_id=GROUP_ID, text="x")
    assert refusal == "403 Forbidden: bot is not a member of the supergroup chat"


async def test_people_come_and_go(api: Api, bot: Bot) -> None:
    await joined(api)
    await api.post("users", {"id": 502, "first_name": "Rafi"})
    path = f"users/{PUPIL}/messages"
    await api.post(path, {"chat": GROUP, "new_chat_members": [502, 503]})
    await api.post(path, {"chat": GROUP, "left_chat_member": 503})
    came, went = [message_of(update) for update in await bot.get_updates()]
    assert [user.first_name for user in came.new_chat_members] == ["Rafi", "Pupil 503"]
    assert went.left_chat_member is not None
    assert went.left_chat_member.id == 503
    shown = (await api.get(f"chats/{GROUP_ID}/chat"))["messages"]
    assert shown[-1]["left_chat_member"]["id"] == 503


async def test_a_group_becomes_a_supergroup(api: Api, bot: Bot) -> None:
    await joined(api, SMALL)
    path = f"users/{PUPIL}/messages"
    await api.post(path, {"chat": SMALL, "migrate_to_chat_id": -10077})
    old, new = [message_of(update) for update in await bot.get_updates()]
    assert (old.chat.id, old.chat.type, old.migrate_to_chat_id) == (-77, "group", -10077)
    assert (new.chat.id, new.chat.type, new.migrate_from_chat_id) == (-10077, "supergroup", -77)
    assert new.chat.title == "Class 8"
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-77, "hello?")
    assert moved.value.new_chat_id == -10077
    await bot.send_message(-10077, "hello")
    await api.post(path, {"chat": SMALL, "text": "x"}, status=409)
    await api.post(f"users/{PUPIL}/membership", {"chat": SMALL, "status": "left"}, status=409)


async def test_taps_in_a_group_say_where(api: Api) -> None:
    await joined(api)
    sent = await api.send(user=GROUP_ID, reply_markup=keyboard([("a", "v1:a")]))
    tap = {"message_id": sent["message_id"], "data": "v1:a", "chat_id": GROUP_ID}
    await api.post(f"users/{PUPIL}/taps", tap)
    [update] = await known(api)
    assert update["callback_query"]["message"]["chat"] == GROUP


async def test_with_privacy_a_bot_hears_only_what_is_meant_for_it(api: Api, bot: Bot) -> None:
    assert await api.get("privacy") == {"on": False}
    assert (await bot.get_me()).can_read_all_group_messages is True
    await joined(api)
    assert await api.post("privacy", {"on": True}) == {"on": True}
    assert (await bot.get_me()).can_read_all_group_messages is False
    mine = (await api.send(user=GROUP_ID))["message_id"]
    theirs = (await api.say("hello all", chat=GROUP))["message_id"]
    await api.say("reply to it", chat=GROUP, reply_to=theirs)
    await api.say("/help@another_bot", chat=GROUP)
    await api.say("3/4 and a /help in between", chat=GROUP)
    await api.say(f"@{NAME}s is another", chat=GROUP)
    for_it = ["/help", f"/help@{NAME.upper()} me", f"😀 @{NAME}", f"/help@another_bot @{NAME}"]
    for text in for_it:
        await api.say(text, chat=GROUP)
    await api.say("an answer", chat=GROUP, reply_to=mine)
    await api.say("edited in silence", chat=GROUP, edit=theirs)
    await api.say("in private")
    assert await heard(api) == [*for_it, "an answer", "in private"]
    await api.post(f"users/{PUPIL}/messages", {"chat": GROUP, "left_chat_member": PUPIL})
    assert [list(update) for update in await known(api)] == [["message"]]


async def test_an_administrator_hears_all_in_spite_of_privacy(api: Api) -> None:
    await api.post("privacy", {"on": True})
    await joined(api, status="administrator")
    await api.say("hello all", chat=GROUP)
    assert await heard(api) == ["hello all"]
    await joined(api, status="member")
    assert (await api.say("hello all", chat=GROUP))["update_id"] is None
    await api.post("reset")
    assert await api.get("privacy") == {"on": False}


@pytest.mark.parametrize("wish", [{}, {"on": "yes"}, {"on": None}])
async def test_privacy_is_on_or_off(api: Api, wish: Json) -> None:
    await api.post("privacy", wish, status=400)


async def test_a_bot_may_be_kept_from_hearing_a_group_from_the_start() -> None:
    private = start(SandboxConfig(port=0, hear_groups=False))
    async with api_of(private) as api:
        await joined(api)
        await api.say("hello all", chat=GROUP)
        await api.say("/hint", chat=GROUP)
        assert await heard(api) == ["/hint"]
    private.stop()


@pytest.mark.parametrize(
    ("path", "wish"),
    [
        ("membership", {"status": "member"}),
        ("membership", {"status": "owner", "chat": GROUP}),
        ("membership", {"status": "member", "chat": {"id": 5}}),
        ("membership", {"status": "member", "chat": {"id": -5, "type": "channel"}}),
        ("messages", {"left_chat_member": 502}),
        ("messages", {"chat": GROUP, "left_chat_member": 1000000001}),
        ("messages", {"chat": GROUP, "left_chat_member": True}),
        ("messages", {"chat": GROUP, "new_chat_members": []}),
        ("messages", {"chat": GROUP, "migrate_to_chat_id": -5}),
        ("messages", {"migrate_to_chat_id": -5}),
        ("messages", {"chat": SMALL, "migrate_to_chat_id": GROUP_ID}),
        ("messages", {"chat": SMALL, "migrate_to_chat_id": 5}),
    ],
)
async def test_what_can_not_happen_in_a_group(api: Api, path: str, wish: Json) -> None:
    await joined(api)
    answer = await api.post(f"users/{PUPIL}/{path}", wish, status=400)
    assert answer["description"]


async def test_groups_outlive_a_restart(tmp_path: Path) -> None:
    config = SandboxConfig(port=0, state=tmp_path / "sandbox.jsonl")
    first = start(config)
    async with api_of(first) as api:
        await joined(api, status="administrator")
        await joined(api, SMALL)
        await api.post("privacy", {"on": True})
        wish = {"chat": SMALL, "migrate_to_chat_id": -10077}
        await api.post(f"users/{PUPIL}/messages", wish)
    first.stop()
    second = start(config)
    async with Api.of(second) as api:
        assert await api.get("privacy") == {"on": True}
        assert (await api.say("hello all", chat=GROUP))["update_id"] is not None
        assert (await api.say("unheard", chat={"id": -10077}))["update_id"] is None
        moved = await api.raw("sendMessage", chat_id=-77, text="x")
        assert moved[1]["parameters"] == {"migrate_to_chat_id": -10077}
    second.stop()


async def test_an_older_state_file_is_understood(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.jsonl"
    state.write_text(
        '["user",{"id":7,"is_bot":false,"first_name":"Mitu"}]\n'
        '["chat",{"id":7,"type":"private","first_name":"Mitu"},true,true]\n'
        '["chat",{"id":-5,"type":"group","title":"Class 7"},false,true]\n'
    )
    server = start(SandboxConfig(port=0, state=state))
    async with Api.of(server) as api:
        refusal = await api.refused("sendMessage", chat_id=7, text="x")
        assert refusal == "403 Forbidden: bot was blocked by the user"
        await api.send(user=-5)
    server.stop()
