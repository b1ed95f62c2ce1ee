"""Message entities: offsets in UTF-16 code units, as Telegram counts them."""

import re
from collections.abc import Iterable

from sandbox.errors import Json, bad_request
from sandbox.params import word

_AUTOMATIC = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)\]}])"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?<![\w/<>@#])(?:(?P<mention>@[A-Za-z]\w{3,31})"
    r"|(?P<bot_command>/\w{1,64}(?:@\w{3,32})?)(?![\w/])"
    r"|(?P<hashtag>#(?=\d*[^\W\d])\w+))"
)
_KINDS = {
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold",
    "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote",
    "code", "pre", "text_link", "text_mention", "custom_emoji", "date_time",
}  # fmt: skip
_SURROGATE = re.compile("[\ud800-\udfff]")
_OPAQUE = {"code", "pre", "text_link"}
# Control characters other than the line feed are shown as spaces; carriage returns vanish.
_CLEAN: dict[int, str | None] = {code: " " for code in range(32) if code != 10} | {13: None}


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of a text that an entity covers."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le", "surrogatepass")


def clean(text: str) -> str:
    """Drops what no client would show.

    Raises:
        ApiError: The text holds half a character, which UTF-8 can't.
    """
    if _SURROGATE.search(text):
        raise bad_request("strings must be encoded in UTF-8")
    return text if text.isprintable() else text.translate(_CLEAN)


def find_automatic(text: str, taken: Iterable[Json] = ()) -> list[Json]:
    """Commands, links, mentions, hashtags and addresses that Telegram marks by itself.

    Args:
        text: The text of a message.
        taken: Entities already there; nothing is marked inside code and links.
    """
    found = []
    opaque = [entity for entity in taken if entity["type"] in _OPAQUE]
    for match in _AUTOMATIC.finditer(text):
        offset = utf16_length(text[: match.start()])
        length = utf16_length(match[0])
        if not any(
            entity["offset"] < offset + length and offset < entity["offset"] + entity["length"]
            for entity in opaque
        ):
            found.append({"type": match.lastgroup, "offset": offset, "length": length})
    return found


def trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Cuts white space at both ends and moves the entities along; empty ones go."""
    stripped = text.strip()
    if stripped == text and not entities:
        return text, entities
    lead = utf16_length(text[: len(text) - len(text.lstrip())])
    end = utf16_length(stripped)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        stop = min(entity["offset"] + entity["length"] - lead, end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return stripped, ordered(kept)


def ordered(entities: list[Json]) -> list[Json]:
    """Entities by place, outer before inner."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def given(value: object, text: str) -> list[Json]:
    """Checks entities that a bot sent itself.

    Raises:
        ApiError: They are no list of entities, or one lies outside the text.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    total = utf16_length(text)
    checked = []
    for entity in value:
        if not isinstance(entity, dict) or word(entity.get("type")) not in _KINDS:
            raise bad_request("can't parse entities: unsupported MessageEntity type")
        offset, length = entity.get("offset"), entity.get("length")
        if not isinstance(offset, int) or not isinstance(length, int):
            raise bad_request("can't parse entities: offset and length must be of type Number")
        if offset < 0 or length < 1 or offset + length > total:
            raise bad_request("ENTITY_BOUNDS_INVALID")
        checked.append(dict(entity))
    return ordered(checked)
