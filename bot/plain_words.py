"""Plain words that stand for a button of the question: hint, skip, I don't know."""

import re
import unicodedata
from enum import Enum


class Wish(Enum):
    """What a pupil who types no answer may want."""

    HINT = "hint"
    SKIP = "skip"
    UNSURE = "unsure"


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
    "|জানি না|জানিনা|আমি জানি না|আমি জানিনা|পারি না|পারিনা|আমি পারি না|পারছি না|পারব না"
    "|বুঝি না|বুঝিনা|বুঝতে পারছি না|নিশ্চিত নই|সাহায্য|সাহায্য করো|হেল্প",
}


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFC", text).casefold()
    bare = re.sub(r"['’‘`]", "", folded)
    return " ".join(re.sub(r"[.,!?;:।💡⏭…-]", " ", bare).split())


_WISHES = {
    _plain(phrase): wish for wish, phrases in _PHRASES.items() for phrase in phrases.split("|")
}
_LONGEST = 3 * max(map(len, _WISHES))


def read_wish(text: str) -> Wish | None:
    """Return what a text asks for instead of answering; None where it may be an answer."""
    return _WISHES.get(_plain(text)) if len(text) <= _LONGEST else None
