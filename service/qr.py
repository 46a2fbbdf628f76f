"""A text as a QR picture, in parts that a template draws."""

import base64
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from service.later import later

if TYPE_CHECKING:
    import segno
    from PIL import Image, ImageDraw, ImageFont
else:
    segno, Image, ImageDraw, ImageFont = map(later, ("segno", "PIL.Image", "PIL.ImageDraw", "PIL.ImageFont"))

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


# ---- a code as a picture to keep -------------------------------------------------------------------------------------

SCALE, LETTERS = 10, 30
"""Pixels of a module, and the height of the letters under it, in a picture that somebody keeps."""

CODE_LETTERS = 17
SIDE, STEP = 21 + 2 * BORDER, LETTERS * 3 // 2
"""Modules on each side of the picture of a code, and pixels from one line of letters to the next."""

_WIDTH = SIDE * SCALE
_ROW = 8 + (_WIDTH + 7) // 8 * 8
"""Bits of a row of pixels in a file: a byte that says how it is written, the pixels, and what fills the last byte."""

_VALUES = {letter: value for value, letter in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")}
_PAIRS = range(0, CODE_LETTERS, 2)
_CHUNK = 9
_TENFOLD = sum(1 << _ROW * row for row in range(SCALE))


def kept_picture_of(code: str, lines: Sequence[str]) -> str:
    """A receipt's code as a QR picture with lines of letters under it: a PNG as a data: address, which a page may hold and a phone keep.

    Every sender gets one, so it is put together from parts that are drawn once. All pixels are one number, its highest bit on the top left.
    """
    modules, ink = modules_of(code), 0
    for begin in range(SIDE * SIDE - SIDE, -1, -SIDE):
        row = 0
        for chunk in range(SIDE - _CHUNK, -1, -_CHUNK):
            row = row << _CHUNK * SCALE | _widened(modules >> begin + chunk & (1 << _CHUNK) - 1)
        ink = ink << _ROW * SCALE | row * _TENFOLD
    ink <<= _ROW - 8 - _WIDTH
    for line in lines:
        drawn = [_letter(letter) for letter in line]
        right = (_WIDTH + sum(width for width, _pixels in drawn)) // 2
        band = 0
        for width, pixels in reversed(drawn):
            right -= width
            band |= pixels << _ROW - 8 - right - width
        ink = ink << _ROW * STEP | band
    return f"data:image/png;base64,{base64.b64encode(_png(ink, SIDE * SCALE + STEP * len(lines))).decode()}"


@cache
def _widened(modules: int) -> int:
    """So many modules, each as wide as its pixels."""
    return int("".join(bit * SCALE for bit in f"{modules:0{_CHUNK}b}"), 2)


@cache
def _letter(letter: str) -> tuple[int, int]:
    """How wide a letter is under a picture, and its pixels, in rows of the picture's own length. Units: pixels."""
    font = ImageFont.load_default(LETTERS)
    width = round(font.getlength(letter))
    drawn = Image.new("1", (width, STEP))
    ImageDraw.Draw(drawn).text((0, 0), letter, fill=1, font=font)
    pixels = 0
    for y in range(STEP):
        pixels = pixels << _ROW | int("".join("1" if drawn.getpixel((x, y)) else "0" for x in range(width)), 2)
    return width, pixels


def _png(ink: int, height: int) -> bytes:
    """Pixels in black and white as a file. Source: the PNG specification, https://www.w3.org/TR/png-3/ (the third edition)."""
    lines = (_white(height) ^ ink).to_bytes(height * _ROW // 8, "big")
    head = struct.pack(">IIBBBBB", _WIDTH, height, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 4)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part)) for name, part in parts
    )


@cache
def _white(height: int) -> int:
    """A page without ink."""
    return sum(((1 << _WIDTH) - 1) << _ROW - 8 - _WIDTH + _ROW * row for row in range(height))


def modules_of(code: str) -> int:
    """The modules of a code's QR picture, border included, row by row; the first is the highest bit, and dark ones are 1.

    All codes have one length, so their pictures have one size and one mask: each bit of the text then turns the same modules of it,
    those that correct errors included. What each turns is asked of the library once, and not for every picture.
    """
    plain, turns = _turns()
    for place in _PAIRS:
        value = _value(code[place : place + 2])
        for bit, turned in enumerate(turns[place]):
            if value >> bit & 1:
                plain ^= turned
    return plain


def drawn_by_library(code: str) -> int:
    """The same, asked of the library."""
    rows = segno.make_qr(code, version=1, mode="alphanumeric", error="m", mask=0, boost_error=False).matrix_iter(border=BORDER)
    return int("".join("1" if dark else "0" for row in rows for dark in row), 2)


@cache
def _turns() -> tuple[int, dict[int, list[int]]]:
    """The picture of a text of zeros, and by place which modules each bit of the letters there turns."""
    zeros = "0" * CODE_LETTERS
    plain = drawn_by_library(zeros)
    turns: dict[int, list[int]] = {}
    for place in _PAIRS:
        both = len(zeros[place : place + 2]) == 2
        turns[place] = []
        for bit in range(11 if both else 6):
            letters = _letters(1 << bit) if both else _letters(1 << bit)[1:]
            turns[place].append(plain ^ drawn_by_library(zeros[:place] + letters + zeros[place + 2 :]))
    return plain, turns


def _value(letters: str) -> int:
    """Two letters as the 11 bits that a QR picture holds them in, or the last one as its 6."""
    return _VALUES[letters[0]] * 45 + _VALUES[letters[1]] if len(letters) == 2 else _VALUES[letters]


def _letters(value: int) -> str:
    known = list(_VALUES)
    return known[value // 45] + known[value % 45]
