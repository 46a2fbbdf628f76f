"""What the tests of moderation share: members at work, and messages whose words were offered to everybody."""

from typing import Any
from uuid import UUID

from sqlmodel import select

from service.feedback.actions import Received
from service.feedback.models import Feedback
from service.places.queries import PlaceCard
from tests.make import Make
from tests.safeguarding.conftest import at_work

__all__ = ["at_work"]


def offered(make: Make, place: PlaceCard, words: str = "The bench has gone.", **fields: Any) -> Received:
    """A message whose words may be shown."""
    return make.message(place, words, share="words_public", **fields)


def row(make: Make, message: Received | UUID) -> Feedback:
    """A message as it stands now."""
    message_id = message if isinstance(message, UUID) else make.message_id(message)
    with make.database.read() as reads:
        return reads.exec(select(Feedback).where(Feedback.id == message_id)).one()
