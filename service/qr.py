"""A text as a QR picture, in parts that a template draws."""

from dataclasses import dataclass
from itertools import groupby

import segno

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
