"""Photos made anew: what a camera writes beside a picture is gone, and what is no photo is refused before it unfolds."""

from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from service.errors import Invalid
from service.photos.pictures import made_anew
from service.photos.rules import LONGEST_EDGE, MOST_SCANS

SECRET = "51.4545 -2.5879 Hill Road"


def photo(size: tuple[int, int] = (40, 20), kind: str = "JPEG", *, turned: bool = False, mode: str = "RGB") -> bytes:
    """A picture whose left half is red, with where it was taken in every remark that its kind knows."""
    image = Image.new(mode, size, 0 if mode != "RGB" else (0, 0, 255))
    if mode == "RGB":
        image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1]))
    exif, kept, more = Image.Exif(), BytesIO(), {}
    exif[0x010E], exif[0x8298] = SECRET, SECRET
    exif.get_ifd(0x8825)[29] = SECRET
    if turned:
        exif[0x0112] = 6
    if kind == "PNG":
        remarks = PngImagePlugin.PngInfo()
        remarks.add_text("Comment", SECRET)
        more["pnginfo"] = remarks
    if kind == "JPEG":
        more["comment"] = SECRET.encode()
    image.save(kept, kind, exif=exif, icc_profile=SECRET.encode(), **more)
    return kept.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_the_picture_is_left(kind: str) -> None:
    sent = photo(kind=kind)
    assert SECRET.encode() in sent or kind == "PNG"
    made = made_anew(sent)
    image = Image.open(BytesIO(made.content))
    assert (image.format, image.size, len(image.getexif())) == ("JPEG", (40, 20), 0)
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
    assert SECRET.encode() not in made.content and b"Exif" not in made.content and b"http" not in made.content


def test_photo_stands_upright_and_is_no_larger_than_needed() -> None:
    made = made_anew(photo((2_000, 500), turned=True))
    image = Image.open(BytesIO(made.content))
    assert (image.size, (made.width, made.height)) == ((400, LONGEST_EDGE), (400, LONGEST_EDGE))
    top, bottom = image.getpixel((200, 50)), image.getpixel((200, LONGEST_EDGE - 50))
    assert isinstance(top, tuple) and isinstance(bottom, tuple)
    assert top[0] > 200 and bottom[2] > 200, "red was on the left, and is on top when the phone was held upright"


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "RGBA", "LA", "1"])
def test_every_kind_of_colour_is_read(mode: str) -> None:
    kept = BytesIO()
    Image.new(mode, (8, 8)).save(kept, "JPEG" if mode == "CMYK" else "PNG")
    assert Image.open(BytesIO(made_anew(kept.getvalue()).content)).mode == "RGB"


def test_what_is_no_photo_or_too_much_of_one_is_refused_in_words() -> None:
    whole = photo()
    many = whole[:2] + b"\xff\xfe\x00\x04\xff\xda" * (MOST_SCANS + 1) + whole[2:]
    wide = BytesIO()
    Image.new("1", (8_000, 4_000)).save(wide, "PNG")
    wrong = {
        b"": "not a photo",
        b"%PDF-1.7": "not a photo",
        b"GIF89a" + b"\0" * 30: "not a photo",
        whole[:300]: "not a photo",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>": "not a photo",
        b"\0\0\0\x18ftypheic\0\0\0\0": "HEIC",
        wide.getvalue(): "too many pixels",
        many: "too many pixels",
    }
    for sent, words in wrong.items():
        with pytest.raises(Invalid, match="Invalid") as refused:
            made_anew(sent)
        assert words in refused.value.detail and refused.value.errors[0].field == "photo"
