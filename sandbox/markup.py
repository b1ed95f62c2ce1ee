"""Checks keyboards as the Bot API does."""

from collections.abc import Callable
from typing import Any

from sandbox.errors import Json, bad_request
from sandbox.params import Params, word

_MAX_BUTTONS = 100
_MAX_IN_A_ROW = 8
_MAX_DATA_BYTES = 64
_OTHER_ACTIONS = (
    "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip
_STYLES = {"danger", "success", "primary"}


def read_markup(params: Params, *, inline_only: bool = False) -> Json | None:
    """The checked `reply_markup` of a call, or None when there is none.

    Args:
        params: The call's parameters.
        inline_only: Edits accept inline keyboards alone.

    Raises:
        ApiError: The markup is not one that Telegram would take.
    """
    value = params.json("reply_markup", "can't parse reply keyboard markup JSON object")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in value:
        rows = _rows(value["inline_keyboard"], "inline_keyboard", _inline_button)
        return {"inline_keyboard": rows} if rows else None
    if inline_only:
        if value:
            raise bad_request("inline keyboard expected")
        return None
    if "keyboard" in value:
        return {**value, "keyboard": _rows(value["keyboard"], "keyboard", _reply_button)}
    if value.get("remove_keyboard") is True or value.get("force_reply") is True:
        return value
    return None


def _rows(value: object, name: str, read: Callable[[Any], Json]) -> list[list[Json]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad_request(f"can't parse {name}: expected an Array of Arrays of buttons")
    rows = [[read(button) for button in row] for row in value if row]
    if sum(map(len, rows)) > _MAX_BUTTONS or any(len(row) > _MAX_IN_A_ROW for row in rows):
        raise bad_request("reply markup is too long")
    return rows


def _reply_button(button: object) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    return _with_text(button, "keyboard button")


def _with_text(button: object, name: str) -> Json:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request(f'can\'t parse {name}: Field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request(f"{name} text must be non-empty")
    if button.get("style") is not None and word(button["style"]) not in _STYLES:
        raise bad_request(f"can't parse {name}: unsupported style specified")
    return {key: value for key, value in button.items() if value is not None}


def _inline_button(value: object) -> Json:
    button = _with_text(value, "inline keyboard button")
    if "callback_data" in button:
        data = button["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode()) <= _MAX_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    elif "url" in button:
        _check_url(button["url"])
    elif not any(action in button for action in _OTHER_ACTIONS):
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    return button


def _check_url(url: object) -> None:
    known = ("http://", "https://", "tg://", "ton://", "tonsite://")
    if not isinstance(url, str) or not (url.startswith(known) or "." in url.partition("/")[0]):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
