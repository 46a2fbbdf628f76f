"""Making photos anew: the pixels are drawn into a new JPEG, and nothing else of the file comes along."""

import hashlib
from io import BytesIO
from typing import TYPE_CHECKING

from service.errors import FieldError, Invalid
from service.language import _
from service.later import later
from service.photos.models import Picture
from service.photos.rules import HEIC, LONGEST_EDGE, MOST_PIXELS, MOST_PIXELS_OF_A_JPEG, MOST_SCANS

if TYPE_CHECKING:
    import PIL
    from PIL import Image, ImageOps
else:
    PIL, Image, ImageOps = map(later, ("PIL", "PIL.Image", "PIL.ImageOps"))

READ = ("JPEG", "PNG", "WEBP")
QUALITY = 82
SMALL_EDGE, QUALITY_SMALL = 480, 68
WHITE = (255, 255, 255)


def made_anew(sent: bytes) -> Picture:
    """The photo turned upright, no edge longer than 1,600 pixels, without place, camera, date or any other remark.

    Raises: Invalid for what is no photo, or unfolds to too much.
    """
    if HEIC.match(sent[:12]):
        raise Invalid(FieldError("photo", _("We cannot read photos of the kind HEIC. Send a JPEG, or a screenshot of it.")))
    try:
        with Image.open(BytesIO(sent), formats=READ) as opened:
            _must_be_small(opened, sent)
            if opened.format in ("JPEG", "MPO"):
                opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
            drawn = _drawn(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except (PIL.UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise Invalid(FieldError("photo", _("One of the files is not a photo that we can read. Send JPEG, PNG or WebP."))) from None
    kept = BytesIO()
    drawn.save(kept, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Picture(kept.getvalue(), *drawn.size, hashlib.sha256(sent).digest())


def small(content: bytes) -> bytes:
    """One of our own photos again, small enough to stand in a page itself."""
    with Image.open(BytesIO(content), formats=("JPEG",)) as opened:
        opened.draft("RGB", (SMALL_EDGE, SMALL_EDGE))
        opened.thumbnail((SMALL_EDGE, SMALL_EDGE), Image.Resampling.BILINEAR)
        kept = BytesIO()
        opened.save(kept, "JPEG", quality=QUALITY_SMALL, optimize=True)
    return kept.getvalue()


def _must_be_small(opened: "Image.Image", sent: bytes) -> None:
    of_jpeg = opened.format in ("JPEG", "MPO")
    pixels, most = opened.width * opened.height, MOST_PIXELS_OF_A_JPEG if of_jpeg else MOST_PIXELS
    if pixels > most or (of_jpeg and sent.count(b"\xff\xda") > MOST_SCANS):
        raise _too_many_pixels()


def _too_many_pixels() -> Invalid:
    return Invalid(FieldError("photo", _("One of the photos has too many pixels. Send a smaller one.")))


def _drawn(opened: "Image.Image") -> "Image.Image":
    """The first picture of the file on a sheet of its own: no remark, profile or thumbnail hangs on that."""
    turned = ImageOps.exif_transpose(opened)
    if "A" in turned.getbands() or "transparency" in turned.info:
        seen = turned.convert("RGBA")
        flat = Image.new("RGB", seen.size, WHITE)
        flat.paste(seen, mask=seen.getchannel("A"))
    else:
        flat = turned.convert("RGB")
    flat.thumbnail((LONGEST_EDGE, LONGEST_EDGE), Image.Resampling.LANCZOS)
    sheet = Image.new("RGB", flat.size)
    sheet.paste(flat)
    return sheet
