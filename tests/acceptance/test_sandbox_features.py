"""What Telegram's clients show beside words, driven by a library that nobody here wrote."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReactionTypeCustomEmoji,
    ReactionTypeEmoji,
    ReactionTypePaid,
)
from telegram.constants import ReactionEmoji
from telegram.error import BadRequest, Forbidden

from sandbox.config import SandboxConfig
from sandbox.run import Running, start
from tests.acceptance.sandbox_client import PUPIL, Api

FIRE = "5104841245755180586"
GROUP_ID = -1001234
GROUP = {"id": GROUP_ID, "type": "supergroup", "title": "Class 7"}


@pytest.fixture
async def bot(api: Api) -> AsyncGenerator[Bot]:
    async with Bot(api.token, base_url=f"{api.url}/bot") as client:
        yield client


async def test_every_reaction_that_the_library_knows_is_shown(api: Api, bot: Bot) -> None:
    number = (await api.say("42"))["message_id"]
    for emoji in ReactionEmoji:
        assert await bot.set_message_reaction(PUPIL, number, emoji)
        shown = (await api.chat())[-1]["reactions"]
        assert [sign.replace("\ufe0f", "") for sign in shown] == [emoji.replace("\ufe0f", "")]
    assert await bot.set_message_reaction(PUPIL, number, [])
    assert "reactions" not in (await api.chat())[-1]


@pytest.mark.parametrize(
    "reaction",
    [
        ReactionTypeEmoji("🍕"),
        ReactionTypeEmoji("5"),
        ReactionTypeCustomEmoji("5368324170671202286"),
        ReactionTypePaid(),
    ],
)
async def test_a_reaction_that_bots_may_not_use_is_refused(
    api: Api, bot: Bot, reaction: ReactionTypeEmoji
) -> None:
    number = (await api.say("42"))["message_id"]
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await bot.set_message_reaction(PUPIL, number, reaction)
    assert "reactions" not in (await api.chat())[-1]


async def test_reactions_need_their_message_and_a_pupil_who_listens(api: Api, bot: Bot) -> None:
    number = (await api.say("42"))["message_id"]
    with pytest.raises(BadRequest, match="Message to react not found"):
        await bot.set_message_reaction(PUPIL, number + 1, "👍")
    with pytest.raises(BadRequest, match="Reactions_too_many"):
        await bot.set_message_reaction(PUPIL, number, ["👍", "🎉"])
    for odd in ("[1]", '[{"type": "star"}]', '"👍"'):
        refusal = await api.refused(
            "setMessageReaction", chat_id=PUPIL, message_id=number, reaction=odd
        )
        assert refusal.startswith("400 Bad Request: can't parse reaction type"), odd
    await api.post(f"users/{PUPIL}/block")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.set_message_reaction(PUPIL, number, "👍")


@pytest.mark.parametrize("effect", [FIRE, "5046509860389126442"])
async def test_the_effects_of_telegram_are_shown(api: Api, bot: Bot, effect: str) -> None:
    sent = await bot.send_message(PUPIL, "Seven days!", message_effect_id=effect)
    assert sent.effect_id == effect
    assert (await api.chat())[-1]["effect_id"] == effect


async def test_other_effects_are_refused(api: Api, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Effect_id_invalid"):
        await bot.send_message(PUPIL, "x", message_effect_id="5046509860389126443")
    with pytest.raises(BadRequest, match="Invalid message effect identifier specified"):
        await bot.send_message(PUPIL, "x", message_effect_id="party")
    await api.seat("member", GROUP)
    with pytest.raises(BadRequest, match="Can't use message effects in the chat"):
        await bot.send_message(GROUP_ID, "x", message_effect_id=FIRE)
    assert len(await api.chat()) == 1


async def test_a_silent_message_is_known_as_one(api: Api, bot: Bot) -> None:
    await bot.send_message(PUPIL, "loud")
    sent = await bot.send_message(PUPIL, "silent", disable_notification=True)
    assert [m.get("silent", False) for m in await api.chat()] == [False, False, True]
    await bot.edit_message_text("still silent", PUPIL, sent.message_id)
    assert (await api.chat())[-1]["silent"] is True


async def test_silence_and_reactions_outlive_a_restart(tmp_path: Path) -> None:
    config = SandboxConfig(port=0, state=tmp_path / "state.jsonl")
    first = start(config)
    seen = await _talk(first)
    first.stop()
    second = start(config)
    async with Api.of(second) as api:
        assert await api.chat() == seen
    second.stop()


async def _talk(running: Running) -> list[dict[str, object]]:
    async with Api.of(running) as api, Bot(api.token, base_url=f"{api.url}/bot") as bot:
        said = await api.say("/start")
        await bot.send_message(PUPIL, "Hi", disable_notification=True)
        await bot.set_message_reaction(PUPIL, said["message_id"], "🎉")
        return await api.chat()


async def test_quotations_fold_and_are_never_inside_each_other(bot: Bot, api: Api) -> None:
    long = MessageEntity(MessageEntity.EXPANDABLE_BLOCKQUOTE, 0, 8)
    sent = await bot.send_message(PUPIL, "Solution", entities=[long])
    assert [entity.type for entity in sent.entities] == ["expandable_blockquote"]
    html = "<blockquote expandable>a <b>b</b> <blockquote>c</blockquote></blockquote>"
    sent = await bot.send_message(PUPIL, html, parse_mode="HTML")
    assert [entity.type for entity in sent.entities] == ["expandable_blockquote", "bold"]
    wrong = MessageEntity("folded", 0, 1)
    with pytest.raises(BadRequest, match="Can't parse entities: unsupported messageentity type"):
        await bot.send_message(PUPIL, "x", entities=[wrong])
    with pytest.raises(BadRequest, match="find end tag"):
        await bot.send_message(PUPIL, "<blockquote expandable>x", parse_mode="HTML")


async def test_buttons_have_colours_and_messages_no_previews(bot: Bot, api: Api) -> None:
    row = [InlineKeyboardButton(s, callback_data="v1:a", style=s) for s in ("primary", "danger")]
    sent = await bot.send_message(
        PUPIL,
        "See example.org",
        reply_markup=InlineKeyboardMarkup([row]),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert sent.reply_markup is not None
    assert [button.style for button in sent.reply_markup.inline_keyboard[0]] == [
        "primary",
        "danger",
    ]
    screen = await api.get(f"users/{PUPIL}/screen")
    assert screen["messages"][-1]["link_preview_options"] == {"is_disabled": True}
    wrong = InlineKeyboardButton("x", callback_data="v1:a", style="pink")
    with pytest.raises(BadRequest, match="unsupported style specified"):
        await bot.send_message(PUPIL, "x", reply_markup=InlineKeyboardMarkup([[wrong]]))
