"""Leaks of answers that have parts: ratios, pairs, sets and lists."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import zip_longest

from src.answers.leaks.algebra import MAX_CANDIDATES, is_right
from src.answers.leaks.mentions import Form, Mention
from src.answers.leaks.numbers import leaks_number
from src.answers.leaks.scene import Reading, Scene, compact
from src.answers.verdicts import AnswerType

_GROUP = re.compile(r"\([^()\n]{1,60}\)|\{[^{}\n]{0,80}\}|\[[^\[\]\n]{1,60}\]")
_EMPTY_SET = re.compile(
    r"∅|\{ ?\}|(?:empty|null|void) set|(?:ফাঁকা|ফাকা|শূন্য) সেট|set is empty|সেটটি (?:ফাঁকা|শূন্য)"
)
_STOPS = frozenset({".", "?", "!", "।", "\n", ";"})
_BETWEEN = frozenset(
    {
        ",",
        ";",
        "and",
        "or",
        "ও",
        "এবং",
        "বা",
        "অথবা",
        "আর",
        "<",
        ">",
        "&",
        "then",
        "তারপর",
        "{",
        "}",
        "(",
        ")",
        "x",
        "=",
    }
)
_COLONS = frozenset({":", "to", "অনুপাত", "is"})
_ASSIGNED = (
    r"(?<![a-z]){name}(?:-coordinate| coordinate)?,?\s*(?:=|is|equals|:|এর মান|হলো|হল|হবে)\s*"
    r"(?:হলো |হল |হবে |= )?(?P<n>-? ?[\d./]*\d)(?!\s*[a-z+*/^(-])"
)


def leaks_ratio(scene: Scene) -> bool:
    """Return whether the ratio stands in the text: 2:3, 2 to 3, দুই অনুপাত তিন, 2/3."""
    parts = [m.value for m in Reading.of(scene.stored).mentions if not m.embedded]
    if Form.FRACTION in {m.form for m in Reading.of(scene.stored).mentions} or len(parts) < 2:
        return False
    shown = set(_ratios(scene.shown))
    for ratio in _ratios(scene.text):
        if ratio in shown or len(ratio) != len(parts) or not parts[0]:
            continue
        same = all(a * parts[0] == b * ratio[0] for a, b in zip(ratio, parts, strict=True))
        if same and (scene.options.form != "lowest_terms" or list(ratio) == parts):
            return True
    if len(parts) != 2:
        return False
    fraction = parts[0] / parts[1] if parts[1] else Fraction(0)
    return any(
        m.form is Form.FRACTION
        and m.value == fraction
        and m.denominator == fraction.denominator
        and all(n.value != m.value for n in scene.shown.mentions)
        for m in scene.text.mentions
    )


def _ratios(reading: Reading) -> Iterator[tuple[Fraction, ...]]:
    chain: list[Mention] = []
    for mention in reading.mentions:
        joint = [t.text for t in reading.tokens[chain[-1].last : mention.first]] if chain else []
        if chain and (joint == ["is", "to"] or (len(joint) == 1 and joint[0] in _COLONS - {"is"})):
            chain.append(mention)
            continue
        if len(chain) > 1:
            yield tuple(m.value for m in chain)
        chain = [mention]
    if len(chain) > 1:
        yield tuple(m.value for m in chain)


def leaks_tuple(scene: Scene) -> bool:
    """Return whether all components stand together: (4, -1), x = 4 and y = -1, ৪৫ ও ১৫."""
    if _grouped(scene) or _assigned(scene):
        return True
    return _together(scene, _components(scene), ordered=True)


def _grouped(scene: Scene) -> bool:
    """Whether a bracketed group of the text is the answer, and not one of the question."""
    groups = [match[0] for match in _GROUP.finditer(scene.folded)][:MAX_CANDIDATES]
    return any(
        compact(group) not in scene.question_compact and is_right(scene, group) for group in groups
    )


def _assigned(scene: Scene) -> bool:
    names = scene.options.vars or ("x", "y")
    values: dict[str, str] = {}
    for name in names:
        pattern = _ASSIGNED.replace("{name}", re.escape(name.lower()))
        if match := re.search(pattern, scene.folded):
            values[name] = match["n"]
    if len(values) < len(names):
        return False
    typed = ", ".join(f"{name}={value}" for name, value in values.items())
    return compact(typed) not in scene.question_compact and is_right(scene, typed)


def _components(scene: Scene) -> list[Fraction]:
    return [m.value for m in Reading.of(scene.stored).mentions if not m.embedded]


def _together(scene: Scene, parts: Sequence[Fraction], *, ordered: bool) -> bool:
    """Whether one sentence names the components and no other number, one of them new."""
    if len(parts) < 2:
        return False
    known = {m.value for m in scene.shown.mentions}
    wanted = list(parts) if ordered else sorted(parts)
    for sentence in _sentences(scene.text):
        values = [m.value for m in sentence]
        if (values if ordered else sorted(values)) == wanted and set(parts) - known:
            return True
    return False


def _sentences(reading: Reading) -> Iterator[list[Mention]]:
    mentions = [m for m in reading.mentions if not m.embedded]
    sentence: list[Mention] = []
    for mention, following in zip_longest(mentions, mentions[1:]):
        sentence.append(mention)
        until = following.first if following else len(reading.tokens)
        if any(token.text in _STOPS for token in reading.tokens[mention.last : until]):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def leaks_list(scene: Scene) -> bool:
    """Return whether the items stand together, for an ordered list in their order."""
    if _grouped(scene):
        return True
    parts = _components(scene)
    if len(parts) < 2:
        return leaks_words(scene) if not parts else leaks_number(_as_number(scene))
    ordered = scene.options.ordered
    shown = [tuple(chain) for chain in _chains(scene.shown)]
    for chain in _chains(scene.text):
        if _holds(chain, parts, ordered=ordered) and not any(
            _holds(known, parts, ordered=ordered) for known in shown
        ):
            return True
    return _together(scene, parts, ordered=ordered)


def _as_number(scene: Scene) -> Scene:
    return Scene(
        scene.text, scene.shown, scene.stored.strip("{} "), AnswerType.NUMBER, scene.options
    )


def leaks_words(scene: Scene) -> bool:
    """Return whether a text names every item of a list of words, one of them new."""
    words = [w.strip().lower() for w in re.split(r"[,;{}]", scene.stored) if w.strip()]
    known = [_has_word(scene.question, word) for word in words]
    return (
        len(words) > 1 and all(_has_word(scene.folded, word) for word in words) and not all(known)
    )


def _has_word(folded: str, word: str) -> bool:
    return (
        len(word) > 1 and re.search(rf"(?<![a-zঀ-৥]){re.escape(word)}(?![ঀ-৥])", folded) is not None
    )


def _holds(chain: Sequence[Fraction], parts: Sequence[Fraction], *, ordered: bool) -> bool:
    if not ordered:
        return sorted(chain) == sorted(parts)
    size = len(parts)
    return any(list(chain[at : at + size]) == list(parts) for at in range(len(chain) - size + 1))


def _chains(reading: Reading) -> Iterator[list[Fraction]]:
    """Yield the runs of numbers with nothing but commas and joining words between."""
    chain: list[Fraction] = []
    last = 0
    for mention in reading.mentions:
        if mention.embedded:
            continue
        between = {token.text for token in reading.tokens[last : mention.first]} - {"-"}
        if chain and not between <= _BETWEEN:
            yield chain
            chain = []
        chain.append(mention.value)
        last = mention.last
    if chain:
        yield chain


def leaks_set(scene: Scene) -> bool:
    """Return whether a text shows the set, or says that it is empty."""
    stored = compact(scene.stored)
    if stored in {"{}", "∅", "φ"}:
        return bool(_EMPTY_SET.search(scene.folded)) and not _EMPTY_SET.search(scene.question)
    if _grouped(scene):
        return True
    parts = _components(scene)
    if len(parts) == 1:
        return leaks_number(_as_number(scene))
    if not parts:
        return _leaks_letters(scene)
    known = [sorted(chain) for chain in _chains(scene.shown)]
    wanted = sorted(parts)
    return wanted not in known and (
        any(sorted(chain) == wanted for chain in _chains(scene.text))
        or _together(scene, parts, ordered=False)
    )


def _leaks_letters(scene: Scene) -> bool:
    """A set of letters without braces: a, e, i and o."""
    letters = [w for w in re.split(r"[,;{} ]", scene.stored.lower()) if w]
    joint = r"\s*(?:,|;|and|ও|এবং|আর)?\s*(?:and |ও |এবং )?"
    pattern = joint.join(map(re.escape, letters))
    return re.search(rf"(?<![a-zঀ-৥,;] ){pattern}(?![a-zঀ-৥])", scene.folded) is not None and (
        re.search(pattern, scene.question) is None
    )
