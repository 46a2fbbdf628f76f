"""Which photos are taken, and when one may be shown."""

import re

MOST_BYTES = 12 * 1024 * 1024
"""Of one photo as it is sent: a phone's own photos are smaller."""

LONGEST_EDGE = 1_600
"""Pixels of what is kept."""

MOST_PIXELS = 24_000_000
MOST_PIXELS_OF_A_JPEG = 64_000_000
"""A picture that unfolds to more is refused before it is unfolded. A JPEG is read at a smaller scale at once, so it may be larger."""

MOST_SCANS = 60
"""Of a JPEG: each has to be gone through, and no camera writes a tenth of them."""

KINDS = ("image/jpeg", "image/png", "image/webp")
"""What a form asks a phone for. Asked so, those that keep photos as HEIC send them as JPEG."""

HEIC = re.compile(rb"^....ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1)", re.DOTALL)
"""How a file begins that many phones write and few programs read."""
