"""What a phone asks once more: the receipt of a message that it has just sent."""

from service.database import ReadSession
from service.days import local_day
from service.feedback.answer_models import Receipt
from service.feedback.queries import get_by_code
from service.feedback.receipts import shown, typed
from service.feedback.rules import answer_by
from service.places.queries import PlaceCard
from service.server_keys import ServerKeys


def get_receipt(reads: ReadSession, keys: ServerKeys, place: PlaceCard, code: str) -> Receipt:
    """The receipt that was given for a message, by its code. Raises: NotFound."""
    message = get_by_code(reads, keys, place, code)
    received_on = local_day(message.received_at, place.time_zone)
    return Receipt(
        id=message.public_id,
        receipt=shown(typed(code) or ""),
        received_at=message.received_at,
        answer_by=answer_by(received_on, place.working_days, place.thresholds),
    )
