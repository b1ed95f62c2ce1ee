"""Updates that hold a token: kept only sealed, and known before any other handler sees them."""

import json
from typing import Any

from pydantic import SecretStr
from telegram import Message
from telegram.ext import filters

from src.canvas.secrets_typed import holds_secret
from src.models import Sealed
from src.storage.keyring import Keyring

_SEALED = "sealed"
_LEFT_OUT = "…"


class HoldsSecret(filters.MessageFilter):
    """Messages in which somebody pasted what looks like a token or a secret address."""

    def filter(self, message: Message) -> bool:
        """Return whether it is one."""
        return holds_secret(message.text or message.caption or "")


def hide(payload: dict[str, Any], keyring: Keyring) -> dict[str, Any]:
    """Return an update as it may be kept: sealed where it holds a secret.

    Without a key nobody can be connected, so the words are left out and only that they came is
    kept.
    """
    written = json.dumps(payload, ensure_ascii=False)
    if not holds_secret(written):
        return payload
    if keyring.has_key:
        return {_SEALED: keyring.seal(SecretStr(written)).text}
    hidden: dict[str, Any] = _without_texts(payload)
    return hidden


def _without_texts(value: Any) -> Any:
    match value:
        case dict():
            return {name: _without_texts(part) for name, part in value.items()}
        case list():
            return [_without_texts(part) for part in value]
        case str() if holds_secret(value):
            return _LEFT_OUT
    return value


def show(payload: dict[str, Any], keyring: Keyring) -> dict[str, Any]:
    """Return an update as it came, of what was kept.

    Raises:
        SecretUnreadable: No key fits any more.
        NoSecretKey: There is none any more.
    """
    if _SEALED not in payload:
        return payload
    opened = keyring.open(Sealed(payload[_SEALED]))
    found: dict[str, Any] = json.loads(opened.get_secret_value())
    return found
