"""What the tests of photos share."""

from io import BytesIO

import pytest
from PIL import Image

from service.places.queries import PlaceCard
from tests.make import Make


def picture(colour: str = "red", size: tuple[int, int] = (40, 20)) -> bytes:
    """A small photo."""
    kept = BytesIO()
    Image.new("RGB", size, colour).save(kept, "JPEG")
    return kept.getvalue()


@pytest.fixture
def place(make: Make, hillside: PlaceCard) -> PlaceCard:
    """Hillside, with an area."""
    make.area(hillside, "hill-road")
    return hillside
