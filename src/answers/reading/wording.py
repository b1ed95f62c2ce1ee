"""The words around an answer: lead-ins ("Ans:", "x =", "উত্তর:"), closing words, quotes."""

import re
from functools import lru_cache

from src.answers.reading.text import word_set

_LEAD_WORDS = (
    "sir|hmm|hm|oh|amar ans|amar uttor|ami pai|ami paisi|mone hoy|amar mone hoy|"
    "i think it's|i think its|both|each|উভয়ই|উভয়|দুটিই|প্রতিটি|প্রতিটা|"
    "the|my|so|hence|therefore|thus|then|and|final|correct|right|required|ans|answer|answers|"
    "answer's|anser|answr|asnwer|result|solution|soln|sol|value|total|is|are|will be|be|it|it's|"
    "its|that|this|we get|i get|i think|i got|ok|okay|equals|equal to|of x|of y|equation|"
    "expression|number|in|within|after|uttor|uttar|hcf|lcm|gcd|sum|difference|product|quotient|mean|average|"
    "median|mode|larger|smaller|length|width|height|area|perimeter|volume|angle|set|ratio|"
    "nth term|n-th term|n th term|general term|"
    "উত্তর|উত্তরটি|উত্তরঃ|উওর|উত্ত|উঃ|উ|সঠিক|আমার|সমাধান|ফলাফল|ফল|মান|নির্ণেয়|অতএব|সুতরাং|তাহলে|"
    "এর|হলো|হল|হচ্ছে|হবে|হয়|মোট|সংখ্যাটি|সংখ্যা|যোগফল|বিয়োগফল|গুণফল|ভাগফল|গড়|গসাগু|লসাগু|কোণ|কোণটি|"
    "চতুর্থ সমানুপাতী|মধ্য সমানুপাতী|সমানুপাতী|মধ্যক|প্রচুরক|বড়|ছোট|"
    "দৈর্ঘ্য|প্রস্থ|উচ্চতা|ক্ষেত্রফল|পরিসীমা|আয়তন|সেট|অনুপাত|মুনাফা|বয়স|গতিবেগ|বেগ|সময়|দূরত্ব|খরচ|"
    "দাম|মূল্য|তার|প্রদত্ত|রাশি|রাশিটি|তাই|আসবে|পাই|মনে|সাধারণ পদ|ক-তম পদ|n-তম পদ|n তম পদ|n তম পদটি|"
    "x এর মান|y এর মান|x-এর মান|y-এর মান|ক এর মান|ক-এর মান"
)
_LEAD_LONGEST = "|".join(sorted(_LEAD_WORDS.split("|"), key=len, reverse=True))
_LETTERS = r"a-zA-Zঀ-৥"
_LEAD_WORD = re.compile(rf"^(?:{_LEAD_LONGEST})(?![{_LETTERS}])[ .,]*[:=]*[ ]*", re.IGNORECASE)
_DASHED = re.compile(r"^(?:ans(?:wer)?|result|solution|উত্তর|উত্তরটি|উঃ|উ|সমাধান)[ .]*$", re.IGNORECASE)
_LEAD_SIGN = re.compile(r"^(?:=>|->|-->|=|⇒|∴|:|≈|#|>>|,)+ *(?=.)")
_LEAD_PHRASE = re.compile(
    rf"^(?P<phrase>[{_LETTERS}∠△Δ][{_LETTERS}∠△Δ '.()∪∩]{{0,40}}?) ?[=≈]+ *(?=[^ =])"
)
_LEAD_COLON = re.compile(
    r"^(?:(?P<phrase>[ঀ-৥ .()]{2,40}?) ?: *(?=[^ :])|[a-zA-Zক-হ] ?(?::|is |হলো |হল ) *(?=[-+\d.(]))"
)
_TRAIL_WORD = re.compile(
    rf"(?<![{_LETTERS}]) ?(?:\(ans\.?\)|\(answer\)|\(উত্তর\)|is the answer|is my answer|"
    r"is correct|is the ans|hobe|hoy|answer|ans|only|in total|altogether|ok|okay|sir|please|"
    r"angle|কোণ|মাত্র|i think|"
    r"but not sure|but i am not sure|but im not sure|i guess|maybe|not sure|mone hoy|মনে হয়|"
    r"hoite pare|হতে পারে|"
    r"bro|vai|bhai|bhaiya|apu|mam|madam|miss|ভাই|ভাইয়া|আপু|ম্যাম|ম্যাডাম|মিস|"
    r"paisi|peyechi|pelam|paichi|পাইছি|পেয়েছি|পরে|পর|later|"
    r"পেলাম|ashbe|asbe|hbe|hoibo|holo|lagbe|হইব|হইবো|তাই না|"
    r"thik ase|thik ache|ঠিক আছে|"
    r"দিতে হবে|শেষ হবে|লাগবে|লাগে|থাকবে|পাবে|হবে|হয়|হলো|হল|উত্তর|এটাই উত্তর|আসবে|পাওয়া যায়|স্যার)$",
    re.IGNORECASE,
)
_TRAIL_SIGN = re.compile(r"[\s।,;?|:✓✔]+$|(?<![.\d])\.$|(?<=\d)\.$|(?<=[^.])\.$")
_SEPARATED = re.compile(r"[;\n]|,(?!\d{2,3}\b)")
_ASKS_BACK = re.compile(
    r"(?:(?<=[\d%°)}]),? (?:right|correct|naki|tai na|তাই না|নাকি)"
    r"|(?<=[\w%°)}]),? (?:hobe na|হবে না|thik (?:ase|ache)|ঠিক আছে)) ?\?+$",
    re.IGNORECASE,
)
_WRAPPED = (("**", "**"), ("__", "__"), ("*", "*"), ("_", "_"), ("`", "`"), ('"', '"'), ("'", "'"))
NEGATION = re.compile(
    rf"(?<![{_LETTERS}])(?:not|no|never|noy|nai|na|isn't|except|না|নয়|নাই|নেই|ছাড়া|নহে|নয়)(?![{_LETTERS}])",
    re.IGNORECASE,
)
NUMBER_WORDS = word_set(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred thousand lakh crore half quarter third fourth dozen and million point "
    "শূন্য এক দুই তিন চার পাঁচ ছয় সাত আট নয় দশ এগারো এগার বারো বার তেরো তের চৌদ্দ পনেরো পনের ষোল ষোলো "
    "সতেরো সতের আঠারো আঠার উনিশ বিশ কুড়ি পঁচিশ ত্রিশ চল্লিশ পঞ্চাশ ষাট সত্তর আশি নব্বই শত শ হাজার লক্ষ "
    "লাখ কোটি অর্ধেক আধা দেড় আড়াই সাড়ে পৌনে সোয়া দুইটি একটি তিনটি চারটি পাঁচটি"
)


# The stored answer is peeled with each typed one, and the typed one twice.
@lru_cache(maxsize=4096)
def peel(text: str, *, colon: bool = True, names: bool = True) -> str:
    """Take off quotes, stops, lead-ins and closing words.

    Args:
        text: folded.
        colon: also take off `মোট:`; off for ratios.
        names: also take off `x =` and `total cost =`; off where names tell the parts apart.
    """
    for _ in range(12):
        peeled = _peel_once(text, colon=colon, names=names)
        if peeled == text:
            break
        text = peeled
    return text


def _peel_once(text: str, *, colon: bool, names: bool) -> str:
    text = text.strip()
    for left, right in _WRAPPED:
        if len(text) > len(left + right) and text.startswith(left) and text.endswith(right):
            text = text[len(left) : -len(right)].strip()
    text = without_outer_brackets(text)
    text = _ASKS_BACK.sub("", text) or text
    if not re.search(r"\d\.\d+(?:\.\.+|…)$", text):
        text = _TRAIL_SIGN.sub("", text).rstrip("… ") or text
    shorter = _TRAIL_WORD.sub("", text).rstrip()
    text = shorter or text
    return _peel_lead(text, colon=colon, names=names)


def without_outer_brackets(text: str) -> str:
    """Take off brackets around the whole, (24 cm), but not those of (x+2)(x+3) or (2, 3)."""
    if text[:1] + text[-1:] not in {"()", "[]"} or _SEPARATED.search(text):
        return text
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == text[0]) - (sign == text[-1])
        if not depth and at < len(text) - 1:
            return text
    return text[1:-1].strip() or text


def peel_tail(text: str) -> str:
    """Take off only what stands behind an answer: stops, question marks, closing words."""
    for _ in range(6):
        bare = _TRAIL_SIGN.sub("", text.strip()) or text
        bare = without_outer_brackets(_TRAIL_WORD.sub("", bare).rstrip() or bare)
        if bare == text:
            break
        text = bare
    return text


def _peel_lead(text: str, *, colon: bool, names: bool) -> str:
    if rest := _LEAD_SIGN.sub("", text, count=1):
        text = rest
    match = _LEAD_WORD.match(text)
    if match and match.end() < len(text) and not _ambiguous_dash(match, text):
        return text[match.end() :]
    if not names:
        return text
    match = _LEAD_PHRASE.match(text) or (_LEAD_COLON.match(text) if colon else None)
    if match and not NEGATION.search(match["phrase"] or ""):
        return text[match.end() :]
    return text


def _ambiguous_dash(match: re.Match[str], text: str) -> bool:
    """In `Ans - 5` and `Ans-5` nobody can tell a dash from a minus."""
    rest = text[match.end() :]
    if not rest.startswith("-") or not _DASHED.match(match[0]):
        return False
    return rest.startswith("- ") or not match[0].endswith(" ")


def has_number_words(text: str) -> bool:
    """Return whether the text is made of number words and nothing else."""
    words = re.findall(rf"[{_LETTERS}]+", text.lower())
    return bool(words) and not any(c.isdigit() for c in text) and set(words) <= NUMBER_WORDS


def one_slip(left: str, right: str) -> bool:
    """Return whether one letter is more, less or other, or two neighbours are swapped."""
    if abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    rest, other = left[start:], right[start:]
    swapped = rest[:2] == other[:2][::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]
