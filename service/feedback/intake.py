"""From what was sent to what is stored: one way in for the form, the API and partner systems."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.consents.rules import holds_until
from service.database import Database
from service.days import local_day
from service.errors import Conflict, FieldError, Invalid, Refusal
from service.feedback import rules
from service.feedback.actions import Message, Received, find_repeated, receive_feedback
from service.feedback.answer_models import Receipt
from service.feedback.models import Capturer, Channel, FeedbackIn
from service.feedback.receipts import PUBLIC, fingerprints, likeness_hash, shown
from service.journal.actions import RESIDENT, Actor
from service.language import _, current, day
from service.moderation import rules as moderation
from service.moderation.models import Sign
from service.photos.guards import digest_of, filed
from service.photos.models import Picture
from service.places.models import Threshold
from service.places.queries import PlaceCard
from service.places.rules import WHOLE_PLACE
from service.server_keys import ServerKeys
from service.tables import moment_text


@dataclass(frozen=True, slots=True)
class Sender:
    """Whoever sends: a resident, or a partner system with a key. Idempotency keys count within the namespace."""

    actor: Actor = RESIDENT
    namespace: bytes = PUBLIC
    with_key: bool = False
    captured_by: Capturer | None = None
    may_help: bool = False
    """They may say that they write for somebody else, who knows and agrees."""


PUBLIC_SENDER = Sender()
AT_THE_FORM = Sender(may_help=True)


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a message came: what is odd about it, and whether its sender wants no code."""

    signs: Sequence[Sign] = ()
    codeless: bool = False


AS_USUAL = Arrival()


class Over(Conflict):
    """The place has ended, so that nobody would read a message."""


def end_of(place: PlaceCard, now: datetime) -> str | None:
    """What to say where the last day of a place is past. Answers and promises stay; nobody reads what is said to it."""
    if place.ends_on is None or local_day(now, place.time_zone) <= place.ends_on:
        return None
    return _("%(place)s ended on %(date)s. Nobody reads new messages here.", place=place.name, date=day(place.ends_on))


def key_bytes(text: str, sender: Sender) -> bytes:
    """The idempotency key as bytes. From the public it must be a random UUID, or codes could be guessed from it. Raises: Invalid."""
    if sender.with_key:
        if not 1 <= len(text) <= 200:
            raise Invalid(FieldError("Idempotency-Key", _("Use a key of 1 to 200 characters.")))
        return text.encode("utf-8", "surrogateescape")
    try:
        key = UUID(text)
    except ValueError:
        key = None
    if key is None or key.version != 4:
        raise Invalid(FieldError("Idempotency-Key", _("This must be a random UUID (version 4).")))
    return key.bytes


def check(place: PlaceCard, sender: Sender, given: FeedbackIn, now: datetime) -> list[FieldError]:
    """What is wrong with a message, in the order of the form."""
    errors = []
    if not rules.says_something(given):
        errors.append(FieldError("kind", _("Send a kind, or words: body, want, have or gap.")))
    if given.area and given.area != WHOLE_PLACE and given.whole_place:
        errors.append(FieldError("area", _("Name an area or the whole place, not both.")))
    if given.occurred_on and given.occurred_on > local_day(now, place.time_zone):
        errors.append(FieldError("occurred_on", _("This day has not come yet.")))
    if not sender.with_key and given.channel is not None:
        errors.append(FieldError("channel", _("Only a partner with a key can say this.")))
    if not (sender.with_key or sender.may_help) and given.on_behalf is not None:
        errors.append(FieldError("on_behalf", _("Only a partner with a key can say this.")))
    return errors


def message_from(  # noqa: PLR0913 (each is a fact of the arrival)
    place: PlaceCard,
    keys: ServerKeys,
    sender: Sender,
    given: FeedbackIn,
    idempotency_key: bytes,
    now: datetime,
    arrival: Arrival = AS_USUAL,
    *,
    photos: Sequence[Picture] = (),
) -> Message:
    """The message as it will be stored, its photos but for their files."""
    likeness = moderation.likeness(given.body, given.want, given.have, given.gap)
    contact = (given.contact or "").strip()
    today = local_day(now, place.time_zone)
    whole_place = given.whole_place or given.area == WHOLE_PLACE
    return Message(
        collaboration_id=place.id.hex,
        fingerprints=fingerprints(keys, place.id, sender.namespace, idempotency_key, given, digest_of(photos)),
        actor=sender.actor,
        received_at=moment_text(now),
        day=today.isoformat(),
        yes_until=holds_until(today, place.thresholds.on(Threshold.YES_HOLDS, today)).isoformat(),
        kind=given.kind,
        body=given.body or None,
        want=given.want or None,
        have=given.have or None,
        gap=given.gap or None,
        tier=given.tier,
        language=given.language,
        area=None if whole_place else given.area,
        whole_place=whole_place,
        topic=given.topic,
        promise=given.promise.hex if given.promise else None,
        share=given.share,
        occurred_on=given.occurred_on.isoformat() if given.occurred_on else None,
        channel=given.channel or Channel.WEB,
        on_behalf=given.on_behalf or False,
        captured_by=sender.captured_by or (Capturer.PARTNER_ORG if sender.with_key else Capturer.RESIDENT),
        likeness=likeness,
        signs=" ".join(arrival.signs),
        codeless=arrival.codeless,
        likeness_hash=likeness_hash(keys, place.id, likeness),
        contact=keys.current.contacts.encrypt(contact.encode()).decode() if contact else None,
        told_in=_told_in(place, sender, given),
    )


def _told_in(place: PlaceCard, sender: Sender, given: FeedbackIn) -> str:
    """The language in which the sender is told: that of the words, or of the page at which they wrote themselves."""
    at_the_page = None if sender.with_key or sender.captured_by else current().code
    return next((one for one in (given.language, at_the_page) if one in place.languages), None) or place.languages[0]


async def receive(  # noqa: PLR0913 (each is a fact of the arrival)
    database: Database,
    place: PlaceCard,
    keys: ServerKeys,
    sender: Sender,
    given: FeedbackIn,
    idempotency_key: bytes,
    now: datetime,
    arrival: Arrival = AS_USUAL,
    *,
    photos: Sequence[Picture] = (),
) -> tuple[Receipt, bool]:
    """Stores a message; answers its receipt after the COMMIT, and whether it was there already.

    Raises: Invalid, Conflict for a key that came with another message, Over where the place has ended, Unavailable when nothing was stored.
    """
    over = end_of(place, now) if sender.captured_by is None else None
    if over is None and (errors := check(place, sender, given, now)):
        raise Invalid(*errors)
    message = message_from(place, keys, sender, given, idempotency_key, now, arrival, photos=photos)
    stored = await _stored_before(database, message, over) if over else await _stored(database, message, photos)
    received_on = local_day(stored.received_at, place.time_zone)
    receipt = Receipt(
        id=stored.public_id,
        receipt=shown(stored.code) if stored.code else "",
        received_at=stored.received_at,
        answer_by=rules.answer_by(received_on, place.working_days, place.thresholds),
    )
    return receipt, stored.replayed


async def _stored(database: Database, message: Message, photos: Sequence[Picture]) -> Received:
    async with filed(database.var, photos) as files:
        message.photos = tuple(files)
        [result] = await database.submit(receive_feedback, [message])
        if isinstance(result, Refusal):
            raise result
        stored: Received = result
        if stored.replayed:
            files.clear()
    return stored


async def _stored_before(database: Database, message: Message, over: str) -> Received:
    """Whoever sends a message again that was stored before the place ended gets its receipt. Raises: Over for every other message."""
    before = await database.reading(lambda reads: find_repeated(reads, message))
    if before is None:
        raise Over(over)
    return before
