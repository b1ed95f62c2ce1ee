"""Takes out of typed text what could name or reach a person. Pure."""

import re

# Two digits of a phone number are at most one separator apart; any script's digits.
_PHONE = r"(?<!\d)(?:\+|00)?\d(?:[ ().\-–]{0,2}\d){9,14}(?!\d)"
_MAIL = r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+"
_NAME = r"(?<!\w)[@＠]\s?\w{2,64}"
_DOMAINS = "com|org|net|edu|gov|info|biz|io|me|ai|app|dev|xyz|link|ly|gl|gg|tv|co|bd|in|uk|us"
_LINK = (
    r"(?:[a-z][a-z0-9+.-]{1,15}://|www\.|tg:|mailto:)\S+"
    rf"|(?<![\w@])(?:[a-z][a-z0-9-]{{0,62}}\.)+(?:{_DOMAINS})(?![a-z0-9])(?:/\S*)?"
)
_PRIVATE = re.compile(
    rf"(?i)(?P<mail>{_MAIL})|(?P<link>{_LINK})|(?P<name>{_NAME})|(?P<phone>{_PHONE})"
)


def mask(text: str) -> str:
    """Return a text with phone numbers, addresses, links and @names replaced by their kind."""
    return _PRIVATE.sub(lambda found: f"[{found.lastgroup}]", text)
