"""Does a text claim that something is the answer? Patterns in both languages around a place in a folded text."""

import re

_FILL = (
    r"(?:(?:exactly|just|simply|only|about|therefore|then|indeed|actually|really|clearly|definitely|"
    r"obviously|equal to|the number|the answer|the|an|a|option|choice|letter|number|"
    r"আসলে|ঠিক|অবশ্যই|নিশ্চয়ই|তাহলে|তাই|মাত্র|মোট|সংখ্যা|সংখ্যাটি|অপশন|বিকল্প|বিকল্পটি|নম্বর)\s*)*"
)
_OPENING = r"[\s(\[{\"'*_`৳$]*(?:tk\.?\s*|taka\s*|bdt\s*)?"
_VERB = (
    r"(?:is|are|was|=|:|-|will be|would be|must be|should be|has to be|comes to|comes out to be|comes out as|"
    r"comes out to|turns out to be|equals|becomes)"
)
_BANGLA_VERB = r"(?:হলো|হল|হোলো|হচ্ছে|হবে|হয়|দাঁড়ায়|দাঁড়াবে|মানে|:|=|-)"
_SUBJECT = r"(?:answers?|ans|results?|solutions?|(?:values?|measure|size) of (?:the )?[a-z∠]{1,12}|value|mode|median|mean|average|hcf|lcm|gcd|(?:larger|smaller|largest|smallest|greater|missing|required) number)(?: here| then| now)?"
_BANGLA_SUBJECT = r"(?:উত্তর|উঃ|ফলাফল|ফল|সমাধান|প্রচুরক|মধ্যক|গড়|গসাগু|লসাগু|(?:বড়|ছোট) সংখ্যা|(?<=এর )মান|(?<=র )মান|(?<=রাশিটির )মান)(?:টি|টা|টাই|টিই)?"

_BEFORE = re.compile(
    rf"(?:(?:(?<![a-z]){_SUBJECT}\s*{_VERB}|(?<![a-z0-9^])[a-z]\s*(?:is|=|equals)"
    rf"|(?<![ঀ-৥]){_BANGLA_SUBJECT},?\s*{_BANGLA_VERB}?|(?<![a-z])ans\.?"
    r"|(?:you|we|you'll|we'll)(?: will| should| would| can| must| finally)? (?:get|find|obtain|end up with|reach)"
    r"|(?<![a-z])(?:giving|gives(?: you| us)?|works out (?:to be|to|as)|amounts to|is equal to|equals)"
    r"|(?<![a-z])(?:choose|pick|select|enter|submit|type|tick|tap|press|go with|answer with)"
    rf"(?: down)?|[=≈⇒])\s*{_FILL}){_OPENING}$"
)
_AFTER = re.compile(
    r"[\s)\]}\"'*_`]*(?:is|are|will be|would be|must be|should be|has to be)\s+(?:indeed |certainly |clearly )?"
    r"(?:(?:the|your|our|my)\s+)?(?:(?:correct|right|final|required|only)\s+)?"
    r"(?:answer|result|solution|one|correct|right|option|choice)(?![a-z])"
    r"|[\s)\]}\"'*_`]*as (?:the|your|our) (?:final |correct )?answer"
    r"|[\s)\]}\"'*_`]*-?(?:টি|টা)?(?:ই)?,?\s*(?:হলো|হল|হবে|হচ্ছে)?\s*(?:তোমার |এর )?"
    r"(?:সঠিক |চূড়ান্ত |নির্ণেয় |শেষ |ঠিক )?(?:উত্তর|ফলাফল)"
    r"|[\s)\]}\"'*_`]*-?(?:টি|টা)?ই?\s*(?:পাবে|পাওয়া যায়|পাওয়া যাবে|দাঁড়ায়|সঠিক|বেছে নাও|লিখে দাও)"
)
_CARRIED_ON = re.compile(
    r"\s*[+*/^]\s*[\d(√a-z□_?]|\s*-\s*[\d(√□_?]|\s*-\s*[a-z](?![a-z])"
    r"|\s*(?:more|less|fewer|greater|times|decimal|digits?|steps?|ways|parts?|of the)(?![a-z])"
    r"|\s*(?:এর চেয়ে|চেয়ে|থেকে|গুণ|ঘর|দশমিক|অঙ্কের|ধাপে|নয়(?![ঀ-৥])|না(?![ঀ-৥])|টি অঙ্ক)"
)
_DENIED = re.compile(r"(?:not|n't|never|isn't)\s+[^.?!।\n]{0,12}$")


def is_asserted(folded: str, start: int, end: int) -> bool:
    """Tell whether what stands at this place is claimed to be the answer: = 2, answer is 2, উত্তর ২.

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
    """Tell whether `… = 46` repeats an equation of the question: nothing is given away then.

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


_SENTENCE = re.compile(r"(?:[^.?!।\n;]|\.(?=\d))+[.?!।\n;]?")
_OPEN_QUESTION = re.compile(
    r"\?|true or false|right or wrong|yes or no|(?<![a-z])(?:whether|if|when|suppose|decide|unless)(?![a-z])"
    r"|সত্য না মিথ্যা|সত্য নাকি|ঠিক না|ঠিক নাকি|সত্য কি|কি না|কিনা|যদি|হ্যাঁ না|হ্যাঁ নাকি|সত্য বা মিথ্যা|সত্য অথবা"
    r"|মিথ্যা না সত্য|হ্যাঁ বা না|হ্যাঁ অথবা"
)
_TRUE = r"true|correct|yes|right|সত্য|সঠিক|ঠিক|হ্যাঁ|হ্যা"
_FALSE = r"false|incorrect|no|wrong|untrue|মিথ্যা|ভুল|বেঠিক|অসত্য|না"
_HEDGES = (
    r"(?:definitely|actually|always|clearly|indeed|therefore|certainly|simply|just|in fact|of course|thus|so|"
    r"আসলে|অবশ্যই|তাই|নিশ্চয়ই|সুতরাং|অতএব|পুরোপুরি|একদম|সম্পূর্ণ)"
)
_TRUTH_CLAIM = re.compile(
    rf"(?:(?<![a-z])(?:answer|ans|statement|claim|sentence|it|this|that|conclusion)\s*(?:is|'s|must be|has to be|will be"
    rf"|should be|would be|=|:|→|⇒)?\s*(?:{_HEDGES}\s*)*"
    r"|(?<![a-z])(?:choose|pick|select|say|tap|press|type|write|mark|tick|answer)\s+[\"'*]*"
    r"|(?<![ঀ-৥])(?:উত্তর|উক্তি|বাক্য|কথা|বিবৃতি|বক্তব্য|দাবি|এটি|এটা|ধারণা)(?:টি|টা|টিই|টির উত্তর)?\s*,?\s*"
    rf"(?:হলো|হল|হবে|হচ্ছে|:|=|-)?\s*(?:{_HEDGES}\s*)*|^\s*|=\s*)"
    rf"[\"'*(]*(?P<not>not |isn't |n't )?(?P<word>{_TRUE}|{_FALSE})(?![a-zঀ-৥])[\"'*)]*(?P<after>\s*(?:নয়|না(?![ঀ-৥])))?"
)
_TRUTH_FIRST = re.compile(
    rf"(?<![a-zঀ-৥])(?P<word>{_TRUE}|{_FALSE})[\"'*)]*\s*(?:-?ই\s*)?(?:is (?:the|your) (?:correct |right )?answer|হবে|বেছে নাও"
    r"|চাপো|চাপ দাও|লেখো|নির্বাচন করো|হলো উত্তর|উত্তর)"
)
_TRUTH_LAST = re.compile(
    r"(?::|(?<![a-z])so|তাই|সুতরাং|অতএব),?\s*[\"'*(]*(?P<word>yes|no|true|false|হ্যাঁ|না|সত্য|মিথ্যা)[\"'*)]*\s*[.!।]?\s*$"
)
_BARE_LEAD = re.compile(
    r"^\s*[\"'*(]*(?:yes|no|true|false|হ্যাঁ|না|সত্য|মিথ্যা)[\"'*)]*\s*(?:,|\.|!|।|:|-|$)"
)


_TRUTHS = (_TRUTH_CLAIM, _TRUTH_FIRST, _TRUTH_LAST)


def claimed_truth(folded: str) -> set[bool]:
    """Return the truth values that a text claims for the statement asked about."""
    found: set[bool] = set()
    for sentence in _SENTENCE.findall(folded):
        if _OPEN_QUESTION.search(sentence):
            continue
        for match in (m for pattern in _TRUTHS for m in pattern.finditer(sentence)):
            groups = match.groupdict()
            at_start = not sentence[: match.start("word")].strip(" \"'*(")
            if at_start and not (
                _BARE_LEAD.match(sentence) or _TRUTH_FIRST.match(sentence.strip())
            ):
                continue
            positive = re.fullmatch(_TRUE, match["word"]) is not None
            found.add(positive is not bool(groups.get("not") or groups.get("after")))
    return found


_CHOOSE = (
    r"(?:choose|pick|select|tick|mark|tap|press|go with|go for|click|type|enter|answer with|write)\s+(?:the )?"
    r"(?:option|choice|letter|answer|button)?\s*"
)
_CORRECT_IS = (
    r"(?:correct |right |final )?(?:answer|ans|option|choice|one|letter)\s*(?:is|'s|must be|should be|will be|would be"
    r"|has to be|=|:|-)\s*(?:therefore |clearly |actually |simply |definitely |just )*(?:option |choice |letter )?"
)
_IT_IS = (
    r"(?:it|this|that|they|these|such|the|so|your|our)(?: [^.?!;,:\n]{1,70}?)?\s*"
    r"(?:(?<![a-z])is|'s|are|must be|has to be|will be|called)\s*(?:called )?"
    r"(?:therefore |clearly |actually |always )*"
)
_BANGLA_CORRECT = r"(?:সঠিক\s*)?(?:উত্তর|অপশন|বিকল্প)(?:টি|টা|টিই)?\s*,?\s*(?:হলো|হল|হবে|হচ্ছে|:|=|-)?\s*(?:অপশন |বিকল্প )?"
_BANGLA_IT_IS = (
    r"(?:এরা|এগুলো|(?:এমন|এরূপ|এ ধরনের) [ঀ-৥]+|এটা|[ঀ-৥]+টি|দুইটি|দুটি)\s*(?:হলো |হল |একটি |আসলে )*"
)
_ANSWER_AFTER = (
    r"[\s)\]\"'*.]*(?:(?:is|must be|should be|will be)\s+(?:the |your )?(?:correct|right|answer)"
    r"|-?(?:টি|টা)?ই?\s*(?:নম্বর|নং|অপশন|বিকল্প|অপশনটি|বিকল্পটি)?(?:টি|টা|টাই|টিই)?\s*(?:হলো |হল |হবে )?(?:তোমার )?"
    r"(?:বেছে নাও|বেছে নিতে হবে|নির্বাচন করো|সঠিক|ঠিক(?![ঀ-৥])|উত্তর(?!ের|গুলো)|দাগাও|চাপো|টিক দাও|চাপ দাও|হবে))"
)


def is_chosen(folded: str, label: str, *, by_description: bool = False) -> bool:
    """Tell whether a text claims that this letter or wording is the one to choose.

    Args:
        folded: A text as `mentions.fold_text` returns it.
        label: A letter or a wording, folded likewise.
        by_description: Whether "it is a rectangle" counts as well.
    """
    word = rf"(?<![a-zঀ-৥\d])[(\[\"'*]*(?:an? |the |একটি )?[(\[\"'*]*{re.escape(label)}(?![a-z\d]|[ঁ-ৌ])"
    lead = [
        _CHOOSE,
        _CORRECT_IS,
        _BANGLA_CORRECT,
        *([_IT_IS, _BANGLA_IT_IS] if by_description else []),
    ]
    before = re.compile(rf"(?<![a-zঀ-৥])(?:{'|'.join(lead)}){word}")
    after = re.compile(rf"{word}{_ANSWER_AFTER}")
    ends = [_named_last(label)] if len(label) == 1 else []
    for sentence in _SENTENCE.findall(folded):
        for match in (m for pattern in (before, after, *ends) for m in pattern.finditer(sentence)):
            if not _is_denied(sentence, match.start(), match.end()):
                return True
    return False


def _named_last(letter: str) -> re.Pattern[str]:
    """A sentence that ends in the letter: so it is a rhombus: C. The false one is C."""
    return re.compile(
        r"(?::|(?<![a-z])is|must be|has to be|হলো|হল|হবে|হচ্ছে|(?<![ঀ-৥])নয়)\s*(?:option |choice |অপশন )?"
        rf"[(\"']?{letter}[)\"']?(?:\s*\([a-zঀ-৥]\))?\s*[.!।]?\s*$|\({letter}\)\s*[.!।]\s*$"
    )


def _is_denied(sentence: str, start: int, end: int) -> bool:
    denied = re.match(r"[\s)\]\"'*]*(?:নয়|না(?![ঀ-৥])|নেই)", sentence[end:])
    asked = sentence.rstrip().endswith("?") or re.search(
        r"(?<![a-z])(?:if|whether|why)(?![a-z])|যদি|কি না|কিনা", sentence[:start]
    )
    return bool(denied or asked or re.search(r"(?:not|n't|never|don't)\s*$", sentence[:start]))
