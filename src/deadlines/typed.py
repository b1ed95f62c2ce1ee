"""Reads what a pupil types to write something down: "history essay friday 5pm". Pure.

A date stands at the end, or at the beginning, in words that name dates and nothing else. English
dates are read by dateparser; Bangla ones, and Bangla in Latin letters, are put into English first.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import dateparser

from src.bangla import one_spelling
from src.deadlines.rules import LONGEST_TITLE

LONGEST_READ = 500
# No date that somebody types is longer.
_MOST_WORDS = 8
_FURTHEST = timedelta(days=2 * 365)
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_IN_ENGLISH = {
    "today": "আজ আজকে aj ajke aaj tonight",
    "tomorrow": "কাল আগামীকাল কালকে আগামীকালকে kal kalke agamikal tmrw tmr tomorow",
    "overmorrow": "পরশু পরশুদিন porshu",
    "monday": "সোমবার সোম shombar sombar mon",
    "tuesday": "মঙ্গলবার মঙ্গল mongolbar tue tues",
    "wednesday": "বুধবার বুধ budhbar wed",
    "thursday": "বৃহস্পতিবার বৃহস্পতি brihospotibar thu thur thurs",
    "friday": "শুক্রবার শুক্র shukrobar fri",
    "saturday": "শনিবার শনি shonibar",
    "sunday": "রবিবার রবি robibar",
    "january": "জানুয়ারি জানুয়ারী jan",
    "february": "ফেব্রুয়ারি ফেব্রুয়ারী feb",
    "march": "মার্চ",
    "april": "এপ্রিল apr",
    "may": "মে",
    "june": "জুন jun",
    "july": "জুলাই jul",
    "august": "আগস্ট অগাস্ট aug",
    "september": "সেপ্টেম্বর sep sept",
    "october": "অক্টোবর oct",
    "november": "নভেম্বর nov",
    "december": "ডিসেম্বর dec",
    "morning": "সকাল সকালে ভোর ভোরে sokal sokale vor am",
    "noon": "দুপুর দুপুরে dupur dupure midday",
    "evening": "বিকাল বিকেল বিকালে বিকেলে সন্ধ্যা সন্ধ্যায় bikal bikel bikele shondha sondha"
    " shondhay pm afternoon",
    "night": "রাত রাতে rat rate raat",
    "next": "আগামী সামনের পরের agami porer coming",
    "days": "দিন din day",
    "weeks": "সপ্তাহ সপ্তাহে soptaho shoptaho week",
    "after": "পর পরে por pore later",
    "date": "তারিখ তারিখে tarikh tarikhe",
    # They say nothing by themselves.
    "the": "by on at due before for till until this of in within মধ্যে আগে এর জন্য modhye moddhe"
    " age er th st nd rd o'clock oclock টায় টার টা ta tay",
}
_COUNTED = (
    "one ek এক|two dui দুই|three tin তিন|four char চার|five pach পাঁচ|six choy ছয়"
    "|seven সাত|eight আট|nine noy নয়|ten dosh দশ"
)
_NUMBERS = {
    word: str(number)
    for number, names in enumerate(_COUNTED.split("|"), start=1)
    for word in names.split()
}


def _same(text: str) -> str:
    """Return a text as words are compared: one spelling, Latin digits, lower case."""
    signs = one_spelling(text).casefold()
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in signs)


_WORDS = {
    _same(word): english
    for english, names in _IN_ENGLISH.items()
    for word in (english, *names.split())
}
_WORDS |= {_same(word): number for word, number in _NUMBERS.items()}
_TIME = re.compile(
    r"^(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?P<part>am|pm|a\.m\.|p\.m\.)?$", re.ASCII
)
_NUMBERED = re.compile(r"^(\d{1,2})(?:st|nd|rd|th|টায়|টার|টা|ta|tay|শে|ই|লা|রা|ঠা)$")
_NUMERIC = re.compile(r"^(\d{1,2}/\d{1,2}|\d{1,4}([./-])\d{1,2}\2\d{1,4})$", re.ASCII)
_TRIMMED = " \t\n.,;:!?।-–—"
_SETTINGS = {"PREFER_DATES_FROM": "future", "DATE_ORDER": "DMY", "PREFER_DAY_OF_MONTH": "first"}


@dataclass(frozen=True, slots=True)
class TypedDue:
    """When something is due, as it was typed.

    Attributes:
        due_at: The instant, aware; None where only a day was named.
        due_on: The day, where no time was named.
    """

    due_at: datetime | None = None
    due_on: date | None = None


def read_task(text: str, now: datetime, timezone: str) -> tuple[str, TypedDue | None]:
    """Return what is to be done and when, of one line; without a date all of it is what to do.

    Args:
        text: As it was typed.
        now: The present, aware.
        timezone: IANA name of where the pupil lives.
    """
    words = text[:LONGEST_READ].split()
    for count in range(min(len(words), _MOST_WORDS), 0, -1):
        for cut, rest in ((words[-count:], words[:-count]), (words[:count], words[count:])):
            due = read_due(" ".join(cut), now, timezone)
            if due is not None and rest:
                return _title(rest), due
    return _title(words), None


def _title(words: list[str]) -> str:
    return " ".join(words).strip(_TRIMMED)[:LONGEST_TITLE].strip()


def read_due(text: str, now: datetime, timezone: str) -> TypedDue | None:
    """Return when something is due, of words that say nothing else; None for another text.

    What lies in the past is the next one of its kind, where there is one; else it is none.
    """
    words = _known(text)
    if not words:
        return None
    local = now.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    day_words, at = _split_time(words)
    day = _read_day(day_words, local)
    if day is None and (day_words or at is None):
        return None
    if at is None:
        assert day is not None
        return TypedDue(due_on=day) if _is_near(day, local.date()) else None
    if day is None:
        day = local.date() + timedelta(days=at <= local.time())
    due_at = datetime.combine(day, at, ZoneInfo(timezone)).astimezone(UTC)
    return TypedDue(due_at) if due_at > now and _is_near(day, local.date()) else None


def _is_near(day: date, today: date) -> bool:
    return today <= day <= today + _FURTHEST


def _known(text: str) -> list[str]:
    """Return the words in English, if each of them can be part of a date; else none."""
    found = []
    for raw in _same(text).replace(",", " ").split():
        word = raw.strip(_TRIMMED) if not _NUMERIC.match(raw) else raw
        numbered = _NUMBERED.match(word)
        if word in _WORDS:
            found.append(_WORDS[word])
        elif numbered:
            is_hour = word.endswith(("টা", "টায়", "টার", "ta", "tay"))
            found.append(f"{numbered[1]}:00" if is_hour else numbered[1])
        elif _TIME.match(word) or _NUMERIC.match(word) or re.fullmatch(r"20\d\d", word):
            found.append(word)
        else:
            return []
    return [word for word in found if word != "the"]


def _split_time(words: list[str]) -> tuple[list[str], time | None]:
    """Take the time of day out of some words."""
    parts = [word for word in words if word in _PARTS]
    others = [word for word in words if word not in _PARTS]
    place = next((n for n, word in enumerate(others) if _is_time(word)), None)
    if place is None and parts and len(set(parts)) == 1:
        # "at 5 in the afternoon": a bare number beside a part of the day.
        bare = [n for n, word in enumerate(others) if word.isdigit() and len(word) <= 2]
        place = bare[-1] if bare else None
        if place is None:
            return others, _PARTS[parts[0]][1]
    if place is None:
        return words, None
    at = _read_time(others[place], parts[0] if parts else "")
    return (others[:place] + others[place + 1 :], at) if at else (words, None)


# From which hour on a bare number means which; and what the part alone means.
_PARTS: dict[str, tuple[int, time]] = {
    "morning": (0, time(9)),
    "noon": (11, time(12)),
    "evening": (12, time(17)),
    "night": (18, time(21)),
}


def _is_time(word: str) -> bool:
    found = _TIME.match(word)
    return bool(found and (found["minute"] or found["part"]))


def _read_time(word: str, part: str) -> time | None:
    found = _TIME.match(word)
    if found is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["part"] or "")[:1]
    if hour > 23 or minute > 59 or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + 12 * (half == "p")
    elif part and hour <= 12:
        hour = _in_part(hour % 12, part)
    elif not part and word.endswith(":00") and 1 <= hour <= 6:
        # A bare ৫টা is five in the afternoon: nothing is due before school.
        hour += 12
    return time(hour, minute)


def _in_part(hour: int, part: str) -> int:
    """Return the hour of a part of the day: রাত ১টা is one at night, রাত ৯টা nine in the evening."""
    if part == "night":
        return hour + 12 if hour >= 6 else hour
    if part == "noon":
        return hour if hour in {10, 11} else hour + 12
    return hour + 12 * (part == "evening")


def _read_day(words: list[str], local: datetime) -> date | None:
    """Return the day that some words name, in English by now."""
    today, numbers = local.date(), [word for word in words if word.isdigit()]
    ahead = _ahead(words, today)
    if ahead is not None:
        return today + timedelta(days=ahead)
    if len(numbers) == 1 and set(words) - set(numbers) == {"date"}:
        return _of_month(int(numbers[0]), today)
    named = set(words) & set(_MONTHS) and numbers
    if not (words and (named or _has_numeric(words))):
        return None
    given = _SETTINGS | {"RELATIVE_BASE": local}
    read = dateparser.parse(" ".join(words), languages=["en"], settings=given)
    return read.date() if read else None


_RELATIVE = {("today",): 0, ("tomorrow",): 1, ("overmorrow",): 2, ("next", "weeks"): 7}


def _ahead(words: list[str], today: date) -> int | None:
    """Return how many days ahead some words mean; None where they mean something else."""
    if tuple(words) in _RELATIVE:
        return _RELATIVE[tuple(words)]
    weekday = next((word for word in words if word in _DAYS), None)
    if weekday is not None and set(words) <= {weekday, "next"}:
        ahead = (_DAYS.index(weekday) - today.weekday()) % 7
        return ahead or 7 * ("next" in words)
    numbers = [word for word in words if word.isdigit()]
    others = set(words) - set(numbers) - {"after"}
    if len(numbers) == 1 and others in ({"days"}, {"weeks"}):
        return int(numbers[0]) * (7 if others == {"weeks"} else 1)
    return None


def _has_numeric(words: list[str]) -> bool:
    return len(words) == 1 and bool(_NUMERIC.match(words[0]))


def _of_month(number: int, today: date) -> date | None:
    """Return the next day of this number: the 12th of this month, or of one after it."""
    day = today.replace(day=1)
    for _ in range(3):
        try:
            found = day.replace(day=number)
        except ValueError:
            found = None
        if found is not None and found >= today:
            return found
        day = (day + timedelta(days=32)).replace(day=1)
    return None
