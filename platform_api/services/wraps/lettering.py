"""Words in the brand's two faces, for pictures made on the server. The faces cover Latin scripts; a text with any other
letter is refused (None) instead of being drawn as boxes."""

from functools import lru_cache
from pathlib import Path

from PIL import ImageDraw
from PIL.ImageFont import FreeTypeFont, truetype

FONTS = Path(__file__).resolve().parents[2] / "assets" / "fonts"
DISPLAY = ("bricolage-grotesque-latin", "bricolage-grotesque-latin-ext", "bricolage-grotesque-vietnamese")
TEXT = ("instrument-sans-latin", "instrument-sans-latin-ext")
LARGEST_OPTICAL_SIZE = 96
DISPLAY_WIDTH = 84
NO_CHARACTER = "\uffff"

Run = tuple[FreeTypeFont, str]


class Face:
    """One face at one size: the first of its files that has a letter draws it."""

    def __init__(self, fonts: tuple[FreeTypeFont, ...]) -> None:
        self._fonts = fonts

    def runs(self, words: str) -> list[Run] | None:
        """The words in pieces of one file each; None where a letter is in none of them."""
        runs: list[Run] = []
        for letter in words:
            font = next((font for font in self._fonts if letter.isspace() or _has(font, letter)), None)
            if font is None:
                return None
            if runs and (runs[-1][0] is font or letter.isspace()):
                runs[-1] = (runs[-1][0], runs[-1][1] + letter)
            else:
                runs.append((font, letter))
        return runs

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
    return Face(tuple(_font(name, "standard", size, (LARGEST_OPTICAL_SIZE, weight, DISPLAY_WIDTH)) for name in DISPLAY))


@lru_cache(maxsize=64)
def text(size: int, weight: int = 500) -> Face:
    return Face(tuple(_font(name, "wght", size, (weight,)) for name in TEXT))


def _font(name: str, axes: str, size: int, values: tuple[float, ...]) -> FreeTypeFont:
    font = truetype(FONTS / f"{name}-{axes}-normal.woff2", size)
    font.set_variation_by_axes(list(values))
    return font


@lru_cache(maxsize=4096)
def _has(font: FreeTypeFont, letter: str) -> bool:
    return bytes(font.getmask(letter)) != bytes(font.getmask(NO_CHARACTER))
