"""Letters that the brand's faces lack: Noto, from packages that the set-up brings (platform_api/assets/scripts).

Each family comes in pieces, and says in `unicode.json` which letters each piece holds: `{"cyrillic": "U+0400-045F,…",
"[12]": "U+4E00,…"}`. Without the packages no letter is found, and words that need one are left out of pictures.
"""

import json
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from PIL.ImageFont import FreeTypeFont, truetype

PACKAGES = Path(__file__).resolve().parents[2] / "assets" / "scripts" / "node_modules" / "@fontsource-variable"
FAMILIES = (
    "noto-sans", "noto-sans-arabic", "noto-sans-hebrew", "noto-sans-devanagari", "noto-sans-thai", "noto-sans-jp",
    "noto-sans-kr", "noto-sans-sc",
)  # fmt: skip


def families_of(letters: Iterable[str]) -> list[str]:
    """Families, those first that hold all of the letters: a Chinese name is not drawn half in Japanese shapes."""
    wanted = {ord(letter) for letter in letters}
    return sorted(FAMILIES, key=lambda family: not wanted <= _letters(family).keys())


def font_of(letter: str, families: Iterable[str], size: int, weight: int) -> FreeTypeFont | None:
    """The first family that holds the letter, at this size and weight; None where none does."""
    for family in families:
        piece = _letters(family).get(ord(letter))
        if piece is not None:
            return _font(family, piece, size, weight)
    return None


@cache
def _letters(family: str) -> dict[int, str]:
    """code point → the piece that holds it. Empty where the package is not there."""
    try:
        pieces: dict[str, str] = json.loads((PACKAGES / family / "unicode.json").read_text())
    except FileNotFoundError:
        return {}
    held: dict[int, str] = {}
    for piece, ranges in pieces.items():
        for span in ranges.split(","):
            first, _, last = span.removeprefix("U+").partition("-")
            held |= dict.fromkeys(range(int(first, 16), int(last or first, 16) + 1), piece.strip("[]"))
    return held


@lru_cache(maxsize=256)
def _font(family: str, piece: str, size: int, weight: int) -> FreeTypeFont:
    font = truetype(PACKAGES / family / "files" / f"{family}-{piece}-wght-normal.woff2", size)
    font.set_variation_by_axes([weight])
    return font
