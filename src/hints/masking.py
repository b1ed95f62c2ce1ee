"""Takes out of typed text what could name or reach a person. Pure.

Every repetition has a limit, so that the time grows with the length of a text and no faster. A sign
of any script's digits is a digit.
"""

import re
from itertools import pairwise

# A number of ten to fifteen digits, written together or in small groups.
_LONG = r"(?<!\d)(?:\+|00)?\d(?:[ ().\-–]{0,2}\d){9,14}(?!\d)"
# In groups as no quantity is written: groups of thousands have three digits after a comma.
_GROUPED = (
    r"(?<!\d)(?=(?:[^\w\s]?\d|_\d){10})\d{3,6}(?P<sign>[/_*:;|\\~•·—])\d{3,6}"
    r"(?:(?P=sign)\d{3,6}){0,2}(?![^\w\s]?\d)"
)
_COMMA = r"(?<![\d,])\d{4,6},\d{4,6}(?!\d)"
# A mobile number of Bangladesh, with whatever signs between its digits.
_SIGNS = r"(?:[\W_]{0,5}|[\W_]?[^\W\d_]{1,3}[\W_]?)"
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
# Said digit by digit, some of them perhaps in figures.
_DIGIT_WORD = (
    "zero|oh|one|two|three|four|five|six|seven|eight|nine"
    "|shunno|shunyo|sunno|ek|dui|tin|char|chaar|pach|panch|choy|chhoy|chhoi|soy|sat|saat|shat|at|aat|noy|noi"
    "|শূন্য|শুন্য|এক|দুই|তিন|চার|পাঁচ|পাচ|ছয়|ছয়|সাত|আট|নয়|নয়"
    "|জিরো|ওয়ান|ওয়ান|টু|থ্রি|ফোর|ফাইভ|সিক্স|সেভেন|এইট|নাইন"
)
_TWICE = "double|triple|ডাবল|ট্রিপল"
_BORDER = r"[\w\u0980-\u09e5]"
_SPOKEN = (
    rf"(?<!{_BORDER})(?:{_DIGIT_WORD})(?:[ ,.\-–]{{1,3}}"
    rf"(?:(?:{_TWICE})[ -])?(?:{_DIGIT_WORD}|\d{{1,6}})(?!{_BORDER})){{7,16}}"
)
_PHONE = f"{_MOBILE}|{_LONG}|{_GROUPED}|{_COMMA}|{_SHORT}|{_SPOKEN}"

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
# In small letters a name is a word that is none of those which are said there.
_AT_FIRST = r"(?:^|(?<=[.,!?;:\n] )|(?<=hi )|(?<=hello )|(?<=hey ))"
_SMALL = (
    rf"(?P<small>(?<!\w)(?:i{_GAP}am|i['’]?m|{_AT_FIRST}this{_GAP}is){_GAP})"
    rf"(?P<first>[a-z]{{3,30}})(?![\w'’])"
    rf"(?:(?P<between>\s{{1,2}})(?P<second>[a-z]{{2,30}})(?![\w'’]))?"
)
_SPEAKING = (
    rf"(?P<speaks>(?<!\w)(?:ami|আমি){_GAP})(?P<speaker>{_NAME}(?:\s{{1,2}}{_NAME})?)"
    rf"(?={_GAP}(?:bolchh?i|bolsi|boltesi|বলছি|বলতেছি)(?!{_LETTER}))"
)
_LABELLED = (
    r"(?P<label>(?:^|(?<=[\n,.;।:] )|(?<=[\n,.;।:]))(?:name|na+m|নাম)\s{0,2}[:=\-–—]\s{0,2})"
    rf"(?P<labelled>{_NAME}(?:\s{{1,2}}{_NAME}){{0,2}})"
)
_PRIVATE = re.compile(
    rf"(?i)(?P<mail>{_MAIL})|(?P<link>{_LINK})|(?P<name>{_HANDLE})|(?P<phone>{_PHONE})"
    rf"|{_INTRODUCED}|{_PRESENTED}|{_SMALL}|{_SPEAKING}|{_LABELLED}|{_PLAIN}"
)
_SAID_THERE = (
    "a able about absent afraid again all almost alone already also always am an and angle"
    " angry another answer any ashamed asleep at available average awake away back bad"
    " bangladeshi because been before behind bengali best better between big bit blank blind"
    " blocked bored both boy brilliant broken busy but by called child circle class clear"
    " clever close cold coming completely correct crazy cross curious dead deaf definitely"
    " different doing done doubtful down dumb easy eight eighth eleven else english equation"
    " even everything exactly example excellent exhausted extremely facing fail fair fast"
    " female figure fine finished first five for four fraction free fresh from full fun funny"
    " girl giving glad going gone good grade graph great guilty half happy hard having heading"
    " hello help her here hi him hindu hint his home honest hopeless how hungry hurt i ill im"
    " impossible in incorrect inside into is it its just kid kind last late lazy learning"
    " least left less like line little lost low mad male math mathematics maths me mean middle"
    " mistaken more most much muslim my nearly nervous never new next nice nine no nobody none"
    " normal not nothing now number of off ok okay old on one only open or other our out over"
    " part picture please poor pretty problem pupil question quick quiet quite ready real"
    " really right rule same saying scared second see seven shape shy sick silly simple since"
    " six slow small smart so solution some somewhat sorry square step still strong stuck"
    " student stupid such super sure surprised tall teacher ten terrible thankful that the"
    " their there these they this those three through tired to today told too top tough"
    " triangle true twelve two unable under unfair unhappy unsure until up upset very way weak"
    " weird well what when where which who why wise with without wrong yes yet young your zero"
)
_NO_NAME = frozenset(_SAID_THERE.split())
# What stands before a name, and the name.
_NAMED = {
    "before": "called",
    "presents": "presented",
    "speaks": "speaker",
    "label": "labelled",
}
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_ENDINGS = ("ing", "ed", "ly", "less", "ful")


def mask(text: str) -> str:
    """Return a text in which phone numbers, addresses, links and names are only their kinds.

    A name is one with an @, or one by which somebody introduces themselves.
    """
    return _PRIVATE.sub(_kind, text)


def _kind(found: re.Match[str]) -> str:
    for before, name in _NAMED.items():
        if found[name]:
            return f"{found[before]}[name]"
    if found["small"]:
        return f"{found['small']}{_without_name(found)}"
    if found["digits"]:
        return f"{found['told']}[phone]"
    is_list = found["phone"] is not None and _is_list(found["phone"])
    return found[0] if is_list else f"[{found.lastgroup}]"


def _without_name(found: re.Match[str]) -> str:
    first, between, second = found["first"], found["between"] or "", found["second"] or ""
    if _is_said(first):
        return f"{first}{between}{second}"
    return "[name]" if not second or not _is_said(second) else f"[name]{between}{second}"


def _is_said(word: str) -> bool:
    small = word.casefold()
    return small in _NO_NAME or small.endswith(_ENDINGS)


def _is_list(text: str) -> bool:
    """Return whether numbers grow as an answer's do: 12 15 18 21 24, 1000 2000, 2024-2025."""
    if not re.fullmatch(r"\d+(?:[ -]\d+)+", text):
        return False
    groups = re.findall(r"\d+", text)
    numbers = [int(group) for group in groups]
    is_plain = not any(len(group) > 1 and int(group[0]) == 0 for group in groups)
    grows = all(one < two for one, two in pairwise(numbers))
    are_years = all(_FIRST_YEAR <= one <= _LAST_YEAR for one in numbers)
    return (
        is_plain and grows and (len(groups) > 2 or are_years or all(n % 100 == 0 for n in numbers))
    )
