"""Does a text claim that something is the answer? Patterns around a place in a folded text."""

import re

_FILL = (
    r"(?:(?:exactly|just|simply|only|about|therefore|then|indeed|actually|really|clearly|definitely|"
    r"obviously|equal to|the number|the answer|the|an|a|option|choice|letter|number|"
    r"আসলে|ঠিক|অবশ্যই|নিশ্চয়ই|তাহলে|তাই|মাত্র|মোট|সংখ্যা|সংখ্যাটি|অপশন|বিকল্প|বিকল্পটি|নম্বর)\s*)*"
)
_OPENING = r"[\s(\[{\"'*_`৳$]{0,6}(?:tk\.?\s*|taka\s*|bdt\s*)?"
_VERB = (
    r"(?:is|are|was|=|:|-|will be|would be|must be|should be|has to be|comes to|comes out to be|"
    r"comes out as|comes out to|turns out to be|equals|becomes)"
)
_BANGLA_VERB = r"(?:হলো|হল|হোলো|হচ্ছে|হবে|হয়|দাঁড়ায়|দাঁড়াবে|মানে|:|=|-)"
_SUBJECT = (
    r"(?:answers?|ans|results?|solutions?|(?:values?|measure|size) of (?:the )?[a-z∠]{1,12}|value|"
    r"mode|median|mean|average|hcf|lcm|gcd|"
    r"(?:larger|smaller|largest|smallest|greater|missing|required) number)(?: here| then| now)?"
)
_BANGLA_SUBJECT = (
    r"(?:উত্তর|উঃ|ফলাফল|ফল|সমাধান|প্রচুরক|মধ্যক|গড়|গসাগু|লসাগু|(?:বড়|ছোট) সংখ্যা|"
    r"(?<=এর )মান|(?<=র )মান|(?<=রাশিটির )মান)(?:টি|টা|টাই|টিই)?"
)

_BEFORE = re.compile(
    rf"(?:(?:(?<![a-z]){_SUBJECT}\s*{_VERB}|(?<![a-z0-9^])[a-z]\s*(?:is|=|equals)"
    rf"|(?<![ঀ-৥]){_BANGLA_SUBJECT},?\s*{_BANGLA_VERB}?|(?<![a-z])ans\.?"
    r"|(?:you|we|you'll|we'll)(?: will| should| would| can| must| finally)? "
    r"(?:get|find|obtain|end up with|reach)"
    r"|(?<![a-z])(?:giving|gives(?: you| us)?|works out (?:to be|to|as)|amounts to|is equal to)"
    r"|(?<![a-z])equals"
    r"|(?<![a-z])(?:choose|pick|select|enter|submit|type|tick|tap|press|go with|answer with)"
    rf"(?: down)?|[=≈⇒])\s*{_FILL}){_OPENING}$"
)
_AFTER = re.compile(
    r"[\s)\]}\"'*_`]*(?:is|are|will be|would be|must be|should be|has to be)\s+"
    r"(?:indeed |certainly |clearly )?"
    r"(?:(?:the|your|our|my)\s+)?(?:(?:correct|right|final|required|only)\s+)?"
    r"(?:answer|result|solution|one|correct|right|option|choice)(?![a-z])"
    r"|[\s)\]}\"'*_`]*as (?:the|your|our) (?:final |correct )?answer"
    r"|[\s)\]}\"'*_`]*-?(?:টি|টা)?(?:ই)?,?\s*(?:হলো|হল|হবে|হচ্ছে)?\s*(?:তোমার |এর )?"
    r"(?:সঠিক |চূড়ান্ত |নির্ণেয় |শেষ |ঠিক )?(?:উত্তর|ফলাফল)"
    r"|[\s)\]}\"'*_`]*-?(?:টি|টা)?ই?\s*"
    r"(?:পাবে|পাওয়া যায়|পাওয়া যাবে|দাঁড়ায়|সঠিক|বেছে নাও|লিখে দাও)"
)
_CARRIED_ON = re.compile(
    r"\s*[+*/^]\s*[\d(√a-z□_?]|\s*-\s*[\d(√□_?]|\s*-\s*[a-z](?![a-z])"
    r"|\s*(?:more|less|fewer|greater|times|decimal|digits?|steps?|ways|parts?|of the)(?![a-z])"
    r"|\s*(?:এর চেয়ে|চেয়ে|থেকে|গুণ|ঘর|দশমিক|অঙ্কের|ধাপে|নয়(?![ঀ-৥])|না(?![ঀ-৥])|টি অঙ্ক)"
)
_DENIED = re.compile(r"(?:not|n't|never|isn't)\s+[^.?!।\n]{0,12}$")


def is_asserted(folded: str, start: int, end: int) -> bool:
    """Return whether this place claims to be the answer, as in: = 2, answer is 2, উত্তর ২.

    Args:
        folded: A text in lower case as `mentions.fold_text` returns it.
        start: Where the number or word begins.
        end: Where it ends.
    """
    if _CARRIED_ON.match(folded, end) or _DENIED.search(folded, max(0, start - 20), start):
        return False
    return bool(_BEFORE.search(folded[max(0, start - 90) : start]) or _AFTER.match(folded, end))


def is_claimed_by_words(folded: str, start: int, end: int) -> bool:
    """As `is_asserted`, but an equals sign alone is no claim."""
    before = folded[max(0, start - 90) : start].rstrip()
    return not before.endswith("=") and is_asserted(folded, start, end)


def restates(folded: str, start: int, question: str) -> bool:
    """Return whether `… = 46` repeats an equation of the question: nothing is given away then.

    Args:
        folded: The text.
        start: Where the number after the equals sign begins.
        question: The question, folded, without blanks.
    """
    before = re.sub(r"[\s*]", "", folded[max(0, start - 60) : start])
    if not before.endswith("="):
        return False
    left = re.search(r"[^=,;:।.?!\n]{1,8}=$", before)
    number = re.match(r"[-\d.,/]+", folded[start:])
    return bool(left and number and left[0] + number[0].rstrip(".,") in question)
