"""What a browser is told: that there is news, and where. Not one word of a message, and no name of a place, as a phone may be shared."""

import json
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from service.database import WriteSession
from service.feedback.contact_queries import unseal_push
from service.feedback.models import Feedback, State
from service.language import _
from service.notices.actions import forget_push
from service.outbox.models import Claimed, Way, Written
from service.places.models import Collaboration
from service.server_keys import ServerKeys

Writer = Callable[[WriteSession, Claimed, datetime], Written | None]


def push_letter(keys: Callable[[], ServerKeys]) -> Writer:
    """Writes to the browser of a sender who asked for it."""

    def write(writes: WriteSession, letter: Claimed, _now: datetime) -> Written | None:
        place_id, message_id = ids_in(letter)
        message = writes.get(Feedback, (place_id, message_id))
        if message is None or message.state == State.WITHDRAWN or message.lane is not None or message.codeless_at is not None:
            return None
        found = unseal_push(writes, keys(), place_id, message_id)
        if found is None:
            return None
        version, subscription = found
        place = writes.get_one(Collaboration, place_id)
        body = {"title": _("There is news about what you told us"), "to": f"/{place.slug}/answer?{urlencode({'lang': letter.language})}"}
        to = json.dumps({**json.loads(subscription), "version": version})
        return Written("", json.dumps(body), to=to, way=Way.PUSH)

    return write


def push_gone() -> Callable[[WriteSession, Claimed, datetime], None]:
    """Forgets a browser that its push service does not know any more."""

    def forget(writes: WriteSession, letter: Claimed, now: datetime) -> None:
        forget_push(writes, *ids_in(letter), now)

    return forget


def ids_in(letter: Claimed) -> tuple[UUID, UUID]:
    """The place and the message that a letter is about."""
    place_id, message_id, _hop = (UUID(hex=one) for one in letter.address.split("."))
    return place_id, message_id
