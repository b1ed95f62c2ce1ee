"""Takes out of typed text what could name or reach a person. Pure.

Every repetition has a limit, so that the time grows with the length of a text and no faster. A sign
of any script's digits is a digit.
"""

import re

# A number of ten to fifteen digits, written together or in small groups.
_LONG = r"(?<!\d)(?:\+|00)?\d(?:[ ().\-–]{0,2}\d){9,14}(?!\d)"
# In groups as no quantity is written: groups of thousands have three digits after a comma.
_GROUPED = (
    r"(?<!\d)(?=(?:[^\w\s]?\d|_\d){10})\d{3,6}(?P<sign>[/_*:;|\\~•·—])\d{3,6}"
    r"(?:(?P=sign)\d{3,6}){0,2}(?![^\w\s]?\d)"
)
_COMMA = r"(?<![\d,])\d{4,6},\d{4,6}(?!\d)"
# A mobile number of Bangladesh, with whatever signs between its digits.
_SIGNS = r"(?:[^\w\s]|[_ ]){0,3}"
_MOBILE = (
    rf"(?<!\d)(?:(?:\+|00)?[8৮][8৮]{_SIGNS}[0০]?{_SIGNS}|[0০])"
    rf"[1১][3-9৩-৯](?:{_SIGNS}\d){{8}}(?!\d)"
)
# Eight or nine digits in two groups.
_SHORT = (
    r"(?<![\d.,/+*=\-–])(?:\d{4}[ _\-–]\d{4,5}|\d{3}[ _\-–]\d{5,6}|\d{5,6}[ _\-–]\d{3})"
    r"(?![\d.,/]\d|\d)"
)
_PHONE = f"{_MOBILE}|{_LONG}|{_GROUPED}|{_COMMA}|{_SHORT}"

# So many digits in one are an answer like others, unless the words before them say what they are.
_TOLD = (
    r"(?<!\w)(?:(?:tele)?phone|mobile|mob|cell|whats\s?app|imo|ফোন|মোবাইল|হোয়াটসঅ্যাপ|ইমো)"
    r"(?:\s(?:no|num|number|nombor|nambar|নম্বর|নাম্বার|নং)\b)?\.?(?:টা|টি)?"
    r"(?:\s(?:is|no|holo|hol|hocche|হলো|হল|হচ্ছে))?(?:\s?[:=\-–—,।]\s?|\s)"
)
_PLAIN = rf"(?P<told>{_TOLD})(?P<digits>\d{{7,9}})(?!\d)"

_AT_WORDS = "at|এট|এ্যাট|অ্যাট|@|＠"
_AT = rf"(?:\s?[@＠﹫]\s?|\s?[(\[{{<]\s?(?:{_AT_WORDS})\s?[)\]}}>]\s?)"
_DOT = r"(?:\.|\s?[(\[{<]\s?(?:dot|ডট|\.)\s?[)\]}>]\s?|\s(?:dot|ডট)\s)"
_MAIL = (
    rf"[\w.+-]{{1,64}}{_AT}[\w-]{{1,64}}(?:{_DOT}[\w-]{{1,64}}){{1,4}}"
    r"|\w[\w.+-]{0,63}[@＠﹫][\w-]{1,64}"
    rf"|[\w.+-]{{1,64}}\s(?:at|এট|অ্যাট)\s[\w-]{{1,64}}{_DOT}[a-z]{{2,10}}(?!\w)"
)
_HANDLE = r"(?<!\w)[@＠﹫]\s?\w{2,64}"
_DOMAINS = "com|org|net|edu|gov|info|biz|io|me|ai|app|dev|xyz|link|ly|gl|gg|tv|co|bd|in|uk|us"
_LINK = (
    r"(?:[a-z][a-z0-9+.-]{1,15}://|www\.|tg:|mailto:)\S+"
    rf"|(?<![\w@])(?:[a-z][a-z0-9-]{{0,62}}\.){{1,6}}(?:{_DOMAINS})(?![a-z0-9])(?:/\S*)?"
)

# A letter; Bangla's vowel signs are none for Python.
_LETTER = r"(?:[^\W\d_]|[\u0980-\u09e5])"
_NO_NAMES = (
    "and|but|from|i|im|in|of|so|please|what|how|the|is|it|my|this|not|help|class|grade|called|me"
    "|ami|ar|kintu|theke|amar|er|আর|এবং|ও|আমি|আমার|কিন্তু|থেকে|কী|কি|কীভাবে|এটা"
)
_NAME = (
    rf"(?!(?:{_NO_NAMES})(?!{_LETTER}))"
    rf"(?:{_LETTER}{{1,3}}\.\s?)?{_LETTER}(?:{_LETTER}|['’-]){{0,30}}"
)
_INTRODUCTION = (
    r"(?<!\w)(?:my\s(?:\w{1,10}\s)?name(?:\sis|['’]?s)?"
    r"|(?:i\sam|i['’]?m|i\sget)\s(?:called|named)|calls?\sme"
    r"|amar\s(?:\w{1,10}\s)?na+m(?:ta)?(?:\s(?:holo|hol|hocche|hochhe|hoche))?"
    r"|(?:আমার\s(?:[\u0980-\u09e5]{1,10}\s)?নাম(?:টা|টি)?(?:\s(?:হলো|হল|হচ্ছে))?))"
    r"(?:\s?[:=\-–—,।]\s?|\s)"
)
_INTRODUCED = rf"(?P<before>{_INTRODUCTION})(?P<called>{_NAME}(?:\s{{1,2}}{_NAME}){{0,2}})"
_PRIVATE = re.compile(
    rf"(?i)(?P<mail>{_MAIL})|(?P<link>{_LINK})|(?P<name>{_HANDLE})|(?P<phone>{_PHONE})"
    rf"|{_INTRODUCED}|{_PLAIN}"
)


def mask(text: str) -> str:
    """Return a text in which phone numbers, addresses, links and names are only their kinds.

    A name is one with an @, or one by which somebody introduces themselves.
    """
    return _PRIVATE.sub(_kind, text)


def _kind(found: re.Match[str]) -> str:
    if found["called"]:
        return f"{found['before']}[name]"
    if found["digits"]:
        return f"{found['told']}[phone]"
    return f"[{found.lastgroup}]"
