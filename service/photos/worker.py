"""What makes photos anew while others wait their turn: unfolding one takes memory, and many come at once after a storm."""

import asyncio

from service.errors import FieldError, Invalid, Unavailable
from service.language import _
from service.photos import pictures
from service.photos.models import MOST_PHOTOS, Picture
from service.uploads import Sent

AT_ONCE = 2
"""Photos that one process unfolds at the same time."""

PATIENCE = 20.0
"""Seconds that a photo waits for its turn and is worked on."""


class TooLarge(Invalid):
    """More bytes than are taken."""

    status = 413


class Darkroom:
    """Belongs to one event loop."""

    def __init__(self) -> None:
        self.free = asyncio.Semaphore(AT_ONCE)

    async def made_anew(self, sent: Sent) -> list[Picture]:
        """The photos of a form, made anew.

        Raises: Invalid and TooLarge, with a sentence for whoever sent them; Unavailable when all hands are full.
        """
        if sent.too_many:
            raise Invalid(FieldError("photo", _("Send no more than three photos.")))
        if any(file.too_large for file in sent.files):
            raise TooLarge(FieldError("photo", _("One of the photos is too large: at most 12 MB.")))
        made = []
        for file in sent.files[:MOST_PHOTOS]:
            try:
                async with asyncio.timeout(PATIENCE), self.free:
                    made.append(await asyncio.to_thread(pictures.made_anew, file.content))
            except TimeoutError:
                raise Unavailable from None
        return made
