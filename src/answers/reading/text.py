"""Step one and two: refuse what is too long or odd, and fold the scripts into one spelling.

Digits of any script become ASCII, signs that look alike become one, superscripts become powers.
Never NFKC: it turns 5² into 52 and 1½ into 11/2.
"""

import re
import unicodedata
from functools import lru_cache

from src.answers.limits import MAX_LENGTH, MAX_RAW
from src.answers.verdicts import UnreadableError
from src.bangla import one_spelling

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿˣ", "0123456789+-()nx", strict=True))
VULGAR = {
    "¼": (1, 4), "½": (1, 2), "¾": (3, 4), "⅐": (1, 7), "⅑": (1, 9), "⅒": (1, 10), "⅓": (1, 3),
    "⅔": (2, 3), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6),
    "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8), "↉": (0, 3),
}  # fmt: skip

_SAME = {
    "-": "−–—‒―‐‑﹣－➖⁃˗",
    "+": "＋﹢➕",
    "*": "×✕✖⨯⨉∗＊﹡",
    "·": "∙•⋅‧・",
    "/": "÷➗∕⁄／⧸",
    "=": "＝﹦",
    "<": "＜﹤",
    ">": "＞﹥",
    "≤": "⩽≦",
    "≥": "⩾≧",
    ":": "：∶꞉˸ː﹕︓",
    ",": "，،、﹐٬",
    ";": "；؛﹔",
    ".": "．﹒。٫",
    "।": "॥",
    "%": "٪％﹪",
    "°": "º˚∘ᵒ",
    "(": "（﹙",
    ")": "）﹚",
    "[": "［【",
    "]": "］】",
    "{": "｛﹛",
    "}": "｝﹜",
    '"': "“”„‟«»＂″",
    "'": "‘’‚‛＇`´′",
    "!": "！",
    "?": "？",
    "^": "ˆ＾",
    "|": "｜∣",
    "⇒": "→➡⟹⟶➔",
    "≈": "≃≅∼～",
    "…": "⋯",
    "∅": "⌀Ø",
    "∪": "⋃",
    "∩": "⋂",
    "\n": "\r\v\f\x85\u2028\u2029",
    " ": "\t\u00a0\u1680\u3000\u202f\u205f" + "".join(map(chr, range(0x2000, 0x200B))),
    # Letters of other alphabets that keyboards and copied text put in the place of Latin ones.
    "x": "хχ", "y": "у", "a": "а", "e": "е", "o": "о", "c": "с", "p": "р",
    "A": "АΑ", "B": "ВΒ", "C": "С", "E": "ЕΕ", "H": "НΗ", "K": "КΚ", "M": "МΜ", "N": "Ν",
    "O": "ОΟ", "P": "РΡ", "T": "ТΤ", "X": "ХΧ", "Y": "Υ", "Z": "Ζ",
}  # fmt: skip


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(words.split())


_TABLE = {odd: plain for plain, odds in _SAME.items() for odd in odds} | {
    "℃": "°C",
    "℉": "°F",
    "ℓ": "l",
    "\u2064": " ",  # an invisible plus, as in 3½
}
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\u2061\ufeff\u00ad\u034f\ufe0e\ufe0f\u20e3\u180e")
# Direction marks around an answer are harmless; an override (U+202D, U+202E) never is.
_BIDI = "\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
_TRIM = _BIDI + "".join(_INVISIBLE) + " \t\r\n\v\f\x85\u00a0\u2028\u2029\u202f\u3000"
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_KEPT_CONTROLS = frozenset("\n\r\t\v\f\x85\u2028\u2029")
_EMOJI = re.compile(
    "^[\u2600-\u2712\u2715\u2719-\u27bf\U0001f000-\U0001faff\u2b50 ]+(?=.)"
    "|(?<=.)[\u2600-\u2712\u2715\u2719-\u27bf\U0001f000-\U0001faff\u2b50 ]+$",
    re.DOTALL,
)
_TIMES_OF_DIGITS = re.compile(r"(?<=\d)\u2062(?=\d)")
_INVISIBLE_TIMES = re.compile("\u2062")
_BIJOY = re.compile("[†‡ˆ‰Š‹ŒŽ˜™š›œŸ¡¢¤¦§¨©ª¬®¯µ¶¸¿À-ÖØ-öø-ÿ]")
# After a digit or before one visarga is typed for a colon; টাঃ and মিঃ are abbreviations.
_VISARGA_AS_COLON = re.compile(r"(?<![ঀ-৥])ঃ|ঃ(?= ?[^ঀ-৥ ])|(?<=উত্তর)ঃ|(?<=^উ)ঃ")


def fold(raw: str) -> str:
    """Return the text with one spelling for each sign, or refuse it.

    Raises:
        UnreadableError: empty, too_long, or control_character.
    """
    if len(raw) > MAX_RAW:
        raise UnreadableError("too_long")
    return _fold(raw)


@lru_cache(maxsize=4096)
def _fold(raw: str) -> str:
    trimmed = _without_invisible(raw.strip(_TRIM))
    if len(trimmed) > MAX_LENGTH:
        raise UnreadableError("too_long")
    if not trimmed:
        raise UnreadableError("empty")
    return fold_long(trimmed)


def odd_letters(raw: str) -> str | None:
    """Return why letters cannot be trusted: Assamese ones, or Bijoy's, which are Latin underneath.

    ৰ looks like র on some phones; what Bijoy wrote shows as mgwØevû everywhere else.
    """
    if raw.isascii():
        return None
    if any(c in "\u09f0\u09f1" for c in raw):
        return "assamese_letter"
    return "bijoy_text" if _BIJOY.search(raw) else None


def fold_long(text: str) -> str:
    """Fold an author's text, which may be longer than an answer.

    Raises:
        UnreadableError: empty or control_character.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = _without_invisible(text)
    folded = _raise_superscripts("".join(_fold_characters(text)))
    folded = _VISARGA_AS_COLON.sub(":", _EMOJI.sub("", folded))
    folded = re.sub(r" *\n[ \n]*", "\n", re.sub(r"  +", " ", folded)).strip()
    if not folded:
        raise UnreadableError("empty")
    return folded


def _without_invisible(text: str) -> str:
    """Drop what nobody sees; an invisible times sign counts between digits only."""
    if text.isascii():
        return text
    text = _INVISIBLE_TIMES.sub("", _TIMES_OF_DIGITS.sub("*", one_spelling(text)))
    return "".join(c for c in text if c not in _INVISIBLE)


def _fold_characters(text: str) -> list[str]:
    folded: list[str] = []
    for character in text:
        plain = _TABLE.get(character, character)
        if len(plain) == 1 and not (plain.isascii() and plain.isprintable()):
            plain = _fold_character(plain, folded[-1] if folded else "")
        folded.append(plain)
    return folded


def _fold_character(character: str, previous: str) -> str:
    if character in _KEPT_CONTROLS:
        return "\n"
    category = unicodedata.category(character)
    if category in _REFUSED:
        raise UnreadableError("control_character")
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if "\u0300" <= character <= "\u036f":
        # A dot over a digit marks a recurring decimal; any other accent is a slip of the keyboard.
        return character if character == "\u0307" and previous.isdigit() else ""
    if "\u3371" <= character <= "\u33df":
        return _one_sign_unit(character)
    if "\U0001d400" <= character <= "\U0001d7ff" or "\uff21" <= character <= "\uff5a":
        return unicodedata.normalize("NFKC", character)  # mathematical and full-width letters
    return character


def _one_sign_unit(character: str) -> str:
    """Spell ㎡ as m^(2) and ㎧ as m/s."""
    spelled = unicodedata.normalize("NFKC", character).replace("\u2215", "/")
    return re.sub(r"(?<=[a-z])(\d)$", r"^(\1)", spelled)


def _raise_superscripts(text: str) -> str:
    """Turn a run of superscripts into a bracketed power, so that x²5 does not become x^25."""
    if not any(c in SUPERSCRIPTS for c in text):
        return text
    pieces: list[str] = []
    raised = False
    for character in text:
        plain = SUPERSCRIPTS.get(character)
        if (plain is not None) != raised:
            pieces.append(")" if raised else "^(")
            raised = not raised
        pieces.append(character if plain is None else plain)
    return "".join(pieces) + (")" if raised else "")
