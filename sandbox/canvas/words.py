"""The words of the school's pages, in English and Bangla."""

from datetime import datetime

from starlette.requests import Request

from sandbox.canvas.times import local

_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
_MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "bn": ["জানু", "ফেব্রু", "মার্চ", "এপ্রিল", "মে", "জুন", "জুলাই", "আগস্ট", "সেপ্টে", "অক্টো", "নভে", "ডিসে"],
}
_WORDS = {
    "title": ("The stand-in school", "নকল স্কুল"),
    "intro": (
        "Play the teacher: what you change here, everyone sees who reads this school.",
        "শিক্ষক হয়ে দেখুন: এখানে যা বদলাবেন, এই স্কুল যে পড়ে সে তা-ই দেখবে।",
    ),
    "language": ("Language", "ভাষা"),
    "skip": ("To the content", "মূল অংশে যান"),
    "courses": ("Courses", "কোর্স"),
    "add": ("Add an assignment", "অ্যাসাইনমেন্ট যোগ করুন"),
    "name": ("Name", "নাম"),
    "due": ("Due (Dhaka time)", "জমা দেওয়ার সময় (ঢাকা)"),
    "points": ("Points", "পূর্ণমান"),
    "visible": ("Pupils see it", "শিক্ষার্থীরা দেখবে"),
    "do_add": ("Add", "যোগ করুন"),
    "tasks": ("Assignments", "অ্যাসাইনমেন্ট"),
    "no_tasks": ("There are none yet.", "এখনো কোনোটি নেই।"),
    "no_date": ("no date", "তারিখ নেই"),
    "published": ("published", "প্রকাশিত"),
    "unpublished": ("hidden", "অপ্রকাশিত"),
    "deleted": ("deleted", "মুছে ফেলা"),
    "change": ("Change or mark", "বদলান বা নম্বর দিন"),
    "move": ("Move the date", "তারিখ বদলান"),
    "undate": ("Remove the date", "তারিখ মুছুন"),
    "publish": ("Publish", "প্রকাশ করুন"),
    "unpublish": ("Hide from pupils", "শিক্ষার্থীদের থেকে লুকান"),
    "delete": ("Delete", "মুছুন"),
    "restore": ("Bring back", "ফিরিয়ে আনুন"),
    "pupil": ("Pupil", "শিক্ষার্থী"),
    "mark": ("Mark (empty: none)", "নম্বর (খালি: নেই)"),
    "do_mark": ("Set the mark", "নম্বর দিন"),
    "hand_in": ("Hand in for the pupil", "শিক্ষার্থীর হয়ে জমা দিন"),
    "marks": ("Marks", "নম্বর"),
    "handed_in": ("handed in", "জমা দেওয়া"),
    "nothing": ("nothing", "নেই"),
    "faults": ("Bad days", "খারাপ দিন"),
    "faults_intro": (
        "What a client of this school has to live with.",
        "এই স্কুলের সঙ্গে কাজ করতে গেলে যা সইতে হয়।",
    ),
    "slow": ("Answer later by (milliseconds)", "দেরিতে উত্তর (মিলিসেকেন্ড)"),
    "cut": ("Connections cut (percent)", "সংযোগ কাটা (শতাংশ)"),
    "error": ("Answers 5xx (percent)", "উত্তর 5xx (শতাংশ)"),
    "throttle": ("Refused as too many (percent)", "বেশি অনুরোধ বলে ফেরানো (শতাংশ)"),
    "throttle_form": ("How it is refused", "যেভাবে ফেরানো হবে"),
    "empty_pages": ("Lists begin with an empty page", "তালিকা খালি পাতা দিয়ে শুরু হবে"),
    "do_faults": ("Set", "চালু করুন"),
    "no_faults": ("All good again", "সব ঠিক করুন"),
    "tokens": ("Keys of people", "মানুষের চাবি (টোকেন)"),
    "token": ("Token", "টোকেন"),
    "active": ("works", "চলছে"),
    "expired": ("expired", "মেয়াদ শেষ"),
    "revoked": ("revoked", "বাতিল"),
    "revoke": ("Revoke", "বাতিল করুন"),
    "expire": ("Let it expire", "মেয়াদ শেষ করুন"),
    "new_token": ("New token", "নতুন টোকেন"),
    "feed": ("Secret calendar address", "গোপন ক্যালেন্ডার ঠিকানা"),
    "reset": ("Begin the school anew", "স্কুল নতুন করে শুরু করুন"),
    "done": ("Done.", "হয়েছে।"),
    "refused": ("That did not work:", "হলো না:"),
    "no_name": ("It needs a name.", "একটি নাম দিতে হবে।"),
    "has_work": (
        "Pupils have handed in work; it cannot be hidden.",
        "শিক্ষার্থীরা কাজ জমা দিয়েছে; লুকানো যাবে না।",
    ),
    "bad_mark": ("That is no mark.", "এটি নম্বর নয়।"),
    "log_in": ("Log in to the school", "স্কুলে ঢুকুন"),
    "asks": (
        "A program asks to read your courses in your name. Choose who you are.",
        "একটি প্রোগ্রাম আপনার নামে কোর্সগুলো পড়তে চায়। আপনি কে, বেছে নিন।",
    ),
    "you_are": ("You are", "আপনি"),
    "allow": ("Allow", "অনুমতি দিন"),
    "refuse": ("Refuse", "না"),
}


class Words:
    """The words of one language.

    Attributes:
        language: `en` or `bn`.
    """

    def __init__(self, language: str) -> None:
        self.language = "bn" if language == "bn" else "en"

    def __getitem__(self, key: str) -> str:
        return _WORDS[key][self.language == "bn"]

    def number(self, value: float) -> str:
        """A number in the digits of the language."""
        text = f"{value:,g}" if value < 1_000_000 else f"{value:,.0f}"
        return self.digits(text)

    def digits(self, text: str) -> str:
        """A text with the digits of the language."""
        return text.translate(_DIGITS) if self.language == "bn" else text

    def moment(self, instant: str | None, zone: str) -> str:
        """An instant as people write it, or that there is none."""
        if instant is None:
            return self["no_date"]
        clock: datetime = local(instant, zone)
        month = _MONTHS[self.language][clock.month - 1]
        return self.digits(f"{clock.day} {month} {clock.year}, {clock:%H:%M}")


def words(request: Request) -> Words:
    """The words of the language that a page was asked in, or that the browser prefers."""
    asked = request.query_params.get("lang", "")
    prefers_bangla = request.headers.get("accept-language", "").startswith("bn")
    return Words(asked or ("bn" if prefers_bangla else "en"))
