"""What somebody who holds the code of a message leaves, so that they are told when there is news; and forgetting a browser that is gone."""

import json
from base64 import urlsafe_b64decode
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec

from service.consents import queries as consents
from service.consents import rules as consent_rules
from service.consents.guards import call_over, keep_yeses
from service.consents.models import How, Purpose
from service.database import WriteSession
from service.days import local_day
from service.errors import Conflict, FieldError, Invalid
from service.feedback.contact_queries import unseal_contact, unseal_push
from service.feedback.models import Contact, Feedback, State
from service.feedback.queries import get_by_code
from service.journal.actions import OPERATOR, RESIDENT, record
from service.language import _, current
from service.notices import rules
from service.places.queries import PlaceCard
from service.server_keys import ServerKeys


def leave_contact(writes: WriteSession, keys: ServerKeys, place: PlaceCard, code: str, contact: str, now: datetime) -> bool:
    """An e-mail address or a phone number for the answer, in the place of what was left before; answers whether that was news.

    Raises: NotFound, Invalid where it is neither, Conflict where the words were taken back.
    """
    message = _message(writes, keys, place, code)
    found = rules.contact_in(contact)
    if found is None:
        raise Invalid(FieldError("contact", _("Write an e-mail address or a phone number, for instance 07700 900123.")))
    if found == unseal_contact(writes, keys, place.id, message.id):
        return False
    push = unseal_push(writes, keys, place.id, message.id)
    _keep(writes, keys, place, message, now, sealed=found, push=push[1] if push else None)
    return True


def leave_push(  # noqa: PLR0913 (one sentence: whose browser is told of which message)
    writes: WriteSession, keys: ServerKeys, place: PlaceCard, code: str, subscription: str, now: datetime, *, loopback: bool = False
) -> bool:
    """What this browser takes to be told that there is news; answers whether that was news.

    Raises: NotFound, Invalid where it is not that, Conflict where the words were taken back.
    """
    message = _message(writes, keys, place, code)
    found = rules.subscription_in(subscription, loopback=loopback)
    if found is None or not _is_point(found.p256dh):
        raise Invalid(FieldError("subscription", _("This browser cannot be told. Leave an e-mail address or a phone number instead.")))
    text = json.dumps(asdict(found))
    known = unseal_push(writes, keys, place.id, message.id)
    if known == (keys.current.version, text):
        return False
    _keep(writes, keys, place, message, now, sealed=unseal_contact(writes, keys, place.id, message.id), push=text)
    return True


def forget_push(writes: WriteSession, place_id: UUID, message_id: UUID, now: datetime) -> bool:
    """This browser is not there any more: nothing of it is kept. Answers whether anything was."""
    row = writes.get(Contact, (place_id, message_id), with_for_update=True)
    if row is None or row.push is None:
        return False
    row.push = None
    writes.add(row)
    if not row.sealed:
        writes.delete(row)
        call_over(writes, place_id, Purpose.REPLY, [message_id], now)
    writes.flush()
    record(writes, OPERATOR, "forgot_push", "feedback", message_id, at=now, collaboration_id=place_id, fields=["contact"])
    return True


def _message(writes: WriteSession, keys: ServerKeys, place: PlaceCard, code: str) -> Feedback:
    message = get_by_code(writes, keys, place, code, held=True)
    if message.state == State.WITHDRAWN:
        raise Conflict(_("You took your words back, so there will be no news."))
    return message


def _keep(  # noqa: PLR0913 (one sentence: what is kept for whom)
    writes: WriteSession, keys: ServerKeys, place: PlaceCard, message: Feedback, now: datetime, *, sealed: str | None, push: str | None
) -> None:
    """Under the current key, with the yes to it: one that stands is enough."""
    row = writes.get(Contact, (place.id, message.id)) or Contact(
        collaboration_id=place.id, feedback_id=message.id, key_version=0, sealed=""
    )
    seal = keys.current.contacts
    row.key_version = keys.current.version
    row.sealed = seal.encrypt(sealed.encode()).decode() if sealed else ""
    row.push = seal.encrypt(push.encode()).decode() if push else None
    row.language = current().code
    writes.add(row)
    today = local_day(now, place.time_zone)
    if consents.get_said_yes(writes, message, today, place.time_zone).reply is None:
        facts = {"wording_version": consent_rules.WORDING_VERSION, "given_on": today, "purpose": Purpose.REPLY, "how": How.WEB}
        keep_yeses(writes, [{"collaboration_id": place.id, "feedback_id": message.id, **facts}])
    writes.flush()
    record(writes, RESIDENT, "left_contact", "feedback", message.id, at=now, collaboration_id=place.id, fields=["contact"])


def _is_point(p256dh: str) -> bool:
    """Whether it is a key for which something can be encrypted."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), urlsafe_b64decode(p256dh + "=" * (-len(p256dh) % 4)))
    except ValueError:
        return False
    return True
