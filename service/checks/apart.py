"""What becomes of words in a check that cannot wait: they leave the check, and stand apart from all others, where somebody is called."""

from datetime import datetime
from uuid import uuid4

from service.checks.models import CheckIn, PromiseCheck, Shown, Wish
from service.database import WriteSession
from service.errors import Refusal
from service.feedback.actions import receive_feedback
from service.feedback.intake import PUBLIC_SENDER, Arrival, message_from
from service.feedback.models import FeedbackIn
from service.loop.actions import add_words
from service.places.queries import PlaceCard
from service.server_keys import ServerKeys


def put_apart(writes: WriteSession, keys: ServerKeys, place: PlaceCard, row: PromiseCheck, given: CheckIn, now: datetime) -> None:
    """Those on call are called: for the message whose code came with the words, else for one that these words alone make.

    Nobody can open that one with a code, as its sender has none. What was ticked still counts; nobody else reads the words there.
    """
    if row.feedback_id is not None:
        add_words(writes, keys, place, given.receipt or "", given.comment or "", now)
    else:
        said = FeedbackIn(body=given.comment, promise=row.promise_id, area=given.area)
        message = message_from(place, keys, PUBLIC_SENDER, said, uuid4().bytes, now, Arrival(codeless=True))
        [came] = receive_feedback(writes, [message])
        if isinstance(came, Refusal):
            raise came
    row.comment = row.severity = row.waits_since = None
    row.share, row.shown = Wish.TEAM_ONLY, Shown.NOT_OFFERED
    writes.add(row)
    writes.flush()
