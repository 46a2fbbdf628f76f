"""Doing: receiving messages, many at a time, and taking them back."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or_leave  # its ON CONFLICT compiles on SQLite as well
from sqlmodel import col
from uuid_utils import uuid4, uuid7

from service import findable, rollups
from service.consents.guards import keep_yeses
from service.consents.models import Purpose
from service.consents.rules import WORDING_VERSION
from service.database import ReadSession, WriteSession
from service.errors import Conflict, FieldError, Invalid, Refusal
from service.feedback import counts, rules
from service.feedback.models import Contact, Feedback, Share, State
from service.feedback.queries import get_by_code
from service.feedback.receipts import Fingerprint
from service.feedback.removal import take_back
from service.journal.actions import RESIDENT, Actor, Deed, record_all
from service.language import _
from service.moderation.guards import screen_messages
from service.photos.guards import keep_photos
from service.photos.models import Filed
from service.places.models import Area, AreaKind, Topic
from service.places.queries import PlaceCard
from service.promises.models import Promise
from service.promises.rules import PUBLIC
from service.rows import json_of, rows_of
from service.server_keys import ServerKeys
from service.tombstones import Why

# ---- receiving -------------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Message:
    """A message on its way in. Ids are hex and moments text, as both databases read them: it goes to SQL as JSON, unconverted."""

    collaboration_id: str
    fingerprints: Sequence[Fingerprint]
    actor: Actor
    received_at: str
    day: str
    kind: str | None
    body: str | None
    want: str | None
    have: str | None
    gap: str | None
    tier: str | None
    language: str | None
    area: str | None
    whole_place: bool
    topic: str | None
    promise: str | None
    share: str
    occurred_on: str | None
    channel: str
    on_behalf: bool
    captured_by: str
    contact: str | None
    told_in: str
    """The language in which whoever left a contact is told."""
    likeness: str
    """What is said, as rules compare it; of it only `likeness_hash` is stored."""
    likeness_hash: str | None
    codeless: bool = False
    """Nothing opens it: whoever has this phone is not to read it."""
    signs: str = ""
    """What was odd about how it arrived, as `moderation.models.Sign` has it, with spaces between."""
    yes_until: str
    """The last day on which a yes to showing the words holds."""
    photos: Sequence[Filed] = ()
    id: str = field(default_factory=lambda: uuid7().hex)
    public_id: str = field(default_factory=lambda: uuid4().hex)


@dataclass(slots=True, frozen=True)
class Received:
    """A stored message; `replayed` when an earlier request with the same key stored it. `code` opens it; empty where nothing does."""

    public_id: UUID
    code: str
    received_at: datetime
    replayed: bool


_feedback, _contact = Feedback.__table__, Contact.__table__  # type: ignore[attr-defined]
_COLUMNS = (
    "collaboration_id id public_id key_version key_hash body_hash likeness kind body want have gap tier language area_id whole_place "
    "topic_id organisation_id promise_id share occurred_on channel on_behalf captured_by state publication received_at codeless_at"
).split()
_rows = rows_of([_feedback.c[name] for name in _COLUMNS])
_ONE_KEY = [_feedback.c.collaboration_id, _feedback.c.key_hash]
_in_order = select(_rows).order_by(_rows.c.key_hash)  # always the same order, so that two processes never wait crosswise
_store_new = insert_or_leave(_feedback).from_select(_COLUMNS, _in_order).on_conflict_do_nothing(index_elements=_ONE_KEY)
_keys = rows_of([_feedback.c.collaboration_id, _feedback.c.key_hash, _feedback.c.id])
_FOUND = "id public_id key_hash body_hash key_version received_at withdrawn_at codeless_at".split()
_found = [_feedback.c[name] for name in _FOUND]
_same_key = and_(_feedback.c.collaboration_id == _keys.c.collaboration_id, _feedback.c.key_hash == _keys.c.key_hash)
_not_stored = select(_keys.c.id.label("item"), *_found).join(_feedback, _same_key).where(_feedback.c.id != _keys.c.id)
_known = rows_of([Area.__table__.c.collaboration_id, Area.__table__.c.code])  # type: ignore[attr-defined]
_areas = select(col(Area.collaboration_id), col(Area.code), col(Area.id)).join(
    _known, and_(col(Area.collaboration_id) == _known.c.collaboration_id, col(Area.code) == _known.c.code)
)
_areas = _areas.where(col(Area.kind).not_in([AreaKind.COMPARATOR, AreaKind.PLACE]))
_topics = select(col(Topic.collaboration_id), col(Topic.code), col(Topic.id), col(Topic.organisation_id)).join(
    _known, and_(col(Topic.collaboration_id) == _known.c.collaboration_id, col(Topic.code) == _known.c.code)
)

_asked = rows_of([Promise.__table__.c.collaboration_id, Promise.__table__.c.id])  # type: ignore[attr-defined]
_promises = (
    select(col(Promise.collaboration_id), col(Promise.id))
    .join(_asked, and_(col(Promise.collaboration_id) == _asked.c.collaboration_id, col(Promise.id) == _asked.c.id))
    .where(col(Promise.standing).in_(PUBLIC))
)


def receive_feedback(writes: WriteSession, items: list[Message]) -> list[Received | Refusal]:
    """Stores what is new, in one statement per table. The batch action behind every way in.

    Shape: one result per item: stored, replayed (same key, same message), Conflict (same key, another message), or Invalid.
    """
    answers: dict[str, Received | Refusal] = {}
    areas = _named(writes, _areas, {(item.collaboration_id, item.area) for item in items if item.area})
    topics = _named(writes, _topics, {(item.collaboration_id, item.topic) for item in items if item.topic})
    promises = _promised(writes, {(item.collaboration_id, item.promise) for item in items if item.promise})
    for item in items:
        if unknown := _unknown(item, areas, topics, promises):
            answers[item.id] = unknown
    _answer_earlier_keys(writes, items, answers)
    fresh = [item for item in items if item.id not in answers]
    if fresh:
        writes.execute(_store_new, json_of(_row(item, areas, topics) for item in fresh))
        by_id = {item.id: item for item in fresh}
        for found in writes.execute(_not_stored, json_of(_key(item) for item in fresh)):
            answers[found.item.hex] = _repeated(by_id[found.item.hex], found)
    stored = [item for item in fresh if item.id not in answers]
    _follow_up(writes, stored, areas)
    for item in stored:
        code = "" if item.codeless else item.fingerprints[0].code
        answers[item.id] = Received(UUID(item.public_id), code, datetime.fromisoformat(item.received_at), replayed=False)
    return [answers[item.id] for item in items]


Named = dict[tuple[str, str | None], tuple[str, str | None]]


def _named(writes: WriteSession, query: Select[*tuple[Any, ...]], names: set[tuple[str, str | None]]) -> Named:
    """The ids (and, for topics, organisations) behind the codes that this group names."""
    if not names:
        return {}
    rows = writes.execute(query, json_of(sorted(names, key=str)))
    return {(row[0].hex, row[1]): (row[2].hex, row[3].hex if len(row) > 3 and row[3] else None) for row in rows}


def _promised(writes: WriteSession, asked: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these promises everybody may read."""
    if not asked:
        return set()
    return {(row[0].hex, row[1].hex) for row in writes.execute(_promises, json_of(sorted(asked)))}


def _unknown(item: Message, areas: Named, topics: Named, promises: set[tuple[str, str]]) -> Invalid | None:
    errors = []
    if item.area and (item.collaboration_id, item.area) not in areas:
        errors.append(FieldError("area", _("There is no area with this code.")))
    if item.topic and (item.collaboration_id, item.topic) not in topics:
        errors.append(FieldError("topic", _("There is no topic with this code.")))
    if item.promise and (item.collaboration_id, item.promise) not in promises:
        errors.append(FieldError("promise", _("There is no promise with this id.")))
    return Invalid(*errors) if errors else None


def _answer_earlier_keys(writes: WriteSession, items: list[Message], answers: dict[str, Received | Refusal]) -> None:
    """After a rotation of the server key, or where a name in it means nothing any more, a retry finds what its key stored before."""
    older = [
        (item.collaboration_id, print_.key_hash, item.id)
        for item in items
        for print_ in item.fingerprints[0 if item.id in answers else 1 :]
    ]
    if not older:
        return
    by_id = {item.id: item for item in items}
    for found in writes.execute(_not_stored, json_of(older)):
        answers[found.item.hex] = _repeated(by_id[found.item.hex], found)


def find_repeated(reads: ReadSession, item: Message) -> Received | None:
    """What was stored before of this very message, with the same key."""
    keys = [(item.collaboration_id, print_.key_hash, item.id) for print_ in item.fingerprints]
    found = [_repeated(item, row) for row in reads.execute(_not_stored, json_of(keys))]
    return next((one for one in found if isinstance(one, Received)), None)


def _row(item: Message, areas: Named, topics: Named) -> tuple[object, ...]:
    key = item.fingerprints[0]
    area_id = areas[item.collaboration_id, item.area][0] if item.area else None
    topic_id, organisation_id = topics[item.collaboration_id, item.topic] if item.topic else (None, None)
    publication = rules.first_publication(item.share)
    return (
        *(item.collaboration_id, item.id, item.public_id, key.version, key.key_hash, key.body_hash, item.likeness_hash, item.kind),
        *(item.body, item.want, item.have, item.gap, item.tier, item.language, area_id, item.whole_place, topic_id, organisation_id),
        *(item.promise, item.share),
        *(item.occurred_on, item.channel, item.on_behalf, item.captured_by, State.ACKNOWLEDGED, publication, item.received_at),
        item.received_at if item.codeless else None,
    )


def _key(item: Message) -> tuple[str, str, str]:
    return item.collaboration_id, item.fingerprints[0].key_hash, item.id


def _repeated(item: Message, found: Any) -> Received | Refusal:
    """The key came before. Where the words are gone nothing is left to compare, and the retry is answered as if nothing had happened."""
    known = next(print_ for print_ in item.fingerprints if print_.key_hash == found.key_hash)
    if found.body_hash is not None and found.body_hash != known.body_hash:
        return Conflict(_("This idempotency key came before, with another message. Use a fresh key for a new message."))
    return Received(found.public_id, "" if found.codeless_at else known.code, found.received_at, replayed=True)


def _follow_up(writes: WriteSession, stored: list[Message], areas: Named) -> None:
    """The journal, the counts, the index of words, what was said yes to, and how to reach the sender."""
    keep_yeses(writes, [yes for item in stored for yes in yeses_of(item)])
    sealed = [item for item in stored if item.contact]
    if sealed:
        rows = [
            {
                "collaboration_id": UUID(item.collaboration_id),
                "feedback_id": UUID(item.id),
                "key_version": item.fingerprints[0].version,
                "sealed": item.contact,
                "language": item.told_in,
            }
            for item in sealed
        ]
        writes.execute(insert(_contact), rows)
    record_all(
        writes,
        [
            Deed(
                i.collaboration_id, i.id, "feedback", i.id, "received", i.actor.kind, i.actor.id.hex if i.actor.id else None, i.received_at
            )
            for i in stored
        ],
    )
    cells: Counter[rollups.Cell] = Counter()
    for item in stored:
        area_id = areas[item.collaboration_id, item.area][0] if item.area else None
        publication = rules.first_publication(item.share)
        cells.update(counts.cells_of_new(item.collaboration_id, area_id, item.day, item.kind, publication, item.captured_by))
    rollups.count(writes, cells)
    findable.add(writes, findable.Kind.MESSAGE, stored)
    screen_messages(writes, stored)
    keep_photos(writes, stored)


def yeses_of(item: Message) -> Iterator[dict[str, Any]]:
    """What was said yes to with a message: others may read the words; this is how to send the answer."""
    whose = {"collaboration_id": UUID(item.collaboration_id), "feedback_id": UUID(item.id), "how": item.channel}
    facts = {"wording_version": WORDING_VERSION, "given_on": date.fromisoformat(item.day)}
    if item.share == Share.WORDS_PUBLIC:
        yield {**whose, **facts, "purpose": Purpose.SHARE_WORDS_PUBLIC, "expires_on": date.fromisoformat(item.yes_until)}
    if item.contact:
        yield {**whose, **facts, "purpose": Purpose.REPLY, "expires_on": None}


# ---- taking back ------------------------------------------------------------------------------------------------------


def withdraw(writes: WriteSession, keys: ServerKeys, place: PlaceCard, code: str, now: datetime) -> None:
    """Takes words back for good: they, the contact and what was answered leave the database; dates stay. Raises: NotFound."""
    message = get_by_code(writes, keys, place, code, held=True)
    take_back(writes, RESIDENT, place, message, Why.TAKEN_BACK, now)
