"""Other readings of expressions: × for the letter x, brackets left out, words among letters."""

import re
from collections.abc import Iterator

from src.answers.looks.look import Look

_BY = re.compile(r" by ", re.IGNORECASE)
_LETTERS = r"a-zA-Zঀ-৥"
_LONE_X = re.compile(r"(?<=[\w)]) [xX] (?=[\w(√])|(?<=\)) ?[xX] ?(?=\()")
_WORD_BEFORE_BRACKET = re.compile(rf"^([{_LETTERS}]{{2,}})(?=\()")
# No product begins or ends there.
_TIMES_AS_X = re.compile(
    r"(?<!\*)(?:(?<=^)|(?<=[-+/^(=<>≤≥,{])|(?<=[-+/^(=<>≤≥,{] ))\*(?!\*)"
    r"|(?<!\*)\*(?= ?(?:[-+/^)=<>≤≥,}]|$))"
)
_TERM_UNDER_POWER = re.compile(r"(?<![\w.^])(\d+[a-zA-Z]+|[a-zA-Z]{2,}|-\d+|-[a-zA-Z]+)\^")
_MOST_BRACKETINGS = 8
_HIGH_POWER = re.compile(r"\^ ?\(?(?:\d\d|[5-9])")  # costs too much to try eight times


def expression_looks(text: str, letters: str) -> Iterator[Look]:
    """Yield the other readings of an expression in about these letters."""
    yield from times_as_x(text, letters)
    if len(sides := _BY.split(text)) == 2:
        yield Look("({})/({})".format(*sides), "words")
    if (bare := _without_stray_words(text, letters)) != text:
        yield Look(bare, "words")
    if (times := _LONE_X.sub("*", text)) != text:
        yield Look(times)
    if "x" in text.lower() and "x" not in letters.lower():
        yield Look(re.sub("[xX]", "*", text), "power_or_product")
    yield from (Look(other, "missing_brackets") for other in bracketings(text))


def times_as_x(text: str, letters: str) -> Iterator[Look]:
    """Yield `2x+3` for `2×+3`, and less surely `2xy` for `2×y`, where x is a letter asked for."""
    if "*" not in text or "x" not in letters.lower():
        return
    plain = _TIMES_AS_X.sub("x", text)
    if plain != text:
        sure = "x" not in text.lower()
        yield Look(plain, None if sure else "power_or_product", shown=plain)
    elif "**" not in text:
        yield Look(text.replace("*", "x"), "power_or_product")


def bracketings(text: str) -> Iterator[str]:
    """Yield the text with brackets that may have been left out: (x+3)/(x+4) for x+3/x+4."""
    text = text.replace("**", "^")
    if not {"/", "^", "(", "*"} & set(text) or len(text) > 60 or _HIGH_POWER.search(text):
        return
    missing = text.count("(") - text.count(")")
    if abs(missing) == 1:
        yield f"{text})" if missing > 0 else f"({text}"
        return
    made = [other for at in _places(text) for other in _around(text, at)]
    yield from dict.fromkeys(other for other in made[:_MOST_BRACKETINGS] if other != text)


def whole_term_raised(said: str) -> Look | None:
    """Return (2a)^3 for "2a cube": said aloud, the power may be meant for all of it."""
    other = _TERM_UNDER_POWER.sub(r"(\1)^", said) if "^" in said else said
    return Look(other, "missing_brackets", shown=said) if other != said else None


def _places(text: str) -> Iterator[int]:
    """Yield where a stroke, a power or a times stands outside brackets, the last first."""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if text[at] in "/^*" and not depth:
            yield at


def _around(text: str, at: int) -> Iterator[str]:
    left, sign, right = text[:at].strip(), text[at], text[at + 1 :].strip()
    if not left or not right:
        return
    first, last = _is_sum(left), _is_sum(right) or _is_product(right, sign)
    if first and last:
        yield f"({left}){sign}({right})"
    if sign == "*":
        return
    if last:
        yield f"{left}{sign}({right})"
    if first:
        yield f"({left}){sign}{right}"


def _is_sum(text: str) -> bool:
    return re.search(r"(?<=[\w)] )[-+]|(?<=[\w)])[-+]", text) is not None


def _is_product(text: str, sign: str) -> bool:
    return sign == "/" and re.search(r"[\w)] ?[*/(]|[a-zA-Z\d][a-zA-Z]", text) is not None


def _without_stray_words(text: str, letters: str) -> str:
    """Drop words that share no letter with the stored answer; a single letter may be a factor."""
    own = set(letters.lower()) | {"x"}
    kept: list[str] = []
    before = ""
    for word in _WORD_BEFORE_BRACKET.sub(r"\1 ", text).split(" "):
        stray = re.fullmatch(rf"[{_LETTERS}.]+", word) and not set(word.lower()) & own
        if not stray or (len(word) == 1 and len(before) == 1):
            kept.append(word)
        before = word
    return " ".join(kept)
