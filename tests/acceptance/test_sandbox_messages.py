"""The sandbox's messages obey Telegram's rules, and refuse in Telegram's words."""

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.config import SandboxConfig
from sandbox.journal import dump
from sandbox.run import start
from tests.acceptance.sandbox_client import PUPIL, Api, api_of, keyboard

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01@\x00\x00\x00\xf0\x08\x02\x00\x00\x00"
    b"\r\n--not-the-boundary\r\n\x00\x01"
)
HINT = keyboard([("Hint", "v1:h")])
TOO_OLD = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "400 Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)


async def test_a_sent_message_comes_back_and_stands_in_the_chat(api: Api) -> None:
    sent = await api.send("<b>Question</b> 3 of 5", parse_mode="HTML", reply_markup=HINT)
    assert sent["chat"] == {"id": PUPIL, "type": "private", "first_name": f"Pupil {PUPIL}"}
    assert sent["entities"] == [{"offset": 0, "length": 8, "type": "bold"}]
    assert sent["reply_markup"] == HINT
    shown = (await api.chat())[-1]
    assert shown == {
        "message_id": sent["message_id"],
        "from": "bot",
        "text": "Question 3 of 5",
        "reply_markup": HINT,
        "date": sent["date"],
    }


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("a &lt;b&gt; &amp; &quot;c&quot; &copy;", 'a <b> & "c" &copy;', []),
        ("&#2453;&#x995;", "কক", []),
        (
            "😀 <b>x<i>😀</i></b>",
            "😀 x😀",
            [("bold", 3, 3), ("italic", 4, 2)],
        ),
        ("<b> ক </b>", "ক", [("bold", 0, 1)]),
        ("<b></b>x", "x", []),
        ("<strong>a</strong><em>b</em><ins>c</ins><del>d</del>", "abcd",
         [("bold", 0, 1), ("italic", 1, 1), ("underline", 2, 1), ("strikethrough", 3, 1)]),
        ("<code>a<b>b</b></code>", "ab", [("code", 0, 2)]),
        ("<b>a<b>b</b></b>", "ab", [("bold", 0, 2)]),
        ('<span class="tg-spoiler">s</span>', "s", [("spoiler", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("/hint@dars_bot and @rafiq_bd #algebra", "/hint@dars_bot and @rafiq_bd #algebra",
         [("bot_command", 0, 14), ("mention", 19, 9), ("hashtag", 29, 8)]),
        ("see https://example.org/a?b=1.", "see https://example.org/a?b=1.",
         [("url", 4, 25)]),
        ("3/4 and x/y", "3/4 and x/y", []),
    ],
)  # fmt: skip
async def test_html_becomes_text_and_entities(
    api: Api, html: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    sent = await api.send(html, parse_mode="HTML")
    assert sent["text"] == text
    found = [(item["type"], item["offset"], item["length"]) for item in sent.get("entities", [])]
    assert found == entities


async def test_links_and_code_keep_their_facts(api: Api) -> None:
    html = (
        '<a href="https://example.org/?a=1&amp;b=2">x</a>'
        '<pre><code class="language-python">y</code></pre>'
    )
    sent = await api.send(html, parse_mode="HTML")
    assert sent["entities"] == [
        {"type": "text_link", "offset": 0, "length": 1, "url": "https://example.org/?a=1&b=2"},
        {"type": "pre", "offset": 1, "length": 1, "language": "python"},
    ]


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("ক <b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("ক <b>x</i>", 'Unmatched end tag at byte offset 8, expected "</b>", found "</i>"'),
        ("ক</b>", "Unexpected end tag at byte offset 3"),
        ("ক <h1>x</h1>", 'Unsupported start tag "h1" at byte offset 4'),
        ("3 < 4", 'Unsupported start tag "" at byte offset 2'),
        ("3 <4", "Unclosed start tag at byte offset 2"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_bad_html_is_refused_with_its_place(api: Api, html: str, reason: str) -> None:
    refusal = await api.refused("sendMessage", chat_id=PUPIL, text=html, parse_mode="HTML")
    assert refusal == f"400 Bad Request: can't parse entities: {reason}"


async def test_entities_of_the_bot_must_lie_in_the_text(api: Api) -> None:
    sent = await api.send("😀x", entities=[{"type": "bold", "offset": 2, "length": 1}])
    assert sent["entities"] == [{"type": "bold", "offset": 2, "length": 1}]
    outside = [{"type": "bold", "offset": 2, "length": 2}]
    refusal = await api.refused("sendMessage", chat_id=PUPIL, text="😀x", entities=outside)
    assert refusal == "400 Bad Request: ENTITY_BOUNDS_INVALID"


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x", "parse_mode": "Word"}, "unsupported parse_mode"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": 999}, "chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": "[]"}, "object expected as reply markup"),
        ({"text": "x", "reply_markup": keyboard([("a", "ক" * 22)])}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard([("a", "")])}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard([("", "v")])},
         "inline keyboard button text must be non-empty"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
         "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "reply_markup": keyboard([("a", "v")] * 9)}, "reply markup is too long"),
        ({"text": "x", "reply_markup": keyboard(*[[("a", "v")] * 8] * 13)},
         "reply markup is too long"),
        ({"text": "x", "reply_parameters": {"message_id": 987654}},
         "message to be replied not found"),
    ],
)  # fmt: skip
async def test_what_telegram_refuses_is_refused(
    api: Api, params: dict[str, object], refusal: str
) -> None:
    found = await api.refused("sendMessage", **{"chat_id": PUPIL, **params})
    assert found == f"400 Bad Request: {refusal}"
    assert len(await api.chat()) == 1


async def test_the_limits_themselves_are_allowed(api: Api) -> None:
    assert len((await api.send("<b>" + "x" * 4096 + "</b>", parse_mode="HTML"))["text"]) == 4096
    await api.send(reply_markup=keyboard([("a", "ক" * 21 + "x")] * 8))
    await api.send(reply_markup=keyboard(*[[("a", "v")] * 5] * 20))


async def test_replies_keyboards_effects_and_protection_are_kept(api: Api) -> None:
    first = await api.send("one")
    keys = {"keyboard": [[{"text": "12"}]], "resize_keyboard": True}
    sent = await api.send(
        "two",
        reply_parameters={"message_id": first["message_id"]},
        reply_markup=keys,
        message_effect_id="5046509860389126442",
        protect_content=True,
        disable_notification=True,
        link_preview_options={"is_disabled": True},
    )
    assert sent["reply_to_message"]["text"] == "one"
    assert sent["effect_id"] == "5046509860389126442"
    assert sent["has_protected_content"] is True
    assert sent["link_preview_options"] == {"is_disabled": True}
    assert "reply_markup" not in sent  # Telegram shows bots inline keyboards alone
    assert (await api.chat())[-1]["reply_markup"] == {"inline_keyboard": [], **keys}


async def test_an_edit_changes_text_and_keyboard(api: Api) -> None:
    sent = await api.send("one", reply_markup=HINT)
    place = {"chat_id": PUPIL, "message_id": sent["message_id"]}
    edited = await api.call("editMessageText", text="<i>two</i>", parse_mode="HTML", **place)
    assert (edited["text"], edited["entities"][0]["type"]) == ("two", "italic")
    assert "reply_markup" not in edited
    shown = (await api.chat())[-1]
    assert (shown["text"], shown["edited"]) == ("two", True)
    assert shown["reply_markup"] == {"inline_keyboard": []}
    marked = await api.call("editMessageReplyMarkup", reply_markup=HINT, **place)
    assert (marked["text"], marked["reply_markup"]) == ("two", HINT)


async def test_an_edit_that_changes_nothing_is_refused(api: Api) -> None:
    sent = await api.send("<b>one</b>", parse_mode="HTML", reply_markup=HINT)
    place = {"chat_id": PUPIL, "message_id": sent["message_id"]}
    same = {"text": "<b>one</b>", "parse_mode": "HTML", "reply_markup": HINT}
    assert await api.refused("editMessageText", **place, **same) == NOT_MODIFIED
    assert await api.refused("editMessageReplyMarkup", **place, reply_markup=HINT) == NOT_MODIFIED
    await api.call("editMessageText", **place, text="one", reply_markup=HINT)
    await api.call("editMessageReplyMarkup", **place)
    assert await api.refused("editMessageReplyMarkup", **place) == NOT_MODIFIED


async def test_edits_that_can_not_be_are_refused(api: Api) -> None:
    mine = (await api.say("my answer"))["message_id"]
    sent = (await api.send())["message_id"]
    edit = "editMessageText"
    assert await api.refused(edit, chat_id=PUPIL, message_id=987654, text="x") == (
        "400 Bad Request: message to edit not found"
    )
    assert await api.refused(edit, chat_id=PUPIL, message_id=mine, text="x") == (
        "400 Bad Request: message can't be edited"
    )
    assert await api.refused(edit, chat_id=PUPIL, text="x") == (
        "400 Bad Request: message identifier is not specified"
    )
    assert await api.refused(edit, chat_id=PUPIL, message_id=sent, text="x" * 4097) == (
        "400 Bad Request: MESSAGE_TOO_LONG"
    )
    keys = {"keyboard": [[{"text": "12"}]]}
    assert await api.refused(edit, chat_id=PUPIL, message_id=sent, text="x", reply_markup=keys) == (
        "400 Bad Request: inline keyboard expected"
    )


async def test_deleted_messages_are_gone_for_the_pupil(api: Api) -> None:
    ids = [(await api.send(str(number)))["message_id"] for number in range(3)]
    assert await api.call("deleteMessage", chat_id=PUPIL, message_id=ids[0]) is True
    assert await api.call("deleteMessages", chat_id=PUPIL, message_ids=[ids[0], ids[1]]) is True
    assert [message["text"] for message in await api.chat()] == ["/start", "2"]
    assert await api.refused("deleteMessage", chat_id=PUPIL, message_id=ids[0]) == (
        "400 Bad Request: message to delete not found"
    )
    edit = await api.refused("editMessageText", chat_id=PUPIL, message_id=ids[0], text="x")
    assert edit == "400 Bad Request: message to edit not found"


async def test_a_tap_reaches_the_bot_and_its_answer_the_pupil(api: Api) -> None:
    sent = await api.send(reply_markup=HINT)
    query_id = (await api.tap(sent["message_id"], "v1:h"))["callback_query_id"]
    [update] = await api.updates()
    query = update["callback_query"]
    assert (query["id"], query["data"], query["from"]["id"]) == (query_id, "v1:h", PUPIL)
    assert query["message"]["message_id"] == sent["message_id"]
    answer = {"callback_query_id": query_id, "text": "Look again", "show_alert": True}
    assert await api.call("answerCallbackQuery", **answer) is True
    assert (await api.get(f"users/{PUPIL}/answers"))["answers"] == [answer]


async def test_an_answer_to_a_tap_may_be_repeated_but_not_long_or_invented(api: Api) -> None:
    sent = await api.send(reply_markup=HINT)
    query_id = (await api.tap(sent["message_id"], "v1:h"))["callback_query_id"]
    long = await api.refused("answerCallbackQuery", callback_query_id=query_id, text="x" * 201)
    assert long == "400 Bad Request: MESSAGE_TOO_LONG"
    assert await api.call("answerCallbackQuery", callback_query_id=query_id) is True
    assert await api.call("answerCallbackQuery", callback_query_id=query_id) is True
    assert await api.refused("answerCallbackQuery", callback_query_id="77") == TOO_OLD


async def test_a_tap_can_not_be_answered_late() -> None:
    impatient = start(SandboxConfig(port=0, callback_lifetime=0.0))
    async with api_of(impatient) as api:
        sent = await api.send(reply_markup=HINT)
        query_id = (await api.tap(sent["message_id"]))["callback_query_id"]
        assert await api.refused("answerCallbackQuery", callback_query_id=query_id) == TOO_OLD
    impatient.stop()


async def test_photos_and_documents_come_up_and_down_whole(api: Api) -> None:
    form = aiohttp.FormData({"chat_id": str(PUPIL), "caption": "<b>week</b>", "parse_mode": "HTML"})
    form.add_field("photo", PNG, filename="chart.png", content_type="image/png")
    bot = f"{api.url}/bot{api.token}"
    async with api.http.post(f"{bot}/sendPhoto", data=form) as answer:
        photo = (await answer.json())["result"]
    assert (photo["caption"], photo["caption_entities"][0]["type"]) == ("week", "bold")
    size = photo["photo"][-1]
    assert (size["width"], size["height"], size["file_size"]) == (320, 240, len(PNG))
    path = (await api.call("getFile", file_id=size["file_id"]))["file_path"]
    async with api.http.get(f"{api.url}/file/bot{api.token}/{path}") as answer:
        assert await answer.read() == PNG
    again = await api.call("sendPhoto", chat_id=PUPIL, photo=size["file_id"])
    assert again["photo"][-1]["file_id"] == size["file_id"]
    assert (await api.chat())[-2]["photo"] == size

    form = aiohttp.FormData({"chat_id": str(PUPIL), "document": "attach://part"})
    form.add_field("part", b"a,b\n", filename="report.csv", content_type="text/csv")
    async with api.http.post(f"{bot}/sendDocument", data=form) as answer:
        document = (await answer.json())["result"]["document"]
    assert (document["file_name"], document["mime_type"]) == ("report.csv", "text/csv")
    edited = await api.call(
        "editMessageCaption", chat_id=PUPIL, message_id=photo["message_id"], caption="new"
    )
    assert edited["caption"] == "new"


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({}, "there is no photo in the request"),
        ({"photo": "https://example.org/x.png"}, "failed to get HTTP URL content"),
        ({"photo": "unknown"}, "wrong file identifier/HTTP URL specified"),
        ({"photo": "unknown", "caption": "x" * 1025}, "message caption is too long"),
    ],
)
async def test_photos_that_telegram_refuses(
    api: Api, params: dict[str, object], refusal: str
) -> None:
    found = await api.refused("sendPhoto", chat_id=PUPIL, **params)
    assert found == f"400 Bad Request: {refusal}"


async def test_a_file_that_is_no_picture_is_no_photo(api: Api) -> None:
    form = aiohttp.FormData({"chat_id": str(PUPIL)})
    form.add_field("photo", b"text", filename="x.png")
    async with api.http.post(f"{api.url}/bot{api.token}/sendPhoto", data=form) as answer:
        assert (await answer.json())["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
    assert await api.refused("getFile", file_id="x") == "400 Bad Request: invalid file_id"


async def test_a_reaction_is_one_of_telegrams(api: Api) -> None:
    place = {"chat_id": PUPIL, "message_id": (await api.say("42"))["message_id"]}
    fire = [{"type": "emoji", "emoji": "🔥"}]
    assert await api.call("setMessageReaction", **place, reaction=fire) is True
    screen = await api.get(f"users/{PUPIL}/screen")
    assert screen["messages"][-1]["reactions"] == fire
    assert await api.refused("setMessageReaction", **place, reaction=fire * 2) == (
        "400 Bad Request: REACTIONS_TOO_MANY"
    )


async def test_blocked_and_unmet_pupils_get_nothing(api: Api) -> None:
    sent = await api.send(reply_markup=HINT)
    await api.post(f"users/{PUPIL}/block")
    blocked = "403 Forbidden: bot was blocked by the user"
    assert await api.refused("sendMessage", chat_id=PUPIL, text="x") == blocked
    assert await api.refused("sendChatAction", chat_id=PUPIL, action="typing") == blocked
    edit = {"chat_id": PUPIL, "message_id": sent["message_id"]}
    assert await api.refused("editMessageReplyMarkup", **edit) == blocked
    await api.post(f"users/{PUPIL}/unblock")
    await api.send("welcome back")
    await api.post("users", {"id": 502})
    assert await api.refused("sendMessage", chat_id=502, text="x") == (
        "403 Forbidden: bot can't initiate conversation with a user"
    )


async def test_chat_actions_are_telegrams(api: Api) -> None:
    assert await api.call("sendChatAction", chat_id=PUPIL, action="typing") is True
    assert await api.refused("sendChatAction", chat_id=PUPIL, action="thinking") == (
        "400 Bad Request: wrong parameter action in request"
    )


async def test_a_bot_deletes_what_a_pupil_wrote_for_two_days(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.journal"
    first = start(SandboxConfig(port=0, state=state))
    async with Api.of(first) as api:
        ids = [(await api.say(text))["message_id"] for text in ("/start", "a secret", "an old one")]
        assert await api.call("deleteMessage", chat_id=PUPIL, message_id=ids[1]) is True
    first.stop()
    state.write_bytes(b"".join(dump(made_older(record)) + b"\n" for record in read(state)))
    second = start(SandboxConfig(port=0, state=state))
    async with Api.of(second) as api:
        assert [message["text"] for message in await api.chat()] == ["/start", "an old one"]
        assert await api.refused("deleteMessage", chat_id=PUPIL, message_id=ids[2]) == (
            "400 Bad Request: message can't be deleted for everyone"
        )
    second.stop()


async def test_in_a_group_only_an_administrator_deletes_what_others_wrote(api: Api) -> None:
    group = {"id": -100, "title": "Class 7"}
    await api.seat("member", group)
    said = await api.say("hello", chat=group)
    place = {"chat_id": -100, "message_id": said["message_id"]}
    assert await api.refused("deleteMessage", **place) == (
        "400 Bad Request: message can't be deleted"
    )
    await api.seat("administrator", group)
    assert await api.call("deleteMessage", **place) is True


def read(state: Path) -> list[list[Any]]:
    """Return the records of a state file."""
    return [json.loads(line) for line in state.read_bytes().splitlines()]


def made_older(record: list[Any]) -> list[Any]:
    """Return a record as it would have been three days ago."""
    if record[0] == "message":
        record[2]["date"] -= 3 * 24 * 3600
    return record
