"""A text as a QR picture, in parts that a template draws."""

import base64
import io
from dataclasses import dataclass
from functools import cache
from itertools import groupby

import segno
from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont
from PIL.ImageFont import ImageFont as PlainFont

BORDER = 3
"""Empty modules around a QR picture."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A QR picture for the template to draw: `size` modules on each side, border included, and an SVG path stroked 1 wide."""

    size: int
    path: str


def picture_of(text: str) -> Picture:
    """This text as a QR picture."""
    rows = segno.make_qr(text, error="m", mask=0, boost_error=False).matrix_iter(scale=1, border=BORDER)
    lines = []
    for y, row in enumerate(rows):
        x = 0
        for dark, modules in groupby(row):
            width = sum(1 for _module in modules)
            if dark:
                lines.append(f"M{x} {y}.5h{width}")
            x += width
    return Picture(x, "".join(lines))


SCALE = 10
LETTERS = 30
"""Pixels of a module, and the height of the letters under it, in a picture that somebody keeps."""


def kept_picture_of(text: str, lines: list[str]) -> str:
    """This text as a QR picture with lines of letters under it: a PNG as a data: address, which a page may hold and a phone can keep."""
    rows = [bytes(row) for row in segno.make_qr(text, error="m", mask=0, boost_error=False).matrix_iter(border=BORDER)]
    size, step = len(rows) * SCALE, LETTERS * 3 // 2
    picture = Image.new("L", (size, size + step * len(lines)), 255)
    modules = Image.frombytes("L", (len(rows), len(rows)), bytes(0 if dark else 255 for row in rows for dark in row))
    picture.paste(modules.resize((size, size), Image.Resampling.NEAREST))
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        draw.text((size / 2, size + step * number), line, fill=0, font=_font(), anchor="ma")
    out = io.BytesIO()
    picture.convert("1", dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


@cache
def _font() -> FreeTypeFont | PlainFont:
    return ImageFont.load_default(LETTERS)
