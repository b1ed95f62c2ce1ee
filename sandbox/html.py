"""Telegram's HTML style: text with tags in, plain text and entities out."""

import html
import re
from dataclasses import dataclass, field

from sandbox.entities import ordered, utf16_length
from sandbox.errors import Json, bad_request

_SIMPLE = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "code": "code", "tg-spoiler": "spoiler",
}  # fmt: skip
_KNOWN = {*_SIMPLE, "a", "pre", "span", "blockquote", "tg-emoji"}
_TOKEN = re.compile(r"<|&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_START = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?)>")
_NAME_END = re.compile(r"[\s>]")
_END = re.compile(r"</([a-zA-Z0-9-]*)\s*>")
_ATTRIBUTE = re.compile(r"([a-zA-Z][\w-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_LINK = re.compile(r"(?:https?|ftp|tg|ton|tonsite)://\S+|tg:\S+|mailto:\S+|[\w-]+(\.[\w-]+)+\S*")


@dataclass(slots=True)
class _Open:
    tag: str
    offset: int
    start: int
    attributes: dict[str, str]


@dataclass(slots=True)
class _Parser:
    source: str
    parts: list[str] = field(default_factory=list)
    offset: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def fail(self, reason: str, position: int | None = None) -> Exception:
        if position is not None:
            reason += f" at byte offset {len(self.source[:position].encode())}"
        return bad_request(f"can't parse entities: {reason}")

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.offset += utf16_length(text)

    def open(self, position: int) -> int:
        tag = self.source[position + 1 : _name_end(self.source, position + 1)].lower()
        if position + 1 + len(tag) == len(self.source):
            raise self.fail("Unclosed start tag", position)
        if tag not in _KNOWN:
            raise self.fail(f'Unsupported start tag "{tag}"', position)
        match = _START.match(self.source, position)
        if match is None:
            raise self.fail(f'Unclosed start tag "{tag}"', position)
        attributes = {
            name.lower(): html.unescape(first or second or third)
            for name, first, second, third in _ATTRIBUTE.findall(match[2])
        }
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self.fail('Tag "span" must have class "tg-spoiler"', position)
        self.stack.append(_Open(tag, self.offset, len(self.parts), attributes))
        return match.end()

    def close(self, position: int) -> int:
        match = _END.match(self.source, position)
        if match is None:
            raise self.fail("Unclosed end tag", position)
        if not self.stack:
            raise self.fail("Unexpected end tag", position)
        opened = self.stack.pop()
        found = match[1].lower()
        if found and found != opened.tag:
            expected = f"Unmatched end tag at byte offset {len(self.source[:position].encode())}, "
            raise self.fail(f'{expected}expected "</{opened.tag}>", found "</{found}>"')
        if self.offset > opened.offset:
            self.mark(opened)
        return match.end()

    def mark(self, opened: _Open) -> None:
        entity = {"offset": opened.offset, "length": self.offset - opened.offset}
        kind, extra = _describe(opened, "".join(self.parts[opened.start :]))
        if kind == "code" and self.stack and self.stack[-1].tag == "pre":
            # <pre><code class="language-x"> names the language of the outer block.
            self.stack[-1].attributes["language"] = opened.attributes.get("class", "")
            return
        if kind and not any(_kind(outer) == _kind(opened) for outer in self.stack):
            self.entities.append({**entity, "type": kind, **extra})


def _name_end(source: str, position: int) -> int:
    match = _NAME_END.search(source, position)
    return match.start() if match else len(source)


def _kind(opened: _Open) -> str:
    return _SIMPLE.get(opened.tag, "spoiler" if opened.tag == "span" else opened.tag)


def _describe(opened: _Open, text: str) -> tuple[str, Json]:
    attributes = opened.attributes
    if opened.tag == "a":
        url = attributes.get("href") or text
        user = re.fullmatch(r"tg://user\?id=(\d+)", url)
        if user is not None:
            person = {"id": int(user[1]), "is_bot": False, "first_name": text}
            return "text_mention", {"user": person}
        return ("text_link", {"url": url}) if _LINK.fullmatch(url) else ("", {})
    if opened.tag == "pre":
        language = attributes.get("language", "").removeprefix("language-")
        return "pre", {"language": language} if language else {}
    if opened.tag == "blockquote":
        return "expandable_blockquote" if "expandable" in attributes else "blockquote", {}
    if opened.tag == "tg-emoji":
        return "custom_emoji", {"custom_emoji_id": attributes.get("emoji-id", "")}
    return _kind(opened), {}


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Reads text in Telegram's HTML style.

    Returns:
        The plain text and its entities; offsets are UTF-16 code units.

    Raises:
        ApiError: `can't parse entities: ...`, with the byte offset of the fault.
    """
    parser = _Parser(source)
    position = 0
    while match := _TOKEN.search(source, position):
        parser.add(source[position : match.start()])
        if match[0] != "<":
            parser.add(html.unescape(match[0]))
            position = match.end()
        elif source.startswith("</", match.start()):
            position = parser.close(match.start())
        else:
            position = parser.open(match.start())
    parser.add(source[position:])
    if parser.stack:
        tag = parser.stack[-1].tag
        raise parser.fail(f'Can\'t find end tag corresponding to start tag "{tag}"')
    return "".join(parser.parts), ordered(_without_marks_in_code(parser.entities))


def _without_marks_in_code(entities: list[Json]) -> list[Json]:
    code = [entity for entity in entities if entity["type"] in {"code", "pre"}]
    return [
        entity
        for entity in entities
        if entity in code
        or not any(
            block["offset"] <= entity["offset"]
            and entity["offset"] + entity["length"] <= block["offset"] + block["length"]
            for block in code
        )
    ]
