"""Texts and captions as a bot sends them: parsed, cleaned, measured, marked."""

from dataclasses import dataclass

from sandbox import entities as marks
from sandbox.entities import utf16_length
from sandbox.errors import Json, bad_request
from sandbox.html import parse_html
from sandbox.params import Params

MAX_TEXT = 4096
MAX_CAPTION = 1024
_MAX_ENTITIES = 100


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text with its entities."""

    text: str
    entities: list[Json]

    @property
    def length(self) -> int:
        """In UTF-16 code units, which is how the limits count here."""
        return utf16_length(self.text)

    def fields(self, text_name: str, entities_name: str) -> Json:
        """As members of a Message; without entities the second one is left out."""
        found: Json = {text_name: self.text}
        if self.entities:
            found[entities_name] = self.entities
        return found


def read_formatted(params: Params, text_name: str, entities_name: str) -> Formatted:
    """The text of a call, by its parse mode or its entities.

    Raises:
        ApiError: The parse mode is unknown, or the text can't be parsed.
    """
    source = marks.clean(params.text(text_name))
    mode = params.text("parse_mode").lower()
    if mode == "html":
        text, entities = parse_html(source)
    elif mode in {"", "none"}:
        value = params.json(entities_name, f"can't parse {entities_name} JSON object")
        text, entities = source, marks.given(value, source)
    else:
        raise bad_request("unsupported parse_mode")
    text, entities = marks.trim(text, entities)
    automatic = marks.find_automatic(text, entities)
    return Formatted(text, marks.ordered([*entities, *automatic])[:_MAX_ENTITIES])


def read_text(params: Params, too_long: str) -> Formatted:
    """The `text` of a message.

    Raises:
        ApiError: It is empty, too long (worded by `too_long`), or can't be parsed.
    """
    found = read_formatted(params, "text", "entities")
    if not found.text:
        raise bad_request("message text is empty")
    if found.length > MAX_TEXT:
        raise bad_request(too_long)
    return found


def read_caption(params: Params) -> Json:
    """The caption of a file as members of a Message; empty when there is none.

    Raises:
        ApiError: It is too long or can't be parsed.
    """
    found = read_formatted(params, "caption", "caption_entities")
    if found.length > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return found.fields("caption", "caption_entities") if found.text else {}
