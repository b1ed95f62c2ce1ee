"""Cut the sandbox's fonts out of Noto: ``python -m scripts.fonts FOLDER``, for a new emoji.

FOLDER holds ``NotoSansBengali-Regular.ttf``, ``NotoSansBengali-Bold.ttf`` and
``NotoColorEmoji.ttf``, as Debian's ``fonts-noto-core`` and ``fonts-noto-color-emoji`` bring them.
WOFF and not WOFF2, which takes a package more and saves 20 kB: the emoji are pictures already.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "sandbox" / "fonts"
# The sandbox imports nothing of ours, and the other way round: each has its own.
PAGES = ROOT / "web" / "static"
BANGLA = (*range(0x0980, 0x0A00), 0x0964, 0x0965, 0x200C, 0x200D, 0x25CC)
# What the texts of Dars use, what Telegram lets bots react with, and some that texts may use next.
EMOJI = (
    "↩↪⌚⌛⌨⏩⏪⏭⏰⏱⏳▶◀☀☑☕⚖⚙⚠⚡⚪⚫⛔✂✅✌✍✏✖✨❌❎❓❔❗❤➕➖➗➡⬅⬆⬇⬛⬜⭐🟥🟦🟧🟨🟩🟪"
    "🆕🆗🇧🇩🌈🌍🌐🌙🌟🌱🌳🎁🎈🎉🎊🎒🎓🎨🎯🎲🏁🏃🏅🏆🏠🏫🐢🐣👀👂👆👇👉👋👌👍👎👏👤👥👦👧👨👩👪"
    "💡💪💬💭💯💰💵💻📅📆📈📉📊📋📌📍📎📏📐📖📚📝📢📣📤📥📨📩📱📷📸🔁🔄🔍🔎🔒🔓🔔🔕🔗🔙🔜🔢🔥"
    "🕐🕰🗑🗓😀😁😃😄😅😆😇😉😊😌😍😎😐😔😕😢😮😱😴🙁🙂🙈🙋🙌🙏🚀🚫🛠🛡🤓🤔🤖🤗🤝🤩🥇🥈🥉🥰🥳🥺🦉🧊🧠🧩🧮"
    "🤯🤬🤮💩🕊🤡🥱🥴🐳🌚🌭🤣🍌💔🤨🍓🍾💋🖕😈😭👻🎃😨🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊👾🤷😡♂♀"
)


def cut(source: Path, target: Path, codes: Iterable[int]) -> None:
    """Write the part of a font that draws some characters."""
    # The names hold copyright and licence, which go where the font goes.
    options = Options(layout_features=["*"], name_IDs=["*"], hinting=False)
    font = TTFont(source)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font.flavor = "woff"
    font.save(target)
    print(f"{target.name}: {target.stat().st_size // 1000} kB")


def main() -> None:
    """Write all fonts of the sandbox and of the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    for weight in ("Regular", "Bold"):
        name = f"NotoSansBengali-{weight}"
        for fonts in (FONTS, PAGES):
            cut(folder / f"{name}.ttf", fonts / f"{name}.woff", BANGLA)
    emoji = {*map(ord, EMOJI), 0x200D, 0xFE0F}
    cut(folder / "NotoColorEmoji.ttf", FONTS / "NotoColorEmoji.woff", emoji)


if __name__ == "__main__":
    main()
