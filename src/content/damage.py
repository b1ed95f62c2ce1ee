"""What a spreadsheet or a converter did to a cell, named as what it is."""

import json
import re
from collections.abc import Iterator, Mapping

from src.content.faults import Finding

# Whole names: 5 decimetres and ৫ মেট্রিক টন are no dates.
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|জানু\S*|ফেব\S*|মার্চ|এপ্রিল?|মে|জুন|জুলাই?|আগ(?:স্ট)?|সেপ\S*|অক্টো\S*|নভে\S*|ডিসে\S*)"
)
_DATE = re.compile(
    rf"\d{{1,2}}[-\s.]+{_MONTH}\.?(?:[-\s.,]+\d{{2,4}})?|{_MONTH}[-\s.]+\d{{1,4}}(?:,? \d{{4}})?"
    r"|\d{4}-\d\d-\d\d(?:[T ].*)?|\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d\d)(?: .*)?"
    r"|\d{1,2}:\d\d:00(?: ?[AP]M)?|\d{1,2}:\d\d(?::\d\d)? ?[AP]M",
    re.IGNORECASE,
)
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+")
_FORMULA = re.compile(r"#(?:NAME\?|REF!|VALUE!|DIV/0!|N/A|NUM!|NULL!|#+)|Err:\d+")
_LOST = re.compile(r"\?{3,}|\ufffd")
_READ_WRONGLY = re.compile("(?:à[¦§][^ ]{1,2}){2}")
_LETTERS = re.compile(r"[A-Za-z\u0980-\u09ff]")
_CURLY = re.compile("[“”„‟″＂]")
_WRITTEN_IN_DIGITS = ("grade", "content_version", "difficulty", "estimated_time_minutes")
_PROSE_ANSWERS = frozenset({"text", "choice", "list", "set"})


def find_damage(cells: Mapping[str, str]) -> Iterator[Finding]:
    """Name the cells that no longer hold what somebody typed.

    Args:
        cells: The cells of a CSV row by column.
    """
    for column, text in cells.items():
        if code_and_message := _find_formula(text) or _find_lost(column, text):
            yield Finding(column, *code_and_message)
    dated = [*_WRITTEN_IN_DIGITS]
    if cells["answer_type"].strip() not in _PROSE_ANSWERS:
        dated.append("answer")
    for column in dated:
        if code_and_message := _find_date(cells[column].strip()):
            yield Finding(column, *code_and_message)


def _find_formula(text: str) -> tuple[str, str] | None:
    if _FORMULA.fullmatch(text.strip()):
        reason = "a spreadsheet took what was typed for a formula; format the column as text"
        return "spreadsheet_formula", f"holds {text.strip()}: {reason}"
    return None


def _find_lost(column: str, text: str) -> tuple[str, str] | None:
    again = "take the original and save it as CSV UTF-8"
    only_marks = column.endswith("_bn") and "?" in text and not _LETTERS.search(text)
    if only_marks or _LOST.search(text):
        return "lost_letters", f"holds ??? where letters were lost when it was saved; {again}"
    if _READ_WRONGLY.search(text):
        return "lost_letters", f"holds Bangla that was opened in a wrong encoding; {again}"
    return None


def _find_date(text: str) -> tuple[str, str] | None:
    again = "format the column as text and type it again"
    if _DATE.fullmatch(text):
        return "spreadsheet_date", f"{text!r}: a spreadsheet made a date or time of it; {again}"
    if _ROUNDED.fullmatch(text):
        return "spreadsheet_number", f"{text!r}: a spreadsheet rounded the number; {again}"
    return None


def has_typographic_quotes(text: str) -> bool:
    """Return whether text that is no JSON would be with straight quotes."""
    straight = _CURLY.sub('"', text)
    if straight == text:
        return False
    try:
        json.loads(straight)
    except (ValueError, RecursionError):
        return _CURLY.match(text.lstrip("[{ \t\r\n")) is not None
    return True
