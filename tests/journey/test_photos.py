"""A photo on a phone: drawn smaller before it is sent, without place and time, and kept with the words."""

from io import BytesIO

import pytest
from fastapi import FastAPI
from PIL import Image
from playwright.sync_api import Page, expect
from sqlmodel import select

from service.photos.models import Photo
from tests.journey.stage import Stage
from tests.make import Make

pytestmark = pytest.mark.browser

DRAWN = """async () => {
  while (document.getElementById("photo").files[0].name !== "photo.jpg") await new Promise((done) => setTimeout(done, 20));
}"""
"""Waits until the phone has drawn the photo anew."""


@pytest.fixture
def kind() -> str:
    """A phone is the same before both databases."""
    return "sqlite"


def test_photo_is_made_small_on_the_phone_and_comes_with_the_words(make: Make, app: FastAPI, phone: Page) -> None:
    stage, taken, exif = Stage(make, app, phone), BytesIO(), Image.Exif()
    exif[0x010E] = "51.4545 -2.5879"
    Image.effect_noise((2_400, 1_800), 60).convert("RGB").save(taken, "JPEG", exif=exif, quality=95)
    page = stage.goes_to(f"/{stage.hillside.slug}/tell")
    page.get_by_label("What happened?").fill("The step is broken.")
    page.get_by_text("Add a photo, or more").click()
    field = page.get_by_label("Add up to three photos")
    field.set_input_files({"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": taken.getvalue()})
    page.evaluate(DRAWN)
    small = bytes(page.evaluate("document.getElementById('photo').files[0].arrayBuffer().then((all) => [...new Uint8Array(all)])"))
    assert Image.open(BytesIO(small)).size == (1_600, 1_200) and len(small) < len(taken.getvalue()) and b"51.4545" not in small
    stage.presses("Send")
    expect(page.get_by_role("heading", name="Thank you. We have got it.")).to_be_visible()
    with make.database.read() as reads:
        [kept] = reads.exec(select(Photo))
    assert (kept.width, kept.height) == (1_600, 1_200)
