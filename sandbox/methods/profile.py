"""What the bot says of itself: commands, name, descriptions, menu button; each by language."""

import re
from typing import Any

from sandbox.api import method
from sandbox.core import Sandbox
from sandbox.errors import Json, bad_request
from sandbox.params import Params, word

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = {
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat",
    "chat_administrators", "chat_member",
}  # fmt: skip


@method("setMyCommands")
def set_my_commands(box: Sandbox, params: Params) -> bool:
    """Sets the command menu of one scope and language."""
    commands = params.json("commands", "can't parse commands JSON object")
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    menus = dict(box.world.settings.get("commands", {}))
    menus[_menu_key(params)] = [_command(command) for command in commands]
    _save(box, "commands", menus)
    return True


@method("getMyCommands")
def get_my_commands(box: Sandbox, params: Params) -> list[Json]:
    """The command menu of exactly this scope and language."""
    menu: list[Json] = box.world.settings.get("commands", {}).get(_menu_key(params), [])
    return menu


@method("deleteMyCommands")
def delete_my_commands(box: Sandbox, params: Params) -> bool:
    """Removes the command menu of one scope and language."""
    menus = dict(box.world.settings.get("commands", {}))
    menus.pop(_menu_key(params), None)
    _save(box, "commands", menus)
    return True


def menu_for(box: Sandbox, chat_id: int, language: str) -> list[Json]:
    """The commands that a client shows: the narrowest scope first, in it the language first."""
    menus = box.world.settings.get("commands", {})
    wide = "all_private_chats" if chat_id > 0 else "all_group_chats"
    for scope in (f"chat:{chat_id}", wide, "default"):
        for code in (language, ""):
            if menus.get(f"{scope}|{code}"):
                found: list[Json] = menus[f"{scope}|{code}"]
                return found
    return []


def said(box: Sandbox, name: str, language: str) -> str:
    """A name or description in a language, else in the default one."""
    texts = box.world.settings.get("texts", {})
    found: str = texts.get(f"{name}|{language}") or texts.get(f"{name}|", "")
    return found


def _register_text(title: str, name: str, longest: int) -> None:
    @method(f"setMy{title}")
    def set_text(box: Sandbox, params: Params) -> bool:
        text = params.text(name).strip()
        if len(text) > longest:
            raise bad_request(f"{title} length must not exceed {longest}")
        texts = dict(box.world.settings.get("texts", {}))
        texts[f"{name}|{_language(params)}"] = text
        _save(box, "texts", texts)
        return True

    @method(f"getMy{title}")
    def get_text(box: Sandbox, params: Params) -> Json:
        default = box.world.bot["first_name"] if name == "name" else ""
        return {name: said(box, name, _language(params)) or default}


_register_text("Name", "name", 64)
_register_text("Description", "description", 512)
_register_text("ShortDescription", "short_description", 120)


@method("setChatMenuButton")
def set_chat_menu_button(box: Sandbox, params: Params) -> bool:
    """Sets what the button beside the input field does."""
    button = params.json("menu_button", "can't parse menu button JSON object") or {}
    kinds = {"default", "commands", "web_app"}
    if not isinstance(button, dict) or word(button.get("type", "default")) not in kinds:
        raise bad_request("unsupported MenuButton type")
    buttons = dict(box.world.settings.get("menu_buttons", {}))
    buttons[params.text("chat_id")] = button or {"type": "default"}
    _save(box, "menu_buttons", buttons)
    return True


@method("getChatMenuButton")
def get_chat_menu_button(box: Sandbox, params: Params) -> Json:
    """What the button beside the input field does."""
    buttons = box.world.settings.get("menu_buttons", {})
    button: Json = buttons.get(params.text("chat_id")) or buttons.get("") or {"type": "commands"}
    return button


def _save(box: Sandbox, name: str, value: Any) -> None:
    box.world.put_setting(name, value)
    box.events.publish("bot")


def _language(params: Params) -> str:
    code = params.text("language_code")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("invalid language code specified")
    return code


def _menu_key(params: Params) -> str:
    scope = params.json("scope", "can't parse BotCommandScope JSON object") or {}
    kind = word(scope.get("type", "default")) if isinstance(scope, dict) else ""
    if kind not in _SCOPES:
        raise bad_request("unsupported type specified")
    if "chat_id" in scope:
        kind += f":{scope['chat_id']}"
    if "user_id" in scope:
        kind += f":{scope['user_id']}"
    return f"{kind}|{_language(params)}"


def _command(value: object) -> Json:
    if not isinstance(value, dict):
        raise bad_request("expected an Object of type BotCommand")
    name = str(value.get("command", "")).strip().removeprefix("/")
    description = str(value.get("description", "")).strip()
    if not name:
        raise bad_request("Command must be non-empty")
    if len(name) > 32:
        raise bad_request("Command length must not exceed 32")
    if not description:
        raise bad_request("Command description must be non-empty")
    if len(description) > 256:
        raise bad_request("Command description length must not exceed 256")
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}
