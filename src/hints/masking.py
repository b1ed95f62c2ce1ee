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
_SIGNS = r"[\W_]{0,5}"
_MOBILE = (
    rf"(?<!\d)(?:(?:\+|00)?[8৮][8৮]{_SIGNS}[0০]?{_SIGNS}|[0০])"
    rf"[1১][3-9৩-৯](?:{_SIGNS}\d){{8}}(?!\d)"
)
# Eight or nine digits in two groups, or a code that begins with nought and a number.
_SHORT = (
    r"(?<![\d.,/+*=\-–])(?:[0\u09e6]\d{1,2}[ _\-–]\d{6,7}"
    r"|\d{4}[ _\-–]\d{4,5}|\d{3}[ _\-–]\d{5,6}|\d{5,6}[ _\-–]\d{3})"
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

# Signs of words; Bangla's vowel signs are none for Python.
_WORD = r"\w\u0980-\u09e5"
_AT_WORDS = "at|এট|এ্যাট|অ্যাট|@|＠"
_AT = rf"(?:\s?[@＠﹫]\s?|\s?[(\[{{<]\s?(?:{_AT_WORDS})\s?[)\]}}>]\s?)"
_DOT = r"(?:\.|\s?[(\[{<]\s?(?:dot|ডট|\.)\s?[)\]}>]\s?|[\s_-](?:dot|ডট)[\s_-])"
_SPOKEN_AT = r"[\s_-](?:at(?:\sthe\srate)?(?:\sof)?|এট|এ্যাট|অ্যাট)[\s_-]"
_HOSTS = r"(?:gmail|yahoo|hotmail|outlook|icloud|জিমেইল|ইয়াহু|হটমেইল|আউটলুক)"
_MAIL = (
    rf"[{_WORD}.+-]{{1,64}}{_AT}[{_WORD}-]{{1,64}}(?:{_DOT}[{_WORD}-]{{1,64}}){{1,4}}"
    rf"|\w[{_WORD}.+-]{{0,63}}[@＠﹫][{_WORD}-]{{1,64}}"
    rf"|(?<![{_WORD}.+-])[{_WORD}.+-]{{1,64}}{_SPOKEN_AT}[{_WORD}-]{{1,64}}{_DOT}"
    rf"(?:[a-z]{{2,10}}|কম|নেট|অর্গ|বিডি)(?![{_WORD}])"
    rf"|(?<![{_WORD}.+-])[{_WORD}.+-]{{1,64}}{_SPOKEN_AT}{_HOSTS}(?![{_WORD}])"
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
    rf"(?:{_LETTER}{{1,3}}\.\s?){{0,3}}{_LETTER}(?:{_LETTER}|['’-]){{0,30}}"
)
_GAP = r"\s{1,3}"
_BEFORE_A_NAME = r"(?:\s{0,3}(?:[:=\-–—,।]|\.{2,3})\s{0,3}|\s{1,3})(?:[\"'“”‘’«*_(\[]{1,2})?"
_INTRODUCTION = (
    rf"(?<!\w)(?:my{_GAP}(?:\w{{1,10}}{_GAP})?(?:nick|sur)?name(?:{_GAP}is|['’]?s)?"
    rf"|(?:i{_GAP}am|i['’]?m|i{_GAP}get){_GAP}(?:called|named)|calls?{_GAP}me"
    rf"|ama?r{_GAP}(?:\w{{1,10}}{_GAP})?(?:dak)?na+m(?:ta)?"
    rf"(?:{_GAP}(?:holo|hol|hocche|hochhe|hoche))?"
    rf"|(?:আমার{_GAP}(?:[\u0980-\u09e5]{{1,10}}{_GAP})?(?:ডাক)?নাম(?:টা|টি)?"
    rf"(?:{_GAP}(?:হলো|হল|হচ্ছে))?)){_BEFORE_A_NAME}"
)
_INTRODUCED = rf"(?P<before>{_INTRODUCTION})(?P<called>{_NAME}(?:\s{{1,2}}{_NAME}){{0,2}})"
# Without such a word a name is known by its capital.
_CAPITAL = rf"(?-i:(?!(?:{_NO_NAMES})(?!{_LETTER}))[A-Z][a-z]{{2,30}})"
_PRESENTED = (
    rf"(?P<presents>(?<!\w)(?:i{_GAP}am|i['’]?m){_GAP})"
    rf"(?P<presented>{_CAPITAL}(?:\s{{1,2}}{_CAPITAL}){{0,2}})"
)
_PRIVATE = re.compile(
    rf"(?i)(?P<mail>{_MAIL})|(?P<link>{_LINK})|(?P<name>{_HANDLE})|(?P<phone>{_PHONE})"
    rf"|{_INTRODUCED}|{_PRESENTED}|{_PLAIN}"
)


def mask(text: str) -> str:
    """Return a text in which phone numbers, addresses, links and names are only their kinds.

    A name is one with an @, or one by which somebody introduces themselves.
    """
    return _PRIVATE.sub(_kind, text)


def _kind(found: re.Match[str]) -> str:
    if found["called"]:
        return f"{found['before']}[name]"
    if found["presented"]:
        return f"{found['presents']}[name]"
    if found["digits"]:
        return f"{found['told']}[phone]"
    return f"[{found.lastgroup}]"
