"""Plain words that stand for a button or a command: hint, skip, stop, delete my data."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from src.bangla import one_spelling


class Wish(Enum):
    """What a pupil who types no answer may want."""

    HINT = "hint"
    SKIP = "skip"
    UNSURE = "unsure"


class Request(Enum):
    """What anybody may want at any moment, whether they have agreed or not."""

    PRIVACY = "privacy"
    STOP = "stop"
    DELETE = "delete"
    ADULT = "adult"


_PHRASES = {
    Wish.HINT: "hint|hints|a hint|hint please|hint pls|one hint|next hint|i want a hint|clue"
    "|i need a hint|give me a hint|give a hint|give hint|hint dao|hint den|hint chai|ingit"
    "|ইঙ্গিত|একটি ইঙ্গিত|একটা ইঙ্গিত|ইঙ্গিত দাও|ইঙ্গিত দিন|ইঙ্গিত চাই|একটি ইঙ্গিত দাও"
    "|একটা ইঙ্গিত দাও|আরেকটি ইঙ্গিত|আরেকটা ইঙ্গিত|হিন্ট|হিন্টস|হিন্ট দাও|হিন্ট চাই",
    Wish.SKIP: "skip|skip it|skip this|skip this one|skip please|skip koro|bad dao|baad dao"
    "|বাদ|বাদ দাও|বাদ দিন|এটা বাদ|এটি বাদ|এটা বাদ দাও|এটি বাদ দাও|এড়িয়ে যাও|এড়িয়ে যাই|স্কিপ|স্কিপ করো",
    Wish.UNSURE: "i dont know|dont know|i do not know|do not know|idk|dunno|i have no idea|no idea"
    "|not sure|im not sure|i am not sure|i cant|i cant do it|i cannot|help|help me|please help"
    "|help please|jani na|janina|ami jani na|pari na|parina|parchi na|bujhi na|bujhina"
    "|bujhi nai|bujhini|bujhlam na|ami bujhi na|ami bujhi nai|pari nai|parini|parbo na|ami pari na"
    "|i dont get it|i do not get it|i dont understand|i do not understand|dont understand"
    "|i didnt understand|im confused|i am confused|confused|too hard|its too hard|i give up|give up"
    "|জানি না|জানিনা|আমি জানি না|আমি জানিনা|পারি না|পারিনা|আমি পারি না|পারছি না|পারব না"
    "|বুঝি না|বুঝিনা|বুঝতে পারছি না|নিশ্চিত নই|সাহায্য|সাহায্য করো|হেল্প"
    "|বুঝি নাই|বুঝিনি|বুঝলাম না|আমি বুঝি না|আমি বুঝি নাই|আমি বুঝিনি|আমি বুঝতে পারছি না|বুঝতে পারিনি"
    "|পারি নাই|পারিনি|আমি পারছি না|কঠিন|অনেক কঠিন|খুব কঠিন",
}

_REQUESTS = {
    Request.PRIVACY: "privacy|privacy policy|my data|my privacy|what do you store|what do you keep"
    "|what do you store about me|what do you keep about me|what do you know about me|what is kept"
    "|what data do you store|what data do you keep|what do you do with my data|who sees my data"
    "|who can see my data|is my data safe|gopniyota|amar tottho|amar data|ki rakho|ki ki rakho"
    "|amar ki rakho|amar ki ki rakho|ki tottho rakho|amar somporke ki jano|amar tottho ke dekhe"
    "|গোপনীয়তা|প্রাইভেসি|আমার তথ্য|আমার ডেটা|কী রাখো|কি রাখো|কী কী রাখো|কি কি রাখো|আমার কী রাখো"
    "|আমার কী কী রাখো|আমার কি কি রাখো|কী তথ্য রাখো|কি তথ্য রাখো|আমার সম্পর্কে কী জানো"
    "|আমার সম্পর্কে কি জানো|আমার তথ্য কে দেখে|আমার তথ্য কারা দেখে|আমার তথ্য কি নিরাপদ",
    Request.STOP: "stop|stop it|stop this|stop please|please stop|unsubscribe|stop reminders"
    "|stop the reminders|no reminders|no more reminders|stop reminding me|dont remind me"
    "|do not remind me|stop messages|stop messaging me|no more messages|thamo|thamun|bondho koro"
    "|bondho koren|bondho korun|mone koriye dio na|ar mone koriye dio na|r mone koriye dio na"
    "|থামো|থামুন|থাম|স্টপ|বন্ধ করো|বন্ধ কর|বন্ধ করুন|মনে করিয়ে দিয়ো না|মনে করিয়ে দিও না"
    "|আর মনে করিয়ে দিয়ো না|আর মনে করিয়ে দিও না|আর মেসেজ দিয়ো না|আর মেসেজ দিও না",
    Request.DELETE: "delete|delete me|delete it all|delete all|delete everything|delete my data"
    "|delete everything about me|delete all my data|delete my account|delete account"
    "|delete my information|please delete my data|erase|erase me|erase everything|erase my data"
    "|forget me|remove me|remove my data|remove my account|delete koro|data delete koro"
    "|amar data delete koro|account delete koro|amar account delete koro|muche felo|sob muche felo"
    "|sob muche dao|amar sob muche felo|amar tottho muche felo|amar tottho muche dao"
    "|amake bhule jao|মুছে ফেলো|মুছে ফেল|মুছে দাও|মুছে ফেলুন|সব মুছে ফেলো|সব মুছে দাও|সব মুছে ফেলুন"
    "|আমার সব মুছে ফেলো|আমার সব মুছে দাও|আমার সবকিছু মুছে ফেলো|আমার সবকিছু মুছে দাও"
    "|আমার তথ্য মুছে ফেলো|আমার তথ্য মুছে দাও|আমার তথ্য মুছে ফেলুন|আমাকে ভুলে যাও|ডিলিট|ডিলিট করো"
    "|আমার তথ্য ডিলিট করো|আমার ডেটা ডিলিট করো|অ্যাকাউন্ট ডিলিট করো|একাউন্ট ডিলিট করো",
}
# A sentence in which an adult says who they are; "I have asked my parents" is none.
_ADULT = (
    "(?:hello |hi |salam )?(?:(?:i am|im|this is) )?"
    "(?:(?:a|an|the|his|her|their|maths?|mathematics|science|english|school|class|head|private"
    "|home|assistant|primary|high|parent or|teacher and) )*"
    "(?:teachers?|headmaster|headmistress|tutor|parents?|guardian)"
    "(?: (?:here|of|at|from|in|and|with|for|who|not a) .*| here| too)?"
    "|(?:i am|im|this is) (?:(?:a|an|the|his|her|their) )*(?:mother|father|mom|mum|dad)"
    "(?: (?:here|of|and|with) .*| here| too)?"
    "|(?:ami )?(?:(?:ekjon|ekta|or|tar|gonit er|goniter|onker|school er|schooler|class) )*"
    "(?:shikkhok|sikkhok|shikkhika|sikkhika|teacher|obhibhabok|ovibhabok|abhibhabak|guardian)"
    "|ami (?:(?:ekjon|or|tar|chatrer|chhatrer) )*(?:ma|baba|abbu|ammu|mastar|sir)"
    "|(?:আমি )?(?:(?:একজন|একটা|একটি|ওর|তার|গণিতের|গণিত|অঙ্কের|স্কুলের|বিদ্যালয়ের|একটি স্কুলের) )*"
    "(?:শিক্ষক|শিক্ষিকা|টিচার|অভিভাবক|গার্ডিয়ান|প্রধান শিক্ষক|সহকারী শিক্ষক)"
    "|আমি (?:(?:একজন|ওর|তার|ছাত্রের|ছাত্রীর|শিক্ষার্থীর) )*(?:মা|বাবা|আব্বু|আম্মু|মাস্টার)"
)
_LONGEST_INTRODUCTION = 200


def _plain(text: str) -> str:
    folded = one_spelling(text).casefold()
    bare = re.sub(r"['’‘`]", "", folded)
    return " ".join(re.sub(r"[.,!?;:।💡⏭…-]", " ", bare).split())


Meaning = TypeVar("Meaning", bound=Enum)


def _by_phrase(phrases: Mapping[Meaning, str]) -> Mapping[str, Meaning]:
    return {_plain(one): meaning for meaning, text in phrases.items() for one in text.split("|")}


_WISH_OF, _REQUEST_OF = _by_phrase(_PHRASES), _by_phrase(_REQUESTS)
_LONGEST = 3 * max(map(len, _WISH_OF))
_IS_ADULT = re.compile(one_spelling(_ADULT))


def read_wish(text: str) -> Wish | None:
    """Return what a text asks for instead of answering; None where it may be an answer."""
    return _WISH_OF.get(_plain(text)) if len(text) <= _LONGEST else None


def read_request(text: str) -> Request | None:
    """Return what a text asks about the person's data or says about them; None for another."""
    if len(text) > _LONGEST_INTRODUCTION:
        return None
    sentences = map(_plain, re.split(r"[.,!?;।\n]", text))
    if any(map(_IS_ADULT.fullmatch, sentences)):
        return Request.ADULT
    return _REQUEST_OF.get(_plain(text))
