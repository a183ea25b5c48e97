"""The card of a shown wrap as a PNG of 1200 × 630: what a chat shows under a link.

The same drawing as the page's own card (frontend/src/features/wrap/card.ts). It reads a ShownWrap and nothing else, so
it cannot show what was not chosen.
"""

import io
import math
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageDraw

from platform_api.schemas.shown_wraps import ShownWrap
from platform_api.services.wraps import lettering
from platform_api.services.wraps.words import kept_name, span_name
from platform_api.utils.wording import counted

WIDTH, HEIGHT = 1200, 630
SCALE = 2
"""Drawn twice as large and then halved: Pillow draws lines without soft edges."""
HUES = (36, 75, 112, 158, 205, 258, 305, 352)
"""--hue-1 … --hue-8 of the page's tokens; a test holds them together."""
LONGEST_DAILY = 550
"""Beyond this many days a turn is a year and a mark a week; below it a turn is a week and a mark a day."""
MAX_MARKS = 2000
LIST_ITEMS = 3

Colour = tuple[int, int, int]


class Colours(NamedTuple):
    deep: Colour
    bright: Colour
    mist: Colour


class Mark(NamedTuple):
    """A piece of the groove, in turns from the rim, and how loud it was (0 to 1)."""

    begin: float
    end: float
    share: float


def card_png(wrap: ShownWrap) -> bytes:
    """Kept for the few wraps that many look at: drawing takes a few tenths of a second."""
    return _drawn(wrap.model_dump_json())


@lru_cache(maxsize=32)
def _drawn(wrap_json: str) -> bytes:
    wrap = ShownWrap.model_validate_json(wrap_json)
    colours = colours_of(wrap)
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), colours.deep)
    draw = ImageDraw.Draw(image)
    _disc(draw, wrap, colours)
    image = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    image.paste(Image.new("RGB", (WIDTH, HEIGHT), colours.deep), mask=_fade())
    _words(ImageDraw.Draw(image), wrap, colours)
    file = io.BytesIO()
    # two colours and their mixtures: a palette holds them, and chats refuse pictures of half a megabyte
    image.quantize(160).save(file, "PNG", optimize=True)
    return file.getvalue()


def colours_of(wrap: ShownWrap) -> Colours:
    bright, deep = HUES[wrap.bright - 1], HUES[wrap.deep - 1]
    return Colours(_oklch(0.24, 0.075, deep), _oklch(0.8, 0.15, bright), _oklch(0.95, 0.03, bright))


def lay(first: date, last: date, shares: dict[date, float]) -> tuple[list[Mark], int]:
    """The days of a span along the groove, so that a weekday (or a season) keeps its place on the clock face."""
    length = (last - first).days + 1
    step = 1 if length <= LONGEST_DAILY else 7
    per_turn = 7.0 if step == 1 else 365.25 / 7
    offset = float(first.weekday()) if step == 1 else (first.timetuple().tm_yday - 1) / 7
    values = [
        max(shares.get(first + timedelta(days=at + inside), 0.0) for inside in range(min(step, length - at)))
        for at in range(0, length, step)
    ][:MAX_MARKS]
    heard = sorted(value for value in values if value > 0)
    # the few loudest days are left out of the scale, so that one marathon does not hide a year
    ceiling = heard[min(len(heard) - 1, int(len(heard) * 0.97))] if heard else 1.0
    marks = [
        Mark((offset + at) / per_turn, (offset + at + 1) / per_turn, min(1.0, math.sqrt(value / ceiling)))
        for at, value in enumerate(values)
    ]
    return marks, max(1, math.ceil(marks[-1].end if marks else 1))


def _disc(draw: ImageDraw.ImageDraw, wrap: ShownWrap, colours: Colours) -> None:
    x, y, radius = 990 * SCALE, 315 * SCALE, 390 * SCALE
    outer, inner = radius * 0.96, radius * 0.33
    marks, turns = lay(wrap.span.first_day, wrap.span.last_day, {day.day: day.share for day in wrap.days})
    pitch = (outer - inner) / turns
    for mark in marks:
        gap = min(2 * SCALE / (2 * math.pi * (outer - mark.begin * pitch)), (mark.end - mark.begin) * 0.2)
        strength = 0.14 if mark.share == 0 else 0.3 + 0.7 * mark.share
        points = []
        for at in range(13):
            turn = mark.begin + gap + (mark.end - mark.begin - 2 * gap) * at / 12
            angle, reach = turn * 2 * math.pi, outer - turn * pitch
            points.append((x + reach * math.sin(angle), y - reach * math.cos(angle)))
        width = max(1, round(min(radius * 0.06, pitch * (0.28 + 0.52 * mark.share))))
        draw.line(points, fill=_mixed(colours.bright, colours.deep, strength), width=width, joint="curve")
    for part, colour in ((0.23, colours.bright), (0.02, colours.deep)):
        reach = radius * part
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=colour)


def _fade() -> Image.Image:
    """Opaque at the left, where the words are, and gone before the disc."""
    row = Image.new("L", (WIDTH, 1))
    row.putdata([round(255 * min(1.0, max(0.0, (760 - x) / 200))) for x in range(WIDTH)])
    return row.resize((WIDTH, HEIGHT))


def _words(draw: ImageDraw.ImageDraw, wrap: ShownWrap, colours: Colours) -> None:
    left, room = 56, 560
    figure, caption = _headline(wrap)
    size = 230
    while size > 64 and lettering.display(size).width(figure) > room:
        size -= 6
    big = lettering.display(size)
    big.draw(draw, big.shortened(figure, room), (left - size * 0.03, 270), colours.bright)
    head = ", ".join(filter(None, [wrap.name, kept_name(wrap)]))
    line = lettering.display(42, 620)
    if line.runs(head) is None:
        head = kept_name(wrap)
    line.draw(draw, line.shortened(head, room), (left, 270 - size * 0.84), colours.mist)
    below = lettering.text(29)
    below.draw(draw, below.shortened(caption, room), (left, 334), colours.mist)
    lists = (("Artists, by time", wrap.top_artists), ("Tracks, by listens", wrap.top_tracks))
    columns = [(title, items) for title, items in lists if items]
    x, width = left, room if len(columns) == 1 else 272
    for title, items in columns:
        face = lettering.display(28, 600)
        names = [item.name for item in items if face.runs(item.name) is not None][:LIST_ITEMS]
        if not names:
            continue
        lettering.text(22).draw(draw, title, (x, 408), colours.bright)
        for at, name in enumerate(names):
            face.draw(draw, face.shortened(name, width), (x, 445 + at * 37), colours.mist)
        x += 296
    _signed(draw, colours)


def _headline(wrap: ShownWrap) -> tuple[str, str]:
    """The figure and what it is: the minutes where they may be told, else who or when."""
    if wrap.amounts and wrap.amounts.minutes:
        amounts = wrap.amounts
        made_of = f"{counted(amounts.tracks, 'track')}, {counted(amounts.artists, 'artist')}"
        return f"{amounts.minutes:,}", f"{'minute' if amounts.minutes == 1 else 'minutes'}, {made_of}"
    face = lettering.display(96)
    for items, caption in ((wrap.top_artists, "was closest"), (wrap.top_tracks, "was played most")):
        if items and face.runs(items[0].name) is not None:
            return items[0].name, caption
    return span_name(wrap.span), "as it was heard"


def _signed(draw: ImageDraw.ImageDraw, colours: Colours) -> None:
    x, y, radius = 69, 577, 13
    for share in (1.0, 0.66):
        reach = radius * share
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), outline=colours.mist, width=2)
    draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill=colours.bright)
    lettering.display(27, 600).draw(draw, "Tonearm", (x + 22, y + 10), colours.mist)


def _mixed(over: Colour, under: Colour, share: float) -> Colour:
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(over, under, strict=True))
    return red, green, blue


def _oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """Björn Ottosson's OKLab to sRGB; what lies outside the gamut is clipped."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    l_ = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m_ = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s_ = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
    linear = (
        4.0767416621 * l_ - 3.3077115913 * m_ + 0.2309699292 * s_,
        -1.2684380046 * l_ + 2.6097574011 * m_ - 0.3413193965 * s_,
        -0.0041960863 * l_ - 0.7034186147 * m_ + 1.707614701 * s_,
    )
    red, green, blue = (_gamma(min(1.0, max(0.0, value))) for value in linear)
    return red, green, blue


def _gamma(value: float) -> int:
    curved = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * curved)
