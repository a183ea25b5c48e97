"""Draws the icons of an installed Tonearm from `public/mark.svg`: `python frontend/draw_icons.py`.

It knows what the mark is made of (circles and one line, on a field of 32 by 32) and no more of SVG.
"""

from pathlib import Path
from xml.etree import ElementTree

from PIL import Image, ImageColor, ImageDraw

PUBLIC = Path(__file__).parent / "public"
MARK = PUBLIC / "mark.svg"
FIELD = 32
SOFT = 8
"""Drawn as many times larger and then made small: Pillow draws lines without soft edges."""
GROUND = "#14110F"

Shape = dict[str, str]


def icons() -> dict[str, Image.Image]:
    """File name → picture. Where a system cuts its own shape out, the ground goes to the edges and the mark stays in
    the middle four fifths, which no shape cuts into."""
    return {
        "icon-192.png": drawn(192),
        "icon-512.png": drawn(512),
        "icon-maskable-512.png": drawn(512, on_ground=0.8),
        "apple-touch-icon.png": drawn(180, on_ground=0.9),
    }


def drawn(size: int, on_ground: float | None = None) -> Image.Image:
    """`on_ground`: how much of the width the mark takes on a ground; without it the mark fills a clear picture."""
    large = size * SOFT
    image = Image.new("RGBA", (large, large), GROUND if on_ground else (0, 0, 0, 0))
    scale = large * (on_ground or 1) / FIELD
    edge = (large - FIELD * scale) / 2
    for element in ElementTree.parse(MARK).getroot():
        layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
        _draw(ImageDraw.Draw(layer), element.tag.rpartition("}")[2], element.attrib, scale, edge)
        image = Image.alpha_composite(image, layer)
    small = image.reduce(SOFT)
    return small.convert("RGB") if on_ground else small


def _draw(draw: ImageDraw.ImageDraw, tag: str, shape: Shape, scale: float, edge: float) -> None:
    def at(number: str | float) -> float:
        return edge + float(number) * scale

    width = float(shape.get("stroke-width", 0))
    if tag == "path":
        x1, y1, x2, y2 = (at(number) for number in shape["d"].removeprefix("M").split())
        colour, half = _colour(shape, "stroke"), width * scale / 2
        draw.line((x1, y1, x2, y2), fill=colour, width=round(width * scale))
        for x, y in ((x1, y1), (x2, y2)):
            draw.ellipse((x - half, y - half, x + half, y + half), fill=colour)
        return
    x, y, radius = (float(shape[name]) for name in ("cx", "cy", "r"))
    outer = radius + width / 2
    box = (at(x - outer), at(y - outer), at(x + outer), at(y + outer))
    if "stroke" in shape:
        draw.ellipse(box, outline=_colour(shape, "stroke"), width=round(width * scale))
    else:
        draw.ellipse(box, fill=_colour(shape, "fill"))


def _colour(shape: Shape, name: str) -> tuple[int, ...]:
    red, green, blue = ImageColor.getrgb(shape[name])[:3]
    return red, green, blue, round(255 * float(shape.get(f"{name}-opacity", 1)))


if __name__ == "__main__":
    for name, picture in icons().items():
        picture.save(PUBLIC / name, optimize=True)
