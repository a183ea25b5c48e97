"""Letters and emoji that the brand's faces lack: Noto, from packages of the set-up (platform_api/assets/scripts).

Each family comes in pieces, and says in `unicode.json` which letters each piece holds: `{"cyrillic": "U+0400-045F,…",
"[12]": "U+4E00,…"}`. Without the packages no letter is found, and words that need one are left out of pictures.
"""

import json
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from PIL.ImageFont import FreeTypeFont, truetype

PACKAGES = Path(__file__).resolve().parents[2] / "assets" / "scripts" / "node_modules" / "@fontsource-variable"
PICTURES = "noto-emoji"
FAMILIES = (
    "noto-sans", "noto-sans-arabic", "noto-sans-hebrew", "noto-sans-devanagari", "noto-sans-thai", "noto-sans-jp",
    "noto-sans-kr", "noto-sans-sc", PICTURES,
)  # fmt: skip
NOT_DRAWN = frozenset("\N{COMBINING ENCLOSING KEYCAP}🏻🏼🏽🏾🏿")
"""What changes the emoji or digit before it in a way that one colour cannot show."""
NO_CHARACTER = "\uffff"


def families_of(letters: Iterable[str]) -> list[str]:
    """Families, those first that hold all of the letters: a Chinese name is not drawn half in Japanese shapes."""
    wanted = {ord(letter) for letter in letters}
    return sorted(FAMILIES, key=lambda family: not wanted <= _letters(family).keys())


def font_of(letter: str, families: Iterable[str], size: int, weight: int) -> FreeTypeFont | None:
    """The first family that holds the letter, at this size and weight; None where none does."""
    for family in families:
        for piece in _letters(family).get(ord(letter), ()):
            font = _font(family, piece, size, weight)
            if has(font, letter):  # some ranges claim more than their piece holds
                return font
    return None


@lru_cache(maxsize=4096)
def has(font: FreeTypeFont, letter: str) -> bool:
    return bytes(font.getmask(letter)) != bytes(font.getmask(NO_CHARACTER))


def is_pictures(font: FreeTypeFont) -> bool:
    """Whether its letters are pictures, among which a space is as wide as one of them."""
    return PICTURES in str(font.path)


@cache
def _letters(family: str) -> dict[int, list[str]]:
    """code point → the pieces that say they hold it. Empty where the package is not there."""
    try:
        pieces: dict[str, str] = json.loads((PACKAGES / family / "unicode.json").read_text())
    except FileNotFoundError:
        return {}
    held: dict[int, list[str]] = {}
    for piece, ranges in pieces.items():
        for span in ranges.split(","):
            first, _, last = span.removeprefix("U+").partition("-")
            for letter in range(int(first, 16), int(last or first, 16) + 1):
                held.setdefault(letter, []).append(piece.strip("[]"))
    return held


@lru_cache(maxsize=256)
def _font(family: str, piece: str, size: int, weight: int) -> FreeTypeFont:
    font = truetype(PACKAGES / family / "files" / f"{family}-{piece}-wght-normal.woff2", size)
    font.set_variation_by_axes([weight])
    return font
