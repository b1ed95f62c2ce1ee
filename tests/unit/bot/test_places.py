"""What pupils type at a step of the registration: places, grades, yes and no."""

import re
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from bot.views.common import place_name
from bot.views.registration import ZONES
from bot.words import words
from src.accounts.places import DISTRICTS, ELSEWHERE, HOME_ZONE
from src.accounts.timezones import find_timezone
from src.accounts.typed import read_grade, read_language, read_yes_or_no, wants_no_reminders

KNOWN = {
    "Asia/Dhaka": "ঢাকা|Dhaka?|dhaka|Dacca|বাংলাদেশ।|I live in Sylhet|আমি ঢাকায় থাকি|রাজশাহীতে"
    "|Cox's Bazar|Sylhet, Bangladesh|ময়মনসিংহ|ময়মনসিংহ|Comilla|Asia/Dhaka",
    "Asia/Kolkata": "India|Kolkata|কলকাতা|Asia/Kolkata",
    "Asia/Dubai": "Dubai|দুবাই|দুবাইয়ে",
    "Europe/London": "London|লন্ডন",
    "America/New_York": "New York|নিউ ইয়র্ক|new york city",
    "America/Port-au-Prince": "port au prince",
    "Australia/Sydney": "sydney",
    "Australia/Perth": "Perth, Australia",
}
UNKNOWN = (
    "GMT+6|Atlantis|1042|7/8|true|A|tell us|Springfield, Canada|London Road Dhaka|?||" + "x" * 99
)


@pytest.mark.parametrize(
    ("typed", "zone"), [(typed, zone) for zone, all_ in KNOWN.items() for typed in all_.split("|")]
)
def test_a_place_is_known(typed: str, zone: str) -> None:
    assert find_timezone(typed) == zone


@pytest.mark.parametrize("typed", UNKNOWN.split("|"))
def test_what_is_no_place_is_not_guessed(typed: str) -> None:
    assert find_timezone(typed) is None


def test_all_districts_of_bangladesh_are_home() -> None:
    assert len(DISTRICTS) == 64
    for line in DISTRICTS:
        assert {find_timezone(name) for name in line.split(",")} == {HOME_ZONE}


def test_every_place_elsewhere_has_its_own_zone() -> None:
    for zone, names in ELSEWHERE.items():
        assert ZoneInfo(zone).key == zone
        assert {find_timezone(name) for name in names.split(",")} == {zone}


@pytest.mark.parametrize("zone", sorted({HOME_ZONE, *ZONES, *ELSEWHERE}))
def test_the_city_of_a_known_zone_has_a_name_in_bangla(zone: str) -> None:
    assert not re.search(r"[A-Za-z]", place_name(words("bn"), zone))
    assert place_name(words("en"), zone) == zone.rpartition("/")[2].replace("_", " ")


@pytest.mark.parametrize(
    ("typed", "grade"),
    [
        *[(typed, 8) for typed in ("আট", "eight", "class 8", "৮ম", "৮", "8.")],
        *[(typed, 7) for typed in ("Class VII", "৭ম শ্রেণি")],
        *[(typed, 6) for typed in ("I'm in class 6", "ষষ্ঠ শ্রেণীতে পড়ি")],
        *[(typed, None) for typed in ("9", "42", "class", "6 or 7", "")],
    ],
)
def test_a_grade_is_read_where_it_is_clear(typed: str, grade: int | None) -> None:
    assert read_grade(typed) == grade


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *[(typed, True) for typed in ("yes", "হ্যাঁ", "ok", "OK!", "জ্বি")],
        *[(typed, False) for typed in ("no", "না", "not now", "No, thanks!", "না, ধন্যবাদ")],
        *[(typed, None) for typed in ("maybe", "")],
    ],
)
def test_consent_is_read_from_a_plain_word_only(typed: str, meant: bool | None) -> None:
    assert read_yes_or_no(typed) is meant


@pytest.mark.parametrize("typed", ["no thanks", "না ধন্যবাদ", "lagbe na", "বন্ধ"])
def test_reminders_are_declined_as_people_decline(typed: str) -> None:
    assert wants_no_reminders(typed)


@pytest.mark.parametrize("read", [read_grade, read_yes_or_no, read_language])
def test_a_long_text_is_no_choice_and_costs_no_more_than_a_short_one(
    read: Callable[[str], object],
) -> None:
    def seconds(text: str) -> float:
        started = time.process_time()
        for _ in range(50):
            read(text)
        return time.process_time() - started

    for long in ("1 " * 2047, "yes " * 1000, "class " * 600 + "8"):
        assert read(long) is None
        assert seconds(long) < 20 * max(seconds("class 8"), 1e-4)


def test_a_language_is_read_by_its_name() -> None:
    assert read_language("English") == "en"
    assert read_language("ইংরেজি") == "en"
    assert read_language("বাংলা।") == "bn"
    assert read_language("hello") is None
