"""Words in the brand's two faces, for pictures made on the server. The faces cover Latin scripts; other letters are
Noto's (`scripts.py`). A text with a letter that neither has is refused (None) instead of being drawn as boxes. So is
one written from right to left where Pillow cannot lay that out: without the library fribidi it would be mirrored."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from PIL import ImageDraw, features
from PIL.ImageFont import FreeTypeFont, truetype

from platform_api.services.wraps import scripts

FONTS = Path(__file__).resolve().parents[2] / "assets" / "fonts"
DISPLAY = ("bricolage-grotesque-latin", "bricolage-grotesque-latin-ext", "bricolage-grotesque-vietnamese")
TEXT = ("instrument-sans-latin", "instrument-sans-latin-ext")
LARGEST_OPTICAL_SIZE = 96
DISPLAY_WIDTH = 84

Run = tuple[FreeTypeFont, str]


class Face:
    """One face at one size: the first of its files that has a letter draws it, else a family of the letter's script."""

    def __init__(self, fonts: tuple[FreeTypeFont, ...], size: int, weight: int) -> None:
        self._fonts = fonts
        self._size, self._weight = size, weight

    def runs(self, words: str) -> list[Run] | None:
        """The words in pieces of one file each, as its letters follow one another; None where a letter is in none."""
        if _is_mirrored(words):
            return None
        runs: list[Run] = []
        families: list[str] | None = None
        for letter in words:
            if letter in scripts.NOT_DRAWN:
                continue
            if runs and _belongs_to_the_one_before(letter, runs[-1][0]):
                runs[-1] = (runs[-1][0], runs[-1][1] + letter)
                continue
            font = self._own(letter)
            if font is None:
                families = families or scripts.families_of(
                    each for each in words if not _is_mark_or_space(each) and self._own(each) is None
                )
                font = scripts.font_of(letter, families, self._size, self._weight)
            if font is None:
                return None
            if runs and runs[-1][0] is font:
                runs[-1] = (font, runs[-1][1] + letter)
            else:
                runs.append((font, _space_taken_over(runs) + letter))
        return runs

    def _own(self, letter: str) -> FreeTypeFont | None:
        return next((font for font in self._fonts if scripts.has(font, letter)), None)

    def width(self, words: str) -> float:
        return sum(font.getlength(piece) for font, piece in self.runs(words) or [])

    def shortened(self, words: str, width: float) -> str:
        """As much as fits, with an ellipsis where something was left out."""
        if self.width(words) <= width:
            return words
        while words and self.width(f"{words.rstrip()}…") > width:
            words = words[:-1]
        return f"{words.rstrip()}…"

    def draw(self, on: ImageDraw.ImageDraw, words: str, at: tuple[float, float], colour: tuple[int, int, int]) -> None:
        """`at` is the left end of the baseline."""
        x, y = at
        for font, piece in self.runs(words) or []:
            on.text((x, y), piece, font=font, fill=colour, anchor="ls")
            x += font.getlength(piece)


@lru_cache(maxsize=64)
def display(size: int, weight: int = 700) -> Face:
    axes = (LARGEST_OPTICAL_SIZE, weight, DISPLAY_WIDTH)
    return Face(tuple(_font(name, "standard", size, axes) for name in DISPLAY), size, weight)


@lru_cache(maxsize=64)
def text(size: int, weight: int = 500) -> Face:
    return Face(tuple(_font(name, "wght", size, (weight,)) for name in TEXT), size, weight)


def _font(name: str, axes: str, size: int, values: tuple[float, ...]) -> FreeTypeFont:
    font = truetype(FONTS / f"{name}-{axes}-normal.woff2", size)
    font.set_variation_by_axes(list(values))
    return font


def _belongs_to_the_one_before(letter: str, font: FreeTypeFont) -> bool:
    return _is_mark_or_space(letter) and not (letter.isspace() and scripts.is_pictures(font))


def _is_mirrored(words: str) -> bool:
    return not _lays_out() and any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in words)


def _lays_out() -> bool:
    """Whether Pillow has found what lays out scripts that run from right to left."""
    return bool(features.check("raqm"))


def _is_mark_or_space(letter: str) -> bool:
    """Spaces, marks above and below, and joiners are no letters of their own."""
    return letter.isspace() or unicodedata.category(letter) in ("Mn", "Mc", "Me", "Cf")


def _space_taken_over(runs: list[Run]) -> str:
    """The space at the end of a piece written from right to left would be drawn at its left: it is cut off there and
    begins the next piece."""
    if not runs or unicodedata.bidirectional(runs[-1][1].rstrip()[-1:] or " ") not in ("R", "AL"):
        return ""
    font, words = runs[-1]
    runs[-1] = (font, words.rstrip())
    return words[len(words.rstrip()) :]
