"""What a pupil may paste: a token of Canvas, or a secret calendar address. Pure.

A text that may hold one is kept nowhere: it is known by its shape alone, wherever it is typed.
"""

import re
from dataclasses import dataclass

from pydantic import SecretStr

from src.models import ConnectionKind

_TOKEN = re.compile(
    r"(?<![\w~])(\d{1,7}~[A-Za-z0-9]{16,}|(?=\S*\d)(?=\S*[A-Za-z])[A-Za-z0-9]{40,})"
)
_FEED = re.compile(r"(?:https?|webcal)://\S+/feeds/calendars/\S+", re.ASCII)


@dataclass(frozen=True, slots=True)
class TypedSecret:
    """A secret as it was pasted.

    Attributes:
        kind: What it is.
        secret: Without what surrounded it.
    """

    kind: ConnectionKind
    secret: SecretStr


def holds_secret(text: str) -> bool:
    """Return whether a text holds what looks like a token or a secret address."""
    return bool(_FEED.search(text) or _TOKEN.search(text))


def find_secret(text: str) -> TypedSecret | None:
    """Return the token or the secret address in a text; None where there is none."""
    feed = _FEED.search(text)
    if feed is not None:
        return TypedSecret(ConnectionKind.FEED, SecretStr(feed[0]))
    token = _TOKEN.search(text)
    return TypedSecret(ConnectionKind.TOKEN, SecretStr(token[0])) if token else None
