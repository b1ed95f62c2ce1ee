"""Does a text say whether a statement is true, or which choice to take? For folded texts."""

import re
from collections.abc import Iterator, Sequence

_LOOK_BACK = 110
_IN_WORD_BEFORE = re.compile(r"[a-zঀ-৥\d]")
_IN_WORD_AFTER = re.compile(r"[a-z\d]|[ঁ-ৌ]")

_SENTENCE = re.compile(r"(?:[^.?!।\n;]|\.(?=\d))+[.?!।\n;]?")
_OPEN_QUESTION = re.compile(
    r"\?|true or false|right or wrong|yes or no"
    r"|(?<![a-z])(?:whether|if|when|suppose|decide|unless)(?![a-z])"
    r"|সত্য না মিথ্যা|সত্য নাকি|ঠিক না|ঠিক নাকি|সত্য কি|কি না|কিনা|যদি|হ্যাঁ না|হ্যাঁ নাকি"
    r"|সত্য বা মিথ্যা|সত্য অথবা|মিথ্যা না সত্য|হ্যাঁ বা না|হ্যাঁ অথবা"
)
_TRUE = r"true|correct|yes|right|সত্য|সঠিক|ঠিক|হ্যাঁ|হ্যা"
_FALSE = r"false|incorrect|no|wrong|untrue|মিথ্যা|ভুল|বেঠিক|অসত্য|না"
_HEDGES = (
    r"(?:definitely|actually|always|clearly|indeed|therefore|certainly|simply|just|in fact|"
    r"of course|thus|so|"
    r"আসলে|অবশ্যই|তাই|নিশ্চয়ই|সুতরাং|অতএব|পুরোপুরি|একদম|সম্পূর্ণ)"
)
_QUOTE, _UNQUOTE = r"[\"'*(]{0,3}", r"[\"'*)]{0,3}"
_TRUTH_CLAIM = re.compile(
    r"(?:(?<![a-z])(?:answer|ans|statement|claim|sentence|it|this|that|conclusion)\s*"
    r"(?:is|'s|must be|has to be|will be|should be|would be|=|:|→|⇒)?\s*"
    rf"(?:{_HEDGES}\s*)*"
    r"|(?<![a-z])(?:choose|pick|select|say|tap|press|type|write|mark|tick|answer)\s+"
    r"|(?<![ঀ-৥])(?:উত্তর|উক্তি|বাক্য|কথা|বিবৃতি|বক্তব্য|দাবি|এটি|এটা|ধারণা)"
    r"(?:টি|টা|টিই|টির উত্তর)?\s*,?\s*(?:হলো|হল|হবে|হচ্ছে|:|=|-)?\s*"
    rf"(?:{_HEDGES}\s*)*|^\s*|=\s*)"
    rf"{_QUOTE}(?P<not>not |isn't |n't )?(?P<word>{_TRUE}|{_FALSE})(?![a-zঀ-৥])"
    rf"{_UNQUOTE}(?P<after>\s*(?:নয়|না(?![ঀ-৥])))?"
)
_TRUTH_FIRST = re.compile(
    rf"(?<![a-zঀ-৥])(?P<word>{_TRUE}|{_FALSE}){_UNQUOTE}\s*(?:-?ই\s*)?"
    r"(?:is (?:the|your) (?:correct |right )?answer|হবে|বেছে নাও"
    r"|চাপো|চাপ দাও|লেখো|নির্বাচন করো|হলো উত্তর|উত্তর)"
)
_PLAIN_TRUTH = r"yes|no|true|false|হ্যাঁ|না|সত্য|মিথ্যা"
_TRUTH_LAST = re.compile(
    rf"(?::|(?<![a-z])so|তাই|সুতরাং|অতএব),?\s*{_QUOTE}(?P<word>{_PLAIN_TRUTH}){_UNQUOTE}"
    r"\s*[.!।]?\s*$"
)
_BARE_LEAD = re.compile(rf"^\s*{_QUOTE}(?:{_PLAIN_TRUTH}){_UNQUOTE}\s*(?:,|\.|!|।|:|-|$)")
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
    r"(?:choose|pick|select|tick|mark|tap|press|go with|go for|click|type|enter|answer with|write)"
    r"\s+(?:the )?(?:option|choice|letter|answer|button)?\s*"
)
_CORRECT_IS = (
    r"(?:correct |right |final )?(?:answer|ans|option|choice|one|letter)\s*"
    r"(?:is|'s|must be|should be|will be|would be|has to be|=|:|-)\s*"
    r"(?:therefore |clearly |actually |simply |definitely |just )*(?:option |choice |letter )?"
)
_IT_IS = (
    r"(?:it|this|that|they|these|such|the|so|your|our)(?: [^.?!;,:\n]{1,70}?)?\s*"
    r"(?:(?<![a-z])is|'s|are|must be|has to be|will be|called)\s*(?:called )?"
    r"(?:therefore |clearly |actually |always )*"
)
_BANGLA_CORRECT = (
    r"(?:সঠিক\s*)?(?:উত্তর|অপশন|বিকল্প)(?:টি|টা|টিই)?\s*,?\s*"
    r"(?:হলো|হল|হবে|হচ্ছে|:|=|-)?\s*(?:অপশন |বিকল্প )?"
)
_BANGLA_IT_IS = (
    r"(?:এরা|এগুলো|(?:এমন|এরূপ|এ ধরনের) [ঀ-৥]+|এটা|[ঀ-৥]+টি|দুইটি|দুটি)\s*"
    r"(?:হলো |হল |একটি |আসলে )*"
)
_ANSWER_AFTER = (
    r"[\s)\]\"'*.]*(?:(?:is|must be|should be|will be)\s+(?:the |your )?(?:correct|right|answer)"
    r"|-?(?:টি|টা)?ই?\s*(?:নম্বর|নং|অপশন|বিকল্প|অপশনটি|বিকল্পটি)?(?:টি|টা|টাই|টিই)?\s*"
    r"(?:হলো |হল |হবে )?(?:তোমার )?(?:বেছে নাও|বেছে নিতে হবে|নির্বাচন করো|সঠিক|ঠিক(?![ঀ-৥])"
    r"|উত্তর(?!ের|গুলো)|দাগাও|চাপো|টিক দাও|চাপ দাও|হবে))"
)


_OPEN = r"[(\[\"'*]{0,3}"
_ARTICLE = rf"{_OPEN}(?:an? |the |একটি )?{_OPEN}$"
_LEAD = re.compile(rf"(?<![a-zঀ-৥])(?:{_CHOOSE}|{_CORRECT_IS}|{_BANGLA_CORRECT}){_ARTICLE}")
_DESCRIPTION = re.compile(rf"(?<![a-zঀ-৥])(?:{_IT_IS}|{_BANGLA_IT_IS}){_ARTICLE}")
_AFTER = re.compile(_ANSWER_AFTER)
# A sentence that ends in the letter: so it is a rhombus: C. The false one is C. It is √18 (B).
_LAST_BEFORE = re.compile(
    r"(?:(?::|(?<![a-z])is|'s|must be|has to be|হলো|হল|হবে|হচ্ছে|(?<![ঀ-৥])নয়)\s*"
    r"(?:option |choice |অপশন )?[(\"']?|\()$"
)
_LAST_AFTER = re.compile(r"[)\"']?(?:\s*\([a-zঀ-৥]\))?\s*[.!।]?\s*$")


def is_chosen(folded: str, label: str, *, by_description: bool = False) -> bool:
    """Return whether a text claims that this letter or wording is the one to choose.

    Args:
        folded: A text as `mentions.fold_text` returns it.
        label: A letter or a wording, folded likewise.
        by_description: Whether "it is a rectangle" counts as well.
    """
    leads = [_LEAD, *([_DESCRIPTION] if by_description else [])]
    for sentence in _SENTENCE.findall(folded):
        for start, end in _label_places(sentence, label):
            if _is_claimed(sentence, start, end, leads):
                return True
    return False


def _label_places(sentence: str, label: str) -> Iterator[tuple[int, int]]:
    """Yield where a label stands that is not a part of a longer word or number."""
    end = 0
    while (start := sentence.find(label, end)) >= 0:
        end = start + len(label)
        before, after = sentence[start - 1 : start], sentence[end : end + 1]
        if not (_IN_WORD_BEFORE.match(before) or _IN_WORD_AFTER.match(after)):
            yield start, end


def _is_claimed(sentence: str, start: int, end: int, leads: Sequence[re.Pattern[str]]) -> bool:
    before = sentence[max(0, start - _LOOK_BACK) : start]
    claimed = any(lead.search(before) for lead in leads) or _AFTER.match(sentence, end)
    if not claimed and end - start == 1:
        claimed = _LAST_BEFORE.search(before) and _LAST_AFTER.match(sentence, end)
    return bool(claimed) and not _is_denied(sentence, start, end)


def _is_denied(sentence: str, start: int, end: int) -> bool:
    denied = re.match(r"[\s)\]\"'*]*(?:নয়|না(?![ঀ-৥])|নেই)", sentence[end:])
    asked = sentence.rstrip().endswith("?") or re.search(
        r"(?<![a-z])(?:if|whether|why)(?![a-z])|যদি|কি না|কিনা", sentence[:start]
    )
    return bool(denied or asked or re.search(r"(?:not|n't|never|don't)\s*$", sentence[:start]))
